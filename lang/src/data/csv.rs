//! CSV as RFC 4180 has it: commas, quotes that are doubled within quotes, and a header, which names the columns.

use std::collections::BTreeSet;
use std::sync::Arc;

use csv_core::{ReadFieldResult, Reader as Splitter};

use super::{Datum, DatumKind, Reader, Row};
use crate::ast::Name;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;
use crate::span::Span;

pub(super) fn read(reader: &mut Reader<'_>, text: &str, start: usize) -> Datum {
    let mut lines = lines(reader, text, start).into_iter();
    let whole = reader.span(start, start + text.len());
    let Some(head) = lines.next() else {
        return reader.unreadable(whole.head(), "CSV", "it has no header");
    };
    let (header, odd) = header(reader, &head);
    let mut rows = Vec::new();
    for line in lines {
        let Some(span) = around(&line) else { continue };
        if line.len() != header.len() {
            let message =
                format!("this line has {} cells, and the header has {}", line.len(), header.len());
            let head = around(&head).unwrap_or(whole);
            reader.say(
                Diagnostic::error(names::DATA_FORM, span, message)
                    .also(head, "the header")
                    .help("a comma within a cell needs quotes around the cell"),
            );
            continue;
        }
        // An empty cell says nothing.
        let cells = line.into_iter().enumerate();
        let said = cells.filter(|(column, (text, _))| !text.is_empty() && !odd.contains(column));
        let cells = said
            .map(|(column, (text, span))| (column, Datum { kind: DatumKind::Cell(text), span }));
        let cells: Vec<(usize, Datum)> = cells.collect();
        if !reader.take(cells.len() + 1, span) {
            break;
        }
        rows.push(Row { cells, span });
    }
    Datum { kind: DatumKind::Table(header, rows), span: whole }
}

fn around(line: &[(Arc<str>, Span)]) -> Option<Span> {
    Some(line.first()?.1.to(line.last()?.1))
}

/// The names of the columns, and those of them that are not looked at.
fn header(reader: &mut Reader<'_>, cells: &[(Arc<str>, Span)]) -> (Vec<Name>, BTreeSet<usize>) {
    let mut header: Vec<Name> = Vec::new();
    let mut odd = BTreeSet::new();
    for (column, (text, span)) in cells.iter().enumerate() {
        let text: Arc<str> = text.trim().into();
        if let Some(first) = header.iter().find(|it| it.text == text).map(|it| it.span) {
            let message = format!("two columns are called `{text}`");
            reader
                .say(Diagnostic::error(names::DATA_KEY, *span, message).also(first, "first here"));
            odd.insert(column);
        } else if text.is_empty() {
            odd.insert(column);
            reader.wrong(names::DATA_KEY, *span, "this column has no name");
        }
        header.push(Name { text, span: *span });
    }
    if let [only] = header.as_slice()
        && let Some(other) = only.text.chars().find(|it| matches!(it, ';' | '\t' | '|'))
    {
        let message =
            format!("cells are separated by commas, and not by `{}`", other.escape_debug());
        let span = only.span;
        reader.wrong(names::DATA_FORM, span, message);
    }
    (header, odd)
}

/// The lines, with the text and the place of each cell. Empty ones are left out.
fn lines(reader: &mut Reader<'_>, text: &str, start: usize) -> Vec<Vec<(Arc<str>, Span)>> {
    let mut splitter = Splitter::new();
    let mut out = vec![0; text.len() + 1];
    let (mut all, mut line) = (Vec::new(), Vec::new());
    let mut at = 0;
    loop {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let (result, read, written) = splitter.read_field(rest, &mut out);
        let (from, mut length) = (at, written);
        at += read;
        let mut result = result;
        while matches!(result, ReadFieldResult::InputEmpty) {
            // The end of the file ends the cell.
            let room = out.get_mut(length..).unwrap_or_default();
            let (next, _, more) = splitter.read_field(&[], room);
            (result, length) = (next, length + more);
        }
        let ReadFieldResult::Field { record_end: ended } = result else { break };
        let raw = text.get(from..at).unwrap_or_default();
        // What ended the line before, and lines with nothing in them, stand before the first cell of a line.
        let blank = match line.is_empty() {
            true => raw.len() - raw.trim_start_matches(['\r', '\n']).len(),
            false => 0,
        };
        let cell = raw.get(blank..).unwrap_or_default().trim_end_matches(['\r', '\n']);
        let cell = if ended { cell } else { cell.strip_suffix(',').unwrap_or(cell) };
        let first = start + from + blank;
        let span = reader.span(first, first + cell.len());
        let content = String::from_utf8_lossy(out.get(..length).unwrap_or_default());
        quotes(reader, cell, span);
        line.push((Arc::from(&*content), span));
        if ended {
            all.push(std::mem::take(&mut line));
        }
    }
    all
}

/// Quotes that do not close, and quotes in the middle: who reads CSV makes anything of them.
fn quotes(reader: &mut Reader<'_>, cell: &str, span: Span) {
    let inner = cell.strip_prefix('"');
    let fine = match inner {
        Some(inner) => {
            inner.strip_suffix('"').is_some_and(|it| !it.replace("\"\"", "").contains('"'))
        }
        None => !cell.contains('"'),
    };
    if !fine {
        let say = Diagnostic::error(names::DATA_FORM, span, "the quotes of this cell do not match")
            .help("a cell with a comma, a quote or a line end stands in quotes, and a quote in it is doubled: `\"a \"\"b\"\"\"`");
        reader.say(say);
    }
}
