//! The words of a header (LSP 3.17, "Header Part"), as they are written and as they are meant.

/// The header that counts, with at most this many bytes before its line end.
pub(super) const LENGTH: &[u8] = b"content-length:";
pub(super) const REACH: usize = 64;

/// A length, or what stands there instead.
pub(super) fn number(text: &[u8]) -> Result<usize, String> {
    let text = String::from_utf8_lossy(text);
    let text = text.trim_matches([' ', '\t', '\r']);
    let digits = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    match text.parse() {
        Ok(length) if digits => Ok(length),
        _ => Err(text.chars().take(40).collect()),
    }
}

/// Where the name of the header that counts stands last.
pub(super) fn find_last(line: &[u8]) -> Option<usize> {
    line.windows(LENGTH.len()).rposition(|it| it.eq_ignore_ascii_case(LENGTH))
}

/// Where the next header begins at the end of a body whose length was too large by a few bytes.
pub(super) fn begun(body: &[u8]) -> Option<usize> {
    let end = body.iter().rposition(|it| *it == b'}')? + 1;
    let rest = body.get(end..)?;
    let part = LENGTH.get(..rest.len().min(LENGTH.len()))?;
    let begins = rest.get(..part.len())?.eq_ignore_ascii_case(part);
    (!rest.is_empty() && rest.len() <= REACH && begins).then_some(end)
}

/// Name and value of a header (RFC 9110: the name is a token).
pub(super) fn name_of(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = line.iter().position(|it| *it == b':')?;
    let (name, value) = line.split_at_checked(at)?;
    let token = |it: &u8| it.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(it);
    let sound = !name.is_empty() && name.iter().all(token);
    sound.then(|| (name, value.get(1..).unwrap_or_default()))
}

/// The charset that a `Content-Type` names, where it is not UTF-8 (or `utf8`, as older versions of
/// the protocol had it).
pub(super) fn other_charset(value: &[u8]) -> Option<String> {
    let value = String::from_utf8_lossy(value);
    let charset = value.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })?;
    let ours = ["utf-8", "utf8", "us-ascii"].iter().any(|it| charset.eq_ignore_ascii_case(it));
    (!ours).then(|| charset.chars().take(40).collect())
}
