//! Every reader against files that are nearly sound: each target changes one of its seeds, in the way of its format, and
//! the reader takes it or refuses it with an error, in a time that shows that it comes to an end, and never by a panic.
//! A file that brings a reader down stays in the temporary folder that the message names.
//!
//! A short run of each is made always, and is the same every time; `JINBANG_FUZZ=SECONDS` runs each target for so long,
//! and `JINBANG_SEED=NUMBER` makes it another run.

use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use jinbang::award::Ledger;
use jinbang::data::{Field, Kind, Outcome, Record, Source, TableFiles, TableShape, read_table};
use jinbang::lang::Lang;
use jinbang::project::{Goal, Options, SealOptions, build, check_receipt, read_receipt, seal, sealed_fair};
use jinbang::rulebook::parse_rulebook;
use jinbang::source::{Files, Report, Style};
use serde_json::Value;
use zip::write::SimpleFileOptions;

use crate::project;
use crate::project::{FAIR, Project};

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below.max(1) as u64).expect("it is below")
    }

    fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.roll(from.len())]
    }
}

/// No file takes a second; the machine may have other things to do.
const LONGEST: Duration = Duration::from_secs(30);

/// Runs a target: so many rounds, or for as long as is asked for. A round makes a file and has it read.
fn run(rounds: usize, name: &str, mut round: impl FnMut(&mut Dice) -> Vec<u8>, mut read: impl FnMut(&[u8])) {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let time = number("JINBANG_FUZZ").map(Duration::from_secs);
    let mut dice = Dice(number("JINBANG_SEED").unwrap_or(137));
    let start = Instant::now();
    let mut slowest = Duration::ZERO;
    let mut done = 0;
    // Where the program is ended altogether, the file is still there.
    let folder = tempfile::Builder::new().prefix("fuzz-").tempdir().expect("a folder");
    let kept = folder.path().join(name);
    while time.map_or(done < rounds, |time| start.elapsed() < time) {
        done += 1;
        let file = round(&mut dice);
        std::fs::write(&kept, &file).expect("files can be written");
        let before = Instant::now();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(&file)));
        slowest = slowest.max(before.elapsed());
        if result.is_err() || before.elapsed() > LONGEST {
            let kept = folder.keep().join(name);
            panic!("round {done}: {} ({:?})", kept.display(), before.elapsed());
        }
    }
    eprintln!("{name}: {done} rounds, the slowest took {slowest:?}");
}

// ---------------------------------------------------------------------------------------- ways to change a file

/// Pieces that readers have to decide something about.
const PIECES: [&[u8]; 26] = [
    b"<",
    b">",
    b"/>",
    b"\"",
    b"'",
    b"&",
    b"&#x0;",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"</row>",
    b"<c t=\"s\"><v>",
    b"r=\"A1\"",
    b"=\"",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\n",
    b"\r",
    b",",
    b"99999999999",
    b"-1",
    b"\x81\x30",
    b": [{",
    b"&a ",
    b"\t",
];

/// Changes bytes wherever they stand.
fn bytes(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(bytes.len() + 1);
        let end = (at + dice.roll(40)).min(bytes.len());
        match dice.roll(6) {
            0 if at < bytes.len() => bytes[at] = u8::try_from(dice.roll(256)).expect("a byte"),
            1 if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes[at..end].to_vec();
                let to = dice.roll(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            4 => drop(bytes.splice(at..at, dice.pick(&PIECES).iter().copied())),
            _ if dice.roll(8) == 0 => bytes.truncate(at),
            _ => {}
        }
    }
    bytes
}

/// What stands in a cell, an attribute or behind a key to make its reader think.
const VALUES: [&str; 34] = [
    "",
    " ",
    "0",
    "-1",
    "1",
    "0012",
    "1e999",
    "NaN",
    "-0",
    "4294967295",
    "4294967296",
    "9223372036854775808",
    "1048577",
    "XFD1048576",
    "A0",
    "2025-02-30",
    "0000-00-00",
    "9999-12-31",
    "-271821-04-20",
    "true",
    "~",
    "null",
    "!x",
    "{",
    "[",
    "- ",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "\u{200b}",
    "é\u{301}\u{301}",
    "\u{10ffff}",
    "𠮷",
    "&amp;amp;",
];

