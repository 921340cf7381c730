//! Paths of routes. People write them as they are (`/café`) or as browsers send them (`/caf%C3%A9`); both mean the
//! path that a program sees, and this is what Traefik and Authelia compare as well.

use std::borrow::Cow;

/// Why a text spells no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPath {
    /// A `%` without two digits behind it.
    Escape,
    /// Bytes that are not UTF-8.
    NotText,
}

/// A path with what is encoded in it decoded.
///
/// # Errors
/// Where that is no text.
pub fn decoded(path: &str) -> Result<Cow<'_, str>, BadPath> {
    if !path.contains('%') {
        return Ok(Cow::Borrowed(path));
    }
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte.unwrap_or_default()).to_digit(16);
        let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) else {
            return Err(BadPath::Escape);
        };
        bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| BadPath::NotText)
}

/// Whether a path lies below another one, and is not the same; both without a slash at their ends.
#[must_use]
pub fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

/// How many bytes the name of a file has at most on Linux (`NAME_MAX` of limits.h).
pub const NAME_MAX: usize = 255;

/// The folders that a path lies in, the nearest first; the root of an absolute one is `""`.
pub fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(folder, _)| folder))
        .skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_path() {
        assert_eq!(decoded("/caf%C3%a9"), Ok(Cow::Borrowed("/café")));
        assert_eq!(decoded("/café"), Ok(Cow::Borrowed("/café")));
        assert_eq!(decoded("/a%2"), Err(BadPath::Escape));
        assert_eq!(decoded("/a%+1"), Err(BadPath::Escape));
        assert_eq!(decoded("/a%ff"), Err(BadPath::NotText));
    }

    #[test]
    fn folders() {
        let above = |path| folders_above(path).collect::<Vec<_>>();
        assert_eq!(above("/a/b/c"), ["/a/b", "/a", ""]);
        assert_eq!(above("a/b"), ["a"]);
        assert!(above("a").is_empty());
    }

    #[test]
    fn below() {
        assert!(is_below("/a/b", "/a") && is_below("/a", ""));
        assert!(!is_below("/a", "/a") && !is_below("/ab", "/a") && !is_below("", ""));
    }
}
