#![allow(clippy::unwrap_used)]
use std::borrow::Cow;
use std::collections::BTreeMap;

use super::place::{OptionPlace, OptionStep};
use super::table::{MAGIC, Table};
use super::types::OptionType;
use super::write::Draft;
use super::{BUILT_IN, NixosOptions, way};

fn draft(options: &[(&str, &str)], packages: &[&str]) -> Draft {
    Draft {
        head: vec![("source".to_owned(), "a\ntest: of it".to_owned())],
        options: options.iter().map(|(name, ty)| (way(name), (*ty).to_owned())).collect(),
        packages: packages.iter().map(|it| (*it).to_owned()).collect(),
    }
}

fn read(text: &str) -> Table {
    Table::read(Cow::Owned(text.to_owned())).unwrap()
}

#[test]
fn ways_keep_what_is_quoted() {
    assert_eq!(way("a.\"b.c\".d"), ["a", "b.c", "d"]);
    assert_eq!(way(r#"a."b\"c""#), ["a", "b\"c"]);
    assert_eq!(way("services.redis.servers.\"\"").last().map(String::as_str), Some(""));
    for odd in [
        "", "..", "a.", ".a", "a\"b", "a\"b\"", "\"a", "\"a\"b", "a b", "\"a\nb\"", r#""a\x""#,
        "a${b}",
    ] {
        assert!(super::read_way(odd).is_err(), "{odd}");
    }
}

#[test]
fn what_is_written_is_read_back() {
    let options = [
        ("a", "boolean"),
        ("a.b.<name>.c", "string"),
        ("a.b.<name>.d", "string"),
        ("a.bc", "string"),
        ("b.\"x.y z\".*", "null or\nstring"),
        ("c", "boolean"),
    ];
    let draft = draft(&options, &["zsh", "git", "git", "a\nb", ""]);
    let table = read(&draft.text());
    let all: BTreeMap<Vec<String>, String> = table
        .all()
        .into_iter()
        .map(|(way, phrase)| (way.into_iter().map(str::to_owned).collect(), phrase.to_owned()))
        .collect();
    let wanted: BTreeMap<Vec<String>, String> =
        options.iter().map(|(name, ty)| (way(name), ty.replace('\n', " "))).collect();
    assert_eq!(all, wanted);
    assert_eq!(table.packages().collect::<Vec<_>>(), ["git", "zsh"]);
    assert_eq!(table.source(), "a test: of it");
    let a = table.root().child("a").unwrap();
    assert_eq!(a.children().map(|it| it.name()).collect::<Vec<_>>(), ["b", "bc"]);
    assert_eq!(a.ty(), Some(&OptionType::Bool));
    assert!(table.root().child("x.y z").is_none());
}

#[test]
fn packages_are_found_by_halving() {
    let names: Vec<String> = (0..500).map(|it| format!("p{it}x")).collect();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let table = read(&draft(&[("x", "string")], &all).text());
    assert!(all.iter().all(|name| table.has_package(name)));
    for name in ["", "p", "p0", "p0xy", "a", "z", "p250", "p499y"] {
        assert!(!table.has_package(name), "{name}");
    }
    assert!(!Table::default().has_package("x"));
}

#[test]
fn what_is_no_table_is_refused_at_its_line() {
    let whole = draft(&[("a.b", "boolean"), ("a.c", "string")], &["git"]).text();
    let line = |text: &str| Table::read(Cow::Owned(text.to_owned())).unwrap_err().line;
    assert_eq!(line(""), 0);
    assert_eq!(line("qg-options 2\n"), 1);
    assert_eq!(line(&format!("{MAGIC}\nthings 0\n")), 2);
    assert_eq!(line(&format!("{MAGIC}\n<<<<<<< HEAD\n")), 2);
    // Cut off anywhere behind the head, it is not taken for a smaller one.
    let count = whole.lines().count();
    for cut in 3..count {
        let text: String = whole.lines().take(cut).map(|line| format!("{line}\n")).collect();
        let sections = text.lines().filter(|it| it.starts_with("packages ")).count();
        match Table::read(Cow::Owned(text.clone())) {
            Err(malformed) => assert_eq!(malformed.line, cut, "{text}"),
            // The packages are missing as a whole.
            Ok(_) => assert!(sections == 0 && text.contains("options 3"), "{text}"),
        }
    }
}

#[test]
fn no_text_makes_it_panic() {
    for text in ["options 3\n    a\n b\t99\n\t\n", "options 1\n\t4\ntypes 1\n”\n"] {
        let table = read(&format!("{MAGIC}\n{text}"));
        for (way, _) in table.all() {
            let top = OptionPlace::top([(&table, true)]);
            // Such a text need not be in order, so that nothing may be found; it ends all the same.
            let _ = way.iter().try_fold(top, |place, key| match place.key(key) {
                OptionStep::Known(below) => Some(below),
                OptionStep::Open | OptionStep::Unknown | OptionStep::Wrong => None,
            });
        }
    }
}

#[test]
fn the_built_in_table_is_whole() {
    let table = read(BUILT_IN);
    assert_eq!(table.date(), "2024-12-19");
    assert!(table.all().len() > 23_000, "{}", table.all().len());
    let rows: Vec<&str> = BUILT_IN.lines().skip_while(|line| !line.starts_with("types ")).collect();
    let phrases: Vec<&str> = table.all().into_iter().map(|(_, phrase)| phrase).collect();
    let understood = phrases.iter().filter(|it| OptionType::understand(it).is_ok()).count();
    assert!(understood * 100 > phrases.len() * 93, "{understood} of {}", phrases.len());
    assert!(rows.len() > 25_000);
    // The pages that it was read off write `>` as an entity.
    let entity =
        |phrase: &&&str| ["&lt;", "&gt;", "&quot;", "&amp;"].iter().any(|it| phrase.contains(it));
    assert_eq!(phrases.iter().find(entity), None);
    let bounds = ["unsigned integer, meaning >=0", "null or (positive integer, meaning >0)"];
    assert!(bounds.iter().all(|it| phrases.contains(it) && OptionType::understand(it).is_ok()));
}

/// The words that a way through the tables ends with.
fn at<'t>(tables: &'t NixosOptions, option: &str) -> Result<Option<&'t str>, OptionStep<'t>> {
    let mut place = tables.top();
    for key in way(option) {
        let step = if key == "*" { place.element() } else { place.key(&key) };
        match step {
            OptionStep::Known(below) => place = below,
            other @ (OptionStep::Open | OptionStep::Unknown | OptionStep::Wrong) => {
                return Err(other);
            }
        }
    }
    Ok(place.phrase())
}

#[test]
fn ways_through_the_built_in_table() {
    let tables = NixosOptions::default();
    let is = |option: &str| at(&tables, option).unwrap();
    assert_eq!(is("services.openssh.enable"), Some("boolean"));
    assert_eq!(is("users.users.me.extraGroups"), Some("list of string"));
    assert_eq!(is("security.sudo.extraRules.*.users"), Some("list of (string or signed integer)"));
    assert_eq!(is("services"), None);
    for open in ["sops.secrets.x.y", "services.vikunja.settings.a.b"] {
        assert!(matches!(at(&tables, open), Err(OptionStep::Open)), "{open}");
    }
    for unknown in ["services.opensh", "users.users.me.nmae", "services.nginx.virtualHosts.x.y"] {
        assert!(matches!(at(&tables, unknown), Err(OptionStep::Unknown)), "{unknown}");
    }
    for wrong in ["services.openssh.enable.x", "services.*", "users.users.*"] {
        assert!(matches!(at(&tables, wrong), Err(OptionStep::Wrong)), "{wrong}");
    }
}

#[test]
fn a_module_without_a_switch_lacks_one() {
    let tables = NixosOptions::default();
    assert!(tables.lacks(&["services", "redis"], "enable"));
    assert!(!tables.lacks(&["services", "nginx"], "enable"));
    assert!(!tables.lacks(&["services", "nobody-knows-it"], "enable"));
}
