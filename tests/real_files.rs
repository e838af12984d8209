//! Tables as people and programs really leave them: what is read from them, and what is said of what was changed,
//! skipped or refused. Each case is one table of a sound project.

use std::io::{Cursor, Write};
use std::process::Command;

use encoding_rs::GB18030;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use serde_json::Value;

use crate::project;
use crate::project::{FAIR, Project, python};

const EXHIBITORS: &str = "企业编号,企业名称,展位号,参展届次\nE1,广州示例灯饰有限公司,0012,136;137\nE2,宁波示例文具有限公司,11.3B05,136;137\n";
const INVITATIONS: &str = "企业编号,邮箱,发送日期,发送状态\nE1,ann@aster.example,2025-04-01,成功\nE1,bo@borg.example,2025-04-01,成功\nE2,bo@borg.example,2025-04-02,成功\n";
const ATTENDANCE: &str = "采购商编号,邮箱,国家地区,参会方式,是否首次,参会日期\n0451,ann@aster.example,FR,现场,是,2025-04-15\n0452,bo@borg.example,DE,线上,否,2025-04-16\n";

fn sound() -> Project {
    let project = Project::new();
    project.table("exhibitors.csv", EXHIBITORS);
    project.table("invitations.csv", INVITATIONS);
    project.table("attendance.csv", ATTENDANCE);
    project.table("fair.yaml", fair());
    project
}

/// Of so small a fair nobody receives an award.
fn fair() -> String {
    let accepted = "accepted: [{finding: no-award, count: 1, because: a fair of two}]\n";
    FAIR.replace("[{file: penalties.csv}]", "none") + accepted
}

/// What came of a run: the results if there are any, and the messages.
struct Run {
    results: Option<Value>,
    messages: String,
}

/// Judges the sound project with one table taken from another file.
fn run(table: &str, file: &str, content: impl AsRef<[u8]>) -> Run {
    let project = sound();
    project.table(file, content);
    project.table("fair.yaml", fair().replace(&format!("{table}.csv"), file));
    let output = project.run(&["award", "137", "--format", "json"]);
    let messages = String::from_utf8(output.stderr).expect("messages are UTF-8");
    let results =
        (output.status.code() == Some(0)).then(|| serde_json::from_slice(&output.stdout).expect("JSON"));
    Run { results, messages }
}

/// The table is read as if it were the sound one; `said` are parts of the messages.
#[track_caller]
fn same(table: &str, file: &str, content: impl AsRef<[u8]>, said: &[&str]) {
    let expected = sound().run(&["award", "137", "--format", "json"]);
    let expected: Value = serde_json::from_slice(&expected.stdout).expect("JSON");
    let Run { results, messages } = run(table, file, content);
    let Some(results) = results else { panic!("{messages}") };
    assert_eq!(results["exhibitors"], expected["exhibitors"], "{messages}");
    for part in said {
        assert!(messages.contains(part), "`{part}` is said:\n{messages}");
    }
    if said.is_empty() {
        assert_eq!(messages, "", "nothing is to be said");
    }
}

/// The table is refused, and the messages say why.
#[track_caller]
fn refused(table: &str, file: &str, content: impl AsRef<[u8]>, said: &[&str]) {
    let Run { results, messages } = run(table, file, content);
    assert!(results.is_none(), "there are no results:\n{messages}");
    for part in said {
        assert!(messages.contains(part), "`{part}` is said:\n{messages}");
    }
    assert!(!messages.contains("panicked"), "{messages}");
}

/// A workbook with the rows of a text from a row on, of which `change` changes something.
fn workbook(text: &str, first: u32, change: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    write(book.add_worksheet(), text, first);
    change(&mut book);
    book.save_to_buffer().expect("a workbook can be made")
}

fn write(sheet: &mut Worksheet, text: &str, first: u32) {
    for (row, line) in (first..).zip(text.lines()) {
        for (column, value) in (0..).zip(line.split(',')) {
            sheet.write_string(row, column, value).expect("it fits");
        }
    }
}

fn sheet(book: &mut Workbook) -> &mut Worksheet {
    book.worksheet_from_index(0).expect("there is a sheet")
}

// ---------------------------------------------------------------------------------------- headings

