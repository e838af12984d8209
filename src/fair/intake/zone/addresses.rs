//! Addresses and sort keys of enterprises that have no file: proposed as columns to paste, and kept once they are written.

use std::collections::BTreeSet;

use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;

use super::ZoneTerms;
use crate::data::{FieldRead, Row, SheetRead, fold_word, yaml_scalar};
use crate::fair::tables::{ROSTER, roster};
use crate::lang::{Lang, Localized};
use crate::source::{Files, Place, Report, code, say};

/// A row of the roster, with the number of its enterprise where that has no file.
pub(super) struct RosterRow {
    pub(super) row: Row,
    pub(super) listed: Option<usize>,
    /// Its slug and its sort key, as they are written.
    pub(super) written: [String; 2],
}

impl RosterRow {
    fn written(&self, field: usize) -> &str {
        let [slug, sort] = &self.written;
        if field == roster::SLUG { slug } else { sort }
    }
}

/// What is known of the address of an enterprise.
pub(super) struct Address {
    pub(super) name: Localized,
    pub(super) slug: Option<String>,
    pub(super) sort: Option<String>,
}

/// An address and a sort key, written or proposed.
struct Proposal {
    slug: String,
    sort: String,
    lacks_slug: bool,
    lacks_sort: bool,
}

impl Proposal {
    fn lacks(&self, field: usize) -> bool {
        if field == roster::SLUG { self.lacks_slug } else { self.lacks_sort }
    }

    fn value(&self, field: usize) -> &str {
        if field == roster::SLUG { &self.slug } else { &self.sort }
    }
}

/// Reports all enterprises that lack an address or a sort key at once, with the columns to paste.
pub(super) fn report_missing_addresses(
    report: &mut Report,
    files: &Files,
    sheets: &[SheetRead],
    rows: &[RosterRow],
    addresses: &[Option<Address>],
    terms: &ZoneTerms<'_>,
) {
    let proposals = proposals(addresses, terms);
    let lacking = |row: &&RosterRow| {
        let proposal = row.listed.and_then(|listed| proposals[listed].as_ref());
        proposal.is_some_and(|proposal| proposal.lacks_slug || proposal.lacks_sort)
    };
    let Some(first) = rows.iter().find(lacking) else { return };
    let count = proposals.iter().flatten().filter(|one| one.lacks_slug || one.lacks_sort).count();
    let first_sheet = &sheets[first.row.sheet as usize];
    let message = say!(
        "no `slug` or no `sort` for {count} {count:enterprise that has|enterprises that have} no file in data/enterprises",
        count
    );
    let span = first_sheet.field_span(first.row.row, roster::ENTERPRISE);
    let name =
        first.listed.and_then(|listed| addresses[listed].as_ref()).map(|address| address.name.get(Lang::ZH));
    let mut draft = report.error(code::NO_SLUG, span, message).found(name.unwrap_or_default());
    for (number, sheet) in (0u32..).zip(sheets) {
        let rows: Vec<&RosterRow> = rows.iter().filter(|row| row.row.sheet == number).collect();
        if !rows.iter().any(lacking) {
            continue;
        }
        if matches!(sheet.cell_span(0, 0).place, Place::Text { .. }) {
            let block = keys(&rows, &proposals, addresses);
            draft = draft.hint(say!(
                "write the keys into the entries of `{path}`:\n{block}",
                path = files.path(sheet.file),
                block
            ));
            continue;
        }
        for fields in columns(sheet, &rows, &proposals) {
            let place = files.at(sheet.span());
            let row = files.row_number(sheet.column_span(0));
            let block = column(files, sheet, &rows, &proposals, &fields);
            draft = match sheet.field(fields[0]) {
                FieldRead::Column { heading, .. } => draft.hint(say!(
                    "paste over the column `{heading}` of `{place}`, from row {row} on:\n{block}",
                    heading,
                    place,
                    row,
                    block
                )),
                _ => draft.hint(say!(
                    "paste into free columns of `{place}`, from row {row} on:\n{block}",
                    place,
                    row,
                    block
                )),
            };
        }
    }
    draft.hint(say!(
        "correct the readings of names first where they are wrong; once published, an address does not change"
    ));
}

