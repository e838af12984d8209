//! Files that lie beside the texts for readers to download: forms, slides, tables.
//!
//! They are published as they are, at an address that stays the same when the file is replaced: people print it, and
//! other sites link to it. What could do harm is refused, and who wrote it is named.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use super::download;
use super::output::Artifact;
use super::permalink::{Permalink, percent_decode};
use crate::data::told_by_bytes;
use crate::source::{Failure, FileId, Files, Message, Report, Span, code, fingerprint, say};

/// The folder of attachments on the published site.
const FOLDER: &str = "files/";

/// What an attachment is, by its ending.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Pdf,
    Docx,
    Xlsx,
    Pptx,
    Zip,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Pdf, Kind::Docx, Kind::Xlsx, Kind::Pptx, Kind::Zip];

    fn ending(self) -> &'static str {
        match self {
            Kind::Pdf => ".pdf",
            Kind::Docx => ".docx",
            Kind::Xlsx => ".xlsx",
            Kind::Pptx => ".pptx",
            Kind::Zip => ".zip",
        }
    }

    fn of(path: &str) -> Option<Kind> {
        let path = path.to_ascii_lowercase();
        Kind::ALL.into_iter().find(|kind| path.ends_with(kind.ending()))
    }

    /// The part that a document of Office has and no other.
    fn main_part(self) -> Option<&'static str> {
        match self {
            Kind::Docx => Some("word/document.xml"),
            Kind::Xlsx => Some("xl/workbook.xml"),
            Kind::Pptx => Some("ppt/presentation.xml"),
            Kind::Pdf | Kind::Zip => None,
        }
    }
}

/// The endings that the names of attachments have.
pub fn endings() -> impl Iterator<Item = &'static str> {
    Kind::ALL.into_iter().map(Kind::ending)
}

/// Whether a name is that of an attachment.
pub fn is_attachment(path: &str) -> bool {
    Kind::of(path).is_some()
}

/// The ending of an attachment that a file of another kind can be saved as: `.docx` for `letter.doc`.
pub fn saved_as(path: &str) -> Option<&'static str> {
    let ending = path.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match ending.as_str() {
        "doc" | "docm" | "dot" | "dotx" | "dotm" | "rtf" | "odt" | "wps" | "pages" => ".docx",
        "xls" | "xlsm" | "xlsb" | "xltx" | "xltm" | "et" | "ods" | "numbers" => ".xlsx",
        "ppt" | "pptm" | "pps" | "ppsx" | "ppsm" | "dps" | "odp" | "key" => ".pptx",
        "rar" | "7z" | "tar" | "gz" => ".zip",
        _ => return None,
    })
}

/// Endings of files in an archive that run something when they are opened.
const PROGRAMS: [&str; 21] = [
    ".exe", ".msi", ".bat", ".cmd", ".com", ".scr", ".ps1", ".vbs", ".js", ".jar", ".lnk", ".hta", ".dll",
    ".apk", ".app", ".dmg", ".sh", ".docm", ".xlsm", ".pptm", ".xlsb",
];

/// An attachment.
#[derive(Debug)]
pub struct Attachment {
    /// Where it was read.
    pub file: FileId,
    /// Where it is published.
    pub permalink: Permalink,
    kind: Kind,
    bytes: Vec<u8>,
    found: Found,
}

/// What was found in an attachment.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Found {
    /// Nothing against it; the name of its author may be in it.
    Sound(Option<String>),
    /// It is another kind of file, if it is known.
    Other(Option<Message>),
    /// It ends too early, or cannot be read.
    Damaged,
    /// It holds something that runs, by the name of the part.
    Runs(String),
}

