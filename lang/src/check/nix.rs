//! `nix"…"`: parsed where it stands, with Nix's own grammar. Holes are replaced by names, and
//! must turn out to be whole expressions.

use std::collections::HashMap;

use rnix::{NodeOrToken, ParseError, SyntaxKind, SyntaxNode, TextRange};

use super::checker::Checker;
use super::nix_height::too_high;
use super::types::Type;
use crate::ast::{Expr, Template, TemplatePart};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::types;
use crate::span::Span;
use crate::stack::roomy;

/// The texts that a Nix file gives an attribute of this name, wherever in it: `PermitRootLogin = "no"`. None where it
/// names the attribute and nests too deeply, or is too long, to be read.
#[must_use]
pub fn texts_of(text: &str, attribute: &str) -> Option<Vec<String>> {
    // Most files do not name it, and need not be parsed.
    if !text.contains(attribute) {
        return Some(Vec::new());
    }
    too_high(text).is_none().then(|| roomy(|| texts_in(text, attribute)))
}

fn texts_in(text: &str, attribute: &str) -> Vec<String> {
    let mut found = Vec::new();
    for node in rnix::Root::parse(text).syntax().descendants() {
        if node.kind() != SyntaxKind::NODE_ATTRPATH_VALUE {
            continue;
        }
        let Some(path) = node.children().find(|it| it.kind() == SyntaxKind::NODE_ATTRPATH) else {
            continue;
        };
        let last = path.children().last().map(|it| it.text().to_string());
        if last.is_none_or(|last| last.trim_matches('"') != attribute) {
            continue;
        }
        let values = node.children().filter(|it| it.kind() != SyntaxKind::NODE_ATTRPATH);
        let strings = values.flat_map(|it| it.descendants().collect::<Vec<_>>());
        let strings = strings.filter(|it| it.kind() == SyntaxKind::NODE_STRING);
        found.extend(strings.map(|it| it.text().to_string().trim_matches('"').to_owned()));
    }
    found
}

/// Nix text put together from a template, with the way back to the source.
struct Assembled {
    text: String,
    /// Start of each part in the text, its end, and the place it came from.
    pieces: Vec<(usize, usize, Piece)>,
}

enum Piece {
    /// The text as it was written may have escapes, or indentation that is gone.
    Text(Span),
    Hole(Span),
}

