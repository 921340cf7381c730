//! Strings: pieces of text and holes, put together.

use crate::ast::{ExprKind, Template, TemplatePart};
use crate::diagnostic::{Diagnostic, codes::lexical};
use crate::lexer::text::{Piece, dedent, escape};
use crate::lexer::{Token, TokenKind};
use crate::span::Span;

use super::expr::{expr, recovered};
use super::fault::Expected;
use super::hints;
use super::input::{Input, Look as _, Res};

/// A string of any kind, from its opening quotes to its closing ones.
pub(super) fn template(inp: &mut Input<'_, '_>) -> Res<Template> {
    let first = inp.index();
    let open = inp.bump();
    let many_lines = matches!(open.kind, TokenKind::BlockOpen | TokenKind::NixBlockOpen);
    let end = open.mate as usize;
    let mut parts = Vec::new();
    let mut text = Gathered::default();
    while inp.index() < end && !inp.at(TokenKind::End) {
        let token = inp.token();
        if token.kind == TokenKind::HoleOpen {
            text.flush(&mut parts);
            parts.push(hole(inp)?);
            continue;
        }
        inp.bump();
        let span = inp.state().span(token);
        text.add(span, &written(inp, token));
    }
    text.flush(&mut parts);
    inp.bump();
    let span = inp.since(first);
    if many_lines {
        unindent(inp, &mut parts, span);
    }
    Ok(Template { parts, span })
}

/// `${ … }`
fn hole(inp: &mut Input<'_, '_>) -> Res<TemplatePart> {
    let open = inp.bump();
    let expected = Expected::mark(TokenKind::HoleClose);
    let closer = inp.state().token(open.mate as usize);
    let value = if closer.start == closer.end {
        // It was not closed, which has been reported; what stands in it may be anything.
        let here = inp.here().head();
        inp.node(ExprKind::Error, here)
    } else {
        recovered(
            inp,
            |_| false,
            expected,
            |inp| {
                let value = expr(inp)?;
                match hints::default_in_hole(inp) {
                    Some(fault) => Err(fault),
                    None => Ok(value),
                }
            },
        )
    };
    inp.skip_to(open.mate as usize);
    inp.bump();
    Ok(TemplatePart::Hole(value))
}

/// What a token of a string writes.
fn written(inp: &mut Input<'_, '_>, token: Token) -> String {
    let text = inp.text(token);
    if token.kind == TokenKind::Dollar {
        return "${".to_owned();
    }
    if token.kind == TokenKind::Escape {
        // What is no escape has been reported; it stands for itself.
        return escape(text).map_or_else(|| text.to_owned(), String::from);
    }
    if token.kind == TokenKind::Wrong { String::new() } else { text.replace("\r\n", "\n") }
}

/// The text between two holes, and where it was written.
#[derive(Default)]
struct Gathered {
    text: String,
    span: Option<Span>,
}

impl Gathered {
    fn add(&mut self, span: Span, text: &str) {
        self.text.push_str(text);
        self.span = Some(self.span.map_or(span, |whole| whole.to(span)));
    }

    fn flush(&mut self, parts: &mut Vec<TemplatePart>) {
        if let Some(span) = self.span.take() {
            parts.push(TemplatePart::Text(std::mem::take(&mut self.text).into(), span));
        }
    }
}

/// Takes the indentation of a multi-line string away.
fn unindent(inp: &mut Input<'_, '_>, parts: &mut Vec<TemplatePart>, whole: Span) {
    let mut pieces: Vec<Piece> = parts
        .iter()
        .map(|part| match part {
            TemplatePart::Text(text, _) => Piece::Text(text.to_string()),
            TemplatePart::Hole(_) => Piece::Hole,
        })
        .collect();
    let wrong = dedent(&mut pieces);
    for (part, piece) in parts.iter_mut().zip(pieces) {
        if let (TemplatePart::Text(text, _), Piece::Text(piece)) = (part, piece) {
            *text = piece.into();
        }
    }
    parts.retain(|part| !matches!(part, TemplatePart::Text(text, _) if text.is_empty()));
    if let Some(line) = wrong {
        let at = line_of(inp, parts, whole, line);
        inp.say(
            Diagnostic::error(
                lexical::INDENTATION,
                at,
                "this line is indented less than the closing quotes",
            )
            .also(whole.tail(), "the closing quotes")
            .help("indent the closing quotes as far as the line that is indented least, with the same spaces or tabs"),
        );
    }
}

/// Where the text of a line of a multi-line string stands; lines in holes do not count.
fn line_of(inp: &mut Input<'_, '_>, parts: &[TemplatePart], whole: Span, line: usize) -> Span {
    let text = inp.state().source.slice(whole);
    let holes: Vec<Span> = parts
        .iter()
        .filter_map(|part| match part {
            TemplatePart::Hole(expr) => Some(expr.span),
            TemplatePart::Text(..) => None,
        })
        .collect();
    let mut seen = 0;
    for (at, _) in text.match_indices('\n') {
        let offset = whole.start + at as u32;
        if holes.iter().any(|hole| hole.start <= offset && offset < hole.end) {
            continue;
        }
        seen += 1;
        if seen == line {
            let rest = text.get(at + 1..).unwrap_or("");
            let length = rest.find(['\n', '\r']).unwrap_or(rest.len()) as u32;
            let indent = (rest.len() - rest.trim_start().len()) as u32;
            let start = offset + 1;
            return Span::new(whole.file, start + indent.min(length), start + length);
        }
    }
    whole
}