#[test]
fn titles_above_the_headings_are_passed_over_and_named() {
    let titled = format!("第137届广交会 参展企业名单\n\n导出时间：2025-05-01,张三\n{EXHIBITORS}");
    same("exhibitors", "list.csv", titled, &["skipped rows above the headings: 1, 3"]);
    let book = workbook(EXHIBITORS, 3, |book| {
        sheet(book).merge_range(0, 0, 0, 3, "第137届广交会", &Format::new()).expect("it fits");
    });
    same("exhibitors", "list.xlsx", book, &["skipped rows above the headings: 1"]);
}

#[test]
fn headings_may_take_two_rows_with_merged_cells() {
    let book = workbook("", 0, |book| {
        let sheet = sheet(book);
        let plain = Format::new();
        for (column, text) in [(0, "企业编号"), (3, "发送状态")] {
            sheet.merge_range(0, column, 1, column, text, &plain).expect("it fits");
        }
        sheet.merge_range(0, 1, 0, 2, "采购商", &plain).expect("it fits");
        write(sheet, ",邮箱,发送日期", 1);
        sheet.merge_range(0, 0, 1, 0, "企业编号", &plain).ok();
        write(sheet, &INVITATIONS[INVITATIONS.find("E1").expect("a row")..], 2);
    });
    same("invitations", "sent.xlsx", book, &["two rows were read together as headings"]);
}

#[test]
fn values_under_no_heading_are_named_with_their_column() {
    let book = workbook(EXHIBITORS, 0, |book| {
        sheet(book).write_string(2, 6, "备注").expect("it fits");
    });
    same("exhibitors", "list.xlsx", book, &["columns without a heading are not used: G (1 rows)"]);
}

// ---------------------------------------------------------------------------------------- sheets and rows

#[test]
fn hidden_sheets_are_named_and_hidden_rows_and_columns_are_used() {
    let book = workbook(EXHIBITORS, 0, |book| {
        sheet(book).set_row_hidden(2).expect("it fits").set_column_hidden(2).expect("it fits");
        book.add_worksheet().set_name("旧表").expect("a name").set_hidden(true);
    });
    let said = [
        "hidden sheets are not read: 旧表",
        "1 hidden row of",
        "hidden columns of the sheet `Sheet1` were read like the others: C",
    ];
    same("exhibitors", "list.xlsx", book, &said);
}

/// Of LibreOffice, but for one of the Python library xlwt: a title, one hidden row with a value and others without,
/// a hidden column and a hidden sheet.
#[test]
fn what_is_hidden_is_announced_in_every_format() {
    for file in ["hidden.xlsx", "hidden.xls", "hidden.ods", "hidden-xlwt.xls"] {
        let book = std::fs::read(project::here().join("tests/spreadsheets").join(file)).expect("a workbook");
        let said = [
            "skipped rows above the headings: 1",
            "hidden sheets are not read: 旧表",
            ": 1 hidden row of the sheet `名单` was read like the others",
            "hidden columns of the sheet `名单` were read like the others: C",
        ];
        same("exhibitors", file, book, &said);
    }
}

#[test]
fn blank_rows_at_the_end_are_counted_and_harmless() {
    let book = workbook(EXHIBITORS, 0, |book| {
        let frame = Format::new().set_border(rust_xlsxwriter::FormatBorder::Thin);
        for row in 3..2000 {
            sheet(book).write_blank(row, 0, &frame).expect("it fits");
        }
    });
    same("exhibitors", "list.xlsx", book, &[]);
    same("exhibitors", "list.csv", format!("{EXHIBITORS},,,\n \u{3000},,,\u{a0}\n\n\n"), &[]);
}

#[test]
fn cells_that_are_merged_over_rows_are_named() {
    let book = workbook(INVITATIONS, 0, |book| {
        sheet(book).merge_range(1, 0, 2, 0, "E1", &Format::new()).expect("it fits");
    });
    refused(
        "invitations",
        "sent.xlsx",
        book,
        &["no `企业编号` in this row", "merged cells, such as `A2:A3`", "unmerge and fill down"],
    );
}

#[test]
fn rows_of_unequal_length_are_read_or_refused() {
    same(
        "exhibitors",
        "list.csv",
        EXHIBITORS.replace("参展届次\n", "参展届次,备注,\n"),
        &["unused columns of `exhibitors`: 备注"],
    );
    refused(
        "exhibitors",
        "list.csv",
        EXHIBITORS.replace("宁波", "宁,波"),
        &["the row has 5 fields, but there are 4 headings"],
    );
}

// ---------------------------------------------------------------------------------------- values

