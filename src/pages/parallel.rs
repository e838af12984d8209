//! Whether a page says the same in two languages: what must be the same in both is compared section by section and
//! block by block, never the words themselves.
//!
//! A block that one language has more is told by how many there are, since without reading the words nobody knows which
//! of several items is the one that was left out.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::content::{Contents, Text};
use super::front_matter::DateKind;
use crate::lang::{Invariant, Lang, Reading, address, invariants};
use crate::site::content::split;
use crate::site::markdown::{Block, BlockKind, Mark, Words, outline};
use crate::source::{Failure, FileId, Files, Message, Place, Report, Span, code, fingerprint, list, say};

/// Something in which a page differs between two languages.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Difference {
    /// As a page accepts it.
    name: String,
    /// Where in the original, and in the translation.
    places: [Range<usize>; 2],
    kind: Kind,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Kind {
    /// What stands only in the original, and only in the translation.
    Found([Vec<String>; 2]),
    /// How many blocks of a kind each has.
    Count(Message, [usize; 2]),
    /// The value of a key.
    Key(&'static str),
}

/// Warns of pages that say something else in another language than in the first, which is authentic. Pages that stayed as
/// they were are not compared again.
pub fn report_differences(
    report: &mut Report,
    files: &Files,
    contents: &Contents,
    languages: &[Lang],
) -> Result<(), Failure> {
    let Some((authentic, others)) = languages.split_first() else { return Ok(()) };
    for (page, texts) in &contents.pages {
        for lang in others {
            let (Some(original), Some(text)) = (texts.get(authentic), texts.get(lang)) else { continue };
            if !(original.is_complete && text.is_complete) {
                continue;
            }
            let name = format!("differences of {page} in {lang}");
            let inputs = fingerprint(&(authentic, original.print, text.print));
            files.remembered(report, &name, inputs, |report| {
                report_page(report, files, page, [(*authentic, original), (*lang, text)]);
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// Where a page first differs from the original without that being accepted.
pub(super) fn first_difference(files: &Files, pair: [(Lang, &Arc<Text>); 2]) -> Option<Span> {
    let (found, _) = unaccepted(files, pair);
    found.first().map(|difference| span(pair[1].1.file, &difference.places[1]))
}

fn report_page(report: &mut Report, files: &Files, page: &str, pair: [(Lang, &Arc<Text>); 2]) {
    let [(authentic, original), (lang, text)] = pair;
    let (differences, idle) = unaccepted(files, pair);
    for Difference { name, places, kind } in differences {
        let place = span(text.file, &places[1]);
        let beside = span(original.file, &places[0]);
        let labels = [authentic, lang].map(|lang| say!("in `{lang}`", lang));
        let path = files.path(text.file);
        let correct = match &kind {
            Kind::Found([only, none]) if none.is_empty() => {
                say!("say {words} in {path} as well", words = list(quoted(only)), path)
            }
            Kind::Found([none, only]) if none.is_empty() => {
                say!(
                    "say {words} in {path} as well",
                    words = list(quoted(only)),
                    path = files.path(original.file)
                )
            }
            Kind::Found([original, _]) => {
                say!("say the same as {words} if the original is right", words = list(quoted(original)))
            }
            Kind::Count(..) => say!("add what is missing, or remove what is too much"),
            Kind::Key(key) => say!("write the same after `{key}:` in both", key),
        };
        let message = match kind {
            Kind::Found([left, right]) if right.is_empty() => {
                say!("on the page `{page}`, `{lang}` lacks {words}", page, lang, words = list(quoted(&left)))
            }
            Kind::Found([left, right]) if left.is_empty() => {
                say!(
                    "on the page `{page}`, `{lang}` lacks {words}",
                    page,
                    lang = authentic,
                    words = list(quoted(&right))
                )
            }
            Kind::Found([left, right]) => say!(
                "on the page `{page}`, `{authentic}` has {left} and `{lang}` has {right}",
                page,
                authentic,
                lang,
                left = list(quoted(&left)),
                right = list(quoted(&right))
            ),
            Kind::Count(what, [left, right]) => say!(
                "on the page `{page}`, {what}: {left} in `{authentic}`, {right} in `{lang}`",
                page,
                what,
                left,
                right,
                authentic,
                lang
            ),
            Kind::Key(key) => say!(
                "on the page `{page}`, `{key}` differs between `{authentic}` and `{lang}`",
                page,
                key,
                authentic,
                lang
            ),
        };
        let [there, here] = labels;
        report
            .warning(code::TRANSLATION_DIFFERS, place, message)
            .label(here)
            .beside(beside, there)
            .hint(correct)
            .hint(say!(
                "if both are right, add `\"{name}\"` to `accepted_differences: […]` in {path}",
                name,
                path
            ));
    }
    for (name, place) in idle {
        report
            .warning(
                code::TRANSLATION_DIFFERS,
                place,
                say!("the page `{page}` does not differ in `{name}`, which it accepts", page, name),
            )
            .hint(say!("remove it from `accepted_differences`"));
    }
}

fn quoted(words: &[String]) -> Vec<Message> {
    words.iter().map(|word| say!("`{word}`", word)).collect()
}

fn span(file: FileId, range: &Range<usize>) -> Span {
    Span::text(file, range.start, range.end)
}

/// The differences that are not accepted, and what is accepted without being a difference.
fn unaccepted(files: &Files, pair: [(Lang, &Arc<Text>); 2]) -> (Vec<Difference>, Vec<(String, Span)>) {
    // What is still being written is nobody's translation yet.
    if pair.iter().any(|(_, text)| text.front.is_draft()) {
        return Default::default();
    }
    let mut accepted: Vec<_> = pair[1].1.front.accepted_differences.iter().collect();
    let mut found = differences(files, pair);
    found.retain(|difference| {
        let at = accepted.iter().position(|accepted| accepted.value.trim() == difference.name);
        at.map(|at| accepted.remove(at)).is_none()
    });
    (found, accepted.into_iter().map(|name| (name.value.clone(), name.span)).collect())
}

fn differences(files: &Files, pair: [(Lang, &Arc<Text>); 2]) -> Vec<Difference> {
    let reading = Reading::of(pair[0].0, pair[1].0);
    let mut found = Vec::new();
    let sources = pair.map(|(_, text)| files.text(text.file).unwrap_or_default());
    let sides = [0, 1].map(|at| Side { lang: pair[at].0, text: pair[at].1, source: &sources[at], reading });
    compare_fronts(&mut found, &sides);
    let blocks = sides.each_ref().map(|side| outline(&side.text.body));
    compare_sections(&mut found, &sides, &blocks);
    found
}

/// A page in one language.
struct Side<'t> {
    lang: Lang,
    text: &'t Text,
    source: &'t str,
    reading: Reading,
}

impl Side<'_> {
    /// What a text says alike in every language, and where; places count from `offset`.
    fn tokens(&self, words: &Words, offset: usize) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        for (invariant, range) in invariants(&words.text, self.lang, self.reading) {
            let place = words.source(range.clone());
            let shown = words.text[range].trim().to_owned();
            tokens.push(Token {
                is: Same::Said(invariant),
                shown,
                place: place.start + offset..place.end + offset,
            });
        }
        for (mark, place) in &words.marks {
            let (is, shown) = match mark {
                Mark::Link(target) => (Same::Link(address(target)), target),
                Mark::Picture(target) => (Same::Picture(address(target)), target),
                // Code may hold words of a language.
                Mark::Code(code) if code.is_ascii() => (Same::Code(code.clone()), code),
                Mark::Code(_) => continue,
            };
            tokens.push(Token { is, shown: shown.clone(), place: place.start + offset..place.end + offset });
        }
        tokens
    }

    fn value_tokens(&self, text: &str, span: Span) -> Vec<Token> {
        let mut tokens = self.tokens(&Words::plain(text, 0), 0);
        // A value may be quoted or escaped: all of it is the place.
        let place = range_of(span);
        tokens.iter_mut().for_each(|token| token.place = place.clone());
        tokens
    }

    /// Where a key of the front matter stands; the title where it is absent.
    fn key(&self, key: &str) -> Range<usize> {
        let front = split(self.source).map(|(front, _)| front).unwrap_or_default();
        let mut at = front.start;
        for line in self.source[front].split_inclusive('\n') {
            if line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':')) {
                return at..at + line.trim_end().len();
            }
            at += line.len();
        }
        range_of(self.text.front.title.span)
    }
}

fn range_of(span: Span) -> Range<usize> {
    match span.place {
        Place::Text { start, end } => start as usize..end as usize,
        _ => 0..0,
    }
}

/// Something that a text says alike in every language.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Token {
    is: Same,
    shown: String,
    place: Range<usize>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Same {
    Said(Invariant),
    Link(String),
    Picture(String),
    Code(String),
    Level(u8),
}

impl Token {
    /// The value of a number in words.
    fn word(&self) -> Option<u64> {
        match self.is {
            Same::Said(Invariant::Word(value)) => Some(value),
            _ => None,
        }
    }

    /// The value of a whole number in digits.
    fn number(&self) -> Option<u64> {
        let Same::Said(Invariant::Number { digits, power, percent: false }) = &self.is else { return None };
        digits.parse::<u64>().ok()?.checked_mul(10_u64.checked_pow(u32::try_from(*power).ok()?)?)
    }
}

/// What is left on either side when all that is alike is taken away.
fn leftovers(mut left: Vec<Token>, mut right: Vec<Token>) -> [Vec<Token>; 2] {
    let mut met = Vec::new();
    left.retain(|token| match right.iter().position(|other| other.is == token.is) {
        Some(at) => {
            met.push(right.remove(at).is);
            false
        }
        None => true,
    });
    // A number in words is the one in digits of the other language.
    for (from, to) in [(0, 1), (1, 0)] {
        let mut sides = [std::mem::take(&mut left), std::mem::take(&mut right)];
        let mut words = std::mem::take(&mut sides[to]);
        sides[from].retain(|token| {
            let Some(number) = token.number() else { return true };
            let same = words.iter().position(|other| other.word() == Some(number));
            same.map(|at| words.remove(at)).is_none()
        });
        sides[to] = words;
        [left, right] = sides;
    }
    // What one language only says twice.
    let mut sides = [left, right];
    for at in [0, 1] {
        let firm = |side: &[Token]| side.iter().filter(|token| token.word().is_none()).count();
        let mut excess = firm(&sides[at]).saturating_sub(firm(&sides[1 - at]));
        sides[at].retain(|token| {
            let repeats = excess > 0 && token.word().is_none() && met.contains(&token.is);
            excess -= usize::from(repeats);
            !repeats
        });
    }
    // What one language counts in words the other may list: words are told where they contradict words.
    let counted = |side: &[Token]| side.iter().any(|token| token.word().is_some_and(|value| value > 1));
    let contradict = counted(&sides[0]) && counted(&sides[1]);
    let firm = sides.each_ref().map(|side| side.iter().any(|token| token.word().is_none()));
    for at in [0, 1] {
        let keep = contradict || (firm[1 - at] && !firm[at]);
        sides[at].retain(|token| token.word().is_none_or(|value| keep && value > 1));
    }
    sides
}

fn compare_tokens(found: &mut Vec<Difference>, tokens: [Vec<Token>; 2], places: [Range<usize>; 2]) {
    let [left, right] = tokens;
    let left_over = leftovers(left, right);
    if left_over.iter().all(Vec::is_empty) {
        return;
    }
    let place =
        |at: usize| left_over[at].first().map_or(places[at].clone(), |token: &Token| token.place.clone());
    let places = [place(0), place(1)];
    let shown = left_over.map(|side| side.into_iter().map(|token| token.shown).collect::<Vec<_>>());
    let name = |words: &[String]| if words.is_empty() { "-".to_owned() } else { words.join(", ") };
    let name = format!("{} / {}", name(&shown[0]), name(&shown[1]));
    found.push(Difference { name, places, kind: Kind::Found(shown) });
}

fn compare_fronts(found: &mut Vec<Difference>, sides: &[Side<'_>; 2]) {
    let fronts = sides.each_ref().map(|side| &side.text.front);
    let mut key = |key: &'static str, is_same: bool| {
        if !is_same {
            let places = sides.each_ref().map(|side| side.key(key));
            found.push(Difference { name: key.to_owned(), places, kind: Kind::Key(key) });
        }
    };
    let [left, right] = fronts;
    key("order", left.order == right.order);
    let values = |list: &[crate::data::Spanned<String>]| -> Vec<String> {
        list.iter().map(|value| value.value.trim_matches('/').to_owned()).collect()
    };
    key("contacts", values(&left.contacts) == values(&right.contacts));
    key("related", values(&left.related) == values(&right.related));
    let kinds = |kinds: &[DateKind]| kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>();
    key("dates", kinds(&left.dates) == kinds(&right.dates));
    key("aliases", values(&left.aliases) == values(&right.aliases));
    let template =
        |front: &super::FrontMatter| front.template.as_ref().map(|template| template.value.clone());
    key("template", template(left) == template(right));
    let updated = |front: &super::FrontMatter| front.updated.as_ref().map(|date| date.value);
    key("updated", updated(left) == updated(right));
    key("facts", left.facts.len() == right.facts.len());

    let mut compare = |texts: [(&str, Span); 2]| {
        let tokens = [0, 1].map(|at| sides[at].value_tokens(texts[at].0, texts[at].1));
        compare_tokens(found, tokens, texts.map(|(_, span)| range_of(span)));
    };
    compare(fronts.map(|front| (front.title.value.as_str(), front.title.span)));
    compare(fronts.map(|front| (front.summary.value.as_str(), front.summary.span)));
    for (one, other) in left.facts.iter().zip(&right.facts) {
        compare([one, other].map(|fact| (fact.value.label.as_str(), fact.span)));
        compare([one, other].map(|fact| (fact.value.value.as_str(), fact.span)));
    }
    for (one, other) in left.deadlines.iter().zip(&right.deadlines) {
        compare([one, other].map(|deadline| (deadline.title.as_str(), deadline.date.span)));
    }
}

/// A heading with what stands below it, up to the next.
struct Section<'b> {
    level: u8,
    blocks: &'b [Block],
}

