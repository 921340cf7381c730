//! What was expected, beside what was found.

use qg_lang::diagnostic::{Diagnostic, Label};
use qg_lang::source::SourceMap;
use qg_lang::span::Span;

use super::case::{Expected, Spot};

/// Everything that differs, in words; nothing where all is as expected.
pub(super) fn compare(
    expected: &[Expected],
    found: &[Diagnostic],
    sources: &SourceMap,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut left: Vec<&Diagnostic> = found.iter().collect();
    for wanted in expected {
        let place = left.iter().position(|it| is_it(wanted, it, sources));
        match place {
            Some(place) => details(wanted, left.remove(place), sources, &mut wrong),
            None => wrong.push(format!("expected {}", words(wanted))),
        }
    }
    for finding in left {
        wrong.push(format!("found    {}", found_words(finding, sources)));
    }
    wrong
}

fn is_it(wanted: &Expected, finding: &Diagnostic, sources: &SourceMap) -> bool {
    finding.code.id == wanted.code
        && stands(&wanted.spot, finding.primary.span, sources)
        && (finding.message.contains(&wanted.part) || finding.primary.text.contains(&wanted.part))
}

fn details(wanted: &Expected, finding: &Diagnostic, sources: &SourceMap, wrong: &mut Vec<String>) {
    let of = format!("of {}", found_words(finding, sources));
    for (spot, part) in &wanted.also {
        let fits = |it: &Label| stands(spot, it.span, sources) && it.text.contains(part.as_str());
        if !finding.others.iter().any(fits) {
            wrong.push(format!("expected also {} {part}\n         {of}", place(spot)));
            for it in &finding.others {
                wrong.push(format!(
                    "found    also {} {}",
                    place(&spot_of(it.span, sources)),
                    it.text
                ));
            }
        }
    }
    for part in &wanted.help {
        if !finding.help.iter().any(|it| it.contains(part.as_str())) {
            wrong.push(format!("expected help {part:?}, found {:?}\n         {of}", finding.help));
        }
    }
    for (title, text) in &wanted.fixes {
        let fits = |edits: &[(Span, String)]| edits.iter().any(|(_, new)| new.trim() == text);
        if !finding.fixes.iter().any(|it| it.title.contains(title.as_str()) && fits(&it.edits)) {
            wrong.push(format!(
                "expected fix {title:?} => {text:?}, found {:?}\n         {of}",
                finding.fixes
            ));
        }
    }
}

fn stands(spot: &Spot, span: Span, sources: &SourceMap) -> bool {
    let found = spot_of(span, sources);
    (&spot.path, spot.line, spot.start) == (&found.path, found.line, found.start)
        && (spot.end.is_none() || spot.end == found.end)
}

/// The place of a span on its first line; an empty one has one column.
fn spot_of(span: Span, sources: &SourceMap) -> Spot {
    let Some(file) = sources.get(span.file) else {
        return Spot { path: "nowhere".into(), line: 0, start: 0, end: None };
    };
    let line = file.lines.line(span.start);
    let from = file.lines.start(line) as usize;
    let text = file.text.get(from..).unwrap_or("");
    let text = text.split(['\n', '\r']).next().unwrap_or("");
    let column = |offset: u32| {
        let within = (offset as usize).saturating_sub(from).min(text.len());
        text.char_indices().take_while(|(at, _)| *at < within).count() + 1
    };
    let start = column(span.start);
    let end = column(span.end).max(start + 1);
    Spot { path: file.path.clone(), line: line as usize + 1, start, end: Some(end) }
}

fn place(spot: &Spot) -> String {
    let end = spot.end.map_or_else(String::new, |end| format!("..{end}"));
    format!("{}:{}:{}{end}", spot.path, spot.line, spot.start)
}

fn words(wanted: &Expected) -> String {
    format!("{} {} {}", place(&wanted.spot), wanted.code, wanted.part)
}

fn found_words(finding: &Diagnostic, sources: &SourceMap) -> String {
    let spot = place(&spot_of(finding.primary.span, sources));
    let word = match finding.primary.text.as_str() {
        "" => String::new(),
        text => format!(" ({text})"),
    };
    format!("{spot} {} {}{word}", finding.code.id, finding.message)
}
