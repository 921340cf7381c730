//! A text under construction, which remembers for each line where it came from.

use crate::fleet::leaf::OriginId;
use crate::targets::OutputFile;

/// Lines of text, each with the origins of what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub text: String,
    pub lines: Vec<Vec<OriginId>>,
}

impl Document {
    /// Adds a line; `text` holds no line break.
    pub fn line(&mut self, text: &str, origins: &[OriginId]) {
        self.text.push_str(text);
        self.text.push('\n');
        let mut known: Vec<OriginId> = Vec::new();
        for origin in origins {
            // Row 0 is "unknown" and explains nothing.
            if *origin != OriginId::default() && !known.contains(origin) {
                known.push(*origin);
            }
        }
        self.lines.push(known);
    }

    /// Adds a text that may have line breaks, each line with the same origins.
    pub fn text(&mut self, text: &str, origins: &[OriginId]) {
        text.split('\n').for_each(|line| self.line(line, origins));
    }

    /// A whole text whose lines all have the same origins.
    #[must_use]
    pub fn whole(text: String, origins: &[OriginId]) -> Document {
        let count = text.lines().count();
        let mut document = Document::default();
        for _ in 0..count {
            document.line("", origins);
        }
        document.text = text;
        document
    }

    /// The file at this path of the output.
    #[must_use]
    pub fn file(self, path: impl Into<String>) -> OutputFile {
        OutputFile { path: path.into(), text: self.text, lines: self.lines }
    }
}
