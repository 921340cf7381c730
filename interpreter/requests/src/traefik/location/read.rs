//! Takes URLs apart.

use super::super::encoding::{Part, unescape};
use super::super::text::{bytes, cut};
use super::Location;

impl Location {
    /// The target of a request; `None` is answered 400.
    pub(crate) fn target(text: &str) -> Option<Self> {
        Self::read(text, true)
    }

    /// A URL, maybe relative.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (text, fragment) = cut(text, '#');
        let mut location = Self::read(text, false)?;
        location.fragment = unescape(fragment.unwrap_or_default(), Part::Fragment)?;
        Some(location)
    }

    fn read(text: &str, request: bool) -> Option<Self> {
        let control = bytes(text).iter().any(|byte| *byte < b' ' || *byte == 0x7f);
        if control || (text.is_empty() && request) {
            return None;
        }
        let mut location = Self::default();
        if text == "*" {
            location.path = "*".to_owned();
            return Some(location);
        }
        let (scheme, rest) = scheme(text)?;
        location.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = cut(rest, '?');
        location.force_query = query == Some("");
        location.query = query.unwrap_or_default().to_owned();
        let mut path = rest;
        if !rest.starts_with('/') {
            if !location.scheme.is_empty() {
                location.opaque = rest.to_owned();
                return Some(location);
            }
            let first = rest.split('/').next().unwrap_or_default();
            if request || first.contains(':') {
                return None;
            }
        }
        let with_host = !location.scheme.is_empty() || (!request && !rest.starts_with("///"));
        if let Some(after) = rest.strip_prefix("//").filter(|_| with_host) {
            let end = after.find('/').unwrap_or(after.len());
            let (authority, rest) = after.split_at_checked(end)?;
            location.authority(authority)?;
            path = rest;
        }
        location.set_path(path)?;
        Some(location)
    }

    fn authority(&mut self, authority: &str) -> Option<()> {
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
        if !user.unwrap_or_default().bytes().all(good) {
            return None;
        }
        self.user = user.map(str::to_owned);
        let port = match host.strip_prefix('[') {
            Some(inner) => inner.rsplit_once(']')?.1,
            None => {
                // Only the schemes of the web allow one colon alone.
                let web = ["http", "https"].contains(&self.scheme.as_str());
                let at = if web { host.find(':') } else { host.rfind(':') };
                at.and_then(|at| host.get(at..)).unwrap_or_default()
            }
        };
        let digits = port.strip_prefix(':').unwrap_or(port);
        if port.len() > digits.len() + 1
            || (port.len() == digits.len() && !port.is_empty())
            || !digits.bytes().all(|digit| digit.is_ascii_digit())
        {
            return None;
        }
        self.host = unescape(host, Part::Host)?;
        Some(())
    }
}

/// The scheme before a `:` and what follows; `None` where a `:` begins.
fn scheme(text: &str) -> Option<(&str, &str)> {
    for (at, c) in text.char_indices() {
        match c {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if at > 0 => {}
            ':' if at > 0 => return text.split_once(':'),
            ':' => return None,
            _ => break,
        }
    }
    Some(("", text))
}
