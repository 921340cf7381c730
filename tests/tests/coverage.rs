//! `docs/fleet-coverage.md`: that each construct is said where the page says it is, and becomes what it says.

use std::collections::BTreeMap;

use qg_cli::args::Chosen;
use qg_cli::project::Project;
use qg_cli::world::DiskWorld;
use qg_interpreter::targets;
use qg_tests::disk;

/// How many constructs there are.
const CONSTRUCTS: usize = 109;

struct Row {
    number: usize,
    file: String,
    text: String,
    /// A path of the output, and a text in it.
    result: Option<(String, String)>,
}

/// What stands between the backticks of a cell.
fn quoted(cell: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = cell;
    while let Some((_, after)) = rest.split_once('`') {
        let Some((inside, behind)) = after.split_once('`') else { break };
        found.push(inside.to_owned());
        rest = behind;
    }
    found
}

fn rows() -> Vec<Row> {
    let page = disk::repository().join("docs/fleet-coverage.md");
    let text = std::fs::read_to_string(page).expect("the page is there");
    let mut rows = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let Some(number) = cells.first().and_then(|cell| cell.parse().ok()) else { continue };
        assert_eq!(cells.len(), 5, "five cells: {line}");
        let one = |at: usize| {
            let mut all = quoted(cells.get(at).copied().unwrap_or_default());
            assert_eq!(all.len(), 1, "one text in cell {at}: {line}");
            all.remove(0)
        };
        let mut result = quoted(cells.get(4).copied().unwrap_or_default()).into_iter();
        let result = result.next().map(|path| {
            (path, result.next().unwrap_or_else(|| panic!("a path and a text: {line}")))
        });
        rows.push(Row { number, file: one(2), text: one(3), result });
    }
    rows
}

fn compiled() -> BTreeMap<String, String> {
    let project = Project::find(Some(disk::repository()), &Chosen::default())
        .unwrap_or_else(|it| panic!("{it:?}"));
    let world = DiskWorld::read(&project).unwrap_or_else(|it| panic!("{it:?}"));
    let fleet = qg_interpreter::build(&world).fleet.expect("the fleet has no findings");
    targets::render(&fleet).into_iter().map(|file| (file.path, file.text)).collect()
}

#[test]
fn every_construct_is_there_in_order() {
    let mut next = 1;
    for row in rows() {
        assert!(row.number == next || row.number + 1 == next, "{} where {next} is due", row.number);
        next = row.number + 1;
    }
    assert_eq!(next, CONSTRUCTS + 1, "the last construct");
}

#[test]
fn each_is_said_where_the_page_says() {
    let root = disk::repository();
    let mut wrong = Vec::new();
    for Row { number, file, text, .. } in rows() {
        assert!(!text.trim().is_empty(), "{number} quotes something");
        match std::fs::read_to_string(root.join(&file)) {
            Ok(source) if source.contains(&text) => {}
            Ok(_) => wrong.push(format!("{number}: {file} does not hold `{text}`")),
            Err(why) => wrong.push(format!("{number}: {file}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_becomes_what_the_page_says() {
    let files = compiled();
    let mut wrong = Vec::new();
    let mut count = 0;
    for Row { number, result, .. } in rows() {
        let Some((path, text)) = result else { continue };
        count += 1;
        match files.get(&path) {
            Some(made) if made.contains(&text) => {}
            Some(_) => wrong.push(format!("{number}: {path} does not hold `{text}`")),
            None => wrong.push(format!("{number}: {path} is not made")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= CONSTRUCTS - 15, "{count} rows say what they become");
}
