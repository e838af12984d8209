//! The messages for broken inputs, as the editor reads them who must mend the file. Each case is one mistake in a
//! project that is sound otherwise; `tests/messages/NAME.txt` and `NAME.zh.txt` hold what is printed on standard error in
//! English and in Chinese. `UPDATE=1` accepts new messages: read the difference as that editor.

#![allow(clippy::disallowed_methods, reason = "tests read and write the expected messages")]

mod project;

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use project::{FAIR, Project};
use rust_xlsxwriter::{Formula, Workbook};

const EXHIBITORS: &str = "\
企业编号,企业名称,参展届次
E00017,广州示例灯饰有限公司,136;137
E00018,宁波示例文具有限公司,136;137
";
const INVITATIONS: &str = "\
企业编号,邀请函编码,采购商姓名,公司名,邮箱,发送日期,发送状态
E00017,INV-001,Ann Example,Aster SA,ann@aster.example,2025-04-01,成功
E00018,INV-002,Bo Example,Borg AG,bo@borg.example,2025-04-02,成功
";
const ATTENDANCE: &str = "\
采购商编号,姓名,公司名,邮箱,国家地区,参会方式,是否首次,参会日期
0000451,Ann Example,Aster SA,ann@aster.example,法国,现场,是,2025-04-15
0000452,Bo Example,Borg AG,bo@borg.example,DE,线上,否,2025-04-16
";
/// What stands in the tables of a buyer and in no message.
const PRIVATE: [&str; 6] =
    ["Ann Example", "Aster SA", "ann@aster.example", "Bo Example", "Borg AG", "bo@borg.example"];
const PENALTIES: &str = "企业编号,事由,起始届次,截止届次\nE00018,转租展位,130,132\n";

/// A project without a mistake.
fn sound() -> Project {
    let project = Project::new();
    project.table("exhibitors.csv", EXHIBITORS);
    project.table("invitations.csv", INVITATIONS);
    project.table("attendance.csv", ATTENDANCE);
    project.table("penalties.csv", PENALTIES);
    project
}

/// Replaces a part of a text that must be there once.
#[track_caller]
fn changed(text: &str, part: &str, by: &str) -> String {
    assert_eq!(text.matches(part).count(), 1, "`{part}` stands once");
    text.replace(part, by)
}

/// Runs `award 137` and compares what is printed on standard error, in both languages.
#[track_caller]
fn expect(name: &str, project: &Project) {
    expect_of(name, project.root(), &["award", "137", "--format", "json"]);
}

/// Runs a command and compares what is printed on standard error, in both languages.
#[track_caller]
fn expect_of(name: &str, root: &Path, command: &[&str]) {
    expect_said(name, root, command, Some(1));
}

/// The same of a command that warns, and does what it is to do.
#[track_caller]
fn expect_warning(name: &str, root: &Path, command: &[&str]) {
    expect_said(name, root, command, Some(0));
}

#[track_caller]
fn expect_said(name: &str, root: &Path, command: &[&str], status: Option<i32>) {
    for (lang, ending) in [("en", "txt"), ("zh", "zh.txt")] {
        let output = project::run(root, &[command, &["--lang", lang]].concat());
        let found = String::from_utf8(output.stderr).expect("messages are UTF-8");
        assert_eq!(output.status.code(), status, "exit status:\n{found}");
        assert!(output.stdout.is_empty() || status == Some(0), "no result stands beside an error");
        for private in PRIVATE {
            assert!(!found.contains(private), "the messages show `{private}`, which is private:\n{found}");
        }
        let path = project::here().join("tests/messages").join(format!("{name}.{ending}"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &found).expect("the message can be written");
            continue;
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected, "{} differs; UPDATE=1 accepts it", path.display());
    }
}

/// A mistake in `fair.yaml`.
#[track_caller]
fn fair(name: &str, part: &str, by: &str) {
    let project = sound();
    project.table("fair.yaml", changed(FAIR, part, by));
    expect(name, &project);
}

/// A mistake in a table.
#[track_caller]
fn table(name: &str, file: &str, content: impl AsRef<[u8]>) {
    let project = sound();
    project.table(file, content);
    expect(name, &project);
}

/// A mistake in the rulebook.
#[track_caller]
fn rulebook(name: &str, part: &str, by: &str) {
    let project = sound();
    project.write("data/rulebooks/i-invite-1.yaml", changed(&project::shipped_rulebook(), part, by));
    expect(name, &project);
}

/// Invitations as a workbook with the sheet 发送记录, of which `write` spoils something.
#[track_caller]
fn workbook(name: &str, source: &str, write: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) {
    workbook_with(name, source, |bytes| bytes, write);
}

