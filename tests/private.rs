//! Nothing private stands in a message, whatever column it fell into: every row of the tables about persons is shifted by
//! a cell, to the right and to the left, in every format of a table, and the messages are searched for its values.

use rust_xlsxwriter::Workbook;

use crate::project;
use crate::project::Project;

const EXHIBITORS: &str = "\
exhibitor,name_zh,fairs
E00017,广州示例灯饰有限公司,136;137
E00018,宁波示例文具有限公司,136;137
";
const INVITATIONS: &str = "\
exhibitor,code,buyer_name,company,email,sent_on,status
E00017,QK-4711X,Annika Persona,Ostrea Imports SA,annika@ostrea.example,2025-04-01,sent
E00018,QK-4712X,Boris Persona,Borealis AG,boris@borealis.example,2025-04-02,sent
E00018,QK-4713X,陈示例,示例进口公司,13800138000@mail.example,2025-04-03,failed
";
const ATTENDANCE: &str = "\
buyer,name,company,email,code,country,channel,first_time,attended,seen_on
B7000451,Annika Persona,Ostrea Imports SA,annika@ostrea.example,QK-4711X,FR,onsite,yes,yes,2025-04-15
20250416,Boris Persona,Borealis AG,boris@borealis.example,QK-4712X,DE,online,no,yes,2025-04-16
13800138000,陈示例,示例进口公司,13800138000@mail.example,QK-4713X,VN,onsite,yes,no,2025-04-17
";
/// What stands in the tables of a person. Of a value that is masked its first letter is shown.
const PRIVATE: [&str; 14] = [
    "QK-4711X",
    "QK-4712X",
    "QK-4713X",
    "Annika",
    "Boris",
    "陈示例",
    "Ostrea",
    "Borealis",
    "示例进口",
    "annika@",
    "boris@",
    "13800138000",
    "B7000451",
    "Persona",
];

/// The rows of a table behind its headings, each shifted by a cell.
fn shifted(table: &str, right: bool) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> =
        table.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    for row in &mut rows[1..] {
        match right {
            true => row.rotate_right(1),
            false => row.rotate_left(1),
        }
    }
    rows
}

fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    rows.iter().map(|row| row.join(",") + "\n").collect::<String>().into_bytes()
}

fn yaml(rows: &[Vec<String>]) -> Vec<u8> {
    let entry = |row: &Vec<String>| {
        let fields = rows[0].iter().zip(row).map(|(field, value)| format!("{field}: \"{value}\""));
        format!("- {{{}}}\n", fields.collect::<Vec<String>>().join(", "))
    };
    rows[1..].iter().map(entry).collect::<String>().into_bytes()
}

fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (number, row) in (0..).zip(rows) {
        for (column, value) in (0..).zip(row) {
            // Numbers are kept as numbers, as exports do.
            match value.parse::<u64>() {
                Ok(whole) if !value.starts_with('0') => {
                    sheet.write_number(number, column, whole as f64).expect("it fits")
                }
                _ => sheet.write_string(number, column, value).expect("it fits"),
            };
        }
    }
    workbook.save_to_buffer().expect("a workbook can be made")
}

#[test]
fn a_row_that_slipped_by_a_cell_shows_nothing_private() {
    type Write = fn(&[Vec<String>]) -> Vec<u8>;
    let formats: [(&str, Write); 3] = [("csv", csv), ("xlsx", xlsx), ("yaml", yaml)];
    for (ending, write) in formats {
        for (table, rows) in [("invitations", INVITATIONS), ("attendance", ATTENDANCE)] {
            for right in [true, false] {
                let project = Project::new();
                project.table("exhibitors.csv", EXHIBITORS);
                project.table("penalties.csv", "exhibitor,from_fair,until_fair\nE00018,130,132\n");
                project.table("invitations.csv", INVITATIONS);
                project.table("attendance.csv", ATTENDANCE);
                let fair =
                    project::FAIR.replace(&format!("{table}.csv"), &format!("{table}-slipped.{ending}"));
                project.table("fair.yaml", fair);
                project.table(&format!("{table}-slipped.{ending}"), write(&shifted(rows, right)));
                for format in ["text", "json", "github"] {
                    for lang in ["en", "zh"] {
                        let said = project.run(&["check", "--format", format, "--lang", lang, "--verbose"]);
                        assert_eq!(said.status.code(), Some(1), "{table} {ending}");
                        let said = [said.stdout, said.stderr].concat();
                        let said = String::from_utf8(said).expect("messages are UTF-8");
                        for private in PRIVATE {
                            let place = format!("{table} {ending} right={right} {format} {lang}");
                            assert!(!said.contains(private), "{place} shows `{private}`:\n{said}");
                        }
                    }
                }
            }
        }
    }
}
