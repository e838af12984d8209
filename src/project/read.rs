//! A project, read and decided: all that a site is made from.

use std::collections::{BTreeMap, BTreeSet};

use super::day::{day_of_files, last_done, notice_state, report_to_come, report_updated};
use super::decided::{Decided, Law, decide};
use super::elsewhere::{OutsideFair, read_outside_fairs};
use super::fairs::{LANGUAGES, fair_numbers, read_calendar, read_fair};
use super::inputs::{Fairs, are_confined, report_misnamed, report_strays};
use super::private::report_private;
use super::start::{report_unfilled_enterprise, report_unfilled_notice, report_unfilled_page};
use crate::award::AwardList;
use crate::data::{Date, Decoded};
use crate::fair::{
    AsOf, Calendar, Enterprise, FairFile, NoticeState, Turn, Zone, ZoneTerms, check_enterprises,
    read_enterprises, read_zone, report_behind, report_term,
};
use crate::lang::Lang;
use crate::pages::{
    GlossaryFile, Incomplete, KeptAddresses, Material, MaterialFair, MaterialOutsideFair, Plan, Published,
    PublishedEvidence, PublishedSeal, SiteFile, plan, read_addresses, read_contents, read_glossary,
    read_site, report_differences, report_names, report_standings,
};
use crate::rulebook::{Rulebook, load_rulebooks};
use crate::site::output::write;
use crate::site::{Artifact, BaseUrl, Hosting, Permalink, Sink, Theme, Written};
use crate::source::{Failure, Files, Remembered, Report, Span, code, fingerprint, say};

/// The words of pages that the program carries.
const OWN_WORDS: [(Lang, &str); 2] = [
    (Lang::ZH, include_str!("../../themes/canton/zh.yaml")),
    (Lang::EN, include_str!("../../themes/canton/en.yaml")),
];

/// What a site is made for.
#[derive(Clone, Default, Hash, Debug)]
pub struct Options {
    /// The day for which it is made; where it is absent, the latest on which the files say that something was done.
    pub as_of: Option<Date>,
    /// What tells which day is today. Where it is there and nobody names a day, a notice of a later day is refused;
    /// nothing else rests on it.
    pub clock: Option<fn() -> Date>,
    /// Where it is published, if not where `site.yaml` says.
    pub base_url: Option<String>,
    /// Whether drafts are shown.
    pub drafts: bool,
}

/// Everything that was read and decided.
pub(super) struct Project {
    site: SiteFile,
    languages: Vec<Lang>,
    base: BaseUrl,
    theme: Remembered<Option<Theme>>,
    calendar: Remembered<Calendar>,
    pub(super) rulebooks: Remembered<Vec<Rulebook>>,
    pub(super) fairs: Vec<Fair>,
    /// The fairs that were decided elsewhere, the earliest first.
    outside: Remembered<Vec<OutsideFair>>,
    /// The enterprises that have a file.
    filed: Remembered<BTreeMap<String, Enterprise>>,
    /// All enterprises: those without a file as the latest fair has them that lists them.
    enterprises: BTreeMap<String, Enterprise>,
    contents: crate::pages::Contents,
    glossary: Remembered<GlossaryFile>,
    kept: Remembered<KeptAddresses>,
    /// What could not be read or decided whole.
    incomplete: BTreeSet<Incomplete>,
    /// The day for which it is made where it rests on one.
    pub(super) day: Option<Date>,
    /// The latest day on which the files say that something was done, or is published.
    latest: Option<Date>,
    /// Differs where anything of this differs but the contents.
    revision: u64,
}

/// A site that was rendered.
pub(super) struct SiteWritten {
    pub written: Written,
    pub hosting: Hosting,
    /// The places of all that people keep.
    pub published: BTreeSet<Permalink>,
}

/// A fair, read and decided.
pub(super) struct Fair {
    file: Remembered<Option<Decoded<FairFile>>>,
    zone: Remembered<Zone>,
    pub(super) decided: Remembered<Decided>,
    /// The latest day on which something was done.
    done: Remembered<Option<Date>>,
}