impl Checker<'_> {
    pub(super) fn nix(&mut self, expr: &Expr, template: &Template) -> Type {
        let mut broken = false;
        let outer = (self.cx.wanted_by.take(), std::mem::replace(&mut self.cx.in_nix, true));
        for part in &template.parts {
            if let TemplatePart::Hole(hole) = part {
                broken |= self.expr(hole, Some(&Type::Module)) == Type::Unknown;
            }
        }
        (self.cx.wanted_by, self.cx.in_nix) = outer;
        let assembled = assemble(template);
        if let Some(at) = too_high(&assembled.text) {
            let span = self.place(&assembled, Some(at), template.span);
            let message = "the Nix expression is nested too deeply, or too long, here";
            let finding = Diagnostic::error(types::NIX_SYNTAX, span, message).help(
                "give parts of it names with `let`, or put it into a file: `modules = [./x.nix]`",
            );
            return self.wrong(expr, finding);
        }
        roomy(|| self.parsed_nix(expr, template, &assembled, broken))
    }

    fn parsed_nix(
        &mut self,
        expr: &Expr,
        template: &Template,
        assembled: &Assembled,
        broken: bool,
    ) -> Type {
        let parse = rnix::Root::parse(&assembled.text);
        if let Some(error) = parse.errors().first() {
            // An unknown hole may have been meant for Nix; then its text is not this one.
            if !broken {
                let (message, range) = describe(error, assembled.text.len());
                let span = self.place(assembled, range, template.span);
                let diagnostic = Diagnostic::error(types::NIX_SYNTAX, span, message);
                self.report(diagnostic);
            }
            self.set_broken(expr.id);
            return Type::Unknown;
        }
        for (name, range) in super::nixpkgs::packages(&parse.syntax()) {
            let span = self.place(assembled, Some(range), template.span);
            if let Some(types) = self.here() {
                types.packages.push((name.into(), span));
            }
        }
        let places = identifiers(&parse.syntax());
        for (start, _, piece) in &assembled.pieces {
            let Piece::Hole(span) = piece else { continue };
            let help = match places.get(start) {
                Some(true) => continue,
                Some(false) => {
                    "for the name of an attribute write `$${${…}}`: Nix's own hole with this one in it"
                }
                None => "put the whole string or path together here: `${\"…${x}…\"}`",
            };
            let diagnostic = Diagnostic::error(
                types::NIX_HOLE,
                *span,
                "a value cannot stand here: Nix reads no whole expression in this place",
            )
            .help(help);
            self.wrong(expr, diagnostic);
        }
        Type::Nix
    }

    /// The place in the source of a range of the assembled text.
    fn place(&self, assembled: &Assembled, range: Option<TextRange>, whole: Span) -> Span {
        let offset = range.map_or(assembled.text.len(), |range| usize::from(range.start()));
        let length = range.map_or(0, |range| usize::from(range.len()));
        let found = assembled
            .pieces
            .iter()
            .rfind(|(start, _, _)| *start <= offset)
            .or_else(|| assembled.pieces.first());
        match found {
            Some((_, _, Piece::Hole(span))) => *span,
            Some((start, end, Piece::Text(span))) => {
                let cooked = assembled.text.get(*start..*end).unwrap_or("");
                let written = self.text(*span);
                match written_offset(cooked, written, offset - start) {
                    Some(at) => {
                        let at = span.start + at as u32;
                        let end = (at + length as u32).min(span.end).max(at);
                        let end = if self.text(Span::new(span.file, at, end)).contains('\n') {
                            at
                        } else {
                            end
                        };
                        Span::new(span.file, at, end)
                    }
                    None => *span,
                }
            }
            None => whole,
        }
    }
}

fn assemble(template: &Template) -> Assembled {
    let mut text = String::new();
    let mut pieces = Vec::new();
    for (index, part) in template.parts.iter().enumerate() {
        let start = text.len();
        match part {
            TemplatePart::Text(cooked, span) => {
                text.push_str(cooked);
                pieces.push((start, text.len(), Piece::Text(*span)));
            }
            TemplatePart::Hole(hole) => {
                text.push_str(&placeholder(index));
                pieces.push((start, text.len(), Piece::Hole(hole.span)));
            }
        }
    }
    Assembled { text, pieces }
}

fn placeholder(index: usize) -> String {
    format!("__qg_hole_{index}__")
}

/// Where an offset of the cooked text was written; None where escapes hide it. Of a multi-line
/// string, lines at both ends and indentation are gone.
fn written_offset(cooked: &str, written: &str, offset: usize) -> Option<usize> {
    let before = cooked.get(..offset)?;
    let line = before.matches('\n').count();
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let cooked_lines: Vec<&str> = cooked.split('\n').collect();
    let written_lines: Vec<&str> = written.split('\n').collect();
    let more = written_lines.len().checked_sub(cooked_lines.len())?;
    let first = (0..=more).find(|skip| {
        let pairs = cooked_lines.iter().zip(written_lines.iter().skip(*skip));
        pairs.into_iter().all(|(cooked, written)| written.ends_with(cooked))
    })?;
    let start: usize = written_lines.iter().take(first + line).map(|line| line.len() + 1).sum();
    let gone = written_lines.get(first + line)?.len() - cooked_lines.get(line)?.len();
    Some(start + gone + column)
}

/// Where each whole name starts, and whether it is an expression (else it names an attribute or a parameter).
fn identifiers(root: &SyntaxNode) -> HashMap<usize, bool> {
    let mut found = HashMap::new();
    for node in root.descendants() {
        if node.kind() != SyntaxKind::NODE_IDENT {
            continue;
        }
        let whole = node.first_token().is_some_and(|token| is_placeholder(token.text()))
            && node.children_with_tokens().all(|it| matches!(it, NodeOrToken::Token(_)));
        if whole {
            let expression = node.parent().is_none_or(|parent| {
                !matches!(
                    parent.kind(),
                    SyntaxKind::NODE_ATTRPATH
                        | SyntaxKind::NODE_INHERIT
                        | SyntaxKind::NODE_IDENT_PARAM
                        | SyntaxKind::NODE_PAT_ENTRY
                        | SyntaxKind::NODE_PAT_BIND
                )
            });
            found.insert(usize::from(node.text_range().start()), expression);
        }
    }
    found
}

