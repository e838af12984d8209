//! Enterprises of the sourcing zone: what every page says of one, and its own page.

use std::cmp::Ordering;

use serde::Serialize;

use super::calendar::{FileView, OccasionView, enterprise_file, view};
use super::frame::{ContactView, Framer, Framers, LinkView, Page, add_page, text};
use super::home::{FairView, fair_view, phase_title, phase_view};
use super::plan::MaterialFair;
use super::spoken::{SpokenView, TongueView, spoken};
use crate::fair::{Enterprise, Kind, NameBasis, Roster};
use crate::lang::{Lang, Localized};
use crate::site::{Artifact, segment};

/// An enterprise as a list shows it, at one fair.
#[derive(Serialize, Clone)]
pub(super) struct EnterpriseView {
    slug: String,
    pub url: String,
    pub name: String,
    /// The language of the name where it is not the page's.
    pub name_in: Option<TongueView>,
    pub other_name: Option<String>,
    other_lang: Option<String>,
    pub translated: bool,
    pub country: CountryView,
    pub kind: KindView,
    pub goods: Vec<GoodsView>,
    pub business: String,
    /// The language of the business where it is not the page's.
    pub business_in: Option<TongueView>,
    pub website: Option<String>,
    monogram: String,
    pub phases: Vec<AttendanceView>,
}

#[derive(Serialize, Clone)]
pub(super) struct CountryView {
    pub code: String,
    pub name: String,
}

#[derive(Serialize, Clone)]
pub(super) struct KindView {
    pub id: &'static str,
    pub title: String,
}

/// What an enterprise deals in.
#[derive(Serialize, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GoodsView {
    pub title: String,
    pub id: String,
}

#[derive(Serialize, Clone)]
pub(super) struct AttendanceView {
    pub number: u8,
    title: String,
    range: String,
    pub attends: bool,
}

#[derive(Serialize)]
struct EnterprisePageView {
    enterprise: EnterpriseView,
    profile: Vec<String>,
    /// The language of the profile where it is not the page's.
    profile_in: Option<TongueView>,
    purchases: Vec<SpokenView>,
    sessions: Vec<OccasionView>,
    calendar: Option<FileView>,
    fair: FairView,
    place: String,
    caveat: String,
    contacts: Vec<ContactView>,
    earlier: Vec<EarlierView>,
    zone_url: String,
}

/// A fair before, with the phases in which the enterprise was there.
#[derive(Serialize)]
struct EarlierView {
    fair: LinkView,
    phases: String,
}

/// The path of an enterprise's page below a language.
pub(super) fn path(slug: &str) -> String {
    let taken = ["enterprises.xlsx", "enterprises.csv", "enterprises.json", "index.html", "fairs"];
    format!("zone/{}/", segment(slug, &taken))
}

/// The enterprises that any roster names, each once, in the order in which they first appear.
pub(super) fn all<'a>(fairs: &'a [MaterialFair<'_>]) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    let rosters = fairs.iter().filter_map(|fair| fair.roster);
    let listed = rosters.flat_map(|roster| roster.phases.values());
    for entry in listed.flat_map(|entries| &entries.value) {
        if !all.contains(&entry.value.as_str()) {
            all.push(&entry.value);
        }
    }
    all
}

/// The enterprises of a roster, sorted for the reader: in Chinese by pinyin, else by name.
pub(super) fn sorted(framer: &Framer<'_>, fair: &MaterialFair<'_>, roster: &Roster) -> Vec<EnterpriseView> {
    let mut sorted: Vec<(&Enterprise, EnterpriseView)> = Vec::new();
    for slug in super::zone::residents(roster) {
        let Some(enterprise) = framer.material.enterprises.get(&slug) else { continue };
        let view = enterprise_view(framer, fair, roster, &slug, enterprise);
        sorted.push((enterprise, view));
    }
    sorted.sort_by(|(one, _), (other, _)| order(framer, one, other));
    sorted.into_iter().map(|(_, view)| view).collect()
}

/// Which of two enterprises stands first. No table of readings is right for every Chinese name, so they say
/// their own.
pub(super) fn order(framer: &Framer<'_>, one: &Enterprise, other: &Enterprise) -> Ordering {
    let name = |enterprise: &'_ Enterprise| {
        framer.material.zone_text(&enterprise.name.value, framer.lang).0.to_owned()
    };
    match framer.lang {
        Lang::ZH => one.sort.value.cmp(&other.sort.value),
        _ => framer.collation.compare(&name(one), &name(other)),
    }
}

/// The name of an enterprise as a page shows it; empty where there is no such enterprise.
pub(super) fn name(framer: &Framer<'_>, slug: &str) -> String {
    let enterprise = framer.material.enterprises.get(slug);
    let name = enterprise.map(|enterprise| framer.material.zone_text(&enterprise.name.value, framer.lang).0);
    name.unwrap_or_default().to_owned()
}

/// The names of an enterprise in other languages than the one that a page shows, in the order of the languages of
/// the site.
pub(super) fn other_names<'n>(
    framer: &Framer<'n>,
    name: &'n Localized,
) -> impl Iterator<Item = (Lang, &'n str)> {
    let (shown, lang) = framer.material.zone_text(name, framer.lang);
    let languages = framer.material.languages.iter().copied().filter(move |other| *other != lang);
    let others = languages.filter_map(|lang| Some((lang, name.find(lang)?)));
    others.filter(move |(_, other)| *other != shown && !other.trim().is_empty())
}

