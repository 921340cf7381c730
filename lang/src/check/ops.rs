//! Operators.

use std::sync::Arc;

use super::checker::Checker;
use super::types::{Resolution, Type};
use crate::ast::{BinaryOp, Expr, ExprKind};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::types;
use crate::span::Span;

impl Checker<'_> {
    pub(super) fn binary(
        &mut self,
        expr: &Expr,
        op: BinaryOp,
        span: Span,
        a: &Expr,
        b: &Expr,
        want: Option<&Type>,
    ) -> Type {
        // What these two find is what is wanted around them.
        if op == BinaryOp::Else {
            return self.otherwise(expr, span, a, b, want);
        }
        if op == BinaryOp::Add {
            return self.add(expr, span, a, b, want);
        }
        let outer = self.cx.wanted_by.take();
        let found = match op {
            BinaryOp::And | BinaryOp::Or => {
                self.condition(a);
                let before = self.diagnostics.len();
                self.scoped(|checker| {
                    checker.learn(a, op == BinaryOp::And);
                    checker.condition(b);
                });
                // `a or "x"`, as in Nix and JavaScript.
                let refused = self.diagnostics.get_mut(before..).into_iter().flatten();
                if op == BinaryOp::Or {
                    refused.filter(|it| it.primary.span == b.span).for_each(|finding| {
                        let help = "another value for what may be absent is `a ?? b`";
                        finding.help.push(help.to_owned());
                    });
                }
                Type::Bool
            }
            BinaryOp::Equal | BinaryOp::NotEqual => self.equal(expr, op, a, b),
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                self.ordered(expr, span, a, b)
            }
            BinaryOp::In => self.membership(expr, span, a, b),
            BinaryOp::Subtract => self.subtract(expr, span, a, b),
            BinaryOp::Multiply => self.multiply(expr, span, a, b),
            BinaryOp::Join => self.join_paths(expr, span, a, b),
            BinaryOp::Else | BinaryOp::Add => Type::Unknown,
        };
        self.cx.wanted_by = outer;
        found
    }

    /// `a ?? b`
    fn otherwise(
        &mut self,
        expr: &Expr,
        span: Span,
        a: &Expr,
        b: &Expr,
        want: Option<&Type>,
    ) -> Type {
        let hint = want.map(|want| want.clone().optional());
        let left = self.hinted(a, hint.as_ref());
        if !matches!(left, Type::Optional(_) | Type::Unknown | Type::Never) {
            self.hinted(b, want.or(Some(&left)));
            let diagnostic = Diagnostic::error(
                types::NEVER_ABSENT,
                span,
                format!("the left side, {}, is never absent", self.env.a(&left)),
            )
            .fix("remove it", Span::new(span.file, a.span.end, b.span.end), "");
            self.report(diagnostic);
            self.set_broken(expr.id);
            return left;
        }
        let there = left.required().clone();
        let right = match want {
            Some(want) if !self.env.fits(&there, want) => {
                self.mismatch(a, &there, want);
                self.set_broken(expr.id);
                self.quietly(|checker| checker.hinted(b, Some(&there)));
                return Type::Unknown;
            }
            Some(want) => self.expr(b, Some(want)),
            None => self.hinted(b, Some(&there)),
        };
        self.env.join(&there, &right)
    }

    fn add(&mut self, expr: &Expr, span: Span, a: &Expr, b: &Expr, want: Option<&Type>) -> Type {
        let hint = want.filter(|want| {
            self.env.candidates(want).iter().any(|it| matches!(it, Type::List(_) | Type::Set(_)))
        });
        let left = self.hinted(a, hint);
        let right = self.hinted(b, hint.or(Some(&left)));
        match (left.base(), right.base()) {
            _ if self.maybe_absent(expr, a, &left) || self.maybe_absent(expr, b, &right) => {
                Type::Unknown
            }
            (Type::Unknown, _) | (_, Type::Unknown) => Type::Unknown,
            (Type::List(x), Type::List(y)) => Type::List(Arc::new(self.env.join(x, y))),
            // A list written where a set is wanted was typed as one.
            (Type::Set(x), Type::Set(y)) if hint.is_some() => {
                Type::Set(Arc::new(self.env.join(x, y)))
            }
            (Type::Duration, Type::Duration) => Type::Duration,
            (Type::Size, Type::Size) => Type::Size,
            (x, y) if is_number(x) && is_number(y) => number(x, y),
            (x, y) => {
                let mut diagnostic = Diagnostic::error(
                    types::OPERATOR,
                    span,
                    format!("`+` takes no {} and {}", self.env.show(x), self.env.show(y)),
                );
                let record =
                    |ty: &Type| matches!(ty, Type::Record(_) | Type::Anonymous(_) | Type::Map(_));
                if record(x) && record(y) {
                    diagnostic =
                        diagnostic.help("a record is copied with changes: `a with { b = 2 }`");
                } else if matches!(x, Type::Path) {
                    diagnostic =
                        diagnostic.help("a path is joined with what lies below it: `a / \"b\"`");
                } else if is_text(x) || is_text(y) {
                    diagnostic =
                        diagnostic.help("strings are joined by interpolation: `\"${a}${b}\"`");
                } else if matches!((x, y), (Type::List(_), _)) {
                    diagnostic =
                        diagnostic.help("a list takes one more value as a list: `xs + [x]`");
                }
                self.wrong(expr, diagnostic)
            }
        }
    }

    fn subtract(&mut self, expr: &Expr, span: Span, a: &Expr, b: &Expr) -> Type {
        let (left, right) = (self.expr(a, None), self.expr(b, None));
        match (left.base(), right.base()) {
            _ if self.maybe_absent(expr, a, &left) || self.maybe_absent(expr, b, &right) => {
                Type::Unknown
            }
            (Type::Unknown, _) | (_, Type::Unknown) => Type::Unknown,
            (Type::Duration, Type::Duration) => Type::Duration,
            (Type::Size, Type::Size) => Type::Size,
            (x, y) if is_number(x) && is_number(y) => number(x, y),
            (x, y) => self.refused(expr, span, "-", x, y),
        }
    }

    fn multiply(&mut self, expr: &Expr, span: Span, a: &Expr, b: &Expr) -> Type {
        let (left, right) = (self.expr(a, None), self.expr(b, None));
        match (left.base(), right.base()) {
            _ if self.maybe_absent(expr, a, &left) || self.maybe_absent(expr, b, &right) => {
                Type::Unknown
            }
            (Type::Unknown, _) | (_, Type::Unknown) => Type::Unknown,
            (Type::Duration, Type::Int) | (Type::Int, Type::Duration) => Type::Duration,
            (Type::Size, Type::Int) | (Type::Int, Type::Size) => Type::Size,
            (x, y) if is_number(x) && is_number(y) => number(x, y),
            (x, y) => self.refused(expr, span, "*", x, y),
        }
    }

    fn refused(&mut self, expr: &Expr, span: Span, op: &str, a: &Type, b: &Type) -> Type {
        let message = format!("`{op}` takes no {} and {}", self.env.show(a), self.env.show(b));
        let diagnostic = Diagnostic::error(types::OPERATOR, span, message);
        let collection = |ty: &Type| matches!(ty, Type::List(_) | Type::Set(_));
        let diagnostic = match (op, collection(a) && collection(b)) {
            ("-", true) => {
                diagnostic.help("what is in one and not in the other: `difference(a, b)`")
            }
            ("*", true) => diagnostic.help("what is in both: `intersection(a, b)`"),
            ("*", false) if is_text(a) || is_text(b) => diagnostic.help(
                "a text several times is joined from a loop: `join([for n in range(1, 3): \"a\"])`",
            ),
            _ => diagnostic,
        };
        self.wrong(expr, diagnostic)
    }

    /// Reports an operand that may be absent.
    fn maybe_absent(&mut self, expr: &Expr, side: &Expr, ty: &Type) -> bool {
        if !matches!(self.there(side, ty), Type::Optional(_)) {
            return false;
        }
        let diagnostic = self.absent(side, "and an operator needs a value");
        self.wrong(expr, diagnostic);
        true
    }

    fn ordered(&mut self, expr: &Expr, span: Span, a: &Expr, b: &Expr) -> Type {
        let left = self.expr(a, None);
        let right = self.hinted(b, Some(&left));
        let fine = match (left.base(), right.base()) {
            _ if self.maybe_absent(expr, a, &left) || self.maybe_absent(expr, b, &right) => true,
            (Type::Unknown, _) | (_, Type::Unknown) => true,
            (x, y) if is_number(x) && is_number(y) => true,
            (x, y) if is_text(x) && is_text(y) => true,
            (Type::Variable(x), Type::Variable(y)) => x == y,
            (x, y) => x == y && matches!(x, Type::Duration | Type::Size),
        };
        if !fine {
            let mut diagnostic = Diagnostic::error(
                types::OPERATOR,
                span,
                format!("{} and {} have no order", self.env.a(&left), self.env.a(&right)),
            );
            if matches!(left.base(), Type::Ref(_) | Type::Record(_)) {
                diagnostic = diagnostic.help("compare one of their fields");
            }
            self.wrong(expr, diagnostic);
        }
        Type::Bool
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what has nothing in it is refused")]
    fn membership(&mut self, expr: &Expr, span: Span, a: &Expr, b: &Expr) -> Type {
        // The right side says what is wanted on the left; of variants written out, `x in [lan, public]`,
        // the left side says which enum they belong to.
        if let ExprKind::List(_) = b.kind
            && !self.is_bare_variant(a)
        {
            let left = self.expr(a, None);
            if let Type::Enum(_) = left.required() {
                self.expr(b, Some(&Type::List(Arc::new(left.required().clone()))));
                return Type::Bool;
            }
        }
        let right = self.expr(b, None);
        if self.maybe_absent(expr, b, &right) {
            self.hinted(a, None);
            return Type::Bool;
        }
        let element = match right.base() {
            Type::List(element) | Type::Set(element) => (**element).clone(),
            Type::Map(_) | Type::Anonymous(_) => Type::String,
            Type::Unknown => Type::Unknown,
            Type::Subnet => {
                return self.lies_in(expr, span, a, &right, [Type::Address, Type::Subnet]);
            }
            Type::Ports => return self.lies_in(expr, span, a, &right, [Type::Int, Type::Ports]),
            other => {
                let message = format!(
                    "`in` looks into lists, sets, maps, ranges and networks, and this is {}",
                    self.env.a(other)
                );
                self.hinted(a, None);
                return self.wrong(expr, Diagnostic::error(types::OPERATOR, b.span, message));
            }
        };
        let left = self.hinted(a, Some(&element));
        if !self.env.comparable(&left, &element) {
            let message = format!(
                "{} is never in a collection of `{}`",
                self.env.a(&left),
                self.env.show(&element)
            );
            return self.wrong(expr, Diagnostic::error(types::OPERATOR, span, message));
        }
        Type::Bool
    }

    /// `address in network`, `port in range`, and such a part of them.
    fn lies_in(
        &mut self,
        expr: &Expr,
        span: Span,
        a: &Expr,
        whole: &Type,
        parts: [Type; 2],
    ) -> Type {
        let wanted = Type::Union(Arc::new(parts));
        let left = self.hinted(a, Some(&wanted));
        if self.maybe_absent(expr, a, &left) || left == Type::Unknown {
            return Type::Bool;
        }
        if !self.env.fits(&left, &wanted) {
            let message = format!("{} is never in {}", self.env.a(&left), self.env.a(whole.base()));
            let mut diagnostic = Diagnostic::error(types::OPERATOR, span, message);
            if is_text(left.base()) && *whole.base() == Type::Subnet {
                let text = self.text(a.span);
                diagnostic = diagnostic.help("a text is read as an address by `address(…)`").fix(
                    "read it as an address",
                    a.span,
                    format!("address({text})"),
                );
            }
            return self.wrong(expr, diagnostic);
        }
        Type::Bool
    }

    fn equal(&mut self, expr: &Expr, op: BinaryOp, a: &Expr, b: &Expr) -> Type {
        // A bare variant is understood by the other side's type.
        self.cx.comparing += 1;
        let (left, right) = if self.is_bare_variant(a) {
            let right = self.expr(b, None);
            (self.compared(a, &right), right)
        } else {
            let left = self.expr(a, None);
            let right = self.compared(b, &left);
            (left, right)
        };
        self.cx.comparing -= 1;
        for (side, other) in [(a, b), (b, a)] {
            if let Some(name) = self.variant_with_payload(side) {
                let other = self.text(other.span);
                let fixed = if op == BinaryOp::NotEqual {
                    format!("not ({other} is {name})")
                } else {
                    format!("{other} is {name}")
                };
                let diagnostic = Diagnostic::error(
                    types::EQUAL_VARIANT,
                    expr.span,
                    format!("`{name}` has a payload, so `==` would be false for most of them, in silence"),
                )
                .help("variants are tested with `is`")
                .fix(format!("write `{fixed}`"), expr.span, fixed);
                self.wrong(expr, diagnostic);
                return Type::Bool;
            }
        }
        let function = [&left, &right].into_iter().any(|ty| matches!(ty.base(), Type::Fn(..)));
        if function || !self.env.comparable(&left, &right) {
            let message = if function {
                "functions cannot be compared".to_owned()
            } else {
                format!("{} is never equal to {}", self.env.a(&left), self.env.a(&right))
            };
            let mut diagnostic = Diagnostic::error(types::OPERATOR, expr.span, message);
            if let (Type::Ref(id), ty) | (ty, Type::Ref(id)) = (left.base(), right.base())
                && is_text(ty)
                && let Some(kind) = self.env.tables.kind_of.get(id)
            {
                diagnostic = diagnostic
                    .help(format!("compare with a reference (`{kind}.x`), or its `.name`"));
            }
            self.wrong(expr, diagnostic);
        }
        Type::Bool
    }

    /// The side of a comparison whose meaning the other side's type may show.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "these alone take their type from the other side"
    )]
    fn compared(&mut self, side: &Expr, other: &Type) -> Type {
        match &side.kind {
            ExprKind::Name(_) | ExprKind::Payload(..) | ExprKind::List(_) => {
                self.hinted(side, Some(other))
            }
            // A literal is held against the other side's type only where it has a form.
            ExprKind::Record(_) => self.hinted(side, Some(other)),
            _ => self.hinted(side, None),
        }
    }

    /// Whether a name is nothing but, perhaps, a variant.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a name, with or without a payload, alone can be one"
    )]
    fn is_bare_variant(&mut self, expr: &Expr) -> bool {
        let name = match &expr.kind {
            ExprKind::Name(name) => name,
            ExprKind::Payload(head, _) => match &head.kind {
                ExprKind::Name(name) => name,
                _ => return false,
            },
            _ => return false,
        };
        let reads = self.reads.len();
        // A function is equal to nothing.
        let known = self.lookup(&name.text, name.span);
        self.reads.truncate(reads);
        known.is_none_or(|(resolution, _)| matches!(resolution, Resolution::Function(_)))
    }

    /// The name of the variant, where an expression is a variant that has a payload, without it.
    fn variant_with_payload(&self, expr: &Expr) -> Option<Arc<str>> {
        let Some(Resolution::Variant(id, index)) = self.resolution(expr.id) else { return None };
        if matches!(expr.kind, ExprKind::Payload(..)) {
            return None;
        }
        let variant = self.env.declarations.enumeration(*id).variants.get(*index as usize)?;
        variant.payload.map(|_| Arc::clone(&variant.name))
    }

    /// `a / b`
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no path is refused")]
    fn join_paths(&mut self, expr: &Expr, span: Span, a: &Expr, b: &Expr) -> Type {
        let left = self.expr(a, None);
        let right = self.expr(b, None);
        if self.maybe_absent(expr, a, &left) || self.maybe_absent(expr, b, &right) {
            return Type::Unknown;
        }
        match left.base() {
            Type::Path | Type::Unknown => {}
            other if is_number(other) => {
                let (a, b) = (self.text(a.span), self.text(b.span));
                let right = format!("div({a}, {b})");
                let diagnostic = Diagnostic::error(
                    types::OPERATOR,
                    span,
                    "`/` joins paths, and divides nothing",
                )
                .help("whole numbers are divided with `div`, and `rem` gives what is left over")
                .fix(format!("write `{right}`"), expr.span, right);
                return self.wrong(expr, diagnostic);
            }
            other => {
                let message =
                    format!("`/` joins paths, and the left side is {}", self.env.a(other));
                return self.wrong(expr, Diagnostic::error(types::OPERATOR, a.span, message));
            }
        }
        match right.base() {
            Type::Path | Type::Unknown => {}
            ty if is_text(ty) => {}
            other => {
                let message =
                    format!("`/` joins a path with a string, and this is {}", self.env.a(other));
                return self.wrong(expr, Diagnostic::error(types::OPERATOR, b.span, message));
            }
        }
        let literal = match &b.kind {
            ExprKind::Text(template) => template.literal(),
            ExprKind::Path(path) => Some(path.to_string()),
            _ => None,
        };
        if let Some(why) = literal.as_deref().and_then(not_below) {
            let diagnostic = Diagnostic::error(
                types::PATH_JOIN,
                b.span,
                format!("this cannot be joined: it {why}"),
            );
            return self.wrong(expr, diagnostic);
        }
        Type::Path
    }
}

/// Why a text cannot stand right of `/`; None where it can. The evaluator asks for computed ones.
pub fn not_below(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        Some("is empty")
    } else if text.starts_with('/') {
        Some("begins with `/`, and would replace what stands before it")
    } else if text.split('/').any(|part| part == "..") {
        Some("has a part `..`, and would leave what stands before it")
    } else {
        None
    }
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Float | Type::Port)
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Url | Type::Hostname | Type::Calendar | Type::Image)
}

fn number(a: &Type, b: &Type) -> Type {
    if matches!(a, Type::Float) || matches!(b, Type::Float) { Type::Float } else { Type::Int }
}
