//! Applies the mechanical mends of findings to their sources.

use std::collections::BTreeMap;

use super::{Diagnostic, Fix};
use crate::source::SourceMap;
use crate::span::{FileId, Span};

/// A mend that was applied.
#[derive(Clone, Copy, Debug)]
pub struct Mend<'d> {
    pub finding: &'d Diagnostic,
    pub fix: &'d Fix,
}

/// The new texts of the files that change, and what was applied, in the order of the findings.
///
/// A finding with several mends leaves the choice to people: none of them is applied. Of mends that touch the same
/// text the first one is applied; another run sees to the others.
#[must_use]
pub fn mend<'d>(
    sources: &SourceMap,
    findings: impl IntoIterator<Item = &'d Diagnostic>,
    may: impl Fn(FileId) -> bool,
) -> (BTreeMap<FileId, String>, Vec<Mend<'d>>) {
    let mut taken: Vec<Span> = Vec::new();
    let (mut edits, mut done) = (BTreeMap::<FileId, Vec<&(Span, String)>>::new(), Vec::new());
    for finding in findings {
        let [fix] = finding.fixes.as_slice() else { continue };
        let free = |span: Span| may(span.file) && !taken.iter().any(|it| touch(*it, span));
        if fix.edits.is_empty() || !fix.edits.iter().all(|(span, _)| free(*span)) {
            continue;
        }
        for edit in &fix.edits {
            taken.push(edit.0);
            edits.entry(edit.0.file).or_default().push(edit);
        }
        done.push(Mend { finding, fix });
    }
    let texts = edits
        .into_iter()
        .filter_map(|(file, edits)| Some((file, replaced(&sources.get(file)?.text, edits)?)));
    (texts.collect(), done)
}

/// Whether two edits cannot both be made: they share text, or stand at one place.
fn touch(a: Span, b: Span) -> bool {
    a.file == b.file && a.start <= b.end && b.start <= a.end
}

fn replaced(text: &str, mut edits: Vec<&(Span, String)>) -> Option<String> {
    edits.sort_by_key(|(span, _)| span.start);
    let (mut all, mut at) = (String::with_capacity(text.len()), 0);
    for (span, new) in edits {
        all.push_str(text.get(at..span.start as usize)?);
        all.push_str(new);
        at = span.end as usize;
    }
    all.push_str(text.get(at..)?);
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes::names::HIDDEN_FIELD;

    #[test]
    fn each_place_is_changed_once() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.qg", "one two three");
        let library = sources.add("<std>/b.qg", "one");
        let at = |start, end| Span::new(file.id, start, end);
        let of =
            |span, text: &str| Diagnostic::error(HIDDEN_FIELD, span, text).fix("f", span, text);
        let findings = [
            of(at(8, 13), "3"),
            of(at(0, 3), "1"),
            of(at(2, 5), "x"),
            of(Span::new(library.id, 0, 3), "y"),
            of(at(4, 7), "a").fix("g", at(4, 7), "b"),
            Diagnostic::error(HIDDEN_FIELD, at(4, 7), "none"),
        ];
        let (texts, done) = mend(&sources, &findings, |it| it == file.id);
        assert_eq!(texts.into_iter().collect::<Vec<_>>(), [(file.id, "1 two 3".to_owned())]);
        let done: Vec<&str> = done.iter().map(|it| it.finding.message.as_str()).collect();
        assert_eq!(done, ["3", "1"]);
    }

    #[test]
    fn a_mend_of_several_places_is_made_whole_or_not_at_all() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.qg", "one two three");
        let at = |start, end| Span::new(file.id, start, end);
        let mut both = Diagnostic::error(HIDDEN_FIELD, at(0, 3), "both").fix("f", at(0, 3), "1");
        both.fixes[0].edits.push((at(8, 13), "3".to_owned()));
        let early = Diagnostic::error(HIDDEN_FIELD, at(8, 9), "early").fix("f", at(8, 9), "T");
        let (texts, _) = mend(&sources, [&both], |_| true);
        assert_eq!(texts[&file.id], "1 two 3");
        let (texts, done) = mend(&sources, [&early, &both], |_| true);
        assert_eq!((texts[&file.id].as_str(), done.len()), ("one two Three", 1));
    }
}
