//! Values as JSON, for queries and tests.
#![allow(clippy::wildcard_enum_match_arm)] // of the many forms a few matter here

use serde_json::{Map, Number, Value as Json};

use crate::eval::{Evaluator, spell_scalar};
use crate::value::{Piece, Val, Value};

/// The answer to a question: like [`to_json`], but an entity itself is shown with its fields.
pub(crate) fn answer(ev: &mut Evaluator<'_>, val: &Val) -> Json {
    match val.value {
        Value::Ref(id) => to_json(ev, &Val::new(Value::Record(id), val.origin)),
        _ => to_json(ev, val),
    }
}

/// A value as JSON: references as their dotted path, variants as their name or `{ name: payload }`,
/// sealed strings with `<secret.x>` where a secret stands, durations and the like as they are spelled.
/// Unknown and absent values are `null`.
fn to_json(ev: &mut Evaluator<'_>, val: &Val) -> Json {
    match &val.value {
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
            let items = std::sync::Arc::clone(&list.items);
            Json::Array(items.iter().map(|item| to_json(ev, item)).collect())
        }
        Value::Record(id) => {
            let mut map = Map::new();
            for name in ev.names_of(*id) {
                let field = ev.field(*id, &name);
                if !matches!(field.value, Value::Absent) {
                    map.insert(name.to_string(), to_json(ev, &field));
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
                    let inner = to_json(ev, &payload);
                    Json::Object(Map::from_iter([(name, inner)]))
                }
            }
        }
        other => spell_scalar(other).map_or(Json::Null, Json::String),
    }
}