impl Attachment {
    /// Reads an attachment by its path below the folder of the texts, without `/` in front. None if no file can have its
    /// name.
    pub fn read(
        report: &mut Report,
        files: &Files,
        file: FileId,
        path: &str,
    ) -> Result<Option<Arc<Attachment>>, Failure> {
        let Some(kind) = Kind::of(path) else { return Ok(None) };
        let bytes = files.read(file)?;
        match Permalink::new(format!("{FOLDER}{path}")) {
            Ok(permalink) => {
                let found = found(kind, &bytes);
                Ok(Some(Arc::new(Attachment { file, permalink, kind, bytes, found })))
            }
            Err(why) => {
                report.error(code::ATTACHMENT, Span::whole(file), why).hint(say!("rename the file"));
                Ok(None)
            }
        }
    }

    /// What kind it is, as readers know it: `PDF`.
    pub fn kind(&self) -> String {
        self.kind.ending()[1..].to_ascii_uppercase()
    }

    /// How large it is, in words.
    pub fn size(&self) -> String {
        download::size(&self.bytes)
    }

    /// Reports what is wrong with an attachment to which a page links at a place. Its path is that below the folder of
    /// the texts.
    pub fn check(&self, report: &mut Report, path: &str, place: Span) {
        let ending = self.kind.ending();
        match &self.found {
            Found::Sound(None) => {}
            Found::Sound(Some(author)) => {
                report
                    .warning(
                        code::ATTACHMENT_AUTHOR,
                        Span::whole(self.file),
                        say!("`{path}` names its author: `{author}`", path, author),
                    )
                    .hint(match self.kind {
                        Kind::Pdf => say!(
                            "anyone who downloads it can read that: remove the author in the document it was made from, and export it again"
                        ),
                        _ => say!(
                            "anyone who downloads it can read that: in Office, choose File, Info, Inspect Document, and remove document properties; in WPS, File, Document Encryption, Properties"
                        ),
                    });
            }
            Found::Other(what) => {
                let message = match what {
                    Some(what) => {
                        say!("`{path}` is not a {ending} file, but {what}", path, ending, what = what.clone())
                    }
                    None => say!("`{path}` is not a {ending} file", path, ending),
                };
                report.error(code::ATTACHMENT, place, message).hint(say!(
                    "open content{path} in the program that made it, and save it as {ending}",
                    path,
                    ending
                ));
            }
            Found::Damaged => {
                report
                    .error(
                        code::ATTACHMENT,
                        place,
                        say!("the attachment `{path}` is incomplete or damaged", path),
                    )
                    .hint(say!("copy or download content{path} again from where it came from", path));
            }
            Found::Runs(part) => {
                let hint = match self.kind {
                    Kind::Zip => say!("remove `{part}` from content{path}, and pack it again", part, path),
                    Kind::Pdf => say!("print content{path} to a new PDF file", path),
                    _ => say!("save content{path} as a {ending} file without macros", path, ending),
                };
                report
                    .error(
                        code::ATTACHMENT,
                        place,
                        say!(
                            "`{path}` could run code on readers' computers: it contains `{part}`",
                            path,
                            part
                        ),
                    )
                    .hint(hint);
            }
        }
    }

    /// The file, to be published.
    pub fn artifact(&self) -> Option<Artifact<'_>> {
        let is_sound = matches!(self.found, Found::Sound(_));
        is_sound.then(|| Artifact::bytes(self.permalink.clone(), self.bytes.as_slice()))
    }
}

/// Attachments by their path below the folder of the texts, from `/`: `/activities/form.docx`.
#[derive(Clone, Debug, Default)]
pub struct Attachments(BTreeMap<String, Arc<Attachment>>);

impl Attachments {
    /// Takes an attachment in.
    pub fn insert(&mut self, path: String, attachment: Arc<Attachment>) {
        self.0.insert(path, attachment);
    }

    /// The attachment at a path as it stands in a text, which may have letters as `%` and two digits.
    pub fn find(&self, path: &str) -> Option<(&str, &Attachment)> {
        let entry = self.0.get_key_value(path).or_else(|| self.0.get_key_value(&percent_decode(path)?));
        entry.map(|(path, attachment)| (path.as_str(), attachment.as_ref()))
    }

