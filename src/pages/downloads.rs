//! Tables to take away: what a page offers beside what it shows.

use std::sync::{Arc, OnceLock};

use serde::Serialize;
use serde_json::Value;

use super::addresses::{self, FORMATS};
use super::context::PageContext;
use crate::site::Artifact;
use crate::site::download::{self, Sheet};
use crate::source::{Message, Report, code, say};

/// A file to take away.
#[derive(Serialize, Clone)]
pub(super) struct DownloadView {
    format: String,
    url: String,
    size: String,
    sha256: String,
}

/// Makes a table in the language of a context: as a sheet, and as an object.
type MakeTable<'a> = dyn Fn(&PageContext<'a>) -> (Sheet, Value) + Send + Sync + 'a;

/// One table in all formats. They are made when somebody asks for the first of them, or for the page that says how
/// large they are: who looks at another page does not wait for them.
pub(super) struct Downloads<'a> {
    context: Arc<PageContext<'a>>,
    /// By format.
    paths: [String; FORMATS.len()],
    tables: Box<MakeTable<'a>>,
    /// By format; what is wrong with a table where it cannot be made.
    made: OnceLock<[Result<Vec<u8>, String>; FORMATS.len()]>,
}

/// Adds a table to a tree of the site, by its path there without an ending: as a sheet for spreadsheet programs and
/// as an object for others.
pub(super) fn add<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    context: &Arc<PageContext<'a>>,
    table: &str,
    tables: impl Fn(&PageContext<'a>) -> (Sheet, Value) + Send + Sync + 'a,
) -> Arc<Downloads<'a>> {
    let context = Arc::clone(context);
    let downloads = Arc::new(Downloads {
        context,
        paths: addresses::files(table),
        tables: Box::new(tables),
        made: OnceLock::new(),
    });
    for (number, path) in downloads.paths.iter().enumerate() {
        let maker = Arc::clone(&downloads);
        let mut file =
            Artifact::file(downloads.context.place(path), move |report| maker.bytes(report, number));
        // A table holds nothing of what stands in bodies.
        file.made_of = Some(downloads.context.shared);
        artifacts.push(file);
    }
    downloads
}

impl<'a> Downloads<'a> {
    fn made(&self) -> &[Result<Vec<u8>, String>; FORMATS.len()] {
        self.made.get_or_init(|| {
            let (sheet, json) = (self.tables)(&self.context);
            [download::xlsx(&sheet), Ok(download::csv(&sheet)), download::json(&json)]
        })
    }

    fn bytes(&self, report: &mut Report, number: usize) -> Option<Vec<u8>> {
        match &self.made()[number] {
            Ok(bytes) => Some(bytes.clone()),
            Err(why) => {
                let (place, why) = (&self.paths[number], Message::foreign(why));
                report.error(code::DOWNLOAD, None, say!("`{place}` cannot be created ({why})", place, why));
                None
            }
        }
    }

    /// Where the files are, and how large.
    pub(super) fn views(&self) -> Vec<DownloadView> {
        let made = self.made().iter().enumerate();
        made.filter_map(|(number, made)| {
            let bytes = made.as_ref().ok()?;
            Some(DownloadView {
                format: FORMATS[number].to_uppercase(),
                url: self.context.url(&self.paths[number]),
                size: download::size(bytes),
                sha256: download::sha256(bytes),
            })
        })
        .collect()
    }
}
