//! Gathers the origins that lines reach.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::leaf::OriginId;
use qg_fleet::origin::Origins;
use qg_lang::source::{SourceFile, SourceMap};
use qg_lang::span::{FileId, Span};
use qg_targets::OutputFile;

use super::{FileEntry, MADE_BY, Manifest, OriginRow, SourcePlace, VERSION, how, sha256};

pub(super) struct Builder<'a> {
    origins: &'a Origins,
    sources: &'a SourceMap,
    files: BTreeMap<String, FileEntry>,
    paths: Vec<String>,
    path_numbers: BTreeMap<FileId, u32>,
    rows: Vec<OriginRow>,
    row_numbers: BTreeMap<OriginRow, u32>,
    /// The row of each origin that was reached; none for one that has no place.
    done: BTreeMap<OriginId, Option<u32>>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(origins: &'a Origins, sources: &'a SourceMap) -> Builder<'a> {
        Builder {
            origins,
            sources,
            files: BTreeMap::new(),
            paths: Vec::new(),
            path_numbers: BTreeMap::new(),
            rows: Vec::new(),
            row_numbers: BTreeMap::new(),
            done: BTreeMap::new(),
        }
    }

    pub(super) fn file(&mut self, file: &OutputFile) {
        let OutputFile { path, text, lines, .. } = file;
        let lines = lines.iter().map(|line| self.rows(line)).collect();
        let entry = FileEntry { sha256: sha256(text.as_bytes()), lines };
        self.files.insert(path.clone(), entry);
    }

    pub(super) fn finish(self) -> Manifest {
        Manifest {
            made_by: MADE_BY.to_owned(),
            version: VERSION,
            sources: self.paths,
            files: self.files,
            origins: self.rows,
        }
    }

    /// The rows of some origins, each once, in order.
    fn rows(&mut self, ids: &[OriginId]) -> Vec<u32> {
        for id in ids {
            self.reach(*id);
        }
        self.known(ids)
    }

    fn known(&self, ids: &[OriginId]) -> Vec<u32> {
        let mut seen = BTreeSet::new();
        ids.iter()
            .filter_map(|id| self.done.get(id).copied().flatten())
            .filter(|row| seen.insert(*row))
            .collect()
    }

    /// Makes the row of an origin and, before it, those of all it leads to. A way back to an origin
    /// that is still being made is left out, so that this ends whatever the table holds.
    fn reach(&mut self, id: OriginId) {
        let mut stack = vec![(id, false)];
        while let Some((id, ready)) = stack.pop() {
            let Some(origin) = self.origins.get(id) else {
                self.done.insert(id, None);
                continue;
            };
            if ready {
                let row = self.place(origin.span).map(|at| {
                    let parents = self.known(origin.parents);
                    let lost = self.known(origin.lost);
                    self.intern(OriginRow { at, how: how(origin.how).to_owned(), parents, lost })
                });
                self.done.insert(id, row);
            } else if let Entry::Vacant(free) = self.done.entry(id) {
                free.insert(None);
                stack.push((id, true));
                stack.extend(origin.lost.iter().rev().map(|id| (*id, false)));
                stack.extend(origin.parents.iter().rev().map(|id| (*id, false)));
            }
        }
    }

    fn intern(&mut self, row: OriginRow) -> u32 {
        if let Some(number) = self.row_numbers.get(&row) {
            return *number;
        }
        let number = self.rows.len() as u32;
        self.rows.push(row.clone());
        self.row_numbers.insert(row, number);
        number
    }

    fn place(&mut self, span: Span) -> Option<SourcePlace> {
        let sources = self.sources;
        let file = sources.get(span.file)?;
        let source = match self.path_numbers.get(&span.file) {
            Some(number) => *number,
            None => {
                let number = self.paths.len() as u32;
                self.paths.push(file.path.to_string());
                self.path_numbers.insert(span.file, number);
                number
            }
        };
        let (line, column) = position(file, span.start);
        let (end_line, end_column) = position(file, span.end);
        Some(SourcePlace { source, line, column, end_line, end_column })
    }
}

/// Line and column from 1, the column in characters.
fn position(file: &SourceFile, offset: u32) -> (u32, u32) {
    let line = file.lines.line(offset);
    let before = file.text.get(file.lines.start(line) as usize..offset as usize).unwrap_or("");
    (line + 1, before.chars().count() as u32 + 1)
}
