//! TOML 1.1.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Datum, DatumKind, Reader};
use crate::ast::Name;

pub(super) fn read(reader: &mut Reader<'_>, text: &str, start: usize) -> Datum {
    match DeTable::parse(text) {
        Ok(top) => {
            let span = reader.span(start, start + text.len());
            let fields = table(reader, top.get_ref(), start, 1);
            Datum { kind: DatumKind::Record(fields), span }
        }
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            let span = reader.span(start + range.start, start + range.end);
            let why = error.message().to_owned();
            reader.unreadable(span, "TOML", &why)
        }
    }
}

/// The keys in the order of their writing.
fn table(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    start: usize,
    depth: usize,
) -> Vec<(Name, Datum)> {
    let mut fields = Vec::new();
    for (key, value) in table {
        let range = key.span();
        let span = reader.span(start + range.start, start + range.end);
        let text: &str = key.get_ref();
        fields.push((Name { text: text.into(), span }, datum(reader, value, start, depth + 1)));
    }
    fields.sort_by_key(|(name, _)| name.span);
    fields
}

pub(super) fn datum(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    start: usize,
    depth: usize,
) -> Datum {
    let range = value.span();
    let span = reader.span(start + range.start, start + range.end);
    if !reader.take(1, span) || !reader.shallow(depth, span) {
        return Datum { kind: DatumKind::Wrong, span };
    }
    let kind = match value.get_ref() {
        DeValue::String(text) => DatumKind::Text(text.as_ref().into()),
        DeValue::Integer(number) => return reader.int(number.as_str(), number.radix(), span),
        DeValue::Float(number) => return reader.float(number.as_str(), span),
        DeValue::Boolean(it) => DatumKind::Bool(*it),
        // What stands there: the language has no times of its own.
        DeValue::Datetime(_) => DatumKind::Text(reader.source.slice(span).into()),
        DeValue::Array(items) => {
            DatumKind::List(items.iter().map(|it| datum(reader, it, start, depth + 1)).collect())
        }
        DeValue::Table(inner) => DatumKind::Record(table(reader, inner, start, depth)),
    };
    Datum { kind, span }
}
