//! The one walk over the tree. Override a method to look at a node; call `walk_…` to go on into its children.

use super::{
    Arg, Block, Body, Case, Clause, EnumDecl, Expr, ExprKind, Field, FieldDecl, FnDecl, ForItem,
    IfItem, ImportDecl, Item, ItemKind, Key, LetDecl, ListItem, MatchArm, Param, Pattern,
    SchemaDecl, Template, TemplatePart, TypeDecl, TypeExpr, TypeKind,
};

/// What to do at each node. Every method walks on by default.
pub trait Visit<'a> {
    fn visit_body(&mut self, body: &'a Body) {
        walk_body(self, body);
    }

    fn visit_item(&mut self, item: &'a Item) {
        walk_item(self, item);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        walk_expr(self, expr);
    }

    fn visit_type(&mut self, ty: &'a TypeExpr) {
        walk_type(self, ty);
    }
}

/// Visits the items of a body.
pub fn walk_body<'a>(visitor: &mut (impl Visit<'a> + ?Sized), body: &'a Body) {
    for item in &body.items {
        visitor.visit_item(item);
    }
}

/// Visits what stands in an item.
pub fn walk_item<'a>(visitor: &mut (impl Visit<'a> + ?Sized), item: &'a Item) {
    match &item.kind {
        ItemKind::Field(Field { mark: _, path, value }) => {
            path.iter().for_each(|key| walk_key(visitor, key));
            visitor.visit_expr(value);
        }
        ItemKind::Block(Block { mark: _, path, label, condition, body }) => {
            path.iter().chain(label).for_each(|key| walk_key(visitor, key));
            condition.iter().for_each(|it| visitor.visit_expr(it));
            visitor.visit_body(body);
        }
        ItemKind::For(ForItem { binders: _, iter, condition, body }) => {
            visitor.visit_expr(iter);
            condition.iter().for_each(|it| visitor.visit_expr(it));
            visitor.visit_body(body);
        }
        ItemKind::If(IfItem { condition, then, otherwise }) => {
            visitor.visit_expr(condition);
            visitor.visit_body(then);
            otherwise.iter().for_each(|body| visitor.visit_body(body));
        }
        ItemKind::Let(LetDecl { public: _, name: _, ty, value }) => {
            ty.iter().for_each(|ty| visitor.visit_type(ty));
            visitor.visit_expr(value);
        }
        ItemKind::Fn(FnDecl { public: _, name: _, params, result, body }) => {
            walk_params(visitor, params);
            result.iter().for_each(|ty| visitor.visit_type(ty));
            body.iter().for_each(|body| visitor.visit_expr(body));
        }
        ItemKind::Schema(SchemaDecl { fields, .. }) => walk_fields(visitor, fields),
        ItemKind::Type(TypeDecl { public: _, name: _, ty }) => visitor.visit_type(ty),
        ItemKind::Enum(EnumDecl { public: _, name: _, variants }) => {
            for variant in variants {
                variant.payload.iter().for_each(|fields| walk_fields(visitor, fields));
            }
        }
        ItemKind::Import(ImportDecl { data, .. }) => {
            let ty = data.as_ref().and_then(|data| data.ty.as_ref());
            ty.into_iter().for_each(|ty| visitor.visit_type(ty));
        }
        ItemKind::Error => {}
    }
}

/// Visits the children of an expression.
pub fn walk_expr<'a>(visitor: &mut (impl Visit<'a> + ?Sized), expr: &'a Expr) {
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
        ExprKind::Text(template) | ExprKind::Nix(template) => walk_template(visitor, template),
        ExprKind::List(items) => {
            for ListItem { clauses, value } in items {
                for clause in clauses {
                    match clause {
                        Clause::For(_, expr) | Clause::If(expr) => visitor.visit_expr(expr),
                    }
                }
                visitor.visit_expr(value);
            }
        }
        ExprKind::Record(body) => visitor.visit_body(body),
        ExprKind::Payload(head, body) | ExprKind::With(head, body) => {
            visitor.visit_expr(head);
            visitor.visit_body(body);
        }
        ExprKind::Get(base, key) | ExprKind::Has(base, key) => {
            visitor.visit_expr(base);
            walk_key(visitor, key);
        }
        ExprKind::Call(callee, args) => {
            visitor.visit_expr(callee);
            for Arg { name: _, value } in args {
                visitor.visit_expr(value);
            }
        }
        ExprKind::Lambda(params, body) => {
            walk_params(visitor, params);
            visitor.visit_expr(body);
        }
        ExprKind::Pipe(a, b) | ExprKind::Binary(_, _, a, b) => {
            visitor.visit_expr(a);
            visitor.visit_expr(b);
        }
        ExprKind::If(a, b, c) => [a, b, c].into_iter().for_each(|it| visitor.visit_expr(it)),
        ExprKind::Match(head, arms) => {
            visitor.visit_expr(head);
            for MatchArm { pattern, value, span: _ } in arms {
                match pattern {
                    Pattern::Case(case, _) => walk_case(visitor, case),
                    Pattern::Else(_) | Pattern::Error(_) => {}
                }
                visitor.visit_expr(value);
            }
        }
        ExprKind::Is(it, case) => {
            visitor.visit_expr(it);
            walk_case(visitor, case);
        }
        ExprKind::Not(it) | ExprKind::Negate(it) => visitor.visit_expr(it),
    }
}

fn walk_case<'a>(visitor: &mut (impl Visit<'a> + ?Sized), case: &'a Case) {
    match case {
        Case::Name(_) => {}
        Case::Type(ty) => visitor.visit_type(ty),
    }
}

/// Visits the children of a type.
pub fn walk_type<'a>(visitor: &mut (impl Visit<'a> + ?Sized), ty: &'a TypeExpr) {
    match &ty.kind {
        TypeKind::Name(_) | TypeKind::Ref(_) | TypeKind::Error => {}
        TypeKind::Optional(it) | TypeKind::List(it) | TypeKind::Set(it) | TypeKind::Map(it) => {
            visitor.visit_type(it);
        }
        TypeKind::Union(members) => members.iter().for_each(|it| visitor.visit_type(it)),
        TypeKind::Where(base, condition) => {
            visitor.visit_type(base);
            visitor.visit_expr(condition);
        }
        TypeKind::Fn(params, result) => {
            params.iter().for_each(|it| visitor.visit_type(it));
            visitor.visit_type(result);
        }
    }
}

fn walk_key<'a>(visitor: &mut (impl Visit<'a> + ?Sized), key: &'a Key) {
    match key {
        Key::Name(_) => {}
        Key::Text(template) => walk_template(visitor, template),
    }
}

fn walk_template<'a>(visitor: &mut (impl Visit<'a> + ?Sized), template: &'a Template) {
    for part in &template.parts {
        match part {
            TemplatePart::Text(..) => {}
            TemplatePart::Hole(expr) => visitor.visit_expr(expr),
        }
    }
}

fn walk_params<'a>(visitor: &mut (impl Visit<'a> + ?Sized), params: &'a [Param]) {
    for Param { name: _, ty, default } in params {
        ty.iter().for_each(|ty| visitor.visit_type(ty));
        default.iter().for_each(|it| visitor.visit_expr(it));
    }
}

fn walk_fields<'a>(visitor: &mut (impl Visit<'a> + ?Sized), fields: &'a [FieldDecl]) {
    for FieldDecl { doc: _, name: _, ty, default, span: _ } in fields {
        visitor.visit_type(ty);
        default.iter().for_each(|it| visitor.visit_expr(it));
    }
}
