//! `manifest.json`: what was written, and for each line which places in the sources made it.
//!
//! The origins of an evaluation are many; the manifest holds the ones that some line reaches, each
//! once. Their order follows from the files and lines that reach them, so that the same output
//! gives the same manifest.

mod builder;
mod text;

use std::collections::BTreeMap;

use qg_fleet::leaf::Priority;
use qg_fleet::origin::{OriginKind, Origins};
use qg_lang::source::SourceMap;
use qg_targets::OutputFile;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use builder::Builder;

/// The name of the file, at the top of the output folder.
pub const NAME: &str = "manifest.json";

/// The shape of the file; another number means another shape.
pub const VERSION: u32 = 1;

/// Tells this manifest from other programs' files of the same name.
pub const MADE_BY: &str = "qgc";

/// What `manifest.json` holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub made_by: String,
    pub version: u32,
    /// The paths of the sources that origins name by number.
    pub sources: Vec<String>,
    /// Each written file, by its path below the output folder.
    pub files: BTreeMap<String, FileEntry>,
    /// The table of origins that lines name by number.
    pub origins: Vec<OriginRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    pub sha256: String,
    /// For each line of the file, the rows of [`Manifest::origins`] that made it.
    pub lines: Vec<Vec<u32>>,
}

/// One place in the sources that had a part in some line. Parents and losers stand before it in the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OriginRow {
    pub at: SourcePlace,
    /// `written`, `schema-default`, `kind-default`, `default`, `plain`, `override`, `extend` (with
    /// `-default` or `-override` where it said so), `call`, `loop`, `condition` or `computed`.
    pub how: String,
    /// What it was computed from, and the loops and calls around it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<u32>,
    /// Definitions of the same field that lost against this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<u32>,
}

/// A place in a source, written as `[source, line, column, end line, end column]`; lines and columns
/// from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "[u32; 5]", into = "[u32; 5]")]
pub struct SourcePlace {
    pub source: u32,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

impl From<[u32; 5]> for SourcePlace {
    fn from([source, line, column, end_line, end_column]: [u32; 5]) -> SourcePlace {
        SourcePlace { source, line, column, end_line, end_column }
    }
}

impl From<SourcePlace> for [u32; 5] {
    fn from(it: SourcePlace) -> [u32; 5] {
        [it.source, it.line, it.column, it.end_line, it.end_column]
    }
}

/// Makes the manifest of some files.
#[must_use]
pub fn build<'f>(
    files: impl IntoIterator<Item = &'f OutputFile>,
    origins: &Origins,
    sources: &SourceMap,
) -> Manifest {
    let mut builder = Builder::new(origins, sources);
    for file in files {
        builder.file(file);
    }
    builder.finish()
}

/// The SHA-256 of some bytes, in hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        for digit in [byte >> 4, byte & 15] {
            hex.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    hex
}

/// What the manifest calls a way in which a value came to its place.
#[must_use]
pub fn how(how: OriginKind) -> &'static str {
    match how {
        OriginKind::Written => "written",
        OriginKind::Said(Priority::SchemaDefault) => "schema-default",
        OriginKind::Said(Priority::KindDefault) => "kind-default",
        OriginKind::Said(Priority::Default) => "default",
        OriginKind::Said(Priority::Plain) => "plain",
        OriginKind::Said(Priority::Override) => "override",
        OriginKind::Extended(Priority::Override) => "extend-override",
        OriginKind::Extended(
            Priority::Default | Priority::KindDefault | Priority::SchemaDefault,
        ) => "extend-default",
        OriginKind::Extended(Priority::Plain) => "extend",
        OriginKind::Called => "call",
        OriginKind::Looped => "loop",
        OriginKind::Chosen => "condition",
        OriginKind::Computed => "computed",
        OriginKind::Module => "module",
    }
}

#[cfg(test)]
mod tests;
