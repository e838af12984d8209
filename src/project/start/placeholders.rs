//! What stands in a file as the form has it with which the file was begun: whoever takes `draft` out has filled the
//! form in.
//!
//! The forms themselves say what is to be filled in; there is no second list.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::fair::CARRIED;
use super::{ACTIVITY_EN, ACTIVITY_ZH, ENTERPRISE};
use crate::data::{Document, PlacedText, decode_text};
use crate::fair::FairFile;
use crate::lang::Localized;
use crate::pages::SiteFile;
use crate::site::BaseUrl;
use crate::site::content::split;
use crate::source::{FileId, Files, Message, Report, Span, code, list, say};

/// What of a form is to be filled in.
#[derive(Default)]
struct Blanks {
    /// Texts by the way to them: words for people. Codes and choices may well be meant as they stand.
    texts: BTreeSet<(String, String)>,
    /// Lines below the front matter that say of themselves that they are to be filled in. No page of one's own has
    /// them by chance, as it may have `1. First step`.
    lines: BTreeSet<&'static str>,
}

static ENTERPRISE_BLANKS: LazyLock<Blanks> = LazyLock::new(|| {
    let mut blanks = Blanks::default();
    blanks.add_keys(ENTERPRISE);
    blanks
});

/// A page may have been begun with the form of another language.
static PAGE_BLANKS: LazyLock<Blanks> = LazyLock::new(|| {
    let mut blanks = Blanks::default();
    for form in [ACTIVITY_ZH, ACTIVITY_EN] {
        let (front, body) = split(form).expect("a form has front matter");
        blanks.add_keys(&form[front]);
        blanks.lines.extend(prose(&form[body]).into_iter().map(|(_, line)| line));
    }
    blanks
});

impl Blanks {
    fn add_keys(&mut self, form: &str) {
        let is_words = |text: &str| text.contains(' ') || !text.is_ascii();
        let texts = texts(FileId::from_number(0), form, 0).into_iter();
        self.texts.extend(texts.filter(|text| is_words(&text.text)).map(|text| (text.path, text.text)));
    }

    /// The places of the texts that stand at the same key of a file.
    fn left_in(&self, file: FileId, text: &str, offset: usize) -> Vec<Span> {
        if !self.texts.iter().any(|(_, blank)| text.contains(blank)) {
            return Vec::new();
        }
        let found = texts(file, text, offset).into_iter().map(|text| ((text.path, text.text), text.span));
        found.filter(|(text, _)| self.texts.contains(text)).map(|(_, span)| span).collect()
    }
}

/// Reports the lines of a finished enterprise that are still as the form has them.
pub(in crate::project) fn report_unfilled_enterprise(report: &mut Report, files: &Files, file: FileId) {
    let Some(text) = files.text(file) else { return };
    report_left(report, files, file, ENTERPRISE_BLANKS.left_in(file, &text, 0));
}

/// Reports the lines of a finished page that are still as a form has them.
pub(in crate::project) fn report_unfilled_page(report: &mut Report, files: &Files, file: FileId) {
    let Some(text) = files.text(file) else { return };
    let Some((front, body)) = split(&text) else { return };
    let blanks = &*PAGE_BLANKS;
    let mut left = blanks.left_in(file, &text[front.clone()], front.start);
    let same = prose(&text[body.clone()]).into_iter().filter(|(_, line)| blanks.lines.contains(line));
    left.extend(same.map(|(at, _)| Span::text(file, body.start + at.start, body.start + at.end)));
    report_left(report, files, file, left);
}

/// The issuer of the notice that every new fair takes over until it has its own.
static ISSUER: LazyLock<Option<Localized>> = LazyLock::new(|| {
    let file = FileId::from_number(0);
    let fair = decode_text::<FairFile>(&mut Report::new(), file, CARRIED.1, 0);
    Some(fair?.value.notice?.issuer.value)
});

