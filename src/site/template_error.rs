//! Errors of the template engine: each gets its place in the template, our words, and what was meant.

use std::collections::BTreeMap;

use tera::{Context, ErrorKind, ReportError};

use crate::source::{FileId, Message, Report, Span, code, list, nearest, say};

/// What `safe` says of a name that is not defined; [`report_undefined`] says which one.
pub(super) const SAFE_OF_NOTHING: &str = "`safe` needs a defined value";

/// Reports a field that is not defined and is handed to a filter, of which the engine says the filter alone: finds
/// it in the text before the filter, and what it could have been in what the page was given. Whether that is what
/// went wrong.
pub(super) fn report_undefined(
    report: &mut Report,
    sources: &BTreeMap<String, (FileId, String)>,
    kind: &ErrorKind,
    context: &Context,
) -> bool {
    let ErrorKind::RenderingError(error) = kind else { return false };
    let Some((file, text)) = sources.get(error.filename()) else { return false };
    let range = error.span().range.clone();
    let end = if error.message() == SAFE_OF_NOTHING {
        // The engine points to the filter; what it was given stands before the bar.
        text.get(..range.start).and_then(|before| Some(before.trim_end().strip_suffix('|')?.trim_end().len()))
    } else if error.message().ends_with("but got `undefined`") {
        Some(range.end)
    } else {
        None
    };
    let Some(before) = end.and_then(|end| text.get(..end)) else { return false };
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    let path = &before[before.trim_end_matches(is_name).len()..];
    let Some((parents, field)) = path.rsplit_once('.') else { return false };
    let span = Span::text(*file, before.len() - field.len(), before.len());
    let draft = report.error(code::TEMPLATE, span, say!("field `{field}` is not defined", field));
    let (first, rest) = parents.split_once('.').unwrap_or((parents, ""));
    let parent = context.get(first);
    let parent = if rest.is_empty() { parent } else { parent.and_then(|value| value.get_from_path(rest)) };
    // What a loop goes through is not known here.
    let Some(map) = parent.and_then(|value| value.as_map()) else { return true };
    let mut fields: Vec<String> = map.keys().map(|key| key.to_string()).collect();
    fields.sort();
    draft.label_meant(nearest(field, fields.iter().map(String::as_str))).hint(say!(
        "available {kind}: {names}",
        kind = Message::foreign("fields"),
        names = list(&fields)
    ));
    true
}

/// Puts an error of the template engine into the report, with its place.
pub(super) fn report_error(report: &mut Report, files: &BTreeMap<String, FileId>, kind: &ErrorKind) {
    let whole = |name: &str| files.get(name).map(|&file| Span::whole(file));
    match kind {
        ErrorKind::SyntaxError(error) | ErrorKind::RenderingError(error) => {
            let span = files.get(error.filename()).map(|&file| {
                let range = error.span().range.clone();
                Span::text(file, range.start, range.end.max(range.start + 1))
            });
            let (message, hint) = in_our_words(error);
            let draft = report.error(code::TEMPLATE, span, message).label_meant(meant_by(error.message()));
            if let Some(hint) = hint {
                draft.hint(hint);
            }
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            let chain = inheritance_chain.join(" → ");
            report.error(code::TEMPLATE, whole(tpl), say!("`{tpl}` extends itself ({chain})", tpl, chain));
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            let chain = include_chain.join(" → ");
            report.error(code::TEMPLATE, whole(tpl), say!("`{tpl}` includes itself ({chain})", tpl, chain));
        }
        ErrorKind::MissingParent { current, parent } => {
            let message = say!("`{current}` extends `{parent}`, which is not in the theme", current, parent);
            suggest(report.error(code::TEMPLATE, whole(current), message), parent, files);
        }
        ErrorKind::TemplateNotFound(name) => {
            suggest(
                report.error(code::TEMPLATE, None, say!("no template `{name}` in the theme", name)),
                name,
                files,
            );
        }
        other => {
            report.error(code::TEMPLATE, None, Message::foreign(lowercase(&other.to_string())));
        }
    }
}

fn suggest(draft: crate::source::Draft<'_>, name: &str, files: &BTreeMap<String, FileId>) {
    draft.hint_meant(nearest(name, files.keys().map(String::as_str)));
}

/// Names that are used and not there are found for all templates at once. They come as one text:
/// `error: MESSAGE`, `--> NAME:LINE:COLUMN` and an excerpt each.
pub(super) fn report_joined(report: &mut Report, sources: &BTreeMap<String, (FileId, String)>, joined: &str) {
    let mut message = "";
    for line in joined.lines() {
        if let Some(found) = line.strip_prefix("error: ") {
            message = found;
            continue;
        }
        let Some(place) = line.trim_start().strip_prefix("--> ") else { continue };
        let mut parts = place.rsplitn(3, ':');
        let (column, line, name) = (parts.next(), parts.next(), parts.next());
        let Some((file, text)) = name.and_then(|name| sources.get(name)) else { continue };
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<usize>().ok()).unwrap_or(1) - 1;
        let begin = text.split_inclusive('\n').take(number(line)).map(str::len).sum::<usize>();
        let before = text[begin..].chars().take(number(column)).map(char::len_utf8).sum::<usize>();
        let start = begin + before;
        let named = message.split('`').nth(1).unwrap_or_default();
        // The name of a template stands in quotation marks.
        let marks = if text[start..].starts_with(['\'', '"']) { 2 } else { 0 };
        let span = Span::text(*file, start, start + named.len().max(1) + marks);
        let draft = report.error(code::TEMPLATE, span, Message::foreign(lowercase(message)));
        let known: Vec<&str> = match message {
            message if message.starts_with("Unknown filter") => FILTERS.split(' ').collect(),
            message if message.starts_with("Unknown test") => TESTS.split(' ').collect(),
            message if message.starts_with("Unknown function") => FUNCTIONS.split(' ').collect(),
            message if message.starts_with("Unknown template") => {
                sources.keys().map(String::as_str).collect()
            }
            _ => Vec::new(),
        };
        draft.label_meant(nearest(named, known));
    }
}

/// The filters that templates can use: those of the engine, and ours.
const FILTERS: &str = "\
    abs address apart capitalize default escape_html escape_xml fill first float forms get group_by indent int join \
    keys last length lower newlines_to_br nth number pairs plural pluralize replace reverse round \
    safe sort split str title trim trim_end trim_start truncate unique upper values";
const TESTS: &str = "\
    array bool containing defined divisible_by ending_with even float integer iterable map none \
    number odd starting_with string undefined";
const FUNCTIONS: &str = "range throw";

fn in_our_words(error: &ReportError) -> (Message, Option<Message>) {
    // What is there instead stands behind the first sentence.
    let Some((message, available)) = error.message().split_once(". Available ") else {
        return (Message::foreign(lowercase(error.message())), None);
    };
    let (kind, names) = available.split_once(": ").unwrap_or((available, ""));
    let kind = Message::foreign(kind);
    let names = list(names.trim_end_matches('.').split(", "));
    (Message::foreign(lowercase(message)), Some(say!("available {kind}: {names}", kind, names)))
}

/// The name that was most likely meant, from what the engine says: ``Field `nane` is not defined. Available fields:
/// name``.
fn meant_by(message: &str) -> Option<&str> {
    let (first, available) = message.split_once(". Available ")?;
    let (_, names) = available.split_once(": ")?;
    nearest(first.split('`').nth(1)?, names.trim_end_matches('.').split(", "))
}

fn lowercase(message: &str) -> String {
    let mut letters = message.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
