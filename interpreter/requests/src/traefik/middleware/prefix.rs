//! `addPrefix`, `stripPrefix` and `stripPrefixRegex`. They work on strings, not on parts of paths.

use super::super::live::{Live, Reply, Run};
use super::super::pattern::Pattern;
use super::super::text;
use super::{Named, Next};

/// What is taken away.
#[derive(Clone, Debug)]
pub(crate) enum Strip {
    /// The first of these that the path begins with.
    Plain { prefixes: Vec<String>, force_slash: bool },
    /// The first that matches, where its match begins the path.
    Matched(Vec<Pattern>),
}

/// Puts something before the path.
pub(super) fn add(prefix: &str, live: &mut Live) -> String {
    live.url.path = rooted(format!("{prefix}{}", live.url.path));
    if !live.url.raw_path.is_empty() {
        live.url.raw_path = rooted(format!("{prefix}{}", live.url.raw_path));
    }
    live.follow();
    format!("makes the path {}", live.url.escaped_path())
}

fn rooted(path: String) -> String {
    if path.is_empty() || path.starts_with('/') { path } else { format!("/{path}") }
}

impl Strip {
    pub(super) fn serve(
        &self,
        named: &Named,
        next: Next<'_>,
        live: &mut Live,
        run: &mut Run<'_>,
    ) -> Reply {
        let Some(prefix) = self.prefix(&live.url.path) else {
            named.did(run, "finds no prefix of its own");
            return next.serve(live, run);
        };
        if matches!(self, Self::Matched(_)) {
            live.headers.add("X-Forwarded-Prefix", prefix.clone());
        }
        let stripped = live.url.path.strip_prefix(&prefix).unwrap_or_default().to_owned();
        live.url.path = self.slashed(&stripped);
        if !live.url.raw_path.is_empty() {
            let raw = after_encoded(&live.url.raw_path, &prefix);
            live.url.raw_path = self.slashed(&raw);
        }
        let path = live.url.path.clone();
        if !path.is_empty() {
            live.url.clean();
        }
        // What would have to be cleaned now was hidden before.
        if path != live.url.path {
            named.did(run, format!("leaves {path}, which is not clean: 400"));
            return Reply::error(400);
        }
        if matches!(self, Self::Plain { .. }) {
            live.headers.add("X-Forwarded-Prefix", prefix.clone());
        }
        live.follow();
        named.did(run, format!("takes {prefix} away, the path is {}", live.url.escaped_path()));
        next.serve(live, run)
    }

    fn prefix(&self, path: &str) -> Option<String> {
        match self {
            Self::Plain { prefixes, .. } => {
                prefixes.iter().find(|prefix| path.starts_with(*prefix)).cloned()
            }
            Self::Matched(patterns) => {
                let mut found = patterns.iter().filter_map(|pattern| pattern.find(path));
                found.find(|found| !found.is_empty() && path.starts_with(found)).map(str::to_owned)
            }
        }
    }

    fn slashed(&self, stripped: &str) -> String {
        match self {
            Self::Plain { force_slash: true, .. } => {
                format!("/{}", stripped.strip_prefix('/').unwrap_or(stripped))
            }
            Self::Plain { .. } | Self::Matched(_) => rooted(stripped.to_owned()),
        }
    }
}

/// What follows a prefix in a path that is encoded.
fn after_encoded(raw: &str, prefix: &str) -> String {
    let bytes = text::bytes(raw);
    let mut at = 0;
    for _ in 0..text::bytes(prefix).len() {
        let Some(byte) = bytes.get(at) else { break };
        at += if *byte == b'%' && at + 2 < bytes.len() { 3 } else { 1 };
    }
    text::from_bytes(bytes.get(at..).unwrap_or_default())
}
