//! The next fair, from the latest one before it: what carries over stays, what is new is left to fill in.

use std::collections::BTreeMap;

use super::super::fairs::{fair_numbers, languages};
use crate::data::decode_text;
use crate::fair::{FairFile, RosterFile, ZONE_SHAPES};
use crate::rulebook::load_rulebooks;
use crate::source::{Failure, Files, Report, say};

/// The fair that the program carries, for projects that have none.
pub(super) const CARRIED: (u32, &str, &str) = (
    137,
    include_str!("../../../data/fairs/137/fair.yaml"),
    include_str!("../../../data/fairs/137/roster.yaml"),
);

const FAIR: &str = include_str!("files/fair.yaml");
const GAP: &str = include_str!("files/gap.yaml");
const ROSTER: &str = include_str!("files/roster.yaml");
const ROSTER_BESIDE: &str = include_str!("files/roster-beside.yaml");

/// How the sourcing zone of a new fair is to be filled in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RosterForm {
    /// In `roster.yaml`.
    Yaml,
    /// In a workbook, filled from the fair before.
    Workbook,
}

/// The files of a fair, as they begin.
pub struct Forms {
    /// The text of `fair.yaml`.
    pub fair: String,
    /// The text of `roster.yaml`.
    pub roster: String,
    /// The fair that is taken for the one before it.
    pub previous: u32,
}

/// The files for a fair.
pub fn next(files: &Files, number: u32, form: RosterForm) -> Result<Forms, Failure> {
    let (last, fair, roster) = last_before(files, number)?;
    let (fair, roster) = (take_over_blanks(&fair), blocks_of_roster(&roster));
    let carry = |blocks: &BTreeMap<String, String>, keys: &[&str]| -> String {
        keys.iter().filter_map(|key| blocks.get(*key)).map(|block| bump(block, last, number)).collect()
    };
    // What the program does not know by name may be particular to the fair.
    let known = ["fair", "previous_fair", "demonstration", "name", "short", "place", "delegations"];
    let known: Vec<&str> = known
        .into_iter()
        .chain(["rulebook", "phases", "online_platform", "sources", "notice", "accepted"])
        .collect();
    let others = fair.iter().filter(|(key, _)| !known.contains(&key.as_str()));
    let others: String = others.map(|(_, block)| format!("\n{}", commented(block))).collect();
    let block = |key: &str| fair.get(key).map(String::as_str).unwrap_or_default();
    let rulebook = match in_force(files, block("rulebook"), number)? {
        true => block("rulebook").to_owned(),
        false => "# rulebook: {id: i-invite, version: }\n".to_owned(),
    };
    let without_days = |key: &str| commented(&blanked(block(key), &["start", "end"]));
    let numbers = [("{before}", number.saturating_sub(1).to_string()), ("{previous}", last.to_string())];
    let parts = [
        ("{fair}", number.to_string()),
        ("{previous}", last.to_string()),
        ("{gap}", if last + 1 == number { String::new() } else { filled(GAP, &numbers) }),
        ("{carried}", carry(&fair, &["name", "short", "place", "delegations"])),
        ("{rulebook}", rulebook),
        ("{phases}", without_days("phases")),
        ("{online_platform}", without_days("online_platform")),
        ("{sources}", sources_block(&without_zone(block("sources")), form)),
        ("{notice}", commented(&blanked(&without_number(block("notice")), &["published", "final"]))),
        ("{others}", others),
    ];
    let fair_text = filled(FAIR, &parts);
    let parts = [
        ("{fair}", number.to_string()),
        ("{previous}", last.to_string()),
        ("{carried}", carry(&roster, &["place", "caveat", "contacts"])),
        ("{phases}", commented(&roster["phases"])),
    ];
    let roster_text = filled(if form == RosterForm::Workbook { ROSTER_BESIDE } else { ROSTER }, &parts);
    // Other ways of writing YAML than ours could defeat this.
    let file = files.id(&format!("data/fairs/{number}/fair.yaml"));
    let mut report = Report::new();
    let fair = decode_text::<FairFile>(&mut report, file, &fair_text, 0);
    let roster = decode_text::<RosterFile>(&mut report, file, &roster_text, 0);
    match fair.is_some() && roster.is_some() {
        true => Ok(Forms { fair: fair_text, roster: roster_text, previous: last }),
        false => {
            let why = say!("write one key per line, without braces around the whole");
            Err(Failure::because(say!("copy from data/fairs/{last}", last), why))
        }
    }
}

