//! The sourcing zone: purchasing enterprises, and which of them are there in which phase.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;

use super::slug::{is_slug, slug_of};
use super::term::Term;
use super::{Country, FairFile};
use crate::data::{Date, Decoded, Spanned, Time, decode_file, given, web_address, web_address_hint};
use crate::lang::{Lang, Localized};
use crate::source::{Failure, Files, Report, Span, code, nearest, say, separated, without_pasted};

/// A purchasing enterprise of the sourcing zone.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Enterprise {
    /// Its name.
    pub name: Spanned<Localized>,
    /// The origin of the names in other languages.
    pub name_basis: NameBasis,
    /// Its country or region.
    pub country: Spanned<Country>,
    /// Whether it is a multinational or a domestic institution.
    pub kind: Kind,
    /// What it does, in one phrase.
    #[serde(default)]
    pub business: Option<Spanned<Localized>>,
    /// A profile of the enterprise, in a few sentences.
    #[serde(default)]
    pub profile: Option<Spanned<Localized>>,
    /// The goods it trades in, by key of `goods` in `site.yaml`.
    #[serde(default)]
    pub goods: Vec<Spanned<String>>,
    /// Its website.
    #[serde(default)]
    pub website: Option<Spanned<String>>,
    /// Former addresses of its page, without the language, such as `zone/old-name/`; they redirect here.
    #[serde(default)]
    pub aliases: Vec<Spanned<String>>,
    /// Whether the file is still a draft; a roster must not list it until it is complete.
    #[serde(default)]
    pub draft: bool,
    /// The day on which it appears; before it, it is in no list and has no page.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Date")]
    pub publish: Option<Spanned<Date>>,
    /// The last day on which it is shown; after it, its page only says so.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Date")]
    pub until: Option<Spanned<Date>>,
    /// The name in pinyin, by which lists in Chinese are sorted.
    pub sort: Spanned<String>,
}

impl Enterprise {
    /// The days between which it is shown.
    pub fn term(&self) -> Term<'_> {
        Term { publish: self.publish.as_ref(), until: self.until.as_ref() }
    }
}

/// The origin of an enterprise's names in other languages.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum NameBasis {
    /// The enterprise uses this name itself.
    Established,
    /// A translation of the Chinese name, marked as such on the page.
    Translated,
}

/// What kind of enterprise it is.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A multinational (跨国公司).
    Overseas,
    /// A domestic institution (境内机构).
    Domestic,
}

impl Kind {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Overseas => "overseas",
            Kind::Domestic => "domestic",
        }
    }

    /// The kind of a name.
    pub fn find(name: &str) -> Option<Kind> {
        [Kind::Overseas, Kind::Domestic].into_iter().find(|kind| kind.name() == name)
    }
}

/// The enterprises of each phase, by slug.
pub type Residents = BTreeMap<u8, Spanned<Vec<Spanned<String>>>>;

/// The same as a file has it, each phase with its place.
type PlacedResidents = BTreeMap<Spanned<u8>, Spanned<Vec<Spanned<String>>>>;

/// What enterprises want to buy, by slug.
pub type PurchasingLists = BTreeMap<String, Spanned<Vec<Spanned<Localized>>>>;

/// The file `roster.yaml`.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct RosterFile {
    /// Where the zone is.
    pub place: Spanned<Localized>,
    /// A note on the list.
    pub caveat: Spanned<Localized>,
    /// The contact for each kind of enterprise, by key in `site.yaml`.
    #[serde(default)]
    pub contacts: BTreeMap<Kind, Spanned<String>>,
    /// The date of the last change to the list.
    #[serde(default)]
    pub updated: Option<Spanned<Date>>,
    /// The enterprises present in each phase, by file name without extension, in the order of the source;
    /// absent if they are in a table.
    #[serde(default)]
    pub phases: Option<Spanned<PlacedResidents>>,
    /// What enterprises want to buy at this fair, by file name without extension.
    #[serde(default)]
    pub purchases: Option<Spanned<PurchasingLists>>,
    /// Sourcing briefings and matchmaking sessions.
    #[serde(default)]
    pub sessions: Option<Spanned<Vec<Spanned<Session>>>>,
}

