//! Which pages and files there are, and where.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::content::Contents;
use super::evidence::PublishedEvidence;
use super::frame::{Framer, Framers};
use super::notice::Notices;
use super::sealed::PublishedSeal;
use super::site_file::SiteFile;
use super::spoken::report_unspoken;
use super::{calendar, evidence, home, moved, news, notice, rules, sealed, search, winners, zone};
use crate::award::AwardList;
use crate::data::report_missing;
use crate::fair::{AsOf, Calendar, Country, Enterprise, FairFile, OutsideWinner, Roster, RulingSubject};
use crate::lang::Lang;
use crate::rulebook::Rulebook;
use crate::site::markdown::{self, Body, Meant, Shown};
use crate::site::{Artifact, BaseUrl, Hosting, Permalink, Theme};
use crate::source::{Report, Span, all_of, code, fingerprint, list, nearest, say};

/// The templates of which pages are made.
const TEMPLATES: [&str; 18] = [
    "activities.html",
    "activity.html",
    "awards.html",
    "badge.xml",
    "calendar.html",
    "enterprise.html",
    "evidence.html",
    "gateway.html",
    "home.html",
    "notfound.html",
    "notice.html",
    "page.html",
    "redirect.html",
    "rules.html",
    "search.html",
    "winner.html",
    "zone-past.html",
    "zone.html",
];

/// Everything that pages are made from.
pub struct Material<'a> {
    /// What the site is.
    pub site: &'a SiteFile,
    /// Its languages, the authentic one first.
    pub languages: Vec<Lang>,
    /// Where it is published.
    pub base: BaseUrl,
    /// Its templates and words.
    pub theme: &'a Theme,
    /// Pages that people write.
    pub contents: &'a Contents,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Purchasing enterprises, by file stem.
    pub enterprises: &'a BTreeMap<String, Enterprise>,
    /// The fairs, the latest first.
    pub fairs: Vec<MaterialFair<'a>>,
    /// The fairs that were decided elsewhere, the latest first.
    pub outside: Vec<MaterialOutsideFair<'a>>,
    /// What may be missing because of an error.
    pub left_out: &'a LeftOut,
    /// A number that differs where anything of this differs but the pages that people write.
    pub revision: u64,
    /// Whether this is a preview that search engines are asked not to show.
    pub preview: bool,
}

/// Below which paths pages may be missing because what they are made from was refused: that a link leads to none
/// there is not said, for it may be sound once the file is.
#[derive(Clone, Default, Hash, Debug)]
pub struct LeftOut(BTreeSet<&'static str>);

impl LeftOut {
    /// Notes the paths below which pages may be missing if there are more errors now than so many.
    pub fn note(&mut self, report: &Report, errors: usize, below: &[&'static str]) {
        if report.counts().0 > errors {
            self.0.extend(below);
        }
    }
}

/// A fair with what was decided on it.
pub struct MaterialFair<'a> {
    /// What it is.
    pub fair: &'a FairFile,
    /// The sourcing zone.
    pub roster: Option<&'a Roster>,
    /// The rules by which it is judged.
    pub rulebook: Option<&'a Rulebook>,
    /// Its awards, where it has tables or was sealed.
    pub list: Option<&'a AwardList>,
    /// The header of its ledger, where it is sealed.
    pub seal: Option<&'a PublishedSeal>,
    /// The counts of everyone who is ranked, where the fair publishes them.
    pub evidence: Option<&'a PublishedEvidence>,
}

/// A fair that was decided elsewhere.
pub struct MaterialOutsideFair<'a> {
    /// Its number.
    pub number: u32,
    /// The rules that name its awards.
    pub rulebook: &'a Rulebook,
    /// Its winners, in the order of their table.
    pub winners: &'a [OutsideWinner],
}

