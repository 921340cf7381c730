//! Source files, their text and their line index.

use std::sync::Arc;

use crate::span::{FileId, Span};

/// One source file. Its path is relative to the fleet's root, with `/` between parts;
/// files of the standard library are named `<std>/NAME.qg`, those of another one `<house>/PATH.qg`.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub id: FileId,
    pub path: Arc<str>,
    pub text: Arc<str>,
    pub lines: LineIndex,
}

impl SourceFile {
    pub fn new(id: FileId, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> SourceFile {
        let text = text.into();
        let lines = LineIndex::new(&text);
        SourceFile { id, path: path.into(), text, lines }
    }

    /// Whether this file belongs to the standard library.
    #[must_use]
    pub fn is_std(&self) -> bool {
        self.path.starts_with(STD_PREFIX)
    }

    /// Whether this file holds data, or the settings of `qg.toml`, and no text of the language.
    #[must_use]
    pub fn is_data(&self) -> bool {
        !self.path.ends_with(".qg")
    }

    /// The text a span covers; empty where the span does not fit the text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    #[must_use]
    pub fn whole(&self) -> Span {
        Span::new(self.id, 0, self.text.len() as u32)
    }
}

/// The library that a path lies in: `house` of `<house>/net.qg`, `std` of the standard library; none for what is the
/// fleet's own.
#[must_use]
pub fn library_of(path: &str) -> Option<&str> {
    path.strip_prefix('<')?.split_once(">/").map(|(name, _)| name)
}

/// Where the virtual paths of the standard library begin.
pub const STD_PREFIX: &str = "<std>/";

/// All files of one run, by [`FileId`].
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<Arc<SourceFile>>,
}

impl SourceMap {
    /// Adds a file; its id is its place in the order of adding.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Arc<SourceFile> {
        let file = Arc::new(SourceFile::new(FileId(self.files.len() as u32), path, text));
        self.files.push(Arc::clone(&file));
        file
    }

    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&Arc<SourceFile>> {
        self.files.get(id.0 as usize)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        self.files.iter()
    }

    #[must_use]
    pub fn by_path(&self, path: &str) -> Option<&Arc<SourceFile>> {
        self.files.iter().find(|file| &*file.path == path)
    }

    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).map_or("", |file| file.slice(span))
    }

    /// `path:line` of a span's start, lines from 1.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        self.get(span.file).map_or_else(String::new, |file| {
            format!("{}:{}", file.path, file.lines.line(span.start) + 1)
        })
    }
}

/// Where each line starts, in bytes.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    #[must_use]
    pub fn new(text: &str) -> LineIndex {
        let mut starts = vec![0];
        starts.extend(
            text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1),
        );
        LineIndex { starts }
    }

    /// The line that holds a byte offset, from 0.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        (self.starts.partition_point(|start| *start <= offset) as u32).saturating_sub(1)
    }

    /// The byte offset at which a line (from 0) starts; the last start for lines past the end.
    #[must_use]
    pub fn start(&self, line: u32) -> u32 {
        self.starts.get(line as usize).or(self.starts.last()).copied().unwrap_or(0)
    }

    #[must_use]
    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }
}
