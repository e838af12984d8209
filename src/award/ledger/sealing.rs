//! What a fair is sealed with, everything that the files alone decide; and in what that differs from an entry.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::entry::{Entry, Holding, Record, SealedDecision, SealedRuling};
use super::head::{
    Basis, Head, SealedCorrection, SealedListed, SealedRulebook, Settings, Stage, differing_exhibitors,
    sealed_list,
};
use crate::award::credit::Credit;
use crate::award::grant::Results;
use crate::award::list::AwardList;
use crate::award::merkle::{Digest, TreeHead};
use crate::award::written::WrittenDecision;
use crate::fair::{Facts, RulingFile, RulingSubject};
use crate::rulebook::{AwardId, Choices, Rulebook};

/// What decisions rest on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RestsOn {
    /// What anyone may see of it.
    pub basis: Basis,
    /// What nobody else may see.
    pub record: Record,
}

/// What commits to all rows.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct SealedRows {
    /// What tells the secret of the salts from another one.
    pub secret: Option<Digest>,
    /// The trees of the tables.
    pub trees: BTreeMap<String, TreeHead>,
    /// The trees of the rows of each exhibitor, by its identifier, by table.
    pub exhibitors: BTreeMap<String, BTreeMap<String, TreeHead>>,
}

/// What a fair is sealed with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sealing {
    /// What the decisions rest on.
    pub rests_on: RestsOn,
    pub(super) pool: u64,
    pub(super) awards: BTreeMap<String, u64>,
    pub(super) listed: Vec<SealedListed>,
    pub(super) corrections: Vec<SealedCorrection>,
    /// The decision on every exhibitor, by its identifier.
    pub(super) decisions: BTreeMap<String, (WrittenDecision, Credit)>,
    /// What commits to the rows, where they were observed.
    pub rows: Option<SealedRows>,
}

/// The rulebook, as entries name it.
pub fn sealed_rulebook(rulebook: &Rulebook) -> SealedRulebook {
    SealedRulebook { id: rulebook.id.clone(), version: rulebook.version, sha256: rulebook.sha256.clone() }
}

/// The readings, as entries name them.
pub fn sealed_policies(choices: &Choices) -> BTreeMap<String, String> {
    choices.declared().map(|(policy, choice)| (policy.name().to_owned(), choice.to_owned())).collect()
}

impl From<&RulingFile> for SealedRuling {
    fn from(ruling: &RulingFile) -> SealedRuling {
        SealedRuling {
            date: ruling.date.value,
            decides: ruling.decides().to_owned(),
            particulars: ruling.particulars(),
            authority: ruling.authority.value.clone(),
            reason: ruling.reason.value.clone(),
        }
    }
}

/// A ruling, as it is explained to an exhibitor: what it is about, and nothing that it says of others.
pub fn explained_ruling(ruling: &RulingFile) -> Value {
    let mut written = json!({
        "date": ruling.date.value.to_string(),
        "decides": ruling.decides(),
        "authority": ruling.authority.value,
        "reason": ruling.reason.value,
    });
    match ruling.subject() {
        RulingSubject::Exhibitor(exhibitor) => written["exhibitor"] = exhibitor.into(),
        RulingSubject::Unlisted => {}
        RulingSubject::Fields { table, fields } => {
            written["table"] = table.into();
            written["fields"] = fields.into();
        }
        RulingSubject::Day(day) => written["day"] = day.to_string().into(),
    }
    written
}

impl Sealing {
    /// What results are sealed with.
    pub fn new(facts: &Facts, rulebook: &Rulebook, results: &Results, rests_on: RestsOn) -> Sealing {
        let awards = AwardId::each(&rulebook.awards).map(|(number, award)| {
            (award.id.value.clone(), u64::try_from(results.received(number)).expect("they fit in memory"))
        });
        let (listed, corrections) = sealed_list(&AwardList::new(facts, results), rulebook);
        let decisions = results.sorted.iter().map(|&number| {
            let decision = WrittenDecision::new(facts, rulebook, results, number);
            (decision.exhibitor.clone(), (decision, results.credits[number]))
        });
        Sealing {
            rests_on,
            pool: u64::try_from(results.pool).expect("they fit in memory"),
            awards: awards.collect(),
            listed,
            corrections,
            decisions: decisions.collect(),
            rows: None,
        }
    }

    /// The rulings on which it rests.
    pub fn rulings(&self) -> &[SealedRuling] {
        &self.rests_on.record.rulings
    }

    /// What is sealed of each exhibitor, where `buyers` are the trees of those that are credited to it.
    /// They are handed over, since there are many.
    pub fn take_decided(&mut self, buyers: &BTreeMap<String, TreeHead>) -> Holding {
        let decisions = std::mem::take(&mut self.decisions).into_iter().map(|(id, (decision, credit))| {
            let rows = self.rows.as_mut().and_then(|rows| rows.exhibitors.remove(&id)).unwrap_or_default();
            let buyers = buyers.get(&id).copied().unwrap_or_else(|| TreeHead::of([]));
            (id, Arc::new(SealedDecision { decision, credit, rows, buyers }))
        });
        decisions.collect()
    }

