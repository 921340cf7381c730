//! The suite: one behaviour per file, its errors annotated in the file itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use qg_lang::diagnostic::codes;
use qg_tests::suite::{Case, run};
use qg_tests::{disk, large};

macro_rules! areas {
    ($($area:ident)*) => { $(
        #[test]
        fn $area() {
            run(stringify!($area));
        }
    )* };
}
areas! { lexical syntax names types eval fleet target exposure }

#[test]
fn every_folder_of_the_suite_is_run() {
    let mut folders: Vec<String> = fs::read_dir(disk::folder("suite"))
        .expect("the suite")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    assert_eq!(
        folders,
        ["eval", "exposure", "fleet", "guesses", "lexical", "names", "syntax", "target", "types"]
    );
}

/// What a text of reasonable length cannot show stands in [`large::CASES`].
#[test]
fn every_code_has_a_case() {
    let mut shown: BTreeSet<String> = large::CASES.iter().map(|(id, _)| (*id).to_owned()).collect();
    for path in disk::files(&disk::folder("suite"), ".qg") {
        let text = qg_cli::world::decode(&fs::read(&path).expect("a case can be read"));
        let case = Case::parse("case.qg", &text).unwrap_or_default();
        shown.extend(case.findings.into_iter().map(|it| it.code));
    }
    let missing: Vec<String> = codes::all()
        .filter(|code| !shown.contains(code.id))
        .map(|code| format!("{} ({})", code.id, code.title))
        .collect();
    assert!(missing.is_empty(), "no case shows:\n  {}", missing.join("\n  "));
}

#[test]
fn every_code_has_a_page_of_its_own() {
    let mut seen = BTreeMap::new();
    for code in codes::all() {
        assert_eq!(seen.insert(code.id, code.title), None, "{} is there twice", code.id);
        assert!(!code.title.is_empty() && !code.title.ends_with('.'), "the title of {}", code.id);
        // A page says what it means and what to do: more than its title.
        assert!(code.explain.len() > 80, "the page of {} is too short", code.id);
    }
    assert!(seen.len() > 50, "only {} codes", seen.len());
}

#[test]
fn the_codes_of_an_area_lie_in_its_range() {
    use codes::{eval, fleet, lexical, names, syntax, target, types};
    let areas =
        [lexical::ALL, syntax::ALL, names::ALL, types::ALL, eval::ALL, fleet::ALL, target::ALL];
    for (hundred, area) in areas.into_iter().enumerate() {
        for code in area {
            assert!(code.id.starts_with(&format!("QG0{hundred}")), "{}", code.id);
        }
    }
    for code in codes::tests::ALL {
        assert!(code.id.starts_with("QG086"), "{}", code.id);
    }
}

#[test]
fn inputs_past_a_limit_are_refused_with_their_code() {
    for (id, world) in large::CASES {
        let found = qg_interpreter::build(&world());
        let ids: Vec<&str> = found.diagnostics.iter().map(|it| it.code.id).collect();
        assert!(ids.contains(id), "{id} was expected, found {ids:?}");
        assert!(ids.len() < 200, "{id} brought {} findings with it", ids.len());
    }
}
