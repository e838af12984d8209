//! What tells search engines about the site: `sitemap.xml` and `robots.txt`.

use super::escape::escape;
use super::permalink::{BaseUrl, Permalink};

/// A page in all its languages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Language tags, such as `zh-Hans`, with the page's place in that language.
    pub pages: Vec<(String, Permalink)>,
    /// Where readers of other languages are sent, if the page has such a place.
    pub x_default: Option<Permalink>,
}

/// A sitemap may not hold more addresses.
const MOST_URLS: usize = 50_000;
/// A sitemap may not be larger. The format allows 50 MiB.
const MOST_BYTES: usize = 49 << 20;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
    xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n";
const FOOT: &str = "</urlset>\n";

/// The sitemap of a site: `sitemap.xml`, or with very many pages an index of that name and
/// `sitemap-1.xml` and so on. Every page names its other languages, and itself among them.
pub fn sitemap(base: &BaseUrl, entries: &[Entry]) -> Vec<(Permalink, String)> {
    split_sitemap(base, entries, MOST_URLS)
}

fn split_sitemap(base: &BaseUrl, entries: &[Entry], most_urls: usize) -> Vec<(Permalink, String)> {
    let mut maps: Vec<String> = vec![HEAD.to_owned()];
    let mut urls = 0;
    for entry in entries {
        let mut alternates = String::new();
        let tagged = entry.pages.iter().map(|(tag, page)| (tag.as_str(), page));
        for (tag, page) in tagged.chain(entry.x_default.iter().map(|page| ("x-default", page))) {
            alternates.push_str(&format!(
                "<xhtml:link rel=\"alternate\" hreflang=\"{}\" href=\"{}\"/>\n",
                escape(tag),
                escape(&base.absolute(page)),
            ));
        }
        for (_, page) in &entry.pages {
            let url = format!("<url>\n<loc>{}</loc>\n{alternates}</url>\n", escape(&base.absolute(page)));
            let map = maps.last().expect("there is a first one");
            if urls == most_urls || map.len() + url.len() + FOOT.len() > MOST_BYTES {
                maps.push(HEAD.to_owned());
                urls = 0;
            }
            maps.last_mut().expect("there is a first one").push_str(&url);
            urls += 1;
        }
    }
    for map in &mut maps {
        map.push_str(FOOT);
    }
    if maps.len() == 1 {
        return maps.into_iter().map(|map| (place("sitemap.xml"), map)).collect();
    }
    let mut index = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let mut files = Vec::with_capacity(maps.len() + 1);
    for (number, map) in maps.into_iter().enumerate() {
        let permalink = place(&format!("sitemap-{}.xml", number + 1));
        index.push_str(&format!("<sitemap><loc>{}</loc></sitemap>\n", escape(&base.absolute(&permalink))));
        files.push((permalink, map));
    }
    index.push_str("</sitemapindex>\n");
    files.insert(0, (place("sitemap.xml"), index));
    files
}

/// Whether search engines may show the site.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Robots {
    /// They may show all of it.
    Welcome,
    /// It is a preview, which nobody should find.
    Unwanted,
}

/// `robots.txt`. It has an effect only where the site is published at the root of its host.
pub fn robots(base: &BaseUrl, robots: Robots) -> (Permalink, String) {
    let text = match robots {
        Robots::Welcome => {
            format!("User-agent: *\nAllow: /\n\nSitemap: {}\n", base.absolute(&place("sitemap.xml")))
        }
        Robots::Unwanted => "User-agent: *\nDisallow: /\n".to_owned(),
    };
    (place("robots.txt"), text)
}

fn place(path: &str) -> Permalink {
    Permalink::new(path).expect("a plain file name")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> Entry {
        let page = |lang: &str| Permalink::new(format!("{lang}/{name}/")).unwrap();
        Entry {
            pages: vec![("zh-Hans".to_owned(), page("zh")), ("en".to_owned(), page("en"))],
            x_default: Some(Permalink::new("").unwrap()),
        }
    }

    #[test]
    fn every_page_names_all_its_languages() {
        let base = BaseUrl::parse("https://example.org/sub").unwrap();
        let files = sitemap(&base, &[entry("a&'b")]);
        let alternates = "<xhtml:link rel=\"alternate\" hreflang=\"zh-Hans\" href=\"https://example.org/sub/zh/a%26%27b/\"/>\n\
            <xhtml:link rel=\"alternate\" hreflang=\"en\" href=\"https://example.org/sub/en/a%26%27b/\"/>\n\
            <xhtml:link rel=\"alternate\" hreflang=\"x-default\" href=\"https://example.org/sub/\"/>\n";
        let expected = ["zh", "en"].map(|lang| {
            format!("<url>\n<loc>https://example.org/sub/{lang}/a%26%27b/</loc>\n{alternates}</url>\n")
        });
        assert_eq!(files, [(place("sitemap.xml"), format!("{HEAD}{}{FOOT}", expected.concat()))]);
    }

    #[test]
    fn too_many_addresses_are_spread_over_files() {
        let base = BaseUrl::parse("https://example.org").unwrap();
        let entries = ["a", "b", "c"].map(entry);
        let files = split_sitemap(&base, &entries, 4);
        let counts: Vec<_> =
            files.iter().map(|(place, map)| (place.as_str(), map.matches("<loc>").count())).collect();
        assert_eq!(counts, [("sitemap.xml", 2), ("sitemap-1.xml", 4), ("sitemap-2.xml", 2)]);
        assert!(files[0].1.contains("<loc>https://example.org/sitemap-2.xml</loc>"));
        assert_eq!(split_sitemap(&base, &entries, 6).len(), 1);
    }
}
