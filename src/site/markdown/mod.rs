//! Markdown to HTML that is safe to publish: CommonMark with tables, footnotes, `~~`, lists of tasks and callouts, and
//! nothing that could run.
//!
//! A text is parsed to events, steps rewrite them one after the other, and a writer makes the HTML. A step takes all
//! events with their places and returns them, and knows no other step.
//!
//! No HTML comes through from the text, no address but of a known kind, no attribute. Whatever is left
//! out is reported with its place.

mod bare_addresses;
mod body;
mod callouts;
mod code_blocks;
mod disguise;
mod emphasis;
mod facts;
mod footnotes;
mod gallery;
mod headings;
mod html_tags;
mod images;
mod indents;
mod line_breaks;
mod lines;
mod links;
mod outline;
mod parse;
mod references;
mod slip;
mod stars;
mod tables;
mod torn_link;
mod typed_lists;
mod typed_tables;
mod writer;

use std::collections::{BTreeMap, BTreeSet};

use bare_addresses::link_addresses;
pub use body::{Around, Body, Find, Heading, Link, LinkedFile, Meant, PictureWidth, Resolve, WORDS};
use disguise::disguise;
use facts::Facts;
use footnotes::gather_footnotes;
use headings::shown_level;
use html_tags::is_comment;
use indents::without_indents;
use line_breaks::join_lines;
use lines::paragraphs;
pub use outline::{Block, BlockKind, Mark, Words, outline};
use parse::{Parsed, parse};
use pulldown_cmark::{Event, LinkType, Tag, TagEnd, html};
use torn_link::torn_links;
use writer::{Footnotes, Located, Table, Writer, end_of, plain_text};

use crate::source::{FileId, Report, fingerprint};

/// Renders a text that begins at byte `offset` of a file.
///
/// A table stands in `<div class="scroll">`, which can be scrolled with the keyboard; cells that are not
/// aligned to the left have the class `align-right` or `align-center`.
pub fn render(report: &mut Report, file: FileId, text: &str, offset: usize, around: &Around<'_>) -> Body {
    let hidden = disguise(text);
    let Parsed { events, unused, undefined } = parse(&hidden);
    let (events, lost) = gather_footnotes(events);
    let lines = paragraphs(&events, text);
    let events = without_indents(events);
    let events = Facts { find: around.fact, file, offset, text }.fill(report, events);
    let events = link_addresses(events, text);
    let events = join_lines(events, around.lang);
    let mut writer = Writer {
        report,
        file,
        text,
        offset,
        around,
        body: Body::default(),
        out: Vec::with_capacity(events.len()),
        open_links: Vec::new(),
        ids: BTreeSet::new(),
        next_number: BTreeMap::new(),
        labels: BTreeMap::new(),
        last_level: 1,
        table: Table::default(),
        footnotes: Footnotes::default(),
    };
    writer.lost_links(unused, undefined);
    writer.lost_footnotes(lost);
    writer.missing_footnotes(&events);
    writer.slips(&lines);
    writer.slipped_callouts(&lines);
    writer.typed_lists(&lines);
    writer.typed_tables(&lines);
    writer.broken_rows(&events);
    let mut at = 0;
    while at < events.len() {
        at = writer.event(&events, at);
    }
    writer.footnotes_end();
    let Writer { mut body, out, .. } = writer;
    html::push_html(&mut body.html, out.into_iter());
    body.print = fingerprint(&body.html);
    body
}

