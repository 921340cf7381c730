#![allow(clippy::unwrap_used)]
use super::super::tree::Entries;
use super::*;

fn back(text: &str) -> serde_json::Value {
    serde_yaml_ng::from_str(text).unwrap()
}

const HOSTILE: &[&str] = &[
    "",
    " ",
    "a",
    "a b",
    "a  b",
    "a: b",
    "a:",
    ":a",
    "a #b",
    "#a",
    "- a",
    "-",
    "--- ",
    "...",
    "? a",
    "yes",
    "No",
    "ON",
    "y",
    "null",
    "~",
    "NaN",
    ".inf",
    "true",
    "False",
    "1",
    "1.0",
    "0x1f",
    "0o7",
    "1e3",
    "12:30:45",
    "2001-01-01",
    "=",
    "<<",
    "!a",
    "&a",
    "*a",
    "%a",
    "@a",
    "`a`",
    "'",
    "\"",
    "\\",
    "{{ x }}",
    "{a}",
    "[a]",
    "a,b",
    "a|b",
    "|",
    ">",
    "\t",
    "\n",
    "a\nb\n",
    "\r\n",
    "\0",
    "\u{7}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{fffe}",
    "😀",
    "é",
    "/a/b",
    "http://127.0.0.1:80/x",
    "Host(`a.b`) || Path(`/x`)",
    "$x ${y}",
    "%{z}",
    "a\\n",
    "end ",
];

#[test]
fn every_text_survives() {
    for style in [Style::default(), Style { template: true }] {
        for text in HOSTILE {
            let mut entries = Entries::new();
            entries.put("value", Tree::text(*text, OriginId(1)));
            entries.put(*text, Tree::text("key", OriginId(1)));
            entries.put("list", Tree::list(vec![Tree::text(*text, OriginId(1))], OriginId(1)));
            let tree = entries.tree(OriginId(1));
            let written = write(&tree, &[], style).text;
            assert_eq!(back(&written), serde_json::to_value(&tree).unwrap(), "{written}");
            assert!(!style.template || !written.contains("{{"), "{written}");
            assert!(written.lines().count() == 4, "{written}");
        }
    }
}

#[test]
fn random_texts_and_shapes_survive() {
    // A small generator of our own: the same cases in every run.
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let alphabet: Vec<char> =
        "aB1 :-#'\"\\{}[]|>&*!%@`,?\n\t\r\0\u{85}\u{2028}é😀=~./".chars().collect();
    for _ in 0..2000 {
        let mut texts = (0..6).map(|_| {
            let length = next(6);
            (0..length).map(|_| alphabet[next(alphabet.len() as u64) as usize]).collect::<String>()
        });
        let (a, b, c, d) = (
            texts.next().unwrap(),
            texts.next().unwrap(),
            texts.next().unwrap(),
            texts.next().unwrap(),
        );
        let mut inner = Entries::new();
        inner.put(a.clone(), Tree::text(b.clone(), OriginId(1)));
        inner.put(format!("{a}2"), Tree::list(Vec::new(), OriginId(1)));
        let item = inner.clone().tree(OriginId(2));
        let nested = Tree::list(vec![item, Tree::text(c, OriginId(1))], OriginId(1));
        let mut outer = Entries::new();
        outer.put(b, Tree::list(vec![nested, inner.tree(OriginId(1))], OriginId(1)));
        outer.put(format!("{d}x"), Tree::new(TreeNode::Map(Vec::new()), &[]));
        let tree = outer.tree(OriginId(1));
        let written = write(&tree, &["made"], Style::default()).text;
        assert_eq!(back(&written), serde_json::to_value(&tree).unwrap(), "{written}");
    }
}

#[test]
fn long_keys_and_numbers_survive() {
    let mut entries = Entries::new();
    entries.put("k".repeat(5000), Tree::int(i64::MIN, OriginId(1)));
    let mut inner = Entries::new();
    inner.put("x", Tree::int(1, OriginId(2)));
    inner.put("y", Tree::bool(false, OriginId(2)));
    entries.put("é".repeat(900) + "\n", inner.tree(OriginId(2)));
    for (index, number) in [1e300, -1.5e-300, 0.1, 3.0, -0.0].into_iter().enumerate() {
        entries.put(format!("f{index}"), Tree::new(TreeNode::Float(number), &[]));
    }
    let tree = entries.tree(OriginId(1));
    let written = write(&tree, &[], Style::default()).text;
    assert_eq!(back(&written), serde_json::to_value(&tree).unwrap(), "{written}");
}

#[test]
fn layout_and_origins_of_lines() {
    let mut item = Entries::new();
    item.put("url", Tree::text("http://[::1]:2283", OriginId(4)));
    item.put("weight", Tree::int(1, OriginId(5)));
    let mut entries = Entries::new();
    entries.put("servers", Tree::list(vec![item.tree(OriginId(3))], OriginId(2)));
    entries.put("rule", Tree::text("Host(`a.test`)", OriginId(6)));
    let document = write(&entries.tree(OriginId(1)), &["made"], Style::default());
    let expected = "# made\nservers:\n  - url: \"http://[::1]:2283\"\n    weight: 1\nrule: \"Host(`a.test`)\"\n";
    assert_eq!(document.text, expected);
    let origins: Vec<Vec<u32>> =
        document.lines.iter().map(|line| line.iter().map(|origin| origin.0).collect()).collect();
    assert_eq!(origins, [vec![], vec![2], vec![3, 4], vec![5], vec![6]]);
}

#[test]
fn what_is_put_twice_unites_or_goes_out_with_the_file() {
    let mut entries = Entries::new();
    entries.put("a", Tree::int(1, OriginId(1)));
    entries.put("a", Tree::int(1, OriginId(2)));
    let tree = entries.clone().tree(OriginId(0));
    let document = write(&tree, &[], Style::default());
    assert_eq!((document.text.as_str(), document.twice.len()), ("a: 1\n", 0));
    assert_eq!(document.lines, [[OriginId(1), OriginId(2)]]);
    entries.put("a", Tree::int(2, OriginId(3)));
    let tree = Tree::list(vec![entries.tree(OriginId(0))], OriginId(0));
    let twice = write(&tree, &[], Style::default()).twice;
    let said: Vec<_> = twice.iter().map(|it| (it.what.as_str(), it.second.0.as_str())).collect();
    assert_eq!(said, [("a", "2")]);
    assert_eq!(super::super::json::write(&tree).twice, twice);
}