/// Whether a token is exactly one placeholder, not one with letters stuck to it.
fn is_placeholder(text: &str) -> bool {
    text.strip_prefix("__qg_hole_")
        .and_then(|rest| rest.strip_suffix("__"))
        .is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

fn describe(error: &ParseError, length: usize) -> (String, Option<TextRange>) {
    let wanted = |kinds: &[SyntaxKind]| match kinds {
        [kind] => format!("Nix wants {} here", spelled(*kind)),
        // Wherever an expression can begin, the list is long and says nothing.
        kinds if kinds.len() > 3 => "Nix does not understand this".to_owned(),
        kinds => {
            let all: Vec<String> = kinds.iter().map(|kind| spelled(*kind)).collect();
            format!("Nix wants one of {} here", all.join(", "))
        }
    };
    match error {
        ParseError::Unexpected(range) => ("Nix does not understand this".to_owned(), Some(*range)),
        ParseError::UnexpectedExtra(range) => {
            ("this is more than one Nix expression".to_owned(), Some(*range))
        }
        ParseError::UnexpectedWanted(_, range, kinds) => (wanted(kinds), Some(*range)),
        ParseError::UnexpectedDoubleBind(range) => {
            ("a Nix pattern is bound twice".to_owned(), Some(*range))
        }
        ParseError::UnexpectedEOF if length == 0 => {
            ("there is no Nix expression in it".to_owned(), None)
        }
        ParseError::UnexpectedEOF => ("the Nix expression is not finished".to_owned(), None),
        ParseError::UnexpectedEOFWanted(kinds) => (wanted(kinds), None),
        ParseError::DuplicatedArgs(range, name) => {
            (format!("the Nix parameter `{name}` is there twice"), Some(*range))
        }
        ParseError::RecursionLimitExceeded => {
            ("the Nix expression is nested too deeply".to_owned(), None)
        }
        _ => ("Nix does not understand this".to_owned(), None),
    }
}

/// A token of Nix, as it is written.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "rnix has some hundred kinds, whose own names do for the rest"
)]
fn spelled(kind: SyntaxKind) -> String {
    let text = match kind {
        SyntaxKind::TOKEN_R_BRACE => "`}`",
        SyntaxKind::TOKEN_L_BRACE => "`{`",
        SyntaxKind::TOKEN_R_BRACK => "`]`",
        SyntaxKind::TOKEN_R_PAREN => "`)`",
        SyntaxKind::TOKEN_SEMICOLON => "`;`",
        SyntaxKind::TOKEN_COLON => "`:`",
        SyntaxKind::TOKEN_ASSIGN => "`=`",
        SyntaxKind::TOKEN_IN => "`in`",
        SyntaxKind::TOKEN_THEN => "`then`",
        SyntaxKind::TOKEN_ELSE => "`else`",
        SyntaxKind::TOKEN_IDENT => "a name",
        SyntaxKind::TOKEN_COMMA => "`,`",
        SyntaxKind::TOKEN_DOT => "`.`",
        SyntaxKind::TOKEN_STRING_END => "the end of the string",
        other => return format!("{other:?}").trim_start_matches("TOKEN_").to_lowercase(),
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::written_offset;

    #[test]
    fn offsets_in_multi_line_strings() {
        let written = "\n    { x = 1;\n      y }\n  ";
        let cooked = "  { x = 1;\n    y }";
        let at = |text: &str| cooked.find(text);
        assert_eq!(at("y").and_then(|at| written_offset(cooked, written, at)), written.find('y'));
        assert_eq!(at("x").and_then(|at| written_offset(cooked, written, at)), written.find('x'));
        assert_eq!(written_offset("a\"b", "a\\\"b", 2), None);
        assert_eq!(written_offset("é b", "é b", 3), Some(3));
    }
}
