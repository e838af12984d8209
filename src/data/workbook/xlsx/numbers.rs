//! Numbers and truth values as attributes of xlsx write them.

use crate::source::{Message, say};

pub(in crate::data) fn is_true(value: &[u8]) -> bool {
    matches!(value, b"1" | b"true" | b"on")
}

pub(in crate::data) fn whole_number(value: &[u8]) -> Option<usize> {
    let mut number = 0usize;
    for byte in value {
        let digit = byte.checked_sub(b'0').filter(|&digit| digit < 10)?;
        number = number.checked_mul(10)?.checked_add(usize::from(digit))?;
    }
    (!value.is_empty()).then_some(number)
}

/// The number of a row, counted from 0, by its name.
pub(in crate::data) fn row_number(name: &[u8]) -> Result<u32, Message> {
    let number = whole_number(name).and_then(|number| u32::try_from(number).ok()).filter(|&n| n > 0);
    number.map(|number| number - 1).ok_or_else(|| say!("a row has a damaged number"))
}