/// The sourcing zone of a fair: where it is, and who is there. An enterprise is named by its slug.
#[derive(Clone, Debug)]
pub struct Roster {
    /// Where the zone is.
    pub place: Spanned<Localized>,
    /// A note on the list.
    pub caveat: Spanned<Localized>,
    /// The contact for each kind of enterprise, by key in `site.yaml`.
    pub contacts: BTreeMap<Kind, Spanned<String>>,
    /// The date of the last change to the list.
    pub updated: Option<Spanned<Date>>,
    /// The enterprises resident in each phase, in the order of the source.
    pub phases: Residents,
    /// What enterprises want to buy at this fair.
    pub purchases: PurchasingLists,
    /// Sourcing briefings and matchmaking sessions.
    pub sessions: Vec<Spanned<Session>>,
}

/// A sourcing briefing or a matchmaking session in the zone. Times are those of Beijing.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// What it is.
    pub title: Spanned<Localized>,
    /// The enterprises that hold it, by file name without extension.
    pub enterprises: Vec<Spanned<String>>,
    /// The day.
    pub date: Spanned<Date>,
    /// Start time; absent, together with `until`, if it takes the whole day.
    #[serde(default)]
    pub from: Option<Spanned<Time>>,
    /// End time.
    #[serde(default)]
    pub until: Option<Spanned<Time>>,
    /// Where it is, if not in the zone.
    #[serde(default)]
    pub place: Option<Spanned<Localized>>,
}

impl Roster {
    /// The phases in which an enterprise is resident.
    pub fn phases_of(&self, slug: &str) -> Vec<u8> {
        let there = |list: &Spanned<Vec<Spanned<String>>>| list.value.iter().any(|entry| entry.value == slug);
        self.phases.iter().filter(|(_, list)| there(list)).map(|(&phase, _)| phase).collect()
    }
}

/// Reads all enterprises, by file stem.
pub fn read_enterprises(report: &mut Report, files: &Files) -> Result<BTreeMap<String, Enterprise>, Failure> {
    let mut enterprises = BTreeMap::new();
    for path in files.list("data/enterprises")? {
        let span = Span::whole(files.id(&path));
        if let Some(right) = meant_file(&path) {
            report
                .error(
                    code::MISNAMED_FILE,
                    span,
                    say!("`{path}` is not used: it should be `{right}`", path, right),
                )
                .hint(match files.is_file(&right) {
                    true => say!("`{right}` exists too: keep one of the two", right),
                    false => say!("rename it"),
                });
            continue;
        }
        let Some(stem) = stem(&path) else {
            report
                .warning(code::STRAY_FILE, span, say!("`{path}` is not used", path))
                .hint(say!("a purchasing enterprise is a .yaml file"));
            continue;
        };
        if !is_slug(stem) {
            // Its name in Latin letters is its address; one in Chinese gives pinyin.
            let read = read_enterprise(&mut Report::new(), files, &path)?;
            let name = read.as_ref().and_then(|read| read.name.value.find(Lang::EN)).unwrap_or(stem);
            report.error(code::BAD_SLUG, span, say!("`{slug}` cannot be a page address", slug = stem)).hint(
                say!(
                    "use lower-case letters, digits and hyphens, such as `{slug}`",
                    slug = format!("{}.yaml", slug_of(name))
                ),
            );
            continue;
        }
        let read = |report: &mut Report| read_enterprise(report, files, &path);
        if let Some(enterprise) = &*files.remembered(report, &path, 0, read)? {
            enterprises.insert(stem.to_owned(), enterprise.clone());
        }
    }
    Ok(enterprises)
}

fn read_enterprise(report: &mut Report, files: &Files, path: &str) -> Result<Option<Enterprise>, Failure> {
    let mut read = decode_file::<Enterprise>(report, files, path)?.map(Decoded::into_value);
    if let Some(enterprise) = &mut read
        && let Some(given) = enterprise.website.take()
    {
        match web_address(&given.value) {
            Some(value) => enterprise.website = Some(Spanned { value, span: given.span }),
            None => {
                report
                    .error(
                        code::BAD_WEBSITE,
                        given.span,
                        say!("`{given}` is not a web address", given = given.value),
                    )
                    .hint(web_address_hint(&given.value));
            }
        }
    }
    Ok(read)
}

/// The name under which a file of `data/enterprises` is an enterprise, if it is one.
fn stem(path: &str) -> Option<&str> {
    path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml"))
}

/// The file that was meant by one of `data/enterprises` that differs from it in capital letters or in the ending.
fn meant_file(path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/')?;
    let small = name.to_lowercase();
    let stem = small.strip_suffix(".yaml.txt").or_else(|| small.rsplit_once('.').map(|(stem, _)| stem))?;
    let is_text = [".yaml", ".yml", ".yaml.txt"].iter().any(|ending| small.ends_with(ending));
    let right = format!("{stem}.yaml");
    (is_text && right != name && is_slug(stem)).then(|| format!("{folder}/{right}"))
}

