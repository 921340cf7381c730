//! Expressions, both ways: a wanted type goes in, the found one comes out.

use std::sync::Arc;

use super::checker::Checker;
use super::types::{Resolution, Type};
use crate::ast::{Clause, Expr, ExprKind, ListItem, Param};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{names, types};
use crate::resolve::Global;

impl Checker<'_> {
    /// Types an expression. Where a type is wanted and the found one does not fit, that is
    /// reported and the result is `Unknown`; where it fits, the result is the wanted one.
    pub(super) fn expr(&mut self, expr: &Expr, want: Option<&Type>) -> Type {
        let want = want.filter(|want| **want != Type::Unknown);
        let found = self.infer(expr, want);
        let ty = match want {
            Some(want) => self.demand(expr, &found, want),
            None => found,
        };
        self.set_type(expr.id, &ty);
        ty
    }

    /// Types an expression with a wish that it need not fulfil.
    pub(super) fn hinted(&mut self, expr: &Expr, hint: Option<&Type>) -> Type {
        let found = self.infer(expr, hint.filter(|hint| **hint != Type::Unknown));
        self.set_type(expr.id, &found);
        found
    }

    pub(super) fn infer_kind(&mut self, expr: &Expr, want: Option<&Type>) -> Type {
        match &expr.kind {
            ExprKind::Bool(_) => Type::Bool,
            ExprKind::Int(number) => self.int(expr, *number, want),
            ExprKind::Float(_) => Type::Float,
            ExprKind::Text(template) => self.text_literal(expr, template, want),
            ExprKind::Duration(_) => Type::Duration,
            ExprKind::Size(_) => Type::Size,
            ExprKind::Mode(_) => Type::Mode,
            ExprKind::Path(_) => Type::Path,
            ExprKind::File(path) => self.file_literal(expr, path),
            ExprKind::Address(_) => Type::Address,
            ExprKind::Subnet(_) => Type::Subnet,
            ExprKind::Port(_) => Type::Port,
            ExprKind::Ports(..) => Type::Ports,
            ExprKind::List(items) => self.list(items, want),
            ExprKind::Record(body) => {
                self.unless_skipped(expr, |it| it.record_literal(expr, body, want))
            }
            ExprKind::Name(name) => self.name(expr, name, want),
            ExprKind::SelfRecord => self.self_record(expr),
            ExprKind::Payload(head, body) => {
                self.unless_skipped(expr, |it| it.payload(expr, head, body, want))
            }
            ExprKind::Get(base, key) => self.get(expr, base, key),
            ExprKind::Call(callee, args) => self.call(expr, callee, None, args),
            ExprKind::Lambda(params, body) => self.lambda(expr, params, body, want),
            ExprKind::Pipe(value, function) => self.pipe(expr, value, function),
            ExprKind::If(condition, then, otherwise) => {
                self.choice(condition, then, otherwise, want)
            }
            ExprKind::Match(head, arms) => self.match_arms(expr, head, arms, want),
            ExprKind::Is(value, case) => self.is_case(expr, value, case),
            ExprKind::Has(base, key) => self.has(expr, base, key),
            ExprKind::Binary(op, span, a, b) => self.binary(expr, *op, *span, a, b, want),
            ExprKind::Not(inner) => {
                self.condition(inner);
                Type::Bool
            }
            ExprKind::Negate(inner) => self.negate(expr, inner, want),
            ExprKind::With(base, body) => self.unless_skipped(expr, |it| it.with(expr, base, body)),
            ExprKind::Nix(template) => self.nix(expr, template),
            ExprKind::Unset => {
                let diagnostic = Diagnostic::error(
                    types::UNSET,
                    expr.span,
                    "`unset` stands alone, to the right of `=`, for an optional field",
                );
                self.wrong(expr, diagnostic)
            }
            ExprKind::Error => {
                self.set_broken(expr.id);
                Type::Unknown
            }
        }
    }

    /// Checks a value that is said as a whole: with a part that means nothing, it is unknown.
    fn unless_skipped(&mut self, expr: &Expr, inside: impl FnOnce(&mut Self) -> Type) -> Type {
        let before = self.skipped.len();
        let found = inside(self);
        if self.skipped.len() > before {
            self.set_broken(expr.id);
        }
        found
    }

    /// An expression that must be a bool.
    pub(super) fn condition(&mut self, expr: &Expr) {
        let outer = self.cx.wanted_by.take();
        self.expr(expr, Some(&Type::Bool));
        self.cx.wanted_by = outer;
    }

    fn self_record(&mut self, expr: &Expr) -> Type {
        if let Some(this) = &self.cx.this {
            return this.ty.clone();
        }
        let diagnostic = Diagnostic::error(
            names::NO_SELF,
            expr.span,
            "`self` is the record around, and here is none",
        );
        self.wrong(expr, diagnostic)
    }

    fn choice(
        &mut self,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
        want: Option<&Type>,
    ) -> Type {
        self.condition(condition);
        let then = self.scoped(|checker| {
            checker.learn(condition, true);
            checker.expr(then, want)
        });
        let otherwise = self.scoped(|checker| {
            checker.learn(condition, false);
            match want {
                Some(want) => checker.expr(otherwise, Some(want)),
                None => checker.hinted(otherwise, Some(&then)),
            }
        });
        self.env.join(&then, &otherwise)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone are written as lists")]
    fn list(&mut self, items: &[ListItem], want: Option<&Type>) -> Type {
        let candidates = want.map(|want| self.env.candidates(want)).unwrap_or_default();
        let wanted = candidates.iter().find_map(|candidate| match candidate {
            Type::List(element) => Some((element, false)),
            Type::Set(element) => Some((element, true)),
            _ => None,
        });
        let free = candidates.iter().find(|it| matches!(it, Type::Data | Type::Module));
        let element = wanted.map(|(element, _)| &**element).or(free);
        let mut all = Type::Never;
        for ListItem { clauses, value } in items {
            let found = self.scoped(|checker| {
                for clause in clauses {
                    checker.clause(clause);
                }
                checker.expr(value, element)
            });
            all = self.env.join(&all, &found);
        }
        // Each element was held against the wanted type; an unknown one says nothing more.
        let element = match element {
            Some(element) if *element != Type::Unknown => element.clone(),
            _ => all,
        };
        match wanted {
            Some((_, true)) => Type::Set(Arc::new(element)),
            _ => Type::List(Arc::new(element)),
        }
    }

    fn clause(&mut self, clause: &Clause) {
        match clause {
            Clause::For(binders, iter) => {
                let iter_type = self.iterated(iter);
                self.bind_elements(binders, iter, &iter_type);
            }
            Clause::If(condition) => {
                self.condition(condition);
                self.learn(condition, true);
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "functions alone are written as lambdas")]
    fn lambda(&mut self, expr: &Expr, params: &[Param], body: &Expr, want: Option<&Type>) -> Type {
        let wanted = want.map(|want| self.env.candidates(want)).unwrap_or_default();
        let wanted = wanted.into_iter().find_map(|candidate| match candidate {
            Type::Fn(params, result) => Some((params, result)),
            _ => None,
        });
        let Some((wanted_params, wanted_result)) = wanted else {
            let diagnostic = Diagnostic::error(
                types::LAMBDA,
                expr.span,
                "nothing says what type this function's parameters have",
            )
            .help("declare it with types: `fn name(x: T) -> U = …`");
            return self.wrong(expr, diagnostic);
        };
        if wanted_params.len() != params.len() {
            let diagnostic = Diagnostic::error(
                types::MISMATCH,
                expr.span,
                format!(
                    "a function of {} is wanted, and this one has {}",
                    plural(wanted_params.len(), "parameter"),
                    params.len()
                ),
            );
            return self.wrong(expr, diagnostic);
        }
        let outer = self.cx.wanted_by.take();
        let result = self.scoped(|checker| {
            for (param, ty) in params.iter().zip(wanted_params.iter()) {
                let ty = param
                    .ty
                    .as_ref()
                    .and_then(|ty| checker.annotations.get(&ty.span))
                    .unwrap_or(ty);
                checker.bind(&param.name.text, ty.clone());
            }
            checker.expr(body, Some(&wanted_result))
        });
        self.cx.wanted_by = outer;
        Type::Fn(wanted_params, Arc::new(result))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no record is refused")]
    fn with(&mut self, expr: &Expr, base: &Expr, body: &Arc<crate::ast::Body>) -> Type {
        let outer = self.cx.wanted_by.take();
        let found = self.expr(base, None);
        let base_type = self.there(base, &found).clone();
        let result = match base_type.base() {
            Type::Unknown => {
                self.unknown_body(body);
                Type::Unknown
            }
            Type::Optional(_) | Type::Where(..) => Type::Unknown,
            _ if matches!(base_type, Type::Optional(_)) => {
                self.unknown_body(body);
                let diagnostic = self.absent(base, "and only what is there can be copied");
                self.wrong(expr, diagnostic)
            }
            Type::Record(id) | Type::Ref(id) => {
                self.copy_body(*id, body);
                Type::Record(*id)
            }
            Type::Map(element) => {
                self.map_literal(body, element);
                Type::Map(Arc::clone(element))
            }
            Type::Anonymous(fields) => {
                let mut fields = (**fields).clone();
                match self.anonymous(body) {
                    Type::Anonymous(new) => {
                        fields.extend(new.iter().map(|(name, ty)| (Arc::clone(name), ty.clone())));
                        Type::Anonymous(Arc::new(fields))
                    }
                    Type::Map(element) => {
                        let all = self.env.join(&element, &self.env.join_all(fields.values()));
                        Type::Map(Arc::new(all))
                    }
                    other => other,
                }
            }
            // Whether it is a record is seen when it is evaluated.
            Type::Data => {
                self.free_literal(body, &Type::Data);
                Type::Data
            }
            other => {
                let message = format!("`with` copies records, and this is {}", self.env.a(other));
                self.unknown_body(body);
                self.wrong(expr, Diagnostic::error(types::NO_FIELDS, base.span, message))
            }
        };
        self.cx.wanted_by = outer;
        result
    }

    /// What `Enum` means before `.variant`, where the name is nothing else; a module's too.
    #[expect(clippy::wildcard_enum_match_arm, reason = "an enum is named, or named in a module")]
    pub(super) fn enum_named(&mut self, expr: &Expr) -> Option<super::types::EnumId> {
        let global = match &expr.kind {
            ExprKind::Name(name) => self.global(&name.text),
            ExprKind::Get(base, key) => {
                let module = self.module_named(base, key)?;
                self.scopes.public(self.env.declarations, module, &key.literal()?)
            }
            _ => None,
        };
        // A name may stand for an enum.
        let global = match global {
            Some(Global::Type(id)) => match self.env.declarations.type_name(id).ty {
                Type::Enum(id) => Some(Global::Enum(id)),
                _ => None,
            },
            other => other,
        };
        match global {
            Some(Global::Enum(id)) => {
                self.resolve(expr.id, Resolution::Enum(id));
                self.set_type(expr.id, &Type::Enum(id));
                Some(id)
            }
            Some(
                Global::Let(_)
                | Global::Function(_)
                | Global::Schema(_)
                | Global::Type(_)
                | Global::Module(_),
            )
            | None => None,
        }
    }
}

/// "1 parameter", "2 parameters".
pub(super) fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
