//! What is new, for feed readers: Atom (RFC 4287) and JSON Feed (version 1.1).

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::json;
use tera::Tera;

use crate::data::Date;

/// A feed in one language.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Feed {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub subtitle: String,
    /// Who writes it.
    pub author: String,
    /// The language tag.
    pub lang: String,
    /// What tells it from all other feeds, for ever.
    pub id: String,
    /// The page that it belongs to.
    pub home: String,
    /// The address of the Atom feed.
    pub atom: String,
    /// The address of the JSON Feed.
    pub json: String,
    /// The entries, the latest first.
    pub entries: Vec<Entry>,
}

/// Something new.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Entry {
    /// What tells it from all other entries, for ever.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it says, as plain text.
    pub text: String,
    /// Its page.
    pub url: String,
    /// The day of which it tells. Days begin in Beijing.
    pub date: Date,
}

/// A feed without entries has to be of some day.
const NO_DAY: Date = Date::constant(1970, 1, 1);

/// The Atom feed.
pub fn atom(feed: &Feed) -> String {
    static TEMPLATES: LazyLock<Tera> = LazyLock::new(|| {
        let mut templates = Tera::new();
        templates.autoescape_on([""]);
        templates.add_raw_template("atom.xml", include_str!("atom.xml")).expect("the template is sound");
        templates
    });
    let latest = feed.entries.iter().map(|entry| entry.date).max().unwrap_or(NO_DAY);
    let mut context = tera::Context::from_serialize(feed).expect("texts and days are always shown");
    context.insert("updated", &latest);
    TEMPLATES.render("atom.xml", &context).expect("the template names what a feed has")
}

/// The JSON Feed.
pub fn json_feed(feed: &Feed) -> String {
    let item = |entry: &Entry| {
        json!({
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "content_text": entry.text,
            "date_published": moment(entry.date),
        })
    };
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.home,
        "feed_url": feed.json,
        "language": feed.lang,
        "authors": [{"name": feed.author}],
        "items": feed.entries.iter().map(item).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&feed).expect("a value is always written");
    text.push('\n');
    text
}

fn moment(date: Date) -> String {
    format!("{date}T00:00:00+08:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_of_the_day_of_its_latest_entry() {
        let entry = |day| Entry {
            id: format!("https://example.org/#{day}"),
            title: "A & <b>".to_owned(),
            text: "公示".to_owned(),
            url: "https://example.org/en/".to_owned(),
            date: jiff::civil::date(2025, 9, day),
        };
        let feed = Feed {
            title: "News".to_owned(),
            subtitle: String::new(),
            author: "Centre".to_owned(),
            lang: "en".to_owned(),
            id: "https://example.org/en/".to_owned(),
            home: "https://example.org/en/".to_owned(),
            atom: "https://example.org/en/feed.xml".to_owned(),
            json: "https://example.org/en/feed.json".to_owned(),
            entries: vec![entry(26), entry(3)],
        };
        let xml = atom(&feed);
        assert!(xml.contains("<author><name>Centre</name></author>"));
        let head = &xml[..xml.find("<entry>").unwrap()];
        assert!(head.contains("<updated>2025-09-26T00:00:00+08:00</updated>"), "{head}");
        assert!(xml.contains("<title>A &amp; &lt;b&gt;</title>"), "{xml}");
        let json: serde_json::Value = serde_json::from_str(&json_feed(&feed)).unwrap();
        assert_eq!(json["items"][1]["date_published"], "2025-09-03T00:00:00+08:00");
        assert_eq!(json["items"][0]["title"], "A & <b>");
    }
}
