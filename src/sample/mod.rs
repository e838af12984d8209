//! A synthetic fair of any size, as a complete project: for trying the program out, and for measuring it.
//!
//! The bytes depend on the order and on the root's files alone. No company and no person in it exists.

mod attendance;
mod countries;
mod dice;
mod exhibitors;
mod fair_text;
mod invitations;
mod noise;
mod order;
mod outline;
mod output;
mod table_file;
mod world;

use std::path::Path;

use fair_text::with_block;
pub use order::{SampleFormat, SampleOrder};
use outline::Outline;
use output::write_file;
use table_file::{Heading, TableFile};
use world::World;

use crate::data::{decode_file, decode_text};
use crate::fair::FairFile;
use crate::project::{RosterForm, carried, next_fair, refuse_full};
use crate::source::{Failure, Files, Report, say};

/// What was written.
#[derive(Debug)]
pub struct Sample {
    /// The tables, by path, with the number of their rows.
    pub tables: Vec<(String, u64)>,
    /// How many other files there are.
    pub other_files: usize,
}

/// The fair of a sample: the first of the rulebook that the program carries.
const FIRST_FAIR: u32 = 137;
const FAIR: &str = "data/fairs/137";
const ROSTER: &str = "data/fairs/137/roster.yaml";
const CALENDAR: &str = "data/calendar.yaml";
const SITE: &str = "data/site.yaml";

/// What stands in for the fair and the site of a root that has none.
const BUILT_IN_FAIR: &str = include_str!("../../data/fairs/137/fair.yaml");
const BUILT_IN_SITE: &str = include_str!("../../data/site.yaml");

/// Writes a sample into a folder that is absent or empty. What is no table comes from the root, where it has it.
/// `None` where the root's `fair.yaml` is wrong; that is reported, and nothing is written.
pub fn write_sample(
    report: &mut Report,
    files: &Files,
    folder: &Path,
    order: &SampleOrder,
) -> Result<Option<Sample>, Failure> {
    refuse_full(folder, say!("write a sample project to `{folder}`", folder = folder.display()))?;
    let Some((fair_text, world)) = plan(report, files, order)? else { return Ok(None) };
    let copied = copy(files, folder)?;
    let tables = write_tables(&world, folder)?;
    write_file(folder, &format!("{FAIR}/penalties.yaml"), exhibitors::penalties(&world).as_bytes())?;
    // Last, so that a sample that was broken off is not taken for a whole one.
    write_file(folder, &format!("{FAIR}/fair.yaml"), fair_text.as_bytes())?;
    Ok(Some(Sample { tables, other_files: copied + 2 }))
}

/// The text of the sample's `fair.yaml`, and the world that fits it.
fn plan(report: &mut Report, files: &Files, order: &SampleOrder) -> Result<Option<(String, World)>, Failure> {
    let path = format!("{FAIR}/fair.yaml");
    let file = files.id(&path);
    let given = match files.is_file(&path) {
        true => decode_file::<FairFile>(report, files, &path)?,
        false => {
            let text = files.keep_text(file, BUILT_IN_FAIR);
            decode_text::<FairFile>(report, file, &text, 0)
        }
    };
    let Some(given) = given else { return Ok(None) };
    given.check(report);
    if report.has_errors() {
        return Ok(None);
    }
    let text = files.text(file).expect("the text of a decoded file is kept");
    let mut text = with_block(&text, "sources", &sources(order.format));
    if !given.demonstration {
        text = with_block(&text, "demonstration", "demonstration: true\n");
    }
    if given.rulebook.is_none() {
        text = with_block(&text, "rulebook", "rulebook: {id: i-invite, version: 1}\n");
    }
    if given.previous_fair.is_none() {
        text = with_block(&text, "previous_fair", "previous_fair: 136\n");
    }
    let previous = given.previous_fair.as_ref().map_or(136, |previous| previous.value);
    // Other ways of writing YAML than ours could defeat the replacement.
    let made = decode_text::<FairFile>(&mut Report::new(), file, &text, 0);
    if made.is_none_or(|fair| fair.sources.is_none() || !fair.demonstration) {
        let why = say!("write one key per line, without braces around the whole");
        return Err(Failure::because(say!("replace `sources` in {path}", path), why));
    }
    let outline = Outline::new(&given, previous);
    Ok(Some((text, World::new(*order, outline))))
}