/// The same, the bytes of the workbook changed.
#[track_caller]
fn workbook_with(
    name: &str,
    source: &str,
    change: impl FnOnce(Vec<u8>) -> Vec<u8>,
    write: impl FnOnce(&mut rust_xlsxwriter::Worksheet),
) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("发送记录").expect("the name is allowed");
    for (row, line) in (0..).zip(INVITATIONS.lines()) {
        for (column, value) in (0..).zip(line.split(',')) {
            sheet.write_string(row, column, value).expect("it fits");
        }
    }
    write(sheet);
    let project = sound();
    project.table("invitations.xlsx", change(workbook.save_to_buffer().expect("a workbook can be made")));
    project.table("fair.yaml", changed(FAIR, "{file: invitations.csv}", source));
    expect(name, &project);
}

/// A workbook as programs write it that compute nothing: formulas without results.
fn without_results(bytes: Vec<u8>) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a zip archive");
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..old.len() {
        let mut part = old.by_index(number).expect("the archive is sound");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("parts of a workbook are text");
        let options = zip::write::SimpleFileOptions::default();
        new.start_file(part.name().expect("names are text"), options).expect("memory grows");
        new.write_all(text.replace("</f><v>0</v>", "</f>").as_bytes()).expect("memory grows");
    }
    new.finish().expect("memory grows").into_inner()
}

// -------------------------------------------------------------------------------------------- fair.yaml

#[test]
fn an_unknown_key() {
    fair("unknown-key", "previous_fair: 136", "previus_fair: 136");
}

#[test]
fn a_wrong_type() {
    fair("wrong-type", "fair: 137\n", "fair: 第137届\n");
}

#[test]
fn a_key_that_is_missing() {
    fair("missing-key", "  attendance: [{file: attendance.csv}]\n", "");
}

#[test]
fn a_key_that_stands_twice() {
    fair("doubled-key", "previous_fair: 136", "previous_fair: 136\nfair: 138");
}

#[test]
fn an_anchor() {
    fair("anchor", "{id: i-invite, version: 1}", "&rules {id: i-invite, version: 1}");
}

#[test]
fn a_bracket_that_is_never_closed() {
    fair("open-bracket", "[{file: exhibitors.csv}]", "[{file: exhibitors.csv}");
}

#[test]
fn a_colon_of_a_chinese_keyboard() {
    fair("full-width-colon", "previous_fair: 136\n", "previous_fair：136\n# a remark\n\n");
}

#[test]
fn a_colon_of_a_chinese_keyboard_in_the_first_line() {
    fair("full-width-colon-first", "fair: 137\n", "fair： 137\n");
}

#[test]
fn a_colon_of_a_chinese_keyboard_in_a_name() {
    fair(
        "full-width-colon-nested",
        "previous_fair: 136\n",
        "name:\n  en：Acme\n  zh: 示例\nprevious_fair: 136\n",
    );
    let alone = "name:\n  en：Acme\nprevious_fair: 136\n";
    fair("full-width-colon-alone", "previous_fair: 136\n", alone);
    fair(
        "full-width-colon-braces",
        "previous_fair: 136\n",
        "name: {zh: 示例, en：Acme}\nprevious_fair: 136\n",
    );
}

#[test]
fn a_colon_of_a_chinese_keyboard_in_front_matter() {
    let project = sound();
    project
        .write("content/notices/2025-03-01-a.zh.md", "---\ntitle：说明会\ndate: 2025-03-01\n---\n\n正文。\n");
    expect_of("full-width-colon-front-matter", project.root(), &["check"]);
}

#[test]
fn a_colon_that_is_missing() {
    fair("missing-colon", "previous_fair: 136\n", "previous_fair 136\n# a remark\n\n");
    fair("missing-colon-block", "sources:\n", "sources\n");
}

#[test]
fn a_colon_without_a_space() {
    fair("torn-colon", "previous_fair: 136\n", "previous_fair:136\n");
}

#[test]
fn a_tab_in_front_of_a_key() {
    fair("tab", "  exhibitors: ", "\texhibitors: ");
    fair("tab-behind-text", "previous_fair: 136\n", "previous_fair: 136\n\tname: {zh: 示例, en: Fair}\n");
}

#[test]
fn a_quotation_mark_in_yaml_that_is_never_closed() {
    let name = "name:\n  en: \"Acme Trading Co., Ltd.\n  zh: 示例\nprevious_fair: 136\n";
    fair("open-quotation-yaml", "previous_fair: 136\n", name);
    let closed_later = "name:\n  en: \"Acme\n   Trading: \"x\"\nprevious_fair: 136\n";
    fair("open-quotation-closed-later", "previous_fair: 136\n", closed_later);
    fair("open-quotation-bracket", "[{file: penalties.csv}]", "[{file: \"penalties.csv}]");
}

#[test]
fn a_hyphen_without_a_space() {
    fair("torn-hyphen", "  penalties: [{file: penalties.csv}]\n", "  penalties:\n    -penalties.csv\n");
    let second = "  penalties:\n    - {file: penalties.csv}\n    -penalties.csv\n";
    fair(
        "torn-hyphen-second",
        "  penalties: [{file: penalties.csv}]\n",
        &format!("{second}previous_sources: []\n"),
    );
}