/// Reports what a published notice still has of a new site: an address at which nothing is found, an issuer that is a
/// sample, a contact that no objection reaches. A fair that says that it is a demonstration may have them.
pub(in crate::project) fn report_unfilled_notice(report: &mut Report, site: &SiteFile, fair: &FairFile) {
    let Some(notice) = fair.notice.as_ref().filter(|_| !fair.demonstration) else { return };
    let number = fair.fair.value;
    let mut refuse = |span: Span, message: Message, hint: Message| {
        report
            .error(code::NOTICE_PLACEHOLDER, span, message)
            .hint(hint)
            .hint(say!("if all data of this fair are made up, write `demonstration: true` in its fair.yaml"));
    };
    let address = &site.base_url;
    if BaseUrl::parse(&address.value).is_ok_and(|base| is_reserved(base.origin())) {
        let message = say!(
            "the notice of fair {number} is published at `{address}`, an example address that nobody can open",
            number,
            address = address.value
        );
        refuse(address.span, message, say!("write the address of the site as `base_url`"));
    }
    let samples = ISSUER.iter().flat_map(|issuer| issuer.languages().filter_map(|lang| issuer.find(lang)));
    let issuer = &notice.issuer;
    let mut written = issuer.value.languages().filter_map(|lang| issuer.value.find(lang));
    if let Some(sample) = samples.into_iter().find(|sample| written.any(|text| text == *sample)) {
        let message =
            say!("the issuer of the notice of fair {number} is a sample: `{sample}`", number, sample);
        refuse(
            issuer.span,
            message,
            say!("write the real issuer of the notice under `issuer`, in every language"),
        );
    }
    let contact = site.contacts.get(&notice.contact.value).and_then(|contact| contact.value.email.as_ref());
    if let Some(email) = contact.filter(|email| is_reserved(&email.value)) {
        let message = say!(
            "objections to the notice of fair {number} are sent to `{email}`, which receives no mail",
            number,
            email = email.value
        );
        refuse(email.span, message, say!("write the real address for objections"));
    }
}

/// Whether an address is at a host that is reserved for examples: by RFC 2606 and RFC 6761 there is nothing there.
fn is_reserved(address: &str) -> bool {
    let host = address.rsplit(['@', '/']).next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().to_lowercase();
    let names = ["example.com", "example.net", "example.org", "example", "invalid", "localhost", "test"];
    names
        .iter()
        .any(|name| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

fn report_left(report: &mut Report, files: &Files, file: FileId, left: Vec<Span>) {
    let Some(first) = left.first() else { return };
    let lines: BTreeSet<u32> = left.iter().map(|span| files.row_number(*span)).collect();
    let message = say!(
        "`{path}` still contains the sample text of the form: {count:line|lines} {lines}",
        count = lines.len(),
        path = files.path(file),
        lines = list(lines)
    );
    report
        .error(code::UNFILLED_FORM, *first, message)
        .hint(say!("replace it with your own text, or put `draft: true` back until it is written"));
}

/// The texts of a YAML text. What is wrong with it was reported when it was read.
fn texts(file: FileId, text: &str, offset: usize) -> Vec<PlacedText> {
    let document = Document::parse(&mut Report::new(), file, text, offset);
    document.map(|document| document.texts()).unwrap_or_default()
}

/// The lines of a text that are neither empty nor a heading, of the text or of a table, with their places.
fn prose(text: &str) -> Vec<(Range<usize>, &str)> {
    let is_rule = |line: &str| line.contains("--") && line.chars().all(|letter| " |:-".contains(letter));
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push((at..at + line.trim_end().len(), line.trim_end()));
        at += line.len();
    }
    let heads_table = |number: usize| lines.get(number + 1).is_some_and(|(_, next)| is_rule(next));
    let is_prose = |number: usize, line: &str| {
        !line.is_empty() && !line.starts_with('#') && !is_rule(line) && !heads_table(number)
    };
    (0..)
        .zip(&lines)
        .filter(|(number, (_, line))| is_prose(*number, line))
        .map(|(_, line)| line.clone())
        .collect()
}
