//! Where a line of text may end, by the rules of Unicode (UAX 14): behind spaces and hyphens, and between Chinese
//! characters, but not before a sign that closes something or behind one that opens it.

use std::sync::LazyLock;

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

/// The parts of a text between which a line may end, together the text.
pub fn line_pieces(text: &str) -> Vec<&str> {
    // Languages that write no spaces and need a dictionary (Thai, Khmer) break as if they were one word.
    static SEGMENTER: LazyLock<LineSegmenterBorrowed<'static>> =
        LazyLock::new(|| LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default()));
    let mut pieces = Vec::new();
    let mut start = 0;
    for end in SEGMENTER.segment_str(text).filter(|&end| end > 0) {
        pieces.push(&text[start..end]);
        start = end;
    }
    pieces
}
