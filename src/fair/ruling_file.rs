//! `rulings.yaml` as it is written.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::{Map, Value, json};

use super::config::NoticeMove;
use crate::data::{Date, Spanned, decode_file};
use crate::lang::Localized;
use crate::source::{Failure, Files, Report, code, say};

/// An entry of `rulings.yaml`.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct RulingFile {
    /// The date from which it is in force.
    pub date: Spanned<Date>,
    /// What it decides.
    pub decides: Spanned<DecidesFile>,
    /// Who decided.
    pub authority: Spanned<Localized>,
    /// Why.
    pub reason: Spanned<Localized>,
    /// The rows of the fair's tables concerned.
    #[serde(default)]
    pub rows: Vec<Spanned<RowPlace>>,
}

impl RulingFile {
    /// What it decides, by its name.
    pub fn decides(&self) -> &'static str {
        match &self.decides.value {
            DecidesFile::StrikeOff(_) => "strike-off",
            DecidesFile::Reinstate(_) => "reinstate",
            DecidesFile::CorrectMatch(_) => "correct-match",
            DecidesFile::ConfirmPenalty(_) => "confirm-penalty",
            DecidesFile::CorrectRecord(_) => "correct-record",
            DecidesFile::AdmitInput(_) => "admit-input",
            DecidesFile::CorrectExhibitor(_) => "correct-exhibitor",
            DecidesFile::ProlongNotice(_) => "prolong-notice",
            DecidesFile::RepeatNotice(_) => "repeat-notice",
        }
    }

    /// The identifier of the exhibitor on which it decides; `None` where it decides on tables or days.
    pub fn exhibitor(&self) -> Option<&Spanned<String>> {
        match &self.decides.value {
            DecidesFile::StrikeOff(of) | DecidesFile::Reinstate(of) => Some(&of.exhibitor),
            DecidesFile::CorrectMatch(of) => Some(&of.exhibitor),
            DecidesFile::ConfirmPenalty(of) => Some(&of.exhibitor),
            DecidesFile::CorrectExhibitor(of) => Some(&of.exhibitor),
            DecidesFile::CorrectRecord(_)
            | DecidesFile::AdmitInput(_)
            | DecidesFile::ProlongNotice(_)
            | DecidesFile::RepeatNotice(_) => None,
        }
    }

    /// The identifiers of those who may fall below an award that was published, where it decides on tables.
    pub fn concerns(&self) -> &[Spanned<String>] {
        match &self.decides.value {
            DecidesFile::CorrectRecord(of) => &of.concerns,
            DecidesFile::AdmitInput(of) => &of.concerns,
            _ => &[],
        }
    }

    /// What it says of the days of the notice.
    pub fn notice_move(&self) -> Option<NoticeMove> {
        match &self.decides.value {
            DecidesFile::ProlongNotice(of) => {
                Some(NoticeMove::Prolonged { date: self.date.value, until: of.until.clone() })
            }
            DecidesFile::RepeatNotice(of) => Some(NoticeMove::Repeated { from: of.from.clone() }),
            _ => None,
        }
    }

    /// Whether it changes what the tables say.
    pub fn amends_tables(&self) -> bool {
        matches!(self.decides.value, DecidesFile::CorrectRecord(_) | DecidesFile::AdmitInput(_))
    }

    /// Whether it admits a file of the fair's folder.
    pub fn admits(&self, file: Option<&str>) -> bool {
        match &self.decides.value {
            DecidesFile::AdmitInput(of) => file == Some(of.file.value.as_str()),
            _ => false,
        }
    }

    /// What it is about, as pages name it.
    pub fn subject(&self) -> RulingSubject {
        match &self.decides.value {
            DecidesFile::CorrectRecord(of) => {
                RulingSubject::Fields { table: of.table.value.clone(), fields: vec![of.field.value.clone()] }
            }
            DecidesFile::AdmitInput(of) => RulingSubject::Fields {
                table: of.table.value.clone(),
                fields: of.fields.iter().map(|field| field.value.clone()).collect(),
            },
            DecidesFile::ProlongNotice(of) => RulingSubject::Day(of.until.value),
            DecidesFile::RepeatNotice(of) => RulingSubject::Day(of.from.value),
            _ => match self.exhibitor() {
                Some(exhibitor) => RulingSubject::Exhibitor(exhibitor.value.clone()),
                None => unreachable!("a ruling is on tables, on days, or on an exhibitor"),
            },
        }
    }

    /// What it says, as a ledger holds it: of a buyer only where its rows stand.
    pub fn particulars(&self) -> Map<String, Value> {
        let texts =
            |texts: &[Spanned<String>]| texts.iter().map(|text| text.value.as_str()).collect::<Value>();
        let particulars = match &self.decides.value {
            DecidesFile::CorrectRecord(of) => json!({
                "table": of.table.value, "file": of.place.value.file, "sheet": of.place.value.sheet,
                "row": of.place.value.row, "field": of.field.value,
                "from": of.from.value, "to": of.to.value, "concerns": texts(&of.concerns),
            }),
            DecidesFile::AdmitInput(of) => json!({
                "table": of.table.value, "file": of.file.value, "replaces": of.replaces.value,
                "fields": texts(&of.fields), "concerns": texts(&of.concerns),
            }),
            DecidesFile::CorrectExhibitor(of) => {
                let fields = [
                    ("exhibitor", Some(of.exhibitor.value.as_str().into())),
                    ("name_zh", of.name_zh.as_ref().map(|text| text.value.as_str().into())),
                    ("name_en", of.name_en.as_ref().map(|text| text.value.as_str().into())),
                    ("booths", of.booths.as_ref().map(|booths| texts(booths))),
                    ("sections", of.sections.as_ref().map(|sections| texts(sections))),
                    ("website", of.website.as_ref().map(|text| text.value.as_str().into())),
                ];
                let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
                fields.collect::<Map<String, Value>>().into()
            }
            DecidesFile::CorrectMatch(of) => {
                let rows = self.rows.iter().map(
                    |row| json!({"file": row.value.file, "sheet": row.value.sheet, "row": row.value.row}),
                );
                json!({
                    "exhibitor": of.exhibitor.value, "counts": matches!(of.counts, YesNo::Yes),
                    "rows": rows.collect::<Value>(),
                })
            }
            DecidesFile::ConfirmPenalty(of) => json!({
                "exhibitor": of.exhibitor.value,
                "from_fair": of.from_fair.value, "until_fair": of.until_fair.value,
            }),
            DecidesFile::StrikeOff(of) | DecidesFile::Reinstate(of) => {
                json!({"exhibitor": of.exhibitor.value})
            }
            DecidesFile::ProlongNotice(of) => json!({"until": of.until.value.to_string()}),
            DecidesFile::RepeatNotice(of) => json!({"from": of.from.value.to_string()}),
        };
        match particulars {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }
}