/// The latest fair before a number, with its files.
fn last_before(files: &Files, number: u32) -> Result<(u32, String, String), Failure> {
    let Some(last) = fair_numbers(files)?.into_iter().rfind(|fair| *fair < number) else {
        let (carried, fair, roster) = CARRIED;
        let last = if carried < number { carried } else { number.saturating_sub(1) };
        // The enterprises of the carried roster are not those of this project.
        let without = blanked_entries(roster);
        return Ok((last, bump(fair, carried, last), bump(&without, carried, last)));
    };
    let read = |name: &str| {
        let path = format!("data/fairs/{last}/{name}");
        match files.is_file(&path) {
            true => files.read(files.id(&path)).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            false => Ok(blanked_entries(CARRIED.2)),
        }
    };
    Ok((last, read("fair.yaml")?, read("roster.yaml")?))
}

/// Whether the rulebook that a block pins applies to a fair.
fn in_force(files: &Files, block: &str, number: u32) -> Result<bool, Failure> {
    let rulebooks = load_rulebooks(&mut Report::new(), files, &languages(files)?)?;
    let text = format!("fair: {number}\n{block}");
    let pinned = decode_text::<FairFile>(&mut Report::new(), files.id("data/fairs"), &text, 0);
    let pin = pinned.and_then(|fair| fair.value.rulebook);
    Ok(pin.is_some_and(|pin| {
        let is_it = |rulebook: &&crate::rulebook::Rulebook| {
            rulebook.id == pin.value.id && rulebook.version == pin.value.version
        };
        rulebooks.iter().find(is_it).is_some_and(|rulebook| rulebook.applies_to(number))
    }))
}

/// The blocks of a `fair.yaml`. What is not filled in there is taken over from its comments, else from the fair
/// that the program carries.
fn take_over_blanks(text: &str) -> BTreeMap<String, String> {
    let mut blocks = blocks(text);
    let mut carried = self::blocks(CARRIED.1);
    for key in ["phases", "online_platform", "sources", "notice"] {
        if !blocks.contains_key(key) {
            let block = Some(in_comments(text, &format!("# {key}:"))).filter(|block| !block.is_empty());
            blocks.extend(block.or(carried.remove(key)).map(|block| (key.to_owned(), block)));
        }
    }
    blocks
}

/// The blocks of a `roster.yaml`, with the entries of its phases, which may stand in comments.
fn blocks_of_roster(text: &str) -> BTreeMap<String, String> {
    let mut blocks = blocks(text);
    let phases = blocks.entry("phases".to_owned()).or_default();
    let entries = phases.split_once('\n').map_or("", |(_, entries)| entries);
    *phases = if entries.is_empty() { in_comments(text, "#   1:") } else { entries.to_owned() };
    blocks
}

/// The blocks of a YAML text by their keys, without the comments between them.
fn blocks(text: &str) -> BTreeMap<String, String> {
    let mut blocks: BTreeMap<String, String> = BTreeMap::new();
    let mut current: Option<String> = None;
    for line in text.trim_start_matches('\u{feff}').lines() {
        if line.starts_with(|c: char| c.is_ascii_lowercase())
            && let Some((key, _)) = line.split_once(':')
        {
            current = Some(key.to_owned());
        } else if line.starts_with('#') {
            current = None;
        }
        if let Some(key) = current.as_ref().filter(|_| !line.trim().is_empty()) {
            let block = blocks.entry(key.clone()).or_default();
            block.push_str(line.trim_end());
            block.push('\n');
        }
    }
    blocks
}

/// The lines of comments from one that begins with `start` on, without their marks; nothing if there is none.
fn in_comments(text: &str, start: &str) -> String {
    let lines = text.lines().skip_while(|line| !line.starts_with(start));
    let mut block = String::new();
    for (number, line) in lines.enumerate() {
        match line.strip_prefix("# ") {
            Some(line) if number == 0 || line.starts_with("  ") => block.push_str(&format!("{line}\n")),
            _ => break,
        }
    }
    block
}

/// The block of sources, to be filled in. Tables of the zone, where they are in a workbook, are there already.
fn sources_block(award: &str, form: RosterForm) -> String {
    match form {
        RosterForm::Yaml => commented(award),
        RosterForm::Workbook => {
            let award = award.split_once('\n').map_or("", |(_, entries)| entries);
            format!("sources:\n{}{}", super::workbook::sources(), commented(award))
        }
    }
}

