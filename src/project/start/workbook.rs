//! The sourcing zone of a new fair as a workbook to fill in: who was there at the fair before, with drop-downs.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError,
};

use super::super::fairs::{LANGUAGES, fair_numbers, read_fair};
use crate::fair::{
    Country, Enterprise, FairFile, Kind, PURCHASES, ROSTER, Roster, SESSIONS, Zone, ZoneTerms,
    read_enterprises, read_zone, roster,
};
use crate::lang::Lang;
use crate::pages::{SiteFile, read_site};
use crate::source::{Failure, Files, Report, say};

/// The name of the workbook.
pub(super) const NAME: &str = "roster.xlsx";

const ROSTER_SHEET: &str = "入驻名单";
const SESSIONS_SHEET: &str = "场次";
const PURCHASES_SHEET: &str = "采购清单";
const CHOICES_SHEET: &str = "选项";

/// Drop-downs reach so many rows.
const ROWS: u32 = 500;

/// The sheets of the workbook under `sources`.
pub(super) fn sources() -> String {
    let sheets = [(&ROSTER, ROSTER_SHEET), (&SESSIONS, SESSIONS_SHEET), (&PURCHASES, PURCHASES_SHEET)];
    let line = |(shape, sheet): (&&crate::data::TableShape, &str)| {
        format!("  {}: [{{file: {NAME}, sheet: {sheet}}}]\n", shape.name)
    };
    sheets.iter().map(|(shape, sheet)| line((shape, sheet))).collect()
}

/// A workbook with the residents of a fair, if the project has it.
pub(super) fn roster_workbook(files: &Files, previous: u32) -> Result<Vec<u8>, Failure> {
    // What is wrong with the fair before is said when the project is checked.
    let report = &mut Report::new();
    let site = read_site(report, files)?;
    let filed = read_enterprises(report, files)?;
    let before = match fair_numbers(files)?.contains(&previous) {
        true => read_fair(report, files, previous)?,
        false => None,
    };
    let languages = site.as_ref().map_or(LANGUAGES.to_vec(), SiteFile::languages);
    let terms = ZoneTerms {
        languages: &languages,
        fallback: &[],
        goods: site.as_ref().map(|site| &site.goods),
        enterprises: &filed,
        earlier: &BTreeMap::new(),
    };
    let zone = match &before {
        Some(fair) => read_zone(report, files, fair, &terms)?,
        None => Zone::default(),
    };
    let book = Book { site: site.as_ref(), fair: before.as_deref(), filed: &filed, zone: &zone };
    book.written().map_err(|cause| {
        Failure::because(say!("write {path}", path = NAME), crate::source::Message::foreign(cause))
    })
}

struct Book<'a> {
    site: Option<&'a SiteFile>,
    fair: Option<&'a FairFile>,
    filed: &'a BTreeMap<String, Enterprise>,
    zone: &'a Zone,
}