fn sections(blocks: &[Block]) -> Vec<Section<'_>> {
    let is_heading = |block: &Block| matches!(block.kind, BlockKind::Heading(_));
    let starts: Vec<usize> = (0..blocks.len()).filter(|at| is_heading(&blocks[*at])).collect();
    let first = starts.first().copied().unwrap_or(blocks.len());
    let mut sections = vec![Section { level: 0, blocks: &blocks[..first] }];
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(blocks.len());
        let BlockKind::Heading(level) = blocks[*start].kind else { continue };
        sections.push(Section { level, blocks: &blocks[*start..end] });
    }
    sections
}

fn compare_sections(found: &mut Vec<Difference>, sides: &[Side<'_>; 2], blocks: &[Vec<Block>; 2]) {
    let [left, right] = blocks.each_ref().map(|blocks| sections(blocks));
    let is_alike = left.len() == right.len();
    let pairs: Vec<[Option<usize>; 2]> = if is_alike {
        (0..left.len()).map(|at| [Some(at), Some(at)]).collect()
    } else {
        let bags = [(&left, 0), (&right, 1)].map(|(sections, at)| {
            sections.iter().map(|section| all_tokens(&sides[at], section.blocks)).collect::<Vec<_>>()
        });
        align([left.len(), right.len()], 6, |one, other| {
            if (one == 0) != (other == 0) {
                return None;
            }
            let (one, one_bag) = (&left[one], &bags[0][one]);
            let (other, other_bag) = (&right[other], &bags[1][other]);
            let over = leftovers(one_bag.clone(), other_bag.clone());
            let kinds = |section: &Section<'_>| {
                section.blocks.iter().map(|block| label(block.kind)).collect::<Vec<_>>()
            };
            let shape = u32::from(kinds(one) != kinds(other)) * 2 + u32::from(one.level != other.level);
            let over: usize = over.iter().map(Vec::len).sum();
            Some(shape + u32::try_from(over.min(9)).unwrap_or(9))
        })
    };
    if !is_alike {
        let gap = |at: usize| pairs.iter().find(|pair| pair[1 - at].is_none()).and_then(|pair| pair[at]);
        let sections = [&left, &right];
        let place = |at: usize| {
            let section = gap(at).unwrap_or(sections[at].len() - 1);
            let block = sections[at][section].blocks.first().or(blocks[at].last());
            block.map_or(range_of(sides[at].text.front.title.span), |block| {
                shifted(&block.range, sides[at].text.offset)
            })
        };
        count(found, BlockKind::Heading(2), [left.len() - 1, right.len() - 1], [place(0), place(1)]);
    }
    for pair in pairs {
        if let [Some(one), Some(other)] = pair {
            compare_blocks(found, sides, [&left[one], &right[other]]);
        }
    }
}