/// The names of all enterprises that have a file, those included whose file was refused.
pub fn enterprise_names(files: &Files) -> Result<BTreeSet<String>, Failure> {
    let paths = files.list("data/enterprises")?;
    let name = |path: &String| {
        let meant = meant_file(path);
        stem(meant.as_deref().unwrap_or(path)).map(str::to_owned)
    };
    Ok(paths.iter().filter_map(name).collect())
}

impl Decoded<RosterFile> {
    /// The roster of a fair that has no tables of its zone, checked against the fair and the enterprises. What is wrong
    /// was left out: it is not said to be missing.
    pub(super) fn into_roster(
        self,
        report: &mut Report,
        files: &Files,
        fair: &Decoded<FairFile>,
        enterprises: &BTreeMap<String, Enterprise>,
    ) -> Result<Roster, Failure> {
        let mut names = enterprise_names(files)?;
        // A file under a name that cannot be an address may be that of any of them.
        let any_unnamed = names.iter().any(|name| !is_slug(name));
        let Decoded { value: file, complete } = self;
        if complete && file.phases.is_none() {
            report
                .error(code::MISSING_KEY, file.place.span, say!("key `{key}` is missing", key = "phases"))
                .hint(say!("add a line `{key}: …`", key = "phases"));
        }
        let phases = file.phases.map(|phases| phases.value).unwrap_or_default();
        let roster = Roster {
            place: file.place,
            caveat: file.caveat,
            contacts: file.contacts,
            updated: file.updated,
            phases: phases.iter().map(|(phase, listed)| (phase.value, listed.clone())).collect(),
            purchases: file.purchases.map(|purchases| purchases.value).unwrap_or_default(),
            sessions: file.sessions.map(|sessions| sessions.value).unwrap_or_default(),
        };
        if any_unnamed {
            let listed = phases.values().flat_map(|listed| &listed.value);
            names.extend(listed.map(|entry| entry.value.clone()));
        }
        for (phase, listed) in &phases {
            check_phase(report, phase, listed, fair, &mut names, enterprises);
        }
        for (slug, goods) in &roster.purchases {
            check_enterprise(report, slug, goods.span, &mut names, enterprises);
        }
        for session in &roster.sessions {
            for slug in &session.value.enterprises {
                check_enterprise(report, &slug.value, slug.span, &mut names, enterprises);
            }
            if complete {
                check_hours(report, &session.value);
            }
            check_session(report, &session.value, fair);
        }
        Ok(roster)
    }
}

fn check_phase(
    report: &mut Report,
    phase: &Spanned<u8>,
    listed: &Spanned<Vec<Spanned<String>>>,
    fair: &Decoded<FairFile>,
    names: &mut BTreeSet<String>,
    enterprises: &BTreeMap<String, Enterprise>,
) {
    let entries = &listed.value;
    if fair.complete && fair.phases.iter().all(|known| known.phase.value != phase.value) {
        report
            .error(
                code::UNKNOWN_PHASE,
                phase.span,
                say!("fair {fair} has no phase `{phase}`", fair = fair.fair.value, phase = phase.value),
            )
            .hint(say!("add the phase to fair.yaml, or correct its number here"));
    }
    for (index, entry) in entries.iter().enumerate() {
        check_enterprise(report, &entry.value, entry.span, names, enterprises);
        if enterprises.get(&entry.value).is_some_and(|enterprise| enterprise.draft) {
            report_draft(report, &entry.value, entry.span);
        }
        if entries[..index].iter().any(|earlier| earlier.value == entry.value) {
            report
                .error(
                    code::ENTERPRISE_TWICE,
                    entry.span,
                    say!(
                        "`{entry}` is listed twice in phase {phase}",
                        entry = entry.value,
                        phase = phase.value
                    ),
                )
                .hint(say!("keep one of the two"));
        }
    }
}

/// Reports an enterprise whose file is still to be filled in.
pub(super) fn report_draft(report: &mut Report, slug: &str, span: Span) {
    report
        .error(code::ENTERPRISE_DRAFT, span, say!("`{entry}` is still a draft", entry = slug))
        .found(slug)
        .hint(say!(
            "complete data/enterprises/{entry}.yaml and remove `draft`, or do not list it yet",
            entry = slug
        ));
}

