//! The award rules by cases that the fair's office can read: every page in `tests/rulebook` is a project of
//! small tables, with what is expected of it. `tests/rulebook/README.md` says how a page is written.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::project;
use crate::project::Project;

/// A table of a page: rows by column.
type Table = Vec<BTreeMap<String, String>>;

/// A page, read.
#[derive(Default)]
struct Page {
    title: String,
    tables: BTreeMap<String, Table>,
    /// What is expected, under the policies that the heading names.
    expected: Vec<(Vec<String>, Table)>,
}

/// For every table the columns that may be left out, with what stands in them then.
const LEFT_OUT: [(&str, &[(&str, &str)]); 4] = [
    ("exhibitors", &[("name_zh", "示例企业"), ("fairs", "136;137")]),
    ("invitations", &[("status", "sent")]),
    ("attendance", &[("country", "FR"), ("channel", "onsite"), ("first_time", "yes")]),
    ("penalties", &[]),
];

#[test]
fn every_page_says_what_the_program_does() {
    let folder = project::here().join("tests/rulebook");
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("the pages are there").map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut wrong = Vec::new();
    let mut pages = 0;
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == "README.md" || !name.ends_with(".md") {
            continue;
        }
        pages += 1;
        let text = fs::read_to_string(&path).expect("a page can be read");
        match read_page(&text).and_then(|page| hold(&page)) {
            Ok(()) => {}
            Err(error) => wrong.push(format!("tests/rulebook/{name}: {error}")),
        }
    }
    assert!(pages > 0, "there are no pages");
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Runs the program on a page and compares.
fn hold(page: &Page) -> Result<(), String> {
    let project = Project::new();
    let mut fair = project::FAIR.to_owned();
    if !page.tables.contains_key("penalties") {
        fair = fair.replace("penalties: [{file: penalties.csv}]", "penalties: none");
    }
    if let Some(rulings) = page.tables.get("rulings") {
        fair.push_str(NOTICE);
        project.table("rulings.yaml", rulings_text(rulings));
    }
    project.write("data/fairs/137/fair.yaml", fair);
    for (name, left_out) in LEFT_OUT {
        let empty = Table::new();
        let rows = page.tables.get(name).unwrap_or(&empty);
        if name != "penalties" || !rows.is_empty() {
            project.table(&format!("{name}.csv"), csv_text(name, rows, left_out));
        }
    }
    let mut wrong = Vec::new();
    for (policies, expected) in &page.expected {
        let mut arguments = vec!["award", "137", "--format", "json"];
        for policy in policies {
            arguments.extend(["--policy", policy]);
        }
        let output = project.run(&arguments);
        if !output.status.success() {
            return Err(format!("the program refuses it:\n{}", String::from_utf8_lossy(&output.stderr)));
        }
        let results: Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
        for row in expected {
            for (column, value) in row {
                let exhibitor = &row["exhibitor"];
                let found = result(&results, exhibitor, column)?;
                if *value != found {
                    let under = match policies.is_empty() {
                        true => String::new(),
                        false => format!(" with {}", policies.join(", ")),
                    };
                    wrong.push(format!("{exhibitor}{under}: {column} is `{found}`, expected `{value}`"));
                }
            }
        }
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!("\n  {}", wrong.join("\n  "))),
    }
}

/// The notice of a page with rulings.
const NOTICE: &str =
    "notice: {number: {zh: 一, en: One}, issuer: {zh: 甲, en: A}, published: 2025-09-26, contact: x}\n";

/// The rulings of a page, as `rulings.yaml`.
fn rulings_text(rows: &Table) -> String {
    let mut text = String::new();
    for row in rows {
        let (date, decides, exhibitor) = (&row["date"], &row["decides"], &row["exhibitor"]);
        let cell = |column: &str| row.get(column).filter(|cell| *cell != "—");
        let more = match decides.as_str() {
            "correct-match" => format!(", counts: {}", cell("counts").map_or("", String::as_str)),
            "confirm-penalty" => ", from_fair: 137, until_fair: 138".to_owned(),
            _ => String::new(),
        };
        let body = match decides.as_str() {
            "correct-record" => {
                let (table, line) = (&row["table"], &row["line"]);
                let (field, from, to) = (&row["field"], &row["from"], &row["to"]);
                let concerns = cell("exhibitor").map_or("", String::as_str);
                format!(
                    "table: {table}, place: {{file: {table}.csv, row: {line}}}, field: {field}, \
                     from: {from}, to: {to}, concerns: [{concerns}]"
                )
            }
            _ => format!("exhibitor: {exhibitor}{more}"),
        };
        text.push_str(&format!(
            "- date: {date}\n  decides: {{{decides}: {{{body}}}}}\n  \
             authority: {{zh: 甲, en: A}}\n  reason: {{zh: 乙, en: B}}\n"
        ));
        if let Some(line) = cell("attendance line") {
            text.push_str(&format!("  rows: [{{file: attendance.csv, row: {line}}}]\n"));
        }
    }
    text
}

