//! JSON as RFC 8259 has it: no comments, no trailing commas.

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Datum, DatumKind, Reader};
use crate::ast::Name;

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn read(reader: &mut Reader<'_>, text: &str, start: usize) -> Datum {
    match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(result) => match result.value {
            Some(value) => datum(reader, value, start, 1),
            None => {
                let span = reader.span(start, start);
                reader.unreadable(span, "JSON", "there is no value in it")
            }
        },
        Err(error) => {
            let range = error.range();
            let span = reader.span(start + range.start, start + range.end);
            let why = error.kind().to_string();
            reader.unreadable(span, "JSON", &why)
        }
    }
}

fn datum(reader: &mut Reader<'_>, value: Value<'_>, start: usize, depth: usize) -> Datum {
    let range = value.range();
    let span = reader.span(start + range.start, start + range.end);
    if !reader.take(1, span) || !reader.shallow(depth, span) {
        return Datum { kind: DatumKind::Wrong, span };
    }
    let kind = match value {
        Value::NullKeyword(_) => DatumKind::Null,
        Value::BooleanLit(it) => DatumKind::Bool(it.value),
        Value::StringLit(it) => DatumKind::Text(it.value.into()),
        Value::NumberLit(it) if it.value.contains(['.', 'e', 'E']) => {
            return reader.float(it.value, span);
        }
        Value::NumberLit(it) => return reader.int(it.value, 10, span),
        Value::Array(it) => {
            let items = it.elements.into_iter();
            DatumKind::List(items.map(|it| datum(reader, it, start, depth + 1)).collect())
        }
        Value::Object(it) => {
            let mut all = Vec::with_capacity(it.properties.len());
            for property in it.properties {
                let (text, range) = match property.name {
                    ObjectPropName::String(it) => (it.value.into_owned(), it.range),
                    ObjectPropName::Word(it) => (it.value.to_owned(), it.range),
                };
                // Without its quotes, so that another name can take its place.
                let span = reader.span(start + range.start + 1, start + range.end - 1);
                let value = datum(reader, property.value, start, depth + 1);
                all.push((Name { text: text.into(), span }, value));
            }
            DatumKind::Record(reader.keys(all))
        }
    };
    Datum { kind, span }
}