#[test]
fn what_the_parser_says_is_said_plainly() {
    fair("colon-in-text", "previous_fair: 136\n", "name: 通知: 第一期\nprevious_fair: 136\n");
}

#[test]
fn a_caret_stands_under_chinese_text() {
    fair(
        "caret",
        "previous_fair: 136",
        "name: {zh: 第137届中国进出口商品交易会（广交会）, en: Fair, 中文: 广交会}\nprevious_fair: 136",
    );
}

#[test]
fn a_rulebook_that_is_not_there() {
    fair("unknown-rulebook", "{id: i-invite, version: 1}", "{id: i-invit, version: 1}");
}

#[test]
fn a_file_that_is_not_there() {
    fair("missing-file", "{file: attendance.csv}", "{file: attendence.csv}");
}

#[test]
fn a_pattern_that_no_file_matches() {
    fair("no-match", "{file: attendance.csv}", "{file: \"badges-*.csv\"}");
}

#[test]
fn a_field_that_the_table_does_not_have() {
    fair("unknown-field", "{file: attendance.csv}", "{file: attendance.csv, set: {chanel: onsite}}");
}

#[test]
fn a_heading_that_the_file_does_not_have() {
    fair("unknown-heading", "{file: attendance.csv}", "{file: attendance.csv, columns: {buyer: 采购商号}}");
}

#[test]
fn a_value_for_all_rows_that_is_no_word() {
    let project = sound();
    project.table("attendance.csv", changed(ATTENDANCE, "参会方式", "备注"));
    let source = "{file: attendance.csv, set: {channel: on-site}}";
    project.table("fair.yaml", changed(FAIR, "{file: attendance.csv}", source));
    expect("set-unknown-word", &project);
}

#[test]
fn a_fair_that_is_not_there() {
    let project = sound();
    project.remove("fair.yaml");
    project.write("data/fairs/136/fair.yaml", "fair: 136\n");
    expect("missing-fair", &project);
}

// -------------------------------------------------------------------------------------------- tables

#[test]
fn an_unknown_exhibitor() {
    table("unknown-exhibitor", "invitations.csv", changed(INVITATIONS, "E00018", "e00018"));
}

#[test]
fn a_required_column_that_is_missing() {
    table("missing-column", "invitations.csv", changed(INVITATIONS, "发送状态", "结果"));
}

#[test]
fn a_column_that_could_cost_an_award_with_a_slip_in_its_heading() {
    table("misspelt-column", "exhibitors.csv", changed(EXHIBITORS, "参展届次", "参展界次"));
}

#[test]
fn no_headings_at_all() {
    let rows = INVITATIONS.split_once('\n').expect("there are headings").1;
    table("no-headings", "invitations.csv", rows);
}

#[test]
fn both_headings_for_one_field() {
    table("doubled-column", "exhibitors.csv", changed(EXHIBITORS, "参展届次", "公司名称"));
}

#[test]
fn an_unknown_country() {
    table("unknown-country", "attendance.csv", changed(ATTENDANCE, "法国", "Frankreich"));
}

#[test]
fn a_country_with_a_slip() {
    table("misspelt-country", "attendance.csv", changed(ATTENDANCE, "DE", "Germnay"));
}

#[test]
fn a_buyer_of_two_countries() {
    let project = sound();
    let rows = "采购商编号,参会方式,是否首次,国家地区,参会日期\n0000451,线上,否,Germany,2025-04-17\n";
    project.table("online.csv", rows);
    let sources = changed(FAIR, "[{file: attendance.csv}]", "[{file: attendance.csv}, {file: online.csv}]");
    project.table("fair.yaml", sources);
    expect_warning("country-disagrees", project.root(), &["award", "137", "--format", "json"]);
}

#[test]
fn a_day_that_does_not_exist() {
    let content = changed(&changed(ATTENDANCE, "2025-04-15", "2025-04-31"), "2025-04-16", "2025-13-01");
    table("no-such-day", "attendance.csv", content);
}

#[test]
fn a_date_of_which_the_order_must_be_guessed() {
    table("bad-date", "attendance.csv", changed(ATTENDANCE, "2025-04-16", "16/04/2025"));
}

#[test]
fn an_unknown_status() {
    table("unknown-status", "invitations.csv", changed(INVITATIONS, "2025-04-02,成功", "2025-04-02,已发送"));
}

#[test]
fn neither_yes_nor_no() {
    table("unknown-truth", "attendance.csv", changed(ATTENDANCE, "线上,否", "线上,yess"));
}

#[test]
fn an_exhibitor_that_stands_twice() {
    table("exhibitor-twice", "exhibitors.csv", changed(EXHIBITORS, "E00018", "E00017"));
}