impl Material<'_> {
    /// The place of a page below the tree of a language.
    pub(super) fn place(&self, lang: Lang, path: &str) -> Permalink {
        Permalink::new(format!("{lang}/{path}")).expect("paths of pages are made of safe segments")
    }

    /// The address of a page below the tree of a language, for links.
    pub(super) fn url(&self, lang: Lang, path: &str) -> String {
        self.base.path_url(&self.place(lang, path))
    }

    /// The direction in which a language is written, as the theme's words say: `ltr` or `rtl`.
    pub(super) fn direction(&self, lang: Lang) -> String {
        let words = self.theme.catalog(lang);
        words.and_then(|words| words.word("meta.dir")).unwrap_or("ltr").to_owned()
    }

    /// What a language calls itself.
    pub(super) fn own_name(&self, lang: Lang) -> String {
        let words = self.theme.catalog(lang);
        words.and_then(|words| words.word("meta.language")).unwrap_or(lang.code()).to_owned()
    }

    /// Whether a page below a language may be missing only because of an error that is reported.
    pub(super) fn is_left_out(&self, path: &str) -> bool {
        self.left_out.0.iter().any(|below| path.starts_with(below))
            || self.contents.is_refused(path.trim_end_matches('/'))
    }

    /// The fair of which the home page speaks: the current one, else the latest.
    pub(super) fn current(&self) -> Option<&MaterialFair<'_>> {
        let wanted = self.site.current_fair.value;
        self.fairs.iter().find(|fair| fair.fair.fair.value == wanted).or(self.fairs.first())
    }

    /// The fair whose sourcing zone is shown: the current one, else the latest that has a roster.
    pub(super) fn zone(&self) -> Option<(&MaterialFair<'_>, &Roster)> {
        let current = self.current().filter(|fair| fair.roster.is_some());
        let fair = current.or_else(|| self.fairs.iter().find(|fair| fair.roster.is_some()))?;
        Some((fair, fair.roster?))
    }
}

/// The pages and files of a site.
pub struct Plan<'a> {
    /// All but the summaries. They are rendered when they are written.
    pub artifacts: Vec<Artifact<'a>>,
    framers: Framers<'a>,
    notices: Notices,
    known: BTreeSet<String>,
}

impl<'a> Plan<'a> {
    /// What is made here of all pages together: the page that searches with its index, and the sitemap.
    pub fn summaries(&self) -> Vec<Artifact<'a>> {
        let mut artifacts = Vec::new();
        for index in 0..self.framers.len() {
            search::add(&mut artifacts, &self.framers, index, &self.notices);
        }
        home::add_machines(&mut artifacts, self.framers[0].material, &self.known);
        artifacts
    }

    /// Whether a place, which may not be there, is one of a summary.
    pub fn is_summary(&self, place: &str) -> bool {
        let searches = |framer: &Framer<'_>| {
            let rest = place.strip_prefix(framer.lang.code()).and_then(|rest| rest.strip_prefix('/'));
            rest.is_some_and(|rest| rest.starts_with(search::PATH))
        };
        place.starts_with("sitemap") || place == "robots.txt" || self.framers.iter().any(searches)
    }
}

/// Plans the pages and files of a site for a day. What can be found wrong before they are rendered is reported here.
/// The day is asked here for all that rests on it; rendering asks it nothing.
pub fn plan<'a>(report: &mut Report, material: &'a Material<'a>, as_of: &AsOf) -> Plan<'a> {
    check(report, material);
    let notices = notice::plan(report, material, as_of);
    let known = known_paths(material, &notices);
    let mut artifacts: Vec<Artifact<'a>> = material.theme.assets().artifacts().collect();
    let shared = fingerprint(&(material.revision, &known, material.contents.fronts()));
    // Nothing of a language rests on another: the processors take one each.
    let framed = material.languages.par_iter().map(|&lang| {
        let mut found = Report::new();
        let framer = framer(&mut found, material, lang, &known, &notices, shared);
        (found, framer)
    });
    let (found, framers): (Vec<Report>, Vec<Framer<'a>>) = framed.unzip();
    found.into_iter().for_each(|found| report.absorb(found));
    let bodies = framers.iter().flat_map(|framer| framer.bodies.values());
    let shown: BTreeSet<&str> = bodies.flat_map(|body| body.pictures.iter().map(String::as_str)).collect();
    add_pictures(report, &mut artifacts, material, &shown);
    let framers: Framers<'a> = framers.into();
    let planned = (0..framers.len()).into_par_iter().map(|index| {
        let (mut found, mut artifacts) = (Report::new(), Vec::new());
        add_language(&mut found, &mut artifacts, &framers, index, &notices);
        (found, artifacts)
    });
    for (found, more) in planned.collect::<Vec<(Report, Vec<Artifact<'a>>)>>() {
        report.absorb(found);
        artifacts.extend(more);
    }
    calendar::add_root(&mut artifacts, &framers);
    sealed::add_root(&mut artifacts, material, &notices);
    home::add_gateway(&mut artifacts, &framers);
    moved::add_files(&mut artifacts, material);
    Plan { artifacts, framers, notices, known }
}

/// What the pages of a language have in common, with the texts that people write rendered.
fn framer<'a>(
    report: &mut Report,
    material: &'a Material<'a>,
    lang: Lang,
    known: &BTreeSet<String>,
    notices: &Notices,
    shared: u64,
) -> Framer<'a> {
    let pictures = &material.contents.pictures;
    let left_out = (material.left_out, material.contents.refused());
    let links = fingerprint(&(known, pictures.print(), &material.base, lang, left_out));
    let resolve = |target: &str| resolve(material, known, lang, target);
    let find = |target: &str| match pictures.find(target) {
        Some((path, picture)) => Ok(Shown {
            path: path.to_owned(),
            url: material.base.path_url(&picture.permalink),
            size: picture.size,
        }),
        None => Err(pictures.meant(target).map(str::to_owned)),
    };
    let texts = material.contents.pages.iter();
    let texts = texts.filter_map(|(path, texts)| Some((path.as_str(), texts.get(&lang)?)));
    let bodies = texts.map(|(path, text)| {
        let body = text.rendered(report, links, |report| {
            markdown::render(report, text.file, &text.body, text.offset, &resolve, &find)
        });
        (path, body)
    });
    let bodies: BTreeMap<&str, Arc<Body>> = bodies.collect();
    check_related(report, material, known, lang);
    let mut framer = Framer::new(material, lang, bodies, shared);
    framer.agenda = calendar::agenda(&framer, notices);
    framer
}

