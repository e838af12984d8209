//! Brings a site out: renders its pages, holds their links against each other, hands the bytes on.
//!
//! A page is rendered, looked at, handed on and dropped, on all processors, so the memory a site takes
//! does not grow with its pages. What is reported and written does not depend on their order.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use hashbrown::HashMap;
use rayon::prelude::*;

use super::csp::{Inline, with_policy};
use super::links::{PageLinks, Targets};
use super::markdown::Link;
use super::permalink::{BaseUrl, Permalink};
use crate::source::{Failure, Problem, Report, code, fingerprint, say};

/// A page or a file of the site.
#[derive(Clone)]
pub struct Artifact<'a> {
    /// Where it is.
    pub permalink: Permalink,
    /// What it is.
    pub content: Content<'a>,
    /// A number that stands for all that it is made of, where that is known: the same number in the same
    /// place makes the same bytes.
    pub made_of: Option<u64>,
    /// The links of a text on it that can only be judged when all pages are made, with their places in the source.
    pub links: Vec<Link>,
}

/// Makes the bytes of a page or file when they are needed. Reports what is wrong and returns none if
/// they cannot be made.
pub type Render<'a> = Arc<dyn Fn(&mut Report) -> Option<Vec<u8>> + Send + Sync + 'a>;

/// Makes the bytes of a file from what stands in all pages.
pub type Make<'a> = Arc<dyn Fn(&Inline) -> Vec<u8> + Send + Sync + 'a>;

/// What a page or file is.
#[derive(Clone)]
pub enum Content<'a> {
    /// Bytes that are there already.
    Bytes(Cow<'a, [u8]>),
    /// Bytes that are made when they are needed, and dropped.
    Rendered(Render<'a>),
    /// Bytes that are made when all pages are, from what stands in them.
    Last(Make<'a>),
}

impl<'a> Artifact<'a> {
    /// A file of bytes.
    pub fn bytes(permalink: Permalink, bytes: impl Into<Cow<'a, [u8]>>) -> Artifact<'a> {
        Artifact { permalink, content: Content::Bytes(bytes.into()), made_of: None, links: Vec::new() }
    }

    /// A page that is rendered when it is needed.
    pub fn page(
        permalink: Permalink,
        render: impl Fn(&mut Report) -> Option<String> + Send + Sync + 'a,
    ) -> Artifact<'a> {
        let render = move |report: &mut Report| render(report).map(String::into_bytes);
        Artifact { permalink, content: Content::Rendered(Arc::new(render)), made_of: None, links: Vec::new() }
    }

    /// A file that is made when it is needed.
    pub fn file(
        permalink: Permalink,
        render: impl Fn(&mut Report) -> Option<Vec<u8>> + Send + Sync + 'a,
    ) -> Artifact<'a> {
        Artifact { permalink, content: Content::Rendered(Arc::new(render)), made_of: None, links: Vec::new() }
    }

    /// A file that is made when all pages are, from what stands in them.
    pub fn last(permalink: Permalink, make: impl Fn(&Inline) -> Vec<u8> + Send + Sync + 'a) -> Artifact<'a> {
        Artifact { permalink, content: Content::Last(Arc::new(make)), made_of: None, links: Vec::new() }
    }
}

/// Where the bytes of a site go. Called from many threads, once for every place.
pub trait Sink: Sync {
    /// Takes the bytes of a page or file.
    fn put(&self, permalink: &Permalink, bytes: &[u8]) -> Result<(), Failure>;
}

/// A sink for checks: it takes nothing down.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl Sink for Nowhere {
    fn put(&self, _: &Permalink, _: &[u8]) -> Result<(), Failure> {
        Ok(())
    }
}

/// A sink that keeps everything in memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<BTreeMap<Permalink, Vec<u8>>>);

impl Memory {
    /// What was put.
    pub fn into_files(self) -> BTreeMap<Permalink, Vec<u8>> {
        self.0.into_inner().expect("nothing panics with the lock")
    }
}

impl Sink for Memory {
    fn put(&self, permalink: &Permalink, bytes: &[u8]) -> Result<(), Failure> {
        self.0.lock().expect("nothing panics with the lock").insert(permalink.clone(), bytes.to_vec());
        Ok(())
    }
}

/// How much was brought out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Written {
    /// Pages and files.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// The styles and scripts that stand in the pages.
    pub inline: Inline,
}