fn check_enterprise(
    report: &mut Report,
    slug: &str,
    span: Span,
    names: &mut BTreeSet<String>,
    enterprises: &BTreeMap<String, Enterprise>,
) {
    // A character that was pasted with it is reported where the file is read.
    if names.contains(&without_pasted(slug)) {
        return;
    }
    // Its name may stand where the name of its file belongs.
    let named = |enterprise: &Enterprise| {
        let name = &enterprise.name.value;
        name.languages().any(|lang| name.find(lang) == Some(slug))
    };
    let named = enterprises.iter().find(|(_, enterprise)| named(enterprise)).map(|(slug, _)| slug.as_str());
    let hint = match (named, separated(slug)) {
        (Some(meant), _) => say!("write `{meant}`", meant),
        (None, Some(several)) => several,
        (None, None) => say!("add data/enterprises/{slug}.yaml, or correct the name here", slug),
    };
    let near = nearest(slug, names.iter().map(String::as_str)).filter(|_| named.is_none());
    report
        .error(code::UNKNOWN_ENTERPRISE, span, say!("unknown enterprise `{slug}`", slug))
        .label_meant(near)
        .hint(hint);
    // It is said once, wherever else it stands.
    names.insert(slug.to_owned());
}

/// A time of day as people write it.
fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Checks that a session has both times or none. Whether it does.
pub(super) fn check_hours(report: &mut Report, session: &Session) -> bool {
    let (time, message, hint) = match (&session.from, &session.until) {
        (Some(from), None) => (
            from,
            say!("the session begins at `{time}` and has no end time", time = clock(from.value)),
            say!("add the end time, or leave out both times if it takes the whole day"),
        ),
        (None, Some(until)) => (
            until,
            say!("the session ends at `{time}` and has no start time", time = clock(until.value)),
            say!("add the start time, or leave out both times if it takes the whole day"),
        ),
        (Some(_), Some(_)) | (None, None) => return true,
    };
    report.error(code::SESSION_TIME, time.span, message).found(clock(time.value)).hint(hint);
    false
}

/// Checks the day of a session, and that it ends after it begins. Whether nothing is wrong with them.
pub(super) fn check_session(report: &mut Report, session: &Session, fair: &Decoded<FairFile>) -> bool {
    let date = &session.date;
    let mut sound = true;
    if fair.complete && !fair.phases.iter().any(|phase| phase.holds(date.value)) {
        sound = false;
        report
            .error(
                code::SESSION_DAY,
                date.span,
                say!(
                    "`{date}` is not in any phase of fair {fair}",
                    date = date.value,
                    fair = fair.fair.value
                ),
            )
            .found(date.value.to_string())
            .hint(say!(
                "sessions are held while the zone is open: correct the day, or the phases in fair.yaml"
            ));
    }
    if let (Some(from), Some(until)) = (&session.from, &session.until)
        && until.value <= from.value
    {
        sound = false;
        report
            .error(code::SESSION_TIME, until.span, say!("the session ends before it begins"))
            .found(clock(until.value))
            .hint(say!("write Beijing times such as `09:30`"));
    }
    sound
}

/// Warns of enterprises that hold a session while they are not in the zone, or want to buy and are never there.
pub(super) fn check_residence(report: &mut Report, roster: &Roster, fair: &Decoded<FairFile>) {
    for session in roster.sessions.iter().map(|session| &session.value) {
        let phase = fair.phases.iter().find(|phase| phase.holds(session.date.value));
        let Some(phase) = phase.map(|phase| phase.phase.value) else { continue };
        for slug in &session.enterprises {
            if !roster.phases_of(&slug.value).contains(&phase) {
                report
                    .warning(
                        code::NOT_RESIDENT,
                        slug.span,
                        say!(
                            "`{enterprise}` is not in the zone in phase {phase}, when this session is held",
                            enterprise = slug.value,
                            phase
                        ),
                    )
                    .found(slug.value.clone())
                    .hint(say!(
                        "correct the day or the enterprise of the session, or the phases of the enterprise"
                    ));
            }
        }
    }
    for (slug, goods) in &roster.purchases {
        if roster.phases_of(slug).is_empty() {
            report
                .warning(
                    code::NOT_RESIDENT,
                    goods.span,
                    say!(
                        "`{enterprise}` is not in any phase, so its purchasing list is not shown",
                        enterprise = slug
                    ),
                )
                .found(slug.clone())
                .hint(say!("add the enterprise to a phase, or remove its purchasing list"));
        }
    }
}
