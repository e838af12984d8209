//! Files of a sample, and what is written to them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::source::write::create_new;
use crate::source::{Failure, say};

pub(super) fn write_file(folder: &Path, path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = create(folder, path)?;
    let written = file.write_all(bytes).and_then(|()| file.flush());
    written.map_err(|cause| Failure::new(say!("write {path}", path), cause))
}

/// Creates a file of the sample. Never takes the place of another.
pub(super) fn create(folder: &Path, path: &str) -> Result<BufWriter<File>, Failure> {
    let place = folder.join(path);
    let parent = place.parent().expect("a path below a folder has a parent");
    let created = std::fs::create_dir_all(parent).and_then(|()| create_new(&place));
    created
        .map(|file| BufWriter::with_capacity(1 << 17, file))
        .map_err(|cause| Failure::new(say!("write {path}", path = place.display()), cause))
}

/// Writes a number with at least so many digits.
pub(super) fn write_number(text: &mut String, number: u64, digits: usize) {
    let mut buffer = [b'0'; 20];
    let (mut rest, mut place) = (number, buffer.len());
    while rest > 0 || buffer.len() - place < digits {
        place -= 1;
        buffer[place] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    text.push_str(std::str::from_utf8(&buffer[place..]).expect("digits are ASCII"));
}
