//! The ledger: what was decided on a fair, sealed entry by entry, with everything that it rests on.
//!
//! An entry is an object. Its hash is the SHA-256 of its canonical text (keys sorted, no white space, as RFC 8785
//! has it) without the key `hash`, and every entry names the hash of the one before it: no entry can be changed,
//! taken out or put in later without that showing. `decisions` holds those that are new or differ from the entry
//! before; `decisions_sha256` is over all that hold then.
//!
//! Nothing of a person is in it: rows are there as the roots of salted trees, see [`super::Merkle`].

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::grant::Results;
use super::list::{AwardList, ListCorrection, ListRuling, Listed, list_correction};
use super::merkle::hex;
use super::written::written_decision;
use crate::fair::{Date, Facts, NoticeState, RulingFile, RulingSubject};
use crate::lang::{Lang, Localized};
use crate::rulebook::{Choices, Rulebook};
use crate::source::{Message, say};

/// The name and version of the format.
const FORMAT: &str = "jinbang-ledger/1";

/// How far an award has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Decided, and not published.
    Proposed,
    /// Published; objections can be made.
    InNotice,
    /// Changed by rulings since it was published.
    Correction,
    /// The time for objections is over; they are being settled.
    Closed,
    /// The list is final.
    Final,
}

impl Stage {
    /// Its name in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Proposed => "proposed",
            Stage::InNotice => "in-notice",
            Stage::Correction => "correction",
            Stage::Closed => "closed",
            Stage::Final => "final",
        }
    }

    fn of(name: &str) -> Option<Stage> {
        [Stage::Proposed, Stage::InNotice, Stage::Correction, Stage::Closed, Stage::Final]
            .into_iter()
            .find(|stage| stage.name() == name)
    }
}

impl From<NoticeState> for Stage {
    fn from(state: NoticeState) -> Stage {
        match state {
            NoticeState::Proposed => Stage::Proposed,
            NoticeState::InNotice => Stage::InNotice,
            NoticeState::Closed => Stage::Closed,
            NoticeState::Final => Stage::Final,
        }
    }
}

/// What a fair is sealed with: everything that the files alone decide.
#[derive(Clone, PartialEq, Debug)]
pub struct Sealing {
    fields: Map<String, Value>,
    /// The decision on every exhibitor, by its identifier.
    decisions: BTreeMap<String, Value>,
}

impl Sealing {
    /// What results are sealed with. `resting_on` is what they rest on beside the rulebook: settings of the
    /// fair, days, files, rows.
    pub fn new(
        facts: &Facts,
        rulebook: &Rulebook,
        results: &Results,
        resting_on: Map<String, Value>,
    ) -> Sealing {
        let list = AwardList::new(facts, results);
        let award = |number: Option<usize>| number.map(|number| rulebook.awards[number].id.value.clone());
        let awards: Map<String, Value> = (0..rulebook.awards.len())
            .map(|number| (rulebook.awards[number].id.value.clone(), results.received(number).into()))
            .collect();
        let rulings: Vec<Value> =
            facts.rulings.iter().map(|ruling| written_ruling(&ruling.written)).collect();
        let corrections: Vec<Value> = results
            .corrections
            .iter()
            .map(|correction| {
                let listed = list_correction(facts, correction);
                let changes: Vec<Value> = listed
                    .changes
                    .iter()
                    .map(|(id, before, after)| {
                        json!({"exhibitor": id, "before": award(*before), "after": award(*after)})
                    })
                    .collect();
                let amended = listed.amended.iter().map(|(before, after)| {
                    json!({
                        "exhibitor": after.id, "before": written_listed(before), "after": written_listed(after),
                    })
                });
                json!({
                    "date": correction.date.to_string(),
                    "rulings": correction.rulings,
                    "changes": changes,
                    "amended": amended.collect::<Value>(),
                })
            })
            .collect();
        let mut fields = resting_on;
        fields.extend(written_law(rulebook, &results.choices));
        fields.insert("pool".to_owned(), results.pool.into());
        fields.insert("awards".to_owned(), awards.into());
        fields.insert("rulings".to_owned(), rulings.into());
        fields.insert("corrections".to_owned(), corrections.into());
        let decisions = results.sorted.iter().map(|&number| {
            let mut written = written_decision(facts, rulebook, results, number);
            let id = facts.exhibitors[number as usize].id.clone();
            let listed = list.find(&id).cloned();
            let withheld = || results.decisions[number as usize].earned.is_some();
            if let Some(listed) = listed.or_else(|| withheld().then(|| Listed::of(facts, results, number))) {
                written.insert("listed".to_owned(), written_listed(&listed));
            }
            (id, written.into())
        });
        Sealing { fields, decisions: decisions.collect() }
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }
}