/// Renders a site into a sink, and reports what is wrong with its pages and with the links between
/// them. The sink gets what could be rendered; whether to keep it is the caller's to say, who asks the
/// report.
pub fn write(
    report: &mut Report,
    artifacts: &[&Artifact<'_>],
    base: &BaseUrl,
    sink: &dyn Sink,
) -> Result<Written, Failure> {
    write_again(report, artifacts, artifacts.len(), base, sink, &mut Looks::default())
}

/// What was seen of the pages of a site when they were rendered.
#[derive(Default)]
pub struct Looks {
    /// Stands for the places of the site, by which links are judged.
    places: u64,
    pages: Vec<Option<(u64, Arc<Rendered>)>>,
}

/// Does what [`write()`] does, and reports the same, but renders only what is not known from `looks`: the
/// sink does not get the pages again that are as they were. The places of the first so many artifacts are steady:
/// others have their names from what is in them, and change with it.
pub fn write_again(
    report: &mut Report,
    artifacts: &[&Artifact<'_>],
    steady: usize,
    base: &BaseUrl,
    sink: &dyn Sink,
    looks: &mut Looks,
) -> Result<Written, Failure> {
    // What could not be read or planned is missing among the artifacts.
    let whole = !report.has_errors();
    let permalinks: Vec<&Permalink> = artifacts.iter().map(|artifact| &artifact.permalink).collect();
    let places = fingerprint(&(base, &permalinks[..steady]));
    if looks.places != places {
        *looks = Looks { places, pages: Vec::new() };
    }
    looks.pages.resize(steady, None);
    looks.pages.resize(artifacts.len(), None);
    let doubled = report_doubled(report, artifacts);
    let targets = Targets::new(base, permalinks);
    let rendered: Result<Vec<Arc<Rendered>>, Failure> = artifacts
        .par_iter()
        .zip(doubled.par_iter())
        .zip(looks.pages.par_iter())
        .map(|((artifact, &doubled), look)| match look {
            Some((made_of, seen)) if artifact.made_of == Some(*made_of) => Ok(Arc::clone(seen)),
            _ => render(artifact, &targets, (!doubled).then_some(sink)).map(Arc::new),
        })
        .collect();
    let rendered = rendered?;
    let mut written = Written::default();
    let mut problems = Problems::default();
    for (number, (artifact, rendered)) in artifacts.iter().zip(&rendered).enumerate() {
        problems.add(&artifact.permalink, &rendered.report);
        written.files += usize::from(rendered.bytes.is_some());
        written.bytes += rendered.bytes.unwrap_or_default();
        written.inline.add(rendered.inline.clone());
        // What was found on a page holds for as long as the places hold to which it links.
        let holds = rendered.links.as_ref().is_none_or(|links| links.lead_below(steady));
        let made_of = artifact.made_of.filter(|_| holds && number < steady);
        looks.pages[number] = made_of.map(|made_of| (made_of, Arc::clone(rendered)));
    }
    for (artifact, doubled) in artifacts.iter().zip(doubled) {
        let Content::Last(make) = &artifact.content else { continue };
        let bytes = make(&written.inline);
        if !doubled {
            sink.put(&artifact.permalink, &bytes)?;
        }
        written.files += 1;
        written.bytes += bytes.len() as u64;
    }
    problems.report(report);
    let links: Vec<_> = rendered.iter().map(|rendered| rendered.links.as_ref()).collect();
    let of_texts: Vec<&[Link]> = artifacts.iter().map(|artifact| artifact.links.as_slice()).collect();
    targets.report(report, &links, &of_texts, whole);
    Ok(written)
}

struct Rendered {
    report: Report,
    bytes: Option<u64>,
    links: Option<PageLinks>,
    inline: Inline,
}

impl Artifact<'_> {
    /// Its bytes. None if they cannot be made; what is wrong is reported.
    pub fn make(&self, report: &mut Report) -> Option<Cow<'_, [u8]>> {
        let bytes: Option<Cow<'_, [u8]>> = match &self.content {
            Content::Bytes(bytes) => Some(Cow::Borrowed(bytes)),
            Content::Rendered(render) => render(report).map(Cow::Owned),
            // What stands in the other pages is known when all are made.
            Content::Last(make) => Some(Cow::Owned(make(&Inline::default()))),
        };
        Some(self.with_policy(bytes?).0)
    }

    /// Its bytes with the policy that a page says, and what the policy allows.
    fn with_policy<'b>(&self, bytes: Cow<'b, [u8]>) -> (Cow<'b, [u8]>, Inline) {
        match std::str::from_utf8(&bytes) {
            Ok(html) if self.permalink.is_page() => {
                let (sealed, inline) = with_policy(html);
                (Cow::Owned(sealed.into_bytes()), inline)
            }
            _ => (bytes, Inline::default()),
        }
    }
}

fn render(
    artifact: &Artifact<'_>,
    targets: &Targets<'_>,
    sink: Option<&dyn Sink>,
) -> Result<Rendered, Failure> {
    let mut report = Report::new();
    let bytes: Option<Cow<'_, [u8]>> = match &artifact.content {
        Content::Bytes(bytes) => Some(Cow::Borrowed(bytes)),
        Content::Rendered(render) => render(&mut report).map(Cow::Owned),
        Content::Last(_) => None,
    };
    let Some(bytes) = bytes else {
        return Ok(Rendered { report, bytes: None, links: None, inline: Inline::default() });
    };
    let page = artifact.permalink.is_page();
    let html = page.then(|| std::str::from_utf8(&bytes).ok()).flatten();
    let links = html.map(|html| targets.look_at_page(&artifact.permalink, html));
    let (bytes, inline) = artifact.with_policy(bytes);
    if let Some(sink) = sink {
        sink.put(&artifact.permalink, &bytes)?;
    }
    Ok(Rendered { report, bytes: Some(bytes.len() as u64), links, inline })
}

