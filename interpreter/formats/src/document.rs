//! A text under construction, which remembers for each line where it came from.

use qg_provenance::leaf::OriginId;

/// Lines of text, each with the origins of what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub text: String,
    pub lines: Vec<Vec<OriginId>>,
    /// What was to be said and could not be written.
    pub refused: Vec<Refusal>,
    /// What was said of one place in two ways.
    pub twice: Vec<Twice>,
}

/// A file to be written, relative to the output folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutputFile {
    /// With `/` between parts; never absolute, never with `..`.
    pub path: String,
    pub text: String,
    /// For each line of the text: the origins of what it says, in order.
    pub lines: Vec<Vec<OriginId>>,
    /// What it could not hold, and so does not say.
    pub refused: Vec<Refusal>,
    /// What it was to say of one place in two ways.
    pub twice: Vec<Twice>,
}

/// A text that was to be written, and who said it.
pub type OriginText = (String, Vec<OriginId>);

/// Two texts that speak of one thing, where its reader takes one of them. Whoever puts a file together keeps both, and a
/// check makes a finding of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twice {
    /// `Memory`, `the variable TZ`, `what is mounted at /data`.
    pub what: String,
    pub first: OriginText,
    pub second: OriginText,
    /// What to do.
    pub help: &'static str,
}

/// Something that the file around it cannot hold. It is left out, and a check makes a finding of it: who writes a
/// line cannot forget to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub text: String,
    /// As the end of a sentence: "has a line break in it".
    pub why: &'static str,
    pub by: Vec<OriginId>,
}

impl Document {
    /// Adds a line. One with a line break or a zero byte in it is refused.
    pub fn line(&mut self, text: &str, origins: &[OriginId]) {
        if text.contains(['\n', '\0']) {
            let zero = text.contains('\0');
            let why = if zero { "has a zero byte in it" } else { "has a line break in it" };
            self.refused.push(Refusal { text: text.to_owned(), why, by: origins.to_vec() });
            return;
        }
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
        let path = path.into();
        let Document { text, lines, refused, twice } = self;
        OutputFile { path, text, lines, refused, twice }
    }
}