/// Addresses and sort keys of all enterprises: those that are written, else those that they had before, else new ones.
fn proposals(addresses: &[Option<Address>], terms: &ZoneTerms<'_>) -> Vec<Option<Proposal>> {
    let written = addresses.iter().flatten().filter_map(|address| address.slug.clone());
    let known = terms.enterprises.keys().chain(terms.earlier.keys()).cloned();
    let mut taken: BTreeSet<String> = written.chain(known).collect();
    let propose = |address: &Address| {
        let earlier = terms.earlier.iter().find(|(_, enterprise)| {
            let name = &enterprise.name.value;
            name.languages().any(|lang| {
                address.name.find(lang).is_some_and(|own| fold_word(own) == fold_word(name.get(lang)))
            })
        });
        let slug = address.slug.clone().or_else(|| earlier.map(|(slug, _)| slug.clone()));
        let slug = slug.unwrap_or_else(|| free_slug(&address.name, &taken));
        taken.insert(slug.clone());
        let sort =
            address.sort.clone().or_else(|| earlier.map(|(_, enterprise)| enterprise.sort.value.clone()));
        Proposal {
            slug,
            sort: sort.unwrap_or_else(|| sort_key(address.name.get(Lang::ZH))),
            lacks_slug: address.slug.is_none(),
            lacks_sort: address.sort.is_none(),
        }
    };
    let mut propose = propose;
    addresses.iter().map(|address| address.as_ref().map(&mut propose)).collect()
}

/// The columns that a sheet lacks in part: together where they may stand side by side.
fn columns(sheet: &SheetRead, rows: &[&RosterRow], proposals: &[Option<Proposal>]) -> Vec<Vec<usize>> {
    let is_lacking = |field: &usize| {
        rows.iter().any(|row| {
            row.listed.and_then(|listed| proposals[listed].as_ref()).is_some_and(|one| one.lacks(*field))
        })
    };
    let lacking: Vec<usize> = [roster::SLUG, roster::SORT].into_iter().filter(is_lacking).collect();
    let column = |field: usize| match sheet.field(field) {
        FieldRead::Column { column, .. } => Some(*column),
        _ => None,
    };
    let side_by_side = match (column(roster::SLUG), column(roster::SORT)) {
        (None, None) => true,
        (Some(slug), Some(sort)) => slug + 1 == sort,
        _ => false,
    };
    match side_by_side {
        true => vec![lacking],
        false => lacking.into_iter().map(|field| vec![field]).collect(),
    }
}

/// The cells of columns from the headings down, a line a row, so that each value falls into the row of its enterprise.
fn column(
    files: &Files,
    sheet: &SheetRead,
    rows: &[&RosterRow],
    proposals: &[Option<Proposal>],
    fields: &[usize],
) -> String {
    let number = |row: u32| files.row_number(sheet.cell_span(row, 0));
    let headings = files.row_number(sheet.column_span(0));
    let heading = |field: &usize| match sheet.field(*field) {
        FieldRead::Column { heading, .. } => heading.clone(),
        _ => ROSTER.fields[*field].headings[1].to_owned(),
    };
    let mut lines = vec![fields.iter().map(heading).collect::<Vec<String>>().join("\t")];
    let account = sheet.account;
    let read = account.used + account.refused + account.skipped + account.blank;
    let last = rows.last().map_or(headings, |row| number(row.row.row));
    // In a delimited text a value may take several lines; a spreadsheet program shows them in one row.
    let by_line = u64::from(last - headings) <= read;
    for row in rows {
        let at = if by_line { (number(row.row.row) - headings) as usize } else { lines.len() };
        while lines.len() < at {
            lines.push(String::new());
        }
        let proposal = row.listed.and_then(|listed| proposals[listed].as_ref());
        let value = |field: &usize| match proposal {
            Some(proposal) => proposal.value(*field),
            None => row.written(*field),
        };
        lines.push(fields.iter().map(value).collect::<Vec<&str>>().join("\t").trim_end().to_owned());
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n")
}

/// The keys that entries of a YAML list lack, an entry a line.
fn keys(rows: &[&RosterRow], proposals: &[Option<Proposal>], addresses: &[Option<Address>]) -> String {
    let mut said = BTreeSet::new();
    let mut lines = Vec::new();
    for listed in rows.iter().filter_map(|row| row.listed).filter(|listed| said.insert(*listed)) {
        let (Some(proposal), Some(address)) = (&proposals[listed], &addresses[listed]) else { continue };
        let mut keys = vec![format!("enterprise: {}", yaml_scalar(address.name.get(Lang::ZH)))];
        for field in [roster::SLUG, roster::SORT].into_iter().filter(|field| proposal.lacks(*field)) {
            keys.push(format!("{}: {}", ROSTER.fields[field].name, yaml_scalar(proposal.value(field))));
        }
        if keys.len() > 1 {
            lines.push(format!("- {{{}}}", keys.join(", ")));
        }
    }
    lines.join("\n")
}

/// The longest address that is proposed or taken.
const LONGEST: usize = 60;

/// Names that a page, a folder of the zone or a device of Windows has.
const RESERVED: [&str; 6] = ["fairs", "con", "prn", "aux", "nul", "index"];

/// Whether a text can be the address of a page: small letters and digits, in parts joined by hyphens.
pub(super) fn is_slug(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.len() <= LONGEST && text.split('-').all(is_part) && !is_reserved(text)
}

fn is_reserved(slug: &str) -> bool {
    let is_device = |name: &str| {
        slug.strip_prefix(name)
            .is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit())
    };
    RESERVED.contains(&slug) || is_device("com") || is_device("lpt")
}