/// What was decided on a fair, as it stands on a day.
pub(super) struct DecidedOn<'d> {
    pub(super) list: Option<AwardList>,
    seal: Option<&'d PublishedSeal>,
    evidence: Option<PublishedEvidence>,
}

impl Fair {
    pub(super) fn file(&self) -> &FairFile {
        self.decoded()
    }

    fn decoded(&self) -> &Decoded<FairFile> {
        self.file.as_ref().expect("a fair is read on from its file")
    }
}

impl Project {
    /// Reads and decides; what was read before and stayed as it was is not read again. `None` where too
    /// little could be read to make pages of.
    pub(super) fn read(
        report: &mut Report,
        files: &Files,
        options: &Options,
    ) -> Result<Option<Project>, Failure> {
        if !are_confined(report, files)? {
            return Ok(None);
        }
        let site = files.remembered(report, "site", 0, |report| read_site(report, files))?;
        if site.is_none() && !files.is_file("data/site.yaml") {
            report.error(code::SITE_MISSING, None, say!("file not found: `data/site.yaml`")).hint(say!(
                "pass `--root DIR`, where DIR is the project: the folder with `data`, `content` and `themes`"
            ));
        }
        let languages = site.as_ref().map_or(LANGUAGES.to_vec(), SiteFile::languages);
        let calendar = files.remembered(report, "calendar", 0, |report| read_calendar(report, files))?;
        let rulebooks = files.remembered(report, "rulebooks", fingerprint(&languages), |report| {
            load_rulebooks(report, files, &languages)
        })?;
        let mut incomplete = BTreeSet::new();
        let filed = files.remembered(report, "enterprises", 0, |report| {
            let read = read_enterprises(report, files)?;
            check_enterprises(report, files, &read);
            Ok(read)
        })?;
        note(&mut incomplete, &filed, Incomplete::Enterprises);
        note(&mut incomplete, &rulebooks, Incomplete::Awards);
        let contents = read_contents(report, files, &languages, options.drafts)?;
        let glossary = files.remembered(report, "glossary", 0, |report| read_glossary(report, files))?;
        let kept = files.remembered(report, "addresses", 0, |report| read_addresses(report, files))?;
        let mut fairs = Vec::new();
        let numbers = fair_numbers(files)?;
        let law = Law { rulebooks: &rulebooks, calendar: &calendar };
        let mut zones = Zones::new(&site, &languages, &filed);
        // The latest fair comes first on pages, and last here: an enterprise keeps the address that it had.
        for &number in &numbers {
            let name = format!("fair {number}");
            let file = files.remembered(report, &name, 0, |report| read_fair(report, files, number))?;
            note(&mut incomplete, &file, Incomplete::Fair);
            if file.is_some() {
                fairs.push(read_one(report, files, &name, file, &law, &mut zones, &mut incomplete)?);
            }
        }
        fairs.reverse();
        let outside = files.remembered(report, "fairs decided elsewhere", rulebooks.revision, |report| {
            read_outside_fairs(report, files, &rulebooks)
        })?;
        note(&mut incomplete, &outside, Incomplete::Awards);
        let misnamed = report_misnamed(report, files, &known(&fairs))?;
        let parts = [("roster.yaml", Incomplete::Zone), ("fair.yaml", Incomplete::Fair)];
        incomplete.extend(parts.iter().filter(|(name, _)| misnamed.contains(name)).map(|(_, part)| *part));
        if let (None, Some(clock)) = (options.as_of, options.clock) {
            report_to_come(report, fairs.iter().map(Fair::file), clock());
            let rosters = fairs.iter().filter_map(|fair| fair.zone.roster.as_ref()?.updated.as_ref());
            report_updated(report, contents.updated().chain(rosters), clock());
        }
        let mut enterprises = zones.all();
        for fair in &fairs {
            let known = !incomplete.contains(&Incomplete::Enterprises) && fair.zone.complete;
            fair.decided.names.give_to_enterprises(report, files, &mut enterprises, known);
        }
        let Some(site_file) = site.as_ref().cloned() else { return Ok(None) };
        let current = site_file.current_fair.value;
        if !numbers.contains(&current) && fairs.iter().all(|fair| fair.file().fair.value != current) {
            report
                .error(
                    code::FAIR_MISSING,
                    site_file.current_fair.span,
                    say!("unknown fair `{fair}`", fair = site_file.current_fair.value),
                )
                .hint(say!(
                    "create data/fairs/{fair}/fair.yaml, or choose another fair",
                    fair = site_file.current_fair.value
                ));
        }
        let shown = fairs.iter().map(Fair::file);
        let shown = shown.clone().find(|fair| fair.fair.value == current).or(shown.clone().next());
        let latest = day_of_files(fairs.iter().map(|fair| *fair.done), shown);
        let day = options.as_of.or(latest);
        let of_enterprises = filed.values().map(|enterprise| (enterprise.term(), enterprise.draft));
        let terms: Vec<_> = contents.terms().chain(of_enterprises).collect();
        // Of the days on which something is published those count that have come.
        let has_come = |day: &Date| options.clock.is_none_or(|clock| *day <= clock());
        let published = terms.iter().filter_map(|(term, _)| term.days()[0]).filter(has_come);
        let latest = latest.map(|latest| published.fold(latest, Date::max));
        for (term, is_draft) in terms {
            report_term(report, &term, is_draft, day);
            if let (None, Some(clock), Some(day), false) = (options.as_of, options.clock, day, is_draft) {
                report_behind(report, &term, day, clock());
            }
        }
        let base = base_url(report, &site_file, options);
        let name = &site_file.theme.value;
        let theme = files.remembered(report, "theme", fingerprint(&(name, &languages)), |report| {
            let mut theme = Theme::load(report, files, name, &languages)?;
            for (lang, own) in OWN_WORDS {
                if let Some(theme) = &mut theme {
                    theme.complete(report, files, lang, own);
                }
            }
            Ok(theme)
        })?;
        let (Some(base), true) = (base, theme.is_some()) else { return Ok(None) };
        let of_fair = |fair: &Fair| [fair.file.revision, fair.zone.revision, fair.decided.revision];
        let of_fairs: Vec<[u64; 3]> = fairs.iter().map(of_fair).collect();
        let others =
            [&theme.revision, &calendar.revision, &rulebooks.revision, &filed.revision, &outside.revision];
        let revision = fingerprint(&(options, day, site.revision, others, of_fairs, &incomplete));
        Ok(Some(Project {
            site: site_file,
            languages,
            base,
            theme,
            calendar,
            rulebooks,
            fairs,
            outside,
            filed,
            enterprises,
            contents,
            glossary,
            kept,
            incomplete,
            day,
            latest,
            revision,
        }))
    }