fn all_tokens(side: &Side<'_>, blocks: &[Block]) -> Vec<Token> {
    blocks.iter().flat_map(|block| &block.words).flat_map(|words| side.tokens(words, 0)).collect()
}

fn shifted(range: &Range<usize>, offset: usize) -> Range<usize> {
    range.start + offset..range.end + offset
}

fn count(found: &mut Vec<Difference>, kind: BlockKind, counts: [usize; 2], places: [Range<usize>; 2]) {
    let (what, name) = label(kind);
    let [left, right] = counts;
    found.push(Difference {
        name: format!("{name} {left} / {right}"),
        places,
        kind: Kind::Count(what, counts),
    });
}

/// What blocks are called: to people, and where a difference is accepted.
fn label(kind: BlockKind) -> (Message, &'static str) {
    match kind {
        BlockKind::Heading(_) => (say!("headings"), "headings"),
        BlockKind::Paragraph => (say!("paragraphs of this section"), "paragraphs"),
        BlockKind::Quotation => (say!("quotations of this section"), "quotations"),
        BlockKind::Item => (say!("list items of this section"), "items"),
        BlockKind::NumberedItem => (say!("numbered list items of this section"), "numbered items"),
        BlockKind::Table(_) => (say!("tables of this section"), "tables"),
        BlockKind::Row => (say!("table rows of this section"), "rows"),
        BlockKind::Code => (say!("code blocks of this section"), "code"),
        BlockKind::Rule => (say!("lines across this section"), "lines"),
    }
}

