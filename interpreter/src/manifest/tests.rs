use qg_fleet::leaf::{OriginId, Priority};
use qg_fleet::origin::{Origin, OriginKind, Origins};
use qg_lang::source::SourceMap;
use qg_lang::span::{FileId, Span};
use qg_targets::OutputFile;

use super::{Manifest, build, sha256};

fn origin<'a>(
    start: u32,
    end: u32,
    how: OriginKind,
    parents: &'a [OriginId],
    lost: &'a [OriginId],
) -> Origin<'a> {
    let span = Span::new(FileId(0), start, end);
    Origin { span, how, parents, lost }
}

/// One file with two lines: a port that an `override` won, in a loop, and an unknown origin.
fn sample() -> (SourceMap, Origins, Vec<OutputFile>) {
    let mut sources = SourceMap::default();
    sources.add("a.qg", "é = 1\nfor x in y { z = 2 }\n");
    let mut origins = Origins::default();
    let _nobody = origins.add(origin(0, 1, OriginKind::Written, &[], &[]));
    let looped = origins.add(origin(7, 20, OriginKind::Looped, &[], &[]));
    let lost = origins.add(origin(5, 6, OriginKind::Said(Priority::Default), &[], &[]));
    let won =
        origins.add(origin(20, 25, OriginKind::Extended(Priority::Override), &[looped], &[lost]));
    let twin =
        origins.add(origin(20, 25, OriginKind::Extended(Priority::Override), &[looped], &[lost]));
    let file = OutputFile {
        path: "hosts/a/x.yml".to_owned(),
        text: "a: 1\nb: 2\n".to_owned(),
        lines: vec![vec![won, twin], vec![OriginId(0), looped], vec![]],
        ..OutputFile::default()
    };
    (sources, origins, vec![file])
}

#[test]
fn holds_reached_origins_once_and_their_places() {
    let (sources, origins, files) = sample();
    let manifest = build(&files, &origins, &sources);
    assert_eq!(manifest.sources, ["a.qg"]);
    let hows: Vec<&str> = manifest.origins.iter().map(|row| row.how.as_str()).collect();
    assert_eq!(hows, ["loop", "default", "extend-override"]);
    assert_eq!((&manifest.origins[2].parents, &manifest.origins[2].lost), (&vec![0], &vec![1]));
    // The first line holds a letter of two bytes before the place.
    assert_eq!(<[u32; 5]>::from(manifest.origins[1].at), [0, 1, 5, 1, 6]);
    assert_eq!(<[u32; 5]>::from(manifest.origins[0].at), [0, 2, 1, 2, 14]);
    assert_eq!(manifest.files["hosts/a/x.yml"].lines, [vec![2], vec![0], vec![]]);
}

#[test]
fn a_cycle_of_origins_ends() {
    let mut sources = SourceMap::default();
    sources.add("a.qg", "x = 1\n");
    let mut origins = Origins::default();
    origins.add(origin(0, 1, OriginKind::Computed, &[OriginId(2)], &[]));
    origins.add(origin(1, 2, OriginKind::Computed, &[OriginId(1), OriginId(2)], &[]));
    let file = OutputFile {
        path: "x".to_owned(),
        lines: vec![vec![OriginId(1), OriginId(2)]],
        ..OutputFile::default()
    };
    assert_eq!(build(&[file], &origins, &sources).origins.len(), 2);
}

#[test]
fn a_long_chain_of_origins_needs_no_stack() {
    let mut sources = SourceMap::default();
    sources.add("a.qg", "x");
    let mut origins = Origins::default();
    let mut last = OriginId(0);
    for step in 0..200_000_u32 {
        last = origins.add(origin(0, step % 2, OriginKind::Computed, &[last], &[]));
    }
    let lines = vec![vec![last]];
    let file = OutputFile { path: "x".to_owned(), lines, ..OutputFile::default() };
    let manifest = build(&[file], &origins, &sources);
    assert_eq!(manifest.origins.len(), 200_000);
    let mut other = build(&[], &origins, &sources);
    other.adopt(&manifest, ["x"]);
    assert_eq!(other.origins, manifest.origins);
}

#[test]
fn reads_what_it_writes() {
    let (sources, origins, files) = sample();
    let manifest = build(&files, &origins, &sources);
    let text = manifest.to_text();
    assert_eq!(Manifest::parse(&text).as_ref(), Some(&manifest));
    assert!(Manifest::is_ours(&text));
    assert!(!Manifest::is_ours("{\"version\":1}"));
    assert_eq!(Manifest::parse(&text.replace("\"qgc\"", "\"other\"")), None);
    let hash = sha256(b"abc");
    assert_eq!(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn takes_over_files_of_an_earlier_manifest() {
    let (sources, origins, files) = sample();
    let earlier = build(&files, &origins, &sources);
    let mut other_sources = SourceMap::default();
    other_sources.add("b.qg", "x = 1\n");
    let mut other = Origins::default();
    let id = other.add(origin(0, 1, OriginKind::Written, &[], &[]));
    let file = OutputFile {
        path: "hosts/b/y".to_owned(),
        text: "y\n".to_owned(),
        lines: vec![vec![id]],
        ..OutputFile::default()
    };
    let mut manifest = build(&[file], &other, &other_sources);
    manifest.adopt(&earlier, ["hosts/a/x.yml", "hosts/a/not-there"]);
    assert_eq!(manifest.sources, ["b.qg", "a.qg"]);
    assert_eq!(manifest.files.keys().collect::<Vec<_>>(), ["hosts/a/x.yml", "hosts/b/y"]);
    assert_eq!(manifest.files["hosts/a/x.yml"].lines, [vec![3], vec![1], vec![]]);
    assert_eq!(manifest.origins[3].parents, [1]);
    assert_eq!(manifest.origins[3].lost, [2]);
    assert_eq!(manifest.origins[3].at.source, 1);
}