    /// Reports what keeps no page from being made: forms that are not filled in, translations to look at, and what lies
    /// beside the inputs.
    pub(super) fn look_through(&self, report: &mut Report, files: &Files) -> Result<(), Failure> {
        for enterprise in self.filed.values().filter(|enterprise| !enterprise.draft) {
            report_unfilled_enterprise(report, files, enterprise.name.span.file);
        }
        for file in self.contents.finished() {
            report_unfilled_page(report, files, file);
        }
        let as_of = AsOf::new(self.day_or_any());
        for fair in &self.fairs {
            let Some(rulebook) = fair.decided.rulebook else { continue };
            let state = notice_state(fair.file(), &self.rulebooks[rulebook], &self.calendar, &as_of);
            if state != NoticeState::Proposed {
                report_unfilled_notice(report, &self.site, fair.file());
            }
        }
        report_standings(report, files, &self.contents, &self.languages);
        report_differences(report, files, &self.contents, &self.languages)?;
        let of_fairs = self.fairs.iter().map(Fair::file).flat_map(|fair| {
            let sections = fair.phases.iter().flat_map(|phase| &phase.sections);
            sections.chain(&fair.delegations).map(|name| &name.value)
        });
        let given = std::iter::once(&self.site.organiser.name.value).chain(of_fairs);
        report_names(report, files, &self.contents, &self.languages, &self.glossary, given)?;
        report_strays(report, files, &known(&self.fairs))?;
        report_private(report, files, &known(&self.fairs))
    }

