//! Markdown to HTML that is safe to publish: CommonMark and tables, and nothing that could run.
//!
//! No HTML comes through from the text, no address but of a known kind, no attribute. Whatever is left
//! out is reported with its place.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{
    Alignment, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeWithOffset, html,
};

use super::links::scheme;
use super::picture::{ENDINGS, is_picture};
use super::torn_link::{TornLink, torn_links};
use crate::source::{FileId, Message, Report, Span, any_of, code, say};

/// A text as HTML, and what is in it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Body {
    /// The HTML.
    pub html: String,
    /// The links, in the order of the text.
    pub links: Vec<Link>,
    /// The headings, in the order of the text.
    pub headings: Vec<Heading>,
    /// The pictures that it shows or leads to, by their paths.
    pub pictures: BTreeSet<String>,
}

/// A link or an image in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// Where it leads, as it is written.
    pub target: String,
    /// Where it is written.
    pub span: Span,
}

/// A heading in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading {
    /// 2 for `##`, and so on.
    pub level: u8,
    /// The name that links can use.
    pub id: String,
    /// The words.
    pub text: String,
}

/// Finds the address of a page or file of the site by its path below the language's root, such as
/// `/activities/vlog/`. The error may name the path that was most likely meant.
pub type Resolve<'a> = dyn Fn(&str) -> Result<String, Option<Meant>> + 'a;

/// The path of a page that was most likely meant by one that leads nowhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meant {
    /// It is spelt differently.
    Near(String),
    /// It is the same without the language, or near to that.
    WithoutLanguage(String),
}

/// Finds a picture by its path from `/`, such as `/activities/hall.png`. The error may name the path that
/// was most likely meant.
pub type Find<'a> = dyn Fn(&str) -> Result<Shown, Option<String>> + 'a;

/// What a text needs of a picture that it shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// The path by which it was found.
    pub path: String,
    /// The address at which it is published.
    pub url: String,
    /// Width and height in pixels, if they are known.
    pub size: Option<(u32, u32)>,
}

/// Renders a text that begins at byte `offset` of a file.
///
/// A table stands in `<div class="scroll">`, which can be scrolled with the keyboard; cells that are not
/// aligned to the left have the class `align-right` or `align-center`.
pub fn render(
    report: &mut Report,
    file: FileId,
    text: &str,
    offset: usize,
    resolve: &Resolve<'_>,
    find: &Find<'_>,
) -> Body {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    let events: Vec<Located<'_>> = TextMergeWithOffset::new(parser.into_offset_iter()).collect();
    let mut writer = Writer {
        report,
        file,
        text,
        offset,
        resolve,
        find,
        body: Body::default(),
        out: Vec::with_capacity(events.len()),
        open_links: Vec::new(),
        ids: BTreeSet::new(),
        next_number: BTreeMap::new(),
        labels: BTreeMap::new(),
        last_level: 1,
        table: Table::default(),
    };
    let mut at = 0;
    while at < events.len() {
        at = writer.event(&events, at);
    }
    let Writer { mut body, out, .. } = writer;
    html::push_html(&mut body.html, out.into_iter());
    body
}

struct Writer<'a> {
    report: &'a mut Report,
    file: FileId,
    text: &'a str,
    offset: usize,
    resolve: &'a Resolve<'a>,
    find: &'a Find<'a>,
    body: Body,
    out: Vec<Event<'a>>,
    /// For each link that is open, whether it was let through.
    open_links: Vec<bool>,
    ids: BTreeSet<String>,
    /// The number that the next heading with the same words takes.
    next_number: BTreeMap<String, u32>,
    labels: BTreeMap<String, usize>,
    last_level: u8,
    table: Table,
}

#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    in_head: bool,
    in_body: bool,
    column: usize,
}

type Located<'a> = (Event<'a>, Range<usize>);

