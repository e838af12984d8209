//! What people make of a code, an address or a name when they type it again. What is meant stays the same: the
//! keys by which buyers and invitations are matched are equal.

use super::dice::Dice;

/// Writes a text as somebody may have typed it.
pub(super) fn retype(dice: &mut Dice, text: &str, typed: &mut String, kind: Typed) {
    let start = typed.len();
    match (dice.below(100), kind) {
        (0..8, Typed::Code) => typed.extend(text.chars().map(|c| c.to_ascii_lowercase())),
        (0..8, _) => typed.extend(text.chars().map(|c| c.to_ascii_uppercase())),
        (8..11, _) => typed.extend(text.chars().map(full_width)),
        (11..14, Typed::Code) => {
            let (head, tail) = text.split_at(text.len() / 2);
            typed.extend([head, " ", tail]);
        }
        (11..14, Typed::Company) => typed.extend(text.split(' ').flat_map(|part| [part, "  "])),
        (14..17, Typed::Company) => typed.extend(text.chars().filter(|c| !matches!(c, '.' | ','))),
        (17..19, _) => typed.extend([text, "\u{a0}"]),
        _ => typed.push_str(text),
    }
    // No cell may look like a formula.
    debug_assert!(!typed[start..].starts_with(['=', '+', '-', '@']));
}

/// What was typed again.
#[derive(Clone, Copy)]
pub(super) enum Typed {
    Code,
    Email,
    Company,
}

fn full_width(c: char) -> char {
    match c {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).expect("every ASCII mark has a wide form"),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::For;
    use super::*;
    use crate::fair::{code_key, company_key, email_key};

    #[test]
    fn what_is_typed_again_has_the_same_key() {
        for number in 0..2000 {
            let cases = [
                ("Y7K3M9Q2X", Typed::Code, code_key as fn(&str, &mut String) -> bool),
                ("buyer00012@c00345.example", Typed::Email, email_key),
                ("Sample Trading 00345 S.A. de C.V.", Typed::Company, company_key),
            ];
            for (text, kind, key) in cases {
                let (mut typed, mut keys) = (String::new(), [String::new(), String::new()]);
                retype(&mut Dice::new(1, For::Links, number), text, &mut typed, kind);
                key(text, &mut keys[0]);
                key(&typed, &mut keys[1]);
                assert_eq!(keys[0], keys[1], "{typed}");
            }
        }
    }
}