/// The rulebook and the readings, as entries name them.
pub fn written_law(rulebook: &Rulebook, choices: &Choices) -> Map<String, Value> {
    let policies: Map<String, Value> =
        choices.declared().map(|(name, choice)| (name.to_owned(), choice.into())).collect();
    let rulebook = json!({"id": rulebook.id, "version": rulebook.version, "sha256": rulebook.sha256});
    Map::from_iter([("rulebook".to_owned(), rulebook), ("policies".to_owned(), policies.into())])
}

/// A ruling, as it is explained to an exhibitor: what it is about, and nothing that it says of others.
pub fn explained_ruling(ruling: &RulingFile) -> Value {
    let mut written = json!({
        "date": ruling.date.value.to_string(),
        "decides": ruling.decides(),
        "authority": texts(&ruling.authority.value),
        "reason": texts(&ruling.reason.value),
    });
    match ruling.subject() {
        RulingSubject::Exhibitor(exhibitor) => written["exhibitor"] = exhibitor.into(),
        RulingSubject::Fields { table, fields } => {
            written["table"] = table.into();
            written["fields"] = fields.into();
        }
        RulingSubject::Day(day) => written["day"] = day.to_string().into(),
    }
    written
}

/// A ruling, as entries name it.
pub fn written_ruling(ruling: &RulingFile) -> Value {
    let mut written = json!({
        "date": ruling.date.value.to_string(),
        "decides": ruling.decides(),
        "authority": texts(&ruling.authority.value),
        "reason": texts(&ruling.reason.value),
    });
    if let Some(exhibitor) = ruling.exhibitor() {
        written["exhibitor"] = exhibitor.value.as_str().into();
    }
    for (name, value) in ruling.particulars() {
        written[name] = value;
    }
    written
}

/// What a ruling is about, as an entry says it.
fn read_subject(ruling: &Value) -> Option<RulingSubject> {
    let text = |name: &str| ruling[name].as_str().map(str::to_owned);
    if let Some(exhibitor) = text("exhibitor") {
        return Some(RulingSubject::Exhibitor(exhibitor));
    }
    if let Some(table) = text("table") {
        let several = ruling["fields"].as_array().into_iter().flatten();
        let several = several.filter_map(|field| field.as_str().map(str::to_owned));
        return Some(RulingSubject::Fields {
            table,
            fields: text("field").into_iter().chain(several).collect(),
        });
    }
    Some(RulingSubject::Day(text("until").or_else(|| text("from"))?.parse().ok()?))
}

fn texts(text: &Localized) -> Value {
    text.languages().map(|lang| (lang.to_string(), text.get(lang).into())).collect::<Map<_, Value>>().into()
}

fn written_listed(listed: &Listed) -> Value {
    json!({
        "name_zh": listed.name_zh,
        "name_en": listed.name_en,
        "delegation": listed.delegation,
        "sections": listed.sections,
        "booths": listed.booths,
        "website": listed.website,
    })
}

/// The sealed results of a fair.
#[derive(Clone, PartialEq, Debug)]
pub struct Ledger {
    /// Number of the fair.
    pub fair: u32,
    entries: Vec<Entry>,
}

/// An entry of a ledger.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// How far the award had come.
    pub stage: Stage,
    /// The day on which it was sealed.
    pub date: Date,
    fields: Map<String, Value>,
    /// The decisions that held then, by identifier.
    decisions: BTreeMap<String, Value>,
}

impl Entry {
    /// The value of a field.
    pub fn field(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }

    /// Its hash, in hexadecimal digits.
    pub fn hash(&self) -> &str {
        self.field("hash").as_str().unwrap_or_default()
    }

    /// The rulings that were sealed then, the earliest first.
    pub fn rulings(&self) -> &[Value] {
        self.field("rulings").as_array().map_or(&[], Vec::as_slice)
    }

