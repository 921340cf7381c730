//! Values as JSON, for queries and tests.

use qg_evaluation::value::{NodeId, Piece, Val, Value};
use qg_evaluation::{Evaluator, Shape, piece_length, spell_scalar};
use qg_lang::check::types::Type;
use qg_lang::span::Span;
use serde_json::{Map, Number, Value as Json};

/// The bytes of a value, and of its key where it has one.
const JSON: usize = 128;

/// One of several records.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// Of an entity or an entry of a map: how it is called.
    pub name: Option<String>,
    pub fields: Map<String, Json>,
}

/// A value as JSON, and whether all of it is known.
pub(crate) fn answer(ev: &mut Evaluator<'_>, val: &Val, asked: Span) -> (Json, bool) {
    let mut whole = true;
    let json = to_json(ev, val, &mut whole, asked);
    (json, whole)
}

/// The records of a list, a set or a map, entities with their fields; none where it holds anything
/// else, or nothing.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "records alone are rows; what has none is shown as a value"
)]
pub(crate) fn rows(ev: &mut Evaluator<'_>, val: &Val, asked: Span) -> Option<Vec<TableRow>> {
    let mut rows = Vec::new();
    match &val.value {
        Value::List(list) | Value::Set(list) => {
            for item in list.items.iter() {
                let (id, name) = match item.value {
                    Value::Ref(id) => (id, Some(ev.state.node_path(id))),
                    Value::Record(id) => (id, None),
                    _ => return None,
                };
                rows.push(TableRow { name, fields: fields(ev, id, asked)? });
            }
            if let Some(Val { value: Value::Record(first), .. }) = list.items.first() {
                as_written(ev, *first, &mut rows);
            }
        }
        Value::Record(map) | Value::Ref(map) => {
            let Shape::Map(element) = &ev.state.node(*map).shape else { return None };
            if !matches!(element.base(), Type::Record(_)) {
                return None;
            }
            for name in ev.names_of(*map) {
                let (Value::Record(id) | Value::Ref(id)) = ev.field(*map, &name).value else {
                    continue;
                };
                rows.push(TableRow {
                    name: Some(name.to_string()),
                    fields: fields(ev, id, asked)?,
                });
            }
        }
        _ => {}
    }
    (!rows.is_empty()).then_some(rows)
}

/// Puts the fields of records without a schema into the order in which the first one has them.
fn as_written(ev: &Evaluator<'_>, first: NodeId, rows: &mut [TableRow]) {
    let node = ev.state.node(first);
    if node.shape != Shape::Anonymous {
        return;
    }
    let place = |name: &str| {
        let val = node.cells.get(name)?.progress.done()?;
        ev.state.origins.span(val.origin)
    };
    for row in rows {
        let mut fields: Vec<_> = std::mem::take(&mut row.fields).into_iter().collect();
        // What the first one does not have stays behind.
        fields.sort_by_key(|(name, _)| (place(name).is_none(), place(name)));
        row.fields = fields.into_iter().collect();
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a record's JSON is an object")]
fn fields(ev: &mut Evaluator<'_>, id: NodeId, asked: Span) -> Option<Map<String, Json>> {
    let record = Val::new(Value::Record(id), qg_fleet::leaf::OriginId(0));
    match to_json(ev, &record, &mut true, asked) {
        Json::Object(fields) => Some(fields),
        _ => None,
    }
}

/// A value as JSON: references as their dotted path, variants as their name or `{ name: payload }`,
/// sealed strings with `<secret.x>` where a secret stands, durations and the like as they are spelled.
/// Unknown and absent values are `null`. A value that stands at many places is written at each, and
/// counts as often.
#[expect(clippy::wildcard_enum_match_arm, reason = "`spell_scalar` knows all others")]
fn to_json(ev: &mut Evaluator<'_>, val: &Val, whole: &mut bool, asked: Span) -> Json {
    let own = match &val.value {
        Value::Text(text) | Value::Path(text) | Value::File(text) | Value::Nix(text) => text.len(),
        Value::Sealed(pieces) => pieces.iter().map(piece_length).sum(),
        // All others are short, or counted with what lies in them.
        _ => 0,
    };
    if !ev.written_out(own + JSON, asked) {
        *whole = false;
        return Json::Null;
    }
    match &val.value {
        Value::Unknown => {
            *whole = false;
            Json::Null
        }
        Value::Bool(it) => Json::Bool(*it),
        Value::Int(it) => Json::Number((*it).into()),
        Value::Float(it) => Number::from_f64(*it).map_or(Json::Null, Json::Number),
        Value::Port(it) if it.protocol == qg_lang::ast::Protocol::Tcp => {
            Json::Number(it.number.into())
        }
        Value::Ref(id) => Json::String(ev.state.node_path(*id)),
        Value::Sealed(pieces) => {
            let text = pieces.iter().map(|piece| match piece {
                Piece::Text(text) => text.to_string(),
                Piece::Secret(id) => format!("<{}>", ev.state.node_path(*id)),
            });
            Json::String(text.collect())
        }
        Value::Nix(text) => Json::String(text.to_string()),
        Value::List(list) | Value::Set(list) => {
            *whole &= list.complete;
            let items = std::sync::Arc::clone(&list.items);
            Json::Array(items.iter().map(|item| to_json(ev, item, whole, asked)).collect())
        }
        Value::Record(id) => {
            let mut map = Map::new();
            for name in ev.names_of(*id) {
                let field = ev.field(*id, &name);
                if !matches!(field.value, Value::Absent) {
                    map.insert(name.to_string(), to_json(ev, &field, whole, asked));
                }
            }
            Json::Object(map)
        }
        Value::Variant(id, index, payload) => {
            let variants = &ev.analysis.declarations.enumeration(*id).variants;
            let name =
                variants.get(*index as usize).map_or_else(String::new, |it| it.name.to_string());
            match payload {
                None => Json::String(name),
                Some(payload) => {
                    let payload = Val::new(Value::Record(*payload), val.origin);
                    let inner = to_json(ev, &payload, whole, asked);
                    Json::Object(Map::from_iter([(name, inner)]))
                }
            }
        }
        other => spell_scalar(other).map_or(Json::Null, Json::String),
    }
}
