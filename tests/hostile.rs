//! Files that were made to do harm, and damage of every kind: each is read, or refused with a clear error, in less
//! than ten seconds of processor time and one gigabyte, and never by a panic.
//!
//! `JINBANG_CORPORA=DIR` adds every file below DIR, and prints a table of what came of them.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::process::Output;
use std::time::{Duration, Instant};

use jinbang::lang::Lang;
use jinbang::site::markdown::{Around, render};
use jinbang::source::{Files, Report};
use zip::write::SimpleFileOptions;

use crate::project;
use crate::project::{FAIR, Project};

/// Runs the program on a project whose exhibitors are in a file, with less than it may use.
fn limited(project: &Project, file: &str) -> Output {
    project.table("fair.yaml", FAIR.replace("exhibitors.csv", &format!("'{file}'")));
    project.run_limited(&["award", "137", "--format", "json"])
}

fn with_other_tables() -> Project {
    let project = Project::new();
    project.table("invitations.csv", "企业编号,发送状态\nE1,成功\n");
    project.table("attendance.csv", "采购商编号,国家地区,参会方式,是否首次\n1,FR,现场,是\n");
    project.table("penalties.csv", "企业编号,起始届次,截止届次\n");
    project
}

/// Checks how a run ended: with results, or with errors.
#[track_caller]
fn checked(name: &str, output: &Output) {
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{name}: {:?}\n{messages}", output.status);
    assert!(!messages.contains("panicked"), "{name}: {messages}");
}

/// A file is refused, and the message says why.
#[track_caller]
fn refused(file: &str, content: impl AsRef<[u8]>, why: &str) {
    let project = with_other_tables();
    project.table(file, content);
    let output = limited(&project, file);
    checked(file, &output);
    let messages = String::from_utf8_lossy(&output.stderr);
    let mut errors = messages.lines().filter(|line| line.starts_with("error["));
    assert!(errors.any(|error| error.contains(why)), "{why:?} is said:\n{messages}");
}

// ---------------------------------------------------------------------------------------- workbooks

const SHEET: &str = "xl/worksheets/sheet1.xml";
const STRINGS: &str = "xl/sharedStrings.xml";

/// The parts of a small workbook, in which a part may be replaced or added.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let workbook =
        r#"<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    let relations = r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let root = r#"<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let usual: [(&str, &[u8]); 5] = [
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        (SHEET, b"<worksheet><sheetData/></worksheet>"),
    ];
    let replaced = |name: &str| parts.iter().any(|(part, _)| *part == name);
    for (name, content) in usual.iter().filter(|(name, _)| !replaced(name)).chain(parts) {
        archive.start_file(*name, SimpleFileOptions::default()).expect("memory grows");
        archive.write_all(content).expect("memory grows");
    }
    archive.finish().expect("memory grows").into_inner()
}

