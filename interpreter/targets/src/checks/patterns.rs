//! Regular expressions that Go programs read. Go's syntax and Rust's are nearly the same; where they are
//! not, the pattern is refused.

use regex_syntax::ast::{
    self, AssertionKind, Ast, ClassSet, ClassSetItem, FlagsItemKind, GroupKind, HexLiteralKind,
    LiteralKind, RepetitionKind, RepetitionRange,
};

/// Why Go would refuse a pattern, or read it otherwise.
#[must_use]
pub(crate) fn go_problem(pattern: &str) -> Option<String> {
    let parsed = match ast::parse::Parser::new().parse(pattern) {
        Ok(parsed) => parsed,
        Err(error) => return Some(error.kind().to_string()),
    };
    ast::visit(&parsed, Judge).err()
}

struct Judge;

impl ast::Visitor for Judge {
    type Output = ();
    type Err = String;

    fn finish(self) -> Result<(), String> {
        Ok(())
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), String> {
        match ast {
            Ast::Literal(literal) => go_literal(&literal.kind),
            Ast::Assertion(assertion) => match assertion.kind {
                AssertionKind::StartLine
                | AssertionKind::EndLine
                | AssertionKind::StartText
                | AssertionKind::EndText
                | AssertionKind::WordBoundary
                | AssertionKind::NotWordBoundary => Ok(()),
                AssertionKind::WordBoundaryStart
                | AssertionKind::WordBoundaryEnd
                | AssertionKind::WordBoundaryStartAngle
                | AssertionKind::WordBoundaryEndAngle
                | AssertionKind::WordBoundaryStartHalf
                | AssertionKind::WordBoundaryEndHalf => Err("Go has no such boundary".to_owned()),
            },
            Ast::Repetition(repetition) => match &repetition.op.kind {
                RepetitionKind::Range(
                    RepetitionRange::Exactly(most)
                    | RepetitionRange::AtLeast(most)
                    | RepetitionRange::Bounded(_, most),
                ) if *most > 1000 => Err("Go repeats 1000 times at most".to_owned()),
                RepetitionKind::Range(_)
                | RepetitionKind::ZeroOrOne
                | RepetitionKind::ZeroOrMore
                | RepetitionKind::OneOrMore => Ok(()),
            },
            Ast::Group(group) => {
                let name = match &group.kind {
                    GroupKind::CaptureName { name, .. } => name.name.as_str(),
                    GroupKind::CaptureIndex(_) | GroupKind::NonCapturing(_) => "",
                };
                if name == "User" || name == "Group" {
                    return Err(format!(
                        "a group called {name} stands for a person, who is unknown"
                    ));
                }
                group.flags().map_or(Ok(()), go_flags)
            }
            Ast::Flags(flags) => go_flags(&flags.flags),
            Ast::Empty(_)
            | Ast::Dot(_)
            | Ast::ClassUnicode(_)
            | Ast::ClassPerl(_)
            | Ast::ClassBracketed(_)
            | Ast::Alternation(_)
            | Ast::Concat(_) => Ok(()),
        }
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), String> {
        match item {
            ClassSetItem::Bracketed(_) => Err("Go has no classes inside classes".to_owned()),
            ClassSetItem::Literal(literal) => go_literal(&literal.kind),
            ClassSetItem::Empty(_)
            | ClassSetItem::Range(_)
            | ClassSetItem::Ascii(_)
            | ClassSetItem::Unicode(_)
            | ClassSetItem::Perl(_)
            | ClassSetItem::Union(_) => Ok(()),
        }
    }

    fn visit_class_set_binary_op_pre(&mut self, _: &ast::ClassSetBinaryOp) -> Result<(), String> {
        Err("Go has no `&&`, `--` or `~~` inside classes".to_owned())
    }
}

fn go_literal(kind: &LiteralKind) -> Result<(), String> {
    match kind {
        LiteralKind::HexFixed(HexLiteralKind::UnicodeShort | HexLiteralKind::UnicodeLong)
        | LiteralKind::HexBrace(HexLiteralKind::UnicodeShort | HexLiteralKind::UnicodeLong) => {
            Err("Go writes characters by number as `\\x{…}`".to_owned())
        }
        LiteralKind::Superfluous => Err("Go knows no such escape".to_owned()),
        LiteralKind::Verbatim
        | LiteralKind::Meta
        | LiteralKind::Octal
        | LiteralKind::HexFixed(HexLiteralKind::X)
        | LiteralKind::HexBrace(HexLiteralKind::X)
        | LiteralKind::Special(_) => Ok(()),
    }
}

