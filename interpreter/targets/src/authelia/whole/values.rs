//! Values of a configuration by their keys: `session.redis.host`.

use serde_json::{Map, Value};

pub(super) fn get<'v>(root: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(root, |at, key| at.get(key))
}

/// The text at a path, numbers and truth in their spelling; nothing where there is none.
pub(super) fn text_at(root: &Value, path: &str) -> String {
    match get(root, path) {
        Some(Value::String(text)) => text.clone(),
        Some(it @ (Value::Number(_) | Value::Bool(_))) => it.to_string(),
        Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => String::new(),
    }
}

/// Whether something is switched on.
pub(super) fn is_on(root: &Value, path: &str) -> bool {
    matches!(&*text_at(root, path), "true" | "TRUE" | "True" | "t" | "T" | "1")
}

/// Takes a value away.
pub(super) fn take(root: &mut Value, path: &str) -> Option<Value> {
    let (above, key) = path.rsplit_once('.').map_or((None, path), |(it, key)| (Some(it), key));
    let mut at = &mut *root;
    for key in above.into_iter().flat_map(|it| it.split('.')) {
        at = at.get_mut(key)?;
    }
    let taken = at.as_object_mut()?.remove(key);
    let left_empty = taken.is_some() && at.as_object().is_some_and(Map::is_empty);
    // A section of which only old keys were said is none of its own.
    if let Some(above) = above.filter(|_| left_empty) {
        take(root, above);
    }
    taken
}

/// Says a value, in sections that are made where there are none.
pub(super) fn put(root: &mut Value, path: &str, value: Value) {
    let mut at = root;
    for key in path.split('.') {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        at = &mut at[key];
    }
    *at = value;
}
