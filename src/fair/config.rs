//! `fair.yaml`: what a fair is, and where its tables are.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

use super::tables::{NAMES, ZONE_SHAPES, all_shapes};
use crate::data::{Date, Decoded, Source, Spanned, is_there};
use crate::lang::Localized;
use crate::source::{Failure, Files, Report, code, say};

/// The file `fair.yaml`.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct FairFile {
    /// Number of the fair.
    pub fair: Spanned<u32>,
    /// Number of the latest fair held before it.
    pub previous_fair: Option<Spanned<u32>>,
    /// Its full name.
    #[serde(default)]
    pub name: Option<Spanned<Localized>>,
    /// Its short name.
    #[serde(default)]
    pub short: Option<Spanned<Localized>>,
    /// Where it is held.
    #[serde(default)]
    pub place: Option<Spanned<Localized>>,
    /// Its phases, in order.
    #[serde(default)]
    pub phases: Vec<Phase>,
    /// Names of the trading delegations in all languages.
    #[serde(default)]
    pub delegations: Vec<Spanned<Localized>>,
    /// The dates on which the online platform is open for this fair.
    #[serde(default)]
    pub online_platform: Option<OnlinePlatform>,
    /// The rulebook that decides its awards.
    #[serde(default)]
    pub rulebook: Option<Spanned<RulebookPin>>,
    /// Whether the tables are synthetic; if so, every page and download that shows them says it.
    #[serde(default)]
    pub demonstration: bool,
    /// The tables. Absent if neither awards nor the sourcing zone come from tables.
    #[serde(default)]
    pub sources: Option<Spanned<Sources>>,
    /// Findings in the tables that somebody checked and accepted.
    #[serde(default)]
    pub accepted: Vec<Spanned<Accepted>>,
    /// The notice of its award.
    #[serde(default)]
    pub notice: Option<NoticeFile>,
    /// What is published with the notice.
    #[serde(default)]
    pub publish: Option<PublishFile>,
    /// The key that must sign the ledger of the fair.
    #[serde(default)]
    pub signing: Option<Signing>,
    /// What rulings say of the days of the notice, the earliest first.
    #[serde(skip)]
    pub notice_moves: Vec<NoticeMove>,
}

/// A ruling on the days of a notice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoticeMove {
    /// It lasts longer.
    Prolonged {
        /// The day from which on the ruling is in force.
        date: Date,
        /// Its last day.
        until: Spanned<Date>,
    },
    /// It is given once more.
    Repeated {
        /// Its first day.
        from: Spanned<Date>,
    },
}

impl NoticeMove {
    /// The day from which on the notice has other days.
    pub fn takes_effect(&self) -> Date {
        match self {
            NoticeMove::Prolonged { date, .. } => *date,
            NoticeMove::Repeated { from } => from.value,
        }
    }
}

/// What is published with the notice.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct PublishFile {
    /// The data on all evaluated exhibitors that are published, without names, so that anyone can recompute
    /// the awards. The fair must be sealed.
    pub evidence: Spanned<EvidenceKind>,
}

/// The data on all evaluated exhibitors that are published.
#[derive(serde::Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceKind {
    /// The points of each indicator, from which scores and awards are computed.
    Points,
    /// The counts as well, from which everything is computed. Anyone who knows one count of an exhibitor
    /// could find its row and read the other counts, so the table stays as it was when the notice was
    /// published, whatever is ruled later.
    Counts,
}

/// The key that must sign the ledger of a fair.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Signing {
    /// A minisign public key: the second line of its file. A site whose ledger is not signed with the
    /// matching secret key is not published.
    pub public_key: Spanned<String>,
}

/// One of the phases of a fair.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its number, from 1.
    pub phase: Spanned<u8>,
    /// First day.
    pub start: Spanned<Date>,
    /// Last day.
    pub end: Spanned<Date>,
    /// What it is about.
    #[serde(default)]
    pub theme: Option<Spanned<Localized>>,
    /// Names of its exhibition sections in all languages.
    #[serde(default)]
    pub sections: Vec<Spanned<Localized>>,
}

