//! Files of lines: dotenv and INI.

use serde_json::{Map, Value};

/// Lines of `NAME=value`. What sops knows of such a file has names with `sops_` in front.
pub(super) fn dotenv(text: &str) -> Map<String, Value> {
    let (mut keys, mut own) = (Map::new(), Map::new());
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        match line.split_once('=') {
            Some((name, value)) => match name.strip_prefix("sops_") {
                Some(word) => drop(own.insert(word.to_owned(), Value::from(value))),
                None => add(&mut keys, name, value),
            },
            None => rest(&mut keys, line),
        }
    }
    if !own.is_empty() {
        keys.insert("sops".to_owned(), Value::Object(own));
    }
    keys
}

/// Sections of `name = value`. What sops knows of such a file is the section `sops`.
pub(super) fn ini(text: &str) -> Map<String, Value> {
    let mut sections = Map::new();
    // What stands above all of them is in the section `DEFAULT` (go-ini).
    let mut name = "DEFAULT";
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(head) = line.strip_prefix('[').and_then(|it| it.split_once(']')) {
            name = head.0.trim();
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let section = sections.entry(name).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(section) = section else { continue };
        match line.split_once(['=', ':']) {
            Some((key, value)) => {
                let value = value.trim();
                let value = ['`', '"'].into_iter().fold(value, |value, quote| {
                    let inner = value.strip_prefix(quote).and_then(|it| it.strip_suffix(quote));
                    inner.unwrap_or(value)
                });
                add(section, key.trim(), value);
            }
            None => rest(section, line),
        }
    }
    sections
}

/// One more value: what stands there twice is two values.
fn add(keys: &mut Map<String, Value>, name: &str, value: &str) {
    let value = Value::from(value);
    match keys.get_mut(name) {
        Some(Value::Array(all)) => all.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
        None => drop(keys.insert(name.to_owned(), value)),
    }
}

/// What is no key with a value is a value that everybody can read.
fn rest(keys: &mut Map<String, Value>, line: &str) {
    if !line.trim().is_empty() {
        add(keys, "/", line);
    }
}
