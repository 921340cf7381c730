//! URLs as Go's `net/url` takes them apart and puts them together (Go 1.26): a path is kept decoded, and beside it as
//! it was written where that differs from how Go would write it.

mod read;
mod written;

use super::encoding::{Part, escape, form_decoded, form_encoded, unescape, valid_encoded};
use super::text::cut;

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

    pub(super) fn question(&self) -> String {
        if self.force_query || !self.query.is_empty() {
            format!("?{}", self.query)
        } else {
            String::new()
        }
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

/// A rooted path without `.`, `..`, `//` and a slash at its end.
pub(super) fn cleaned(path: &str) -> String {
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
