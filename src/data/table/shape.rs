//! What a table is made of: its fields, the headings under which they are found, the words that they accept.

/// What a table is made of.
#[derive(Debug)]
pub struct TableShape {
    /// Its name in `sources`.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

impl TableShape {
    /// Whether the table is about persons: its values are masked in messages.
    pub fn is_private(&self) -> bool {
        self.fields.iter().any(|field| field.private)
    }

    /// The position of a field, by its name.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// A field of a table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Headings under which it is found. Headings are compared after NFKC and case folding, without white space,
    /// underscores and asterisks; one that is not known then, without its parts in brackets.
    pub headings: &'static [&'static str],
    /// Whether every row must have a value.
    pub required: bool,
    /// Whether its values are about a person.
    pub private: bool,
    /// What its values are.
    pub kind: Kind,
}

impl Field {
    /// A field that a row may leave empty.
    pub const fn new(name: &'static str, kind: Kind, headings: &'static [&'static str]) -> Field {
        Field { name, headings, required: false, private: false, kind }
    }

    /// The same, with a value in every row.
    pub const fn required(self) -> Field {
        Field { required: true, ..self }
    }

    /// The same, about a person.
    pub const fn private(self) -> Field {
        Field { private: true, ..self }
    }
}

/// What the values of a field are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Identifiers: text in which leading zeros count, so that a number is refused.
    Code,
    /// Text.
    Text,
    /// A date, with or without a time of day.
    Date,
    /// A word of a closed list.
    Words(&'static [Word]),
}

/// A value of a closed list, with the words that people write for it.
#[derive(PartialEq, Eq, Debug)]
pub struct Word {
    /// The value.
    pub value: &'static str,
    /// Other words for it. Words are compared after NFKC and case folding, without white space and underscores.
    pub written: &'static [&'static str],
}

impl Kind {
    /// All words that the field accepts, in the order of their declaration.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let words = match self {
            Kind::Words(words) => words,
            Kind::Code | Kind::Text | Kind::Date => &[],
        };
        words.iter().flat_map(|word| std::iter::once(word.value).chain(word.written.iter().copied()))
    }

    /// The value that a word stands for.
    pub fn value_of(self, text: &str) -> Option<&'static str> {
        let Kind::Words(words) = self else { return None };
        let stands = |word: &&Word, text: &str| word.value == text || word.written.contains(&text);
        // Most are written as they are declared.
        let found = words.iter().find(|word| stands(word, text)).or_else(|| {
            let folded = fold_word(text);
            words.iter().find(|word| stands(word, &folded))
        });
        found.map(|word| word.value)
    }
}

/// A word as it is compared: NFKC, case folded, without white space and underscores.
pub fn fold_word(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let normal: String = text.nfkc().collect();
    let folded = icu_casemap::CaseMapper::new().fold_string(&normal);
    folded.chars().filter(|c| !c.is_whitespace() && *c != '_').collect()
}