/// What a ruling is about.
#[derive(serde::Serialize, serde::Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum RulingSubject {
    /// An exhibitor, by its identifier.
    Exhibitor(String),
    /// An exhibitor that is not on the list, and is not named.
    Unlisted,
    /// Fields of a table; none where it is about rows as a whole.
    Fields {
        /// The table.
        table: String,
        /// Their names.
        fields: Vec<String>,
    },
    /// The last day of the notice, or the first one of its repetition.
    Day(Date),
}

/// The decision of a ruling.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum DecidesFile {
    /// The exhibitor cannot receive an award and is not evaluated.
    StrikeOff(OfExhibitor),
    /// An earlier strike-off is lifted.
    Reinstate(OfExhibitor),
    /// The buyer of the attendance row under `rows` counts, or does not count, as invited by the exhibitor.
    CorrectMatch(MatchFile),
    /// The exhibitor is under a penalty.
    ConfirmPenalty(PenaltyFile),
    /// Corrects a cell of a table. The table itself stays as exported.
    CorrectRecord(RecordFile),
    /// Replaces a table with a new export. Both files stay in the folder of the fair.
    AdmitInput(InputFile),
    /// Corrects the published names, booths, sections or website of an exhibitor.
    CorrectExhibitor(DetailsFile),
    /// Extends the notice.
    ProlongNotice(ProlongFile),
    /// Repeats the notice, for the number of working days that the rules require.
    RepeatNotice(RepeatFile),
}

/// A cell that is wrong.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct RecordFile {
    /// The table: `exhibitors`, `invitations`, `attendance` or `penalties`.
    pub table: Spanned<String>,
    /// The row.
    pub place: Spanned<RowPlace>,
    /// The field, by its name; one that is not private.
    pub field: Spanned<String>,
    /// The value in the table; `""` if the cell is empty.
    pub from: Spanned<String>,
    /// The correct value; `""` if the cell should be empty.
    pub to: Spanned<String>,
    /// The exhibitors whose published award this ruling may lower; nobody else's is lowered.
    #[serde(default)]
    pub concerns: Vec<Spanned<String>>,
}

/// A new export of a table.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// The table: `exhibitors`, `invitations`, `attendance` or `penalties`.
    pub table: Spanned<String>,
    /// The new file, relative to the folder of the fair.
    pub file: Spanned<String>,
    /// The file that it replaces.
    pub replaces: Spanned<String>,
    /// The names of the fields that were wrong; none if rows were missing or surplus.
    #[serde(default)]
    pub fields: Vec<Spanned<String>>,
    /// The exhibitors whose published award this ruling may lower; nobody else's is lowered.
    #[serde(default)]
    pub concerns: Vec<Spanned<String>>,
}

