//! Longer texts: the parts of a fleet, written as its owner would.

use super::{parsed, shown};

#[track_caller]
fn parses(text: &str, items: usize) {
    let found = parsed(text);
    assert_eq!(shown(text, &found.diagnostics), Vec::<String>::new());
    assert_eq!(found.file.body.items.len(), items);
}

#[test]
fn parts_of_a_fleet() {
    parses(include_str!("samples/host.qg"), 2);
    parses(include_str!("samples/pod.qg"), 5);
    parses(include_str!("samples/service.qg"), 3);
    parses(include_str!("samples/schemas.qg"), 5);
    parses(include_str!("samples/collect.qg"), 1);
}