impl<'a> Writer<'a> {
    /// Takes an event over. Returns the number of the next one.
    fn event(&mut self, events: &[Located<'a>], at: usize) -> usize {
        let (event, range) = &events[at];
        if let Event::Start(Tag::Paragraph | Tag::List(_)) = event
            && let Some(next) = self.gallery(events, at)
        {
            return next;
        }
        let span = self.span(range.clone());
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
                if let Some(Some(end)) = self.open_links.pop() {
                    self.raw(end);
                }
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                self.image(dest_url, title, &plain_text(events, at), span);
                return end_of(events, at) + 1;
            }
            Event::Start(Tag::HtmlBlock) => return self.html_block(events, at),
            Event::InlineHtml(source) | Event::Html(source) => {
                if !is_comment(source) {
                    self.refuse_html(span, source);
                    self.out.push(Event::Text(source.clone()));
                }
            }
            Event::Start(Tag::Table(alignments)) => self.table_start(events, at, alignments.clone()),
            Event::Start(Tag::TableHead) => self.table_head_start(),
            Event::End(TagEnd::TableHead) => self.table_head_end(),
            Event::Start(Tag::TableRow) => self.table_row_start(),
            Event::End(TagEnd::TableRow) => self.raw("</tr>\n".to_owned()),
            Event::Start(Tag::TableCell) => self.cell_start(),
            Event::End(TagEnd::TableCell) => self.cell_end(),
            Event::End(TagEnd::Table) => self.table_end(),
            Event::Start(Tag::BlockQuote(Some(kind))) => self.callout_start(*kind),
            Event::End(TagEnd::BlockQuote(Some(_))) => self.raw("</div>\n".to_owned()),
            Event::FootnoteReference(name) => self.footnote_reference(name),
            Event::Start(Tag::FootnoteDefinition(name)) => {
                self.footnotes.open = Some(name.to_string());
                self.footnote_start(name);
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some(name) = self.footnotes.open.take() {
                    self.footnote_back(&name);
                }
                self.footnote_end();
            }
            Event::End(TagEnd::Paragraph)
                if matches!(events.get(at + 1), Some((Event::End(TagEnd::FootnoteDefinition), _))) =>
            {
                if let Some(name) = self.footnotes.open.take() {
                    self.footnote_back(&name);
                }
                self.out.push(Event::End(TagEnd::Paragraph));
            }
            Event::TaskListMarker(done) => {
                self.raw(format!("<span class=\"task\">{}</span> ", if *done { "☑" } else { "☐" }));
            }
            Event::Text(words) => {
                self.stray_stars(range);
                for torn in torn_links(self.text, range.clone()) {
                    self.torn_link(&torn);
                }
                self.out.push(Event::Text(words.clone()));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                self.code_block(kind, range);
                self.out.push(event.clone());
            }
            Event::Start(Tag::Paragraph) => {
                self.bold_heading(events, at);
                self.out.push(event.clone());
            }
            event => self.out.push(event.clone()),
        }
        at + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::site::placeholder::{Fill, Unknown};
    use crate::source::{Problem, Span};

    fn rendered(text: &str) -> (String, Vec<String>) {
        rendered_in(Lang::ZH, text)
    }

    pub(super) fn rendered_in(lang: Lang, text: &str) -> (String, Vec<String>) {
        let mut report = Report::new();
        let resolve = |path: &str| match path {
            "/activities/vlog/" => Ok("/sub/zh/activities/vlog/".to_owned()),
            _ => Err(Some(Meant::Near("/activities/vlog/".to_owned()))),
        };
        let find = |path: &str| match path {
            "/hall.png" | "/plan.png" => {
                let width = |number: u32| PictureWidth {
                    url: format!("/sub/assets{}.{number}.png", path.trim_end_matches(".png")),
                    size: Some((4 << number, 3 << number)),
                };
                let widths = if path == "/hall.png" { 0..1 } else { 0..2 };
                Ok(LinkedFile { path: path.to_owned(), widths: widths.map(width).collect(), note: None })
            }
            "/form.pdf" => {
                let width = PictureWidth { url: "/sub/files/form.pdf".to_owned(), size: None };
                Ok(LinkedFile {
                    path: path.to_owned(),
                    widths: vec![width],
                    note: Some("（PDF，1 KB）".to_owned()),
                })
            }
            _ => Err((path == "hall.png").then(|| "/hall.png".to_owned())),
        };
        let word = |key: &str| format!("[{key}]");
        let fact = |name: &str| match name {
            "fact" => Ok(Fill::Text("<b>*x*".to_owned())),
            "table" => Ok(Fill::Table { head: vec!["a".to_owned()], rows: vec![vec!["1".to_owned()]] }),
            _ => Err(Unknown { known: Vec::new() }),
        };
        let around = Around { lang, word: &word, fact: &fact, resolve: &resolve, find: &find };
        let body = render(&mut report, FileId::from_number(0), text, 0, &around);
        (body.html, report.problems().iter().map(|problem| problem.message.to_string()).collect())
    }

    /// What is reported of a text, each with its hint.
    pub(super) fn problems(text: &str) -> Vec<String> {
        let mut report = Report::new();
        let word = |key: &str| key.to_owned();
        let around = Around {
            lang: Lang::ZH,
            word: &word,
            fact: &|_| Err(Unknown { known: Vec::new() }),
            resolve: &|_| Err(None),
            find: &|_| Err(None),
        };
        render(&mut report, FileId::from_number(0), text, 0, &around);
        let told = |problem: &Problem| {
            let hints: Vec<String> = problem.hints.iter().map(|hint| hint.to_string()).collect();
            format!("{}: {}", problem.message, hints.first().cloned().unwrap_or_default())
        };
        report.problems().iter().map(told).collect()
    }

    #[track_caller]
    pub(super) fn sound(text: &str, html: &str) {
        assert_eq!(rendered(text), (html.to_owned(), vec![]));
    }

    #[track_caller]
    pub(super) fn refused(text: &str, html: &str, problem: &str) {
        assert_eq!(rendered(text), (html.to_owned(), vec![problem.to_owned()]));
    }

