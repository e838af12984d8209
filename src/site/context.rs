//! What templates get, told by what they are given: every field with its kind and an example.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::lang::Lang;
use crate::source::{Message, list, say};

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    Group,
    List,
    Absent,
    Number,
    Text,
    Truth,
}

impl Kind {
    fn words(self) -> Message {
        match self {
            Kind::Group => say!("group"),
            Kind::List => say!("list"),
            Kind::Absent => say!("may be absent"),
            Kind::Number => say!("number"),
            Kind::Text => say!("text"),
            Kind::Truth => say!("true or false"),
        }
    }
}

/// What a field holds, learnt from its values.
#[derive(Clone, Default, Debug)]
pub struct Shape {
    kinds: BTreeSet<Kind>,
    /// The shortest value that was seen: it depends on the values alone, not on their order.
    example: Option<String>,
    fields: BTreeMap<String, Shape>,
    items: Option<Box<Shape>>,
}

/// Examples are cut here.
const LONGEST: usize = 70;

impl Shape {
    /// Learns from a value.
    pub fn learn(&mut self, value: &Value) {
        let (kind, example) = match value {
            Value::Null => (Kind::Absent, None),
            Value::Bool(truth) => (Kind::Truth, Some(truth.to_string())),
            Value::Number(number) => (Kind::Number, Some(number.to_string())),
            Value::String(text) => (Kind::Text, Some(text.clone()).filter(|text| !text.is_empty())),
            Value::Array(items) => {
                for item in items {
                    self.items.get_or_insert_default().learn(item);
                }
                (Kind::List, None)
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    self.fields.entry(name.clone()).or_default().learn(field);
                }
                (Kind::Group, None)
            }
        };
        self.kinds.insert(kind);
        self.show(example);
    }

    /// Takes a value as the example, if it is shorter than the one there is.
    fn show(&mut self, example: Option<String>) {
        let length = |text: &String| (text.chars().count(), text.clone());
        self.example = self.example.take().into_iter().chain(example).min_by_key(length);
    }

    /// Adds the rows of its fields.
    fn rows(&self, name: &str, rows: &mut String, lang: Lang) {
        for (field, shape) in &self.fields {
            let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
            shape.row(&name, rows, lang);
        }
    }

    fn row(&self, name: &str, rows: &mut String, lang: Lang) {
        let kinds = say!("{kinds}", kinds = list(self.kinds.iter().map(|kind| kind.words()))).text(lang);
        let example = self.example.as_deref().map(cell).unwrap_or_default();
        rows.push_str(&format!("| `{name}` | {kinds} | {example} |\n"));
        self.rows(name, rows, lang);
        if let Some(items) = &self.items {
            let name = format!("{name}[]");
            match items.fields.is_empty() {
                true => items.row(&name, rows, lang),
                false => items.rows(&name, rows, lang),
            }
        }
    }
}

/// An example as code in a table.
fn cell(text: &str) -> String {
    let mut shown: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > LONGEST {
        shown.push('…');
    }
    format!("`{}`", shown.replace('`', "'").replace('|', "\\|"))
}

/// A document in Markdown on what templates get, in a language: what all have in common, then each.
pub fn document(templates: &BTreeMap<String, Shape>, lang: Lang) -> String {
    let columns = [say!("field"), say!("kind"), say!("example")].map(|column| column.text(lang));
    let head = format!("| {} |\n| --- | --- | --- |\n", columns.join(" | "));
    let mut text = match lang {
        Lang::ZH => include_str!("context.zh.md").to_owned(),
        _ => include_str!("context.md").to_owned(),
    };
    let mut all = templates.values();
    let mut shared: BTreeSet<&String> =
        all.next().map(|shape| shape.fields.keys().collect()).unwrap_or_default();
    for shape in all {
        shared.retain(|name| shape.fields.contains_key(*name));
    }
    let mut common = Shape::default();
    for shape in templates.values() {
        for name in &shared {
            common.fields.entry((*name).clone()).or_default().merge(&shape.fields[*name]);
        }
    }
    text.push_str(&format!("\n## {}\n\n{head}", say!("Every page").text(lang)));
    common.rows("", &mut text, lang);
    for (name, shape) in templates {
        let own = Shape {
            fields: shape
                .fields
                .iter()
                .filter(|(name, _)| !shared.contains(name))
                .map(|(n, s)| (n.clone(), s.clone()))
                .collect(),
            ..Shape::default()
        };
        text.push_str(&format!("\n## `{name}`\n\n"));
        match own.fields.is_empty() {
            true => text.push_str(&(say!("Nothing more.").text(lang) + "\n")),
            false => {
                text.push_str(&head);
                own.rows("", &mut text, lang);
            }
        }
    }
    text
}

impl Shape {
    fn merge(&mut self, other: &Shape) {
        self.kinds.extend(&other.kinds);
        self.show(other.example.clone());
        for (name, shape) in &other.fields {
            self.fields.entry(name.clone()).or_default().merge(shape);
        }
        if let Some(items) = &other.items {
            self.items.get_or_insert_default().merge(items);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_shape_does_not_depend_on_the_order_of_its_values() {
        let values = [
            json!({"page": {"title": "Long title"}, "list": [{"a": 1}, {"a": null, "b": "x|y"}]}),
            json!({"page": {"title": "Short"}, "list": []}),
        ];
        let told = |order: [usize; 2]| {
            let mut shape = Shape::default();
            for number in order {
                shape.learn(&values[number]);
            }
            document(&BTreeMap::from([("x.html".to_owned(), shape)]), Lang::EN)
        };
        assert_eq!(told([0, 1]), told([1, 0]));
        let text = told([0, 1]);
        assert!(text.contains("| `page.title` | text | `Short` |\n"), "{text}");
        assert!(text.contains("| `list[].a` | may be absent, number | `1` |\n"), "{text}");
        assert!(text.contains("| `list[].b` | text | `x\\|y` |\n"), "{text}");
    }
}