/// Changes a text part by part: `ends` says where one ends. Parts are taken away, doubled, swapped and replaced.
fn parts(text: &str, ends: impl Fn(char) -> bool, dice: &mut Dice) -> String {
    let mut parts: Vec<String> = text.split_inclusive(ends).map(str::to_owned).collect();
    for _ in 0..=dice.roll(4) {
        let (at, other) = (dice.roll(parts.len()), dice.roll(parts.len()));
        if parts.is_empty() {
            break;
        }
        match dice.roll(6) {
            0 => drop(parts.remove(at)),
            1 => parts.insert(at, parts[other].clone()),
            2 => parts.swap(at, other),
            3 => {
                let end = parts[at].pop().map(String::from).unwrap_or_default();
                parts[at] = format!("{}{end}", dice.pick(&VALUES));
            }
            4 => {
                let value = dice.pick(&VALUES);
                let place = parts[at].char_indices().map(|(place, _)| place).nth(dice.roll(12)).unwrap_or(0);
                parts[at].insert_str(place, value);
            }
            _ => {
                // Large files are another test's: here many are made in a short time.
                let many = [2, 50, 1000][dice.roll(3)].min(50_000 / parts[at].len().max(1) + 1);
                parts[at] = parts[at].repeat(many);
            }
        }
    }
    parts.concat()
}

/// Lines and words of a text.
fn lines(text: &str, dice: &mut Dice) -> String {
    match dice.roll(3) {
        0 => parts(text, |c| c == '\n', dice),
        1 => parts(text, |c| c == ' ' || c == '\n', dice),
        _ => parts(text, |c| matches!(c, ':' | '-' | ',' | '{' | '}' | '[' | ']' | '\n'), dice),
    }
}

/// Bytes or parts: what is no text any more is read too.
fn text(seed: &str, dice: &mut Dice) -> Vec<u8> {
    match dice.roll(4) {
        0 => bytes(seed.as_bytes(), dice),
        _ => lines(seed, dice).into_bytes(),
    }
}

/// Changes values of a JSON document: their kinds, their sizes, their places.
fn json(seed: &Value, dice: &mut Dice) -> Vec<u8> {
    fn places(value: &Value, at: &str, found: &mut Vec<String>) {
        found.push(at.to_owned());
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found));
            }
            Value::Array(values) => {
                values.iter().enumerate().for_each(|(n, value)| places(value, &format!("{at}/{n}"), found));
            }
            _ => {}
        }
    }
    let mut value = seed.clone();
    for _ in 0..=dice.roll(3) {
        let mut found = Vec::new();
        places(&value, "", &mut found);
        let other = value.pointer(&found[dice.roll(found.len())]).cloned().unwrap_or_default();
        let deep = (0..[3, 100, 200][dice.roll(3)]).fold(Value::Null, |deep, _| vec![deep].into());
        let chosen = found.swap_remove(dice.roll(found.len()));
        let Some(place) = value.pointer_mut(&chosen) else { continue };
        match dice.roll(8) {
            0 => *place = other,
            1 => *place = Value::Null,
            2 => *place = dice.pick(&VALUES).into(),
            3 => *place = [u64::MAX, 0, 1 << 32, 137][dice.roll(4)].into(),
            4 => *place = (-1.5f64).into(),
            5 => *place = deep,
            6 => match place {
                Value::Object(members) => {
                    let key = members.keys().nth(dice.roll(members.len())).cloned().unwrap_or_default();
                    members.shift_remove(&key);
                }
                Value::Array(values) if !values.is_empty() => drop(values.remove(dice.roll(values.len()))),
                _ => {}
            },
            _ => match place {
                Value::Object(members) => drop(members.insert(dice.pick(&VALUES).into(), other)),
                Value::Array(values) => values.push(other),
                Value::String(text) => text.push_str(dice.pick(&VALUES)),
                _ => {}
            },
        }
    }
    let text = value.to_string();
    match dice.roll(6) {
        0 => bytes(text.as_bytes(), dice),
        _ => text.into_bytes(),
    }
}

/// A package with one of its parts changed, packed anew so that its checksums are right; or its bytes changed.
fn package(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    if dice.roll(4) == 0 {
        return bytes(seed, dice);
    }
    let mut old = zip::ZipArchive::new(Cursor::new(seed)).expect("a sound package");
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let chosen = dice.roll(old.len());
    for number in 0..old.len() {
        let mut part = old.by_index(number).expect("the package is sound");
        let name = part.name().expect("names are text").into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("the package is sound");
        if number == chosen {
            content = match std::str::from_utf8(&content) {
                Ok(xml) if dice.roll(3) > 0 => match dice.roll(2) {
                    0 => parts(xml, |c| c == '>', dice).into_bytes(),
                    _ => parts(xml, |c| matches!(c, '"' | '<' | '>'), dice).into_bytes(),
                },
                _ => bytes(&content, dice),
            };
        }
        new.start_file(name.as_str(), SimpleFileOptions::default()).expect("memory grows");
        new.write_all(&content).expect("memory grows");
    }
    new.finish().expect("memory grows").into_inner()
}

