//! The typed model: made by `build/` from the schemas of the standard library, which say what each field means.
#![allow(clippy::doc_markdown, clippy::module_inception, rustdoc::all)] // docs and names are the library's
#![allow(unused_imports)] // each module has the same ones

include!(concat!(env!("OUT_DIR"), "/model.rs"));
