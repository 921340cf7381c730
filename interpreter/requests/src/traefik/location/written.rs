//! Puts URLs together.

use super::super::encoding::{Part, escape};
use super::{Location, cleaned};

impl Location {
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
}
