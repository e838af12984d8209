//! What search engines read about a page: JSON-LD in the words of schema.org.

use serde_json::{Value, json};

use super::content::DateKind;
use super::frame::{Framer, LinkView, Page, PageList, text};
use crate::site::ics::When;

/// The blocks of a page: the way to it, and what it is about.
pub(super) fn blocks(framer: &Framer<'_>, page: &Page, crumbs: &[LinkView]) -> Vec<String> {
    let mut blocks = Vec::new();
    if !crumbs.is_empty() {
        blocks.push(breadcrumbs(framer, page, crumbs));
    }
    match page.kind {
        "home" => {
            blocks.push(site(framer));
            blocks.extend(fair(framer));
        }
        "enterprise" => blocks.extend(enterprise(framer, page)),
        "calendar" => blocks.extend(events(framer)),
        _ => {}
    }
    blocks.extend(page.lists.iter().map(|listed| list(framer, listed)));
    blocks.into_iter().map(|block| script(&block)).collect()
}

/// A value as text that can stand in a script: it cannot end the script, nor open a comment.
pub(super) fn script(value: &Value) -> String {
    let mut text = value.to_string();
    for (letter, escaped) in [('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026")] {
        text = text.replace(letter, escaped);
    }
    text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn context(mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.shift_insert(0, "@context".to_owned(), json!("https://schema.org"));
    }
    value
}

fn absolute(framer: &Framer<'_>, path: &str) -> String {
    framer.material.base.absolute(&framer.material.place(framer.lang, path))
}

fn breadcrumbs(framer: &Framer<'_>, page: &Page, crumbs: &[LinkView]) -> Value {
    let origin = framer.material.base.origin();
    let this = LinkView { title: page.heading.clone(), url: framer.url(&page.path) };
    let items: Vec<Value> = (1..)
        .zip(crumbs.iter().chain([&this]))
        .map(|(position, crumb)| {
            let item = format!("{origin}{}", crumb.url);
            json!({"@type": "ListItem", "position": position, "name": crumb.title, "item": item})
        })
        .collect();
    context(json!({"@type": "BreadcrumbList", "itemListElement": items}))
}

fn site(framer: &Framer<'_>) -> Value {
    context(json!({
        "@type": "WebSite",
        "name": framer.material.site.title.value.get(framer.lang),
        "description": framer.material.site.description.value.get(framer.lang),
        "url": absolute(framer, ""),
        "inLanguage": framer.lang.tag(),
    }))
}

fn organiser(framer: &Framer<'_>) -> Value {
    json!({"@type": "Organization", "name": framer.material.site.organiser.name.value.get(framer.lang)})
}

/// The current fair as an event, its phases as the events that it is made of.
fn fair(framer: &Framer<'_>) -> Option<Value> {
    let fair = framer.material.current()?.fair;
    let (start, end) = fair.days()?;
    let place = location(fair.place.as_ref().map(|place| text(place, framer.lang))?);
    let number = fair.fair.value;
    let phases: Vec<Value> = framer
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
    Some(context(json!({
        "@type": "ExhibitionEvent",
        "name": fair.name.as_ref().map(|name| text(name, framer.lang))?,
        "startDate": start.to_string(),
        "endDate": end.to_string(),
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "location": place,
        "organizer": organiser(framer),
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
fn events(framer: &Framer<'_>) -> Vec<Value> {
    let placed = framer.agenda.iter().filter(|occasion| !occasion.place.is_empty());
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
            context(json!({
                "@type": if occasion.kind == DateKind::Sessions { "BusinessEvent" } else { "ExhibitionEvent" },
                "name": occasion.title,
                "startDate": start,
                "endDate": end,
                "location": location(occasion.place.clone()),
                "organizer": organiser(framer),
                "url": absolute(framer, &occasion.path),
            }))
        })
        .collect()
}

fn list(framer: &Framer<'_>, PageList { name, items }: &PageList) -> Value {
    let origin = framer.material.base.origin();
    let items: Vec<Value> = (1..)
        .zip(items)
        .map(|(position, item)| {
            let url = format!("{origin}{}", item.url);
            json!({"@type": "ListItem", "position": position, "name": item.title, "url": url})
        })
        .collect();
    context(json!({
        "@type": "ItemList",
        "name": name,
        "numberOfItems": items.len(),
        "itemListElement": items,
    }))
}

fn enterprise(framer: &Framer<'_>, page: &Page) -> Option<Value> {
    let material = framer.material;
    let (_, enterprise) =
        material.enterprises.iter().find(|(slug, _)| super::enterprise::path(slug) == page.path)?;
    let name = &enterprise.name.value;
    let others: Vec<&str> = super::enterprise::other_names(framer, name).map(|(_, name)| name).collect();
    let mut about = json!({
        "@type": "Organization",
        "name": material.zone_text(name, framer.lang).0,
        "url": absolute(framer, &page.path),
        "address": {"@type": "PostalAddress", "addressCountry": enterprise.country.value.code()},
    });
    // A translation of ours is no name of the enterprise.
    if enterprise.name_basis == crate::fair::NameBasis::Established && !others.is_empty() {
        about["alternateName"] = json!(others);
    }
    // A name is a name in every language; a description in another language than the page's is none.
    if let Some(business) = enterprise.business.as_ref().and_then(|text| text.value.find(framer.lang)) {
        about["description"] = json!(business);
    }
    if let Some(website) = &enterprise.website {
        about["sameAs"] = json!(website.value);
    }
    Some(context(about))
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
