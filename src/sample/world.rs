//! Who there is in the sample: exhibitors, companies, buyers, and who invited whom.
//!
//! Nothing is kept but the first invitation of each exhibitor: all else is drawn again, by number, wherever it is
//! needed. Numbers of things count from 0 here; files show them from 1.

use super::countries::HOMES;
use super::dice::{Dice, For, mix};
use super::order::SampleOrder;
use super::outline::Outline;
use super::output::write_number;
use super::table_file::Day;
use crate::fair::Country;
use crate::lang::Lang;

/// Everything from which the tables are written.
pub(super) struct World {
    pub(super) order: SampleOrder,
    pub(super) outline: Outline,
    /// The first invitation of each exhibitor, and the number of invitations.
    starts: Vec<u32>,
    /// How many companies send buyers.
    companies: u64,
    /// A place in `HOMES` for each buyer in so many.
    homes: Vec<u8>,
    countries: Vec<Country>,
}

/// For whom somebody buys.
#[derive(Clone, Copy)]
pub(super) enum Employer {
    /// The company of this number.
    Company(u64),
    /// Nobody; what such a person writes where a company is asked for.
    Nobody(&'static str),
}

/// Somebody who may be invited, and may come.
#[derive(Clone, Copy)]
pub(super) struct Person {
    pub(super) number: u64,
    pub(super) employer: Employer,
}

/// A buyer who registered.
pub(super) struct Buyer {
    pub(super) person: Person,
    /// Place in `HOMES`.
    pub(super) home: usize,
    pub(super) first_time: bool,
    pub(super) presence: Presence,
}

/// Where a buyer is seen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Onsite,
    Online,
    Both,
}

/// The invitations that brought a buyer.
#[derive(Default)]
pub(super) struct Links {
    invitations: [u32; 6],
    count: usize,
}

impl Links {
    pub(super) fn as_slice(&self) -> &[u32] {
        &self.invitations[..self.count]
    }

    fn push(&mut self, invitation: u32) {
        self.invitations[self.count] = invitation;
        self.count += 1;
    }
}

impl World {
    pub(super) fn new(order: SampleOrder, outline: Outline) -> World {
        let homes = HOMES.iter().enumerate().flat_map(|(place, &(_, weight, _))| {
            std::iter::repeat_n(u8::try_from(place).expect("there are fewer than 256 countries"), weight)
        });
        let country = |code: &str| Country::find(code).expect("the sample's countries have codes");
        World {
            starts: starts(&order),
            companies: u64::from(order.buyers) * 4 / 5 + 1,
            homes: homes.collect(),
            countries: HOMES.iter().map(|(code, _, _)| country(code)).collect(),
            order,
            outline,
        }
    }

    pub(super) fn dice(&self, purpose: For, number: u64) -> Dice {
        Dice::new(self.order.seed, purpose, number)
    }

    /// The numbers of an exhibitor's invitations.
    pub(super) fn invitations_of(&self, exhibitor: u32) -> std::ops::Range<u32> {
        let place = exhibitor as usize;
        self.starts[place]..self.starts[place + 1]
    }

    /// Who sent an invitation.
    pub(super) fn sender(&self, invitation: u32) -> u32 {
        let after = self.starts.partition_point(|&start| start <= invitation);
        u32::try_from(after - 1).expect("an exhibitor has a 32-bit number")
    }

    /// The phase in which an exhibitor exhibits, by its place.
    pub(super) fn phase(&self, exhibitor: u32) -> usize {
        self.dice(For::Exhibitor, exhibitor.into()).place(self.outline.phases.len())
    }

    /// A buyer by number.
    pub(super) fn buyer(&self, number: u32) -> Buyer {
        let mut dice = self.dice(For::Buyer, number.into());
        let employer = match dice.below(100) {
            0 => Employer::Nobody("个人"),
            1 => Employer::Nobody("N/A"),
            _ => Employer::Company(dice.below(self.companies)),
        };
        let home = match employer {
            Employer::Company(company) => self.home(company),
            Employer::Nobody(_) => usize::from(*dice.one(&self.homes)),
        };
        let presence = match dice.below(100) {
            // Neither file is without a row.
            _ if number == 0 => Presence::Both,
            0..62 => Presence::Onsite,
            62..86 => Presence::Online,
            _ => Presence::Both,
        };
        let first_time = dice.in_thousand(550);
        Buyer { person: Person { number: number.into(), employer }, home, first_time, presence }
    }

    /// Somebody who was invited and is not among the buyers seen, or at least not under this name.
    pub(super) fn stranger(&self, dice: &mut Dice) -> Person {
        let others = u64::from(self.order.invitations) + 1;
        let number = u64::from(self.order.buyers) + dice.below(others * 4);
        let employer = match dice.below(100) {
            0 => Employer::Nobody("个人"),
            1 => Employer::Nobody("N/A"),
            2 => Employer::Nobody(""),
            // A colleague may have come in the stranger's place.
            3 => Employer::Company(dice.below(self.companies)),
            _ => Employer::Company(self.companies + dice.below(others * 3)),
        };
        Person { number, employer }
    }