impl Phase {
    /// Whether a day is one of its days.
    pub fn holds(&self, date: Date) -> bool {
        self.start.value <= date && date <= self.end.value
    }
}

/// The dates on which the online platform is open for a fair.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct OnlinePlatform {
    /// First day.
    pub start: Spanned<Date>,
    /// Last day.
    pub end: Spanned<Date>,
}

/// A rulebook by its name and version.
#[derive(serde::Deserialize, JsonSchema, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct RulebookPin {
    /// The rulebook's `id`.
    pub id: String,
    /// The rulebook's `version`.
    pub version: u32,
}

/// The finding that invitations are of exhibitors that are not in their table.
pub const UNKNOWN_EXHIBITOR: &str = "unknown-exhibitor";

/// A kind of finding that somebody checked and accepted.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The kind, by its code.
    pub finding: Spanned<String>,
    /// The number of findings of this kind.
    pub count: Spanned<u64>,
    /// The largest number of awards that may depend on them.
    #[serde(default)]
    pub awards: u64,
    /// Why they are accepted.
    pub because: String,
}

/// The tables: those that decide the awards, all or none of them, and those of the sourcing zone.
#[derive(serde::Deserialize, JsonSchema, Clone, Default, Debug)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// Companies with a booth at this fair.
    #[serde(default)]
    pub exhibitors: Option<Vec<Source>>,
    /// E-mails sent through the i-Invite service.
    #[serde(default)]
    pub invitations: Option<Vec<Source>>,
    /// Buyers seen on site and online.
    #[serde(default)]
    pub attendance: Option<Vec<Source>>,
    /// Exhibitors under a penalty; `none` where there are none.
    #[serde(default)]
    pub penalties: Option<Penalties>,
    /// Enterprises of the sourcing zone and the phases in which they are present.
    #[serde(default)]
    pub roster: Vec<Source>,
    /// Sourcing briefings and matchmaking sessions in the zone.
    #[serde(default)]
    pub sessions: Vec<Source>,
    /// What the enterprises of the zone want to buy.
    #[serde(default)]
    pub purchases: Vec<Source>,
    /// Names of exhibitors and enterprises that their own table or file does not give.
    #[serde(default)]
    pub names: Vec<Source>,
}

/// Where the penalties are.
#[derive(Clone, Debug)]
pub enum Penalties {
    /// No exhibitor is under a penalty, and that is meant.
    None,
    /// They are in these tables.
    Tables(Vec<Source>),
}

impl<'de> Deserialize<'de> for Penalties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Penalties, D::Error> {
        struct PenaltiesVisitor;

        impl<'de> Visitor<'de> for PenaltiesVisitor {
            type Value = Penalties;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of sources, or `none`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Penalties, E> {
                match text {
                    "none" => Ok(Penalties::None),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Penalties, A::Error> {
                let mut sources = Vec::new();
                while let Some(source) = values.next_element()? {
                    sources.push(source);
                }
                Ok(Penalties::Tables(sources))
            }
        }

        deserializer.deserialize_any(PenaltiesVisitor)
    }
}

impl JsonSchema for Penalties {
    fn schema_name() -> Cow<'static, str> {
        "Penalties".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let source = generator.subschema_for::<Source>();
        json_schema!({"anyOf": [{"const": "none"}, {"type": "array", "items": source}]})
    }
}

impl Sources {
    /// The sources of a table, by its name.
    pub fn of(&self, table: &str) -> &[Source] {
        let sources = match (table, &self.penalties) {
            ("exhibitors", _) => self.exhibitors.as_ref(),
            ("invitations", _) => self.invitations.as_ref(),
            ("attendance", _) => self.attendance.as_ref(),
            ("penalties", Some(Penalties::Tables(sources))) => Some(sources),
            ("roster", _) => Some(&self.roster),
            ("sessions", _) => Some(&self.sessions),
            ("purchases", _) => Some(&self.purchases),
            ("names", _) => Some(&self.names),
            _ => None,
        };
        sources.map(Vec::as_slice).unwrap_or_default()
    }

