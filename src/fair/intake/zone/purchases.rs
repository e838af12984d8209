//! Purchasing lists out of their table.

use super::Names;
use super::given::{Fallback, Given, line, localized, report_accounts};
use crate::data::{Record, Spanned, read_table};
use crate::fair::enterprise::PurchasingLists;
use crate::fair::intake::values::{Wrong, outcome};
use crate::fair::tables::{PURCHASES, purchase};
use crate::lang::{Lang, Localized};
use crate::source::{Failure, Report, code, say};

/// Reads the purchasing lists, by slug.
pub(super) fn read_purchases(
    report: &mut Report,
    given: &Given<'_>,
    names: &Names,
) -> Result<PurchasingLists, Failure> {
    let mut lists = PurchasingLists::new();
    let mut take = |report: &mut Report, record: &Record<'_>| {
        outcome(take_item(report, record, given, names, &mut lists))
    };
    let sheets = read_table(report, &given.table(&PURCHASES), &mut take)?;
    report_accounts(report, &PURCHASES, &sheets);
    Ok(lists)
}

fn take_item(
    report: &mut Report,
    record: &Record<'_>,
    given: &Given<'_>,
    names: &Names,
    lists: &mut PurchasingLists,
) -> Result<(), Wrong> {
    let enterprises = names.slugs_in(report, record, purchase::ENTERPRISE);
    let item = match record.required(report, purchase::ITEM_ZH) {
        Ok(_) => {
            let columns = [purchase::ITEM_ZH, purchase::ITEM_EN];
            localized(report, record, given.terms, columns, Fallback::OfZone)
        }
        Err(refused) => Err(refused.into()),
    };
    let quantity = line(report, record, purchase::QUANTITY);
    let (enterprises, item, quantity) = (enterprises?, item?.ok_or(Wrong)?, quantity?);
    let item = match quantity {
        Some(quantity) => Spanned { value: with_quantity(report, item.value, &quantity), span: item.span },
        None => item,
    };
    for slug in enterprises {
        let list = lists.entry(slug.value).or_insert_with(|| Spanned { value: Vec::new(), span: slug.span });
        list.value.push(item.clone());
    }
    Ok(())
}

/// An item with its quantity, such as `餐具（5000套）` and `Tableware (5000 sets)`.
fn with_quantity(report: &mut Report, item: Localized, quantity: &Spanned<String>) -> Localized {
    let mut with = Localized::default();
    for lang in item.languages() {
        let text = item.get(lang);
        match lang {
            Lang::ZH => with.insert(lang, format!("{text}（{}）", quantity.value)),
            _ => match in_english(&quantity.value) {
                Some(quantity) => with.insert(lang, format!("{text} ({quantity})")),
                None => {
                    report
                        .warning(
                            code::MISSING_LANGUAGE,
                            quantity.span,
                            say!("the quantity `{quantity}` is not shown on English pages", quantity = quantity.value),
                        )
                        .found(quantity.value.clone())
                        .hint(say!("write the number with a common unit, such as 5000套, or put the quantity into the English name of the goods"));
                    with.insert(lang, text);
                }
            },
        }
    }
    with
}

/// A quantity in English; `None` where its unit is not known.
fn in_english(quantity: &str) -> Option<String> {
    const UNITS: [(&str, &str); 22] = [
        ("公斤", "kg"),
        ("千克", "kg"),
        ("平方米", "m²"),
        ("立方米", "m³"),
        ("套", "sets"),
        ("件", "pieces"),
        ("个", "pieces"),
        ("只", "pieces"),
        ("条", "pieces"),
        ("块", "pieces"),
        ("把", "pieces"),
        ("张", "pieces"),
        ("支", "pieces"),
        ("台", "units"),
        ("辆", "units"),
        ("双", "pairs"),
        ("副", "pairs"),
        ("箱", "cartons"),
        ("瓶", "bottles"),
        ("卷", "rolls"),
        ("吨", "tonnes"),
        ("米", "m"),
    ];
    let quantity = quantity.trim();
    if quantity.is_ascii() {
        return Some(quantity.to_owned());
    }
    let (number, unit) =
        UNITS.iter().find_map(|(unit, english)| Some((quantity.strip_suffix(unit)?, english)))?;
    let number = number.trim();
    let number = match number.strip_suffix('万') {
        Some(number) => (number.trim().parse::<u64>().ok()? * 10_000).to_string(),
        None => number.to_owned(),
    };
    (!number.is_empty() && number.is_ascii()).then(|| format!("{number} {unit}"))
}

#[cfg(test)]
mod tests {
    use super::in_english;

    #[test]
    fn a_quantity_is_said_in_english_where_its_unit_is_known() {
        let english = |text| in_english(text);
        assert_eq!(english("5000").as_deref(), Some("5000"));
        assert_eq!(english("5000套").as_deref(), Some("5000 sets"));
        assert_eq!(english("2 万件").as_deref(), Some("20000 pieces"));
        assert_eq!(english("约5000套"), None);
        assert_eq!(english("面议"), None);
    }
}
