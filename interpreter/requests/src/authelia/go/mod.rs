//! What Go's standard library makes of texts: Authelia leaves URLs, patterns and the comparison of names to it. Written
//! after its documentation and its behaviour (Go 1.26); other libraries differ in just the odd cases that open doors.

mod class;
mod escape;
mod escapes;
mod fold;
mod host;
mod parameters;
mod path;
mod pattern;
#[cfg(test)]
mod tests;
mod url;

pub use self::fold::{equal_fold, has_suffix_fold, lower};
pub use self::parameters::{Parameters, encode};
pub use self::path::clean;
pub use self::pattern::Pattern;
pub use self::url::{Url, Userinfo};

/// Bytes as Go's `range` and `regexp` read them: each byte that is no part of UTF-8 is one U+FFFD.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}
