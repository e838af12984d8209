//! What the server of a site should send and know: headers, how long files may be kept, addresses that moved.
//!
//! Cloudflare Pages, Netlify and others read `_headers` and `_redirects` from the site itself; for nginx and
//! Caddy there are texts to put into their settings.

use super::csp::Inline;
use super::permalink::{ASSETS, BaseUrl, Permalink, percent_decode};

/// What a server should know of a site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hosting {
    /// Where it is published.
    pub base: BaseUrl,
    /// Whether it is a preview that nobody should find.
    pub preview: bool,
    /// Addresses that moved, from where to where.
    pub moved: Vec<(Permalink, Permalink)>,
    /// Pages that say that what stood there is gone.
    pub gone: Vec<Permalink>,
}

/// Names of files in `assets/` change with their bytes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Pages may change at any time.
const ASK_AGAIN: &str = "no-cache";

impl Hosting {
    /// The headers of all pages and files.
    fn headers(&self, inline: &Inline) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("Content-Security-Policy", format!("{}; frame-ancestors 'none'", inline.policy())),
            ("X-Content-Type-Options", "nosniff".to_owned()),
            ("Referrer-Policy", "strict-origin-when-cross-origin".to_owned()),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=()".to_owned()),
            ("Cross-Origin-Opener-Policy", "same-origin".to_owned()),
        ];
        if self.preview {
            headers.push(("X-Robots-Tag", "noindex".to_owned()));
        }
        headers
    }

    fn url(&self, path: &str) -> String {
        self.base.path_url(&Permalink::new(path).expect("a plain path"))
    }

    /// The file `_headers`.
    pub fn headers_file(&self, inline: &Inline) -> String {
        let mut text = format!("{}*\n", self.url(""));
        for (name, value) in self.headers(inline) {
            text.push_str(&format!("  {name}: {value}\n"));
        }
        text.push_str(&format!("{}*\n  Cache-Control: {FOR_EVER}\n", self.url(ASSETS)));
        text
    }

    /// The file `_redirects`; none if nothing moved.
    pub fn redirects_file(&self) -> Option<String> {
        let line = |(from, to): &(Permalink, Permalink)| {
            format!("{} {} 301\n", self.base.path_url(from), self.base.path_url(to))
        };
        (!self.moved.is_empty()).then(|| self.moved.iter().map(line).collect())
    }

    /// A text for the `server` block of nginx.
    pub fn nginx(&self, inline: &Inline) -> String {
        let headers: Vec<String> = self
            .headers(inline)
            .into_iter()
            .map(|(name, value)| format!("add_header {name} \"{value}\" always;"))
            .collect();
        let mut text = format!("error_page 404 {};\n", self.url("404.html"));
        // nginx compares places as they are without percent signs; what it answers has them.
        let plain = |place: &Permalink| {
            let url = self.base.path_url(place);
            percent_decode(&url).unwrap_or(url)
        };
        for (from, to) in &self.moved {
            let (from, to) = (plain(from), self.base.path_url(to));
            text.push_str(&format!("location = \"{from}\" {{ return 301 \"{to}\"; }}\n"));
        }
        // At another place the page itself would be answered so, again and again.
        for gone in self.gone.iter().filter(|gone| gone.as_str().ends_with('/')) {
            let url = plain(gone);
            text.push_str(&format!(
                "location = \"{url}\" {{ error_page 410 \"{url}index.html\"; return 410; }}\n"
            ));
        }
        // A location with headers of its own has none of those around it.
        let calendars = format!("~ \"^{}.*\\.ics$\"", self.url(""));
        let places = [
            (format!("\"{}\"", self.url("")), ASK_AGAIN, ""),
            (format!("\"{}\"", self.url(ASSETS)), FOR_EVER, ""),
            (calendars, ASK_AGAIN, "    types { }\n    default_type text/calendar;\n"),
        ];
        for (place, keep, kind) in places {
            text.push_str(&format!("location {place} {{\n{kind}"));
            text.push_str("    index index.html;\n    charset utf-8;\n    charset_types text/plain text/css text/xml text/calendar application/json application/javascript;\n");
            for header in &headers {
                text.push_str(&format!("    {header}\n"));
            }
            text.push_str(&format!("    add_header Cache-Control \"{keep}\" always;\n}}\n"));
        }
        text
    }

    /// A text for the site block of Caddy.
    pub fn caddy(&self, inline: &Inline) -> String {
        let mut text = format!("header {}* {{\n", self.url(""));
        for (name, value) in self.headers(inline) {
            text.push_str(&format!("\t{name} \"{value}\"\n"));
        }
        text.push_str("}\n");
        let assets = self.url(ASSETS);
        text.push_str(&format!("@kept path {assets}*\nheader @kept Cache-Control \"{FOR_EVER}\"\n"));
        text.push_str(&format!("@asked not path {assets}*\nheader @asked Cache-Control \"{ASK_AGAIN}\"\n"));
        for (from, to) in &self.moved {
            let (from, to) = (self.base.path_url(from), self.base.path_url(to));
            text.push_str(&format!("redir {from} {to} permanent\n"));
        }
        if !self.gone.is_empty() {
            let gone: Vec<String> = self.gone.iter().map(|gone| self.base.path_url(gone)).collect();
            text.push_str(&format!("@gone path {}\n", gone.join(" ")));
            text.push_str("handle @gone {\n\tfile_server {\n\t\tstatus 410\n\t}\n}\n");
        }
        text.push_str(&format!(
            "handle_errors {{\n\trewrite * {}\n\tfile_server\n}}\nfile_server\n",
            self.url("404.html")
        ));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosting(preview: bool) -> Hosting {
        let place = |path: &str| Permalink::new(path).unwrap();
        let base = BaseUrl::parse("https://example.org/fair").unwrap();
        Hosting {
            base,
            preview,
            moved: vec![(place("zh/old/"), place("zh/新/")), (place("zh/旧/"), place("zh/new/"))],
            gone: vec![place("zh/gone/")],
        }
    }

    #[test]
    fn all_paths_lie_below_the_folder_of_the_site() {
        let (hosting, inline) = (hosting(true), Inline::default());
        let headers = hosting.headers_file(&inline);
        assert!(headers.starts_with("/fair/*\n  Content-Security-Policy: default-src 'none'; "), "{headers}");
        assert!(headers.contains("  X-Robots-Tag: noindex\n/fair/assets/*\n"), "{headers}");
        let redirects = hosting.redirects_file().unwrap();
        let lines = ["/fair/zh/old/ /fair/zh/%E6%96%B0/ 301\n", "/fair/zh/%E6%97%A7/ /fair/zh/new/ 301\n"];
        assert_eq!(redirects, lines.concat());
        let nginx = hosting.nginx(&inline);
        assert!(
            nginx.contains("location = \"/fair/zh/old/\" { return 301 \"/fair/zh/%E6%96%B0/\"; }"),
            "{nginx}"
        );
        assert!(nginx.contains("location = \"/fair/zh/旧/\" { return 301 \"/fair/zh/new/\"; }"), "{nginx}");
        assert!(
            nginx.contains(
                "location = \"/fair/zh/gone/\" { error_page 410 \"/fair/zh/gone/index.html\"; return 410; }"
            ),
            "{nginx}"
        );
        assert!(
            hosting
                .caddy(&inline)
                .contains("\n@gone path /fair/zh/gone/\nhandle @gone {\n\tfile_server {\n\t\tstatus 410\n")
        );
        assert!(hosting.caddy(&inline).contains("\nredir /fair/zh/old/ /fair/zh/%E6%96%B0/ permanent\n"));
    }

    #[test]
    fn only_a_preview_is_hidden() {
        assert!(!hosting(false).headers_file(&Inline::default()).contains("X-Robots-Tag"));
    }
}