fn sources(format: SampleFormat) -> String {
    let ending = format.ending();
    format!(
        "sources:
  exhibitors:
    - {{file: exhibitors.{ending}}}
  invitations:
    - {{file: invitations.{ending}}}
  attendance:
    - {{file: badges.{ending}, set: {{channel: onsite}}}}
    - {{file: online.{ending}, set: {{channel: online}}, absent: [attended]}}
  penalties:
    - {{file: penalties.yaml}}
"
    )
}

type WriteRows = fn(&World, &mut TableFile) -> Result<(), Failure>;

fn write_tables(world: &World, folder: &Path) -> Result<Vec<(String, u64)>, Failure> {
    let tables: [(&str, &'static Heading, WriteRows); 4] = [
        ("exhibitors", &exhibitors::HEADING, exhibitors::write_exhibitors),
        ("invitations", &invitations::HEADING, invitations::write_invitations),
        ("badges", &attendance::BADGES, attendance::write_badges),
        ("online", &attendance::LOGINS, attendance::write_logins),
    ];
    let mut written = Vec::new();
    for (name, heading, write_rows) in tables {
        let mut table = TableFile::create(folder, &format!("{FAIR}/{name}"), world.order.format, heading)?;
        write_rows(world, &mut table)?;
        written.push(table.finish()?);
    }
    Ok(written)
}

/// Copies what belongs to a project and is no table of a fair, and begins what the root lacks as a new site does; how
/// many files that were. All is listed before anything is written: the sample may well lie below the root.
fn copy(files: &Files, folder: &Path) -> Result<usize, Failure> {
    let carried = carried();
    let begun_as = |wanted: &dyn Fn(&str) -> bool| {
        let wanted = carried.iter().filter(|(path, _)| wanted(path));
        wanted.map(|(path, bytes)| (path.clone(), bytes.to_vec())).collect::<Vec<_>>()
    };
    let mut paths = Vec::new();
    let mut begun: Vec<(String, Vec<u8>)> = Vec::new();
    for group in ["content/", "data/enterprises/", "data/rulebooks/", "data/schemas/", "themes/"] {
        let there = files.list(group.trim_end_matches('/'))?;
        if there.is_empty() {
            begun.extend(begun_as(&|path| path.starts_with(group)));
            // The pages of a new site lead to a sourcing zone.
            if group == "content/" && !files.is_file(ROSTER) {
                let forms = next_fair(files, FIRST_FAIR, RosterForm::Yaml)?;
                begun.push((ROSTER.to_owned(), forms.roster.into_bytes()));
            }
        }
        paths.extend(there);
    }
    paths.extend([ROSTER, CALENDAR].into_iter().filter(|path| files.is_file(path)).map(str::to_owned));
    if !files.is_file(CALENDAR) {
        begun.extend(begun_as(&|path| path == CALENDAR));
    }
    begun.extend(begun_as(&|path| path.starts_with(".git")));
    let site = match files.is_file(SITE) {
        true => files.read(files.id(SITE))?,
        false => BUILT_IN_SITE.as_bytes().to_owned(),
    };
    write_file(folder, SITE, &with_current_fair(site))?;
    for path in &paths {
        write_file(folder, path, &files.read(files.id(path))?)?;
    }
    for (path, bytes) in &begun {
        write_file(folder, path, bytes)?;
    }
    Ok(paths.len() + begun.len() + 1)
}

/// The text of `site.yaml` with the sample's fair as the current one.
fn with_current_fair(bytes: Vec<u8>) -> Vec<u8> {
    match std::str::from_utf8(&bytes) {
        Ok(text) => with_block(text, "current_fair", "current_fair: 137\n").into_bytes(),
        // It is not UTF-8, and whoever reads it next will say so.
        Err(_) => bytes,
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::fair::Observers;
    use crate::project::{Goal, Options, build, judge_project};

    const ORDER: SampleOrder =
        SampleOrder { exhibitors: 50, invitations: 1500, buyers: 500, seed: 137, format: SampleFormat::Csv };

    fn sample(order: &SampleOrder) -> (TempDir, Files) {
        let scratch = TempDir::new().unwrap();
        let root = Files::new(scratch.path().join("no-root"));
        let written = write_sample(&mut Report::new(), &root, scratch.path(), order).unwrap();
        assert_eq!(written.expect("the built-in fair is sound").tables.len(), 4);
        let files = Files::new(scratch.path());
        (scratch, files)
    }

    fn contents(files: &Files) -> Vec<(String, Vec<u8>)> {
        let paths = files.list("data").unwrap();
        paths.into_iter().map(|path| (path.clone(), files.read(files.id(&path)).unwrap())).collect()
    }

    #[test]
    fn a_seed_makes_the_same_bytes_and_another_seed_others() {
        for format in [SampleFormat::Csv, SampleFormat::Xlsx] {
            let order = SampleOrder { format, ..ORDER };
            let (_a, one) = sample(&order);
            let (_b, same) = sample(&order);
            let (_c, other) = sample(&SampleOrder { seed: 138, ..order });
            let (one, same, other) = (contents(&one), contents(&same), contents(&other));
            assert!(one == same);
            for (one, other) in one.iter().zip(&other) {
                let drawn = one.0.ends_with(format.ending()) || one.0.ends_with("penalties.yaml");
                assert_eq!(one.1 != other.1, drawn, "{}", one.0);
            }
        }
    }

    #[test]
    fn a_sample_is_judged_without_a_refused_row() {
        for format in [SampleFormat::Csv, SampleFormat::Xlsx] {
            let (_scratch, files) = sample(&SampleOrder { format, ..ORDER });
            let mut report = Report::new();
            let (fair, judged) = judge_project(&mut report, &files, None, &[], Observers::none())
                .unwrap()
                .expect("it is judged");
            assert!(!report.has_errors(), "{:?}", report.problems());
            assert!(fair.demonstration);
            assert_eq!(judged.facts.exhibitors.len(), 50);
            assert!(judged.results.pool > 5, "{}", judged.results.pool);
            let rows: Vec<(u64, u64)> =
                judged.facts.accounts().iter().map(|(_, rows)| (rows.used, rows.refused)).collect();
            assert_eq!((rows[0], rows[1]), ((50, 0), (1500, 0)));
            assert!(rows[2].0 > 500 && rows[2].1 == 0 && rows[3].1 == 0, "{rows:?}");
        }
    }

    #[test]
    fn the_smallest_orders_are_complete_projects() {
        for (exhibitors, invitations, buyers) in [(1, 0, 0), (1, 1, 1), (3, 0, 9), (3, 9, 0)] {
            let order = SampleOrder { exhibitors, invitations, buyers, ..ORDER };
            let (_scratch, files) = sample(&order);
            let mut report = Report::new();
            let built = build(&mut report, &files, &Options::default(), &Goal::Check, || {}).unwrap();
            assert!(built.is_some(), "{:?}", report.problems());
        }
    }

    #[test]
    fn a_folder_that_is_not_empty_is_left_alone() {
        let (scratch, files) = sample(&ORDER);
        let before = contents(&files);
        let other = SampleOrder { seed: 1, ..ORDER };
        let failure = write_sample(&mut Report::new(), &Files::new("."), scratch.path(), &other).unwrap_err();
        assert!(failure.to_string().contains("not empty"), "{failure}");
        assert!(contents(&files) == before);
    }

    #[test]
    fn what_a_root_says_is_kept() {
        let root = TempDir::new().unwrap();
        let path = format!("{FAIR}/fair.yaml");
        let fair = BUILT_IN_FAIR.replace("demonstration: true", "demonstration: false");
        write_file(root.path(), &path, fair.as_bytes()).unwrap();
        write_file(root.path(), SITE, BUILT_IN_SITE.replace("fair: 137", "fair: 138").as_bytes()).unwrap();
        write_file(root.path(), "content/page.en.md", b"page").unwrap();
        let folder = root.path().join("sample");
        write_sample(&mut Report::new(), &Files::new(root.path()), &folder, &ORDER).unwrap().unwrap();
        let files = Files::new(&folder);
        let text = |path: &str| String::from_utf8(files.read(files.id(path)).unwrap()).unwrap();
        assert_eq!(text("content/page.en.md"), "page");
        assert!(text(SITE).contains("\ncurrent_fair: 137\n"));
        let made = text(&path);
        assert!(made.contains("\ndemonstration: true\n") && made.contains("exhibitors.csv"));
        assert_eq!(made.matches('#').count(), fair.matches('#').count());
    }
}
