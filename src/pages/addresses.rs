//! Where pages and files are. Paths of pages are below the tree of a language; all trees have the same.

use crate::lang::Lang;
use crate::site::segment;

/// The home page.
pub(super) const HOME: &str = "";
/// The archive of notices.
pub(super) const AWARDS: &str = "awards/";
/// The directory of the sourcing zone.
pub(super) const ZONE: &str = "zone/";
/// The activities.
pub(super) const ACTIVITIES: &str = "activities/";
/// The calendar.
pub(super) const CALENDAR: &str = "calendar/";
/// The page that searches.
pub(super) const SEARCH: &str = "search/";
/// The page for what is not there, below a language and at the root.
pub(super) const NOT_FOUND: &str = "404.html";
/// The calendar file of everything, below a language and at the root.
pub(super) const CALENDAR_FILE: &str = "calendar.ics";
/// The Atom feed and the JSON Feed.
pub(super) const FEEDS: [&str; 2] = ["feed.xml", "feed.json"];
/// The formats of tables to take away, by the ending of the file.
pub(super) const FORMATS: [&str; 3] = ["xlsx", "csv", "json"];
/// Texts that belong to generated pages, by their paths in `content`.
pub(super) const GENERATED: [&str; 7] =
    ["home", "awards", "notice", "rules", "zone", "activities", "calendar"];

/// The page of a text, by its path in `content`.
pub(super) fn text(path: &str) -> String {
    if path == "home" { HOME.to_owned() } else { format!("{path}/") }
}

/// The path in `content` of the text of a page.
pub(super) fn text_of_page(page: &str) -> &str {
    if page == HOME { "home" } else { page.trim_end_matches('/') }
}

/// The path in `content` of the text that stands on a page, if it has one: all notices show one text.
pub(super) fn text_on_page(page: &str) -> &str {
    match page.strip_prefix(AWARDS).and_then(|rest| rest.split_once('/')) {
        Some((_, "")) => "notice",
        Some((_, "rules/")) => "rules",
        _ => text_of_page(page),
    }
}

/// The notice of a fair.
pub(super) fn notice(fair: u32) -> String {
    format!("{AWARDS}{fair}/")
}

/// The rules of a fair.
pub(super) fn rules(fair: u32) -> String {
    format!("{AWARDS}{fair}/rules/")
}

/// The name by which a link leads to a clause on the page of the rules.
pub(super) fn clause_anchor(clause: &str) -> String {
    format!("clause-{clause}")
}

/// Where a clause can be opened on the site: the address of its place on the page of the rules, from the root of
/// the site.
pub fn clause_address(lang: Lang, fair: u32, clause: &str) -> String {
    format!("/{lang}/{}#{}", rules(fair), clause_anchor(clause))
}

/// The page on which the awards of a fair are computed again.
pub(super) fn evidence(fair: u32) -> String {
    format!("{AWARDS}{fair}/evidence/")
}

/// A file of that page, by its ending.
pub(super) fn evidence_file(fair: u32, ending: &str) -> String {
    format!("{AWARDS}{fair}/evidence.{ending}")
}

/// The table of the winners of a fair, without an ending.
pub(super) fn winners_table(fair: u32) -> String {
    format!("{AWARDS}{fair}/winners")
}

/// The page of a winner of a fair with these awards.
pub(super) fn winner<'w>(fair: u32, id: &str, awards: impl Iterator<Item = &'w str>) -> String {
    let badges: Vec<String> = awards.map(badge_name).collect();
    let beside = ["rules", "evidence", "winners.xlsx", "winners.csv", "winners.json", "index.html"];
    let taken: Vec<&str> = beside.into_iter().chain(badges.iter().map(String::as_str)).collect();
    format!("{AWARDS}{fair}/{}/", segment(id, &taken))
}

/// The badge of an award of a fair.
pub(super) fn badge(fair: u32, award: &str) -> String {
    format!("{AWARDS}{fair}/{}", badge_name(award))
}

fn badge_name(award: &str) -> String {
    format!("badge-{award}.svg")
}

/// The folder of the cards, at the root.
pub(super) const CARDS: &str = "cards/";

/// The card of a winner, by the path of its page: one for all languages, at the root.
pub(super) fn card(winner: &str) -> String {
    format!("{}.png", winner.trim_end_matches('/').replacen(AWARDS, CARDS, 1))
}

/// The header of the ledger of a fair, at the root.
pub(super) fn seal(fair: u32) -> String {
    format!("{AWARDS}{fair}/seal.json")
}

/// Its signature, at the root.
pub(super) fn signature(fair: u32) -> String {
    format!("{AWARDS}{fair}/seal.json.minisig")
}

/// The table of the enterprises in the sourcing zone, without an ending.
pub(super) fn enterprises_table() -> String {
    format!("{ZONE}enterprises")
}

/// The page of an enterprise.
pub(super) fn enterprise(slug: &str) -> String {
    let taken = ["enterprises.xlsx", "enterprises.csv", "enterprises.json", "index.html", "fairs"];
    format!("{ZONE}{}/", segment(slug, &taken))
}

/// The calendar file of an enterprise.
pub(super) fn enterprise_calendar(slug: &str) -> String {
    format!("{}{CALENDAR_FILE}", enterprise(slug))
}

/// The sourcing zone of a past fair.
pub(super) fn past_zone(fair: u32) -> String {
    format!("{ZONE}fairs/{fair}/")
}

/// The calendar file of a phase of the current fair, or of the latest that has it.
pub(super) fn phase_calendar(phase: u8) -> String {
    format!("{CALENDAR}phase-{phase}.ics")
}

/// A table to take away in all its formats.
pub(super) fn files(table: &str) -> [String; FORMATS.len()] {
    FORMATS.map(|format| format!("{table}.{format}"))
}