#[test]
fn zeros_in_front_are_kept_and_their_loss_is_an_error() {
    let Run { messages, .. } = run("exhibitors", "list.xlsx", workbook(EXHIBITORS, 0, |_| {}));
    assert_eq!(messages, "");
    let number = |format: &str| {
        let shown = Format::new().set_num_format(format);
        workbook(EXHIBITORS, 0, |book| {
            sheet(book).write_number_with_format(1, 2, 12, &shown).expect("it fits");
        })
    };
    for format in ["General", "0", "0.00"] {
        refused(
            "exhibitors",
            "list.xlsx",
            number(format),
            &["expected a code, found the number `12`", "Sheet1!C2", "`digits: {booths: 2}`"],
        );
    }
    same("exhibitors", "list.xlsx", number("0000"), &[]);
    let rounded = EXHIBITORS.replace("0012", "1.23457E+11");
    refused(
        "exhibitors",
        "list.csv",
        rounded,
        &["expected a code, found the number `1.23457E+11`", "rounded"],
    );
    same(
        "exhibitors",
        "list.csv",
        EXHIBITORS.replace("0012", "=\"0012\""),
        &["values written as `=\"…\"` in 1 rows"],
    );
}

#[test]
fn dates_are_read_in_every_dress_and_in_both_eras() {
    let rows = |date: &str| ATTENDANCE.replace("2025-04-15", date);
    for date in [
        "2025/4/15",
        "2025年4月15日",
        "２０２５－０４－１５",
        "2025.04.15",
        "20250415",
        "2025-04-15T09:00:00Z",
        "20250414T200000Z",
        "2025-04-14 24:00:00",
        "2025年4月15日 星期二 下午3时20分",
    ] {
        same("attendance", "seen.csv", rows(date), &[]);
    }
    refused(
        "attendance",
        "seen.csv",
        rows("15/04/2025"),
        &["`15/04/2025` is not a date", "write year, month and day: 2025-04-15"],
    );
    let book = workbook(ATTENDANCE, 0, |book| {
        let format = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2025, 4, 15).expect("a date");
        sheet(book).write_datetime_with_format(1, 5, day, &format).expect("it fits");
    });
    same("attendance", "seen.xlsx", &book, &[]);
    // The same day in the other era has another number.
    let other = repacked(&book, |name, text| match name {
        "xl/workbook.xml" => text.replace("<workbookPr ", "<workbookPr date1904=\"1\" "),
        _ => text.replace("<v>45762</v>", "<v>44300</v>"),
    });
    same("attendance", "seen.xlsx", other, &[]);
    let number = workbook(ATTENDANCE, 0, |book| {
        sheet(book).write_number(1, 5, 45762).expect("it fits");
    });
    refused("attendance", "seen.xlsx", number, &["`45762` is not a date", "format the cell as a date"]);
    for date in
        ["2025-04-15 10:60", "2025-04-15 25:00", "2025-04-31", "20250415 not a date", "2025-04-15 待定"]
    {
        refused("attendance", "seen.csv", rows(date), &["error[bad-date]", "seen.csv:2:6"]);
    }
}

#[test]
fn spaces_and_characters_that_cannot_be_seen_do_no_harm_or_are_shown() {
    let padded =
        EXHIBITORS.replace("E1,", "\u{a0}E1\u{200b},").replace("企业名称", "\u{feff}企业 名称\u{a0}");
    same("exhibitors", "list.csv", padded, &[]);
    let inside = INVITATIONS.replacen("E1,", "E\u{200b}1,", 1);
    refused("invitations", "sent.csv", inside, &["unknown exhibitor `E\\u{200b}1`", "did you mean `E1`?"]);
}

/// The Perl library Spreadsheet::WriteExcel writes zeros where formulas have results, and asks for them to be computed. It
/// names a code page in which the texts of the file are not.
#[test]
fn formulas_that_nobody_computed_are_refused_in_xls() {
    let book =
        std::fs::read(project::here().join("tests/spreadsheets/formula-writeexcel.xls")).expect("a workbook");
    let said = ["the cell contains a formula without a stored result", "表1!B2"];
    refused("invitations", "sent.xls", book, &said);
}