/// Published details of an exhibitor other than its award; what is absent stays as it is.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct DetailsFile {
    /// The exhibitor's identifier.
    pub exhibitor: Spanned<String>,
    /// Its name in Chinese.
    #[serde(default)]
    pub name_zh: Option<Spanned<String>>,
    /// Its name in English; `""` for none.
    #[serde(default)]
    pub name_en: Option<Spanned<String>>,
    /// Its booths.
    #[serde(default)]
    pub booths: Option<Vec<Spanned<String>>>,
    /// The sections in which it exhibits, in Chinese.
    #[serde(default)]
    pub sections: Option<Vec<Spanned<String>>>,
    /// Its website; `""` for none.
    #[serde(default)]
    pub website: Option<Spanned<String>>,
}

/// An extended notice.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct ProlongFile {
    /// Its last day.
    pub until: Spanned<Date>,
}

/// A repeated notice.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct RepeatFile {
    /// Its first day.
    pub from: Spanned<Date>,
}

/// The exhibitor on which a ruling decides.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct OfExhibitor {
    /// Its identifier.
    pub exhibitor: Spanned<String>,
}

/// A match that is corrected.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct MatchFile {
    /// The exhibitor's identifier.
    pub exhibitor: Spanned<String>,
    /// Whether the buyer counts as invited by the exhibitor.
    pub counts: YesNo,
}

/// A truth value as people write it: `yes`, `no`, `true`, `false`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum YesNo {
    /// It is so.
    Yes,
    /// It is not so.
    No,
}

impl JsonSchema for YesNo {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "YesNo".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"enum": [true, false, "yes", "no"]})
    }
}

impl<'de> Deserialize<'de> for YesNo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<YesNo, D::Error> {
        struct YesNoVisitor;

        impl Visitor<'_> for YesNoVisitor {
            type Value = YesNo;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("yes or no")
            }

            fn visit_bool<E: Error>(self, truth: bool) -> Result<YesNo, E> {
                Ok(if truth { YesNo::Yes } else { YesNo::No })
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<YesNo, E> {
                match word {
                    "yes" => Ok(YesNo::Yes),
                    "no" => Ok(YesNo::No),
                    _ => Err(E::unknown_variant(word, &["yes", "no"])),
                }
            }
        }

        deserializer.deserialize_any(YesNoVisitor)
    }
}

/// A penalty that is confirmed; both ends are included.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct PenaltyFile {
    /// The exhibitor's identifier.
    pub exhibitor: Spanned<String>,
    /// The first fair.
    pub from_fair: Spanned<u32>,
    /// The last fair.
    pub until_fair: Spanned<u32>,
}

/// A row of one of the fair's tables, written as in messages.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct RowPlace {
    /// The file, relative to the folder of the fair.
    pub file: String,
    /// The sheet; may be absent where only one sheet of the file is read.
    #[serde(default)]
    pub sheet: Option<String>,
    /// The row of the sheet, or the line of the file, counted from 1.
    pub row: u32,
}

/// Reads the `rulings.yaml` of a fair without resolving what it names. `None` where there is none, or it is wrong.
pub fn read_ruling_file(
    report: &mut Report,
    files: &Files,
    folder: &str,
) -> Result<Option<Vec<Spanned<RulingFile>>>, Failure> {
    let path = format!("{folder}/rulings.yaml");
    match files.is_file(&path) {
        true => read_rulings(report, files, &path, None),
        false => Ok(None),
    }
}

/// Reads a file of rulings that come after another one, where there is one, without resolving what they name. `None`
/// where it is wrong.
pub fn read_rulings(
    report: &mut Report,
    files: &Files,
    path: &str,
    before: Option<&Spanned<RulingFile>>,
) -> Result<Option<Vec<Spanned<RulingFile>>>, Failure> {
    let Some(written) = decode_file::<Vec<Spanned<RulingFile>>>(report, files, path)? else {
        return Ok(None);
    };
    let written = written.value;
    let all: Vec<&Spanned<RulingFile>> = before.into_iter().chain(&written).collect();
    for pair in all.windows(2) {
        let (earlier, later) = (&pair[0].value.date, &pair[1].value.date);
        if later.value < earlier.value {
            report
                .error(
                    code::RULING_ORDER,
                    later.span,
                    say!(
                        "`{later}` comes after a ruling of {earlier}",
                        later = later.value,
                        earlier = earlier.value
                    ),
                )
                .hint(say!("list rulings by date, earliest first, and add new ones at the end"));
        }
    }
    Ok(Some(written))
}
