//! URLs as Go's `net/url` takes them apart and puts them together (Go 1.26): a path is kept decoded, and beside it as
//! it was written where that differs from how Go would write it.

use super::encoding::{Part, escape, form_decoded, form_encoded, unescape, valid_encoded};
use super::text::{bytes, cut};

/// A URL, or the target of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) scheme: String,
    pub(crate) opaque: String,
    /// With what stands before an `@`, as it is written.
    user: Option<String>,
    pub(crate) host: String,
    /// Decoded.
    pub(crate) path: String,
    /// As written; empty where that is what Go would write.
    pub(crate) raw_path: String,
    pub(crate) force_query: bool,
    pub(crate) query: String,
    fragment: String,
}

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

    /// Sets the path from its encoded form.
    pub(crate) fn set_path(&mut self, encoded: &str) -> Option<()> {
        self.path = unescape(encoded, Part::Path)?;
        let usual = escape(&self.path, Part::Path);
        self.raw_path = if usual == encoded { String::new() } else { encoded.to_owned() };
        Some(())
    }

    /// The path as it is sent.
    pub(crate) fn escaped_path(&self) -> String {
        let valid = !self.raw_path.is_empty()
            && valid_encoded(&self.raw_path)
            && unescape(&self.raw_path, Part::Path).as_deref() == Some(&*self.path);
        if valid {
            self.raw_path.clone()
        } else if self.path == "*" {
            "*".to_owned()
        } else {
            escape(&self.path, Part::Path)
        }
    }

    /// The path cleaned: no `.`, no `..`, no `//`; a slash at the end stays.
    pub(crate) fn clean(&mut self) {
        let escaped = self.escaped_path();
        let rooted = escaped.starts_with('/');
        let from = if rooted { escaped } else { format!("/{escaped}") };
        let mut clean = cleaned(&from);
        if !rooted {
            // A relative path stays one; an empty one becomes the root.
            clean = if from == "/" {
                clean
            } else {
                clean.strip_prefix('/').unwrap_or_default().to_owned()
            };
        }
        if from.ends_with('/') && !clean.ends_with('/') {
            clean.push('/');
        }
        // What cannot be read stays as it was.
        let _ = self.set_path(&clean);
    }

    /// The target that a request for this sends.
    pub(crate) fn request_target(&self) -> String {
        let mut target = if self.opaque.is_empty() {
            self.escaped_path()
        } else if self.opaque.starts_with("//") {
            format!("{}:{}", self.scheme, self.opaque)
        } else {
            self.opaque.clone()
        };
        if target.is_empty() {
            target.push('/');
        }
        target + &self.question()
    }

    fn question(&self) -> String {
        if self.force_query || !self.query.is_empty() {
            format!("?{}", self.query)
        } else {
            String::new()
        }
    }

    /// The whole URL, written as Go does.
    pub(crate) fn written(&self) -> String {
        let mut text = String::new();
        if !self.scheme.is_empty() {
            text = format!("{}:", self.scheme);
        }
        if self.opaque.is_empty() {
            if !self.scheme.is_empty() || !self.host.is_empty() || self.user.is_some() {
                if !self.host.is_empty() || !self.path.is_empty() || self.user.is_some() {
                    text.push_str("//");
                }
                if let Some(user) = &self.user {
                    text.push_str(user);
                    text.push('@');
                }
                text.push_str(&escape(&self.host, Part::Host));
            }
            let path = self.escaped_path();
            if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
                text.push('/');
            }
            let first = path.split('/').next().unwrap_or_default();
            if text.is_empty() && first.contains(':') {
                text.push_str("./");
            }
            text.push_str(&path);
        } else {
            text.push_str(&self.opaque);
        }
        text.push_str(&self.question());
        if !self.fragment.is_empty() {
            text.push('#');
            text.push_str(&escape(&self.fragment, Part::Fragment));
        }
        text
    }

    /// The URL that a reference means, seen from this one.
    pub(crate) fn join(&self, reference: &str) -> Option<Self> {
        let mut to = Self::parse(reference)?;
        if to.scheme.is_empty() {
            to.scheme.clone_from(&self.scheme);
            if to.host.is_empty() && to.user.is_none() {
                to.host.clone_from(&self.host);
                to.user.clone_from(&self.user);
                if to.path.is_empty() && to.query.is_empty() {
                    to.query.clone_from(&self.query);
                }
                let path = to.escaped_path();
                let base = self.escaped_path();
                let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
                let full = match path.as_str() {
                    "" => base.clone(),
                    path if path.starts_with('/') => path.to_owned(),
                    path => format!("{folder}/{path}"),
                };
                let mut clean = cleaned(&format!("/{full}"));
                if (full.ends_with('/') || full.ends_with("/.") || full.ends_with("/.."))
                    && !clean.ends_with('/')
                {
                    clean.push('/');
                }
                to.set_path(&clean)?;
            }
        }
        Some(to)
    }

    /// Writes the query anew where a part of it cannot be read.
    pub(crate) fn clean_query(&mut self) {
        let broken = |part: &str| part.contains(';') || form_decoded(part).is_none();
        if self.query.split('&').any(broken) {
            let mut pairs = self.queries();
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
            let pair = |(key, value): &(String, String)| {
                format!("{}={}", form_encoded(key), form_encoded(value))
            };
            self.query = pairs.iter().map(pair).collect::<Vec<_>>().join("&");
        }
    }

    /// Keys and values of the query, decoded; what cannot be decoded, or has a `;`, is left out.
    pub(crate) fn queries(&self) -> Vec<(String, String)> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';'));
        pairs
            .filter_map(|pair| {
                let (key, value) = cut(pair, '=');
                Some((form_decoded(key)?, form_decoded(value.unwrap_or_default())?))
            })
            .collect()
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

/// A rooted path without `.`, `..`, `//` and a slash at its end.
fn cleaned(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
