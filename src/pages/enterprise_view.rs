//! Enterprises of the sourcing zone as lists and pages show them.

use serde::Serialize;

use super::addresses;
use super::context::PageContext;
use super::fair_view::phase_views;
use super::fallback::{LanguageMark, text_with_language};
use super::material::MaterialFair;
use super::names::{in_order, other_names};
use crate::fair::{Enterprise, Kind, NameBasis, Roster};
use crate::lang::Lang;

/// An enterprise as a list shows it, at one fair.
#[derive(Serialize, Clone)]
pub(super) struct EnterpriseView {
    slug: String,
    pub url: String,
    pub name: String,
    /// The language of the name where it is not the page's.
    pub name_in: Option<LanguageMark>,
    pub other_name: Option<String>,
    other_lang: Option<String>,
    pub translated: bool,
    pub country: CountryView,
    pub kind: KindView,
    pub goods: Vec<GoodsView>,
    pub business: String,
    /// The language of the business where it is not the page's.
    pub business_in: Option<LanguageMark>,
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

/// The enterprises of a roster, sorted for the reader: in Chinese by pinyin, else by name.
pub(super) fn enterprise_views(
    context: &PageContext<'_>,
    fair: &MaterialFair<'_>,
    roster: &Roster,
) -> Vec<EnterpriseView> {
    let view = |slug: &str| enterprise_view(context, fair, roster, slug, &context.material.enterprises[slug]);
    in_order(context, roster).into_iter().map(view).collect()
}

/// An enterprise at one fair.
pub(super) fn enterprise_view(
    context: &PageContext<'_>,
    fair: &MaterialFair<'_>,
    roster: &Roster,
    slug: &str,
    enterprise: &Enterprise,
) -> EnterpriseView {
    let name = text_with_language(context, &enterprise.name.value);
    let business = enterprise.business.as_ref().map(|business| text_with_language(context, &business.value));
    let other = other_names(context, &enterprise.name.value).next();
    let latin = enterprise.name.value.find(Lang::EN).unwrap_or(&name.text);
    let attends = roster.phases_of(slug);
    let goods = enterprise.goods.iter().filter_map(|key| {
        let title = context.material.site.goods.get(&key.value)?;
        Some(GoodsView { id: key.value.clone(), title: context.in_language(title) })
    });
    EnterpriseView {
        slug: slug.to_owned(),
        url: context.url(&addresses::enterprise(slug)),
        other_lang: other.map(|(lang, _)| lang.tag().to_owned()),
        other_name: other.map(|(_, name)| name.to_owned()),
        translated: enterprise.name_basis == NameBasis::Translated,
        country: CountryView {
            code: enterprise.country.value.code().to_owned(),
            name: context.country(enterprise.country.value),
        },
        kind: kind_view(context, enterprise.kind),
        goods: goods.collect(),
        business_in: business.as_ref().and_then(|business| business.tongue.clone()),
        business: business.map(|business| business.text).unwrap_or_default(),
        website: enterprise.website.as_ref().map(|website| website.value.clone()),
        monogram: monogram(latin),
        phases: phase_views(context, fair)
            .into_iter()
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

pub(super) fn kind_view(context: &PageContext<'_>, kind: Kind) -> KindView {
    let id = kind.name();
    KindView { id, title: context.word(&format!("kind.{id}")) }
}

/// The first letters of the first two words of a name.
fn monogram(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(2).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}
