//! Down the items of a body.

use std::sync::Arc;

use qg_lang::ast::{
    Binders, Block, Body, Expr, Field, FieldDecl, FnDecl, ForItem, IfItem, ImportDecl, Item,
    ItemKind, Key, LetDecl, Mark, Param, TypeExpr, TypeKind,
};
use qg_lang::check::types::Type;

use super::{CursorPlace, Finder, KeySpot, Spot};

impl<'a> Finder<'a> {
    /// Looks into a body; what is between its items is the body itself.
    pub(super) fn body(&mut self, body: &'a Body, place: &CursorPlace) {
        if !self.holds(body.span) {
            return;
        }
        let locals = self.locals.len();
        self.around.push(place.clone());
        for item in &body.items {
            // Those at the top of a file are declarations, found by name.
            if let (ItemKind::Let(decl), true) = (&item.kind, self.around.len() > 1) {
                let ty = self.type_of(&decl.value);
                self.bind(&decl.name, ty);
            }
        }
        for item in &body.items {
            if self.holds(item.span) && self.found.is_none() {
                self.item(item, place);
            }
        }
        self.keep(Spot::Body);
        self.around.pop();
        self.locals.truncate(locals);
    }

    fn item(&mut self, item: &'a Item, place: &CursorPlace) {
        match &item.kind {
            ItemKind::Field(Field { mark: _, path, value }) => {
                let before = self.path.clone();
                let ty = self.keys(item, path, place);
                self.expr(value, ty.as_ref());
                self.path = before;
            }
            ItemKind::Block(block) => self.block(item, block, place),
            ItemKind::For(ForItem { binders, iter, condition, body }) => {
                self.expr(iter, None);
                let locals = self.locals.len();
                self.binders(binders, iter);
                condition.iter().for_each(|it| self.expr(it, Some(&Type::Bool)));
                self.body(body, place);
                self.locals.truncate(locals);
            }
            ItemKind::If(IfItem { condition, then, otherwise }) => {
                self.expr(condition, Some(&Type::Bool));
                self.body(then, place);
                otherwise.iter().for_each(|body| self.body(body, place));
            }
            ItemKind::Let(LetDecl { public: _, name, ty, value }) => {
                self.declared(name, item.doc.as_ref());
                ty.iter().for_each(|ty| self.written(ty));
                let wanted = ty.as_ref().and_then(|ty| self.analysis.annotations.get(&ty.span));
                self.expr(value, wanted);
            }
            ItemKind::Fn(decl) => self.function(item, decl),
            ItemKind::Schema(decl) => {
                self.declared(&decl.name, item.doc.as_ref());
                self.fields(&decl.fields);
            }
            ItemKind::Type(decl) => {
                self.declared(&decl.name, item.doc.as_ref());
                self.written(&decl.ty);
            }
            ItemKind::Enum(decl) => {
                self.declared(&decl.name, item.doc.as_ref());
                for variant in &decl.variants {
                    self.declared(&variant.name, variant.doc.as_ref());
                    variant.payload.iter().for_each(|fields| self.fields(fields));
                }
            }
            ItemKind::Import(ImportDecl { data: Some(data), alias, .. }) => {
                if self.holds(data.span) {
                    self.keep(Spot::Data(data));
                }
                alias.iter().for_each(|name| self.declared(name, item.doc.as_ref()));
                data.ty.iter().for_each(|ty| self.written(ty));
            }
            ItemKind::Import(decl) => {
                let names = decl.path.iter().chain(&decl.alias);
                for (index, name) in names.enumerate() {
                    if self.holds(name.span) {
                        self.keep(Spot::Import(decl, index));
                    }
                }
                for it in decl.names.iter().flatten() {
                    let name = std::iter::once(&it.name).chain(&it.alias);
                    name.for_each(|name| {
                        if self.holds(name.span) {
                            self.keep(Spot::ImportName(decl, it));
                        }
                    });
                }
            }
            ItemKind::Error => {}
        }
    }

    fn block(&mut self, item: &'a Item, block: &'a Block, place: &CursorPlace) {
        let Block { mark, path, label, condition, body } = block;
        let before = self.path.clone();
        let mut ty = self.keys(item, path, place);
        if let Some(label) = label {
            let inside =
                ty.as_ref().map_or(CursorPlace::Unknown, |ty| CursorPlace::inside(self.env, ty));
            ty = self.key(item, label, &inside, true, true);
        } else if mark.is_some_and(|(mark, _)| mark == Mark::Default) {
            // `default service { … }` speaks of each service.
            if let Some(CursorPlace::Map(element)) =
                ty.as_ref().map(|ty| CursorPlace::inside(self.env, ty))
                && matches!(element.base(), Type::Record(_))
            {
                ty = Some(element);
                self.path = None;
            }
        }
        condition.iter().for_each(|it| self.expr(it, Some(&Type::Bool)));
        let inside =
            ty.as_ref().map_or(CursorPlace::Unknown, |ty| CursorPlace::inside(self.env, ty));
        self.body(body, &inside);
        self.path = before;
    }