    /// All attachments with their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Attachment)> {
        self.0.iter().map(|(path, attachment)| (path.as_str(), attachment.as_ref()))
    }

    /// A number that differs where what a text says of them differs.
    pub fn print(&self) -> u64 {
        let said = self.iter().map(|(path, attachment)| (path, attachment.bytes.len()));
        fingerprint(&said.collect::<Vec<_>>())
    }
}

fn found(kind: Kind, bytes: &[u8]) -> Found {
    const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0";
    let begins = match kind {
        Kind::Pdf => bytes.starts_with(b"%PDF"),
        _ => bytes.starts_with(b"PK\x03\x04"),
    };
    match kind {
        _ if bytes.starts_with(OLD_OFFICE) => {
            Found::Other(Some(say!("an old Office document, or one that is protected by a password")))
        }
        _ if bytes.is_empty() => Found::Other(Some(say!("an empty file"))),
        _ if !begins => Found::Other(told_by_bytes(bytes)),
        Kind::Pdf => found_in_pdf(bytes),
        kind => found_in_archive(kind, bytes).unwrap_or(Found::Damaged),
    }
}

/// The name of what starts a program when a PDF document is opened. Scripts stay: readers keep them in, and forms to be
/// filled in need them.
const LAUNCH: &str = "/Launch";

fn found_in_pdf(bytes: &[u8]) -> Found {
    let holds = |bytes: &[u8], words: &str| memchr::memmem::find(bytes, words.as_bytes()).is_some();
    if !holds(&bytes[bytes.len().saturating_sub(4096)..], "%%EOF") {
        return Found::Damaged;
    }
    if holds(bytes, LAUNCH) {
        return Found::Runs(LAUNCH.to_owned());
    }
    // Only what is not packed is looked at: most programs leave these notes so, for search engines.
    let author = after(bytes, b"/Author").and_then(pdf_text);
    Found::Sound(
        author.or_else(|| after(bytes, b"<dc:creator>").and_then(first_text)).filter(|name| !name.is_empty()),
    )
}

fn after<'b>(bytes: &'b [u8], name: &[u8]) -> Option<&'b [u8]> {
    memchr::memmem::find(bytes, name).map(|at| &bytes[at + name.len()..])
}

/// A text as PDF writes it: in brackets, or in hexadecimal digits.
fn pdf_text(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.trim_ascii_start();
    let raw: Vec<u8> = match bytes.first()? {
        b'(' => {
            let mut raw = Vec::new();
            let mut rest = bytes[1..].iter();
            loop {
                match rest.next()? {
                    b')' => break raw,
                    b'\\' => raw.push(*rest.next()?),
                    byte => raw.push(*byte),
                }
            }
        }
        b'<' => {
            let digits = &bytes[1..memchr::memchr(b'>', bytes)?];
            let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16)?).ok();
            let pairs = digits.chunks_exact(2).map(|pair| Some(digit(pair[0])? * 16 + digit(pair[1])?));
            pairs.collect::<Option<_>>()?
        }
        _ => return None,
    };
    let text = match raw.strip_prefix(b"\xfe\xff") {
        Some(wide) => {
            let units: Vec<u16> =
                wide.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(&raw).into_owned(),
    };
    Some(text.trim().to_owned())
}

/// The first text behind tags.
fn first_text(xml: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(&xml[..xml.len().min(4096)]).unwrap_or_default();
    let mut rest = text;
    while let Some(tag) = rest.trim_start().strip_prefix('<') {
        rest = tag.split_once('>')?.1;
    }
    let text = rest.split('<').next().unwrap_or_default().trim();
    (!text.is_empty()).then(|| super::escape::unescape(text).into_owned())
}

