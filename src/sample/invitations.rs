//! The invitations of the sample.

use super::dice::For;
use super::exhibitors::write_exhibitor;
use super::noise::{Typed, retype};
use super::outline::DAYS_BEFORE;
use super::table_file::{Heading, TableFile, Value};
use super::world::{World, write_code, write_email, write_name, write_office_email};
use crate::source::Failure;

pub(super) static HEADING: Heading = Heading {
    sheet: "邀请记录",
    columns: &[
        ("企业编号", 10),
        ("邀请函编码", 14),
        ("采购商姓名", 22),
        ("公司名称", 32),
        ("邮箱地址", 32),
        ("发送日期", 12),
        ("发送状态", 10),
    ],
};

pub(super) fn write_invitations(world: &World, table: &mut TableFile) -> Result<(), Failure> {
    let mut brought = brought(world).into_iter().peekable();
    let [mut id, mut code, mut name, mut company, mut email, mut spare] = <[String; 6]>::default();
    for exhibitor in 0..world.order.exhibitors {
        id.clear();
        write_exhibitor(exhibitor, &mut id);
        let mut earlier = None;
        for invitation in world.invitations_of(exhibitor) {
            for cell in [&mut code, &mut name, &mut company, &mut email, &mut spare] {
                cell.clear();
            }
            let mut dice = world.dice(For::Invitation, invitation.into());
            let again = dice.in_thousand(40);
            let buyer = brought.next_if(|&(link, _)| link == invitation).map(|(_, buyer)| buyer);
            let person = match (buyer, earlier) {
                (Some(buyer), _) => world.buyer(buyer).person,
                // Some write twice to one person.
                (None, Some(earlier)) if again => earlier,
                (None, _) => world.stranger(&mut dice),
            };
            earlier = Some(person);
            write_code(world.order.seed, invitation, &mut code);
            if !dice.in_thousand(30) {
                write_name(&person, &mut name);
            }
            // An exhibitor knows a buyer's company more or less, and one of its addresses.
            world.write_company(person.employer, &mut spare);
            match dice.below(100) {
                0..25 => {}
                25..45 if spare.contains(' ') => {
                    company.push_str(spare.rsplit_once(' ').unwrap_or_default().0)
                }
                _ => retype(&mut dice, &spare, &mut company, Typed::Company),
            }
            spare.clear();
            if dice.in_thousand(450) {
                write_office_email(&person, &mut email);
            } else {
                write_email(&person, &mut spare);
                retype(&mut dice, &spare, &mut email, Typed::Email);
            }
            // Most are sent in the last weeks before the fair, some while it is on.
            let window = DAYS_BEFORE as u64 + 15;
            let day = dice.below(window).max(dice.below(window)) as usize;
            let status = match dice.below(100) {
                0..94 => "发送成功",
                94..97 => "失败",
                97..99 => "退信",
                _ => "撤回",
            };
            table.row(&[
                Value::Text(&id),
                Value::Text(&code),
                Value::Text(&name),
                Value::Text(&company),
                Value::Text(&email),
                Value::Day(world.day(day)),
                Value::Text(status),
            ])?;
        }
    }
    Ok(())
}

/// The invitations that brought a buyer, in order, each with its buyer.
fn brought(world: &World) -> Vec<(u32, u32)> {
    let mut brought = Vec::new();
    for buyer in 0..world.order.buyers {
        brought.extend(world.links(buyer).as_slice().iter().map(|&invitation| (invitation, buyer)));
    }
    brought.sort_unstable();
    // Two buyers with one invitation: it was sent to the first, who passed it on.
    brought.dedup_by_key(|(invitation, _)| *invitation);
    brought
}