    /// Follows a path and gives the type of what it leads to.
    fn keys(&mut self, item: &'a Item, path: &'a [Key], place: &CursorPlace) -> Option<Type> {
        let mut ty = None;
        let mut place = place.clone();
        for (index, key) in path.iter().enumerate() {
            if index > 0 {
                let inside = ty.as_ref().map(|ty| CursorPlace::inside(self.env, ty));
                place = inside.unwrap_or(CursorPlace::Unknown);
            }
            ty = self.key(item, key, &place, false, index + 1 == path.len());
        }
        ty
    }

    fn key(
        &mut self,
        item: &'a Item,
        key: &'a Key,
        place: &CursorPlace,
        label: bool,
        last: bool,
    ) -> Option<Type> {
        let literal = key.literal();
        let (field, ty) = place.step(self.env, literal.as_deref());
        if self.holds(key.span()) {
            if let Key::Text(template) = key {
                self.template(template);
            }
            let place = place.clone();
            self.keep(Spot::Key(KeySpot { key, place, field, ty: ty.clone(), item, label, last }));
        }
        match (literal, &mut self.path) {
            (Some(literal), Some(path)) => path.push(literal),
            (None, path) => *path = None,
            (Some(_), None) => {}
        }
        ty
    }

    fn function(&mut self, item: &'a Item, decl: &'a FnDecl) {
        self.declared(&decl.name, item.doc.as_ref());
        let locals = self.locals.len();
        self.params(&decl.params);
        decl.result.iter().for_each(|ty| self.written(ty));
        let wanted = decl.result.as_ref().and_then(|ty| self.analysis.annotations.get(&ty.span));
        decl.body.iter().for_each(|body| self.expr(body, wanted));
        self.locals.truncate(locals);
    }

    pub(super) fn params(&mut self, params: &'a [Param]) {
        for Param { name, ty, default } in params {
            self.declared(name, None);
            ty.iter().for_each(|ty| self.written(ty));
            let wanted = ty.as_ref().and_then(|ty| self.analysis.annotations.get(&ty.span));
            default.iter().for_each(|it| self.expr(it, wanted));
            self.bind(name, wanted.cloned());
        }
    }

    fn fields(&mut self, fields: &'a [FieldDecl]) {
        for field in fields {
            self.declared(&field.name, field.doc.as_ref());
            self.written(&field.ty);
            let wanted = self.analysis.annotations.get(&field.ty.span);
            field.default.iter().for_each(|it| self.expr(it, wanted));
        }
    }

    /// Binds what a loop goes over.
    #[expect(clippy::wildcard_enum_match_arm, reason = "these alone can be gone over")]
    pub(super) fn binders(&mut self, binders: &'a Binders, iter: &'a Expr) {
        self.declared(&binders.first, None);
        binders.second.iter().for_each(|name| self.declared(name, None));
        let element = self.type_of(iter).and_then(|ty| match ty.base() {
            Type::List(element) | Type::Set(element) | Type::Map(element) => {
                Some((**element).clone())
            }
            _ => None,
        });
        match &binders.second {
            Some(second) => {
                self.bind(&binders.first, Some(Type::String));
                self.bind(second, element);
            }
            None => self.bind(&binders.first, element),
        }
    }

    /// Looks into a written type.
    pub(super) fn written(&mut self, ty: &'a TypeExpr) {
        if !self.holds(ty.span) {
            return;
        }
        match &ty.kind {
            TypeKind::Optional(inner)
            | TypeKind::List(inner)
            | TypeKind::Set(inner)
            | TypeKind::Map(inner) => self.written(inner),
            TypeKind::Union(members) => members.iter().for_each(|it| self.written(it)),
            TypeKind::Fn(params, result) => {
                params.iter().for_each(|it| self.written(it));
                self.written(result);
            }
            TypeKind::Where(base, condition) => {
                self.written(base);
                let it = Arc::from("it");
                let value = self.analysis.annotations.get(&base.span).cloned();
                self.locals.push(super::Local { name: it, span: base.span, value });
                self.expr(condition, Some(&Type::Bool));
                self.locals.pop();
            }
            TypeKind::Name(_) | TypeKind::Ref(_) | TypeKind::Error => {}
        }
        self.keep(Spot::Type(ty));
    }
}
