//! The links of a text: each leads where it may, or its words stay alone.

use super::body::{Link, Meant};
use unicode_normalization::UnicodeNormalization;

use super::torn_link::TornLink;
use super::writer::Writer;
use crate::data::meant_address;
use crate::lang::Lang;
use crate::site::attachment::{self, is_attachment};
use crate::site::escape::{escape, escape_address};
use crate::site::links::scheme;
use crate::site::picture::is_picture;
use crate::source::{Message, Place, Span, any_of, code, say};

/// Where a link leads that is let through.
struct Address {
    url: String,
    leaves_site: bool,
    /// What readers are told of a file before they load it.
    note: Option<String>,
}

impl Address {
    fn of_site(url: String) -> Address {
        Address { url, leaves_site: false, note: None }
    }
}

impl Writer<'_> {
    /// Begins a link, if it leads where it may.
    pub(super) fn link(&mut self, target: &str, title: &str, words: &str, span: Span) {
        if words.trim().is_empty() {
            self.report
                .error(code::MARKDOWN_LINK, span, say!("link without text"))
                .hint(say!("write the text of the link between `[` and `]`"));
        }
        self.body.links.push(Link { target: target.to_owned(), span });
        // `！[图](/x.png)` is a link behind an exclamation mark. Whether the file is there is asked when it is a picture.
        let before = self.start_of(span).map_or("", |at| &self.text[..at]);
        if before.ends_with('！') && is_picture(target) {
            if let Ok(file) = (self.around.find)(target) {
                self.body.files.entry(file.path).or_insert(span);
            }
            let meant = format!("![{words}]({target})");
            self.report
                .error(code::MARKDOWN_IMAGE, span, say!("this is not a picture and is shown as is"))
                .hint(say!(
                    "write `{meant}`, with half-width brackets and parentheses and nothing between them",
                    meant
                ));
            self.open_links.push(None);
            return;
        }
        let Some(address) = self.address(target, span) else {
            self.open_links.push(None);
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
        let note = address.note.as_deref().map(escape).unwrap_or_default();
        self.open_links.push(Some(format!("{note}</a>")));
    }

    /// Where in the text a place of it begins.
    fn start_of(&self, span: Span) -> Option<usize> {
        match span.place {
            Place::Text { start, .. } => (start as usize).checked_sub(self.offset),
            _ => None,
        }
    }

    /// Warns of a link that is none.
    pub(super) fn torn_link(&mut self, torn: &TornLink) {
        let span = Span::text(self.file, self.offset + torn.place.start, self.offset + torn.place.end);
        let (code, message) = match torn.is_image {
            true => (code::MARKDOWN_IMAGE, say!("this is not a picture and is shown as is")),
            false => (code::MARKDOWN_LINK, say!("this is not a link and is shown as is")),
        };
        self.report.warning(code, span, message).hint(say!(
            "write `{meant}`, with half-width brackets and parentheses and nothing between them",
            meant = torn.meant
        ));
    }

    /// Reports a link to a file that is not there, or that is of no kind that is published.
    fn missing_file(&mut self, path: &str, ending: &str, meant: Option<String>, span: Span) {
        let draft = self.report.error(
            code::MARKDOWN_LINK,
            span,
            say!("`content` has no picture and no attachment `{path}`", path),
        );

        match (meant, attachment::saved_as(path)) {
            (_, Some(other)) => {
                let stem = &path[..path.len() - ending.len()];
                draft.hint(say!(
                    "{ending} files are not published: save it as content{stem}{other}, and write `{stem}{other}`",
                    ending,
                    stem,
                    other
                ))
            }
            (Some(meant), None) => draft.hint(say!("did you mean `{meant}`?", meant)),
            (None, None) if is_picture(path) || is_attachment(path) => {
                draft.hint(say!("put the file at content{target}", target = path))
            }
            (None, None) => {
                draft.hint(say!("an attachment is a {kinds} file", kinds = any_of(attachment::endings())))
            }
        };
    }

    /// The address that a link leads to, if it is one of those that are let through.
    fn address(&mut self, target: &str, span: Span) -> Option<Address> {
        let mut refuse = |message: Message, hint: Message| {
            self.report.error(code::MARKDOWN_LINK, span, message).hint(hint);
        };
        if target.starts_with("//") || target.starts_with("/\\") || target.starts_with('\\') {
            refuse(say!("address without a scheme: `{target}`", target), say!("write `https:` before it"));
            return None;
        }
        if target.chars().any(char::is_control) {
            refuse(say!("address with a control character"), say!("type the address again"));
            return None;
        }
        if target.starts_with('#') {
            return Some(Address::of_site(escape_address(target)));
        }
        if target.starts_with('/') {
            let end = target.find(['#', '?']).unwrap_or(target.len());
            return match (self.around.resolve)(&target[..end]) {
                Ok(url) => Some(Address::of_site(url + &escape_address(&target[end..]))),
                Err(meant) => {
                    let found = (self.around.find)(&target[..end]);
                    if let Ok(shown) = found {
                        self.body.files.entry(shown.path).or_insert(span);
                        let widest = shown.widths.into_iter().next_back()?;
                        return Some(Address { url: widest.url, leaves_site: false, note: shown.note });
                    }
                    if let Some(ending) = ending_of_file(&target[..end]) {
                        self.missing_file(&target[..end], ending, found.err().flatten(), span);
                        return None;
                    }
                    let page = &target[..end];
                    if let Some(Meant::From(day)) = meant {
                        let message = say!("the page `{page}` is published from {day} on", page, day);
                        self.report
                            .note(code::MARKDOWN_LINK, span, message)
                            .hint(say!("until then the words of the link are shown without it"));
                        return None;
                    }
                    let message = match meant {
                        Some(Meant::Draft) => say!("the page `{page}` is a draft and is not published", page),
                        _ => say!("unknown page `{page}`", page),
                    };
                    let draft = self.report.error(code::MARKDOWN_LINK, span, message);
                    match meant {
                        Some(Meant::Draft) => draft
                            .hint(say!("remove the link, or remove `draft` in every language of that page")),
                        Some(Meant::Near(meant)) => draft.hint(say!("did you mean `{meant}`?", meant)),
                        Some(Meant::WithoutLanguage(meant)) => {
                            draft.hint(say!("write `{meant}`: the language is added automatically", meant))
                        }
                        Some(Meant::From(_)) | None => {
                            draft.hint(say!("write the page's path without the language: `/activities/`"))
                        }
                    };
                    None
                }
            };
        }
        if let Some(path) = path_of_preview(target) {
            refuse(
                say!("the address `{target}` is that of the preview on this computer", target),
                say!("write the page's path without the language: `{path}`", path),
            );
            return None;
        }
        let known = scheme(target).map(str::to_ascii_lowercase);
        match known.as_deref() {
            Some(web @ ("http" | "https")) if !target[web.len()..].starts_with("://") => {
                let hint = match meant_address(target) {
                    Some(meant) => say!("write `{meant}`", meant),
                    None => say!("write `https://` and the host"),
                };
                refuse(say!("address without a host: `{target}`", target), hint);
                None
            }
            Some("http" | "https") => {
                Some(Address { url: escape_address(target), leaves_site: true, note: None })
            }
            Some("mailto" | "tel") => Some(Address::of_site(escape_address(target))),
            Some(other) => {
                let message = say!("unsupported address `{other}:`", other);
                refuse(
                    message,
                    say!("use https, http, mailto, tel, or a path of this site that begins with `/`"),
                );
                None
            }
            None if target.is_empty() => {
                refuse(
                    say!("link without an address"),
                    say!("write the address between the parentheses, or remove the brackets around the text"),
                );
                None
            }
            None => {
                let page = format!("/{}", target.trim_start_matches("./"));
                let meant = meant_address(target)
                    .or_else(|| whole_address(target))
                    .or_else(|| (self.around.resolve)(&page).is_ok().then_some(page));
                let hint = match meant {
                    Some(meant) => say!("write `{meant}`", meant),
                    None => say!(
                        "write a path that begins with `/`, without the language; other sites begin with `https://`"
                    ),
                };
                refuse(say!("incomplete address: `{target}`", target), hint);
                None
            }
        }
    }
}