#[test]
fn a_cell_that_must_not_be_empty() {
    table("empty-cell", "exhibitors.csv", changed(EXHIBITORS, "宁波示例文具有限公司", ""));
}

#[test]
fn a_buyer_of_whom_nothing_is_known() {
    let row = "0000452,Bo Example,Borg AG,bo@borg.example";
    table("buyer-unknown", "attendance.csv", changed(ATTENDANCE, row, ",Bo Example,Borg AG,bo at borg"));
}

#[test]
fn a_penalty_that_ends_before_it_begins() {
    table("fair-order", "penalties.csv", changed(PENALTIES, "130,132", "132,130"));
}

#[test]
fn a_fair_that_is_no_number() {
    table(
        "bad-number",
        "exhibitors.csv",
        changed(EXHIBITORS, "灯饰有限公司,136;137", "灯饰有限公司,136;137届"),
    );
}

#[test]
fn a_text_in_no_known_encoding() {
    let bytes: Vec<u8> =
        b"exhibitor,name_zh\nE1,Caf\xe9 \xff\nE2,B\n".iter().copied().chain(*b"E3,\xff\xfe\n").collect();
    table("encoding", "exhibitors.csv", bytes);
}

#[test]
fn a_quotation_mark_that_is_never_closed() {
    table("open-quotation", "invitations.csv", changed(INVITATIONS, "Aster SA", "\"Aster SA"));
}

#[test]
fn a_row_with_more_fields_than_headings() {
    table("ragged-row", "exhibitors.csv", changed(EXHIBITORS, "宁波示例", "宁波,示例"));
}

#[test]
fn an_error_value_in_text() {
    table("error-in-text", "exhibitors.csv", changed(EXHIBITORS, "宁波示例文具有限公司", "#N/A"));
}

#[test]
fn a_field_of_a_yaml_table_with_a_slip() {
    let project = sound();
    project.table("penalties.yaml", "- exhibitor: E00018\n  from_fair: 130\n  untill_fair: 132\n");
    project.table("fair.yaml", changed(FAIR, "penalties.csv", "penalties.yaml"));
    expect("yaml-table", &project);
}

#[test]
fn a_value_of_a_yaml_table_with_a_slip() {
    let project = sound();
    project.table(
        "penalties.yaml",
        "- {exhibitor: E00018, from_fair: 130, until_fair: 132}\n- {exhibitor: E00018, reason: 转租展位, until_fair: 一三七}\n",
    );
    project.table("fair.yaml", changed(FAIR, "penalties.csv", "penalties.yaml"));
    expect("yaml-table-value", &project);
}

#[test]
fn a_row_behind_empty_lines_at_the_end_of_a_file() {
    let rows = changed(EXHIBITORS, "E00018,宁波示例文具有限公司,136;137\n", "\n\nE00018,,136;137");
    table("behind-empty-lines", "exhibitors.csv", rows);
}

#[test]
fn a_private_row_of_a_yaml_table() {
    let project = sound();
    project.table(
        "attendance.yaml",
        "- {buyer: \"0451\", name: Ann Example, email: ann@aster.example, country: Frankreich, channel: onsite, first_time: yes}\n",
    );
    project.table("fair.yaml", changed(FAIR, "attendance.csv", "attendance.yaml"));
    expect("yaml-private", &project);
}

// -------------------------------------------------------------------------------------------- rulings

/// Rulings on a fair whose notice was published on 2025-09-26.
#[track_caller]
fn rulings(name: &str, content: &str) {
    let project = sound();
    let notice =
        "notice: {number: {zh: 一, en: One}, issuer: {zh: 甲, en: A}, published: 2025-09-26, contact: x}\n";
    project.table("fair.yaml", format!("{FAIR}{notice}"));
    project.table(
        "rulings.yaml",
        content.replace("WHY", "authority: {zh: 甲, en: A}\n  reason: {zh: 乙, en: B}"),
    );
    expect(name, &project);
}

#[test]
fn rulings_that_change_nothing() {
    rulings(
        "ruling-no-effect",
        "- date: 2025-09-28
  decides: {strike-off: {exhibitor: E00017}}
  WHY
- date: 2025-09-29
  decides: {reinstate: {exhibitor: E00018}}
  WHY
- date: 2025-09-30
  decides: {correct-match: {exhibitor: E00017, counts: yes}}
  WHY
  rows: [{file: attendance.csv, row: 2}]
- date: 2025-10-09
  decides: {confirm-penalty: {exhibitor: E00017, from_fair: 130, until_fair: 136}}
  WHY
",
    );
}

#[test]
fn rulings_that_contradict_each_other() {
    rulings(
        "ruling-contradiction",
        "- date: 2025-09-28
  decides: {correct-match: {exhibitor: E00017, counts: no}}
  WHY
  rows: [{file: attendance.csv, row: 2}]
- date: 2025-09-28
  decides: {correct-match: {exhibitor: E00017, counts: yes}}
  WHY
  rows: [{file: attendance.csv, row: 2}]
",
    );
}