    /// Renders the pages into a sink, and checks them.
    pub(super) fn write(
        &self,
        report: &mut Report,
        options: &Options,
        sink: &dyn Sink,
    ) -> Result<SiteWritten, Failure> {
        self.plan(report, options, |report, plan| {
            let summaries = plan.summaries();
            let artifacts: Vec<&Artifact<'_>> = plan.artifacts.iter().chain(&summaries).collect();
            let written = write(report, &artifacts, &self.base, sink)?;
            Ok(SiteWritten { written, hosting: plan.hosting().clone(), published: plan.published().clone() })
        })
    }

    /// Plans the pages, and does something with them. Addresses that would vanish without a word are reported.
    pub(super) fn plan<T>(
        &self,
        report: &mut Report,
        options: &Options,
        with: impl FnOnce(&mut Report, &Plan<'_>) -> T,
    ) -> T {
        let day = self.day_or_any();
        self.plan_on(report, options, day, |report, _, plan| {
            let mut missing = plan.missing();
            // What is published on a later day is not there yet on an earlier one.
            if let Some(latest) = self.latest.filter(|latest| *latest > day && !missing.is_empty()) {
                let then = |_: &mut Report, _: &AsOf, plan: &Plan<'_>| plan.published().clone();
                let published = self.plan_on(&mut Report::new(), options, latest, then);
                let (later, gone) = missing.into_iter().partition(|place| published.contains(place));
                missing = gone;
                if self.is_the_site(options) && options.as_of.is_none() {
                    plan.report_early(report, &later, day);
                }
            }
            plan.report_losses(report, &missing);
            with(report, plan)
        })
    }

    /// Plans the pages for another day than its own, and does something with them.
    pub(super) fn plan_on<T>(
        &self,
        report: &mut Report,
        options: &Options,
        day: Date,
        with: impl FnOnce(&mut Report, &AsOf, &Plan<'_>) -> T,
    ) -> T {
        let as_of = AsOf::new(day);
        let decided = self.decided_on(&as_of);
        let published = self.published_on(&as_of, options);
        let material = self.material(options, &decided, &published);
        let plan = plan(report, &material, &as_of);
        with(report, &as_of, &plan)
    }

    /// The day for which it is made; `None` where the files name no day and nobody else did.
    pub(super) fn day(&self) -> Option<Date> {
        self.day
    }

    /// The day for which it is made. Where no file names one, any decides the same.
    pub(super) fn day_or_any(&self) -> Date {
        self.day.unwrap_or(Date::MIN)
    }

    /// What was decided on the fairs, as it stands on a day.
    pub(super) fn decided_on(&self, as_of: &AsOf) -> Vec<DecidedOn<'_>> {
        let decided = self.fairs.iter().map(|fair| {
            let Decided { list, seal, evidence, .. } = &*fair.decided;
            let list = list.clone().map(|list| list.on(fair.file().fair.value, as_of));
            // A table that takes in corrections of later days is not shown before them.
            let evidence = list.as_ref().zip(evidence.as_ref()).and_then(|(list, (evidence, taken_in))| {
                let before_rulings = (*taken_in < list.corrections.len()).then_some(evidence.sealed_on);
                let shown = PublishedEvidence { before_rulings, ..evidence.clone() };
                (*taken_in <= list.corrections.len()).then_some(shown)
            });
            // Nor is a header with entries of later days.
            let number = fair.file().fair.value;
            let seal = seal.as_ref().filter(|seal| as_of.has_reached(seal.date, number, Turn::Sealed));
            DecidedOn { list, seal, evidence }
        });
        decided.collect()
    }

    /// What of the texts and of the sourcing zones is published on a day.
    pub(super) fn published_on(&self, as_of: &AsOf, options: &Options) -> Published {
        let rosters = self.fairs.iter().map(|fair| fair.zone.roster.as_ref());
        Published::on(as_of, options.drafts, &self.contents, &self.enterprises, rosters)
    }

    /// What the pages are made from.
    pub(super) fn material<'m>(
        &'m self,
        options: &Options,
        decided: &'m [DecidedOn<'m>],
        published: &'m Published,
    ) -> Material<'m> {
        let fairs = self.fairs.iter().zip(decided).zip(published.rosters());
        let fairs = fairs.map(|((fair, decided), roster)| MaterialFair {
            fair: fair.decoded(),
            roster,
            whole_roster: fair.zone.roster.as_ref(),
            rulebook: fair.decided.rulebook.map(|number| &self.rulebooks[number]),
            list: decided.list.as_ref(),
            seal: decided.seal,
            evidence: decided.evidence.as_ref(),
        });
        let outside = self.outside.iter().rev().map(|fair| MaterialOutsideFair {
            number: fair.number,
            rulebook: &self.rulebooks[fair.rulebook],
            winners: &fair.winners,
        });
        Material {
            site: &self.site,
            languages: self.languages.clone(),
            base: self.base.clone(),
            theme: self.theme(),
            contents: published.contents(),
            kept: &self.kept,
            coming: published.coming(),
            ended: published.ended(),
            calendar: &self.calendar,
            enterprises: &self.enterprises,
            fairs: fairs.collect(),
            outside: outside.collect(),
            incomplete: &self.incomplete,
            revision: self.revision,
            preview: options.base_url.is_some() || options.drafts,
        }
    }

    /// The languages of the site, the authentic one first.
    pub(super) fn languages(&self) -> &[Lang] {
        &self.languages
    }

    /// The enterprises, by slug.
    pub(super) fn enterprises(&self) -> &BTreeMap<String, Enterprise> {
        &self.enterprises
    }

    /// The fairs that were decided elsewhere, the earliest first.
    pub(super) fn outside(&self) -> &[OutsideFair] {
        &self.outside
    }

    /// The number of the current fair.
    pub(super) fn current_fair(&self) -> u32 {
        self.site.current_fair.value
    }

    /// Whether the site shows an enterprise in another language where a text of it is missing.
    pub(super) fn zone_falls_back(&self) -> bool {
        !self.site.fallback.zone.is_empty()
    }

    pub(super) fn contents(&self) -> &crate::pages::Contents {
        &self.contents
    }

    /// Whether the site shows a text of a file in another language where it is missing.
    pub(super) fn falls_back(&self, file: &str, text: &str) -> bool {
        let of_enterprise = file.starts_with("data/enterprises/");
        let of_roster = file.ends_with("/roster.yaml") && text.starts_with("purchases.");
        self.zone_falls_back() && (of_enterprise || of_roster)
    }

    /// The addresses that enterprises and `site.yaml` give, with their places.
    pub(super) fn site_links(&self) -> impl Iterator<Item = (String, Span)> {
        let contacts = self.site.contacts.values().filter_map(|contact| contact.value.website.as_ref());
        let filings = self.site.filings.iter().filter_map(|filing| filing.url.as_ref());
        let enterprises = self.enterprises.values().filter(|enterprise| !enterprise.draft);
        let enterprises = enterprises.filter_map(|enterprise| enterprise.website.as_ref());
        contacts.chain(filings).chain(enterprises).map(|address| (address.value.clone(), address.span))
    }

    pub(super) fn base(&self) -> &BaseUrl {
        &self.base
    }

    pub(super) fn theme(&self) -> &Theme {
        self.theme.as_ref().expect("without a theme there is no project")
    }
}