/// A result of an exhibitor as a page writes it: `—` for nothing.
fn result(results: &Value, exhibitor: &str, column: &str) -> Result<String, String> {
    let all = results["exhibitors"].as_array().expect("results list the exhibitors");
    let found = all.iter().find(|found| found["exhibitor"] == exhibitor);
    let found = found.ok_or(format!("no result for `{exhibitor}`"))?;
    let value = match column.split_once(' ') {
        None => found.get(column),
        Some((indicator, part)) => match &found["indicators"] {
            Value::Null => Some(&Value::Null),
            indicators => indicators.get(indicator).and_then(|indicator| indicator.get(part)),
        },
    };
    Ok(match value.ok_or(format!("results have no `{column}`"))? {
        Value::Null => "—".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(gates) if gates.is_empty() => "—".to_owned(),
        Value::Array(gates) => {
            gates.iter().map(|gate| gate.as_str().unwrap_or_default()).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    })
}

fn csv_text(name: &str, rows: &Table, left_out: &[(&str, &str)]) -> Vec<u8> {
    let mut columns: Vec<String> = rows.first().map(|row| row.keys().cloned().collect()).unwrap_or_default();
    if columns.is_empty() {
        columns = vec![if name == "attendance" { "buyer" } else { "exhibitor" }.to_owned()];
    }
    for (column, _) in left_out {
        if columns.iter().all(|known| known != column) {
            columns.push((*column).to_owned());
        }
    }
    let mut text = csv::Writer::from_writer(Vec::new());
    text.write_record(&columns).expect("memory grows");
    for row in rows {
        let value = |column: &String| {
            let given = row.get(column).map(String::as_str);
            given
                .or(left_out.iter().find(|(known, _)| known == column).map(|(_, value)| *value))
                .unwrap_or("")
        };
        text.write_record(columns.iter().map(value)).expect("memory grows");
    }
    text.into_inner().expect("memory grows")
}

/// Reads a page: a title, and under second headings one table each.
fn read_page(text: &str) -> Result<Page, String> {
    let mut page = Page::default();
    let mut heading: Option<String> = None;
    let mut table: Vec<Vec<String>> = Vec::new();
    for line in text.lines().chain(["## "]) {
        if let Some(title) = line.strip_prefix("# ") {
            page.title = title.trim().to_owned();
        } else if let Some(next) = line.strip_prefix("## ") {
            if let Some(heading) = heading.take() {
                take_table(&mut page, &heading, std::mem::take(&mut table))?;
            }
            heading = Some(next.trim().to_owned());
        } else if let Some(row) = line.trim().strip_prefix('|') {
            if heading.is_none() {
                return Err(format!("this table stands under no heading: {line}"));
            }
            let cells = row.strip_suffix('|').ok_or(format!("this row does not end with |: {line}"))?;
            table.push(cells.split('|').map(|cell| cell.trim().to_owned()).collect());
        }
    }
    if page.title.is_empty() {
        return Err("the page has no title".to_owned());
    }
    if page.expected.iter().all(|(_, rows)| rows.is_empty()) {
        return Err("the page expects nothing".to_owned());
    }
    Ok(page)
}

fn take_table(page: &mut Page, heading: &str, table: Vec<Vec<String>>) -> Result<(), String> {
    let mut rows = table.into_iter();
    let columns = rows.next().ok_or(format!("there is no table under `{heading}`"))?;
    let ruler = rows.next().unwrap_or_default();
    if ruler.is_empty() || ruler.iter().any(|cell| !cell.trim_matches([':', '-']).is_empty()) {
        return Err(format!("the second row under `{heading}` is not `| --- |`"));
    }
    let mut taken = Table::new();
    for row in rows {
        if row.len() != columns.len() {
            return Err(format!("{} cells for {} columns: {}", row.len(), columns.len(), row.join(" | ")));
        }
        for mut row in expand(&row)? {
            // `×` repeats a row.
            let times = match columns.iter().position(|column| column == "×") {
                None => 1,
                Some(place) => {
                    let times = std::mem::take(&mut row[place]);
                    times.parse().map_err(|_| format!("`{times}` is not a number of times"))?
                }
            };
            let cells: BTreeMap<String, String> =
                columns.iter().cloned().zip(row).filter(|(column, _)| column != "×").collect();
            taken.extend(std::iter::repeat_n(cells, times));
        }
    }
    let (kind, rest) = heading.split_once(' ').unwrap_or((heading, ""));
    match (kind, rest) {
        ("Exhibitors" | "Invitations" | "Attendance" | "Penalties" | "Rulings", "") => {
            if page.tables.insert(kind.to_lowercase(), taken).is_some() {
                return Err(format!("`{heading}` stands twice"));
            }
        }
        ("Expected", _) => {
            if taken.iter().any(|row| !row.contains_key("exhibitor") || row.len() < 2) {
                return Err(format!("`{heading}` needs a column `exhibitor` and something expected"));
            }
            let policies = match rest.strip_prefix("with ") {
                Some(policies) => policies.split(" and ").map(|p| p.trim_matches('`').to_owned()).collect(),
                None if rest.is_empty() => Vec::new(),
                None => return Err(format!("`{heading}` is not a heading of a page")),
            };
            page.expected.push((policies, taken));
        }
        _ => return Err(format!("`{heading}` is not a heading of a page")),
    }
    Ok(())
}

/// The rows for which a row stands: `E01–03` counts from E01 to E03. Ranges of one row run side by side.
fn expand(row: &[String]) -> Result<Vec<Vec<String>>, String> {
    let ranges: Vec<Option<Range<'_>>> = row.iter().map(|cell| range(cell)).collect();
    let mut lengths = ranges.iter().flatten().map(|range| range.until - range.from + 1);
    let Some(length) = lengths.next() else { return Ok(vec![row.to_vec()]) };
    if lengths.any(|other| other != length) {
        return Err(format!("ranges of different length in one row: {}", row.join(" | ")));
    }
    let cell = |step: u32, column: usize| match &ranges[column] {
        None => row[column].clone(),
        Some(Range { before, from, width, after, .. }) => format!("{before}{:0width$}{after}", from + step),
    };
    Ok((0..length).map(|step| (0..row.len()).map(|column| cell(step, column)).collect()).collect())
}

/// The parts of `b08–12@example.com`.
struct Range<'a> {
    before: &'a str,
    from: u32,
    until: u32,
    /// How many digits the first number has; zeros in front count.
    width: usize,
    after: &'a str,
}