#[test]
fn rulings_out_of_order_that_name_what_is_not_there() {
    rulings(
        "ruling-places",
        "- date: 2025-09-29
  decides: {strike-off: {exhibitor: E0O017}}
  WHY
- date: 2025-09-28
  decides: {correct-match: {exhibitor: E00017, counts: no}}
  WHY
- date: 2025-09-30
  decides: {correct-match: {exhibitor: E00017, counts: nein}}
  WHY
  rows: [{file: attendance.xlsx, row: 2}]
",
    );
}

// -------------------------------------------------------------------------------------------- workbooks

#[test]
fn a_number_where_a_code_is_expected() {
    workbook("number-for-code", "{file: invitations.xlsx}", |sheet| {
        sheet.write_number(1, 1, 451).expect("it fits");
    });
}

#[test]
fn a_cell_with_an_error() {
    workbook("error-cell", "{file: invitations.xlsx}", |sheet| {
        sheet.write_formula(2, 0, Formula::new("=NA()").set_result("#N/A")).expect("it fits");
    });
}

#[test]
fn a_formula_without_a_result() {
    workbook_with("formula", "{file: invitations.xlsx}", without_results, |sheet| {
        sheet.write_formula(2, 6, Formula::new("=G2")).expect("it fits");
    });
}

#[test]
fn a_sheet_that_is_not_there() {
    workbook("missing-sheet", "{file: invitations.xlsx, sheet: 发送纪录}", |_| {});
}

#[test]
fn a_workbook_that_is_none() {
    let project = sound();
    project.table("invitations.xlsx", b"PK\x03\x04 but then nothing");
    project.table("fair.yaml", changed(FAIR, "invitations.csv", "invitations.xlsx"));
    expect("damaged-workbook", &project);
}

// -------------------------------------------------------------------------------------------- rulebooks

#[test]
fn weights_that_do_not_sum_to_100() {
    rulebook("weights", "weight: 20", "weight: 25");
}

#[test]
fn a_gap_between_bands() {
    rulebook("band-gap", "{from: 41, until: 60,", "{from: 45, until: 60,");
}

#[test]
fn a_total_between_two_awards() {
    rulebook("total-between", "at_most: 79", "at_most: 75");
}

#[test]
fn a_clause_that_no_rule_cites() {
    rulebook("clause-unused", "cites: [booth-review]", "cites: [awards]");
}

#[test]
fn a_policy_with_a_slip() {
    rulebook("misspelt-policy", "  two-latest-fairs:\n    question", "  two-lastest-fairs:\n    question");
}

#[test]
fn a_choice_with_a_slip() {
    rulebook("misspelt-choice", "choice: competition", "choice: competiton");
}

#[test]
fn a_decimal_without_quotation_marks() {
    rulebook("unquoted-decimal", "weight: 10,", "weight: 10.5,");
}

#[test]
fn an_example_that_the_rules_do_not_bear_out() {
    rulebook("wrong-example", "values: [20, 10, 4], score: 40}", "values: [20, 10, 4], score: 42}");
}

#[test]
fn a_key_of_the_rules_with_a_slip() {
    rulebook(
        "rules-unknown-key",
        "    require: {at-least: {measure: buyers, number: 5}}",
        "    requires: {at-least: {measure: buyers, number: 5}}",
    );
}

#[test]
fn a_word_of_the_rules_with_a_slip() {
    rulebook("rules-unknown-word", "order: high-to-low", "order: hight-to-low");
}

#[test]
fn a_number_that_is_a_word() {
    rulebook("rules-wrong-type", "    working_days: 20", "    working_days: 二十");
}

#[test]
fn a_decimal_where_days_are_counted() {
    rulebook("rules-decimal", "    working_days: 5\n", "    working_days: 4.5\n");
}

#[test]
fn a_measure_that_is_not_there() {
    rulebook("rules-unknown-measure", "{measure: buyers, number: 5}", "{measure: buyer, number: 5}");
}

#[test]
fn a_scale_that_is_not_there() {
    rulebook(
        "rules-unknown-scale",
        "{id: new, measure: new-buyers, scale: standing,",
        "{id: new, measure: new-buyers, scale: 名次,",
    );
}

#[test]
fn a_clause_that_is_not_there() {
    rulebook("rules-unknown-clause", "    cites: [penalty]", "    cites: [penalties]");
}

#[test]
fn a_rule_without_a_clause() {
    rulebook("rules-no-clause", "  cites: [booth-review]", "  cites: []");
}

#[test]
fn a_clause_that_is_excused_and_cited() {
    rulebook(
        "rules-clause-excused",
        "not_encoded:\n",
        "not_encoded:\n  - clause: bands\n    because: {zh: 不影响评比结果。, en: It decides nothing.}\n",
    );
}

