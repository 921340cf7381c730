//! The user's folders, as the XDG base directory specification has them.

use std::ffi::OsString;
use std::path::PathBuf;

/// For files that can be made again.
#[must_use]
pub fn cache(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    folder(variable, "XDG_CACHE_HOME", ".cache")
}

/// For what is to be there the next time, and is of no worth elsewhere.
#[must_use]
pub fn state(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    folder(variable, "XDG_STATE_HOME", ".local/state")
}

fn folder(
    variable: impl Fn(&str) -> Option<OsString>,
    name: &str,
    below_home: &str,
) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = set(name)
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(below_home)))?;
    Some(base.join("qgc"))
}

#[cfg(test)]
mod tests {
    use super::{cache, state};
    use std::path::PathBuf;

    #[test]
    fn a_relative_folder_counts_as_none() {
        let variable = |name: &str| match name {
            "HOME" => Some("/home/me".into()),
            "XDG_STATE_HOME" => Some("state".into()),
            "XDG_CACHE_HOME" => Some("/var/cache/me".into()),
            _ => None,
        };
        assert_eq!(state(variable), Some(PathBuf::from("/home/me/.local/state/qgc")));
        assert_eq!(cache(variable), Some(PathBuf::from("/var/cache/me/qgc")));
        assert_eq!(state(|_| None), None);
    }
}