fn range(cell: &str) -> Option<Range<'_>> {
    let (left, right) = cell.split_once('–')?;
    let width = left.bytes().rev().take_while(u8::is_ascii_digit).count();
    let more = right.bytes().take_while(u8::is_ascii_digit).count();
    let (before, from) = left.split_at(left.len() - width);
    let (until, after) = right.split_at(more);
    let (from, until) = (from.parse().ok()?, until.parse().ok()?);
    (from <= until).then_some(Range { before, from, until, width, after })
}

#[test]
fn a_page_that_expects_nothing_is_refused() {
    let page = "# T\n## Exhibitors\n| exhibitor |\n| --- |\n| E1 |\n";
    assert_eq!(read_page(page).err().as_deref(), Some("the page expects nothing"));
    let page = format!("{page}## Expected\n| exhibitor |\n| --- |\n| E1 |\n");
    assert!(read_page(&page).is_err_and(|error| error.contains("something expected")));
}

#[test]
fn a_page_that_expects_something_else_is_refused() {
    let page = "# T\n## Exhibitors\n| exhibitor |\n| --- |\n| E1 |\n## Expected\n| exhibitor | invitations |\n| --- | --- |\n| E1 | 1 |\n";
    let error = hold(&read_page(page).expect("a page")).expect_err("E1 sent none");
    assert!(error.contains("E1: invitations is `0`, expected `1`"), "{error}");
}
