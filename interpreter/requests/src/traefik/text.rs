//! Go's strings are bytes; ours are characters. A byte that belongs to no character (`%ff` in a path, say) stands as
//! one character of the last private plane, so that it is one character to a pattern, as in Go, and comes back whole.

const BYTES: u32 = 0x10_FF00;

/// Bytes as a string that [`bytes`] gives back.
pub(crate) fn from_bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(
            chunk.invalid().iter().filter_map(|byte| char::from_u32(BYTES + u32::from(*byte))),
        );
    }
    text
}

/// The bytes that a text of an answer stands for: a byte that is no character of its own, `%ff` in a path for one, is
/// kept as a character of the last private plane.
#[must_use]
pub fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c).checked_sub(BYTES).and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

/// The two hexadecimal digits after a `%`, as a byte.
pub(crate) fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
    Some(digit(high)? * 16 + digit(low)?)
}

/// What stands before the first and after it.
pub(crate) fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}
