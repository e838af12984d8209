//! Exact numbers. Nothing in a rulebook or a judgement is a binary fraction.

use std::fmt;

use num_rational::Ratio;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// An exact fraction.
pub type Exact = Ratio<i128>;

/// A number in a rulebook: a whole number, or a decimal in quotation marks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Number(pub Exact);

impl JsonSchema for Number {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"}],
            "description": "A whole number, or a decimal in quotation marks."
        })
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        struct NumberVisitor;

        impl Visitor<'_> for NumberVisitor {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, or a decimal in quotation marks")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
                Ok(Number(Exact::from_integer(number.into())))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
                Ok(Number(Exact::from_integer(number.into())))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
                Err(E::custom(format!(
                    "the decimal `{number}` is not exact without quotation marks: write \"{number}\""
                )))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
                parse(text)
                    .map(Number)
                    .ok_or_else(|| E::custom(format!("`{text}` is not a decimal such as \"12.5\"")))
            }
        }

        deserializer.deserialize_any(NumberVisitor)
    }
}

/// The exact value of a decimal such as `-12.50`.
pub(super) fn parse(text: &str) -> Option<Exact> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(part) || whole.len() + part.len() > 18 {
        return None;
    }
    if digits.contains('.') && part.is_empty() {
        return None;
    }
    let numerator: i128 = format!("{whole}{part}").parse().ok()?;
    let denominator = 10i128.pow(u32::try_from(part.len()).ok()?);
    Some(Exact::new(if negative { -numerator } else { numerator }, denominator))
}

/// A number as a decimal: exact where the decimal ends, else six places, half up.
pub fn decimal(number: &Exact) -> String {
    let mut rest = *number.denom();
    let mut places: u32 = 0;
    for prime in [2, 5] {
        let mut power = 0;
        while rest % prime == 0 {
            rest /= prime;
            power += 1;
        }
        places = places.max(power);
    }
    let (scaled, places) = match rest == 1 {
        true => (*number * Exact::from_integer(10i128.pow(places)), places),
        false => (Exact::from_integer(round_half_up(&(*number * Exact::from_integer(1_000_000)))), 6),
    };
    let scaled = scaled.to_integer();
    let sign = if scaled < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", scaled.unsigned_abs(), width = places as usize + 1);
    let (whole, part) = digits.split_at(digits.len() - places as usize);
    match part.is_empty() {
        true => format!("{sign}{whole}"),
        false => format!("{sign}{whole}.{part}"),
    }
}

/// The nearest whole number; a half goes up (四舍五入).
pub fn round_half_up(number: &Exact) -> i128 {
    (number + Exact::new(1, 2)).floor().to_integer()
}

/// The nearest whole number; a half goes to the even one.
pub fn round_half_even(number: &Exact) -> i128 {
    let up = round_half_up(number);
    let is_half = number.fract() == Exact::new(1, 2) || number.fract() == Exact::new(-1, 2);
    if is_half && up % 2 != 0 { up - 1 } else { up }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_where_they_end() {
        let shown = |numerator, denominator| decimal(&Exact::new(numerator, denominator));
        assert_eq!(shown(17, 1), "17");
        assert_eq!(shown(5, 2), "2.5");
        assert_eq!(shown(-1, 8), "-0.125");
        assert_eq!(shown(700, 30), "23.333333");
        assert_eq!(shown(2, 3), "0.666667");
        assert_eq!(shown(1, 1024), "0.0009765625");
    }

    #[test]
    fn halves_go_up_or_to_the_even_number() {
        let half = Exact::new(41, 2);
        assert_eq!((round_half_up(&half), round_half_even(&half)), (21, 20));
        let half = Exact::new(43, 2);
        assert_eq!((round_half_up(&half), round_half_even(&half)), (22, 22));
        assert_eq!(round_half_up(&Exact::new(1, 3)), 0);
    }

    #[test]
    fn only_plain_decimals_are_numbers() {
        assert_eq!(parse("12.50"), Some(Exact::new(25, 2)));
        assert_eq!(parse("-3"), Some(Exact::from_integer(-3)));
        for text in ["", ".5", "5.", "1e3", "1,5", "+1", "١", "1.2.3"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