/// A block of sources without the tables of the sourcing zone: they are of their fair.
fn without_zone(sources: &str) -> String {
    let mut of_zone = false;
    let kept = sources.lines().filter(|line| {
        if let Some(key) = line.strip_prefix("  ").filter(|key| key.starts_with(char::is_alphabetic)) {
            of_zone = ZONE_SHAPES.iter().any(|shape| {
                key.strip_prefix(shape.name).is_some_and(|rest| rest.trim_start().starts_with(':'))
            });
        }
        !of_zone
    });
    kept.map(|line| format!("{line}\n")).collect()
}

/// A block in which every line is a comment.
fn commented(block: &str) -> String {
    block.lines().map(|line| format!("# {line}\n")).collect()
}

/// A block with nothing behind these keys.
fn blanked(block: &str, keys: &[&str]) -> String {
    let blank = |line: &str| {
        let key = line.trim_start_matches([' ', '-']).split_once(':').map(|(key, _)| key);
        match key.is_some_and(|key| keys.contains(&key)) {
            true => format!("{}:\n", line.split_once(':').map_or(line, |(key, _)| key)),
            false => format!("{line}\n"),
        }
    };
    block.lines().map(blank).collect()
}

/// The block of a notice in which its number is blank, in every language.
fn without_number(block: &str) -> String {
    let mut number = false;
    let blank = |line: &str| {
        let depth = line.len() - line.trim_start().len();
        if depth <= 2 {
            number = line.trim_start().starts_with("number:");
        }
        let key = line.split_once(':').map_or(line, |(key, _)| key);
        if number { format!("{key}:\n") } else { format!("{line}\n") }
    };
    block.lines().map(blank).collect()
}

/// A roster that names nobody.
fn blanked_entries(roster: &str) -> String {
    let mut named = false;
    let lines = roster.lines().filter(|line| {
        let entry = line.starts_with("    - ");
        // One is left in each phase, for its form.
        let again = entry && named;
        named = entry;
        !again
    });
    lines
        .map(|line| if line.starts_with("    - ") { "    -\n".to_owned() } else { format!("{line}\n") })
        .collect()
}

/// A text with another number of the fair, its English ordinal included: `137th` becomes `141st`.
fn bump(text: &str, from: u32, to: u32) -> String {
    let (from, to) = (from.to_string(), to.to_string());
    let ordinal = match (to.as_bytes(), to.bytes().next_back()) {
        ([.., b'1', _], _) => "th",
        (_, Some(b'1')) => "st",
        (_, Some(b'2')) => "nd",
        (_, Some(b'3')) => "rd",
        _ => "th",
    };
    let mut bumped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(&from) {
        let (before, behind) = (&rest[..at], &rest[at + from.len()..]);
        let is_part = |text: Option<char>| text.is_some_and(|letter| letter.is_ascii_digit());
        bumped.push_str(before);
        let part = is_part(before.chars().next_back()) || is_part(behind.chars().next());
        bumped.push_str(if part { &from } else { &to });
        rest = behind;
        if let (false, Some(behind)) =
            (part, ["th", "st", "nd", "rd"].iter().find_map(|end| behind.strip_prefix(end)))
        {
            bumped.push_str(ordinal);
            rest = behind;
        }
    }
    bumped.push_str(rest);
    bumped
}

/// A text with its places filled. A part ends its own line.
fn filled(text: &str, parts: &[(&str, String)]) -> String {
    let mut filled = text.to_owned();
    for (place, part) in parts {
        let with_line = format!("{place}\n");
        filled = match filled.contains(&with_line) && part.ends_with('\n') {
            true => filled.replace(&with_line, part),
            false => filled.replace(place, part),
        };
    }
    filled
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_number_is_bumped_with_its_ordinal() {
        #[track_caller]
        fn case(text: &str, to: u32, bumped: &str) {
            assert_eq!(super::bump(text, 137, to), bumped);
        }
        case("第137届 137th 1137 1370", 138, "第138届 138th 1137 1370");
        case("137th", 141, "141st");
        case("137th", 142, "142nd");
        case("137th", 143, "143rd");
        case("137th", 211, "211th");
    }
}
