//! Types within bounds: a definition may take up another one's type, and that again, without end.

use super::checker::Checker;
use super::types::Type;
use crate::ast::{Expr, ExprKind};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::eval;
use crate::stack::{MAX_NESTING, MAX_WAITING, grow};

/// Parts that one type may have, each counted wherever it stands.
const MAX_PARTS: usize = 100_000;

impl Checker<'_> {
    /// Types an expression, as far as others wait for it within bounds.
    pub(super) fn infer(&mut self, expr: &Expr, want: Option<&Type>) -> Type {
        if self.waiting >= MAX_WAITING {
            let finding = Diagnostic::error(
                eval::TOO_DEEP,
                expr.span,
                "too many definitions wait for this one, each needed by the one before",
            )
            .help("give one of the definitions on the way a value of its own, which needs none before it");
            return self.wrong(expr, finding);
        }
        self.waiting += 1;
        let found = grow(|| self.infer_kind(expr, want));
        self.waiting -= 1;
        self.bounded(expr, found)
    }

    /// The type that was found; unknown (and reported) where it is too deep or too large.
    fn bounded(&mut self, expr: &Expr, found: Type) -> Type {
        // What is read has been looked at where it was made.
        if matches!(expr.kind, ExprKind::Name(_) | ExprKind::Get(..) | ExprKind::SelfRecord) {
            return found;
        }
        let finding = match measure(&found) {
            Measure::Fits => return found,
            Measure::Deep => Diagnostic::error(
                eval::NESTED,
                expr.span,
                format!("lists and records stand in one another more than {MAX_NESTING} deep here"),
            )
            .help("a value may hold others, but not without end"),
            Measure::Large => Diagnostic::error(
                eval::TOO_WIDE,
                expr.span,
                format!("the type of this has more than {MAX_PARTS} parts"),
            )
            .help("declare what is used many times as a `schema`: a name is one part"),
        };
        self.wrong(expr, finding)
    }
}

/// Whether a type is one that can be walked.
pub(super) enum Measure {
    Fits,
    Deep,
    Large,
}

/// Looks at each part of a type, no deeper and no longer than is allowed.
pub(super) fn measure(ty: &Type) -> Measure {
    let mut todo = vec![(ty, 0)];
    let mut parts = 0;
    while let Some((ty, depth)) = todo.pop() {
        parts += 1;
        if depth > MAX_NESTING {
            return Measure::Deep;
        }
        if parts > MAX_PARTS {
            return Measure::Large;
        }
        match ty {
            Type::List(inner)
            | Type::Set(inner)
            | Type::Map(inner)
            | Type::Optional(inner)
            | Type::Where(inner, _) => todo.push((inner, depth + 1)),
            Type::Union(members) => todo.extend(members.iter().map(|it| (it, depth + 1))),
            Type::Anonymous(fields) => todo.extend(fields.values().map(|it| (it, depth + 1))),
            Type::Fn(params, result) => {
                todo.extend(params.iter().map(|it| (it, depth + 1)));
                todo.push((result, depth + 1));
            }
            Type::Unknown
            | Type::Never
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::String
            | Type::Duration
            | Type::Size
            | Type::Mode
            | Type::Path
            | Type::File
            | Type::Address
            | Type::Subnet
            | Type::Port
            | Type::Ports
            | Type::Url
            | Type::Hostname
            | Type::Calendar
            | Type::Image
            | Type::Sealed
            | Type::Nix
            | Type::Data
            | Type::Module
            | Type::Anything
            | Type::Record(_)
            | Type::Ref(_)
            | Type::Enum(_)
            | Type::Variable(_) => {}
        }
    }
    Measure::Fits
}