/// Adds the pages and files of a language.
fn add_language<'a>(
    report: &mut Report,
    artifacts: &mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    index: usize,
    notices: &Notices,
) {
    home::add(artifacts, framers, index, notices);
    zone::add(artifacts, framers, index);
    calendar::add(artifacts, framers, index);
    news::add(artifacts, framers, index, notices);
    moved::add(artifacts, framers, index);
    for (fair, notice) in framers[index].material.fairs.iter().zip(&notices.fairs) {
        rules::add(artifacts, framers, index, fair);
        let Some(notice) = notice else { continue };
        winners::add(report, artifacts, framers, index, fair, notices, notice);
        evidence::add(report, artifacts, framers, index, fair, notice);
    }
}

/// Publishes the pictures that texts show, and reports the others.
fn add_pictures<'a>(
    report: &mut Report,
    artifacts: &mut Vec<Artifact<'a>>,
    material: &'a Material<'a>,
    shown: &BTreeSet<&str>,
) {
    let Contents { pictures, waiting, .. } = material.contents;
    for (path, picture) in pictures.iter() {
        if shown.contains(path) {
            picture.check(report, path);
            // The theme may publish the same bytes under the same name.
            if artifacts.iter().all(|artifact| artifact.permalink != picture.permalink) {
                artifacts.push(picture.artifact());
            }
        } else if !waiting.iter().any(|draft| draft.body.contains(path)) {
            let span = Span::whole(picture.file);
            report
                .warning(code::STRAY_FILE, span, say!("no page shows the picture `{path}`", path))
                .hint(say!("write `![what it shows]({path})` into a page, or take the file away", path));
        }
    }
}

/// What the server of the site should know.
pub fn hosting(material: &Material<'_>) -> Hosting {
    moved::hosting(material)
}

