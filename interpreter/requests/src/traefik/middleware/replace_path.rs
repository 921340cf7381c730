//! `replacePath` and `replacePathRegex`.

use super::super::encoding::path_decoded;
use super::super::live::{Live, Reply, Run};
use super::super::pattern::Pattern;
use super::{Named, Next};

/// What takes the path's place.
#[derive(Clone, Debug)]
pub(crate) enum ReplacePath {
    /// Another path.
    Whole(String),
    /// The path with each match replaced.
    Matched(Pattern, String),
}

impl ReplacePath {
    pub(super) fn serve(
        &self,
        named: &Named,
        next: Next<'_>,
        live: &mut Live,
        run: &mut Run<'_>,
    ) -> Reply {
        let current = match live.url.raw_path.as_str() {
            "" => live.url.escaped_path(),
            raw => raw.to_owned(),
        };
        let path = match self {
            Self::Whole(path) => path.clone(),
            Self::Matched(pattern, replacement) if pattern.is_match(&current) => {
                pattern.replace(&current, replacement)
            }
            Self::Matched(..) => {
                named.did(run, "does not match the path");
                return next.serve(live, run);
            }
        };
        live.headers.add("X-Replaced-Path", current);
        let decoded = path_decoded(&path);
        live.url.raw_path.clone_from(&path);
        let Some(decoded) = decoded else {
            live.url.path.clear();
            named.did(run, format!("makes a path that cannot be read, {path}: 500"));
            return Reply::error(500);
        };
        live.url.path = decoded;
        live.follow();
        if matches!(self, Self::Matched(..)) {
            let before = live.url.path.clone();
            if !before.is_empty() {
                live.url.clean();
            }
            if before != live.url.path {
                named.did(run, format!("makes the path {before}, which is not clean: 400"));
                return Reply::error(400);
            }
        }
        named.did(run, format!("makes the path {path}"));
        next.serve(live, run)
    }
}
