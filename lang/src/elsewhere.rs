//! What people who come from other languages write, and what to say to them: rows of the standard library,
//! for it is the library's words that they look for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// What is said of a word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) help: &'static str,
    /// The word to write instead, where that alone mends it.
    pub(crate) instead: Option<&'static str>,
}

impl Row {
    /// Adds what there is to say; `at` is where the word stands.
    pub(crate) fn tell(self, diagnostic: Diagnostic, at: Span) -> Diagnostic {
        let diagnostic = diagnostic.help(self.help);
        match self.instead {
            Some(word) => diagnostic.fix(format!("replace by `{word}`"), at, word),
            None => diagnostic,
        }
    }

    /// The same, of something that the row speaks of as `{}`.
    pub(crate) fn of(self, what: &str) -> String {
        self.help.replace("{}", what)
    }
}

/// The row of a word at a place, as the head of the table calls it.
pub(crate) fn row(place: &str, word: &str) -> Option<Row> {
    static ROWS: OnceLock<BTreeMap<(&str, &str), Row>> = OnceLock::new();
    ROWS.get_or_init(|| rows().collect()).get(&(place, word)).copied()
}

fn rows() -> impl Iterator<Item = ((&'static str, &'static str), Row)> {
    let lines = qg_stdlib::ELSEWHERE.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(|line| {
        let mut fields = line.split('\t');
        let (place, words) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
        let row = Row { help: fields.next().unwrap_or(""), instead: fields.next() };
        words.split(' ').map(move |word| ((place, word), row))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::rows;

    #[test]
    fn each_word_has_one_row_at_its_place() {
        let mut seen = BTreeSet::new();
        for (key, row) in rows() {
            assert!(seen.insert(key), "{key:?} is there twice");
            assert!(row.help.len() > 5, "{key:?} says nothing");
            assert!(!key.1.is_empty(), "{row:?}");
        }
        assert!(seen.len() > 300, "only {} words", seen.len());
    }
}