/// Checks what a page could not show: texts that lack a language, contacts and pages that are not there.
fn check(report: &mut Report, material: &Material<'_>) {
    let languages = &material.languages;
    moved::check(report, material);
    for (fair, roster) in material.fairs.iter().map(|fair| (fair.fair, fair.roster)) {
        let mut texts: Vec<_> = [&fair.name, &fair.short, &fair.place].into_iter().flatten().collect();
        if (fair.name.is_none() || fair.short.is_none()) && !fair.in_part {
            report
                .error(code::MISSING_KEY, fair.fair.span, say!("`name` or `short` is missing"))
                .hint(say!("the pages of a fair show its full name and its short name"));
        }
        texts.extend(fair.phases.iter().flat_map(|phase| phase.theme.iter().chain(&phase.sections)));
        texts.extend(&fair.delegations);
        if let Some(notice) = &fair.notice {
            texts.extend([&notice.number, &notice.issuer]);
            check_contact(report, material, &notice.contact);
        }
        if let Some(roster) = roster {
            texts.extend([&roster.place, &roster.caveat]);
            texts.extend(roster.sessions.iter().map(|session| &session.value.title));
            texts.extend(roster.sessions.iter().filter_map(|session| session.value.place.as_ref()));
            for contact in roster.contacts.values() {
                check_contact(report, material, contact);
            }
        }
        for text in texts {
            report_missing(report, text, languages);
        }
        for goods in roster.iter().flat_map(|roster| roster.purchases.values()).flat_map(|goods| &goods.value)
        {
            report_unspoken(report, material, goods);
        }
    }
    for day_off in material.calendar.years.values().flat_map(|year| &year.breaks) {
        let name = crate::data::Spanned { value: day_off.name.clone(), span: day_off.from.span };
        report_missing(report, &name, languages);
    }
    let corrections = material.fairs.iter().filter_map(|fair| fair.list).flat_map(|list| &list.corrections);
    for ruling in corrections.flat_map(|correction| &correction.rulings) {
        let missing: Vec<Lang> = [&ruling.reason, &ruling.authority]
            .into_iter()
            .flat_map(|text| text.missing(languages))
            .collect();
        if let Some(lang) = missing.first() {
            report
                .warning(
                    code::MISSING_LANGUAGE,
                    None,
                    match &ruling.subject {
                        RulingSubject::Exhibitor(exhibitor) => say!(
                            "the ruling on `{exhibitor}` has no reason or no authority in `{lang}`",
                            exhibitor,
                            lang
                        ),
                        RulingSubject::Unlisted | RulingSubject::Fields { .. } | RulingSubject::Day(_) => {
                            say!(
                                "the ruling `{decides}` has no reason or no authority in `{lang}`",
                                decides = ruling.decides.as_str(),
                                lang
                            )
                        }
                    },
                )
                .hint(say!("it is shown as it was given; what is sealed cannot be translated any more"));
        }
    }
    for enterprise in material.enterprises.values() {
        report_unspoken(report, material, &enterprise.name);
        for text in enterprise.business.iter().chain(&enterprise.profile) {
            report_unspoken(report, material, text);
        }
        check_country(report, material, &enterprise.country);
        for goods in &enterprise.goods {
            check_goods(report, material, goods);
        }
    }
    for texts in material.contents.pages.values() {
        for contact in texts.values().flat_map(|text| &text.front.contacts) {
            check_contact(report, material, contact);
        }
    }
    for name in ["site.css", "site.js", "icon.svg"] {
        if material.theme.assets().permalink(name).is_none() {
            let theme = &material.site.theme;
            report
                .error(
                    code::ASSET,
                    theme.span,
                    say!("the theme `{theme}` has no file `static/{name}`", theme = theme.value, name),
                )
                .hint(say!("add themes/{theme}/static/{name}", theme = theme.value, name));
        }
    }
    for file in material.theme.idle_templates(&TEMPLATES) {
        report
            .warning(
                code::STRAY_FILE,
                Span::whole(file),
                say!("no page has this template, and no other template names it"),
            )
            .hint(say!("templates of pages: {names}", names = list(TEMPLATES)));
    }
    let has_zone = material.zone().is_some();
    for path in home::GENERATED {
        if path == "zone" && !has_zone {
            continue;
        }
        if !material.contents.pages.contains_key(path) && !material.contents.is_refused(path) {
            let names: Vec<String> =
                languages.iter().map(|lang| format!("content/{path}.{lang}.md")).collect();
            report
                .error(code::PAGE_MISSING, None, say!("the page `{path}` is missing", path))
                .hint(say!("write {names}", names = all_of(&names)));
        }
    }
    let text = material.contents.find("zone", languages[0]);
    if let (false, Some(text), false) = (has_zone, text, material.is_left_out("zone/")) {
        let folder = format!("data/fairs/{}", material.site.current_fair.value);
        report
            .warning(
                code::NO_ROSTER,
                text.front.title.span,
                say!("no fair has a roster: the site has no sourcing zone, and this text is not published"),
            )
            .hint(say!("write {folder}/roster.yaml, or take the text away if there is no zone", folder));
    }
}

fn check_contact(report: &mut Report, material: &Material<'_>, key: &crate::data::Spanned<String>) {
    let contacts = &material.site.contacts;
    if contacts.contains_key(&key.value) {
        return;
    }
    report
        .error(code::UNKNOWN_CONTACT, key.span, say!("no contact `{key}`", key = key.value))
        .label_meant(nearest(&key.value, contacts.keys().map(String::as_str)))
        .hint(say!("contacts of data/site.yaml: {contacts}", contacts = list(contacts.keys())));
}