fn sheet(rows: &str) -> Vec<u8> {
    package(&[(SHEET, format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").as_bytes())])
}

/// Changes the bytes of a package wherever they stand.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut found = 0;
    for at in 0..bytes.len().saturating_sub(from.len()) {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
            found += 1;
        }
    }
    assert!(found > 0, "there is something to change");
    bytes
}

#[test]
fn packages_that_lie_are_refused_before_they_are_unpacked() {
    let bomb = vec![b' '; 64 << 20];
    refused("bomb.xlsx", package(&[(SHEET, &bomb)]), "times its size");
    let twice = patched(package(&[("xl/worksheets/sheet2.xml", b"<a/>")]), b"sheet2.xml", b"Sheet1.xml");
    refused("twice.xlsx", twice, "twice");
    let many: Vec<(String, Vec<u8>)> = (0..10_100).map(|n| (format!("x/{n}"), Vec::new())).collect();
    let many: Vec<(&str, &[u8])> =
        many.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    refused("many.xlsx", package(&many), "parts");
    // The directory says that the sheet is shorter than it is.
    let rows = "<row/>".repeat(1000);
    let long = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let length = u32::try_from(long.len()).expect("a short text").to_le_bytes();
    refused("lying.xlsx", patched(package(&[(SHEET, long.as_bytes())]), &length, &[9, 0, 0, 0]), "damaged");
    let mut cut = sheet(&rows);
    cut.truncate(cut.len() - 30);
    refused("cut.xlsx", cut, "truncated");
}

#[test]
fn sheets_that_claim_too_much_are_refused() {
    for (rows, why) in [
        ("<row r='1048577'><c/></row>", "it has a row 1048577"),
        ("<row r='99999999999'><c/></row>", "damaged number"),
        ("<row r='0'/>", "damaged number"),
        ("<row r='1'><c r='XFE1'><v>1</v></c></row>", "column 16385"),
        ("<row r='1'><c r='ZZZZZZZZZZZZZZZZZZZZ1'/></row>", "column"),
        ("<row r='1'><c r='A2'/></row>", "gives another row as its place"),
        ("<row r='1'><c r='A1'/><c r='A1'/></row>", "duplicated"),
        ("<row r='2'/><row r='1'/>", "out of order"),
        ("<row><c t='s'><v>0</v></c></row>", "refers to a text that does not exist"),
        ("<row><c t='s'><v>-1</v></c></row>", "refers to a text that does not exist"),
        ("<row><c t='n'><v>1e999</v></c></row>", "a number cell contains something else"),
        ("<row><c><v>NaN</v></c></row>", "a number cell contains something else"),
        ("<row><c t='x'><v>1</v></c></row>", "unknown type"),
        ("<row><c><row/></c></row>", "unexpected content in"),
        ("<row><c>", "unexpected content in"),
    ] {
        refused("sheet.xlsx", sheet(rows), why);
    }
    let long = "x".repeat(200_000);
    refused("text.xlsx", sheet(&format!("<row><c t='str'><v>{long}</v></c></row>")), "KB");
    let nested = "<a>".repeat(200_000);
    refused("deep.xlsx", sheet(&nested), "something other than a row");
    let attributes = " a='1'".repeat(300_000);
    refused("attributes.xlsx", sheet(&format!("<row{attributes}/>")), "more than 1024 KB");
    let entities = "<!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><worksheet><sheetData/></worksheet>";
    refused("entities.xlsx", package(&[(SHEET, entities.as_bytes())]), "document type definition");
}

#[test]
fn what_rows_share_is_bounded_and_lies_about_it_are_not_believed() {
    let claims = b"<sst count='4000000000' uniqueCount='1000000000000000000'><si><t>a</t></si></sst>";
    let row = "<row><c t='s'><v>0</v></c></row>";
    let sheet = format!("<worksheet><sheetData>{row}</sheetData></worksheet>");
    refused("claims.xlsx", package(&[(STRINGS, claims), (SHEET, sheet.as_bytes())]), "no-headings");
    // A long text in very many cells.
    let text = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(30_000));
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", row.repeat(20_000));
    refused("shared.xlsx", package(&[(STRINGS, text.as_bytes()), (SHEET, sheet.as_bytes())]), "long texts");
    // Two cells as far from each other as cells can be.
    let far = "<worksheet><sheetData><row r='1'><c r='A1' t='str'><v>x</v></c></row><row r='1048576'>\
        <c r='XFD1048576' t='str'><v>x</v></c></row></sheetData></worksheet>";
    refused("far.xlsx", package(&[(SHEET, far.as_bytes())]), "no-headings");
}

#[test]
fn formats_that_cannot_be_streamed_are_read_within_limits() {
    let files = project::here().join("tests/spreadsheets");
    let xls = std::fs::read(files.join("libreoffice.xls")).expect("a workbook");
    // The chain of sectors of the directory leads back to itself.
    let mut looped = xls.clone();
    for sector in 0..4usize {
        let at =
            512 + u32::from_le_bytes(xls[76..80].try_into().expect("four bytes")) as usize * 512 + sector * 4;
        looped[at..at + 4].copy_from_slice(&u32::try_from(sector).expect("small").to_le_bytes());
    }
    refused("loop.xls", looped, "streams are broken");
    refused("cut.xls", &xls[..xls.len() / 2], "workbook-damaged");
    let ods = |content: &str| {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", "<manifest/>"),
            ("content.xml", content),
        ] {
            archive.start_file(name, SimpleFileOptions::default()).expect("memory grows");
            archive.write_all(content.as_bytes()).expect("memory grows");
        }
        archive.finish().expect("memory grows").into_inner()
    };
    let far = "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:body><office:spreadsheet>\
        <table:table table:name='S'><table:table-row table:number-rows-repeated='4000000000'>\
        <table:table-cell office:value-type='string' table:number-columns-repeated='16000'><text:p>x</text:p>\
        </table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>";
    refused("far.ods", ods(far), "workbook-damaged");
    refused("none.ods", ods("<a/>"), "error[");
}

// ---------------------------------------------------------------------------------------- text

