//! How fast files are parsed: sixty small ones in a fresh process, and one of a megabyte.

#![allow(clippy::print_stdout)]

use std::time::Instant;

use qg_lang::parser::parse;
use qg_lang::source::SourceFile;
use qg_lang::span::FileId;

const SAMPLE: &str = include_str!("../src/parser/tests/samples/pod.qg");

fn main() {
    let small = SAMPLE.repeat(2048_usize.div_ceil(SAMPLE.len()));
    let start = Instant::now();
    for id in 0..60 {
        let source = SourceFile::new(FileId(id), "small.qg", small.as_str());
        assert!(parse(&source).diagnostics.is_empty());
    }
    println!("60 files of {} bytes: {:?}", small.len(), start.elapsed());

    let large = SAMPLE.repeat((1 << 20) / SAMPLE.len());
    let source = SourceFile::new(FileId(60), "large.qg", large.as_str());
    let start = Instant::now();
    let parsed = parse(&source);
    println!(
        "1 file of {} bytes: {:?}, {} items",
        large.len(),
        start.elapsed(),
        parsed.file.body.items.len()
    );
}
