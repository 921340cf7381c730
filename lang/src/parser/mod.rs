//! Tokens to the tree. Parsing never fails: what is not understood becomes an `Error` node and a diagnostic.
//!
//! Each production is one function over chumsky's input (so nothing is built before a file can be read,
//! and every production is compiled once). Regular parts are written with combinators; where the next
//! token decides, or where a mistake must stay small, the function looks for itself.

mod block;
mod collection;
mod declaration;
mod expectation;
mod expr;
mod fault;
mod hints;
mod input;
mod item;
mod operand;
mod template;
mod types;

use std::sync::Arc;

use chumsky::Parser as _;
use chumsky::primitive::custom;

use crate::ast::{Body, Comment, Expr, File};
use crate::diagnostic::{Diagnostic, codes::lexical, tidy};
use crate::lexer::{self, Lexed, Lines, TokenKind};
use crate::source::SourceFile;
use crate::span::Span;

use fault::Expected;
use input::{Input, Look as _, Res, State};

/// A parsed file, the comments beside it, and what was wrong.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub file: File,
    /// Every comment, in order; those that are attached to an item too.
    pub comments: Vec<Comment>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a whole file.
#[must_use]
pub fn parse(source: &SourceFile) -> Parsed {
    let lexed = lexer::lex(source, Lines::EndItems);
    let comments = lexed
        .comments
        .iter()
        .map(|it| Comment { span: Span::new(source.id, it.start, it.end), doc: it.doc })
        .collect();
    let (items, exprs, diagnostics) = run(source, lexed, file);
    let body = Arc::new(Body { items: items.unwrap_or_default(), span: source.whole() });
    Parsed { file: File { id: source.id, body, exprs }, comments, diagnostics }
}

/// Parses one expression, as the REPL and `qgc query` read it. Answers it (nothing where there is none),
/// how many numbers its parts have, and what is wrong.
#[must_use]
pub fn parse_expr(source: &SourceFile) -> (Option<Arc<Expr>>, u32, Vec<Diagnostic>) {
    let lexed = lexer::lex(source, Lines::Ignored);
    let (found, exprs, diagnostics) = run(source, lexed, whole_expr);
    (found.flatten(), exprs, diagnostics)
}

/// Runs a production that reads to the end.
fn run<T>(
    source: &SourceFile,
    lexed: Lexed,
    production: for<'s> fn(&mut Input<'s, '_>) -> Res<T>,
) -> (Option<T>, u32, Vec<Diagnostic>) {
    let Lexed { tokens, comments, mut diagnostics } = lexed;
    let mut state = State::new(source, &tokens, &comments);
    let (found, faults) =
        custom(production).parse_with_state(tokens.as_slice(), &mut state).into_output_errors();
    for fault in faults {
        state.report(fault);
    }
    let (exprs, found_here) = state.finish();
    diagnostics.extend(found_here);
    (found, exprs, limit(source, diagnostics))
}

/// Sorts what was found and keeps the first hundred.
fn limit(source: &SourceFile, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    tidy(&mut diagnostics);
    if diagnostics.len() > lexer::MAX_DIAGNOSTICS {
        diagnostics.truncate(lexer::MAX_DIAGNOSTICS);
        let last = diagnostics.last().map_or(source.whole().head(), |last| last.primary.span);
        diagnostics.push(
            Diagnostic::error(
                lexical::TOO_MANY,
                last.tail(),
                "there are more findings about the writing of this file",
            )
            .help("mend those above, and the others will follow"),
        );
    }
    diagnostics
}

fn file(inp: &mut Input<'_, '_>) -> Res<Vec<crate::ast::Item>> {
    let items = item::items(inp);
    inp.next();
    Ok(items)
}

fn whole_expr(inp: &mut Input<'_, '_>) -> Res<Option<Arc<Expr>>> {
    let found = if inp.at(TokenKind::End) {
        None
    } else {
        let stop = |kind: TokenKind| kind == TokenKind::End;
        Some(expr::recovered(inp, stop, Expected::END, expr::expr))
    };
    while inp.next().is_some() {}
    Ok(found)
}

#[cfg(test)]
mod tests;
