//! Down an expression, with the type that is wanted of it.

use qg_lang::ast::{
    Arg, BinaryOp, Body, Case, Clause, Expr, ExprKind, Key, ListItem, MatchArm, Pattern, Template,
    TemplatePart,
};
use qg_lang::check::types::{FunctionId, Resolution, Type};

use super::{CursorPlace, Finder, Spot};

impl<'a> Finder<'a> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a call takes one argument more")]
    pub(super) fn expr(&mut self, expr: &'a Expr, wanted: Option<&Type>) {
        if self.found.is_some() || !self.holds(expr.span) {
            return;
        }
        match &expr.kind {
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Duration(_)
            | ExprKind::Size(_)
            | ExprKind::Mode(_)
            | ExprKind::Path(_)
            | ExprKind::File(_)
            | ExprKind::Address(_)
            | ExprKind::Subnet(_)
            | ExprKind::Port(_)
            | ExprKind::Ports(..)
            | ExprKind::Name(_)
            | ExprKind::SelfRecord
            | ExprKind::Unset
            | ExprKind::Error => {}
            ExprKind::Text(template) | ExprKind::Nix(template) => self.template(template),
            ExprKind::List(items) => self.list(items, wanted),
            ExprKind::Record(body) => self.record(body, wanted),
            ExprKind::Payload(head, body) => {
                self.expr(head, wanted);
                let place = self.payload(head, wanted);
                self.loose(body, &place);
            }
            ExprKind::With(head, body) => {
                self.expr(head, wanted);
                let place = match self.type_of(head).as_ref().map(Type::base) {
                    Some(Type::Record(id) | Type::Ref(id)) => CursorPlace::Schema(*id),
                    Some(other) => CursorPlace::inside(self.env, other),
                    None => CursorPlace::Unknown,
                };
                self.loose(body, &place);
            }
            ExprKind::Get(base, key) => {
                self.expr(base, None);
                self.member(expr, Some(base), key, wanted);
            }
            ExprKind::Has(base, key) => {
                self.expr(base, None);
                // `has b` alone reads `self`, whose place is that of the key.
                let base = (!base.span.contains(key.span().start)).then_some(&**base);
                self.member(expr, base, key, None);
            }
            ExprKind::Call(callee, args) => {
                self.expr(callee, None);
                self.args(callee, args, 0);
            }
            ExprKind::Pipe(first, second) => {
                self.expr(first, None);
                match &second.kind {
                    ExprKind::Call(callee, args) => {
                        self.expr(callee, None);
                        self.args(callee, args, 1);
                    }
                    _ => self.expr(second, None),
                }
            }
            ExprKind::Lambda(params, body) => {
                let locals = self.locals.len();
                self.params(params);
                self.expr(body, None);
                self.locals.truncate(locals);
            }
            ExprKind::If(condition, then, otherwise) => {
                self.expr(condition, Some(&Type::Bool));
                self.expr(then, wanted);
                self.expr(otherwise, wanted);
            }
            ExprKind::Match(head, arms) => {
                self.expr(head, None);
                arms.iter().for_each(|arm| self.arm(head, arm, wanted));
            }
            ExprKind::Is(subject, case) => {
                self.expr(subject, None);
                self.case(case, self.type_of(subject).as_ref());
            }
            ExprKind::Binary(op, _, left, right) => self.binary(*op, left, right, wanted),
            ExprKind::Not(inner) => self.expr(inner, Some(&Type::Bool)),
            ExprKind::Negate(inner) => self.expr(inner, wanted),
        }
        self.keep(Spot::Expr(expr, wanted.cloned()));
    }

    pub(super) fn template(&mut self, template: &'a Template) {
        for part in &template.parts {
            if let TemplatePart::Hole(hole) = part {
                self.expr(hole, None);
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone are written as lists")]
    fn list(&mut self, items: &'a [ListItem], wanted: Option<&Type>) {
        let element = wanted.and_then(|ty| {
            let candidates = self.env.candidates(ty);
            candidates.iter().find_map(|candidate| match candidate {
                Type::List(element) | Type::Set(element) => Some((**element).clone()),
                _ => None,
            })
        });
        for ListItem { clauses, value } in items {
            let locals = self.locals.len();
            for clause in clauses {
                match clause {
                    Clause::For(binders, iter) => {
                        self.expr(iter, None);
                        self.binders(binders, iter);
                    }
                    Clause::If(condition) => self.expr(condition, Some(&Type::Bool)),
                }
            }
            self.expr(value, element.as_ref());
            self.locals.truncate(locals);
        }
    }

    fn record(&mut self, body: &'a Body, wanted: Option<&Type>) {
        let place = wanted.map_or(CursorPlace::Unknown, |ty| CursorPlace::inside(self.env, ty));
        // Where a record or a map is wanted, the literal is part of the model.
        match place {
            CursorPlace::Schema(_) | CursorPlace::Map(_) => self.body(body, &place),
            CursorPlace::Free(_) | CursorPlace::Unknown => self.loose(body, &place),
        }
    }

    /// A body that has no place of its own in the model.
    fn loose(&mut self, body: &'a Body, place: &CursorPlace) {
        let path = self.path.take();
        self.body(body, place);
        self.path = path;
    }

    /// What the braces behind a variant set.
    #[expect(clippy::wildcard_enum_match_arm, reason = "enums alone have variants")]
    fn payload(&self, head: &Expr, wanted: Option<&Type>) -> CursorPlace {
        let enums = &self.env.declarations.enums;
        let resolved =
            self.types.and_then(|types| types.resolutions.get(head.id.0 as usize)?.clone());
        let schema = match (resolved, &head.kind) {
            (Some(Resolution::Variant(id, index)), _) => {
                let found = enums.get(id.0 as usize).and_then(|it| it.variants.get(index as usize));
                found.and_then(|variant| variant.payload)
            }
            (_, ExprKind::Name(name)) => wanted.and_then(|ty| {
                self.env.candidates(ty).iter().find_map(|candidate| match candidate {
                    Type::Enum(id) => {
                        self.env.declarations.enumeration(*id).variant(&name.text)?.1.payload
                    }
                    _ => None,
                })
            }),
            _ => None,
        };
        schema.map_or(CursorPlace::Unknown, CursorPlace::Schema)
    }

    fn member(
        &mut self,
        whole: &'a Expr,
        base: Option<&'a Expr>,
        key: &'a Key,
        wanted: Option<&Type>,
    ) {
        if self.found.is_some() || !self.holds(key.span()) {
            return;
        }
        if let Key::Text(template) = key {
            self.template(template);
        }
        // `Exposure.private` is a variant, not a field.
        let variant = self
            .types
            .and_then(|types| types.resolutions.get(whole.id.0 as usize)?.as_ref())
            .is_some();
        match variant {
            true => self.keep(Spot::Expr(whole, wanted.cloned())),
            false => self.keep(Spot::Member { base, key }),
        }
    }

    fn args(&mut self, callee: &'a Expr, args: &'a [Arg], given: usize) {
        let resolved =
            self.types.and_then(|types| types.resolutions.get(callee.id.0 as usize)?.clone());
        let function = match resolved {
            Some(Resolution::Function(id)) => Some(id),
            _ => None,
        };
        for (index, Arg { name, value }) in args.iter().enumerate() {
            if let (Some(name), Some(function)) = (name, function)
                && self.holds(name.span)
            {
                self.keep(Spot::Argument(function, name));
            }
            let wanted = function.and_then(|id| {
                self.parameter(id, name.as_ref().map(|it| &*it.text), index + given)
            });
            self.expr(value, wanted.as_ref());
        }
    }

    fn parameter(&self, function: FunctionId, name: Option<&str>, index: usize) -> Option<Type> {
        let params = &self.env.declarations.function(function).params;
        let param = match name {
            Some(name) => params.iter().find(|param| &*param.name == name),
            None => params.get(index),
        };
        param.map(|param| param.ty.clone())
    }

    fn arm(&mut self, head: &'a Expr, arm: &'a MatchArm, wanted: Option<&Type>) {
        let MatchArm { pattern, value, span: _ } = arm;
        let locals = self.locals.len();
        if let Pattern::Case(case, binder) = pattern {
            let subject = self.type_of(head);
            self.case(case, subject.as_ref());
            if let Some(binder) = binder {
                self.declared(binder, None);
                self.bind(binder, subject.and_then(|ty| self.bound(case, &ty)));
            }
        }
        self.expr(value, wanted);
        self.locals.truncate(locals);
    }

    /// A variant or a member of a union, behind `is` or in an arm.
    fn case(&mut self, case: &'a Case, subject: Option<&Type>) {
        match case {
            Case::Name(name) => {
                if self.holds(name.span) {
                    self.keep(Spot::Variant(name, subject.cloned()));
                }
            }
            Case::Type(ty) => self.written(ty),
        }
    }

    /// What the name in an arm has as a type: that of the member, or of the variant's payload.
    fn bound(&self, case: &Case, subject: &Type) -> Option<Type> {
        let member = self.types.and_then(|types| types.members.get(&case.span()));
        if let Some(member) = member {
            return Some(member.clone());
        }
        let Case::Name(name) = case else { return None };
        self.env.candidates(subject).iter().find_map(|candidate| {
            let Type::Enum(id) = candidate else { return None };
            let (_, variant) = self.env.declarations.enumeration(*id).variant(&name.text)?;
            variant.payload.map(Type::Record)
        })
    }

    fn binary(&mut self, op: BinaryOp, left: &'a Expr, right: &'a Expr, wanted: Option<&Type>) {
        match op {
            BinaryOp::Else | BinaryOp::Add => {
                self.expr(left, wanted);
                self.expr(right, wanted);
            }
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual => {
                let (of_left, of_right) = (self.type_of(left), self.type_of(right));
                self.expr(left, of_right.as_ref());
                self.expr(right, of_left.as_ref());
            }
            BinaryOp::In => {
                self.expr(left, None);
                self.expr(right, None);
            }
            BinaryOp::Or | BinaryOp::And => {
                self.expr(left, Some(&Type::Bool));
                self.expr(right, Some(&Type::Bool));
            }
            BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Join => {
                self.expr(left, None);
                self.expr(right, None);
            }
        }
    }
}