/// A country must have a name in every language of the site.
fn check_country(report: &mut Report, material: &Material<'_>, country: &crate::data::Spanned<Country>) {
    let own = material.site.countries.get(country.value.code());
    let has = |lang: &Lang| {
        own.is_some_and(|name| name.value.find(*lang).is_some()) || country.value.find_name(*lang).is_some()
    };
    let alpha = country.value.code();
    for lang in material.languages.iter().filter(|lang| !has(lang)) {
        report
            .error(
                code::MISSING_LANGUAGE,
                country.span,
                say!("the country `{country}` has no name in `{lang}`", country = alpha, lang),
            )
            .hint(say!(
                "write it in data/site.yaml: `countries: {{{country}: {{{lang}: …}}}}`",
                country = alpha,
                lang
            ));
    }
}

fn check_goods(report: &mut Report, material: &Material<'_>, key: &crate::data::Spanned<String>) {
    let goods = &material.site.goods;
    if goods.contains_key(&key.value) {
        return;
    }
    report
        .error(code::UNKNOWN_GOODS, key.span, say!("no goods `{key}`", key = key.value))
        .label_meant(nearest(&key.value, goods.keys().map(String::as_str)))
        .hint(say!("add them under `goods` in data/site.yaml, or name goods that are there"));
}

/// The paths of all pages and downloads below the tree of a language; all trees have the same.
fn known_paths(material: &Material<'_>, notices: &Notices) -> BTreeSet<String> {
    let mut known: Vec<String> = ["", "awards/", search::PATH].map(str::to_owned).into();
    for path in material.contents.pages.keys() {
        match path.as_str() {
            "home" | "awards" | "notice" | "rules" | "zone" => {}
            path => {
                known.push(format!("{path}/"));
            }
        }
    }
    for (fair, notice) in material.fairs.iter().zip(&notices.fairs) {
        if fair.rulebook.is_some() {
            known.push(rules::path(fair));
        }
        if let Some(notice) = notice {
            known.extend(notice.paths());
        }
    }
    known.extend(zone::paths(material));
    known.extend(calendar::paths(material));
    // Many at once are quicker than one after the other.
    known.into_iter().collect()
}

/// Reports pages to read next that are not there.
fn check_related(report: &mut Report, material: &Material<'_>, known: &BTreeSet<String>, lang: Lang) {
    let texts = material.contents.pages.values().filter_map(|texts| texts.get(&lang));
    for related in texts.flat_map(|text| &text.front.related) {
        let path = format!("{}/", related.value.trim_matches('/'));
        if known.contains(&path) || material.is_left_out(&path) {
            continue;
        }
        let of = |lang: &Lang| path.strip_prefix(lang.code())?.strip_prefix('/');
        let below = material.languages.iter().find_map(of).unwrap_or(&path);
        let meant = nearest(below, known.iter().map(String::as_str));
        report
            .error(code::UNKNOWN_PAGE, related.span, say!("no page `{related}`", related = related.value))
            .label_meant(meant.map(|meant| meant.trim_end_matches('/')))
            .hint(say!("name a page by its path below the language, such as `activities/vlog`"));
    }
}

/// The address of a path below a language's tree, for links in Markdown.
fn resolve(
    material: &Material<'_>,
    known: &BTreeSet<String>,
    lang: Lang,
    target: &str,
) -> Result<String, Option<Meant>> {
    let path = target.trim_start_matches('/');
    let wanted = match path.is_empty() || path.ends_with('/') || path.contains('.') {
        true => path.to_owned(),
        false => format!("{path}/"),
    };
    // A notice that is not out yet is announced by the archive.
    let is_notice = |fair: &MaterialFair<'_>| wanted == format!("awards/{}/", fair.fair.fair.value);
    let wanted = match !known.contains(&wanted) && material.fairs.iter().any(is_notice) {
        true => "awards/".to_owned(),
        false => wanted,
    };
    match known.contains(&wanted) || material.is_left_out(&wanted) {
        true => Ok(material.url(lang, &wanted)),
        false => Err(meant(material, known, lang, &wanted)),
    }
}

/// The path that was most likely meant by one that leads nowhere.
fn meant(material: &Material<'_>, known: &BTreeSet<String>, lang: Lang, path: &str) -> Option<Meant> {
    if let Some((first, below)) = path.split_once('/')
        && material.languages.iter().any(|lang| lang.code() == first)
    {
        return match resolve(material, known, lang, below) {
            Ok(_) => Some(Meant::WithoutLanguage(format!("/{below}"))),
            Err(Some(Meant::Near(meant) | Meant::WithoutLanguage(meant))) => {
                Some(Meant::WithoutLanguage(meant))
            }
            Err(None) => None,
        };
    }
    nearest(path, known.iter().map(String::as_str)).map(|meant| Meant::Near(format!("/{meant}")))
}
