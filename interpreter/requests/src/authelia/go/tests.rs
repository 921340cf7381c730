//! Patterns as Go 1.26 reads them: each was tried with its `regexp`.
#![allow(clippy::unwrap_used)]

use super::Pattern;

#[test]
fn what_go_matches() {
    for (pattern, text, is) in [
        // ASCII alone is in Perl's classes; letter case is folded by Unicode.
        (r"^\d$", "٣", false),
        (r"^\w$", "é", false),
        (r"^\s$", "\u{b}", false),
        (r"(?i)^k$", "\u{212A}", true),
        (r"(?i)^\w$", "\u{17F}", true),
        (r"é\b", "é", false),
        (r"^[[:alpha:]]$", "é", false),
        (r"^\pL$", "é", true),
        (r"^\p{^Greek}$", "α", false),
        (r"^[^\n]$", "\n", false),
        (r"^.$", "\n", false),
        (r"(?s)^.$", "\n", true),
        // Go knows no classes inside classes and no other operators of sets.
        (r"^[a&&b]$", "&", true),
        (r"^[[a]$", "[", true),
        (r"^[]a]$", "]", true),
        (r"^[\d-z]$", "-", true),
        // A brace that counts nothing is one.
        (r"^a{,2}$", "a{,2}", true),
        (r"^a{01}$", "a{01}", true),
        (r"^\Qa.b\E.$", "a.bc", true),
        (r"^\Qa.b", "axb", false),
        (r"^\x{e9}\x41\101$", "éAA", true),
        (r"a(?)*$", "aaa", true),
        (r"^x$", "x\n", false),
        (r"\z", "", true),
    ] {
        assert_eq!(Pattern::compile(pattern).unwrap().is_match(text), is, "{pattern} {text:?}");
    }
}

#[test]
fn what_go_refuses() {
    for pattern in [
        "(",
        ")",
        "[a",
        "[z-a]",
        "*",
        "a**",
        "a{2}{3}",
        "a{1001}",
        "a{2,1}",
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        "(?x)a",
        "(?-)",
        "(?P<a-b>x)",
        "(?P=a)",
        r"\1",
        r"\Z",
        r"\C",
        r"\q",
        r"\é",
        r"\u0041",
        r"[\b]",
        "[[:none:]]",
        r"\pX",
        r"\",
    ] {
        assert!(Pattern::compile(pattern).is_err(), "{pattern}");
    }
}

#[test]
fn names_of_groups() {
    let pattern = Pattern::compile(r"^(?P<User>\w+)-(x)?(?<Group>\w+)$").unwrap();
    assert_eq!(
        (pattern.group("User"), pattern.group("Group"), pattern.group("user")),
        (Some(1), Some(3), None)
    );
    assert_eq!(pattern.groups("john-dev"), Some(vec!["john-dev", "john", "", "dev"]));
    // Go takes a name twice; the last is asked.
    assert_eq!(Pattern::compile("(?P<User>a)(?P<User>b)").unwrap().group("User"), Some(2));
}
