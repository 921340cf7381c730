//! One message, broken at one of its levels: a value, the structure, the header, the bytes.

use serde_json::{Map, Value, json};

use crate::editor::framed;
use crate::mutate::Random;

/// The bytes of a message, broken.
pub fn broken(message: &Value, random: &mut Random) -> Vec<u8> {
    let mut message = message.clone();
    match random.below(8) {
        0 | 1 => framed(&spoiled(&mut message, random).to_string()),
        2 | 3 => {
            for _ in 0..=random.below(4) {
                spoiled(&mut message, random);
            }
            framed(&message.to_string())
        }
        4 => framed(&doubled(&message.to_string(), random)),
        5 | 6 => header(&message.to_string(), random),
        _ => bytes(framed(&message.to_string()), random),
    }
}

/// Changes one value somewhere in a message.
fn spoiled<'v>(message: &'v mut Value, random: &mut Random) -> &'v Value {
    let mut way = Vec::new();
    ways(message, String::new(), &mut way);
    let pointer = random.pick(&way).clone();
    let spare = message.pointer(random.pick(&way).as_str()).cloned().unwrap_or_default();
    let last = pointer.rsplit('/').next().unwrap_or_default().to_owned();
    let around = pointer.rsplit_once('/').map(|(around, _)| around.to_owned());
    let around = around.and_then(|around| message.pointer_mut(&around));
    match (random.below(7), around) {
        (0, Some(Value::Object(fields))) => drop(fields.remove(&last)),
        (1, Some(Value::Object(fields))) => {
            let value = fields.remove(&last).unwrap_or_default();
            fields.insert(format!("{last}s"), value);
        }
        (2, Some(Value::Array(list))) => {
            let copy = list.clone();
            list.extend(copy);
        }
        (3, _) => put(message, &pointer, spare),
        (4, _) => {
            let inner = message.pointer(&pointer).cloned().unwrap_or_default();
            let wrapped = if random.below(2) == 0 { json!([inner]) } else { json!({ "a": inner }) };
            put(message, &pointer, wrapped);
        }
        _ => put(message, &pointer, strange(random)),
    }
    message
}

fn put(message: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = message.pointer_mut(pointer) {
        *place = value;
    }
}

/// The way to every value.
fn ways(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, it)| ways(it, format!("{at}/{key}"), all));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(key, it)| ways(it, format!("{at}/{key}"), all));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    all.push(at);
}

fn strange(random: &mut Random) -> Value {
    match random.below(24) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(0),
        4 => json!(1.5),
        5 => json!(i64::MAX),
        6 => json!(u64::MAX),
        7 => json!(1.797e308),
        8 => json!(u32::MAX),
        9 => json!(i64::from(u32::MAX) + 1),
        10 => json!(""),
        11 => json!("\0"),
        12 => json!("file:///"),
        13 => json!("file:///%00%ff/a.qg"),
        14 => json!("untitled:Untitled-1"),
        15 => json!("file://host/a.qg"),
        16 => json!("file:///dev/zero/a.qg"),
        17 => json!("x".repeat(1 << random.below(21))),
        18 => json!("\n".repeat(1 << random.below(18))),
        19 => json!("🦀\u{fffd}\u{2028}e\u{301}"),
        20 => json!([]),
        21 => json!({}),
        22 => json!(vec![0; 1 << random.below(16)]),
        _ => {
            let some = (0..random.below(2000)).map(|it| (format!("a{it}"), json!(it)));
            Value::Object(some.collect::<Map<_, _>>())
        }
    }
}

/// The text of a message with a piece of it twice, or swapped with another.
fn doubled(text: &str, random: &mut Random) -> String {
    let mut pieces: Vec<&str> = text.split_inclusive([',', '{', '}', '[', ']', ':']).collect();
    let (one, other) = (random.below(pieces.len()), random.below(pieces.len()));
    match random.below(4) {
        0 => pieces.swap(one, other),
        1 => drop(pieces.remove(one)),
        2 => {
            let piece = pieces[one];
            let times = [1, 2, 300, 20_000][random.below(4)];
            pieces.splice(other..other, std::iter::repeat_n(piece, times));
        }
        _ => {
            let escapes = ["\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\\x\"", "1e999"];
            pieces[one] = escapes[random.below(escapes.len())];
        }
    }
    pieces.concat()
}

/// A body with a header that is not quite its own.
fn header(body: &str, random: &mut Random) -> Vec<u8> {
    let length = body.len();
    let any = random.below(3 * length);
    let header = match random.below(16) {
        0 => format!("content-length:{length}\n\n"),
        1 => format!("CONTENT-LENGTH: {length}\r\nContent-Type: a/b; charset=UTF-8\r\n\r\n"),
        2 => format!("Content-Type: a/b; charset=latin1\r\nContent-Length: {length}\r\n\r\n"),
        3 => format!("Content-Length: {}\r\n\r\n", length + 1),
        4 => format!("Content-Length: {}\r\n\r\n", length.saturating_sub(1)),
        5 | 6 => format!("Content-Length: {any}\r\n\r\n"),
        7 => format!("Content-Length: -{length}\r\n\r\n"),
        8 => format!("Content-Length: {}\r\n\r\n", u64::MAX - any as u64),
        9 => format!("Content-Length: {length}{length}{length}{length}{length}{length}\r\n\r\n"),
        10 => format!("Content-Length: {}\r\n\r\n", (33 << 20) + any),
        11 => format!("Content-Length: {any}\r\nContent-Length: {length}\r\n\r\n"),
        12 => "Content-Length\r\n\r\n".to_owned(),
        13 => "\r\n".to_owned(),
        14 => String::new(),
        _ => format!("{}Content-Length: {length}\r\n\r\n", "x".repeat(any * 10)),
    };
    [header.as_bytes(), body.as_bytes()].concat()
}

/// Some bytes of it are others, gone or there twice.
fn bytes(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let end = (at + 1 + random.below(40)).min(bytes.len());
        match random.below(5) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy.repeat([1, 50][random.below(2)]));
            }
            2 => bytes.truncate(at + 1),
            3 => bytes[at] = random.below(256) as u8,
            _ => bytes[at] ^= 1 << random.below(8),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}