/// An xls file with records changed: what they hold, their kinds and their lengths; or its bytes changed.
fn records(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    if dice.roll(4) == 0 {
        return bytes(seed, dice);
    }
    let mut file = seed.to_vec();
    // The workbook begins with the record that says so, and is not torn apart in a file that was just written.
    let begin = file.windows(4).position(|window| window == b"\x09\x08\x10\x00").expect("a workbook");
    let mut starts = Vec::new();
    let mut at = begin;
    while at + 4 <= file.len() && starts.len() < 20_000 {
        starts.push(at);
        at += 4 + usize::from(u16::from_le_bytes([file[at + 2], file[at + 3]]));
    }
    for _ in 0..=dice.roll(4) {
        let at = starts[dice.roll(starts.len())];
        let length = usize::from(u16::from_le_bytes([file[at + 2], file[at + 3]]));
        let number = [0u16, 1, 0x20, 0xff, 0x7fff, 0x8000, 0xffff][dice.roll(7)].to_le_bytes();
        let place = match dice.roll(4) {
            0 => at,
            1 => at + 2,
            _ => at + 4 + dice.roll(length.max(1)),
        };
        if place + 2 <= file.len() {
            file[place..place + 2].copy_from_slice(&number);
        }
    }
    file
}

fn seed(name: &str) -> Vec<u8> {
    std::fs::read(project::here().join("tests/spreadsheets").join(name)).expect("a file of the repository")
}

fn shipped(path: &str) -> String {
    std::fs::read_to_string(project::here().join(path)).expect("a file of the repository")
}

// ---------------------------------------------------------------------------------------- tables

static SHAPE: TableShape = TableShape {
    name: "exhibitors",
    fields: &[
        Field::new("exhibitor", Kind::Code, &["exhibitor", "企业编号"]).required(),
        Field::new("day", Kind::Date, &["sent_on", "发送日期"]),
        Field::new("email", Kind::Text, &["email", "邮箱"]).private(),
    ],
};

/// Reads a file of the folder as a table, every field of every row of it.
fn read_all(folder: &Path, file: &str) {
    let files = Files::new(folder);
    let mut report = Report::new();
    let id = files.id("fair.yaml");
    let source = format!("- {{file: '{file}'}}\n");
    files.keep_text(id, source.as_str());
    let sources =
        jinbang::data::decode_text::<Vec<Source>>(&mut report, id, &source, 0).expect("a sound source").value;
    let table = TableFiles {
        files: &files,
        folder: ".",
        shape: &SHAPE,
        sources: &sources,
        identifiers: None,
        amendments: None,
    };
    let read = read_table(&mut report, &table, &mut |report: &mut Report, record: &Record<'_>| {
        let taken =
            (record.text(report, 0).is_ok(), record.date(report, 1).is_ok(), record.text(report, 2).is_ok());
        match taken {
            (true, true, true) => Outcome::Used,
            _ => Outcome::Refused,
        }
    });
    for sheet in read.expect("the machine works") {
        let account = sheet.account;
        let sum = account.used + account.refused + account.skipped + account.blank + account.headings;
        assert_eq!(account.read, sum, "every row is accounted for");
    }
    report.render(&files, Style::Plain, Lang::EN);
}

/// A target that reads tables in this process.
fn table(rounds: usize, name: &str, round: impl FnMut(&mut Dice) -> Vec<u8>) {
    let folder = tempfile::tempdir().expect("a folder");
    run(rounds, name, round, |file| {
        std::fs::write(folder.path().join(name), file).expect("files can be written");
        read_all(folder.path(), name);
    });
}