    /// The names of the fields in which this entry differs from another one, apart from those that are about the entry
    /// itself and from the decisions.
    pub fn differing_from(&self, other: &Entry) -> Vec<String> {
        const ABOUT_ITSELF: [&str; 9] = [
            "number",
            "stage",
            "date",
            "program",
            "previous",
            "decisions_sha256",
            "decisions",
            "gone",
            "hash",
        ];
        let names: BTreeSet<&String> = self.fields.keys().chain(other.fields.keys()).collect();
        let differing = names.into_iter().filter(|name| self.field(name) != other.field(name));
        differing.filter(|name| !ABOUT_ITSELF.contains(&name.as_str())).cloned().collect()
    }

    /// The decisions that held then, sorted by identifier.
    pub fn decisions(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.decisions.iter().map(|(id, decision)| (id.as_str(), decision))
    }

    /// The decision on an exhibitor that held then.
    pub fn decision(&self, id: &str) -> Option<&Value> {
        self.decisions.get(id)
    }

    /// The corrections that held then and move something that is published. `None` where they name an award that the
    /// rulebook does not have.
    pub(super) fn corrections(&self, rulebook: &Rulebook) -> Option<Vec<ListCorrection>> {
        let award = |value: &Value| award_number(rulebook, value);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let array = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let rulings = array(self.field("rulings"));
        let ruling = |number: &Value| {
            let ruling = rulings.get(usize::try_from(number.as_u64()?).ok()?)?;
            Some(ListRuling {
                decides: text(&ruling["decides"])?,
                subject: read_subject(ruling)?,
                authority: localized(&ruling["authority"]),
                reason: localized(&ruling["reason"]),
            })
        };
        let change = |change: &Value| {
            Some((text(&change["exhibitor"])?, award(&change["before"])?, award(&change["after"])?))
        };
        let amended = |amended: &Value| {
            let id = text(&amended["exhibitor"])?;
            Some((read_listed(&id, &amended["before"])?, read_listed(&id, &amended["after"])?))
        };
        let mut corrections = Vec::new();
        for correction in array(self.field("corrections")) {
            let correction = ListCorrection {
                date: correction["date"].as_str()?.parse().ok()?,
                rulings: array(&correction["rulings"]).iter().map(ruling).collect::<Option<_>>()?,
                changes: array(&correction["changes"]).iter().map(change).collect::<Option<_>>()?,
                amended: array(&correction["amended"]).iter().map(amended).collect::<Option<_>>()?,
            };
            corrections.extend(Some(correction).filter(ListCorrection::moves_something));
        }
        Some(corrections)
    }

    /// The names of the fields in which a sealing differs from this entry, `decisions` among them.
    pub fn differences(&self, sealing: &Sealing) -> Vec<String> {
        let mut names = self.differing(&sealing.fields);
        if self.decisions != sealing.decisions {
            names.push("decisions".to_owned());
        }
        names
    }

    /// The names of those of some fields that are not as in this entry.
    pub fn differing(&self, fields: &Map<String, Value>) -> Vec<String> {
        let differing = fields.iter().filter(|(name, value)| self.field(name) != *value);
        differing.map(|(name, _)| name.clone()).collect()
    }

    /// The exhibitors on which a sealing decides otherwise than this entry: identifier, what is written here,
    /// what is decided there.
    pub fn changed_decisions<'a>(
        &'a self,
        sealing: &'a Sealing,
    ) -> impl Iterator<Item = (&'a str, &'a Value, &'a Value)> {
        let ids: BTreeSet<&str> =
            self.decisions.keys().chain(sealing.decisions.keys()).map(String::as_str).collect();
        ids.into_iter().filter_map(|id| {
            let here = self.decisions.get(id).unwrap_or(&Value::Null);
            let there = sealing.decisions.get(id).unwrap_or(&Value::Null);
            (here != there).then_some((id, here, there))
        })
    }
}

/// Why a ledger cannot be relied on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// Number of the entry, from 1.
    pub entry: Option<usize>,
    /// What is wrong.
    pub message: Message,
}

impl Ledger {
    /// A ledger without entries.
    pub fn new(fair: u32) -> Ledger {
        Ledger { fair, entries: Vec::new() }
    }

    /// The last entry.
    pub fn last(&self) -> Option<&Entry> {
        self.entries.last()
    }

