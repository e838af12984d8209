//! The exhibitors of the sample, and the penalties some of them are under.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::dice::{Dice, For};
use super::output::write_number;
use super::table_file::{Heading, TableFile, Value};
use super::world::World;
use crate::source::Failure;

pub(super) static HEADING: Heading = Heading {
    sheet: "参展企业",
    columns: &[
        ("企业编号", 10),
        ("企业名称", 40),
        ("企业英文名称", 60),
        ("交易团", 16),
        ("展区", 24),
        ("展位号", 16),
        ("参展届次", 12),
        ("网址", 28),
    ],
};

/// Writes the identifier of an exhibitor.
pub(super) fn write_exhibitor(exhibitor: u32, id: &mut String) {
    id.push('E');
    write_number(id, u64::from(exhibitor) + 1, 5);
}

/// Where the next booth of each section begins.
struct Booths(Vec<Vec<(u64, u64)>>);

pub(super) fn write_exhibitors(world: &World, table: &mut TableFile) -> Result<(), Failure> {
    let outline = &world.outline;
    // A phase without sections has one hall.
    let halls = outline.phases.iter().map(|phase| vec![(0, 1); phase.sections.len().max(1)]);
    let mut booths = Booths(halls.collect());
    let mut cells: [String; 8] = Default::default();
    for exhibitor in 0..world.order.exhibitors {
        for cell in &mut cells {
            cell.clear();
        }
        let [id, name_zh, name_en, delegation, sections, places, fairs, website] = &mut cells;
        // The first throw is the phase: `World::phase` throws it as well.
        let mut dice = world.dice(For::Exhibitor, exhibitor.into());
        let phase = dice.place(outline.phases.len());
        write_exhibitor(exhibitor, id);
        let home = draw_sections(&mut dice, world, phase, &mut booths, sections, places);
        let (city, city_en) = match outline.shares.is_empty() {
            true => ("广州", "Guangzhou"),
            false => {
                let (zh, en) = &outline.delegations[*dice.one(&outline.shares)];
                delegation.push_str(zh);
                let city_en = en.strip_suffix(" Trading Delegation").unwrap_or(en);
                (zh.strip_suffix("交易团").unwrap_or(zh), city_en)
            }
        };
        let (goods, goods_en) = match outline.phases[phase].sections.get(home) {
            Some((zh, en)) => (zh.as_str(), en.as_str()),
            None => ("五金", "Hardware"),
        };
        let (line, line_en) = *dice.one(&LINES);
        let number = exhibitor + 1;
        // A few exports lack the English name, or the website.
        write!(name_zh, "{city}示例{number:04}{goods}{line}有限公司").expect("text grows");
        if !dice.in_thousand(15) {
            write!(name_en, "Sample {number:04} {goods_en} {line_en} Co., Ltd. ({city_en})")
                .expect("text grows");
        }
        if !dice.in_thousand(250) {
            write!(website, "https://{}.example", id.to_ascii_lowercase()).expect("text grows");
        }
        let (fair, previous) = (outline.fair, outline.previous);
        match dice.below(100) {
            0..7 => write!(fairs, "{fair}"),
            7..10 => write!(fairs, "{};{fair}", previous.saturating_sub(1)),
            10..20 => write!(fairs, "{};{previous};{fair}", previous.saturating_sub(1)),
            _ => write!(fairs, "{previous};{fair}"),
        }
        .expect("text grows");
        table.row(&cells.each_ref().map(|cell| Value::Text(cell)))?;
    }
    Ok(())
}

const LINES: [(&str, &str); 4] =
    [("贸易", "Trading"), ("实业", "Industrial"), ("进出口", "Import & Export"), ("科技", "Technology")];

/// Draws the sections of an exhibitor and a booth in each; the first section.
fn draw_sections(
    dice: &mut Dice,
    world: &World,
    phase: usize,
    booths: &mut Booths,
    sections: &mut String,
    places: &mut String,
) -> usize {
    let phases = &world.outline.phases;
    let count = phases[phase].sections.len();
    if count == 0 {
        booths.write_next(dice, phase, 0, places);
        return 0;
    }
    let home = dice.place(count);
    sections.push_str(&phases[phase].sections[home].0);
    booths.write_next(dice, phase, home, places);
    let other = match dice.below(100) {
        // A neighbouring section of the same phase.
        0..14 if count > 1 => Some((phase, (home + 1) % count)),
        // A section of another phase.
        14..20 if phases.len() > 1 => {
            let phase = (phase + 1 + dice.place(phases.len() - 1)) % phases.len();
            Some((phase, dice.place(phases[phase].sections.len())))
        }
        _ => None,
    };
    if let Some((phase, section)) = other {
        sections.push('；');
        sections.push_str(&phases[phase].sections[section].0);
        places.push('；');
        booths.write_next(dice, phase, section, places);
    }
    home
}

impl Booths {
    /// Writes the next booth of a section, such as `1.1A01-02`: hall and floor, aisle, numbers. In one phase
    /// every booth is let once; in another phase the same halls hold other sections.
    fn write_next(&mut self, dice: &mut Dice, phase: usize, section: usize, booths: &mut String) {
        let width = *dice.one(&[1, 1, 1, 2, 2, 2, 2, 4]);
        let (aisle, number) = &mut self.0[phase][section];
        if *number + width > 41 {
            (*aisle, *number) = (*aisle + 1, 1);
        }
        let (floors_full, aisle_there) = (*aisle / 60, *aisle % 60);
        let first = *number + floors_full * 40;
        let letter = char::from(b'A' + u8::try_from(aisle_there % 20).expect("there are 20 aisles"));
        write!(booths, "{}.{}{letter}{first:02}", section + 1, aisle_there / 20 + 1).expect("text grows");
        if width > 1 {
            write!(booths, "-{:02}", first + width - 1).expect("text grows");
        }
        *number += width;
    }
}

/// Penalties, as YAML. Half of them cover the fair.
pub(super) fn penalties(world: &World) -> String {
    let (fair, previous) = (world.outline.fair, world.outline.previous);
    let mut text =
        "# Exhibitors under a penalty, by the fairs that it covers, both ends included. Made up.\n"
            .to_owned();
    let mut taken = BTreeSet::new();
    for number in 0..u64::from(world.order.exhibitors).div_ceil(150).max(2) {
        let mut dice = world.dice(For::Penalties, number);
        // By their invitations, so that some would be in the pool without the penalty.
        let exhibitor = match world.order.invitations {
            0 => dice.below(world.order.exhibitors.into()) as u32,
            invitations => world.sender(dice.below(invitations.into()) as u32),
        };
        if !taken.insert(exhibitor) {
            continue;
        }
        let mut id = String::new();
        write_exhibitor(exhibitor, &mut id);
        let (from, until) = match number % 2 {
            0 => (previous, fair + 2),
            _ => (previous.saturating_sub(4), previous),
        };
        let reason = if dice.in_thousand(500) {
            "违规转让展位（示例）"
        } else {
            "违规转租展位（示例）"
        };
        writeln!(text, "- exhibitor: {id}\n  reason: {reason}\n  from_fair: {from}\n  until_fair: {until}")
            .expect("text grows");
    }
    text
}