#[test]
fn text_that_grows_or_nests_is_refused() {
    let open = format!("企业编号,企业名称\nE1,\"{}", "a,b\n".repeat(3 << 20));
    refused("open.csv", open, "open-quotation");
    refused("wide.csv", format!("企业编号,企业名称\n{}", ",".repeat(200_000)), "error[");
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        let before = format!("*a{}", n - 1);
        laughs.push_str(&format!("a{n}: &a{n} [{}]\n", [before.as_str(); 9].join(", ")));
    }
    refused("laughs.yaml", laughs, "yaml-feature");
    refused("deep.yaml", "[".repeat(200_000), "yaml-feature");
    refused("block.yaml", "- ".repeat(200_000), "yaml-feature");
    refused("merge.yaml", "a: &a {b: 1}\n<<: *a\n", "yaml-feature");
    refused("keys.yaml", "? ".repeat(100_000), "yaml");
    refused("quad.yaml", format!("{{{}", "a: ".repeat(60_000)), "yaml");
    refused("flat.yaml", "- a\n".repeat(2_000_000), "wrong-type");
    refused("large.yaml", "- a\n".repeat(3_000_000), "yaml-size");
    refused("many.yaml", (0..60_000).map(|n| format!("k{n}: 1\n")).collect::<String>(), "wrong-type");
}

#[test]
fn markdown_that_nests_is_rendered_in_time() {
    let file = Files::new(".").id("page.zh.md");
    let count = 160_000;
    for text in [
        "[a](".repeat(count / 4),
        "![a](".repeat(count / 5),
        "[^a]".repeat(count / 4),
        "[^a]: b\n[^a]".repeat(count / 12),
        ">".repeat(count),
        "*a".repeat(count / 2),
        "*，a".repeat(count / 5),
        "~a ~~b".repeat(count / 6),
        "https://https://a.b@".repeat(count / 20),
        "1、甲\n2、乙\n".repeat(count / 16),
        "| a |\n".repeat(count / 6),
        "- [ ] a\n".repeat(count / 8),
        "[".repeat(count),
        "![[]()".repeat(count / 5),
        "> ".repeat(count),
        "*a **a ".repeat(count / 5),
        "- ".repeat(count),
        "`a``b```c````".repeat(count / 10),
        "<a".repeat(count),
        "a\n|-\n".repeat(count / 5),
        "[a]: b\n[a]".repeat(count / 5),
        "&#x41;&amp".repeat(count / 5),
        (0..count / 5).map(|n| format!("# a\n\n{n}. b\n")).collect(),
    ] {
        let start = Instant::now();
        let mut report = Report::new();
        let no_fact = |_: &str| Err(jinbang::site::placeholder::Unknown { known: Vec::new() });
        let around = Around {
            lang: Lang::ZH,
            word: &str::to_owned,
            fact: &no_fact,
            resolve: &|_| Err(None),
            find: &|_| Err(None),
        };
        render(&mut report, file, &text, 0, &around);
        let begins: String = text.chars().take(12).collect();
        assert!(start.elapsed() < Duration::from_secs(10), "{begins:?} took {:?}", start.elapsed());
    }
}

// ---------------------------------------------------------------------------------------- corpora

#[test]
#[ignore = "needs JINBANG_CORPORA, a folder of strange and hostile files"]
fn every_file_of_the_corpora_is_read_or_refused() {
    let folder = PathBuf::from(std::env::var_os("JINBANG_CORPORA").expect("JINBANG_CORPORA names a folder"));
    // By what came of them: how many, and the longest time.
    let mut outcomes: BTreeMap<String, (usize, Duration)> = BTreeMap::new();
    let project = with_other_tables();
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
        let entry = entry.expect("the folder can be read");
        if !entry.file_type().is_file() {
            continue;
        }
        let ending = entry.path().extension().and_then(|ending| ending.to_str()).unwrap_or("xlsx");
        let name = format!("file.{}", ending.to_ascii_lowercase());
        project.table(&name, std::fs::read(entry.path()).expect("the file can be read"));
        let start = Instant::now();
        let output = limited(&project, &name);
        let shown = entry.path().display().to_string();
        checked(&shown, &output);
        assert!(start.elapsed() < Duration::from_secs(20), "{shown} took {:?}", start.elapsed());
        project.remove(&name);
        let (count, longest) = outcomes.entry(outcome(&output)).or_default();
        *count += 1;
        *longest = start.elapsed().max(*longest);
    }
    assert!(!outcomes.is_empty(), "{} holds files", folder.display());
    eprintln!("files  longest  outcome");
    for (outcome, (count, longest)) in &outcomes {
        eprintln!("{count:>5}  {longest:>7.2?}  {outcome}");
    }
}

/// What came of a file: read as a table, or the reason why not. Strange tables lack headings that a fair needs.
fn outcome(output: &Output) -> String {
    let messages = String::from_utf8_lossy(&output.stderr);
    let mut errors = messages.lines().filter_map(|line| line.strip_prefix("error[")?.split_once("]: "));
    match errors.next() {
        None => "read".to_owned(),
        Some((code @ "no-headings", _)) => format!("read, {code}"),
        Some((code, _)) => format!("refused, {code}"),
    }
}