/// Libraries that do not calculate leave any value, and say in the workbook that it is to be calculated; POI leaves `0.0`
/// and says nothing.
#[test]
fn formulas_that_nobody_computed_are_refused_in_xlsx() {
    let book = workbook(EXHIBITORS, 0, |book| {
        sheet(book).write_formula(1, 1, Formula::new("=\"甲\"").set_result("公司")).expect("it fits");
        sheet(book).write_formula(2, 3, Formula::new("=136").set_result("0.0")).expect("it fits");
    });
    let saying = |says: &str| repacked(&book, |_, text| text.replace(" fullCalcOnLoad=\"1\"", says));
    let said = "the cell contains a formula without a stored result";
    for says in [" fullCalcOnLoad=\"1\"", " forceFullCalc=\"1\"", " calcCompleted=\"0\""] {
        refused("exhibitors", "list.xlsx", saying(says), &[said, "Sheet1!B2", "Sheet1!D3"]);
    }
    let Run { messages, .. } = run("exhibitors", "list.xlsx", saying(""));
    assert!(messages.contains("Sheet1!D3") && !messages.contains("Sheet1!B2"), "{messages}");
}

/// Texts are Unicode since Excel 97; programs of many countries name the code page that they would have been in.
#[test]
fn the_code_page_that_an_xls_file_names_does_not_garble_it() {
    let book = std::fs::read(project::here().join("tests/spreadsheets/hidden.xls")).expect("a workbook");
    // The record of the code page: its kind, its length, and the number for Unicode.
    let unicode = [0x42, 0, 2, 0, 0xb0, 0x04];
    let at = book.windows(6).position(|window| window == unicode).expect("the file names a code page");
    for page in [1252u16, 936, 950, 0] {
        let mut book = book.clone();
        book[at + 4..at + 6].copy_from_slice(&page.to_le_bytes());
        let said = ["hidden sheets are not read: 旧表", "1 hidden row of the sheet `名单`"];
        same("exhibitors", "list.xls", book, &said);
    }
}

// ---------------------------------------------------------------------------------------- csv

#[test]
fn text_is_read_in_the_encodings_and_with_the_delimiters_of_spreadsheet_programs() {
    same("exhibitors", "list.csv", GB18030.encode(EXHIBITORS).0, &["it was read as GB18030"]);
    let wide = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
        mark.iter().copied().chain(EXHIBITORS.encode_utf16().flat_map(bytes)).collect::<Vec<u8>>()
    };
    same("exhibitors", "list.csv", wide(&[0xff, 0xfe], u16::to_le_bytes), &[]);
    same("exhibitors", "list.csv", wide(&[0xfe, 0xff], u16::to_be_bytes), &[]);
    let mut damaged = wide(&[0xff, 0xfe], u16::to_le_bytes);
    damaged.extend([0x00, 0xd8, b'a', 0]);
    refused("exhibitors", "list.csv", damaged, &["line 4 is not valid UTF-16, unlike the rest of the file"]);
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        same("exhibitors", "list.csv", wide(&[], bytes), &["it was read as UTF-16"]);
    }
    let semicolons = EXHIBITORS.replace(',', "\t").replace(';', "、");
    same("exhibitors", "list.csv", &semicolons, &[]);
    same("exhibitors", "list.csv", format!("sep=;\r\n{}", semicolons.replace('\t', ";")), &[]);
    same("exhibitors", "list.csv", EXHIBITORS.replace('\n', "\r"), &[]);
    refused(
        "exhibitors",
        "list.csv",
        format!("{EXHIBITORS}E3,\0,,\n"),
        &["list.csv:4:1", "line 4 contains a NUL character"],
    );
}

// ---------------------------------------------------------------------------------------- what a file is

