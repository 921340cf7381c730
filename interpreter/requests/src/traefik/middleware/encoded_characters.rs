//! `encodedCharacters`, and the same of entry points: sequences that a path may not hold.

use super::super::configuration::EncodedCharacters;
use super::super::live::Live;

/// The sequence in the path that is not allowed.
pub(crate) fn denied(allowed: &EncodedCharacters, live: &Live) -> Option<String> {
    let path = live.url.escaped_path();
    let mut parts = path.split('%');
    parts.next();
    let denied = |part: &str| {
        let code = part.get(..2)?;
        let denied = match code.to_ascii_uppercase().as_str() {
            "2F" => !allowed.slash,
            "5C" => !allowed.back_slash,
            "00" => !allowed.null,
            "3B" => !allowed.semicolon,
            "25" => !allowed.percent,
            "3F" => !allowed.question_mark,
            "23" => !allowed.hash,
            _ => false,
        };
        denied.then(|| format!("%{code}"))
    };
    parts.find_map(denied)
}