    /// The tables without which no award is decided, by their names, and whether they are named.
    fn award_tables(&self) -> [(&'static str, bool); 3] {
        [
            ("exhibitors", self.exhibitors.is_some()),
            ("invitations", self.invitations.is_some()),
            ("attendance", self.attendance.is_some()),
        ]
    }

    /// Whether an award is to be decided: a table on which it rests is named, or no other table is.
    fn judges(&self) -> bool {
        let award = self.penalties.is_some() || self.award_tables().iter().any(|(_, named)| *named);
        award || ZONE_SHAPES.into_iter().chain([&NAMES]).all(|shape| self.of(shape.name).is_empty())
    }

    /// The tables of the sourcing zone that are named.
    pub fn zone_tables(&self) -> impl Iterator<Item = &'static str> {
        ZONE_SHAPES.iter().map(|shape| shape.name).filter(|table| !self.of(table).is_empty())
    }

    /// The sources of all tables.
    pub fn all(&self) -> impl Iterator<Item = &Source> {
        all_shapes().flat_map(|shape| self.of(shape.name))
    }

    /// Whether a file with what is private is there: of the invitations, or of the attendance.
    pub fn private_tables_are_there(&self, files: &Files, folder: &str) -> Result<bool, Failure> {
        for source in self.of("invitations").iter().chain(self.of("attendance")) {
            if is_there(files, folder, source)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The text of the notice other than the list.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct NoticeFile {
    /// Its number.
    pub number: Spanned<Localized>,
    /// Who issues it.
    pub issuer: Spanned<Localized>,
    /// The date of publication; absent until then.
    #[serde(default)]
    pub published: Option<Spanned<Date>>,
    /// The date from which the list is final, once objections are settled; absent until then.
    #[serde(default, rename = "final")]
    pub final_from: Option<Spanned<Date>>,
    /// The contact for objections, by its key in `site.yaml`.
    pub contact: Spanned<String>,
}

impl Decoded<FairFile> {
    /// Checks what the types cannot say: order of phases and dates.
    pub fn check(&self, report: &mut Report) {
        let fair = &self.fair;
        if let Some(previous) = &self.previous_fair
            && previous.value >= fair.value
        {
            report
                .error(
                    code::FAIR_ORDER,
                    previous.span,
                    say!(
                        "fair `{previous}` is not before fair `{fair}`",
                        previous = previous.value,
                        fair = fair.value
                    ),
                )
                .hint(say!("give the number of the latest fair held before this one"));
        }
        for (phase, number) in self.phases.iter().zip(1u8..) {
            if phase.phase.value != number && self.complete {
                report
                    .error(
                        code::PHASE_ORDER,
                        phase.phase.span,
                        say!("phase `{phase}` is in position {number}", phase = phase.phase.value, number),
                    )
                    .hint(say!("list the phases in order, from 1"));
            }
            check_days(report, &phase.start, &phase.end);
            check_length(report, phase);
        }
        for pair in self.phases.windows(2) {
            let apart = days_until(pair[0].end.value, pair[1].start.value);
            if apart > MOST_DAYS && days_until(pair[0].start.value, pair[0].end.value) <= MOST_DAYS {
                report
                    .error(
                        code::PHASE_ORDER,
                        pair[1].start.span,
                        say!(
                            "the phase begins {apart} days after the previous phase ends",
                            apart = u64::from(apart.unsigned_abs())
                        ),
                    )
                    .hint(say!("correct the month or the year of one of the two"));
            }
            if pair[1].start.value <= pair[0].end.value {
                report
                    .error(
                        code::PHASE_ORDER,
                        pair[1].start.span,
                        say!("the phase begins before the previous phase ends"),
                    )
                    .hint(say!("correct the days"));
            }
        }
        for Spanned { value: accepted, span } in &self.accepted {
            if !accepted.because.contains(char::is_alphanumeric) {
                let message =
                    say!("`{finding}` is accepted without a reason", finding = accepted.finding.value);
                report.error(code::BAD_VALUE, *span, message).hint(say!("write the reason under `because`"));
            }
        }
        if let Some(platform) = &self.online_platform {
            check_days(report, &platform.start, &platform.end);
        }
        // A table whose sources are wrong is not named.
        if let Some(sources) = self.sources.as_ref().filter(|sources| self.complete && sources.value.judges())
        {
            // The place is a whole block; the caret stands at its beginning.
            let begins = sources.span.beginning();
            for (table, _) in sources.value.award_tables().iter().filter(|(_, named)| !named) {
                report
                    .error(code::MISSING_KEY, begins, say!("key `{key}` is missing", key = *table))
                    .label(say!("missing from the block that begins here"))
                    .hint(say!("add a line `{key}: …`", key = *table));
            }
        }
    }
}

impl FairFile {
    /// The tables on which the award is decided; `None` where it is not decided from tables.
    pub fn award_sources(&self) -> Option<&Spanned<Sources>> {
        let whole =
            |sources: &&Spanned<Sources>| sources.value.award_tables().iter().all(|(_, named)| *named);
        self.sources.as_ref().filter(whole)
    }

    /// What the fair publishes as its evidence, if anything.
    pub fn evidence(&self) -> Option<&Spanned<EvidenceKind>> {
        self.publish.as_ref().map(|publish| &publish.evidence)
    }

    /// The entry by which a kind of findings is accepted.
    pub fn accepts(&self, finding: &str) -> Option<&Accepted> {
        self.accepted
            .iter()
            .map(|accepted| &accepted.value)
            .find(|accepted| accepted.finding.value == finding)
    }

    /// The day on which the notice is published.
    pub fn published(&self) -> Option<Date> {
        Some(self.notice.as_ref()?.published.as_ref()?.value)
    }

    /// The first and the last day of the fair.
    pub fn days(&self) -> Option<(Date, Date)> {
        Some((self.phases.first()?.start.value, self.phases.last()?.end.value))
    }
}

/// The most days that a phase lasts, and that lie between two of them: with more, a month or a year is wrong.
const MOST_DAYS: i32 = 31;

fn days_until(from: Date, until: Date) -> i32 {
    until.since(from).map_or(0, |span| span.get_days())
}

/// Reports a phase that is too long to be one.
fn check_length(report: &mut Report, Phase { start, end, .. }: &Phase) {
    let days = days_until(start.value, end.value);
    if days < MOST_DAYS {
        return;
    }
    // The year is what is wrong most often: last fair's file was copied.
    let same_year = start.value.with().year(end.value.year()).build().ok();
    let meant = same_year.filter(|start| (0..MOST_DAYS).contains(&days_until(*start, end.value)));
    let draft = report.error(
        code::DAY_ORDER,
        start.span,
        say!(
            "the phase lasts {days} days, from `{start}` to `{end}`",
            days = u64::from(days.unsigned_abs()) + 1,
            start = start.value,
            end = end.value
        ),
    );
    match meant {
        Some(start) => draft.hint(say!("write {value}", value = start)),
        None => draft.hint(say!("correct the month or the year of one of the two")),
    };
}

fn check_days(report: &mut Report, start: &Spanned<Date>, end: &Spanned<Date>) {
    if end.value < start.value {
        report
            .error(
                code::DAY_ORDER,
                end.span,
                say!("`{end}` is before `{start}`", end = end.value, start = start.value),
            )
            .hint(say!("the last day cannot come before the first"));
    }
}