#[test]
fn a_text_in_one_language_only() {
    rulebook("rules-missing-language", "    title: {zh: 金奖, en: Gold award}", "    title: {zh: 金奖}");
}

#[test]
fn bands_that_end_too_early() {
    rulebook("rules-bands-end", "{from: 81, until: 100, points: 20}", "{from: 81, until: 99, points: 20}");
}

#[test]
fn a_worse_rank_that_earns_more() {
    rulebook("rules-band-order", "{from: 21, until: 40, points: 80}", "{from: 21, until: 40, points: 100}");
}

#[test]
fn an_award_that_no_score_wins() {
    rulebook("rules-unreachable", "    at_least: 80\n", "    at_least: 101\n");
}

#[test]
fn awards_in_the_wrong_order() {
    rulebook("rules-award-order", "    at_least: 60\n", "    at_least: 80\n");
}

#[test]
fn a_bonus_for_an_award_that_is_not_there() {
    rulebook("rules-unknown-award", "{gold: 2, silver: 1}", "{gold: 2, sliver: 1}");
}

#[test]
fn a_name_that_is_given_twice() {
    rulebook("rules-name-twice", "- {id: regular, measure:", "- {id: new, measure:");
}

#[test]
fn a_reading_that_is_not_put_into_words() {
    rulebook("rules-choice-without-words", "      none: {zh: 不取整, en: it is not rounded}\n", "");
}

#[test]
fn a_reading_that_is_left_open_and_not_named() {
    let text = project::shipped_rulebook();
    let from = text.find("  zero-count:\n").expect("the policy is there");
    let until = text[from..].find("  struck-off:\n").expect("another follows") + from;
    rulebook("rules-policy-missing", &text[from..until], "");
}

#[test]
fn an_example_with_a_value_too_few() {
    rulebook("rules-example-values", "values: [50, 25, 0], score: 84", "values: [50, 25], score: 84");
}

#[test]
fn a_rulebook_of_another_format() {
    rulebook("rules-format", "format: jinbang-rulebook/1", "format: jinbang-rulebook/2");
}

#[test]
fn one_version_in_two_files() {
    let project = sound();
    project.write("data/rulebooks/i-invite-1-copy.yaml", project::shipped_rulebook());
    expect("rules-twice", &project);
}

#[test]
fn several_mistakes_at_once() {
    let project = sound();
    let text = changed(&project::shipped_rulebook(), "weight: 70,", "wieght: 70,");
    let text = changed(&text, "    stage: two-latest-fairs", "    stage: two-lastest-fairs");
    project.write(
        "data/rulebooks/i-invite-1.yaml",
        changed(&text, "    working_days: 20", "    working_days: [20]"),
    );
    expect("rules-several", &project);
}

// ---------------------------------------------------------------------------------------------- templates

/// A mistake in a template of a site that is sound otherwise.
#[track_caller]
fn template(name: &str, file: &str, part: &str, by: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let site = folder.path().join("site");
    let begun = project::run(folder.path(), &["init", site.to_str().expect("UTF-8")]);
    assert!(begun.status.success(), "{}", String::from_utf8_lossy(&begun.stderr));
    let path = site.join("themes/canton/templates").join(file);
    let text = fs::read_to_string(&path).expect("the template is there");
    fs::write(&path, changed(&text, part, by)).expect("the template can be written");
    expect_of(name, &site, &["check"]);
}

#[test]
fn a_field_that_the_page_does_not_have() {
    template(
        "template-field",
        "base.html",
        "{{ page.description }}\">\n{% if",
        "{{ page.descripton }}\">\n{% if",
    );
}

#[test]
fn a_filter_that_is_not_there() {
    template(
        "template-filter",
        "base.html",
        "content=\"{{ page.description }}\">\n{% if",
        "content=\"{{ page.description | uper }}\">\n{% if",
    );
}

#[test]
fn a_template_that_is_not_there() {
    template("template-include", "base.html", "</title>", "</title>{% include \"css-crads.html\" %}");
}

#[test]
fn a_word_that_is_not_there() {
    template("template-word", "base.html", "{{ w.page.updated }}", "{{ w.page.updatd }}");
}

#[test]
fn a_template_that_ends_too_early() {
    template("template-open", "base.html", "{% if page.updated %}", "{% if page.updated");
}

// -------------------------------------------------------------------------------------------- the site

const ZONE_FAIR: &str = "\
fair: 138
previous_fair: 137
name: {zh: 第138届交易会, en: The 138th fair}
short: {zh: 第138届, en: 138th fair}
place: {zh: 广州, en: Guangzhou}
rulebook: {id: i-invite, version: 1}
phases:
  - {phase: 1, start: 2025-10-15, end: 2025-10-19}
  - {phase: 2, start: 2025-10-23, end: 2025-10-27}
