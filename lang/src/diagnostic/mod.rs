//! Diagnostics: one type for every finding of every phase. Constructors live beside the phase
//! that raises them; only the codes are central.

mod suggest;

pub mod codes;
pub mod mend;

pub use codes::Code;
pub use suggest::{MAX_GUESSES, closest, first_of, some_of};

use crate::source::SourceMap;
use crate::span::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// How an editor shows the place of a finding, besides its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// Nothing needs it: faded.
    Unnecessary,
    /// It will go: struck through.
    Deprecated,
}

/// A place with a word on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// A mechanical mend: replace each span by its text, all together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub title: String,
    pub edits: Vec<(Span, String)>,
}

/// One finding: what is wrong, where its cause is, which other places matter, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    /// The cause's place, with a short word (may be empty).
    pub primary: Label,
    pub others: Vec<Label>,
    /// What to do, one sentence each.
    pub help: Vec<String>,
    pub fixes: Vec<Fix>,
    pub tag: Option<Tag>,
}

impl Diagnostic {
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary: Label { span, text: String::new() },
            others: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
            tag: None,
        }
    }

    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// The word at the primary place.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Diagnostic {
        self.primary.text = text.into();
        self
    }

    /// How an editor shows the place.
    #[must_use]
    pub fn tag(mut self, tag: Tag) -> Diagnostic {
        self.tag = Some(tag);
        self
    }

    /// Another place that matters.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.others.push(Label { span, text: text.into() });
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    /// A mechanical mend of one place.
    #[must_use]
    pub fn fix(
        mut self,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) -> Diagnostic {
        self.fixes.push(Fix { title: title.into(), edits: vec![(span, text.into())] });
        self
    }

    /// "did you mean …?", with its fix, where one of `known` is near `wrong`.
    #[must_use]
    pub fn suggest<'a>(
        self,
        wrong: &str,
        span: Span,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Diagnostic {
        match closest(wrong, known) {
            Some(name) => {
                let name = name.to_owned();
                self.help(format!("did you mean `{name}`?")).fix(
                    format!("replace by `{name}`"),
                    span,
                    name,
                )
            }
            None => self,
        }
    }

    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// How many characters a message keeps: some hold what other programs say, or a user's own text.
const LONGEST: usize = 1_000;

/// Cuts messages that are too long, sorts findings by place and drops exact repetitions, so that output never depends on the order of phases.
pub fn tidy(diagnostics: &mut Vec<Diagnostic>) {
    for message in diagnostics.iter_mut().map(|it| &mut it.message) {
        if let Some((end, _)) = message.char_indices().nth(LONGEST) {
            message.truncate(end);
            message.push('…');
        }
    }
    diagnostics.sort_by(|a, b| {
        (a.primary.span, a.severity, a.code.id, &a.message).cmp(&(
            b.primary.span,
            b.severity,
            b.code.id,
            &b.message,
        ))
    });
    diagnostics.dedup();
    // What a loop or a default says for many things is one text, and one mistake.
    diagnostics.dedup_by(|later, first| {
        let alike = later.code == first.code
            && later.severity == first.severity
            && later.primary.span == first.primary.span
            && WHOLE_FLEETS.contains(&later.code.id);
        if alike && !first.help.iter().any(|it| it == SAID_FOR_MANY) {
            first.help.push(SAID_FOR_MANY.to_owned());
        }
        alike
    });
}

/// The codes that are about whole fleets; tests, which follow them, tell of each turn of a loop.
const WHOLE_FLEETS: std::ops::Range<&str> = "QG0700".."QG0860";

/// Said where one text makes many things with one mistake.
const SAID_FOR_MANY: &str = "the same holds for the other things that are made here";

/// Takes away mends that would write the language into a file of data. The name of a field is the same in both.
pub fn spare_data(diagnostics: &mut [Diagnostic], sources: &SourceMap) {
    let is_data = |span: Span| sources.get(span.file).is_some_and(|file| file.is_data());
    for diagnostic in diagnostics.iter_mut().filter(|it| it.code != codes::names::UNKNOWN_FIELD) {
        diagnostic.fixes.retain(|fix| fix.edits.iter().all(|(span, _)| !is_data(*span)));
    }
}
