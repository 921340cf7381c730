//! An environment of `qg.toml`: what it says of the fleet, as the items that say the same in a source.

use std::sync::Arc;

use super::shape::{Shaper, field};
use super::{Datum, DatumKind, Format};
use crate::ast::{Block, Body, ExprKind, Item, ItemKind, Key, Mark, Name};
use crate::check::types::Type;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;
use crate::source::SourceFile;
use crate::span::Span;

/// The items that `[environments.NAME]` stands for: `fleet { … }`, and `extend host x { enabled = … }` for each host
/// that is switched.
pub(crate) fn settings(shaper: &mut Shaper<'_>, source: &SourceFile, name: &str) -> Vec<Item> {
    let (top, found) = super::read(Format::Toml, source);
    shaper.found.extend(found);
    let chosen = get(&top, "environments").and_then(|(_, all)| get(all, name));
    let Some((_, chosen)) = chosen else { return Vec::new() };
    let mut items = Vec::new();
    if let Some((key, fleet)) = get(chosen, "fleet") {
        items.extend(of_fleet(shaper, key, fleet));
    }
    if let Some((_, hosts)) = get(chosen, "hosts")
        && let DatumKind::Record(hosts) = &hosts.kind
    {
        items.extend(hosts.iter().filter_map(|(name, on)| host(shaper, name, on)));
    }
    items
}

fn get<'d>(datum: &'d Datum, wanted: &str) -> Option<(&'d Name, &'d Datum)> {
    let DatumKind::Record(fields) = &datum.kind else { return None };
    fields.iter().find(|(name, _)| &*name.text == wanted).map(|(name, value)| (name, value))
}

/// `fleet { domain = "staging.example.org" }`
fn of_fleet(shaper: &mut Shaper<'_>, key: &Name, fleet: &Datum) -> Option<Item> {
    let DatumKind::Record(fields) = &fleet.kind else { return None };
    let ty = shaper.env.model_field("fleet").map(|field| field.ty.clone())?;
    let Type::Record(schema) = ty.base() else { return None };
    let schema = *schema;
    let span = fields.last().map_or(key.span, |(_, last)| key.span.to(last.span));
    let body = shaper.body(fields, span, |shaper, name| {
        shaper.env.field_type(schema, name).unwrap_or(Type::Unknown)
    });
    Some(block(None, &["fleet"], None, body, key.span))
}

/// `extend host backup { enabled = false }`
fn host(shaper: &mut Shaper<'_>, name: &Name, on: &Datum) -> Option<Item> {
    let DatumKind::Bool(is_on) = on.kind else {
        let message = format!("`{}` is switched on or off: `true` or `false`", name.text);
        shaper.found.push(Diagnostic::error(names::DATA_VALUE, on.span, message));
        return None;
    };
    let value = shaper.node(ExprKind::Bool(is_on), on.span);
    let enabled = Name { text: "enabled".into(), span: name.span };
    let body = Arc::new(Body { items: vec![field(&enabled, value)], span: on.span });
    Some(block(Some(Mark::Extend), &["host"], Some(name), body, name.span))
}

fn block(
    mark: Option<Mark>,
    path: &[&str],
    label: Option<&Name>,
    body: Arc<Body>,
    span: Span,
) -> Item {
    let key = |text: &&str| Key::Name(Name { text: (*text).into(), span });
    let block = Block {
        mark: mark.map(|mark| (mark, span)),
        path: path.iter().map(key).collect(),
        label: label.cloned().map(Key::Name),
        condition: None,
        body,
    };
    Item { kind: ItemKind::Block(block), span, doc: None }
}