fn go_flags(flags: &ast::Flags) -> Result<(), String> {
    for item in &flags.items {
        match item.kind {
            FlagsItemKind::Flag(
                ast::Flag::IgnoreWhitespace | ast::Flag::CRLF | ast::Flag::Unicode,
            ) => return Err("Go has the flags i, m, s and U only".to_owned()),
            FlagsItemKind::Flag(
                ast::Flag::CaseInsensitive
                | ast::Flag::MultiLine
                | ast::Flag::DotMatchesNewLine
                | ast::Flag::SwapGreed,
            )
            | FlagsItemKind::Negation => {}
        }
    }
    Ok(())
}

/// Whether whatever a pattern matches lies at a path or below it: it begins with `^`, the path, and
/// something that ends the path's last part.
#[must_use]
pub(super) fn lies_below(pattern: &str, path: &str) -> bool {
    let parsed = ast::parse::Parser::new().parse(pattern);
    let Ok(Ast::Concat(concat)) = &parsed else { return false };
    let mut rest = concat.asts.iter();
    let start = matches!(rest.next(), Some(Ast::Assertion(it)) if it.kind == AssertionKind::StartLine
        || it.kind == AssertionKind::StartText);
    let spelled =
        path.chars().all(|c| matches!(rest.next(), Some(Ast::Literal(literal)) if literal.c == c));
    start && spelled && ends(rest.as_slice())
}

/// Whether what follows a path begins with an end of its last part.
fn ends(asts: &[Ast]) -> bool {
    let end = |c: char| c == '/' || c == '?';
    let Some((first, rest)) = asts.split_first() else { return false };
    match first {
        Ast::Assertion(it) => {
            it.kind == AssertionKind::EndLine || it.kind == AssertionKind::EndText
        }
        Ast::Literal(literal) => end(literal.c),
        Ast::ClassBracketed(class) => !class.negated && only(&class.kind, &end),
        Ast::Group(group) => {
            if let Ast::Alternation(any) = group.ast.as_ref() {
                any.asts.iter().all(|ast| ends(in_order(ast)))
            } else {
                ends(in_order(&group.ast))
            }
        }
        // Where it may be missing, what comes next has to end the part too.
        Ast::Repetition(repetition) => ends(std::slice::from_ref(&repetition.ast)) && ends(rest),
        Ast::Empty(_)
        | Ast::Flags(_)
        | Ast::Dot(_)
        | Ast::ClassUnicode(_)
        | Ast::ClassPerl(_)
        | Ast::Alternation(_)
        | Ast::Concat(_) => false,
    }
}

/// The parts of a pattern, one after another.
fn in_order(ast: &Ast) -> &[Ast] {
    if let Ast::Concat(concat) = ast { &concat.asts } else { std::slice::from_ref(ast) }
}

fn only(set: &ClassSet, good: &dyn Fn(char) -> bool) -> bool {
    match set {
        ClassSet::Item(ClassSetItem::Literal(literal)) => good(literal.c),
        ClassSet::Item(ClassSetItem::Union(union)) => union
            .items
            .iter()
            .all(|item| matches!(item, ClassSetItem::Literal(literal) if good(literal.c))),
        ClassSet::Item(
            ClassSetItem::Empty(_)
            | ClassSetItem::Range(_)
            | ClassSetItem::Ascii(_)
            | ClassSetItem::Unicode(_)
            | ClassSetItem::Perl(_)
            | ClassSetItem::Bracketed(_),
        )
        | ClassSet::BinaryOp(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_go_reads() {
        for good in ["^/api([/?].*)?$", r"\.png$", "(?i)^/a", "(?P<x>a)", r"\x{e9}\pL", "a{1000}"] {
            assert_eq!(go_problem(good), None, "{good}");
        }
        for bad in [
            "(",
            "(?=a)",
            "[a&&b]",
            "[[a]]",
            "(?x)a",
            r"\u0041",
            "a{1001}",
            r"\b{start}",
            "(?P<User>a)",
            r"\1",
        ] {
            assert!(go_problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn what_lies_below() {
        for good in [
            "^/api$",
            "^/api/",
            "^/api/open",
            "^/api([/?].*)?$",
            "^/api(/|$)",
            r"^/api\?x",
            "^/api/?$",
        ] {
            assert!(lies_below(good, "/api"), "{good}");
        }
        for bad in [
            "/api/",
            "^/api",
            "^/apix",
            "^/api/|x",
            "^/(api/)",
            "^/api.*",
            "^/api[^x]",
            "^/api([/?].*)?",
            "(?i)^/api/",
        ] {
            assert!(!lies_below(bad, "/api"), "{bad}");
        }
    }
}
