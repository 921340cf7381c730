//! The program's own failures: a missing folder, a bad `qg.toml`, a disk that is full. The one user
//! of miette; findings in `.qg` files are shown by [`crate::report`] instead.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;

use crate::files::{NOWHERE, dangling};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, NamedSource, SourceSpan};

/// Why a command could not be carried out.
#[derive(Debug)]
pub struct Failure(Box<Shown>);

/// What miette shows of it.
#[derive(Debug, Diagnostic)]
struct Shown {
    message: String,
    #[help]
    help: Option<String>,
    #[source_code]
    source: Option<NamedSource<String>>,
    #[label("{label}")]
    place: Option<SourceSpan>,
    label: String,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Failure {
        Failure(Box::new(Shown {
            message: message.into(),
            help: None,
            source: None,
            place: None,
            label: String::new(),
        }))
    }

    /// A failure of the system at a path: `cannot read hosts/a.qg: permission denied`.
    #[must_use]
    pub fn io(doing: &str, path: &Path, error: &io::Error) -> Failure {
        let why = match (error.kind(), dangling(path)) {
            (io::ErrorKind::NotFound, Some(link)) if link == path => NOWHERE.to_owned(),
            (io::ErrorKind::NotFound, Some(link)) => {
                format!("{} is a link that leads nowhere", link.display())
            }
            _ => error.to_string(),
        };
        Failure::new(format!("cannot {doing} {}: {why}", path.display()))
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.0.help = Some(help.into());
        self
    }

    /// Where in a text it is, and a word on that place.
    #[must_use]
    pub fn at(mut self, name: &str, text: &str, place: Range<usize>, label: &str) -> Failure {
        self.0.source = Some(NamedSource::new(name, text.to_owned()));
        self.0.place = Some(place.into());
        label.clone_into(&mut self.0.label);
        self
    }

    /// What is wrong and what to do, as an editor shows it.
    #[must_use]
    pub fn words(&self) -> String {
        let Shown { message, help, source: _, place: _, label } = &*self.0;
        let label = if label.is_empty() { String::new() } else { format!("\n{label}") };
        let help = help.as_ref().map_or_else(String::new, |help| format!("\nhelp: {help}"));
        format!("{message}{label}{help}")
    }

    /// The file it is about, its text, and the place in it (in bytes).
    #[must_use]
    pub fn place(&self) -> Option<(&Path, &str, Range<usize>)> {
        let source = self.0.source.as_ref()?;
        let place = self.0.place?;
        let end = place.offset() + place.len();
        Some((Path::new(source.name()), source.inner(), place.offset()..end))
    }

    /// The text to show on a terminal.
    #[must_use]
    pub fn render(&self, colors: bool) -> String {
        let theme =
            if colors { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let mut text = String::new();
        match GraphicalReportHandler::new_themed(theme).render_report(&mut text, &*self.0) {
            Ok(()) => text,
            Err(fmt::Error) => format!("qgc: {}\n", self.0.message),
        }
    }
}

/// What is printed could not be written.
#[must_use]
pub fn stream(error: &io::Error) -> Failure {
    Failure::new(format!("cannot print the result: {error}"))
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn shows_message_help_and_place() {
        let failure = Failure::new("unknown key `soruces`").help("did you mean `sources`?").at(
            "qg.toml",
            "[fleet]\nsoruces = []\n",
            8..15,
            "not a key of [fleet]",
        );
        let text = failure.render(false);
        for part in ["unknown key `soruces`", "did you mean", "qg.toml:2:1", "not a key of [fleet]"]
        {
            assert!(text.contains(part), "{part} is missing in:\n{text}");
        }
        assert!(!text.contains('\u{1b}'), "no colours were wanted");
    }
}