/// An address that is not taken, from the English name or else from the Chinese one.
fn free_slug(name: &Localized, taken: &BTreeSet<String>) -> String {
    let english = name.find(Lang::EN).map(slug_of).filter(|slug| slug != FALLBACK);
    let slug = english.unwrap_or_else(|| slug_of(name.get(Lang::ZH)));
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    std::iter::once(slug.clone())
        .chain(numbered)
        .find(|slug| is_slug(slug) && !taken.contains(slug))
        .expect("one of so many numbers is free")
}

/// The address of a name without a letter or digit.
const FALLBACK: &str = "enterprise";

/// The address that a name gives: its letters without accents, Chinese ones in pinyin; without the form of the company.
pub(super) fn slug_of(name: &str) -> String {
    const FORMS: [&str; 20] = [
        "co",
        "ltd",
        "limited",
        "inc",
        "llc",
        "gmbh",
        "ag",
        "sa",
        "plc",
        "corp",
        "corporation",
        "company",
        "bv",
        "nv",
        "oy",
        "ab",
        "spa",
        "sas",
        "kg",
        "pte",
    ];
    let mut parts: Vec<String> = Vec::new();
    let mut last = Letter::Other;
    for word in words(without_form(name)) {
        let kind = word.kind;
        match (kind, last, parts.last_mut()) {
            // The syllables of a Chinese word are one part.
            (Letter::Han, Letter::Han, Some(part)) => part.push_str(&word.text),
            _ => parts.push(word.text),
        }
        last = kind;
    }
    while parts.len() > 1 && parts.last().is_some_and(|part| FORMS.contains(&part.as_str())) {
        parts.pop();
    }
    let mut slug = String::new();
    for part in parts {
        if slug.len() + 1 + part.len() > LONGEST - 10 {
            if slug.is_empty() {
                slug.push_str(&part[..part.len().min(LONGEST - 10)]);
            }
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&part);
    }
    match slug.as_str() {
        "" => FALLBACK.to_owned(),
        slug if is_reserved(slug) => format!("{slug}-2"),
        slug => slug.to_owned(),
    }
}

/// A Chinese name without the form of the company at its end.
fn without_form(name: &str) -> &str {
    let mut name = name.trim();
    for form in ["有限责任公司", "股份有限公司", "有限公司", "公司"] {
        if let Some(rest) = name.strip_suffix(form).filter(|rest| !rest.is_empty()) {
            name = rest;
        }
    }
    name
}