impl<'a> Writer<'a> {
    /// Takes an event over. Returns the number of the next one.
    fn event(&mut self, events: &[Located<'a>], at: usize) -> usize {
        let (event, range) = &events[at];
        let span = Span::text(self.file, self.offset + range.start, self.offset + range.end);
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading(events, at, *level, span),
            Event::End(TagEnd::Heading(level)) => {
                let level = shown_level(*level);
                self.raw(format!("</h{level}>\n"));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                let target = match link_type {
                    LinkType::Email if !dest_url.starts_with("mailto:") => format!("mailto:{dest_url}"),
                    _ => dest_url.to_string(),
                };
                self.link(&target, title, &plain_text(events, at), span);
            }
            Event::End(TagEnd::Link) => {
                if self.open_links.pop() == Some(true) {
                    self.raw("</a>".to_owned());
                }
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                self.image(dest_url, title, &plain_text(events, at), span);
                return end_of(events, at) + 1;
            }
            Event::Start(Tag::HtmlBlock) => return self.html_block(events, at),
            Event::InlineHtml(source) | Event::Html(source) => {
                if !is_comment(source) {
                    self.refuse_html(span);
                    self.out.push(Event::Text(source.clone()));
                }
            }
            Event::Start(Tag::Table(alignments)) => self.table_start(events, at, alignments.clone()),
            Event::Start(Tag::TableHead) => {
                self.table.in_head = true;
                self.table.column = 0;
                self.raw("<thead><tr>".to_owned());
            }
            Event::End(TagEnd::TableHead) => {
                self.table.in_head = false;
                self.raw("</tr></thead>\n".to_owned());
            }
            Event::Start(Tag::TableRow) => {
                let start = if self.table.in_body { "<tr>" } else { "<tbody>\n<tr>" };
                self.table.in_body = true;
                self.table.column = 0;
                self.raw(start.to_owned());
            }
            Event::End(TagEnd::TableRow) => self.raw("</tr>\n".to_owned()),
            Event::Start(Tag::TableCell) => self.cell_start(),
            Event::End(TagEnd::TableCell) => {
                self.raw(if self.table.in_head { "</th>" } else { "</td>" }.to_owned());
            }
            Event::End(TagEnd::Table) => {
                self.raw(format!("{}</table></div>\n", if self.table.in_body { "</tbody>\n" } else { "" }));
            }
            Event::SoftBreak => {
                // Lines of Chinese are joined without a space, as they are written without spaces.
                let before = at.checked_sub(1).and_then(|before| text_of(&events[before].0));
                let after = events.get(at + 1).and_then(|(after, _)| text_of(after));
                let wide = before.and_then(|text| text.chars().next_back()).is_some_and(is_wide)
                    && after.and_then(|text| text.chars().next()).is_some_and(is_wide);
                if !wide {
                    self.out.push(Event::SoftBreak);
                }
            }
            Event::Text(words) => {
                // Stars that were meant as such have a backslash.
                if words.contains("**") && self.text[range.clone()].contains("**") {
                    self.report
                        .warning(code::MARKDOWN_EMPHASIS, span, say!("`**` stands here as it is, and nothing is bold"))
                        .hint(say!("beside Chinese words, put punctuation outside the stars: `**重要**：` instead of `**重要：**`"));
                }
                for torn in torn_links(self.text, range.clone()) {
                    self.torn_link(&torn);
                }
                self.out.push(Event::Text(words.clone()));
            }
            Event::Start(tag) => self.out.push(Event::Start(tag.clone())),
            event => self.out.push(event.clone()),
        }
        at + 1
    }

    /// Puts HTML of ours out.
    fn raw(&mut self, html: String) {
        self.out.push(Event::InlineHtml(CowStr::from(html)));
    }