fn compare_blocks(found: &mut Vec<Difference>, sides: &[Side<'_>; 2], pair: [&Section<'_>; 2]) {
    let [left, right] = pair.map(|section| section.blocks);
    let name = |block: &Block| label(block.kind).1;
    let is_alike =
        left.len() == right.len() && left.iter().zip(right).all(|(one, other)| name(one) == name(other));
    let mut pairs: Vec<[Option<usize>; 2]> = if is_alike {
        (0..left.len()).map(|at| [Some(at), Some(at)]).collect()
    } else {
        let bags = [(left, 0), (right, 1)].map(|(blocks, at)| {
            blocks.iter().map(|block| all_tokens(&sides[at], std::slice::from_ref(block))).collect::<Vec<_>>()
        });
        align([left.len(), right.len()], 4, |one, other| {
            if name(&left[one]) != name(&right[other]) {
                return None;
            }
            let over = leftovers(bags[0][one].clone(), bags[1][other].clone());
            Some(u32::try_from(over.iter().map(Vec::len).sum::<usize>().min(7)).unwrap_or(7))
        })
    };
    // By kind, those that found no counterpart.
    let mut gaps: BTreeMap<&str, [Vec<usize>; 2]> = BTreeMap::new();
    for pair in &pairs {
        match *pair {
            [Some(one), None] => gaps.entry(name(&left[one])).or_default()[0].push(one),
            [None, Some(other)] => gaps.entry(name(&right[other])).or_default()[1].push(other),
            _ => {}
        }
    }
    for [ones, others] in gaps.values() {
        // In another order.
        pairs.extend(ones.iter().zip(others).map(|(one, other)| [Some(*one), Some(*other)]));
        if ones.len() == others.len() {
            continue;
        }
        let blocks = [left, right];
        let (at, missing) =
            if ones.len() > others.len() { (0, ones[others.len()]) } else { (1, others[ones.len()]) };
        let kind = blocks[at][missing].kind;
        let of_kind =
            |blocks: &[Block]| blocks.iter().filter(|block| label(block.kind).1 == label(kind).1).count();
        let counts = blocks.map(of_kind);
        // On the other side the last of its kind, or the heading.
        let place = |side: usize| {
            let same = |block: &&Block| label(block.kind).1 == label(kind).1;
            let block = match side == at {
                true => Some(&blocks[side][missing]),
                false => blocks[side].iter().rev().find(same).or(blocks[side].first()),
            };
            let title = range_of(sides[side].text.front.title.span);
            block.map_or(title, |block| shifted(&block.range, sides[side].text.offset))
        };
        count(found, kind, counts, [place(0), place(1)]);
    }
    for pair in pairs {
        let [Some(one), Some(other)] = pair else { continue };
        compare_pair(found, sides, [&left[one], &right[other]]);
    }
}