    /// The entries, the earliest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The ledger without its last entry.
    #[must_use]
    pub fn before_last(&self) -> Ledger {
        let before = self.entries.len().saturating_sub(1);
        Ledger { fair: self.fair, entries: self.entries[..before].to_vec() }
    }

    /// Adds an entry.
    pub fn append(&mut self, stage: Stage, date: Date, program: &str, sealing: Sealing) {
        let empty = BTreeMap::new();
        let before = self.last().map_or(&empty, |last| &last.decisions);
        let changed = sealing.decisions.iter().filter(|(id, decision)| before.get(*id) != Some(*decision));
        let changed: Vec<Value> = changed.map(|(_, decision)| decision.clone()).collect();
        let gone: Vec<&String> = before.keys().filter(|id| !sealing.decisions.contains_key(*id)).collect();
        let mut fields = Map::new();
        fields.insert("number".to_owned(), (self.entries.len() + 1).into());
        fields.insert("stage".to_owned(), stage.name().into());
        fields.insert("date".to_owned(), date.to_string().into());
        fields.insert("program".to_owned(), program.into());
        fields.insert("previous".to_owned(), self.last().map(|last| last.hash().to_owned()).into());
        fields.extend(sealing.fields);
        fields.insert("decisions_sha256".to_owned(), decisions_hash(&sealing.decisions).into());
        fields.insert("decisions".to_owned(), changed.into());
        fields.insert("gone".to_owned(), gone.into_iter().cloned().collect::<Vec<_>>().into());
        let hash = hex(&Sha256::digest(canonical(&Value::Object(fields.clone())).as_bytes()).into());
        fields.insert("hash".to_owned(), hash.into());
        self.entries.push(Entry { stage, date, fields, decisions: sealing.decisions });
    }

    /// The ledger as it is written: one field of an entry a line, and one decision a line.
    pub fn written(&self) -> String {
        let mut text = format!("{{\"format\": \"{FORMAT}\",\n\"fair\": {},\n\"entries\": [", self.fair);
        for (number, entry) in self.entries.iter().enumerate() {
            text.push_str(if number == 0 { "\n{" } else { ",\n{" });
            for (field, (name, value)) in entry.fields.iter().enumerate() {
                text.push_str(if field == 0 { "\n" } else { ",\n" });
                text.push_str(&format!(" {}: ", Value::from(name.as_str())));
                match value {
                    Value::Array(values) if name == "decisions" => {
                        let lines: Vec<String> = values.iter().map(|value| format!("\n  {value}")).collect();
                        text.push_str(&format!("[{}]", lines.join(",")));
                    }
                    value => text.push_str(&value.to_string()),
                }
            }
            text.push_str("\n}");
        }
        text.push_str("\n]}\n");
        text
    }

    /// Reads a ledger, and checks that no entry was changed, taken out or put in.
    pub fn read(text: &str) -> Result<Ledger, Broken> {
        let broken = |entry: Option<usize>, message: Message| Broken { entry, message };
        let value: Value = serde_json::from_str(text)
            .map_err(|error| broken(None, say!("this is no JSON ({why})", why = Message::foreign(error))))?;
        if value["format"] != FORMAT {
            return Err(broken(
                None,
                say!(
                    "the format is {found}, not `{expected}`",
                    found = value["format"].to_string(),
                    expected = FORMAT
                ),
            ));
        }
        let fair = value["fair"].as_u64().and_then(|fair| u32::try_from(fair).ok());
        let fair = fair.ok_or_else(|| broken(None, say!("the number of the fair is missing")))?;
        let Value::Array(entries) = &value["entries"] else {
            return Err(broken(None, say!("the entries are missing")));
        };
        let mut ledger = Ledger::new(fair);
        for (number, entry) in (1..).zip(entries) {
            let entry = ledger.checked(number, entry).map_err(|message| broken(Some(number), message))?;
            ledger.entries.push(entry);
        }
        if ledger.written() != text {
            return Err(broken(None, say!("the text is not written as the program writes it")));
        }
        Ok(ledger)
    }

