//! The buyers of the sample as they were seen: badges on site, log-ins online.

use super::dice::{Dice, For};
use super::noise::{Typed, retype};
use super::outline::DAYS_BEFORE;
use super::output::write_number;
use super::table_file::{Heading, TableFile, Value};
use super::world::{Buyer, Employer, Links, Presence, World, write_code, write_email, write_name};
use crate::lang::Lang;
use crate::source::Failure;

pub(super) static BADGES: Heading = Heading {
    sheet: "现场",
    columns: &[
        ("采购商编号", 12),
        ("姓名", 22),
        ("公司名称", 32),
        ("电子邮箱", 32),
        ("国家/地区", 20),
        ("邀请函编码", 14),
        ("是否首次", 10),
        ("是否到会", 10),
        ("到会日期", 12),
    ],
};

pub(super) static LOGINS: Heading = Heading {
    sheet: "线上",
    columns: &[
        ("采购商编号", 12),
        ("姓名", 22),
        ("公司名称", 32),
        ("邮箱地址", 32),
        ("国家或地区", 20),
        ("邀请码", 14),
        ("首次参会", 10),
        ("参会日期", 12),
    ],
};

/// What the rows of both tables have in common.
#[derive(Default)]
struct Cells {
    number: String,
    name: String,
    company: String,
    email: String,
    code: String,
    spare: String,
}

pub(super) fn write_badges(world: &World, table: &mut TableFile) -> Result<(), Failure> {
    let mut cells = Cells::default();
    let mut first = true;
    for number in 0..world.order.buyers {
        let buyer = world.buyer(number);
        if buyer.presence == Presence::Online {
            continue;
        }
        let links = world.links(number);
        let mut dice = world.dice(For::Badges, number.into());
        // Most come for the phase of whoever invited them.
        let phases = &world.outline.phases;
        let mut phase = dice.place(phases.len());
        if let [first, ..] = links.as_slice()
            && dice.in_thousand(750)
        {
            phase = world.phase(world.sender(*first));
        }
        let visits = if dice.in_thousand(150) { 2 } else { 1 };
        for visit in 0..visits {
            cells.fill(world, &buyer, &links, &mut dice, visit);
            if std::mem::take(&mut first) {
                cells.complete(world, &buyer);
            }
            let on = &phases[(phase + visit).min(phases.len() - 1)];
            let day = on.start + dice.place(on.days);
            let came = !dice.in_thousand(30);
            // Hardly ever is the mark for the first time still on a later badge, or gone.
            let first_time = buyer.first_time != (visit > 0 && dice.in_thousand(20));
            table.row(&[
                Value::Text(&cells.number),
                Value::Text(&cells.name),
                Value::Text(&cells.company),
                Value::Text(&cells.email),
                Value::Text(world.country(buyer.home, Lang::ZH)),
                Value::Text(&cells.code),
                Value::Text(yes_or_no(first_time)),
                Value::Text(yes_or_no(came)),
                Value::Day(world.day(day)),
            ])?;
        }
    }
    Ok(())
}

pub(super) fn write_logins(world: &World, table: &mut TableFile) -> Result<(), Failure> {
    let mut cells = Cells::default();
    let mut first = true;
    for number in 0..world.order.buyers {
        let buyer = world.buyer(number);
        if buyer.presence == Presence::Onsite {
            continue;
        }
        let links = world.links(number);
        let mut dice = world.dice(For::Logins, number.into());
        cells.fill(world, &buyer, &links, &mut dice, 1);
        let both = buyer.presence == Presence::Both;
        if !both && dice.in_thousand(40) {
            // Whoever logs in without a number is known by the address.
            cells.number.clear();
            cells.email.clear();
            write_email(&buyer.person, &mut cells.email);
        }
        if std::mem::take(&mut first) {
            cells.complete(world, &buyer);
        }
        // A few give another country than on the badge.
        let home = if both && number % 1499 == 7 { (buyer.home + 1) % 3 } else { buyer.home };
        let first_time = buyer.first_time != (both && dice.in_thousand(40));
        let before = DAYS_BEFORE as usize - 5;
        let day = before + dice.place(world.outline.calendar.len().saturating_sub(before).max(1));
        table.row(&[
            Value::Text(&cells.number),
            Value::Text(&cells.name),
            Value::Text(&cells.company),
            Value::Text(&cells.email),
            Value::Text(world.country(home, Lang::EN)),
            Value::Text(&cells.code),
            Value::Text(yes_or_no(first_time)),
            Value::Day(world.day(day)),
        ])?;
    }
    Ok(())
}

impl Cells {
    fn fill(&mut self, world: &World, buyer: &Buyer, links: &Links, dice: &mut Dice, visit: usize) {
        let Cells { number, name, company, email, code, spare } = self;
        for cell in [&mut *number, &mut *name, &mut *company, &mut *email, &mut *code, &mut *spare] {
            cell.clear();
        }
        let person = &buyer.person;
        number.push('B');
        write_number(number, person.number + 1, 7);
        write_name(person, name);
        if matches!(person.employer, Employer::Nobody(_)) || !dice.in_thousand(40) {
            world.write_company(person.employer, spare);
            retype(dice, spare, company, Typed::Company);
            spare.clear();
        }
        if !dice.in_thousand(80) {
            write_email(person, spare);
            retype(dice, spare, email, Typed::Email);
            spare.clear();
        }
        // On each visit a buyer shows another invitation, if it has one and shows any.
        match links.as_slice() {
            [] if dice.in_thousand(15) => {
                // A code of some other fair.
                code.push('Z');
                write_number(code, dice.below(100_000_000), 8);
            }
            [] => {}
            invitations if dice.in_thousand(500) => {
                write_code(world.order.seed, invitations[visit % invitations.len()], spare);
                retype(dice, spare, code, Typed::Code);
            }
            _ => {}
        }
    }
}

impl Cells {
    /// Fills what is empty, so that no column of keys is without a value, however short the table is.
    fn complete(&mut self, world: &World, buyer: &Buyer) {
        if self.number.is_empty() {
            self.number.push('B');
            write_number(&mut self.number, buyer.person.number + 1, 7);
        }
        if self.company.is_empty() {
            world.write_company(buyer.person.employer, &mut self.company);
        }
        if self.email.is_empty() {
            write_email(&buyer.person, &mut self.email);
        }
        if self.code.is_empty() {
            // A code of some other fair.
            self.code.push_str("Z00000000");
        }
    }
}

fn yes_or_no(truth: bool) -> &'static str {
    if truth { "是" } else { "否" }
}