/// The key by which lists in Chinese sort a name: its syllables in pinyin, other words in small letters.
fn sort_key(name: &str) -> String {
    words(name).into_iter().map(|word| word.text).collect::<Vec<String>>().join(" ")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Letter {
    Han,
    Latin,
    Other,
}

struct Word {
    kind: Letter,
    text: String,
}

/// Readings in names that the usual reading of a character misses; longer ones first.
const READINGS: [(&str, &[&str]); 17] = [
    ("重庆", &["chong", "qing"]),
    ("厦门", &["xia", "men"]),
    ("增长", &["zeng", "zhang"]),
    ("成长", &["cheng", "zhang"]),
    ("家长", &["jia", "zhang"]),
    ("长", &["chang"]),
    ("都", &["du"]),
    ("银行", &["yin", "hang"]),
    ("商行", &["shang", "hang"]),
    ("洋行", &["yang", "hang"]),
    ("车行", &["che", "hang"]),
    ("行业", &["hang", "ye"]),
    ("音乐", &["yin", "yue"]),
    ("乐器", &["yue", "qi"]),
    ("乐", &["le"]),
    ("会计", &["kuai", "ji"]),
    ("朝阳", &["chao", "yang"]),
];

/// The words of a name in small Latin letters: a syllable for each Chinese letter, others as they stand, without accents.
fn words(name: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut inside = false;
    let name: String = name.nfkc().collect();
    let mut rest = name.as_str();
    'letters: while let Some(letter) = rest.chars().next() {
        for (written, syllables) in READINGS {
            if let Some(behind) = rest.strip_prefix(written) {
                words.extend(
                    syllables.iter().map(|text| Word { kind: Letter::Han, text: (*text).to_owned() }),
                );
                (rest, inside) = (behind, false);
                continue 'letters;
            }
        }
        rest = &rest[letter.len_utf8()..];
        if let Some(pinyin) = letter.to_pinyin() {
            words.push(Word { kind: Letter::Han, text: pinyin.plain().replace('ü', "v") });
            inside = false;
            continue;
        }
        // An apostrophe is within a word: Lowe's.
        if matches!(letter, '\'' | '\u{2019}') {
            continue;
        }
        let plain = plain_letters(letter);
        if plain.is_empty() {
            inside = false;
            continue;
        }
        match words.last_mut().filter(|_| inside) {
            Some(word) => word.text.push_str(&plain),
            None => words.push(Word { kind: Letter::Latin, text: plain }),
        }
        inside = true;
    }
    words
}

/// A letter or digit in small letters of ASCII; nothing for what is none.
fn plain_letters(letter: char) -> String {
    let whole = match letter {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        _ => "",
    };
    if !whole.is_empty() {
        return whole.to_owned();
    }
    let bare = std::iter::once(letter).nfd().filter(char::is_ascii_alphanumeric);
    bare.map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_made_of_the_name() {
        for (name, slug) in [
            ("Kawan Lama", "kawan-lama"),
            ("Müller & Söhne GmbH", "muller-sohne"),
            ("Foo Trading Co., Ltd.", "foo-trading"),
            ("Lowe's Companies, Inc.", "lowes-companies"),
            ("星河虚构零售有限公司", "xinghexugoulingshou"),
            ("土耳其Arzum公司", "tuerqi-arzum"),
            ("Ströß Łódź", "stross-lodz"),
            ("Fairs", "fairs-2"),
            ("！？", "enterprise"),
        ] {
            assert_eq!(slug_of(name), slug, "{name}");
            assert!(is_slug(&slug_of(name)), "{name}");
        }
        let long = slug_of(&"very long name ".repeat(20));
        assert!(is_slug(&long), "{long}");
    }

    #[test]
    fn an_address_is_small_letters_digits_and_hyphens() {
        for slug in ["a", "kawan-lama", "3m", "a-1"] {
            assert!(is_slug(slug), "{slug}");
        }
        for slug in
            ["", "-a", "a-", "a--b", "A", "a b", "a/b", "..", "甲", "fairs", "con", "lpt1", "a.b", "a_b"]
        {
            assert!(!is_slug(slug), "{slug}");
        }
    }

    #[test]
    fn a_sort_key_is_the_name_in_pinyin() {
        assert_eq!(sort_key("土耳其Arzum公司"), "tu er qi arzum gong si");
        assert_eq!(sort_key("重庆长城商行"), "chong qing chang cheng shang hang");
        assert_eq!(sort_key("女子"), "nv zi");
    }

    #[test]
    fn two_names_get_two_addresses() {
        let taken = BTreeSet::from(["alpha".to_owned(), "alpha-2".to_owned()]);
        assert_eq!(free_slug(&Localized::new("甲", "Alpha"), &taken), "alpha-3");
        assert_eq!(free_slug(&Localized::new("甲乙", "甲乙"), &taken), "jiayi");
    }
}
