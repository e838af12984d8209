//! The guide: the Markdown files of the folder `src/guide`, which a code host shows and this program carries.
//!
//! `README.md` is the list of pages, in the order in which they are named. What only the tests read, comments and what
//! stands behind the language of a block of code, is left out where a page is printed.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use crate::lang::Lang;

static GUIDE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/guide");

static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let links = index(Lang::EN).split("](").skip(1);
    links.filter_map(|rest| rest.split_once(')')?.0.strip_suffix(".md")).collect()
});

/// The names of the pages, in the order of the list.
pub(super) fn names() -> &'static [&'static str] {
    &NAMES
}

/// The list of pages, as it is written.
pub(super) fn index(lang: Lang) -> &'static str {
    file("README", lang)
}

/// A page, as it is written.
pub(super) fn page(name: &str, lang: Lang) -> &'static str {
    file(name, lang)
}

fn file(name: &str, lang: Lang) -> &'static str {
    let folder = if lang == Lang::ZH { "zh" } else { "en" };
    let file = GUIDE.get_file(format!("{folder}/{name}.md")).expect("the guide has the page");
    file.contents_utf8().expect("the guide is text")
}

/// A page as a terminal shows it: a link to another page is the command that prints it.
pub(super) fn printed(text: &str) -> String {
    let mut printed = String::new();
    let mut in_comment = false;
    for line in text.lines() {
        in_comment |= line.starts_with("<!--");
        if in_comment {
            in_comment = !line.ends_with("-->");
            continue;
        }
        match line.trim_start().starts_with("```") {
            true => printed.push_str(line.split(' ').next().unwrap_or(line)),
            false => push_with_commands(&mut printed, line),
        }
        printed.push('\n');
    }
    printed.trim_start().to_owned()
}

fn push_with_commands(printed: &mut String, line: &str) {
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("](") {
        let name = after.split_once(')').and_then(|(target, behind)| {
            let name = target.split('#').next()?.strip_suffix(".md")?;
            Some((names().iter().find(|known| **known == name)?, behind))
        });
        let (Some((name, behind)), Some((start, title))) = (name, before.rsplit_once('[')) else {
            printed.push_str(before);
            printed.push_str("](");
            rest = after;
            continue;
        };
        printed.push_str(start);
        printed.push_str(&format!("{title} (`jinbang guide {name}`)"));
        rest = behind;
    }
    printed.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_pages_are_commands_where_they_are_printed() {
        let page = "<!-- run\ncd site\n-->\n# Title\n\nRead [seals](seal.md#keys) and [the site](https://a.example).\n\n```sh norun=\"why\"\njinbang\n```\n";
        assert_eq!(
            printed(page),
            "# Title\n\nRead seals (`jinbang guide seal`) and [the site](https://a.example).\n\n```sh\njinbang\n```\n"
        );
    }
}