    /// The invitations that brought a buyer: none for many, several for some.
    pub(super) fn links(&self, buyer: u32) -> Links {
        let mut links = Links::default();
        let mut dice = self.dice(For::Links, buyer.into());
        if self.order.invitations == 0 || dice.in_thousand(640) {
            return links;
        }
        let wanted = match dice.below(100) {
            0..70 => 1,
            70..88 => 2,
            88..96 => 3,
            _ => dice.between(4, 6),
        };
        for _ in 0..wanted {
            for _ in 0..8 {
                let invitation = dice.below(self.order.invitations.into()) as u32;
                let pull = self.dice(For::Pull, self.sender(invitation).into()).between(100, 1000);
                if dice.in_thousand(pull) {
                    links.push(invitation);
                    break;
                }
            }
        }
        links
    }

    /// Where a company is at home, as a place in `HOMES`.
    fn home(&self, company: u64) -> usize {
        usize::from(*self.dice(For::Company, company).one(&self.homes))
    }

    /// The name of a country in a language.
    pub(super) fn country(&self, home: usize, lang: Lang) -> &'static str {
        self.countries[home].name(lang)
    }

    /// Writes the name of a company.
    pub(super) fn write_company(&self, employer: Employer, name: &mut String) {
        let company = match employer {
            Employer::Nobody(nothing) => return name.push_str(nothing),
            Employer::Company(company) => company,
        };
        let mut dice = self.dice(For::Company, company);
        let (code, _, ending) = HOMES[usize::from(*dice.one(&self.homes))];
        let (english, chinese) = *dice.one(&TRADES);
        if code == "CN" {
            name.push_str("示例");
            name.push_str(chinese);
            write_number(name, company + 1, 5);
            name.push_str("有限公司");
        } else {
            name.push_str("Sample ");
            name.push_str(english);
            name.push(' ');
            write_number(name, company + 1, 5);
            name.push(' ');
            name.push_str(ending);
        }
    }

    /// The day of an attendance or of an invitation: a place counted from the first day of the calendar.
    pub(super) fn day(&self, place: usize) -> &Day {
        &self.outline.calendar[place.min(self.outline.calendar.len() - 1)]
    }
}

const TRADES: [(&str, &str); 8] = [
    ("Trading", "贸易"),
    ("Import", "进出口"),
    ("Wholesale", "批发"),
    ("Retail", "零售"),
    ("Home", "家居"),
    ("Supplies", "物资"),
    ("Sourcing", "采购"),
    ("Stores", "百货"),
];

/// Writes the name of a person.
pub(super) fn write_name(person: &Person, name: &mut String) {
    name.push_str("Sample Buyer ");
    write_number(name, person.number + 1, 5);
}

/// Writes the e-mail address under which a person registers.
pub(super) fn write_email(person: &Person, email: &mut String) {
    email.push_str("buyer");
    write_number(email, person.number + 1, 5);
    write_host(person, email);
}

/// Writes the address of a person's office, which is not the one under which it registers.
pub(super) fn write_office_email(person: &Person, email: &mut String) {
    email.push_str("office");
    write_number(email, person.number + 1, 5);
    write_host(person, email);
}

fn write_host(person: &Person, email: &mut String) {
    match person.employer {
        Employer::Company(company) => {
            email.push_str("@c");
            write_number(email, company + 1, 5);
            email.push_str(".example");
        }
        Employer::Nobody(_) => email.push_str("@mail.example"),
    }
}

/// Writes the code of an invitation. Every number has another code.
pub(super) fn write_code(seed: u64, invitation: u32, code: &mut String) {
    // Each step turns 40 bits into other 40 bits and can be undone, so that no two codes are the same.
    const MASK: u64 = (1 << 40) - 1;
    let mut bits = (u64::from(invitation) ^ mix(seed)) & MASK;
    for odd in [0xbf_5847_6d1d, 0x94_d049_bb13] {
        bits ^= bits >> 21;
        bits = bits.wrapping_mul(odd) & MASK;
    }
    bits ^= bits >> 21;
    code.push('Y');
    for place in (0..8).rev() {
        code.push(char::from(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[(bits >> (place * 5)) as usize & 31]));
    }
}

/// The first invitation of each exhibitor. Most send few, some many, one in a hundred very many.
fn starts(order: &SampleOrder) -> Vec<u32> {
    let mut sums = Vec::with_capacity(order.exhibitors as usize + 1);
    let mut sum = 0u64;
    for exhibitor in 0..order.exhibitors {
        sums.push(sum);
        let mut dice = Dice::new(order.seed, For::Activity, exhibitor.into());
        sum += match dice.below(100) {
            0..18 => 0,
            18..50 => dice.between(1, 8),
            50..80 => dice.between(8, 40),
            80..95 => dice.between(40, 120),
            95..99 => dice.between(120, 300),
            _ => dice.between(300, 900),
        };
    }
    // The last exhibitor sends what is left where nobody sends anything.
    sums.push(sum.max(1));
    let share = |sum: u64| sum * u64::from(order.invitations) / sums[sums.len() - 1];
    sums.iter().map(|&sum| u32::try_from(share(sum)).expect("a share is not more than the whole")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_invitations_have_one_code() {
        let codes: std::collections::BTreeSet<String> = (0..20_000)
            .map(|invitation| {
                let mut code = String::new();
                write_code(137, invitation, &mut code);
                code
            })
            .collect();
        assert_eq!(codes.len(), 20_000);
    }
}
