//! Pages for the office: written where they are asked for, and never published.

use std::path::Path;

use super::fairs::INPUT_FOLDERS;
use super::publish::has_marker;
use super::receipt::Receipt;
use crate::site::segment;
use crate::source::write::{Readers, write_atomically};
use crate::source::{Failure, Files, say};

/// Writes receipts into a folder that is new or empty, one file each, named by the exhibitor.
pub fn write_receipts(files: &Files, folder: &Path, receipts: &[Receipt]) -> Result<(), Failure> {
    let failed = |cause| Failure::new(say!("write {path}", path = folder.display()), cause);
    std::fs::create_dir_all(folder).map_err(failed)?;
    #[expect(clippy::disallowed_methods, reason = "a folder that is asked for by its path, and no input")]
    let is_empty = std::fs::read_dir(folder).map_err(failed)?.next().is_none();
    if !is_empty {
        let path = folder.display();
        return Err(Failure::because(say!("write {path}", path), say!("the folder is not empty")));
    }
    receipts.iter().try_for_each(|receipt| {
        let name = format!("{}.json", segment(&receipt.sealed.decision.exhibitor, &[]));
        write_internal_page(files, &folder.join(name), &receipt.written())
    })
}

/// Writes a page to a file, the whole of it or nothing. Refuses a place in a published site or among the inputs of
/// the project: what stands there is, or may come to be, published.
pub fn write_internal_page(files: &Files, path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |cause| Failure::new(say!("write {path}", path = path.display()), cause);
    let refused = |why| Failure::because(say!("write {path}", path = path.display()), why);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(refused(say!("no file name given")));
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = folder.canonicalize().map_err(failed)?;
    for above in folder.ancestors() {
        if has_marker(above).map_err(failed)? {
            return Err(refused(say!(
                "`{path}` is a published site, but this page is internal",
                path = above.display()
            )));
        }
    }
    for input in INPUT_FOLDERS {
        if files.root().join(input).canonicalize().is_ok_and(|input| folder.starts_with(input)) {
            return Err(refused(say!(
                "`{folder}` is published with the site, but this page is internal",
                folder = input
            )));
        }
    }
    let mut part = name.to_owned();
    part.push(".part");
    let part = folder.join(part);
    // It is for whoever asked for it.
    write_atomically(&folder.join(name), &part, text.as_bytes(), Readers::Owner).map_err(failed)
}
