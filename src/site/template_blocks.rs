//! Blocks of templates that lie over others: the engine leaves out without a word what none of those has.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{FileId, Report, Span, code, list, nearest, say};

/// Reports blocks that no template has which theirs extends. A template of a theme below is found by its name alone,
/// behind one of `prefixes`.
pub(super) fn report_unused_blocks(
    report: &mut Report,
    sources: &BTreeMap<String, (FileId, String)>,
    prefixes: &[String],
) -> bool {
    let read: BTreeMap<&str, Tags<'_>> =
        sources.iter().map(|(name, (_, text))| (name.as_str(), Tags::of(text))).collect();
    let find = |name: &str| {
        let below = || prefixes.iter().find_map(|prefix| read.get(format!("{prefix}{name}").as_str()));
        read.get(name).or_else(below)
    };
    let mut sound = true;
    for (name, tags) in &read {
        let mut above: BTreeSet<&str> = BTreeSet::new();
        let mut parent = tags.extends.and_then(find);
        let extends = parent.is_some();
        // Whether templates extend themselves is found by the engine.
        for _ in 0..sources.len() {
            let Some(tags) = parent else { break };
            above.extend(tags.blocks.iter().map(|block| block.name));
            parent = tags.extends.and_then(find);
        }
        let unused = |block: &&Block<'_>| extends && block.is_outermost && !above.contains(block.name);
        for Block { name: block, start, .. } in tags.blocks.iter().filter(unused) {
            sound = false;
            let message = say!(
                "no template above has a block `{block}`: what stands in it is not shown",
                block = *block
            );
            report
                .error(code::TEMPLATE, Span::text(sources[*name].0, *start, start + block.len()), message)
                .label_meant(nearest(block, above.iter().copied()))
                .hint(say!("blocks there are: {names}", names = list(&above)));
        }
    }
    sound
}

/// The tags of a template that say how it lies over another one.
#[derive(Default)]
struct Tags<'t> {
    extends: Option<&'t str>,
    blocks: Vec<Block<'t>>,
}

/// A block, and where its name stands.
struct Block<'t> {
    name: &'t str,
    start: usize,
    is_outermost: bool,
}

impl<'t> Tags<'t> {
    fn of(text: &'t str) -> Tags<'t> {
        let mut tags = Tags::default();
        let mut depth = 0usize;
        let mut at = 0;
        while let Some(next) = text[at..].find("{%").into_iter().chain(text[at..].find("{#")).min() {
            let start = at + next + 2;
            let end = if text[..start].ends_with('#') { "#}" } else { "%}" };
            let Some(length) = text[start..].find(end) else { break };
            at = start + length + 2;
            let inside = text[start..start + length].trim_matches('-').trim();
            let (tag, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
            match tag {
                _ if end == "#}" => {}
                "extends" => tags.extends = Some(rest.trim().trim_matches(['"', '\''])),
                "block" => {
                    let name = rest.trim();
                    // The name is the last word of the tag.
                    let place = start + text[start..start + length].rfind(name).unwrap_or_default();
                    tags.blocks.push(Block { name, start: place, is_outermost: depth == 0 });
                    depth += 1;
                }
                "endblock" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        tags
    }
}
