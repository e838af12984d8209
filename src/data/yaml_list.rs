//! A table as a YAML list, whose entries use the names of the fields as keys.

use serde_yaml::Value;

use super::cell::{Cell, value_cell};
use super::table::shape::Field;
use super::table::sheet::Origin;
use super::table::sheet_reader::SheetReader;
use super::yaml::document::{Document, Entry, Inner, Node, yaml_text};
use crate::source::{Failure, FileId, Files, Report, Span, code, list, nearest, say};

/// Reads a YAML list whose entries use the names of the fields as keys.
pub(super) fn read(
    report: &mut Report,
    files: &Files,
    file: FileId,
    reader: &mut SheetReader<'_>,
) -> Result<(), Failure> {
    let bytes = files.read(file)?;
    let Some(text) = yaml_text(report, file, bytes) else { return Ok(()) };
    let document = match reader.shape.is_private() {
        true => Document::parse_private(report, file, &files.keep_private_text(file, text)),
        false => Document::parse(report, file, &files.keep_text(file, text), 0),
    };
    let Some(document) = document else { return Ok(()) };
    let fields = reader.shape.fields;
    if reader.is_read_again(report, file, None) {
        return Ok(());
    }
    reader.begin_list(file);
    match &document.node.inner {
        Inner::Scalar(Value::Null) => {}
        Inner::Sequence(nodes) => {
            for node in nodes {
                read_entry(report, reader, fields, file, node);
            }
        }
        _ => {
            report
                .error(
                    code::WRONG_TYPE,
                    document.span(),
                    say!("`{shape}` must be a list", shape = reader.shape.name),
                )
                .hint(say!("start each entry with `- ` and a field name"));
            reader.unreadable_row();
        }
    }
    reader.end(report);
    Ok(())
}

fn read_entry(
    report: &mut Report,
    reader: &mut SheetReader<'_>,
    fields: &'static [Field],
    file: FileId,
    node: &Node,
) {
    let Inner::Mapping(entries) = &node.inner else {
        report
            .error(
                code::WRONG_TYPE,
                Span::text(file, node.start, node.end),
                say!("each list entry must be a mapping (`key: value`)"),
            )
            .hint(say!("use the field names as keys"));
        reader.unreadable_row();
        return;
    };
    let mut cells: Vec<Cell<'static>> = fields.iter().map(|_| Cell::Empty).collect();
    let mut origins: Vec<Origin> = fields.iter().map(|_| Origin::Absent).collect();
    let mut sound = true;
    for Entry { key, place, node: inner } in entries {
        let key = key.as_str().unwrap_or_default();
        match fields.iter().position(|field| field.name == key) {
            Some(field) => {
                let cell = value_cell(&inner.value());
                origins[field] = Origin::Set(cell.clone(), Span::text(file, inner.start, inner.end));
                cells[field] = cell;
            }
            None => {
                sound = false;
                let message =
                    say!("`{shape}` has no field `{field}`", shape = reader.shape.name, field = key);
                report
                    .error(code::UNKNOWN_FIELD, Span::text(file, place.0, place.1), message)
                    .label_meant(nearest(key, fields.iter().map(|field| field.name)))
                    .hint(say!("fields: {fields}", fields = list(fields.iter().map(|field| field.name))));
            }
        }
    }
    for (origin, field) in origins.iter_mut().zip(fields) {
        if let Some(value) = reader.source.set.get(field.name) {
            *origin = Origin::Set(value_cell(&value.value), value.span);
        } else if matches!(origin, Origin::Absent) && reader.source.values.contains_key(field.name) {
            // A key that is left out is an empty cell, which may have a meaning.
            *origin = Origin::Set(Cell::Empty, Span::text(file, node.start, node.end));
        }
    }
    if !sound {
        reader.unreadable_row();
        return;
    }
    reader.entry(report, node.start, origins, &cells);
}