    fn checked(&self, number: usize, entry: &Value) -> Result<Entry, Message> {
        let Value::Object(fields) = entry else { return Err(say!("it is not an object")) };
        let mut unsigned = fields.clone();
        let hash = unsigned.shift_remove("hash").unwrap_or_default();
        let actual = hex(&Sha256::digest(canonical(&Value::Object(unsigned)).as_bytes()).into());
        if hash != actual {
            return Err(say!(
                "it was changed: it says that its hash is {hash}, and it is \"{actual}\"",
                hash = hash.to_string(),
                actual
            ));
        }
        if fields.get("number") != Some(&number.into()) {
            return Err(say!("its number is not its place: an entry was taken out or put in"));
        }
        let previous: Value = self.last().map(|last| last.hash().to_owned()).into();
        if fields.get("previous") != Some(&previous) {
            return Err(say!("it does not name the hash of the entry before it"));
        }
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let stage = Stage::of(text("stage")).ok_or_else(|| say!("it has no known stage"))?;
        let date = text("date").parse().map_err(|_| say!("it has no date"))?;
        let mut decisions = self.last().map(|last| last.decisions.clone()).unwrap_or_default();
        for id in fields.get("gone").and_then(Value::as_array).into_iter().flatten() {
            decisions.remove(id.as_str().unwrap_or_default());
        }
        for decision in fields.get("decisions").and_then(Value::as_array).into_iter().flatten() {
            let id = decision["exhibitor"].as_str().ok_or_else(|| say!("a decision names no exhibitor"))?;
            decisions.insert(id.to_owned(), decision.clone());
        }
        if fields.get("decisions_sha256") != Some(&decisions_hash(&decisions).into()) {
            return Err(say!("its decisions are not those of which it holds the hash"));
        }
        Ok(Entry { stage, date, fields: fields.clone(), decisions })
    }

    /// The list of awards that the last entry seals. `None` where it names an award that the rulebook does not
    /// have.
    pub fn list(&self, rulebook: &Rulebook) -> Option<AwardList> {
        let last = self.last()?;
        let award = |value: &Value| award_number(rulebook, value);
        let mut list = AwardList {
            pool: usize::try_from(last.field("pool").as_u64()?).ok()?,
            corrections: last.corrections(rulebook)?,
            ..AwardList::default()
        };
        let named: BTreeSet<String> =
            list.corrections.iter().flat_map(ListCorrection::named).map(str::to_owned).collect();
        for (id, decision) in &last.decisions {
            let received = award(&decision["award"])?;
            let listed = &decision["listed"];
            if received.is_none() && !named.contains(id) {
                continue;
            }
            list.listed.push(Listed { award: received, ..read_listed(id, listed)? });
        }
        Some(list)
    }
}

/// The number of an award, or of none. `None` where the rulebook does not have it.
fn award_number(rulebook: &Rulebook, value: &Value) -> Option<Option<usize>> {
    match value.as_str() {
        None => Some(None),
        Some(id) => rulebook.awards.iter().position(|award| award.id.value == id).map(Some),
    }
}

/// What is published of an exhibitor, as an entry says it; without its award.
fn read_listed(id: &str, listed: &Value) -> Option<Listed> {
    let text = |name: &str| listed[name].as_str().map(str::to_owned);
    let texts = |name: &str| {
        let all = listed[name].as_array().into_iter().flatten();
        all.filter_map(|text| text.as_str().map(str::to_owned)).collect()
    };
    Some(Listed {
        id: id.to_owned(),
        name_zh: text("name_zh")?,
        name_en: text("name_en"),
        delegation: text("delegation"),
        sections: texts("sections"),
        booths: texts("booths"),
        website: text("website"),
        award: None,
        span: None,
    })
}

fn localized(value: &Value) -> Localized {
    let mut text = Localized::default();
    for (code, words) in value.as_object().into_iter().flatten() {
        if let (Ok(lang), Some(words)) = (code.parse::<Lang>(), words.as_str()) {
            text.insert(lang, words);
        }
    }
    text
}

fn decisions_hash(decisions: &BTreeMap<String, Value>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"[");
    for (number, decision) in decisions.values().enumerate() {
        if number > 0 {
            hasher.update(b",");
        }
        hasher.update(canonical(decision).as_bytes());
    }
    hasher.update(b"]");
    hex(&hasher.finalize().into())
}

/// A value as text with sorted keys and without white space, as RFC 8785 has it. Numbers are whole.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            let fields: Vec<String> = sorted
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(values) => {
            format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        value => value.to_string(),
    }
}