    fn heading(&mut self, events: &[Located<'_>], at: usize, level: HeadingLevel, span: Span) {
        let number = level as u8;
        let hashes = "#".repeat(usize::from(number));
        if level == HeadingLevel::H1 {
            self.report
                .error(code::MARKDOWN_HEADING, span, say!("a heading of the first level in a text"))
                .label(say!("the title of the page is its only one"))
                .hint(say!("write `##`, or remove it if it repeats the title"));
        } else if number > self.last_level.max(1) + 1 {
            let meant = "#".repeat(usize::from(self.last_level) + 1);
            self.report
                .error(
                    code::MARKDOWN_HEADING,
                    span,
                    say!("a heading `{hashes}` where no `{meant}` is above it", hashes, meant),
                )
                .hint(say!("write `{meant}`: readers who listen go from heading to heading", meant));
        } else if number > 3 {
            self.report
                .error(code::MARKDOWN_HEADING, span, say!("a heading `{hashes}`", hashes))
                .hint(say!("pages have headings `##` and `###`: split the page, or use a list"));
        }
        let level = shown_level(level);
        self.last_level = level;
        let text = plain_text(events, at);
        let id = self.heading_id(&text);
        self.raw(format!("<h{level} id=\"{}\">", escape(&id)));
        self.body.headings.push(Heading { level, id, text });
    }

    fn heading_id(&mut self, text: &str) -> String {
        let mut id = String::new();
        for letter in text.chars().flat_map(char::to_lowercase) {
            if letter.is_alphanumeric() {
                id.push(letter);
            } else if !id.is_empty() && !id.ends_with('-') {
                id.push('-');
            }
        }
        let id = match id.trim_end_matches('-') {
            "" => "part",
            id => id,
        };
        let mut unique = id.to_owned();
        while !self.ids.insert(unique.clone()) {
            // The next number is remembered, so that many equal headings do not ask for every one before.
            let number = self.next_number.entry(id.to_owned()).or_insert(2);
            unique = format!("{id}-{number}");
            *number += 1;
        }
        unique
    }

    fn link(&mut self, target: &str, title: &str, words: &str, span: Span) {
        if words.trim().is_empty() {
            self.report
                .error(code::MARKDOWN_LINK, span, say!("a link without words"))
                .hint(say!("write what it leads to between `[` and `]`"));
        }
        self.body.links.push(Link { target: target.to_owned(), span });
        let Some(address) = self.address(target, span) else {
            self.open_links.push(false);
            return;
        };
        let mut start = format!("<a href=\"{}\"", escape(&address.url));
        if !title.is_empty() {
            start.push_str(&format!(" title=\"{}\"", escape(title)));
        }
        if address.leaves_site {
            start.push_str(" rel=\"external noopener\"");
        }
        start.push('>');
        self.raw(start);
        self.open_links.push(true);
    }

    /// Warns of a link that is none.
    fn torn_link(&mut self, torn: &TornLink) {
        let span = Span::text(self.file, self.offset + torn.place.start, self.offset + torn.place.end);
        let (code, message) = match torn.is_image {
            true => (code::MARKDOWN_IMAGE, say!("this is no picture, and is shown as it is written")),
            false => (code::MARKDOWN_LINK, say!("this is no link, and is shown as it is written")),
        };
        self.report.warning(code, span, message).hint(say!(
            "write `{meant}`: brackets and parentheses are half-width, with nothing between them",
            meant = torn.meant
        ));
    }

    fn image(&mut self, target: &str, title: &str, words: &str, span: Span) {
        self.body.links.push(Link { target: target.to_owned(), span });
        if words.trim().is_empty() {
            self.report
                .error(code::MARKDOWN_IMAGE, span, say!("an image without a description"))
                .hint(say!("write between `[` and `]` what the image tells"));
        }
        let Some(shown) = self.picture(target, span) else {
            self.out.push(Event::Text(CowStr::from(words.to_owned())));
            return;
        };
        let mut image = format!("<img src=\"{}\" alt=\"{}\"", escape(&shown.url), escape(words));
        // The browser keeps the place free until the picture is there.
        if let Some((width, height)) = shown.size {
            image.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
        }
        if !title.is_empty() {
            image.push_str(&format!(" title=\"{}\"", escape(title)));
        }
        image.push_str(" loading=\"lazy\">");
        self.raw(image);
        self.body.pictures.insert(shown.path);
    }

    /// The picture that is shown, if it is one of this site.
    fn picture(&mut self, target: &str, span: Span) -> Option<Shown> {
        if scheme(target).is_some() || target.starts_with("//") || target.contains('\\') {
            self.report
                .error(
                    code::MARKDOWN_IMAGE,
                    span,
                    say!("an image that is not of this site: `{target}`", target),
                )
                .hint(say!(
                    "put the file below `content`, and write its path from there: `/activities/hall.png`"
                ));
            return None;
        }
        let meant = match (self.find)(target) {
            Ok(shown) => return Some(shown),
            Err(meant) => meant,
        };
        let whole = target.starts_with('/');
        let message = match whole {
            true => say!("no picture `{target}` below `content`", target),
            false => say!("the path of a picture does not begin with `/`: `{target}`", target),
        };
        let draft = self.report.error(code::MARKDOWN_IMAGE, span, message);
        match meant {
            Some(meant) => draft.hint(say!("did you mean `{meant}`?", meant)),
            None if !is_picture(target) => {
                draft.hint(say!("names of pictures end with {endings}", endings = any_of(ENDINGS)))
            }
            None if whole => draft.hint(say!("put the file at content{target}", target)),
            None => draft.hint(say!("put the file at content/{target}, and write `/{target}`", target)),
        };
        None
    }

    /// The address that a link leads to, if it is one of those that are let through.
    fn address(&mut self, target: &str, span: Span) -> Option<Address> {
        let mut refuse = |message: Message, hint: Message| {
            self.report.error(code::MARKDOWN_LINK, span, message).hint(hint);
        };
        if target.starts_with("//") || target.starts_with("/\\") || target.starts_with('\\') {
            refuse(say!("an address without a scheme: `{target}`", target), say!("write `https:` before it"));
            return None;
        }
        if target.chars().any(char::is_control) {
            refuse(say!("an address with a control character"), say!("write the address anew"));
            return None;
        }
        if target.starts_with('#') {
            return Some(Address { url: url_text(target), leaves_site: false });
        }
        if target.starts_with('/') {
            let end = target.find(['#', '?']).unwrap_or(target.len());
            return match (self.resolve)(&target[..end]) {
                Ok(url) => Some(Address { url: url + &url_text(&target[end..]), leaves_site: false }),
                Err(meant) => {
                    if let Ok(shown) = (self.find)(&target[..end]) {
                        self.body.pictures.insert(shown.path);
                        return Some(Address { url: shown.url, leaves_site: false });
                    }
                    let draft = self.report.error(
                        code::MARKDOWN_LINK,
                        span,
                        say!("no page `{page}`", page = &target[..end]),
                    );
                    match meant {
                        Some(Meant::Near(meant)) => draft.hint(say!("did you mean `{meant}`?", meant)),
                        Some(Meant::WithoutLanguage(meant)) => draft
                            .hint(say!("write `{meant}`: the language in front is added by itself", meant)),
                        None => {
                            draft.hint(say!("write the path of the page below the language: `/activities/`"))
                        }
                    };
                    None
                }
            };
        }
        let known = scheme(target).map(str::to_ascii_lowercase);
        match known.as_deref() {
            Some(web @ ("http" | "https")) if !target[web.len()..].starts_with("://") => {
                refuse(
                    say!("an address without a host: `{target}`", target),
                    say!("write `https://` and the host"),
                );
                None
            }
            Some("http" | "https") => Some(Address { url: url_text(target), leaves_site: true }),
            Some("mailto" | "tel") => Some(Address { url: url_text(target), leaves_site: false }),
            Some(other) => {
                let message = say!("an address of the kind `{other}:`", other);
                refuse(
                    message,
                    say!("known here: https, http, mailto, tel, and paths of this site from `/`"),
                );
                None
            }
            None => {
                let hint = say!(
                    "write the path from `/`, below the language: `/activities/vlog/`; other sites begin with `https://`"
                );
                refuse(say!("an address that begins nowhere: `{target}`", target), hint);
                None
            }
        }
    }

    /// A block of HTML is shown as text, for the writer to see, and reported; a comment is left out.
    fn html_block(&mut self, events: &[Located<'a>], at: usize) -> usize {
        let end = end_of(events, at);
        let mut source = String::new();
        for (event, _) in &events[at..end] {
            if let Event::Html(part) | Event::Text(part) = event {
                source.push_str(part);
            }
        }
        if !is_comment(source.trim()) {
            let Range { start, end } = events[at].1.clone();
            self.refuse_html(Span::text(self.file, self.offset + start, self.offset + end));
            self.out.push(Event::Start(Tag::Paragraph));
            self.out.push(Event::Text(CowStr::from(source.trim_end().to_owned())));
            self.out.push(Event::End(TagEnd::Paragraph));
        }
        end + 1
    }

    fn refuse_html(&mut self, span: Span) {
        self.report
            .error(code::MARKDOWN_HTML, span, say!("HTML in a text"))
            .hint(say!("write Markdown, or `\\<` for the sign itself"));
    }

    fn table_start(&mut self, events: &[Located<'_>], at: usize, alignments: Vec<Alignment>) {
        self.table = Table { alignments, ..Table::default() };
        // The columns name the table, for readers who listen and come upon it with the keyboard.
        let mut columns: Vec<String> = Vec::new();
        for (number, (event, _)) in events.iter().enumerate().skip(at) {
            match event {
                Event::Start(Tag::TableCell) => columns.push(plain_text(events, number)),
                Event::End(TagEnd::TableHead) => break,
                _ => {}
            }
        }
        let columns: Vec<&str> =
            columns.iter().map(|column| column.trim()).filter(|c| !c.is_empty()).collect();
        let mut label = columns.join(" · ");
        let tables = self.labels.entry(label.clone()).or_default();
        *tables += 1;
        if *tables > 1 {
            label.push_str(&format!(" ({tables})"));
        }
        let role = match columns.is_empty() {
            true => String::new(),
            false => format!(" role=\"region\" aria-label=\"{}\"", escape(&label)),
        };
        self.raw(format!("<div class=\"scroll\" tabindex=\"0\"{role}><table>\n"));
    }

    fn cell_start(&mut self) {
        let class = match self.table.alignments.get(self.table.column) {
            Some(Alignment::Right) => " class=\"align-right\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            _ => "",
        };
        self.table.column += 1;
        self.raw(match self.table.in_head {
            true => format!("<th scope=\"col\"{class}>"),
            false => format!("<td{class}>"),
        });
    }
}

struct Address {
    url: String,
    leaves_site: bool,
}

/// A heading of the first level is shown as one of the second, so that a draft can be looked at.
fn shown_level(level: HeadingLevel) -> u8 {
    (level as u8).max(2)
}

/// The number of the event that ends what begins here.
fn end_of(events: &[Located<'_>], start: usize) -> usize {
    let mut depth = 0;
    for (at, (event, _)) in events.iter().enumerate().skip(start) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    events.len()
}

/// The words of what begins here.
fn plain_text(events: &[Located<'_>], start: usize) -> String {
    let mut text = String::new();
    for (event, _) in &events[start..end_of(events, start)] {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

fn text_of<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::Text(text) => Some(text),
        _ => None,
    }
}

fn is_comment(source: &str) -> bool {
    let inner = source.trim().strip_prefix("<!--").and_then(|source| source.strip_suffix("-->"));
    inner.is_some_and(|inner| !inner.contains("-->"))
}

/// Whether a character is written without spaces beside it.
fn is_wide(letter: char) -> bool {
    matches!(u32::from(letter), 0x2E80..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFF60 | 0x20000..=0x3FFFF)
}

/// An address with everything that may not stand in one as `%` and two digits.
fn url_text(address: &str) -> String {
    let mut url = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                url.push_str(&format!("%{byte:02X}"))
            }
            0x21..=0x7e => url.push(char::from(byte)),
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

/// Text for HTML, between tags and in a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> (String, Vec<String>) {
        let mut report = Report::new();
        let resolve = |path: &str| match path {
            "/activities/vlog/" => Ok("/sub/zh/activities/vlog/".to_owned()),
            _ => Err(Some(Meant::Near("/activities/vlog/".to_owned()))),
        };
        let find = |path: &str| match path {
            "/hall.png" => Ok(Shown {
                path: path.to_owned(),
                url: "/sub/assets/hall.0.png".to_owned(),
                size: Some((4, 3)),
            }),
            _ => Err((path == "hall.png").then(|| "/hall.png".to_owned())),
        };
        let body = render(&mut report, FileId::from_number(0), text, 0, &resolve, &find);
        (body.html, report.problems().iter().map(|problem| problem.message.to_string()).collect())
    }

    #[track_caller]
    fn sound(text: &str, html: &str) {
        assert_eq!(rendered(text), (html.to_owned(), vec![]));
    }

    #[track_caller]
    fn refused(text: &str, html: &str, problem: &str) {
        assert_eq!(rendered(text), (html.to_owned(), vec![problem.to_owned()]));
    }

    #[test]
    fn links_lead_where_they_may() {
        sound(
            "[看](/activities/vlog/?a=1&b#二) [x](<https://a.org/'\"> \"t'\") <a@b.cn>",
            "<p><a href=\"/sub/zh/activities/vlog/?a=1&amp;b#%E4%BA%8C\">看</a> \
             <a href=\"https://a.org/&#39;%22\" title=\"t&#39;\" rel=\"external noopener\">x</a> \
             <a href=\"mailto:a@b.cn\">a@b.cn</a></p>\n",
        );
    }

    #[test]
    fn other_links_are_refused_and_their_words_stay() {
        refused("[看](/vlog/)", "<p>看</p>\n", "no page `/vlog/`");
        refused("[x](javascript:alert(1))", "<p>x</p>\n", "an address of the kind `javascript:`");
        refused("[x](JAVA&#115;CRIPT:a)", "<p>x</p>\n", "an address of the kind `javascript:`");
        refused("[x](data:text/html,a)", "<p>x</p>\n", "an address of the kind `data:`");
        refused("[x](//a.org/)", "<p>x</p>\n", "an address without a scheme: `//a.org/`");
        refused("[x](https:a.org)", "<p>x</p>\n", "an address without a host: `https:a.org`");
        refused("[x](vlog/)", "<p>x</p>\n", "an address that begins nowhere: `vlog/`");
        refused(
            "[](https://a.org)",
            "<p><a href=\"https://a.org\" rel=\"external noopener\"></a></p>\n",
            "a link without words",
        );
        refused(
            "![logo](https://a.org/x.png)",
            "<p>logo</p>\n",
            "an image that is not of this site: `https://a.org/x.png`",
        );
    }

    #[test]
    fn pictures_of_the_site_are_shown_with_their_sizes() {
        sound(
            "![展馆 *平面* \"图\"](/hall.png 'A') [大图](/hall.png)",
            "<p><img src=\"/sub/assets/hall.0.png\" alt=\"展馆 平面 &quot;图&quot;\" width=\"4\" height=\"3\" \
             title=\"A\" loading=\"lazy\"> <a href=\"/sub/assets/hall.0.png\">大图</a></p>\n",
        );
        refused("![图](/hal.png)", "<p>图</p>\n", "no picture `/hal.png` below `content`");
        refused(
            "![图](hall.png)",
            "<p>图</p>\n",
            "the path of a picture does not begin with `/`: `hall.png`",
        );
        refused("![图](//a.org/x.png)", "<p>图</p>\n", "an image that is not of this site: `//a.org/x.png`");
        refused(
            "![](/hall.png)",
            "<p><img src=\"/sub/assets/hall.0.png\" alt=\"\" width=\"4\" height=\"3\" loading=\"lazy\"></p>\n",
            "an image without a description",
        );
    }

    #[test]
    fn html_is_shown_and_reported_and_comments_are_left_out() {
        refused("a <b>c", "<p>a &lt;b&gt;c</p>\n", "HTML in a text");
        refused(
            "<script>\nx()\n</script>",
            "<p>&lt;script&gt;\nx()\n&lt;/script&gt;</p>\n",
            "HTML in a text",
        );
        sound("<!-- note\n\nto self -->\n\nText <!-- x -->", "<p>Text </p>\n");
        refused(
            "<!-- a --><img src=x onerror=y><!-- -->",
            "<p>&lt;!-- a --&gt;&lt;img src=x onerror=y&gt;&lt;!-- --&gt;</p>\n",
            "HTML in a text",
        );
    }

    #[test]
    fn headings_have_readable_names_of_their_own() {
        sound(
            "## 如何参加？ (How)\n\n## 如何参加 — how\n\n### `A` & B",
            "<h2 id=\"如何参加-how\">如何参加？ (How)</h2>\n<h2 id=\"如何参加-how-2\">如何参加 — how</h2>\n\
             <h3 id=\"a-b\"><code>A</code> &amp; B</h3>\n",
        );
        refused("# A", "<h2 id=\"a\">A</h2>\n", "a heading of the first level in a text");
        refused("### A", "<h3 id=\"a\">A</h3>\n", "a heading `###` where no `##` is above it");
        sound("## A {onclick=x}", "<h2 id=\"a-onclick-x\">A {onclick=x}</h2>\n");
    }

    #[test]
    fn tables_can_be_scrolled_and_read_aloud() {
        sound(
            "| 奖项 | \"n\" |\n| --- | --: |\n| 金 | 1 |\n",
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"奖项 · &quot;n&quot;\"><table>\n\
             <thead><tr><th scope=\"col\">奖项</th><th scope=\"col\" class=\"align-right\">\"n\"</th></tr></thead>\n\
             <tbody>\n<tr><td>金</td><td class=\"align-right\">1</td></tr>\n</tbody>\n</table></div>\n",
        );
    }

    #[test]
    fn lines_of_chinese_are_joined_without_a_space() {
        sound("参展\n企业\nand so\non", "<p>参展企业\nand so\non</p>\n");
        refused(
            "**重要：**说明",
            "<p>**重要：**说明</p>\n",
            "`**` stands here as it is, and nothing is bold",
        );
        sound("2\\*\\*3 `**`", "<p>2**3 <code>**</code></p>\n");
    }

    #[test]
    fn places_count_from_the_beginning_of_the_file() {
        let mut report = Report::new();
        let body =
            render(&mut report, FileId::from_number(7), "甲 [x](#a)", 100, &|_| Err(None), &|_| Err(None));
        assert_eq!(body.links[0].span, Span::text(FileId::from_number(7), 104, 111));
    }
}
