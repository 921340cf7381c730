//! Absolute paths have one spelling: `/srv/x` is also what `/srv/x/`, `/srv//x` and `/srv/./x` mean (POSIX, 4.16).
//! `..` stays, for what it leads to is known on the target alone.

use std::borrow::Cow;

/// The one spelling of an absolute path.
#[must_use]
pub fn normal(path: &str) -> Cow<'_, str> {
    let parts = || path.split('/').skip(1);
    let superfluous = |part: &str| part.is_empty() || part == ".";
    if path == "/" || !path.starts_with('/') || !parts().any(superfluous) {
        return Cow::Borrowed(path);
    }
    let mut text = String::with_capacity(path.len());
    for part in parts().filter(|part| !superfluous(part)) {
        text.push('/');
        text.push_str(part);
    }
    if text.is_empty() { Cow::Borrowed("/") } else { Cow::Owned(text) }
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn one_spelling() {
        for (written, meant) in [
            ("/", "/"),
            ("//", "/"),
            ("/.", "/"),
            ("/a", "/a"),
            ("/a/", "/a"),
            ("//a///b//", "/a/b"),
            ("/a/./b/.", "/a/b"),
            ("/a/../b", "/a/../b"),
            ("/.a/b.", "/.a/b."),
            ("a//b", "a//b"),
            ("", ""),
        ] {
            assert_eq!(normal(written), meant, "{written}");
        }
    }
}