/// A target that is read by a process of its own, of the program that reads a whole fair.
fn apart(rounds: usize, name: &str, round: impl FnMut(&mut Dice) -> Vec<u8>) {
    let project = Project::new();
    project.table("invitations.csv", "企业编号,发送状态\nE1,成功\n");
    project.table("attendance.csv", "采购商编号,国家地区,参会方式,是否首次\n1,FR,现场,是\n");
    let fair = FAIR.replace("[{file: penalties.csv}]", "none");
    project.table("fair.yaml", fair.replace("exhibitors.csv", name));
    run(rounds, name, round, |file| {
        project.table(name, file);
        let output = project.run_limited(&["award", "137", "--format", "json"]);
        let messages = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{:?}\n{messages}", output.status);
        assert!(!messages.contains("panicked"), "{messages}");
    });
}

#[test]
fn xlsx() {
    let seeds = ["openpyxl.xlsx", "libreoffice.xlsx", "hidden.xlsx"].map(seed);
    table(200, "t.xlsx", |dice| package(&seeds[dice.roll(3)], dice));
}

#[test]
fn xls() {
    let seeds = ["libreoffice.xls", "hidden.xls", "hidden-xlwt.xls"].map(seed);
    apart(25, "t.xls", |dice| records(&seeds[dice.roll(3)], dice));
}

#[test]
fn ods() {
    let seeds = ["libreoffice.ods", "hidden.ods"].map(seed);
    apart(25, "t.ods", |dice| package(&seeds[dice.roll(2)], dice));
}

#[test]
fn csv() {
    let plain = String::from_utf8(seed("invitations.csv")).expect("UTF-8");
    let quoted = plain.replace(',', "\",\"").replace('\n', "\"\r\n\"");
    table(400, "t.csv", |dice| {
        let seed = if dice.roll(2) == 0 { &plain } else { &quoted };
        let changed = parts(seed, |c| matches!(c, ',' | '\n' | '"'), dice);
        match dice.roll(5) {
            0 => changed.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            1 => [0xfe, 0xff].into_iter().chain(changed.encode_utf16().flat_map(u16::to_be_bytes)).collect(),
            2 => encoding_rs::GB18030.encode(&changed).0.into_owned(),
            3 => bytes(changed.as_bytes(), dice),
            _ => changed.into_bytes(),
        }
    });
}

#[test]
fn yaml_lists() {
    let yaml = "- exhibitor: E1\n  email: \"a@b.example\"\n- {exhibitor: E2, day: 2025-04-15}\n- exhibitor: |\n    E3\n";
    table(400, "t.yaml", |dice| text(yaml, dice));
}

// ---------------------------------------------------------------------------------------- settings and pages

/// A target that is a file of a whole project, which is checked as `check` does it.
fn checked(rounds: usize, name: &str, seeds: &[(&str, String)]) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("site");
    jinbang::project::start_site(&root, 137).expect("a site can be begun");
    for (path, seed) in seeds {
        let place = root.join(path);
        std::fs::create_dir_all(place.parent().expect("a file stands in a folder")).expect("a folder");
        std::fs::write(place, seed).expect("files can be written");
    }
    let mut chosen = 0;
    let chosen = std::cell::RefCell::new(&mut chosen);
    let make = |dice: &mut Dice| {
        let number = dice.roll(seeds.len());
        **chosen.borrow_mut() = number;
        text(&seeds[number].1, dice)
    };
    run(rounds, name, make, |file| {
        let (path, seed) = &seeds[**chosen.borrow()];
        std::fs::write(root.join(path), file).expect("files can be written");
        let files = Files::new(&root);
        let mut report = Report::new();
        let checked = build(&mut report, &files, &Options::default(), &Goal::Check, || {});
        checked.expect("the machine works");
        report.render(&files, Style::Plain, Lang::EN);
        std::fs::write(root.join(path), seed).expect("files can be written");
    });
}

#[test]
fn yaml_files() {
    let enterprise = shipped("data/enterprises/kesko.yaml");
    let roster = "updated: 2025-04-01\nplace: {zh: 展馆, en: Hall}\ncaveat: {zh: 以现场为准。, en: As on site.}\n\
                  phases: {1: [kesko]}\nsessions:\n  - {date: 2025-04-16, from: '09:00', until: '11:30', \
                  title: {zh: 对接会, en: Matchmaking}, enterprises: [kesko]}\n";
    checked(
        30,
        "yaml",
        &[
            ("data/site.yaml", site_file()),
            ("data/calendar.yaml", shipped("data/calendar.yaml")),
            ("data/enterprises/kesko.yaml", enterprise),
            ("data/fairs/137/roster.yaml", roster.to_owned()),
            ("data/fairs/137/fair.yaml", shipped("data/fairs/137/fair.yaml")),
            ("themes/canton/theme.yaml", "{}\n".to_owned()),
            ("themes/canton/en.yaml", shipped("themes/canton/en.yaml")),
        ],
    );
}

