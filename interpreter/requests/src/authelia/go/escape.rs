//! Percent-encoding as Go's `net/url` has it: which bytes stand as they are depends on the part of the URL.

/// A part of a URL with rules of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    Host,
    Zone,
    User,
    Query,
}

impl Part {
    /// Whether a byte is written as it is.
    fn plain(self, byte: u8) -> bool {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            return true;
        }
        let more: &[u8] = match self {
            Part::Path => b"$&+,/:;=@",
            Part::Host | Part::Zone => b"!\"$&'()*+,:;<=>[]",
            Part::User => b"$&+,;=",
            Part::Query => b"",
        };
        more.contains(&byte)
    }
}

/// The two digits behind a `%`.
fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
    match digits {
        [high, low, ..] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    }
}

/// The bytes that a part of a URL stands for.
///
/// # Errors
/// The escape or the byte that cannot stand there.
pub(super) fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let in_host = part == Part::Host || part == Part::Zone;
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match *byte {
            b'%' => {
                let escape = || {
                    format!("invalid URL escape %{}", super::text(after.get(..2).unwrap_or(after)))
                };
                let meant = hex(after).ok_or_else(escape)?;
                // In a host only bytes that ASCII does not have are encoded, in a zone also those that a host has.
                let percent = meant == b'%';
                let wrong = match part {
                    Part::Host => meant < 0x80 && !percent,
                    Part::Zone => !percent && meant != b' ' && !Part::Host.plain(meant),
                    Part::Path | Part::User | Part::Query => false,
                };
                if wrong {
                    return Err(escape());
                }
                bytes.push(meant);
                rest = after.get(2..).unwrap_or_default();
            }
            b'+' if part == Part::Query => bytes.push(b' '),
            other if in_host && other.is_ascii() && !part.plain(other) => {
                return Err(format!("invalid character {:?} in host name", char::from(other)));
            }
            other => bytes.push(other),
        }
    }
    Ok(bytes)
}

/// How bytes are written in a part of a URL.
pub(super) fn escape(bytes: &[u8], part: Part) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        if *byte == b' ' && part == Part::Query {
            text.push('+');
        } else if part.plain(*byte) {
            text.push(char::from(*byte));
        } else {
            text.push('%');
            for digit in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
                text.push(digit.to_ascii_uppercase());
            }
        }
    }
    text
}

/// Whether a path may be written so: nothing in it has to be encoded.
pub(super) fn is_encoded(path: &[u8]) -> bool {
    path.iter().all(|byte| b"!'()*[]%".contains(byte) || Part::Path.plain(*byte))
}
