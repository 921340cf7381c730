//! `let`, `fn`, `schema`, `enum`, `import`, with `pub` before them.

use chumsky::prelude::{IterParser as _, Parser as _, any};

use crate::ast::{
    DataFile, EnumDecl, FieldDecl, FnDecl, ImportDecl, ImportName, ItemKind, LetDecl, Name, Param,
    SchemaDecl, TypeDecl, TypeExpr, TypeKind, VariantDecl,
};
use crate::lexer::{Token, TokenKind};

use super::block::value;
use super::collection::elements;
use super::expr::{expr, recovered};
use super::fault::Expected;
use super::input::{Input, Look as _, Res, name, separates, tok};
use super::{hints, types};

/// Whether a declaration begins here with a word that elsewhere is a name or a mark:
/// `sealed schema`, `extend schema`, `type Name =`.
pub(super) fn begins(inp: &mut Input<'_, '_>) -> bool {
    let schema = inp.kind_ahead(1) == TokenKind::Schema
        && (inp.at(TokenKind::Extend) || inp.at_word("sealed"));
    schema || names_type(inp)
}

/// `type Name =`: nothing else looks like that, so that `type` stays a name everywhere else.
fn names_type(inp: &mut Input<'_, '_>) -> bool {
    inp.at_word("type")
        && inp.kind_ahead(1) == TokenKind::Name
        && inp.kind_ahead(2) == TokenKind::Equals
}

pub(super) fn declaration(inp: &mut Input<'_, '_>) -> Res<ItemKind> {
    let public = inp.eat(TokenKind::Pub).is_some();
    let extend = inp.at(TokenKind::Extend) && inp.kind_ahead(1) == TokenKind::Schema;
    let sealed = inp.at_word("sealed") && inp.kind_ahead(1) == TokenKind::Schema;
    if extend || sealed {
        inp.bump();
    }
    let kind = inp.kind();
    if kind == TokenKind::Schema {
        schema(inp, public, extend, sealed)
    } else if kind == TokenKind::Let {
        let_decl(inp, public)
    } else if kind == TokenKind::Fn {
        fn_decl(inp, public)
    } else if kind == TokenKind::Enum {
        enum_decl(inp, public)
    } else if names_type(inp) {
        type_decl(inp, public)
    } else if kind == TokenKind::Import && !public {
        import(inp)
    } else {
        Err(hints::after_pub(inp))
    }
}

/// `type Semver = string where …`
fn type_decl(inp: &mut Input<'_, '_>, public: bool) -> Res<ItemKind> {
    inp.bump();
    let name = inp.parse(name())?;
    inp.expect(TokenKind::Equals)?;
    Ok(ItemKind::Type(TypeDecl { public, name, ty: types::recovered(inp) }))
}

/// `let x: T = e`
fn let_decl(inp: &mut Input<'_, '_>, public: bool) -> Res<ItemKind> {
    let name = inp.parse(tok(TokenKind::Let).ignore_then(name()))?;
    hints::word_as_name(inp, &name);
    let ty = inp.eat(TokenKind::Colon).map(|_| types::recovered(inp));
    if inp.at(TokenKind::EqualEqual) {
        hints::not_equals(inp);
        inp.bump();
    } else {
        inp.expect(TokenKind::Equals)?;
    }
    Ok(ItemKind::Let(LetDecl { public, name, ty, value: value(inp) }))
}

/// `fn f(a: T, b: T = d) -> T = e`
fn fn_decl(inp: &mut Input<'_, '_>, public: bool) -> Res<ItemKind> {
    let name = inp.parse(tok(TokenKind::Fn).ignore_then(name()))?;
    if !inp.at(TokenKind::ParenOpen) {
        return Err(inp.fault(Expected::mark(TokenKind::ParenOpen)));
    }
    let params = elements(inp, Expected::mark(TokenKind::Comma), param, |inp, first, span| {
        let name = name_at(inp, first)?;
        let ty = Some(TypeExpr { kind: TypeKind::Error, span });
        Some(Param { name, ty, default: None })
    });
    let mut before_result = TokenKind::Arrow;
    if inp.at(TokenKind::Colon) {
        hints::colon_before_result(inp);
        before_result = TokenKind::Colon;
    }
    let result = inp.eat(before_result).map(|_| types::recovered(inp));
    if inp.at(TokenKind::BraceOpen) || inp.at(TokenKind::FatArrow) {
        return Err(hints::fn_body(inp));
    }
    let body = inp.eat(TokenKind::Equals).map(|_| value(inp));
    Ok(ItemKind::Fn(FnDecl { public, name, params, result, body }))
}

fn param(inp: &mut Input<'_, '_>) -> Res<Param> {
    let name = inp.parse(name())?;
    inp.expect(TokenKind::Colon)?;
    let ty = Some(types::recovered(inp));
    let default = default(inp);
    Ok(Param { name, ty, default })
}

/// `= e`, up to the end of the field or parameter.
fn default(inp: &mut Input<'_, '_>) -> Option<std::sync::Arc<crate::ast::Expr>> {
    inp.eat(TokenKind::Equals)?;
    Some(recovered(inp, separates, Expected::LINE_END.or(Expected::mark(TokenKind::Comma)), expr))
}

/// A name, or a word of the language that is one here.
fn any_word(inp: &mut Input<'_, '_>) -> Res<Name> {
    let token = inp.token();
    if !token.kind.is_word() {
        return Err(inp.fault(Expected::NAME));
    }
    inp.bump();
    Ok(inp.name_of(token))
}

/// The word at an index, to keep what has a mistake under its name.
fn name_at(inp: &mut Input<'_, '_>, index: usize) -> Option<Name> {
    let token = inp.state().token(index);
    token.kind.is_word().then(|| inp.name_of(token))
}