/// The fairs, for those who look at what lies beside them.
fn known(fairs: &[Fair]) -> Fairs<'_> {
    Fairs { read: fairs.iter().map(Fair::file).collect(), only: None }
}

/// The sourcing zones of the fairs, read from the earliest to the latest.
struct Zones<'a> {
    site: &'a Option<SiteFile>,
    languages: &'a [Lang],
    fallback: Vec<Lang>,
    filed: &'a Remembered<BTreeMap<String, Enterprise>>,
    /// The enterprises without a file of the fairs that were read.
    listed: BTreeMap<String, Enterprise>,
    /// Differs where anything of this differs.
    revision: u64,
}

impl<'a> Zones<'a> {
    fn new(
        site: &'a Remembered<Option<SiteFile>>,
        languages: &'a [Lang],
        filed: &'a Remembered<BTreeMap<String, Enterprise>>,
    ) -> Zones<'a> {
        let fallback =
            site.iter().flat_map(|site| site.fallback.zone.iter().map(|lang| lang.value)).collect();
        let revision = fingerprint(&(site.revision, filed.revision));
        Zones { site, languages, fallback, filed, listed: BTreeMap::new(), revision }
    }

    /// Reads the zone of a fair.
    fn read(
        &mut self,
        report: &mut Report,
        files: &Files,
        name: &str,
        file: &Remembered<Option<Decoded<FairFile>>>,
    ) -> Result<Remembered<Zone>, Failure> {
        let fair = file.as_ref().expect("a fair is read on from its file");
        let terms = ZoneTerms {
            languages: self.languages,
            fallback: &self.fallback,
            goods: self.site.as_ref().map(|site| &site.goods),
            enterprises: self.filed,
            earlier: &self.listed,
        };
        let inputs = fingerprint(&(file.revision, self.revision));
        let zone = files.remembered(report, name, inputs, |report| read_zone(report, files, fair, &terms))?;
        if !zone.enterprises.is_empty() {
            self.revision = fingerprint(&(self.revision, zone.revision));
            self.listed.extend(zone.enterprises.iter().map(|(slug, one)| (slug.clone(), one.clone())));
        }
        Ok(zone)
    }

    /// All enterprises, by slug.
    fn all(self) -> BTreeMap<String, Enterprise> {
        let mut all = self.listed;
        all.extend(self.filed.iter().map(|(slug, one)| (slug.clone(), one.clone())));
        all
    }
}

