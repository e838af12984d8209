//! JSON Schemas of every file that people write, made of the types that read the files: editors complete and check
//! by them while one types. Every description stands in English, from the types, and in Chinese, from the catalog.

use std::path::Path;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::bonus::ReviewFile;
use crate::data::{Field, TableShape};
use crate::fair::{Calendar, Enterprise, FairFile, NAMES, RosterFile, RulingFile, all_shapes};
use crate::pages::{FrontMatter, GlossaryFile, SiteFile};
use crate::rulebook::{POLICIES, RulebookFile};
use crate::site::{ThemeFile, WordsFile};
use crate::source::{Failure, chinese, say};

/// The schema of a kind of file.
#[derive(Clone, PartialEq, Debug)]
pub struct FileSchema {
    /// Its name, such as `fair`; it is kept in `data/schemas/fair.json`.
    pub name: &'static str,
    /// The schema.
    pub schema: Value,
}

impl FileSchema {
    /// The text of its file.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.schema).expect("a value is always written");
        text.push('\n');
        text
    }
}

/// The schemas of all files that people write.
pub fn schemas() -> Vec<FileSchema> {
    let mut schemas = vec![
        made::<SiteFile>("site", "data/site.yaml"),
        made::<Calendar>("calendar", "data/calendar.yaml"),
        made::<GlossaryFile>("glossary", "data/glossary.yaml"),
        made::<RulebookFile>("rulebook", "data/rulebooks/*.yaml"),
        made::<Enterprise>("enterprise", "data/enterprises/*.yaml"),
        made::<FairFile>("fair", "data/fairs/*/fair.yaml"),
        made::<RosterFile>("roster", "data/fairs/*/roster.yaml"),
        made::<Vec<RulingFile>>("rulings", "data/fairs/*/rulings.yaml"),
        made::<ReviewFile>("booth-review", "data/booth-review.yaml"),
        made::<FrontMatter>("page", "content/**/*.md"),
        made::<ThemeFile>("theme", "themes/*/theme.yaml"),
        made::<WordsFile>("words", "themes/*/zh.yaml, themes/*/en.yaml"),
    ];
    for file in &mut schemas {
        match file.name {
            "fair" => name_fields_of_tables(&mut file.schema),
            "rulebook" => name_policies(&mut file.schema),
            _ => {}
        }
    }
    for shape in all_shapes() {
        // `roster.json` is of the file `roster.yaml`.
        let name = if shape.name == "roster" { "roster-table" } else { shape.name };
        schemas.push(FileSchema { name, schema: table(shape) });
    }
    for file in &mut schemas {
        add_chinese(&mut file.schema);
    }
    schemas
}

/// Writes every schema into a folder, which is made if it is absent. Says the names of the files.
pub fn write_schemas(folder: &Path) -> Result<Vec<String>, Failure> {
    let failed = |cause| Failure::new(say!("write {path}", path = folder.display()), cause);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut names = Vec::new();
    for file in schemas() {
        let name = format!("{}.json", file.name);
        #[expect(
            clippy::disallowed_methods,
            reason = "schemas are no part of the site, and are made anew in place"
        )]
        std::fs::write(folder.join(&name), file.text()).map_err(failed)?;
        names.push(name);
    }
    Ok(names)
}

/// The schema of a file that a type reads.
fn made<T: JsonSchema>(name: &'static str, files: &str) -> FileSchema {
    let generator: SchemaGenerator = SchemaSettings::draft07().into_generator();
    let mut schema: Value = generator.into_root_schema_for::<T>().to_value();
    let object = schema.as_object_mut().expect("a type of a file is an object");
    object.insert("$comment".to_owned(), format!("{files}; written by `jinbang schema`").into());
    FileSchema { name, schema }
}

/// The schema of a table that is written as a YAML list.
fn table(shape: &TableShape) -> Value {
    let value = |field: &Field| match field.kind {
        crate::data::Kind::Code => json!({"type": "string"}),
        crate::data::Kind::Date => json!({"type": "string"}),
        crate::data::Kind::Text | crate::data::Kind::Words(_) => {
            json!({"type": ["string", "integer", "boolean", "array"], "items": {"type": ["string", "integer"]}})
        }
    };
    let properties: Map<String, Value> = shape
        .fields
        .iter()
        .map(|field| {
            let mut value = value(field);
            value["description"] = format!("{} · {}", field.name, field.headings.join(", ")).into();
            (field.name.to_owned(), value)
        })
        .collect();
    let required: Vec<&str> =
        shape.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": "a table that is a YAML list; written by `jinbang schema`",
        "title": shape.name,
        "type": ["array", "null"],
        "items": {
            "type": "object",
            "additionalProperties": false,
            "properties": properties,
            "required": required,
        },
    });
    if shape.name == NAMES.name {
        schema["items"]["patternProperties"] = json!({NAME_COLUMN: {"type": "string"}});
    }
    schema
}

/// The columns of names in any language.
const NAME_COLUMN: &str = "^name_[a-z-]{2,8}$";

/// Says which fields the options of a source may name, by table.
fn name_fields_of_tables(schema: &mut Value) {
    for shape in all_shapes() {
        let fields: Vec<&str> = shape.fields.iter().map(|field| field.name).collect();
        let known = match shape.name == NAMES.name {
            true => json!({"anyOf": [{"enum": fields}, {"pattern": NAME_COLUMN}]}),
            false => json!({"enum": fields}),
        };
        let named = json!({"propertyNames": known});
        let place = match shape.name {
            "penalties" => "/definitions/Penalties/anyOf/1/items".to_owned(),
            name => format!("/definitions/Sources/properties/{name}/items"),
        };
        let source = schema.pointer_mut(&place).expect("every table has a list of sources");
        let options = json!({
            "set": named, "columns": named, "values": named, "digits": named,
            "absent": {"items": known},
        });
        *source = json!({"allOf": [source.take(), {"properties": options}]});
    }
}

/// Says which policies there are, and which choices each may have.
fn name_policies(schema: &mut Value) {
    let names: Vec<&str> = POLICIES.iter().map(|(name, _)| *name).collect();
    let policies: Map<String, Value> = POLICIES
        .iter()
        .map(|(name, choices)| {
            let choice = json!({"enum": choices});
            let known = json!({"properties": {
                "choice": choice, "alternatives": {"items": choice}, "choices": {"propertyNames": choice},
            }});
            ((*name).to_owned(), json!({"allOf": [{"$ref": "#/definitions/Policy"}, known]}))
        })
        .collect();
    let place = schema.pointer_mut("/properties/policies").expect("a rulebook has policies");
    place["propertyNames"] = json!({"enum": names});
    place["properties"] = policies.into();
}

/// Puts the Chinese description behind every English one.
fn add_chinese(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get_mut("description") {
                let english = text.split_whitespace().collect::<Vec<_>>().join(" ");
                *text = match chinese(&english) {
                    Some(chinese) => format!("{english}\n\n{chinese}"),
                    None => english,
                };
            }
            for (_, value) in members.iter_mut() {
                add_chinese(value);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(add_chinese),
        _ => {}
    }
}