/// Reports places that would be one file, on some file system at least. Returns for every artifact
/// whether an earlier one has its place.
fn report_doubled(report: &mut Report, artifacts: &[&Artifact<'_>]) -> Vec<bool> {
    let mut files: HashMap<String, &Permalink> = HashMap::with_capacity(artifacts.len());
    let mut doubled = Vec::with_capacity(artifacts.len());
    for artifact in artifacts {
        let file = artifact.permalink.file().to_lowercase();
        match files.get(&file) {
            None => {
                files.insert(file, &artifact.permalink);
                doubled.push(false);
            }
            Some(other) => {
                report
                    .error(
                        code::DOUBLED_PAGE,
                        None,
                        say!(
                            "`{permalink}` and `{other}` would be the same file",
                            permalink = artifact.permalink,
                            other
                        ),
                    )
                    .hint(say!(
                        "rename one of them; on some servers, names that differ only in case are the same file"
                    ));
                doubled.push(true);
            }
        }
    }
    for (number, artifact) in artifacts.iter().enumerate() {
        let file = artifact.permalink.file().to_lowercase();
        for (at, _) in file.match_indices('/') {
            if let Some(other) = files.get(&file[..at]) {
                report
                    .error(
                        code::DOUBLED_PAGE,
                        None,
                        say!(
                            "`{other}` is a file, but `{permalink}` is in a folder of that name",
                            other,
                            permalink = artifact.permalink
                        ),
                    )
                    .hint(say!("rename one of them"));
                doubled[number] = true;
            }
        }
    }
    doubled
}

/// The problems of pages. What is wrong with a template is wrong on each of its pages, and is told once.
#[derive(Default)]
struct Problems {
    order: Vec<Problem>,
    known: BTreeMap<String, usize>,
    pages: Vec<(Permalink, usize)>,
}

impl Problems {
    fn add(&mut self, page: &Permalink, report: &Report) {
        for problem in report.problems() {
            let key = format!("{} {:?} {}", problem.code, problem.span, problem.message);
            match self.known.get(&key) {
                Some(&at) => self.pages[at].1 += 1,
                None => {
                    self.known.insert(key, self.order.len());
                    self.order.push(problem.clone());
                    self.pages.push((page.clone(), 0));
                }
            }
        }
    }

    fn report(self, report: &mut Report) {
        for (problem, (page, more)) in self.order.into_iter().zip(self.pages) {
            report.push(problem).hint(match more {
                0 => say!("found while making `{page}`", page),
                more => say!("found while making `{page}` and {more} more", page, more),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Permalink {
        Permalink::new(path).unwrap()
    }

    #[test]
    fn a_problem_of_many_pages_is_told_once() {
        let base = BaseUrl::parse("https://example.org").unwrap();
        let mut artifacts: Vec<Artifact<'_>> = Vec::new();
        for number in 0..200 {
            artifacts.push(Artifact::page(place(&format!("{number}/")), |report| {
                report.error(code::TEMPLATE, None, say!("no word `nav.x`"));
                None
            }));
        }
        let home = "<a href=/7/#part><a href=/x/>";
        artifacts.push(Artifact::bytes(place(""), home.as_bytes()));
        let mut report = Report::new();
        let memory = Memory::default();
        let written = write(&mut report, &artifacts.iter().collect::<Vec<_>>(), &base, &memory).unwrap();
        assert_eq!((written.files, written.bytes), (1, home.len() as u64));
        let messages: Vec<_> = report.problems().iter().map(|problem| problem.message.to_string()).collect();
        assert_eq!(messages, ["no word `nav.x`", "`/` links to `/x/`, which does not exist"]);
        assert_eq!(report.problems()[0].hints, ["found while making `/0/` and 199 more"]);
        assert_eq!(memory.into_files().into_keys().collect::<Vec<_>>(), [place("")]);
    }

    #[test]
    fn two_pages_cannot_be_one_file() {
        let base = BaseUrl::parse("https://example.org").unwrap();
        let places = ["zh/a/", "zh/A/", "zh/b", "zh/b/", "zh/c/", "zh/c/index.html", "zh/d/"];
        let artifacts: Vec<_> =
            places.iter().map(|path| Artifact::bytes(place(path), b"x".as_slice())).collect();
        let mut report = Report::new();
        let memory = Memory::default();
        write(&mut report, &artifacts.iter().collect::<Vec<_>>(), &base, &memory).unwrap();
        assert_eq!(report.counts(), (3, 0));
        let kept: Vec<_> = memory.into_files().into_keys().collect();
        assert_eq!(kept, ["zh/a/", "zh/b", "zh/c/", "zh/d/"].map(place));
    }
}
