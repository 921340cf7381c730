//! The names, addresses and numbers that stand in a literal, as they are written.

/// A name or an address in a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// Where it begins in the literal, in bytes.
    pub start: usize,
    pub text: &'t str,
    /// The number behind a colon that follows it, and where that begins.
    pub port: Option<(usize, u16)>,
    /// Whether it stands behind the `@` of a mail address.
    pub is_mail: bool,
}

/// The tokens of a literal of a source: of a string between its quotes, but not of what `${…}` brings; of anything
/// else only where it is an address or a number as a whole.
pub(super) fn tokens(literal: &str) -> Vec<Token<'_>> {
    let whole = || Token { start: 0, text: literal, port: None, is_mail: false };
    if !literal.starts_with('"') {
        let is_one = !literal.is_empty()
            && literal.chars().all(|it| it.is_ascii_hexdigit() || ".:".contains(it));
        return if is_one { vec![whole()] } else { Vec::new() };
    }
    let mut found = Vec::new();
    for (at, part) in outside_of_holes(literal) {
        found.extend(in_part(at, part));
    }
    found
}

/// What an item says, without its key: `"x"` of `key = "x"`, with where it begins; the whole of what is no item.
pub(super) fn value(said: &str) -> (usize, &str) {
    let mut rest = said;
    loop {
        rest = match rest.strip_prefix('"') {
            Some(key) => key.split_once('"').map_or("", |(_, behind)| behind),
            None => rest.trim_start_matches(|it: char| it.is_alphanumeric() || "_-".contains(it)),
        };
        match rest.strip_prefix('.') {
            Some(more) => rest = more,
            None => break,
        }
    }
    match rest.trim_start().strip_prefix('=') {
        Some(value) if !value.starts_with(['=', '>']) => {
            let value = value.trim_start();
            (said.len() - value.len(), value)
        }
        _ => (0, said),
    }
}

/// The parts of a string between its `${…}`, each with where it begins. What a `$${` begins is no hole.
fn outside_of_holes(literal: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut from, mut depth) = (0, 0_usize);
    let bytes = literal.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let opens = *byte == b'$' && bytes.get(at + 1) == Some(&b'{');
        let escaped = at > 0 && bytes.get(at - 1) == Some(&b'$');
        match byte {
            b'$' if opens && depth == 0 && !escaped => {
                parts.extend(literal.get(from..at).map(|part| (from, part)));
                depth = 1;
                at += 1;
            }
            b'{' if depth > 0 => depth += 1,
            b'}' if depth == 1 => {
                depth = 0;
                from = at + 1;
            }
            b'}' if depth > 1 => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    if depth == 0 {
        parts.extend(literal.get(from..).map(|part| (from, part)));
    }
    parts
}

fn in_part(at: usize, part: &str) -> impl Iterator<Item = Token<'_>> {
    let of_token = |it: char| it.is_ascii_alphanumeric() || ".-_".contains(it);
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + part.get(rest..)?.find(of_token)?;
        let tail = part.get(start..)?;
        let text = tail.get(..tail.find(|it| !of_token(it)).unwrap_or(tail.len()))?;
        rest = start + text.len();
        let behind = part.get(rest..).and_then(|it| it.strip_prefix(':')).unwrap_or("");
        let digits = behind.find(|it: char| !it.is_ascii_digit()).unwrap_or(behind.len());
        let number = behind.get(..digits).and_then(|it| it.parse().ok());
        let before = part.get(..start).unwrap_or("");
        let is_mail = before.ends_with('@') && !before.contains("://");
        Some(Token { start: at + start, text, port: number.map(|it| (at + rest + 1, it)), is_mail })
    })
    .map(|token| Token { text: token.text.trim_end_matches('.'), ..token })
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens, value};

    fn texts(literal: &str) -> Vec<(&str, Option<u16>, bool)> {
        let found = tokens(literal);
        found.iter().map(|it: &Token<'_>| (it.text, it.port.map(|it| it.1), it.is_mail)).collect()
    }

    #[test]
    fn holes_are_not_what_is_typed() {
        assert_eq!(
            texts(r#""http://${host.a.address}:80/${{ b = "c" }}d""#),
            [("http", None, false), ("80", None, false), ("d", None, false),]
        );
        assert_eq!(texts(r#""$${a} b""#), [("a", None, false), ("b", None, false)]);
        assert_eq!(texts(r#""${a""#), [("", None, false); 0]);
    }

    #[test]
    fn an_item_is_what_stands_behind_its_sign() {
        assert_eq!(value(r#"a."b.c".d = "x""#), (12, r#""x""#));
        assert_eq!(value(r#""x = y""#), (0, r#""x = y""#));
        assert_eq!(value("a == b"), (0, "a == b"));
        assert_eq!(value("192.168.0.1"), (0, "192.168.0.1"));
    }

    #[test]
    fn names_have_their_ports_and_mail_addresses_are_told_apart() {
        assert_eq!(
            texts(r#""https://a.example.org:8443/x""#)[1],
            ("a.example.org", Some(8443), false)
        );
        assert_eq!(texts(r#""me@example.org""#)[1], ("example.org", None, true));
        assert_eq!(texts("192.168.0.1"), [("192.168.0.1", None, false)]);
        assert_eq!(texts("fqdn(name)"), []);
    }
}