fn compare_pair(found: &mut Vec<Difference>, sides: &[Side<'_>; 2], pair: [&Block; 2]) {
    let places = [0, 1].map(|at| shifted(&pair[at].range, sides[at].text.offset));
    if let (BlockKind::Table(left), BlockKind::Table(right)) = (pair[0].kind, pair[1].kind)
        && left != right
    {
        let kind = Kind::Count(say!("table columns"), [left, right]);
        found.push(Difference { name: format!("columns {left} / {right}"), places: places.clone(), kind });
    }
    let tokens = |at: usize, words: &[Words]| -> Vec<Token> {
        let mut tokens: Vec<Token> =
            words.iter().flat_map(|words| sides[at].tokens(words, sides[at].text.offset)).collect();
        if let BlockKind::Heading(level) = pair[at].kind {
            let shown = "#".repeat(level.into());
            tokens.push(Token { is: Same::Level(level), shown, place: places[at].clone() });
        }
        tokens
    };
    if pair[0].words.len() == pair[1].words.len() {
        for (one, other) in pair[0].words.iter().zip(&pair[1].words) {
            let tokens = [tokens(0, std::slice::from_ref(one)), tokens(1, std::slice::from_ref(other))];
            compare_tokens(found, tokens, places.clone());
        }
    } else {
        compare_tokens(found, [tokens(0, &pair[0].words), tokens(1, &pair[1].words)], places);
    }
}

/// Pairs the members of two sequences in their order so that the sum of what the pairs cost and of `gap` for each that
/// stays alone is least. `cost` is `None` where two cannot be a pair.
fn align(
    lengths: [usize; 2],
    gap: u32,
    cost: impl Fn(usize, usize) -> Option<u32>,
) -> Vec<[Option<usize>; 2]> {
    let [left, right] = lengths;
    // The least cost of what begins at two members.
    let mut least = vec![vec![0_u32; right + 1]; left + 1];
    let mut costs = vec![vec![None; right]; left];
    for one in (0..=left).rev() {
        for other in (0..=right).rev() {
            let mut best = u32::MAX;
            if one < left {
                best = best.min(least[one + 1][other] + gap);
            }
            if other < right {
                best = best.min(least[one][other + 1] + gap);
            }
            if one < left && other < right {
                costs[one][other] = cost(one, other);
                if let Some(cost) = costs[one][other] {
                    best = best.min(least[one + 1][other + 1] + cost);
                }
            }
            least[one][other] = if one == left && other == right { 0 } else { best };
        }
    }
    let (mut one, mut other) = (0, 0);
    let mut pairs = Vec::new();
    while one < left || other < right {
        let cost = if one < left && other < right { costs[one][other] } else { None };
        if let Some(cost) = cost
            && least[one][other] == least[one + 1][other + 1] + cost
        {
            pairs.push([Some(one), Some(other)]);
            (one, other) = (one + 1, other + 1);
        } else if one < left && least[one][other] == least[one + 1][other] + gap {
            pairs.push([Some(one), None]);
            one += 1;
        } else {
            pairs.push([None, Some(other)]);
            other += 1;
        }
    }
    pairs
}