/// `schema Port from inside { … }`
fn schema(inp: &mut Input<'_, '_>, public: bool, extend: bool, sealed: bool) -> Res<ItemKind> {
    inp.expect(TokenKind::Schema)?;
    // What is added to may be another file's.
    let name = if extend { types::named(inp)? } else { inp.parse(name())? };
    let from = if inp.at_word("from") {
        inp.bump();
        Some(any_word(inp)?)
    } else {
        None
    };
    hints::open_brace(inp)?;
    let fields = fields(inp);
    Ok(ItemKind::Schema(SchemaDecl { public, extend, sealed, name, from, fields }))
}

/// `{ name: T = default, … }`
fn fields(inp: &mut Input<'_, '_>) -> Vec<FieldDecl> {
    let expected = Expected::LINE_END.or(Expected::mark(TokenKind::Comma));
    elements(inp, expected, field, |inp, first, span| {
        let name = name_at(inp, first)?;
        let ty = TypeExpr { kind: TypeKind::Error, span };
        Some(FieldDecl { doc: None, name, ty, default: None, span })
    })
}

fn field(inp: &mut Input<'_, '_>) -> Res<FieldDecl> {
    let first = inp.index();
    let token = inp.token();
    let doc = inp.state().doc(token);
    if !token.kind.is_word() {
        let fault = inp.fault(Expected::KEY);
        return Err(hints::no_field(inp).unwrap_or(fault));
    }
    let name = any_word(inp)?;
    if inp.eat(TokenKind::Colon).is_none() {
        return Err(hints::field_without_type(inp));
    }
    let ty = types::recovered(inp);
    let default = default(inp);
    Ok(FieldDecl { doc, name, ty, default, span: inp.since(first) })
}

/// `enum Login { none, sso { factor: Factor = two } }`
fn enum_decl(inp: &mut Input<'_, '_>, public: bool) -> Res<ItemKind> {
    let name = inp.parse(tok(TokenKind::Enum).ignore_then(name()))?;
    hints::open_brace(inp)?;
    let expected = Expected::LINE_END.or(Expected::mark(TokenKind::Comma));
    let variants = elements(inp, expected, variant, |inp, first, _| {
        let name = name_at(inp, first)?;
        Some(VariantDecl { doc: None, name, payload: None })
    });
    Ok(ItemKind::Enum(EnumDecl { public, name, variants }))
}

fn variant(inp: &mut Input<'_, '_>) -> Res<VariantDecl> {
    let token = inp.token();
    let doc = inp.state().doc(token);
    let name = inp.parse(name())?;
    hints::word_as_name(inp, &name);
    let payload = inp.at(TokenKind::BraceOpen).then(|| fields(inp));
    Ok(VariantDecl { doc, name, payload })
}

/// `import std.images.linuxserver as images`, `import std.images.{linuxserver}`
fn import(inp: &mut Input<'_, '_>) -> Res<ItemKind> {
    inp.bump();
    if inp.at(TokenKind::File) {
        return data(inp);
    }
    if let Some(fault) = hints::import_path(inp) {
        return Err(fault);
    }
    let path =
        inp.parse(name().separated_by(tok(TokenKind::Dot)).at_least(1).collect::<Vec<_>>())?;
    if inp.eat(TokenKind::Dot).is_some() {
        if inp.at(TokenKind::BraceOpen) {
            let names = Some(import_names(inp)?);
            if inp.at_word("as") {
                return Err(hints::alias_of_many(inp));
            }
            return Ok(ItemKind::Import(ImportDecl { path, alias: None, names, data: None }));
        }
        return Err(hints::import_end(inp));
    }
    if let Some(fault) = hints::import_path(inp) {
        return Err(fault);
    }
    let alias = alias(inp)?;
    Ok(ItemKind::Import(ImportDecl { path, alias, names: None, data: None }))
}

/// `./machines.json as machines: {Machine}`; the file is next.
fn data(inp: &mut Input<'_, '_>) -> Res<ItemKind> {
    let token = inp.token();
    let (path, span) = (inp.text(token).into(), inp.here());
    if let Some(fault) = hints::source_as_data(inp) {
        return Err(fault);
    }
    inp.bump();
    let Some(name) = alias(inp)? else {
        return Err(hints::data_without_name(inp, span));
    };
    let ty = inp.eat(TokenKind::Colon).map(|_| types::recovered(inp));
    let data = Some(DataFile { path, span, ty });
    Ok(ItemKind::Import(ImportDecl { path: Vec::new(), alias: Some(name), names: None, data }))
}

/// `{linuxserver, hotio as h}`
fn import_names(inp: &mut Input<'_, '_>) -> Res<Vec<ImportName>> {
    let open = inp.index();
    let expected = Expected::mark(TokenKind::Comma);
    let one = |inp: &mut Input<'_, '_>| {
        let name = inp.parse(name())?;
        Ok(ImportName { name, alias: alias(inp)? })
    };
    let names = elements(inp, expected, one, |inp, first, _| {
        Some(ImportName { name: name_at(inp, first)?, alias: None })
    });
    let state = inp.state();
    if names.is_empty() && state.kind(open + 1).closes() {
        return Err(hints::nothing_imported(inp, open));
    }
    Ok(names)
}

/// `as name`, where it stands there.
fn alias(inp: &mut Input<'_, '_>) -> Res<Option<Name>> {
    let alias = any().filter(|token: &Token| token.kind == TokenKind::Name).ignore_then(name());
    if inp.at_word("as") { inp.parse(alias).map(Some) } else { Ok(None) }
}
