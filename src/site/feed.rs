//! What is new, for feed readers: Atom (RFC 4287) and JSON Feed (version 1.1).

use serde_json::{Value, json};

use super::escape::escape;
use crate::data::Date;

/// A feed in one language.
#[derive(Clone, PartialEq, Eq, Debug)]
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
#[derive(Clone, PartialEq, Eq, Debug)]
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
    let updated = feed.entries.iter().map(|entry| entry.date).max().unwrap_or(NO_DAY);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n",
        escape(&feed.lang)
    );
    for (name, text) in [("id", &feed.id), ("title", &feed.title), ("subtitle", &feed.subtitle)] {
        xml.push_str(&format!("<{name}>{}</{name}>\n", escape(text)));
    }
    xml.push_str(&format!("<updated>{}</updated>\n", moment(updated)));
    xml.push_str(&format!("<author><name>{}</name></author>\n", escape(&feed.author)));
    for (rel, kind, href) in [
        ("self", "application/atom+xml", &feed.atom),
        ("alternate", "text/html", &feed.home),
        ("alternate", "application/feed+json", &feed.json),
    ] {
        let href = escape(href);
        xml.push_str(&format!("<link rel=\"{rel}\" type=\"{kind}\" href=\"{href}\"/>\n"));
    }
    for entry in &feed.entries {
        xml.push_str("<entry>\n");
        for (name, text) in [("id", &entry.id), ("title", &entry.title)] {
            xml.push_str(&format!("<{name}>{}</{name}>\n", escape(text)));
        }
        let (day, href) = (moment(entry.date), escape(&entry.url));
        xml.push_str(&format!("<published>{day}</published>\n<updated>{day}</updated>\n"));
        xml.push_str(&format!("<link rel=\"alternate\" type=\"text/html\" href=\"{href}\"/>\n"));
        xml.push_str(&format!("<summary>{}</summary>\n</entry>\n", escape(&entry.text)));
    }
    xml.push_str("</feed>\n");
    xml
}

/// The JSON Feed.
pub fn json_feed(feed: &Feed) -> String {
    let items: Vec<Value> = feed
        .entries
        .iter()
        .map(|entry| {
            json!({
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "content_text": entry.text,
                "date_published": moment(entry.date),
            })
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.home,
        "feed_url": feed.json,
        "language": feed.lang,
        "authors": [{"name": feed.author}],
        "items": items,
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
        let json: Value = serde_json::from_str(&json_feed(&feed)).unwrap();
        assert_eq!(json["items"][1]["date_published"], "2025-09-03T00:00:00+08:00");
        assert_eq!(json["items"][0]["title"], "A & <b>");
    }
}