fn found_in_archive(kind: Kind, bytes: &[u8]) -> Option<Found> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut names = Vec::new();
    for index in 0..archive.len() {
        names.push(archive.by_index_raw(index).ok()?.name().ok()?.into_owned());
    }
    let runs = |name: &&String| {
        let name = name.to_ascii_lowercase();
        name.ends_with("vbaproject.bin")
            || name.contains("/activex/")
            || (kind == Kind::Zip && PROGRAMS.iter().any(|ending| name.ends_with(ending)))
    };
    if let Some(part) = names.iter().find(runs) {
        return Some(Found::Runs(part.clone()));
    }
    let has = |part: &str| names.iter().any(|name| name == part);
    let Some(main) = kind.main_part() else { return Some(Found::Sound(None)) };
    if !has(main) {
        let other = Kind::ALL.into_iter().find(|kind| kind.main_part().is_some_and(has));
        let what = match other {
            Some(Kind::Docx) => say!("a text document (.docx)"),
            Some(Kind::Xlsx) => say!("a workbook (.xlsx)"),
            Some(Kind::Pptx) => say!("a presentation (.pptx)"),
            _ => say!("a zip archive, such as a document or workbook"),
        };
        return Some(Found::Other(Some(what)));
    }
    let mut notes = Vec::new();
    if let Ok(part) = archive.by_name("docProps/core.xml") {
        part.take(1 << 16).read_to_end(&mut notes).ok()?;
    }
    let named = |name: &[u8]| after(&notes, name).and_then(first_text_of_element);
    Some(Found::Sound(named(b"<dc:creator>").or_else(|| named(b"<cp:lastModifiedBy>"))))
}

/// The text of an element behind its opening tag.
fn first_text_of_element(xml: &[u8]) -> Option<String> {
    let text = &xml[..memchr::memchr(b'<', xml)?];
    let text = std::str::from_utf8(text).ok()?.trim();
    (!text.is_empty()).then(|| super::escape::unescape(text).into_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn what_could_do_harm_and_who_wrote_it_is_found() {
        #[track_caller]
        fn case(kind: Kind, bytes: &[u8], expected: Found) {
            assert_eq!(found(kind, bytes), expected);
        }
        let author = |name: &str| Found::Sound(Some(name.to_owned()));
        let word = ("word/document.xml", "");
        let core = ("docProps/core.xml", "<x><dc:creator>张三 &amp; 李四</dc:creator></x>");
        let empty =
            ("docProps/core.xml", "<dc:creator></dc:creator><cp:lastModifiedBy>Li</cp:lastModifiedBy>");
        case(Kind::Docx, &archive(&[word]), Found::Sound(None));
        case(Kind::Docx, &archive(&[word, core]), author("张三 & 李四"));
        case(Kind::Docx, &archive(&[word, empty]), author("Li"));
        case(
            Kind::Docx,
            &archive(&[word, ("word/vbaProject.bin", "")]),
            Found::Runs("word/vbaProject.bin".to_owned()),
        );
        case(
            Kind::Docx,
            &archive(&[("xl/workbook.xml", "")]),
            Found::Other(Some(say!("a workbook (.xlsx)"))),
        );
        case(Kind::Zip, &archive(&[("a/Setup.EXE", "")]), Found::Runs("a/Setup.EXE".to_owned()));
        case(Kind::Zip, &archive(&[("a.txt", "")]), Found::Sound(None));
        let whole = archive(&[word]);
        case(Kind::Docx, &whole[..whole.len() / 2], Found::Damaged);
        case(
            Kind::Docx,
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            Found::Other(Some(say!("an old Office document, or one that is protected by a password"))),
        );
        case(Kind::Pdf, b"MZ\x90", Found::Other(None));
        case(Kind::Pdf, b"%PDF-1.7\n%%EOF\n", Found::Sound(None));
        case(Kind::Pdf, b"%PDF-1.7\n", Found::Damaged);
        case(Kind::Pdf, b"%PDF-1.7 /Author (A \\(B\\)) %%EOF", author("A (B)"));
        case(Kind::Pdf, b"%PDF-1.7 /Author <FEFF5F204E09> %%EOF", author("张三"));
        case(Kind::Pdf, b"%PDF-1 <dc:creator><rdf:Seq><rdf:li>Li</rdf:li> %%EOF", author("Li"));
        case(Kind::Pdf, b"%PDF-1.7 /S /Launch %%EOF", Found::Runs("/Launch".to_owned()));
    }
}