/// The path of an address that `serve` shows, without the language.
fn path_of_preview(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !["127.0.0.1", "localhost", "0.0.0.0", "[::1]"].contains(&name) {
        return None;
    }
    let path = match path.split_once('/') {
        Some((first, below)) if first.parse::<Lang>().is_ok() => below,
        _ => path,
    };
    Some(format!("/{path}"))
}

/// The address that was meant by one without a scheme, or with the signs of a Chinese keyboard.
fn whole_address(target: &str) -> Option<String> {
    let target: String = target.nfkc().map(|letter| if letter == '。' { '.' } else { letter }).collect();
    let target = target.trim();
    if target.starts_with('/') || scheme(target).is_some() {
        let known = ["/", "https://", "http://", "mailto:", "tel:"];
        return known.iter().any(|known| target.starts_with(known)).then(|| target.to_owned());
    }
    let host = target.split(['/', '?', '#']).next().unwrap_or_default();
    let (_, top) = host.rsplit_once('.')?;
    let is_file =
        ["md", "html", "htm", "pdf", "doc", "docx", "xls", "xlsx", "zip"].contains(&top) || is_picture(host);
    let is_host = top.len() > 1 && top.bytes().all(|byte| byte.is_ascii_alphabetic()) && !is_file;
    is_host.then(|| format!("https://{target}"))
}

