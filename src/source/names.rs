//! Names of files that are nearly those that are read.

use unicode_normalization::UnicodeNormalization;

/// Endings by which one and the same text file may have been saved.
const TEXT_ENDINGS: [&str; 5] = [".txt", ".yaml", ".yml", ".json", ".md"];

/// Endings of tables.
const TABLE_ENDINGS: [&str; 15] = [
    ".xlsx", ".xlsm", ".xlsb", ".xltx", ".xltm", ".xls", ".xlt", ".et", ".ett", ".ods", ".ots", ".fods",
    ".numbers", ".csv", ".tsv",
];

/// Endings by which editors and people mark what they keep aside.
const ASIDE_ENDINGS: [&str; 9] = ["~", ".bak", ".orig", ".old", ".rej", ".tmp", ".swp", ".save", ".backup"];

/// Whether a file is a table by its name.
pub fn is_table_name(path: &str) -> bool {
    without_table_ending(&path.to_lowercase()).is_some()
}

fn without_table_ending(name: &str) -> Option<&str> {
    TABLE_ENDINGS.iter().find_map(|ending| name.strip_suffix(ending))
}

/// Of the names `fixed`, under which files are read, the one that was meant by another: it differs in capital letters,
/// in one letter, in the ending or in an addition such as ` (1)`; this last only if there is no file of the name, as it
/// may well be a copy. What editors keep aside (`rulings.yaml.bak`) is not meant for anything.
pub fn meant_name<'n>(
    name: &str,
    fixed: impl IntoIterator<Item = &'n str>,
    is_there: impl Fn(&str) -> bool,
) -> Option<&'n str> {
    let name: String = name.nfkc().collect::<String>().trim().to_lowercase();
    if ASIDE_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return None;
    }
    let fixed: Vec<&str> = fixed.into_iter().collect();
    let stem = stem(&name);
    let is_near = |one: &str, other: &str| strsim::damerau_levenshtein(one, other) <= 1;
    let is_addition = |rest: &str| rest.starts_with(|c: char| !c.is_ascii_alphabetic());
    // The nearest first: `winners.yml` is not meant for `winners.csv`.
    let same = fixed.iter().find(|known| is_near(&name, known));
    let same = same.or_else(|| fixed.iter().find(|known| stem == self::stem(known)));
    let same = same.or_else(|| fixed.iter().find(|known| is_near(stem, self::stem(known))));
    let same = same.or_else(|| {
        let copy = |known: &&&str| {
            stem.strip_prefix(self::stem(known)).is_some_and(is_addition)
                && !is_table_name(&name)
                && !is_there(known)
        };
        fixed.iter().find(copy)
    });
    same.copied()
}

/// A name without the endings of a text.
fn stem(name: &str) -> &str {
    let mut stem = name;
    while let Some(shorter) = TEXT_ENDINGS.iter().find_map(|ending| stem.strip_suffix(ending)) {
        stem = shorter.trim_end();
    }
    stem
}

/// Of the names `fixed` the one that a table has, but for its ending.
pub fn meant_by_table<'n>(name: &str, fixed: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let name = name.to_lowercase();
    let own = without_table_ending(&name)?;
    fixed.into_iter().find(|known| stem(known) == own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_seen_through_by_case_letter_ending_and_addition() {
        let fixed =
            ["fair.yaml", "rulings.yaml", "ledger.json", "ledger.secret", "winners.csv", "winners.yaml"];
        #[track_caller]
        fn case(names: &[&str], fixed: &[&'static str], there: &str, meant: Option<&str>) {
            for name in names {
                assert_eq!(meant_name(name, fixed.iter().copied(), |known| known == there), meant, "{name}");
            }
        }
        let rulings = [
            "rulings.yml",
            "Rulings.yaml",
            "RULINGS.YAML",
            "ruling.yaml",
            "rullings.yaml",
            "rulings.yaml.txt",
            "Ruling.yml",
            "rulings",
            "rulings.txt",
            "rulings.json",
            "rulings.ymal",
            "rulings .yaml",
            "ｒulings.yaml",
        ];
        case(&rulings, &fixed, "rulings.yaml", Some("rulings.yaml"));
        case(
            &["rulings (1).yaml", "rulings-2.yaml", "rulings - 副本.yaml"],
            &fixed,
            "",
            Some("rulings.yaml"),
        );
        case(&["rulings (1).yaml", "rulings-2.yaml", "rulings - 副本.yaml"], &fixed, "rulings.yaml", None);
        case(&["ledger.yaml", "ledger.json.txt"], &fixed, "", Some("ledger.json"));
        case(&["ledger.secret.txt"], &fixed, "", Some("ledger.secret"));
        case(&["winners.yml"], &fixed, "", Some("winners.yaml"));
        let others = [
            "rulings.yaml.bak",
            "rulings.yaml~",
            "rulings.yaml.orig",
            "README.md",
            "badges.csv",
            "notes.txt",
        ];
        case(&others, &fixed, "", None);
    }
}