/// Notes that a part is incomplete if what it is made of is.
fn note<T>(incomplete: &mut BTreeSet<Incomplete>, read: &Remembered<T>, part: Incomplete) {
    if !read.complete {
        incomplete.insert(part);
    }
}

fn read_one(
    report: &mut Report,
    files: &Files,
    name: &str,
    file: Remembered<Option<Decoded<FairFile>>>,
    law: &Law<'_>,
    zones: &mut Zones<'_>,
    incomplete: &mut BTreeSet<Incomplete>,
) -> Result<Fair, Failure> {
    let fair = file.as_ref().expect("a fair is read on from its file");
    let zone = zones.read(report, files, name, &file)?;
    note(incomplete, &zone, Incomplete::Zone);
    let inputs = fingerprint(&(file.revision, law.rulebooks.revision, law.calendar.revision));
    let decided = files.remembered(report, name, inputs, |report| decide(report, files, fair, law))?;
    note(incomplete, &decided, Incomplete::Awards);
    let done = files.remembered(report, name, file.revision, |_| last_done(files, fair))?;
    Ok(Fair { file, zone, decided, done })
}

fn base_url(report: &mut Report, site: &SiteFile, options: &Options) -> Option<BaseUrl> {
    let (url, span) = match &options.base_url {
        Some(url) => (url.as_str(), None),
        None => (site.base_url.value.as_str(), Some(site.base_url.span)),
    };
    if options.base_url.is_some()
        && let Err(why) = BaseUrl::parse(&site.base_url.value)
    {
        report.error(code::BASE_URL, site.base_url.span, why).hint(BaseUrl::hint(&site.base_url.value));
    }
    match BaseUrl::parse(url) {
        Ok(base) => Some(base),
        Err(why) => {
            report.error(code::BASE_URL, span, why).hint(BaseUrl::hint(url));
            None
        }
    }
}