fn site_file() -> String {
    shipped("src/project/start/site/data/site.yaml").replace("{fair}", "137")
}

#[test]
fn markdown_pages() {
    let page = "---\ntitle: Briefings\nsummary: What they are.\norder: 3\ncontacts: []\nrelated: [activities]\n\
                dates: [phases, notice]\ndeadlines: [{date: 2025-04-10, title: Sign up}]\nupdated: 2025-05-06\n\
                aliases: [old/page/, /old.html]\n---\n\n## Part *one*\n\n1. [x](/activities/)\n2. <b>raw</b> &amp; `code`\n\n\
                > quoted\n> - ![p](x.png \"t\")\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n```\nfence\n```\n[a]: /zone/ 'z'\n[a]\n";
    let chinese = page.replace("Briefings", "说明会").replace("What they are", "什么是说明会");
    checked(
        30,
        "page.md",
        &[
            ("content/activities/briefings.en.md", page.to_owned()),
            ("content/activities/briefings.zh.md", chinese),
        ],
    );
}

#[test]
fn rulebooks() {
    let seed = project::shipped_rulebook();
    run(
        150,
        "rulebook.yaml",
        |dice| text(&seed, dice),
        |file| {
            let Ok(text) = String::from_utf8(file.to_vec()) else { return };
            let files = Files::new(".");
            let mut report = Report::new();
            let id = files.id("rulebook.yaml");
            parse_rulebook(&mut report, &files, id, text.into(), &[Lang::ZH, Lang::EN]);
            report.render(&files, Style::Plain, Lang::EN);
        },
    );
}

// ---------------------------------------------------------------------------------------- sealed results

/// A fair that is sealed, in a folder of its own.
fn sealed() -> Project {
    let project = Project::new();
    for table in ["exhibitors", "invitations", "attendance"] {
        project.table(&format!("{table}.csv"), seed(&format!("{table}.csv")));
    }
    let fair = FAIR.replace("[{file: penalties.csv}]", "none");
    let fair = fair
        .replace("attendance.csv}", "attendance.csv, set: {channel: onsite}, absent: [company, attended]}");
    let fair = fair + "accepted: [{finding: no-award, count: 1, because: a fair of two}]\n";
    project.table("fair.yaml", fair);
    let files = Files::new(project.root());
    let mut report = Report::new();
    let date = "2025-09-26".parse().expect("a date");
    let sealed = seal(&mut report, &files, 137, date, SealOptions::default()).expect("the machine works");
    assert!(sealed.is_some(), "{}", report.render(&files, Style::Plain, Lang::EN));
    project
}

#[test]
fn ledgers() {
    let project = sealed();
    let path = "data/fairs/137/ledger.json";
    let text = std::fs::read_to_string(project.root().join(path)).expect("the ledger is there");
    let whole: Value = serde_json::from_str(&text).expect("JSON");
    run(
        300,
        "ledger.json",
        |dice| match dice.roll(3) {
            0 => bytes(text.as_bytes(), dice),
            _ => json(&whole, dice),
        },
        |file| {
            if let Ok(text) = std::str::from_utf8(file) {
                let _ = Ledger::read(text);
            }
            project.table("ledger.json", file);
            let files = Files::new(project.root());
            let mut report = Report::new();
            let read = sealed_fair(&mut report, &files, 137).expect("the machine works");
            // What is read is sound enough to be made a list of.
            drop(read.map(|sealed| sealed.seal.written()));
            report.render(&files, Style::Plain, Lang::EN);
        },
    );
}

#[test]
fn receipts() {
    let project = sealed();
    let files = Files::new(project.root());
    let sealed =
        sealed_fair(&mut Report::new(), &files, 137).expect("the machine works").expect("it is sealed");
    let output = project.run(&["receipt", "E0001", "--fair", "137"]);
    let whole: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    run(
        300,
        "receipt.json",
        |dice| json(&whole, dice),
        |file| {
            let mut report = Report::new();
            let receipt = read_receipt(&mut report, file);
            let proven = receipt.and_then(|receipt| check_receipt(&mut report, &sealed.seal, &receipt));
            assert!(proven.is_some() || report.has_errors(), "what is not proven is refused");
            report.render(&files, Style::Plain, Lang::EN);
        },
    );
}
