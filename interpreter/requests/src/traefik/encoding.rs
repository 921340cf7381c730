//! Percent-encoding, as Go's `net/url` does it for each part of a URL.

use super::text::{bytes, from_bytes, hex};

/// What is encoded.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Part {
    Path,
    Host,
    Fragment,
}

fn must_escape(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return false;
    }
    match part {
        Part::Path => !b"$&+,/:;=@".contains(&byte),
        Part::Host => !b"!$&'()*+,;=:[]<>\"".contains(&byte),
        Part::Fragment => !b"$&+,/:;=?@!()*".contains(&byte),
    }
}

pub(super) fn escape(text: &str, part: Part) -> String {
    let mut escaped = String::new();
    for byte in bytes(text) {
        if must_escape(byte, part) {
            push_encoded(&mut escaped, byte);
        } else {
            escaped.push(char::from(byte));
        }
    }
    escaped
}

pub(super) fn unescape(text: &str, part: Part) -> Option<String> {
    let mut out = Vec::new();
    let mut rest = bytes(text).into_iter();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let byte = hex(rest.next()?, rest.next()?)?;
            if part == Part::Host && byte < 0x80 && byte != b'%' {
                return None;
            }
            out.push(byte);
        } else if part == Part::Host && byte < 0x80 && must_escape(byte, part) {
            return None;
        } else {
            out.push(byte);
        }
    }
    Some(from_bytes(&out))
}

/// A path with `%` sequences decoded; `None` where one is broken.
pub(crate) fn path_decoded(text: &str) -> Option<String> {
    unescape(text, Part::Path)
}

pub(super) fn form_decoded(text: &str) -> Option<String> {
    unescape(&text.replace('+', " "), Part::Path)
}

/// A text as the value of a query.
pub(crate) fn form_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in bytes(text) {
        match byte {
            b' ' => encoded.push('+'),
            _ if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => {
                encoded.push(char::from(byte));
            }
            _ => push_encoded(&mut encoded, byte),
        }
    }
    encoded
}

/// Whether a path as written may be sent so.
pub(super) fn valid_encoded(text: &str) -> bool {
    bytes(text)
        .into_iter()
        .all(|byte| b"!'()*[]%".contains(&byte) || !must_escape(byte, Part::Path))
}

fn push_encoded(text: &mut String, byte: u8) {
    let digit = |four| char::from_digit(u32::from(four), 16).unwrap_or('0').to_ascii_uppercase();
    text.extend(['%', digit(byte >> 4), digit(byte & 15)]);
}