";
const ROSTER: &str = "\
place: {zh: 采购服务区, en: Sourcing zone}
caveat: {zh: 名单以现场为准。, en: The list on site holds.}
phases:
  1: [acme]
  2: [acme, borg]
sessions:
  - title: {zh: 采购说明会, en: Sourcing briefing}
    enterprises: [acme]
    date: 2025-10-16
    from: 09:30
    until: 10:30
";
const ENTERPRISE: &str = "\
name: {zh: 示例公司, en: Acme}
name_basis: established
country: Germany
kind: overseas
website: www.acme.example
sort: shi li gong si
";
const PAGE: &str = "---\ntitle: Briefing\nsummary: What is new.\n---\nText.\n";
/// Links to all that the other files yield.
const LINKS: &str = "---\ntitle: Links\nsummary: To pages.\nrelated: [activities/briefing]\n---\n[a](/zone/acme/) \
    [b](/awards/138/rules/) [c](/activities/briefing/) [d](/zone/enterprises.csv)\n";

/// A site with a fair, its sourcing zone and an activity, of which one file is changed, or taken away.
fn site(file: &str, content: Option<&str>) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path().join("site");
    let begun = project::run(folder.path(), &["init", root.to_str().expect("UTF-8")]);
    assert!(begun.status.success(), "{}", String::from_utf8_lossy(&begun.stderr));
    let write = |path: &str, content: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("folders can be made");
        fs::write(path, content).expect("files can be written");
    };
    write("data/fairs/138/fair.yaml", ZONE_FAIR);
    write("data/fairs/138/roster.yaml", ROSTER);
    for name in ["acme", "borg"] {
        write(&format!("data/enterprises/{name}.yaml"), ENTERPRISE);
    }
    for lang in ["zh", "en"] {
        let in_language = |page: &str| page.replace("Text.", &format!("In {lang}.")).replace("new.", lang);
        write(&format!("content/activities/briefing.{lang}.md"), &in_language(PAGE));
        write(&format!("content/accessibility.{lang}.md"), &LINKS.replace("To pages", lang));
    }
    match content {
        Some(content) => write(file, content),
        None => fs::remove_file(root.join(file)).expect("the file is there"),
    }
    (folder, root)
}

/// A mistake in a file of that site.
#[track_caller]
fn in_site(name: &str, file: &str, content: &str) {
    let (_folder, root) = site(file, Some(content));
    expect_of(name, &root, &["check"]);
}

#[test]
fn a_site_without_a_mistake() {
    let (_folder, root) = site("data/enterprises/acme.yaml", Some(ENTERPRISE));
    let output = project::run(&root, &["check"]);
    let found = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && !found.contains("error"), "{found}");
}

#[test]
fn an_enterprise_with_a_country_with_a_slip() {
    in_site("site-country", "data/enterprises/acme.yaml", &changed(ENTERPRISE, "Germany", "Germny"));
}

#[test]
fn an_enterprise_that_cannot_be_read() {
    in_site("site-enterprise", "data/enterprises/acme.yaml", &format!("{ENTERPRISE}kind: overseas\n"));
}

#[test]
fn an_enterprise_with_a_website_that_is_none() {
    let content = changed(ENTERPRISE, "www.acme.example", "见公众号");
    in_site("site-website", "data/enterprises/acme.yaml", &content);
}

#[test]
fn a_phase_with_a_date_that_is_none() {
    in_site("site-phase-date", "data/fairs/138/fair.yaml", &changed(ZONE_FAIR, "2025-10-15", "15/10/2025"));
}

#[test]
fn a_phase_with_days_that_do_not_exist() {
    let content = changed(ZONE_FAIR, "2025-10-15", "2025-10-32");
    let content = changed(&changed(&content, "2025-10-19", "2025-02-30"), "2025-10-23", "2025-13-01");
    in_site("site-no-such-day", "data/fairs/138/fair.yaml", &content);
}

#[test]
fn a_fair_that_cannot_be_read() {
    let content = changed(ZONE_FAIR, "en: Guangzhou}", "en: Guangzhou");
    in_site("site-fair", "data/fairs/138/fair.yaml", &content);
}

#[test]
fn a_roster_with_a_phase_that_the_fair_does_not_have() {
    in_site("site-phase", "data/fairs/138/roster.yaml", &changed(ROSTER, "phases:", "phases:\n  4: []"));
}

#[test]
fn a_page_with_a_bracket_that_is_never_closed() {
    let content = changed(PAGE, "---\nText", "contacts: [info\n---\nText");
    in_site("site-page", "content/activities/briefing.en.md", &content);
}

#[test]
fn a_page_without_front_matter() {
    in_site("site-front-matter", "content/zone.en.md", &PAGE.replacen("---", "--", 1));
}

#[test]
fn front_matter_that_does_not_end() {
    in_site("site-front-matter-open", "content/zone.en.md", &changed(PAGE, "---\nText", "\nText"));
}