fn enterprise_view(
    framer: &Framer<'_>,
    fair: &MaterialFair<'_>,
    roster: &Roster,
    slug: &str,
    enterprise: &Enterprise,
) -> EnterpriseView {
    let name = spoken(framer, &enterprise.name.value);
    let business = enterprise.business.as_ref().map(|business| spoken(framer, &business.value));
    let other = other_names(framer, &enterprise.name.value).next();
    let latin = enterprise.name.value.find(Lang::EN).unwrap_or(&name.text);
    let attends = roster.phases_of(slug);
    let goods = enterprise.goods.iter().filter_map(|key| {
        let title = framer.material.site.goods.get(&key.value)?;
        Some(GoodsView { id: key.value.clone(), title: text(title, framer.lang) })
    });
    EnterpriseView {
        slug: slug.to_owned(),
        url: framer.url(&path(slug)),
        other_lang: other.map(|(lang, _)| lang.tag().to_owned()),
        other_name: other.map(|(_, name)| name.to_owned()),
        translated: enterprise.name_basis == NameBasis::Translated,
        country: CountryView {
            code: enterprise.country.value.code().to_owned(),
            name: framer.country(enterprise.country.value),
        },
        kind: kind_view(framer, enterprise.kind),
        goods: goods.collect(),
        business_in: business.as_ref().and_then(|business| business.tongue.clone()),
        business: business.map(|business| business.text).unwrap_or_default(),
        website: enterprise.website.as_ref().map(|website| website.value.clone()),
        monogram: monogram(latin),
        phases: fair
            .fair
            .phases
            .iter()
            .map(|phase| phase_view(framer, phase, 0))
            .map(|phase| AttendanceView {
                number: phase.number,
                attends: attends.contains(&phase.number),
                title: phase.title,
                range: phase.range,
            })
            .collect(),
        name_in: name.tongue,
        name: name.text,
    }
}

pub(super) fn kind_view(framer: &Framer<'_>, kind: Kind) -> KindView {
    let id = kind.name();
    KindView { id, title: framer.word(&format!("kind.{id}")) }
}

/// The first letters of the first two words of a name.
fn monogram(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(2).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

/// Adds a page for each enterprise that was ever in the zone.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, framers: &Framers<'a>, index: usize) {
    let material = framers[index].material;
    for slug in all(&material.fairs) {
        if material.enterprises.contains_key(slug) {
            add_page(artifacts, framers, index, &path(slug), "enterprise.html", move |framer| {
                enterprise_page(framer, slug)
            });
        }
    }
}

fn enterprise_page(framer: &Framer<'_>, slug: &str) -> (Page, EnterprisePageView) {
    let (fair, roster) = framer.material.zone().expect("an enterprise is planned for a roster");
    let record = &framer.material.enterprises[slug];
    let enterprise = enterprise_view(framer, fair, roster, slug, record);
    let number = Some(fair.fair.fair.value);
    let contact = roster.contacts.get(&record.kind).map(|contact| contact.value.as_str());
    let purchases = roster.purchases.get(slug).map(|goods| goods.value.iter());
    let sessions = framer.agenda.iter().filter(|occasion| occasion.fair == number);
    let sessions = sessions.filter(|occasion| occasion.enterprises.iter().any(|one| one == slug));
    let profile = record.profile.as_ref().map(|profile| spoken(framer, &profile.value));
    let profile_in = profile.as_ref().and_then(|profile| profile.tongue.clone());
    let profile = profile.map(|profile| profile.text).unwrap_or_default();
    let earlier = earlier(framer, slug);
    let fair = fair_view(framer, fair);
    let page = Page {
        path: path(slug),
        kind: "enterprise",
        group: "zone",
        title: enterprise.name.clone(),
        heading: enterprise.name.clone(),
        description: framer.fill(
            "zone.description",
            &[("name", &enterprise.name), ("business", &enterprise.business), ("fair", &fair.short)],
        ),
        above: vec![(framer.word("nav.zone"), "zone/".to_owned())],
        demonstration: false,
        lists: Vec::new(),
    };
    let view = EnterprisePageView {
        enterprise,
        profile: profile.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        profile_in,
        purchases: purchases.into_iter().flatten().map(|goods| spoken(framer, &goods.value)).collect(),
        sessions: sessions.map(|occasion| view(framer, occasion)).collect(),
        calendar: enterprise_file(framer, slug),
        fair,
        place: text(&roster.place, framer.lang),
        caveat: text(&roster.caveat, framer.lang),
        contacts: framer.contacts(contact),
        earlier,
        zone_url: framer.url("zone/"),
    };
    (page, view)
}

/// The fairs before at which an enterprise was there.
fn earlier(framer: &Framer<'_>, slug: &str) -> Vec<EarlierView> {
    let mut earlier = Vec::new();
    for (fair, roster) in super::zone::past(framer.material) {
        let phases = roster.phases_of(slug);
        if !phases.is_empty() {
            let titles: Vec<String> = phases.iter().map(|&phase| phase_title(framer, phase)).collect();
            earlier.push(EarlierView {
                fair: super::zone::archive_link(framer, fair),
                phases: titles.join(&framer.word("sep.list")),
            });
        }
    }
    earlier
}
