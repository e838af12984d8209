//! The keys of filters: by them a browser finds, without a script, the rows that a choice leaves standing. They are
//! values of the choices and classes of the rows, and short, since a list holds thousands of them.
//!
//! A key begins with a capital letter, as no other class of a theme does: that of its phase for a section, which alone
//! is the key of the phase, `T` for a delegation. A number to the base of 36 follows.

/// How many phases have a letter of their own.
const MOST_PHASES: u8 = 18;
const DELEGATION: char = 'T';
const NO_PHASE: char = 'Z';

/// The key of a phase. None for a number that no fair has: there is no filter for it.
pub(super) fn phase(phase: u8) -> Option<String> {
    (1..=MOST_PHASES).contains(&phase).then(|| letter(Some(phase)).to_string())
}

/// The key of a delegation, by its number in the fair.
pub(super) fn delegation(number: usize) -> String {
    key(DELEGATION, number)
}

/// The key of a section, by its number in its phase, or among those of no phase.
pub(super) fn section(phase: Option<u8>, number: usize) -> String {
    key(letter(phase), number)
}

fn letter(phase: Option<u8>) -> char {
    match phase {
        Some(phase @ 1..=MOST_PHASES) => char::from(b'A' + phase - 1),
        _ => NO_PHASE,
    }
}

fn key(letter: char, number: usize) -> String {
    let digit = |number: usize| char::from_digit((number % 36) as u32, 36).expect("less than 36");
    match number {
        0..36 => format!("{letter}{}", digit(number)),
        _ => format!("{}{}", key(letter, number / 36), digit(number)),
    }
}
