//! Every field by which awards are decided, under every choice of every policy, taken out of one of three sheets of its
//! table: an error that names the field and the sheet, and prints the `sources` with which there is none.
//!
//! Which fields decide is asked of the rulebook: a rule that looks at another one is tried here without a change.

use std::collections::BTreeSet;

use jinbang::data::Amendments;
use jinbang::fair::{Demands, Observers, SHAPES, read_facts};
use jinbang::lang::Lang;
use jinbang::project::read_fair;
use jinbang::rulebook::POLICIES;
use jinbang::source::{Files, Level, Report, Style};
use rayon::prelude::*;
use rust_xlsxwriter::Workbook;

use crate::project;
use crate::project::Project;

/// The sheets of each table, as names of sheets or within the names of files.
const SHEETS: [&str; 3] = ["一期", "二期", "三期"];

const HEAD: &str = "fair: 137\nprevious_fair: 136\nrulebook: {id: i-invite, version: 1}\n";

/// How the sheets of a table are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    /// Files that one pattern names.
    Texts,
    /// A workbook.
    Workbook,
}

/// What is done to a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Harm {
    Removed,
    Emptied,
}

/// The rows of a sheet, the headings first.
type Rows = Vec<Vec<String>>;

/// A sheet of a table in which every field that may decide has values.
fn sound_sheet(table: &str, sheet: usize) -> Rows {
    let letter = ["A", "B", "C"][sheet];
    let text = match table {
        "exhibitors" => {
            format!("exhibitor,name_zh,fairs\nE{letter}1,示例一厂,136;137\nE{letter}2,示例二厂,136;137")
        }
        "invitations" => format!(
            "exhibitor,code,buyer_name,company,email,sent_on,status\n\
             E{letter}1,K{letter}1,Name {letter}1,Firm {letter}1,a{letter}@firm.example,2025-04-01,sent\n\
             E{letter}2,K{letter}2,Name {letter}2,Firm {letter}2,b{letter}@firm.example,2025-04-02,sent"
        ),
        "attendance" => format!(
            "buyer,company,email,code,country,channel,first_time,attended,seen_on\n\
             1{letter},Firm {letter}1,a{letter}@firm.example,K{letter}1,FR,onsite,yes,yes,2025-04-16\n\
             2{letter},Firm {letter}2,b{letter}@firm.example,K{letter}2,DE,onsite,no,yes,2025-04-17"
        ),
        other => panic!("no sheet of `{other}`"),
    };
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// Does harm to the column of a field.
fn harm(rows: &mut Rows, field: &str, harm: Harm) {
    let column = rows[0].iter().position(|heading| heading == field);
    let column = column.unwrap_or_else(|| panic!("the tables of this test need a column `{field}`"));
    for (number, row) in rows.iter_mut().enumerate() {
        match harm {
            Harm::Removed => drop(row.remove(column)),
            Harm::Emptied if number > 0 => row[column].clear(),
            Harm::Emptied => {}
        }
    }
}

/// Writes the sheets of a table, and says the source that names them.
fn write_table(project: &Project, form: Form, table: &str, sheets: &[Rows]) -> String {
    match form {
        Form::Texts => {
            for (name, rows) in SHEETS.iter().zip(sheets) {
                let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
                project.write(&format!("data/fairs/137/{table}-{name}.csv"), lines.join("\n"));
            }
            format!("  {table}:\n    - {{file: \"{table}-*.csv\"}}\n")
        }
        Form::Workbook => {
            let mut book = Workbook::new();
            for (name, rows) in SHEETS.iter().zip(sheets) {
                let sheet = book.add_worksheet().set_name(*name).expect("a name of a sheet");
                for (row, cells) in (0..).zip(rows) {
                    for (column, cell) in (0..).zip(cells) {
                        sheet.write_string(row, column, cell).expect("a cell");
                    }
                }
            }
            project
                .write(&format!("data/fairs/137/{table}.xlsx"), book.save_to_buffer().expect("a workbook"));
            format!("  {table}:\n    - {{file: {table}.xlsx}}\n")
        }
    }
}

/// The place of a sheet, as messages name it. The files that a pattern names are read in the order of their names.
fn place(form: Form, table: &str, sheet: usize) -> String {
    match form {
        Form::Texts => format!("data/fairs/137/{table}-{}.csv", SHEETS[sheet]),
        Form::Workbook => format!("data/fairs/137/{table}.xlsx {}", SHEETS[sheet]),
    }
}

/// A problem: its code, the place, the message, the hints.
#[derive(Debug)]
struct Told {
    code: &'static str,
    place: String,
    message: String,
    hints: Vec<String>,
}

/// The errors that reading the tables ends with.
fn errors(project: &Project, demands: &Demands) -> Vec<Told> {
    errors_in(project, demands, Lang::EN)
}

/// The same in a language.
fn errors_in(project: &Project, demands: &Demands, lang: Lang) -> Vec<Told> {
    let files = Files::new(project.root());
    let mut report = Report::new();
    let fair = read_fair(&mut report, &files, 137).expect("files can be read");
    let sound = fair.as_ref().filter(|_| !report.has_errors());
    let rendered = || report.render(&files, Style::Plain, Lang::EN);
    let fair = sound.unwrap_or_else(|| panic!("fair.yaml is sound: {}", rendered()));
    let sources = &fair.sources.as_ref().expect("it names its tables").value;
    let mut report = Report::new();
    read_facts(&mut report, &files, fair, sources, demands, &Amendments::default(), Observers::none())
        .expect("files can be read");
    let told = |problem: &jinbang::source::Problem| Told {
        code: problem.code.as_str(),
        place: problem.span.map(|span| files.at(span)).unwrap_or_default(),
        message: problem.message.text(lang),
        hints: problem.hints.iter().map(|hint| hint.text(lang)).collect(),
    };
    report.problems().iter().filter(|problem| problem.level == Level::Error).map(told).collect()
}

/// What each choice of each policy asks of the tables, each once.
fn all_demands() -> Vec<(String, Demands)> {
    let rulebook = project::rulebook(&project::shipped_rulebook());
    let mut seen: BTreeSet<BTreeSet<(&str, &str)>> = BTreeSet::new();
    let mut all = Vec::new();
    for (policy, choices) in POLICIES {
        for choice in *choices {
            let mut chosen = rulebook.choices.clone();
            assert!(chosen.choose(policy, choice), "{policy}: {choice}");
            let demands = rulebook.demands(&chosen);
            if seen.insert(demands.deciding.clone()) {
                all.push((format!("{policy}: {choice}"), demands));
            }
        }
    }
    all
}

/// Whether every row must have a value of a field, so that it cannot be said to be absent.
fn is_required(table: &str, field: &str) -> bool {
    let shape = SHAPES.into_iter().find(|shape| shape.name == table).expect("a table");
    shape.fields[shape.field(field).expect("a field of the table")].required
}

/// A project whose tables are sound, and its `sources`.
fn sound_project(form: Form) -> (Project, String) {
    let project = Project::new();
    let mut sources = "sources:\n".to_owned();
    for table in ["exhibitors", "invitations", "attendance"] {
        let sheets: Vec<Rows> = (0..SHEETS.len()).map(|sheet| sound_sheet(table, sheet)).collect();
        sources += &write_table(&project, form, table, &sheets);
    }
    sources += "  penalties: none\n";
    project.write("data/fairs/137/fair.yaml", format!("{HEAD}{sources}"));
    (project, sources)
}

#[test]
fn a_deciding_field_that_one_of_three_sheets_lacks_is_an_error_under_every_policy() {
    let all = all_demands();
    assert!(all.len() > 2, "some policies look at more fields: {all:?}");
    let mut tried: Vec<(Form, &str, &Demands, &str, &str)> = Vec::new();
    for (policy, demands) in &all {
        for &(table, field) in &demands.deciding {
            for form in [Form::Texts, Form::Workbook] {
                tried.push((form, policy, demands, table, field));
            }
        }
    }
    tried.par_iter().for_each(|(form, policy, demands, table, field)| {
        take_out(*form, &format!("{form:?}, {policy}, `{field}` of {table}"), demands, table, field);
    });
}

#[test]
fn what_is_to_be_pasted_is_the_same_in_every_language() {
    let (project, _) = sound_project(Form::Texts);
    let mut sheets: Vec<Rows> = (0..SHEETS.len()).map(|sheet| sound_sheet("attendance", sheet)).collect();
    for field in ["code", "company"] {
        harm(&mut sheets[1], field, Harm::Removed);
    }
    write_table(&project, Form::Texts, "attendance", &sheets);
    let (_, demands) = &all_demands()[0];
    for lang in [Lang::EN, Lang::ZH] {
        let told = errors_in(&project, demands, lang);
        let hints: Vec<&String> = told.iter().flat_map(|told| &told.hints).collect();
        assert!(hints.iter().any(|hint| hint.contains("`absent: [company, code]`")), "{hints:#?}");
    }
}

/// Takes a field out of each sheet of its table in turn.
fn take_out(form: Form, case: &str, demands: &Demands, table: &str, field: &str) {
    let (project, sources) = sound_project(form);
    let sound = errors(&project, demands);
    assert!(sound.is_empty(), "{case}: {sound:#?}");
    for sheet in 0..SHEETS.len() {
        for done in [Harm::Removed, Harm::Emptied] {
            let case = format!("{case}, {done:?} in {}", SHEETS[sheet]);
            let mut sheets: Vec<Rows> = (0..SHEETS.len()).map(|sheet| sound_sheet(table, sheet)).collect();
            harm(&mut sheets[sheet], field, done);
            write_table(&project, form, table, &sheets);
            let told = errors(&project, demands);
            if is_required(table, field) {
                check_required(&case, field, &place(form, table, sheet), done, &told);
                continue;
            }
            let block = check_deciding(&case, field, &place(form, table, sheet), &told);
            project.write("data/fairs/137/fair.yaml", format!("{HEAD}{block}\n"));
            let left = errors(&project, demands);
            assert!(left.is_empty(), "{case}: with\n{block}\n{left:#?}");
            project.write("data/fairs/137/fair.yaml", format!("{HEAD}{sources}"));
        }
    }
}

/// One error, on the sheet and about the field. Returns the `sources` that it prints.
fn check_deciding(case: &str, field: &str, place: &str, told: &[Told]) -> String {
    let [one] = told else { panic!("{case}: one error is told: {told:#?}") };
    assert_eq!((one.code, one.place.as_str()), ("deciding-field", place), "{case}: {one:#?}");
    assert!(one.message.contains(place) && one.message.contains(field), "{case}: {one:#?}");
    let block = one.hints.iter().find_map(|hint| hint.split_once("\nsources:"));
    let (_, block) = block.unwrap_or_else(|| panic!("{case}: the sources are printed: {one:#?}"));
    format!("sources:{block}")
}

/// Errors of the sheet that name the field; where the column is gone, one that says how to name another.
fn check_required(case: &str, field: &str, place: &str, done: Harm, told: &[Told]) {
    let code = if done == Harm::Removed { "missing-column" } else { "empty-cell" };
    assert!(!told.is_empty(), "{case}: an error is told");
    for one in told {
        assert!(one.code == code && one.place.starts_with(place), "{case}: {one:#?}");
        assert!(one.hints.iter().chain([&one.message]).any(|said| said.contains(field)), "{case}: {one:#?}");
    }
    let line = format!("`columns: {{{field}: …}}`");
    let is_named = |one: &Told| one.hints.iter().any(|hint| hint.contains(&line));
    assert!(done == Harm::Emptied || told.iter().all(is_named), "{case}: {told:#?}");
}