#[test]
fn a_file_is_what_its_bytes_are() {
    same(
        "exhibitors",
        "list.csv",
        workbook(EXHIBITORS, 0, |_| {}),
        &["was read by its actual content: a zipped workbook"],
    );
    same("exhibitors", "list.xlsx", EXHIBITORS, &["was read by its actual content: delimited text"]);
    let page = "<html><table><tr><td>企业编号</td></tr></table></html>";
    refused(
        "exhibitors",
        "list.xls",
        page,
        &["is a web page with the extension of a table", "save it as .xlsx"],
    );
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(page.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    refused("exhibitors", "list.xls", wide, &["is a web page with the extension of a table"]);
    let xml = "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook/>";
    refused("exhibitors", "list.xls", xml, &["an Excel 2003 spreadsheet", "save it as .xlsx"]);
    refused("exhibitors", "list.pdf", "%PDF-1.7", &["is a PDF document"]);
    let (start, end) = ("PK\x03\x04", "and no more");
    refused(
        "exhibitors",
        "list.xlsx",
        format!("{start}{end}"),
        &["it is truncated, or it is not a workbook"],
    );
}

#[test]
fn protection_and_binary_workbooks_are_named_and_macros_are_not_run() {
    let ole = |name: &str| {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.resize(1024, 0);
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes.resize(2048, 0);
        bytes
    };
    refused(
        "exhibitors",
        "list.xlsx",
        ole("EncryptedPackage"),
        &["is protected by a password", "save it without one"],
    );
    let sound = workbook(EXHIBITORS, 0, |_| {});
    let binary = with_part(&sound, "xl/workbook.bin", b"");
    refused("exhibitors", "list.xlsb", binary, &["it is a binary workbook (.xlsb)", "save it as .xlsx"]);
    same(
        "exhibitors",
        "list.xlsm",
        with_part(&sound, "xl/vbaProject.bin", b"x"),
        &["contains macros; they are not run"],
    );
}

#[test]
fn workbooks_of_other_programs_are_read() {
    // Cells without places, texts in runs, an escaped character, and what is said of how a text sounds.
    let sheet = "<x:worksheet xmlns:x='a'><x:sheetData><x:row><x:c t='inlineStr'><x:is><x:t>企业编号</x:t></x:is></x:c>\
        <x:c t='inlineStr'><x:is><x:r><x:t>企业</x:t></x:r><x:r><x:t>名称</x:t></x:r><x:rPh><x:t>qiye</x:t></x:rPh></x:is></x:c>\
        <x:c t='str'><x:v>展位号</x:v></x:c><x:c t='str'><x:v>参展届次</x:v></x:c></x:row>\
        <x:row><x:c t='str'><x:f>A9</x:f><x:v>E1</x:v></x:c><x:c t='str'><x:v>广州示例灯饰有限公司</x:v></x:c>\
        <x:c t='str'><x:v>_x0030_012</x:v></x:c><x:c t='str'><x:v>136;137</x:v></x:c></x:row>\
        <x:row r='7'><x:c r='A7' t='str'><x:v>E2</x:v></x:c><x:c r='B7' t='str'><x:v>宁波示例文具有限公司</x:v></x:c>\
        <x:c r='D7' t='str'><x:v>136;137</x:v></x:c></x:row></x:sheetData></x:worksheet>";
    let book = repacked(&workbook(EXHIBITORS, 0, |_| {}), |name, text| match name {
        "xl/worksheets/sheet1.xml" => sheet.to_owned(),
        // Its formulas were calculated.
        _ => text.replace(" fullCalcOnLoad=\"1\"", ""),
    });
    let Run { results, messages } = run("exhibitors", "list.xlsx", book);
    let rows = &results.unwrap_or_else(|| panic!("{messages}"))["rows"]["exhibitors"];
    assert_eq!(rows.to_string(), r#"{"read":7,"used":2,"refused":0,"skipped":0,"blank":4,"headings":1}"#);
}

/// Titles, dates, merged and hidden cells as openpyxl writes them.
#[test]
#[ignore = "needs Python with openpyxl"]
fn workbooks_of_openpyxl_are_read() {
    let script = "
import openpyxl, sys, datetime
book = openpyxl.Workbook()
book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
sheet = book.active
sheet.append(['参会名单'])
sheet.merge_cells('A1:F1')
sheet.append(['采购商编号', '邮箱', '国家地区', '参会方式', '是否首次', '参会日期'])
sheet.append(['0451', 'ann@aster.example', 'FR', '现场', True, datetime.date(2025, 4, 15)])
sheet.append(['0452', 'bo@borg.example', 'DE', '线上', 0, datetime.datetime(2025, 4, 16, 23, 59, 59)])
book.save(sys.argv[1])
";
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("seen.xlsx");
    let run = Command::new(python()).args(["-c", script]).arg(&path).output().expect("Python can be run");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let book = std::fs::read(path).expect("the workbook was made");
    same("attendance", "seen.xlsx", book, &["skipped rows above the headings: 1"]);
}

/// The parts of a workbook, each as `change` wants it.
fn repacked(book: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(book)).expect("a workbook is a zip archive");
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..old.len() {
        let mut part = old.by_index(number).expect("the archive is sound");
        let name = part.name().expect("names are text").into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).expect("parts of a workbook are text");
        new.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("memory grows");
        new.write_all(change(&name, text).as_bytes()).expect("memory grows");
    }
    new.finish().expect("memory grows").into_inner()
}

/// A workbook with one part more.
fn with_part(book: &[u8], name: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new_append(Cursor::new(book.to_vec())).expect("the archive is sound");
    archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory grows");
    archive.write_all(content).expect("memory grows");
    archive.finish().expect("memory grows").into_inner()
}