    #[test]
    fn html_is_shown_and_reported_and_comments_are_left_out() {
        refused("a <b>c", "<p>a &lt;b&gt;c</p>\n", "HTML in the text");
        refused(
            "<script>\nx()\n</script>",
            "<p>&lt;script&gt;\nx()\n&lt;/script&gt;</p>\n",
            "HTML in the text",
        );
        sound("<!-- note\n\nto self -->\n\nText <!-- x -->", "<p>Text </p>\n");
        refused(
            "<!-- a --><img src=x onerror=y><!-- -->",
            "<p>&lt;!-- a --&gt;&lt;img src=x onerror=y&gt;&lt;!-- --&gt;</p>\n",
            "HTML in the text",
        );
    }

    #[test]
    fn headings_have_readable_names_of_their_own() {
        sound(
            "## 如何参加？ (How)\n\n## 如何参加 — how\n\n### `A` & B",
            "<h2 id=\"如何参加-how\">如何参加？ (How)</h2>\n<h2 id=\"如何参加-how-2\">如何参加 — how</h2>\n\
             <h3 id=\"a-b\"><code>A</code> &amp; B</h3>\n",
        );
        refused("# A", "<h2 id=\"a\">A</h2>\n", "first-level heading in the text");
        refused("### A", "<h3 id=\"a\">A</h3>\n", "heading `###` without a `##` above it");
        sound("## A {onclick=x}", "<h2 id=\"a-onclick-x\">A {onclick=x}</h2>\n");
    }

    #[test]
    fn stars_that_make_nothing_bold_are_told() {
        refused("** 重要 **说明", "<p>** 重要 **说明</p>\n", "`**` is shown as is, and nothing is bold");
        let told = problems("甲** 重要 **乙");
        assert!(told[0].ends_with("write `**重要**`, without spaces inside the stars"), "{told:?}");
        sound("2\\*\\*3 `**`", "<p>2**3 <code>**</code></p>\n");
    }

    #[test]
    fn footnotes_stand_at_the_end_in_the_order_of_the_text() {
        sound(
            "甲[^b]乙[^一]丙[^b]\n\n[^一]: 注一[^c]。\n[^b]: 注b\n[^c]:\n    - 项\n",
            "<p>甲<sup class=\"noteref\"><a id=\"ref-1\" href=\"#note-1\" role=\"doc-noteref\">1</a></sup>\
             乙<sup class=\"noteref\"><a id=\"ref-2\" href=\"#note-2\" role=\"doc-noteref\">2</a></sup>\
             丙<sup class=\"noteref\"><a id=\"ref-1-2\" href=\"#note-1\" role=\"doc-noteref\">1</a></sup></p>\n\
             <section class=\"footnotes\" aria-label=\"[text.footnotes]\">\n<ol>\n\
             <li id=\"note-1\">\n<p>注b <a href=\"#ref-1\" role=\"doc-backlink\" aria-label=\"[text.footnote-back] 1\">↩</a> \
             <a href=\"#ref-1-2\" role=\"doc-backlink\" aria-label=\"[text.footnote-back] 2\">↩</a></p>\n</li>\n\
             <li id=\"note-2\">\n<p>注一<sup class=\"noteref\"><a id=\"ref-3\" href=\"#note-3\" role=\"doc-noteref\">3</a></sup>。 \
             <a href=\"#ref-2\" role=\"doc-backlink\" aria-label=\"[text.footnote-back]\">↩</a></p>\n</li>\n\
             <li id=\"note-3\">\n<ul>\n<li>项</li>\n</ul>\n <a href=\"#ref-3\" role=\"doc-backlink\" aria-label=\"[text.footnote-back]\">↩</a></li>\n\
             </ol>\n</section>\n",
        );
    }

    #[test]
    fn tasks_and_what_is_struck_out_are_shown() {
        sound(
            "- [x] 报名\n- [ ] ~~缴费~~ 5~10元，~3~元",
            "<ul>\n<li><span class=\"task\">☑</span> 报名</li>\n\
             <li><span class=\"task\">☐</span> <del>缴费</del> 5~10元，~3~元</li>\n</ul>\n",
        );
    }

    #[test]
    fn places_count_from_the_beginning_of_the_file() {
        let mut report = Report::new();
        let around = Around {
            lang: Lang::ZH,
            word: &|_| String::new(),
            fact: &|_| Err(Unknown { known: Vec::new() }),
            resolve: &|_| Err(None),
            find: &|_| Err(None),
        };
        let body = render(&mut report, FileId::from_number(7), "甲 [x](#a)", 100, &around);
        assert_eq!(body.links[0].span, Span::text(FileId::from_number(7), 104, 111));
    }
}