/// The ending of the name of a file, which no page has: `.pdf`.
fn ending_of_file(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    let ending = &name[name.rfind('.').filter(|at| *at > 0)?..];
    let is_ending = |letter: char| letter.is_ascii_alphanumeric();
    (ending.len() > 1 && ending.len() < 6 && ending[1..].chars().all(is_ending)).then_some(ending)
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::{problems, refused, sound};

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
        sound("[表](/form.pdf)", "<p><a href=\"/sub/files/form.pdf\">表（PDF，1 KB）</a></p>\n");
        refused("[表](/from.pdf)", "<p>表</p>\n", "`content` has no picture and no attachment `/from.pdf`");
        refused("[看](/vlog/)", "<p>看</p>\n", "unknown page `/vlog/`");
        refused("[x](javascript:alert(1))", "<p>x</p>\n", "unsupported address `javascript:`");
        refused("[x](JAVA&#115;CRIPT:a)", "<p>x</p>\n", "unsupported address `javascript:`");
        refused("[x](data:text/html,a)", "<p>x</p>\n", "unsupported address `data:`");
        refused("[x](//a.org/)", "<p>x</p>\n", "address without a scheme: `//a.org/`");
        refused("[x](https:a.org)", "<p>x</p>\n", "address without a host: `https:a.org`");
        refused("[x](vlog/)", "<p>x</p>\n", "incomplete address: `vlog/`");
        refused("[见]()", "<p>见</p>\n", "link without an address");
        for (target, meant) in [
            ("www.a.org/x", "https://www.a.org/x"),
            ("info@a.org", "mailto:info@a.org"),
            ("https：//a.org", "https://a.org"),
            ("／zone／", "/zone/"),
        ] {
            let told = problems(&format!("[见]({target})"));
            assert_eq!(told, [format!("incomplete address: `{target}`: write `{meant}`")]);
        }
        let told = problems("[见](http://127.0.0.1:1111/zh/zone/#a)");
        assert!(told[0].ends_with("write the page's path without the language: `/zone/#a`"), "{told:?}");
        refused(
            "[](https://a.org)",
            "<p><a href=\"https://a.org\" rel=\"external noopener\"></a></p>\n",
            "link without text",
        );
    }
}
