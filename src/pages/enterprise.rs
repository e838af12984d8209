//! The page of an enterprise of the sourcing zone.

use std::sync::Arc;

use serde::Serialize;

use super::addresses;
use super::agenda::{OccasionView, occasion_view};
use super::calendar_files::{FileView, enterprise_file};
use super::contacts::ContactView;
use super::context::PageContext;
use super::enterprise_view::{EnterpriseView, enterprise_view};
use super::fair_view::{FairView, fair_view, phase_titles};
use super::fallback::{LanguageMark, TextWithLanguage, text_with_language};
use super::linked_data;
use super::links::LinkView;
use super::page::{Page, add_page};
use super::zone_changes::archive_link;
use crate::site::Artifact;

#[derive(Serialize)]
struct EnterprisePageView {
    enterprise: EnterpriseView,
    profile: Vec<String>,
    /// The language of the profile where it is not the page's.
    profile_in: Option<LanguageMark>,
    purchases: Vec<TextWithLanguage>,
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

/// Adds a page for each enterprise that was ever in the zone.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>) {
    for slug in context.material.enterprises_with_page() {
        add_page(artifacts, context, &addresses::enterprise(slug), "enterprise.html", move |context| {
            enterprise_page(context, slug)
        });
    }
}

fn enterprise_page(context: &PageContext<'_>, slug: &str) -> (Page, EnterprisePageView) {
    let (fair, roster) = context.material.zone().expect("an enterprise is planned for a roster");
    let record = &context.material.enterprises[slug];
    let enterprise = enterprise_view(context, fair, roster, slug, record);
    let number = Some(fair.number());
    let contact = roster.contacts.get(&record.kind).map(|contact| contact.value.as_str());
    let purchases = roster.purchases.get(slug).map(|goods| goods.value.iter());
    let sessions = context.agenda.iter().filter(|occasion| occasion.fair == number);
    let sessions = sessions.filter(|occasion| occasion.enterprises.iter().any(|one| one == slug));
    let profile = record.profile.as_ref().map(|profile| text_with_language(context, &profile.value));
    let profile_in = profile.as_ref().and_then(|profile| profile.tongue.clone());
    let profile = profile.map(|profile| profile.text).unwrap_or_default();
    let earlier = earlier(context, slug);
    let fair = fair_view(context, fair);
    let page = Page {
        kind: "enterprise",
        group: "zone",
        title: enterprise.name.clone(),
        description: context.fill(
            "zone.description",
            &[("name", &enterprise.name), ("business", &enterprise.business), ("fair", &fair.short)],
        ),
        above: vec![context.above("zone")],
        linked_data: vec![linked_data::enterprise(context, slug, record)],
        ..Page::default()
    };
    let view = EnterprisePageView {
        enterprise,
        profile: profile.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        profile_in,
        purchases: purchases
            .into_iter()
            .flatten()
            .map(|goods| text_with_language(context, &goods.value))
            .collect(),
        sessions: sessions.map(|occasion| occasion_view(context, occasion)).collect(),
        calendar: enterprise_file(context, slug),
        fair,
        place: context.in_language(&roster.place),
        caveat: context.in_language(&roster.caveat),
        contacts: context.contacts(contact),
        earlier,
        zone_url: context.url(addresses::ZONE),
    };
    (page, view)
}

/// The fairs before at which an enterprise was there.
fn earlier(context: &PageContext<'_>, slug: &str) -> Vec<EarlierView> {
    let mut earlier = Vec::new();
    for (fair, roster) in context.material.past_zones() {
        let phases = roster.phases_of(slug);
        if !phases.is_empty() {
            let (fair, phases) = (archive_link(context, fair), phase_titles(context, &phases));
            earlier.push(EarlierView { fair, phases });
        }
    }
    earlier
}