#[test]
fn an_enterprise_by_its_name() {
    in_site(
        "site-enterprise-name",
        "data/fairs/138/roster.yaml",
        &changed(ROSTER, "1: [acme]", "1: [示例公司]"),
    );
}

#[test]
fn a_page_in_one_language_only() {
    let (_folder, root) = site("content/activities/briefing.en.md", None);
    expect_of("site-one-language", &root, &["check"]);
}

#[test]
fn a_draft_in_one_language_only() {
    let content = changed(PAGE, "---\nText", "draft: true\n---\nText");
    in_site("site-half-a-draft", "content/activities/briefing.en.md", &content);
}

/// Takes the line `draft` out of files that were just begun.
fn finish(root: &Path, files: &[&str]) {
    for file in files {
        let text = fs::read_to_string(root.join(file)).expect("the file was begun");
        fs::write(root.join(file), changed(&text, "draft: true\n", "")).expect("it can be written");
    }
}

#[test]
fn forms_that_are_not_filled_in() {
    let (_folder, root) = site("data/enterprises/acme.yaml", Some(ENTERPRISE));
    for arguments in [["new", "enterprise", "kawan-lama"], ["new", "activity", "night-tour"]] {
        assert!(project::run(&root, &arguments).status.success());
    }
    let page = "content/activities/night-tour.en.md";
    finish(&root, &["data/enterprises/kawan-lama.yaml", page, "content/activities/night-tour.zh.md"]);
    // Some of it was filled in, and what people keep of a form is none of it.
    let text = fs::read_to_string(root.join(page)).expect("the file was begun");
    let text = changed(&text, "title: Name of the activity", "title: Night tour");
    let text = changed(&text, "- The first condition\n- The second condition", "- Exhibitors");
    fs::write(root.join(page), text).expect("it can be written");
    expect_of("site-unfilled-forms", &root, &["check"]);
}

#[test]
fn links_in_full_width_brackets() {
    let page = changed(
        PAGE,
        "Text.",
        "See [the zone]（/zone/）, 【rules】（/awards/138/rules/） and ![hall]（/hall.png）. \\[Not\\]（/this/）.",
    );
    let (_folder, root) = site("content/activities/briefing.en.md", Some(&page));
    expect_warning("site-full-width-links", &root, &["check"]);
}

#[test]
fn links_with_the_language_in_front() {
    let page = changed(PAGE, "Text.", "[Zone](/en/zone/), [acme](/zh/zone/acmee/), [none](/en/wherever/)");
    in_site("site-language-in-link", "content/activities/briefing.en.md", &page);
}

#[test]
fn titles_that_were_left_in_another_language() {
    let page = "---\ntitle: Night tour\nsummary: 夜游的安排和报名办法。\n---\n每晚八点出发。\n";
    let (_folder, root) = site("content/activities/briefing.zh.md", Some(page));
    let brand = "---\ntitle: TikTok Shop\nsummary: 直播的安排和报名办法。\n---\n在 TikTok Shop 上直播。\n";
    fs::write(root.join("content/accessibility.zh.md"), brand).expect("it can be written");
    let chinese = PAGE.replace("Briefing", "简报");
    fs::write(root.join("content/activities/briefing.en.md"), chinese).expect("it can be written");
    expect_warning("site-foreign-titles", &root, &["check"]);
    let desk = project::run(&root, &["translations"]);
    let desk = String::from_utf8(desk.stdout).expect("UTF-8");
    for line in [
        "  with a title in another language: page activities/briefing (content/activities/briefing.zh.md:2:8)",
        "  with a title in another language: page activities/briefing (content/activities/briefing.en.md:2:8)",
    ] {
        assert!(desk.contains(line), "{desk}");
    }
    assert!(!desk.contains("title in another language: page accessibility"), "{desk}");
}

#[test]
fn dead_links_are_said_beside_an_error() {
    let (_folder, root) =
        site("content/accessibility.en.md", Some(&changed(LINKS, "/zone/acme/", "/activities/breifing/")));
    fs::write(root.join("data/enterprises/acme.yaml"), format!("{ENTERPRISE}fax: 1\n"))
        .expect("it can be written");
    expect_of("site-dead-link", &root, &["check"]);
}

// -------------------------------------------------------------------------------------------- the folder

#[test]
fn every_message_belongs_to_a_case() {
    let source = fs::read_to_string(project::here().join("tests/messages.rs")).expect("this file is there");
    let folder = fs::read_dir(project::here().join("tests/messages")).expect("messages are there");
    let unused: BTreeSet<String> = folder
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            Some(name.strip_suffix(".txt")?.trim_end_matches(".zh").to_owned())
        })
        .filter(|name| !source.contains(&format!("\"{name}\"")))
        .collect();
    assert!(unused.is_empty(), "no case has the messages {unused:?}");
}

#[test]
fn without_a_mistake_nothing_is_said() {
    let output = sound().run(&["award", "137", "--format", "json"]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}