    /// Its fields by name.
    pub fn fields(&self) -> Map<String, Value> {
        let RestsOn { basis, record } = &self.rests_on;
        let mut fields = basis.fields();
        fields.extend(record.fields());
        fields.extend(named([
            ("pool", json!(self.pool)),
            ("awards", json!(self.awards)),
            ("corrections", json!(self.corrections)),
        ]));
        fields.extend(named(self.rows.iter().map(|rows| ("trees", json!(rows.trees)))));
        fields
    }
}

fn named<'n>(fields: impl IntoIterator<Item = (&'n str, Value)>) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl Basis {
    /// Its fields by name.
    pub fn fields(&self) -> Map<String, Value> {
        let Basis { rulebook, policies, settings, timeline, calendar, rows } = self;
        // It may be named, and moved, until it comes.
        let but_final = Settings { final_from: None, ..settings.clone() };
        named([
            ("rulebook", json!(rulebook)),
            ("policies", json!(policies)),
            ("settings", json!(but_final)),
            ("final", json!(settings.final_from)),
            ("timeline", json!(timeline)),
            ("calendar", json!(calendar)),
            ("rows", json!(rows)),
        ])
    }
}

impl Record {
    fn fields(&self) -> Map<String, Value> {
        let Record { inputs, accepted, rulings } = self;
        named([("inputs", json!(inputs)), ("accepted", json!(accepted)), ("rulings", json!(rulings))])
    }
}

impl Head {
    /// Its fields by name, but for those that are about the entry itself.
    pub fn fields(&self) -> Map<String, Value> {
        let mut fields = self.basis.fields();
        if self.basis.settings.final_from.is_none_or(|day| day > self.date) {
            fields.remove("final");
        }
        fields.extend(named([
            ("pool", json!(self.pool)),
            ("awards", json!(self.awards)),
            ("trees", json!(self.trees)),
        ]));
        // Before the notice nothing of the list is in it.
        if self.stage != Stage::Proposed {
            fields.extend(named([("corrections", json!(self.corrections))]));
        }
        fields
    }

    /// The names of the fields in which a sealing differs from this head.
    pub fn differing(&self, sealing: &Sealing) -> Vec<String> {
        self.differing_in(&self.fields(), sealing)
    }

    fn differing_in(&self, fields: &Map<String, Value>, sealing: &Sealing) -> Vec<String> {
        let mut now = sealing.fields();
        // Trees with other salts have other roots.
        if sealing.rows.as_ref().is_some_and(|rows| rows.secret != Some(self.secret)) {
            now.remove("trees");
        }
        differing(fields, &now)
    }

    /// The exhibitors of which a sealing publishes something else.
    pub fn listed_otherwise<'a>(&'a self, sealing: &'a Sealing) -> BTreeSet<&'a str> {
        match self.stage {
            Stage::Proposed => BTreeSet::new(),
            _ => differing_exhibitors(&self.listed, &sealing.listed),
        }
    }
}

impl Entry {
    /// Its fields by name, but for those that are about the entry itself and for the decisions.
    pub fn fields(&self) -> Map<String, Value> {
        let mut fields = self.head.fields();
        fields.extend(self.record.fields());
        fields
    }

    /// The names of the fields in which a sealing differs from this entry, `decisions` among them.
    pub fn differing(&self, sealing: &Sealing) -> Vec<String> {
        let mut names = self.head.differing_in(&self.fields(), sealing);
        if self.changed_decisions(sealing).next().is_some() {
            names.push("decisions".to_owned());
        }
        if !self.head.listed_otherwise(sealing).is_empty() {
            names.push("listed".to_owned());
        }
        names
    }

    /// The names of the fields in which this entry differs from the one before it, but for the decisions.
    pub fn differing_from(&self, before: &Entry) -> Vec<String> {
        let mut fields = self.fields();
        if self.head.secret != before.head.secret {
            fields.remove("trees");
        }
        differing(&before.fields(), &fields)
    }

    /// The exhibitors on which a sealing decides otherwise: identifier, what is sealed, what is decided.
    pub fn changed_decisions<'a>(
        &'a self,
        sealing: &'a Sealing,
    ) -> impl Iterator<Item = (&'a str, Option<&'a WrittenDecision>, Option<&'a WrittenDecision>)> {
        let ids: BTreeSet<&str> =
            self.holding.keys().chain(sealing.decisions.keys()).map(String::as_str).collect();
        ids.into_iter().filter_map(|id| {
            let here = self.decision(id).map(|sealed| (&sealed.decision, sealed.credit));
            let there = sealing.decisions.get(id).map(|(decision, credit)| (decision, *credit));
            (here != there).then_some((id, here.map(|(one, _)| one), there.map(|(one, _)| one)))
        })
    }
}

/// The names of the fields of `now` that are not as they were sealed.
pub fn differing(sealed: &Map<String, Value>, now: &Map<String, Value>) -> Vec<String> {
    let same = |name: &str, value: &Value| sealed.get(name).is_none_or(|sealed| sealed == value);
    now.iter().filter(|(name, value)| !same(name, value)).map(|(name, _)| name.clone()).collect()
}
