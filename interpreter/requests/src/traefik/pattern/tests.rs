#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn what_go_refuses() {
    for bad in [
        "(",
        ")",
        "[",
        "*",
        "a**",
        "a*+",
        "(?=a)",
        r"\1",
        "a{2,1}",
        "a{1001}",
        r"\C",
        r"\",
        r"\é",
        "a{2}{3}",
        "(?i",
        "[b-a]",
        "[[:nope:]]",
        "((a{100}){100}){2}",
        "|*",
        "(?P<>a)",
    ] {
        assert!(matches!(Pattern::new(bad), Err(Problem::Refused(_))), "{bad}");
    }
}

#[test]
fn what_go_matches() {
    for (pattern, text, matches) in [
        ("{sub}.test", "{sub}.test", true),
        (r"^\d$", "٣", false),
        (r"\s", "\u{b}", false),
        ("(?i)^admin$", "ADMIN", true),
        ("(?i)[a-c]", "B", true),
        ("(?i)k", "\u{212a}", true),
        ("a{,2}", "a{,2}", true),
        ("[]a]", "]", true),
        ("[^a]", "\n", true),
        (".", "\n", false),
        ("(?s).", "\n", true),
        ("a$", "a\n", false),
        (r"\Qa.b\E$", "a.b", true),
        (r"\Qa.b", "axb", false),
        ("^[[:alpha:]]+$", "abc", true),
        ("^$", "", true),
        (r"\x41\x{42}\103", "ABC", true),
        ("[&&~b-]", "&", true),
        ("(?U)^a+", "aaa", true),
        (r"^\pL+$", "aé", true),
        (r"^\p{^Greek}$", "α", false),
        (r"(?i)[\PL]", "a", false),
        ("(?i)é", "É", true),
        (r"^\w+\b$", "abc", true),
    ] {
        assert_eq!(Pattern::new(pattern).unwrap().is_match(text), matches, "{pattern} {text}");
    }
}

#[test]
fn templates() {
    let twice = Pattern::new("(?P<n>a)|(?P<n>b)").unwrap();
    assert_eq!(twice.replace("ab", "<${n}>"), "<a><b>");
    let pattern = Pattern::new("(?P<first>[a-z])([0-9])?").unwrap();
    for (template, out) in [
        ("$1", "ab"),
        ("${first}-$2;", "a-1;b-;"),
        ("$1x", ""),
        ("$$", "$$"),
        ("${a-b}", "${a-b}${a-b}"),
        ("$9", ""),
        ("$", "$$"),
    ] {
        assert_eq!(pattern.replace("a1b", template), out, "{template}");
    }
}

#[test]
fn an_empty_pattern_matches_between_all() {
    assert_eq!(Pattern::new("").unwrap().replace("/ab", "_"), "_/_a_b_");
}