impl Book<'_> {
    fn written(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        // The bytes depend on what is in the workbook, not on the clock.
        let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&day));
        self.write_roster(book.add_worksheet())?;
        write_table(
            book.add_worksheet(),
            SESSIONS_SHEET,
            &[
                "采购企业",
                "日期",
                "开始时间",
                "结束时间",
                "主题（中文）",
                "主题（英文）",
                "地点（中文）",
                "地点（英文）",
            ],
        )?;
        write_table(
            book.add_worksheet(),
            PURCHASES_SHEET,
            &["采购企业", "采购商品（中文）", "采购商品（英文）", "数量"],
        )?;
        self.write_choices(book.add_worksheet())?;
        book.save_to_buffer()
    }

    /// How many phases the fair before has; three, where it is not there.
    fn phases(&self) -> u8 {
        let phases = self.fair.map_or(0, |fair| fair.phases.len());
        u8::try_from(phases).ok().filter(|phases| (1..=6).contains(phases)).unwrap_or(3)
    }

    fn write_roster(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let numerals = ["一", "二", "三", "四", "五", "六"];
        let phases: Vec<String> =
            (0..self.phases()).map(|phase| format!("第{}期", numerals[usize::from(phase)])).collect();
        let mut headings = vec![
            "采购企业",
            "英文名称",
            "国家/地区",
            "类型",
            "主营（中文）",
            "主营（英文）",
            "商品类别",
            "网址",
        ];
        headings.extend(phases.iter().map(String::as_str));
        headings.extend([ROSTER.fields[roster::SLUG].headings[1], ROSTER.fields[roster::SORT].headings[1]]);
        head(sheet, ROSTER_SHEET, &headings)?;
        let first_mark = 8;
        let first_address = first_mark + u16::from(self.phases());
        let choices = |column: &str, count: usize| {
            Formula::new(format!("={CHOICES_SHEET}!${column}$2:${column}${}", count + 1))
        };
        let mut drop_down = |column: u16, list: DataValidation| {
            // Another value may be typed: several goods in one cell, another mark.
            let list = list.show_error_message(false);
            sheet.add_data_validation(1, column, ROWS, column, &list).map(|_| ())
        };
        drop_down(2, DataValidation::new().allow_list_formula(choices("A", Country::all().len())))?;
        drop_down(3, DataValidation::new().allow_list_strings(&KINDS.map(|(_, kind)| kind))?)?;
        let goods = self.goods();
        if !goods.is_empty() {
            drop_down(6, DataValidation::new().allow_list_formula(choices("B", goods.len())))?;
        }
        for column in first_mark..first_address {
            drop_down(column, DataValidation::new().allow_list_strings(&["√"])?)?;
        }
        for (row, (slug, phases)) in (1..).zip(self.residents()) {
            match (self.filed.get(slug), self.zone.enterprises.get(slug)) {
                // What its file says is not repeated: it would have to be kept alike.
                (Some(filed), _) => {
                    sheet.write(row, 0, filed.name.value.get(Lang::ZH))?;
                }
                (None, Some(listed)) => {
                    let values = self.values(listed);
                    for (column, value) in (0..).zip(values) {
                        sheet.write(row, column, value)?;
                    }
                    sheet.write(row, first_address, slug)?;
                    sheet.write(row, first_address + 1, listed.sort.value.as_str())?;
                }
                (None, None) => continue,
            }
            for phase in phases {
                sheet.write(row, first_mark + u16::from(phase) - 1, "√")?;
            }
        }
        Ok(())
    }

    /// The residents of the fair before in the order in which they first appear, with their phases.
    fn residents(&self) -> Vec<(&str, Vec<u8>)> {
        let Some(roster) = &self.zone.roster else { return Vec::new() };
        let mut residents: Vec<(&str, Vec<u8>)> = Vec::new();
        let listed = |roster: &'_ Roster, slug: &str| roster.phases_of(slug);
        for entry in roster.phases.values().flat_map(|entries| &entries.value) {
            let is_known =
                self.filed.contains_key(&entry.value) || self.zone.enterprises.contains_key(&entry.value);
            if is_known && residents.iter().all(|(slug, _)| *slug != entry.value) {
                residents.push((&entry.value, listed(roster, &entry.value)));
            }
        }
        residents
    }

    /// What the columns of an enterprise without a file say.
    fn values(&self, listed: &Enterprise) -> [String; 8] {
        let text = |text: Option<&crate::data::Spanned<crate::lang::Localized>>, lang| {
            text.and_then(|text| text.value.find(lang)).unwrap_or_default().to_owned()
        };
        let goods = listed.goods.iter().filter_map(|key| self.site?.goods.get(&key.value));
        let goods: Vec<&str> = goods.map(|name| name.value.get(Lang::ZH)).collect();
        [
            text(Some(&listed.name), Lang::ZH),
            text(Some(&listed.name), Lang::EN),
            listed.country.value.name(Lang::ZH).to_owned(),
            KINDS.iter().find(|(kind, _)| *kind == listed.kind).map_or("", |(_, name)| name).to_owned(),
            text(listed.business.as_ref(), Lang::ZH),
            text(listed.business.as_ref(), Lang::EN),
            goods.join("；"),
            listed.website.as_ref().map(|website| website.value.clone()).unwrap_or_default(),
        ]
    }

    fn goods(&self) -> Vec<&str> {
        self.site.iter().flat_map(|site| site.goods.values()).map(|name| name.value.get(Lang::ZH)).collect()
    }

    /// What drop-downs offer, where that is too much for the cell itself.
    fn write_choices(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        head(sheet, CHOICES_SHEET, &["国家/地区", "商品类别"])?;
        for (row, country) in (1..).zip(Country::all()) {
            sheet.write(row, 0, country.name(Lang::ZH))?;
        }
        for (row, goods) in (1..).zip(self.goods()) {
            sheet.write(row, 1, goods)?;
        }
        sheet.set_hidden(true);
        Ok(())
    }
}

const KINDS: [(Kind, &str); 2] = [(Kind::Overseas, "跨国公司"), (Kind::Domestic, "境内机构")];

/// A table in which the enterprises of the roster are offered.
fn write_table(sheet: &mut Worksheet, name: &str, headings: &[&str]) -> Result<(), XlsxError> {
    head(sheet, name, headings)?;
    let enterprises = Formula::new(format!("={ROSTER_SHEET}!$A$2:$A${}", ROWS + 1));
    let list = DataValidation::new().allow_list_formula(enterprises).show_error_message(false);
    sheet.add_data_validation(1, 0, ROWS, 0, &list)?;
    Ok(())
}

fn head(sheet: &mut Worksheet, name: &str, headings: &[&str]) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0..).zip(headings) {
        sheet.write_with_format(0, column, *heading, &bold)?;
        sheet.set_column_width(column, if column == 0 { 28 } else { 16 })?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}
