//! `path.Clean`.

/// A path without empty parts, `.` and `..`; what is nothing then is `.`.
#[must_use]
pub fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.first() == Some(&b'/');
    let mut kept: Vec<&[u8]> = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if kept.last().is_some_and(|last| *last != b"..") => {
                kept.pop();
            }
            b".." if rooted => {}
            other => kept.push(other),
        }
    }
    let joined = kept.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [&b"/"[..], &joined].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn as_go_cleans() {
        for (path, clean) in [
            ("", "."),
            ("/", "/"),
            ("//a//b/", "/a/b"),
            ("/a/./b/../c", "/a/c"),
            ("/../../x", "/x"),
            ("../../x", "../../x"),
            ("a/..", "."),
            ("a/../../b", "../b"),
            ("/..", "/"),
        ] {
            assert_eq!(super::clean(path.as_bytes()), clean.as_bytes(), "{path}");
        }
    }
}
