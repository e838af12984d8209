//! What search engines read about a page: JSON-LD in the words of schema.org.

use serde_json::{Value, json};

use super::addresses;
use super::context::PageContext;
use super::front_matter::DateKind;
use super::links::LinkView;
use super::names::other_names;
use crate::fair::{Enterprise, NameBasis};
use crate::site::ics::When;

/// A value as text that can stand in a script: it cannot end the script, nor open a comment.
pub(super) fn script(value: &Value) -> String {
    let mut text = value.to_string();
    for (letter, escaped) in [('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026")] {
        text = text.replace(letter, escaped);
    }
    text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn with_vocabulary(mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.shift_insert(0, "@context".to_owned(), json!("https://schema.org"));
    }
    value
}

/// The way to a page with this heading.
pub(super) fn breadcrumbs(
    context: &PageContext<'_>,
    crumbs: &[LinkView],
    heading: &str,
    path: &str,
) -> Value {
    let this = LinkView { title: heading.to_owned(), url: context.url(path) };
    let items = items(context, crumbs.iter().chain([&this]), "item");
    with_vocabulary(json!({"@type": "BreadcrumbList", "itemListElement": items}))
}

/// A list on a page, by its name.
pub(super) fn list(context: &PageContext<'_>, name: &str, links: &[LinkView]) -> Value {
    let items = items(context, links.iter(), "url");
    with_vocabulary(json!({
        "@type": "ItemList",
        "name": name,
        "numberOfItems": items.len(),
        "itemListElement": items,
    }))
}

/// Links in their order, each with its address under a key.
fn items<'l>(context: &PageContext<'_>, links: impl Iterator<Item = &'l LinkView>, key: &str) -> Vec<Value> {
    let origin = context.material.base.origin();
    let item = |(position, link): (i32, &LinkView)| {
        let url = format!("{origin}{}", link.url);
        json!({"@type": "ListItem", "position": position, "name": link.title, key: url})
    };
    (1..).zip(links).map(item).collect()
}

/// The site.
pub(super) fn website(context: &PageContext<'_>) -> Value {
    with_vocabulary(json!({
        "@type": "WebSite",
        "name": context.in_language(&context.material.site.title),
        "description": context.in_language(&context.material.site.description),
        "url": context.absolute(""),
        "inLanguage": context.lang.tag(),
    }))
}

fn organiser(context: &PageContext<'_>) -> Value {
    json!({"@type": "Organization", "name": context.in_language(&context.material.site.organiser.name)})
}

/// The current fair as an event, its phases as the events that it is made of.
pub(super) fn fair(context: &PageContext<'_>) -> Option<Value> {
    let fair = context.material.current()?.fair;
    let (start, end) = fair.days()?;
    let place = location(fair.place.as_ref().map(|place| context.in_language(place))?);
    let number = fair.fair.value;
    let phases: Vec<Value> = context
        .agenda
        .iter()
        .filter(|occasion| occasion.kind == DateKind::Phases && occasion.fair == Some(number))
        .map(|occasion| {
            json!({
                "@type": "ExhibitionEvent",
                "name": occasion.title,
                "startDate": occasion.when.first().to_string(),
                "endDate": occasion.when.last().to_string(),
                "location": place,
            })
        })
        .collect();
    Some(with_vocabulary(json!({
        "@type": "ExhibitionEvent",
        "name": fair.name.as_ref().map(|name| context.in_language(name))?,
        "startDate": start.to_string(),
        "endDate": end.to_string(),
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "location": place,
        "organizer": organiser(context),
        "subEvent": phases,
    })))
}

fn location(name: String) -> Value {
    json!({
        "@type": "Place",
        "name": name,
        "address": {"@type": "PostalAddress", "addressCountry": "CN", "addressLocality": name},
    })
}

/// The days of the calendar that have a place.
pub(super) fn events(context: &PageContext<'_>) -> Vec<Value> {
    let placed = context.agenda.iter().filter(|occasion| !occasion.place.is_empty());
    placed
        .map(|occasion| {
            let (start, end) = match occasion.when {
                When::Days { from, until } => (from.to_string(), until.to_string()),
                When::Hours { date, from, until } => {
                    let moment = |time: crate::data::Time| {
                        format!("{date}T{:02}:{:02}:00+08:00", time.hour(), time.minute())
                    };
                    (moment(from), moment(until))
                }
            };
            with_vocabulary(json!({
                "@type": if occasion.kind == DateKind::Sessions { "BusinessEvent" } else { "ExhibitionEvent" },
                "name": occasion.title,
                "startDate": start,
                "endDate": end,
                "location": location(occasion.place.clone()),
                "organizer": organiser(context),
                "url": context.absolute(&occasion.path),
            }))
        })
        .collect()
}

/// An enterprise of the sourcing zone.
pub(super) fn enterprise(context: &PageContext<'_>, slug: &str, enterprise: &Enterprise) -> Value {
    let name = &enterprise.name.value;
    let others: Vec<&str> = other_names(context, name).map(|(_, name)| name).collect();
    let mut about = json!({
        "@type": "Organization",
        "name": context.material.zone_text(name, context.lang).0,
        "url": context.absolute(&addresses::enterprise(slug)),
        "address": {"@type": "PostalAddress", "addressCountry": enterprise.country.value.code()},
    });
    // A translation of ours is no name of the enterprise.
    if enterprise.name_basis == NameBasis::Established && !others.is_empty() {
        about["alternateName"] = json!(others);
    }
    // A name is a name in every language; a description in another language than the page's is none.
    if let Some(business) = enterprise.business.as_ref().and_then(|text| text.value.find(context.lang)) {
        about["description"] = json!(business);
    }
    if let Some(website) = &enterprise.website {
        about["sameAs"] = json!(website.value);
    }
    with_vocabulary(about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_script() {
        let told = json!({"name": "</script><!-- <script> & \u{2028}"});
        let text = script(&told);
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), told);
    }
}
