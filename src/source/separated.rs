//! Several values that were written as one, with a sign between them that separates none.

use super::{Message, say};

/// What to write where one value was expected and this text looks like several: `a、b` for `a, b`.
pub fn separated(text: &str) -> Option<Message> {
    let sign = text.chars().find(|sign| matches!(sign, '、' | '，' | '；'))?;
    let values: Vec<&str> = text.split(['、', '，', '；']).map(str::trim).collect();
    let is_each = values.iter().all(|value| !value.is_empty());
    is_each.then(|| {
        say!(
            "`{sign}` does not separate values; write a half-width comma and a space: `{values}`",
            sign,
            values = values.join(", ")
        )
    })
}
