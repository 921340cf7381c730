//! What a service says of the options of its module, as far as it can be read without asking for what the service is:
//! literals, names for them, and paths and texts that are made of such.

use std::sync::Arc;

use qg_lang::ast::{BinaryOp, Expr, ExprKind, Key, Template, TemplatePart};
use qg_lang::check::types::Resolution;
use qg_lang::span::Span;

use super::find;
use super::own::of_fleet;
use super::table::{Followed, Known};
use crate::Evaluator;
use crate::builtins::way::way;
use crate::index::keys;
use crate::ladder::says_unset;
use crate::state::{Ctx, Definition, Progress, ScopeBinding, What};
use crate::value::{NodeId, Val, Value};

/// What is said of an option.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    Nothing,
    Value(Val),
    /// A port of the service itself.
    Own,
    /// Something that is not known before the service is.
    Unclear,
}

/// The module that runs a service, and where the service names it.
pub(super) struct Runs {
    pub known: Known,
    pub span: Span,
    service: NodeId,
    /// The parts of its option.
    way: Vec<String>,
    /// What is said under `native`, with the ways of its keys.
    native: Vec<(Vec<String>, Definition)>,
}

impl Evaluator<'_> {
    /// The module that runs a service, as far as one is known: the one that is called like it, else the first. None for
    /// a container, for what only sets options of a module, and for what no host has.
    pub(super) fn module_of(&mut self, service: NodeId) -> Option<Runs> {
        let native = Self::node_of(&self.field(service, "native"))?;
        let names = self.map_names(native)?;
        if names.is_empty() || !matches!(self.field(service, "container").value, Value::Absent) {
            return None;
        }
        let own =
            names.iter().find(|it| it.rsplit('.').next() == Some(&*self.key_of_node(service)));
        let option = match own {
            Some(own) => Arc::clone(own),
            None => names.iter().find(|it| self.is_known(it)).map(Arc::clone)?,
        };
        let known = self.known(&option)?;
        if known.module.session || !matches!(self.field(service, "on").value, Value::Ref(_)) {
            return None;
        }
        let native = self.said_native(service);
        let way = way(&option);
        let span = native.iter().find(|(key, _)| *key == way).map(|(_, it)| it.span)?;
        let runs = Runs { known, span, service, way, native };
        let off = match self.option(&runs, "enable") {
            Said::Value(val) => val.value.truth() == Some(false),
            Said::Nothing | Said::Own | Said::Unclear => false,
        };
        (!off).then_some(runs)
    }

    fn key_of_node(&self, node: NodeId) -> Arc<str> {
        Arc::clone(&self.state.node(node).key)
    }

    fn is_known(&mut self, option: &str) -> bool {
        self.known(option).is_some()
    }

    /// What is known of a module: by the fleet's own word, else by the table.
    pub(super) fn known(&mut self, option: &str) -> Option<Known> {
        of_fleet(self, option).or_else(|| find(option))
    }

    /// What stands under `native`, each with the way that its key leads.
    fn said_native(&mut self, service: NodeId) -> Vec<(Vec<String>, Definition)> {
        let mut all = Vec::new();
        for definition in self.definitions(service, "native") {
            match &definition.what {
                What::Tail(tail) => {
                    let Some(item) = tail.body.items.get(tail.item) else { continue };
                    let Some(key) = keys(&item.kind).0.get(tail.depth).copied() else { continue };
                    let Some(name) = self.key(key, definition.ctx) else { continue };
                    let found = self.below(&definition, &name, true);
                    all.extend(found.into_iter().flatten().map(|it| (way(&name), it)));
                }
                What::Expr(_) | What::Body { .. } => {
                    let Some(body) = body_of(&definition) else { continue };
                    let names: Vec<Arc<str>> = self.index(&body).fields.keys().cloned().collect();
                    for name in names {
                        let found = self.below(&definition, &name, true);
                        all.extend(found.into_iter().flatten().map(|it| (way(&name), it)));
                    }
                }
                What::Value(_) => {}
            }
        }
        all
    }

    /// What is said of an option below the module's own.
    pub(super) fn option(&mut self, runs: &Runs, option: &str) -> Said {
        let mut whole = runs.way.clone();
        whole.extend(way(option));
        let mut found = Vec::new();
        for (key, definition) in &runs.native {
            let Some(rest) = whole.strip_prefix(key.as_slice()) else { continue };
            match self.said_at_way(vec![definition.clone()], rest) {
                Some(said) => found.extend(said),
                None => return Said::Unclear,
            }
        }
        self.strongest(found)
    }

    /// What is said of a field of the service, that of a record in it: `unit`, `DynamicUser`.
    pub(super) fn said_of(&mut self, runs: &Runs, field: &str, key: &str) -> Said {
        let said = self.definitions(runs.service, field);
        match self.said_at_way(said, &[key.to_owned()]) {
            Some(found) => self.strongest(found),
            None => Said::Unclear,
        }
    }

    /// A value of the table, or the one that an option says in its place. None where that is unclear.
    pub(super) fn followed(&mut self, runs: &Runs, what: &Followed) -> Option<String> {
        let own = || Some(runs.known.fill(&what.value));
        let Some(option) = &what.option else { return own() };
        match self.option(runs, option) {
            Said::Nothing => own(),
            Said::Value(Val { value: Value::Text(text), .. }) if what.below => {
                Some(format!("/var/lib/{text}"))
            }
            Said::Value(Val { value: Value::Text(text) | Value::Path(text), .. }) => {
                Some(text.to_string())
            }
            Said::Value(_) | Said::Own | Said::Unclear => None,
        }
    }

    fn said_at_way(&mut self, mut at: Vec<Definition>, way: &[String]) -> Option<Vec<Definition>> {
        for key in way {
            let mut next = Vec::new();
            for definition in &at {
                next.extend(self.below(definition, key, false)?);
            }
            at = next;
        }
        Some(at)
    }

    /// What a definition says of one of its keys. None where that is not read off its text; `computed` lets keys be
    /// looked at that are.
    fn below(&mut self, of: &Definition, key: &str, computed: bool) -> Option<Vec<Definition>> {
        if let What::Tail(tail) = &of.what {
            let item = tail.body.items.get(tail.item)?;
            let at = keys(&item.kind).0.get(tail.depth).copied()?;
            let name = match at.literal() {
                None if computed => self.key(at, of.ctx),
                literal => literal,
            };
            if &*name? != key {
                return Some(Vec::new());
            }
            let (body, depth) = (Arc::clone(&tail.body), tail.depth + 1);
            let found =
                self.definition_of(&body, tail.item, depth, of.strength, of.extended, of.ctx);
            return Some(found.into_iter().collect());
        }
        let body = body_of(of)?;
        let index = self.index(&body);
        let unclear = index.broken
            || !index.computed.is_empty()
            || index.generators.iter().any(|(_, writes)| writes.may_set(key));
        if unclear {
            return None;
        }
        let places = index.fields.get(key).cloned().unwrap_or_default();
        let mut found = Vec::new();
        if places.is_empty() {
            return Some(found);
        }
        let env = self.bind_lets(&body, of.ctx);
        let ctx = Ctx { env, ..of.ctx };
        for at in places {
            found.extend(self.definition_of(&body, at, 1, of.strength, of.extended, ctx));
        }
        Some(found)
    }

    fn strongest(&mut self, found: Vec<Definition>) -> Said {
        let Some(top) = found.iter().map(|it| it.strength).max() else { return Said::Nothing };
        let mut strongest = found.into_iter().filter(|it| it.strength == top);
        let (Some(one), None) = (strongest.next(), strongest.next()) else { return Said::Unclear };
        match &one.what {
            What::Expr(_) if says_unset(&one) => Said::Nothing,
            What::Expr(expr) if self.is_plain(expr, one.ctx, DEEPEST) => {
                Said::Value(self.eval(expr, one.ctx))
            }
            What::Expr(expr) if names_a_port(expr) => Said::Own,
            What::Value(val) if !val.is_unknown() => Said::Value(val.clone()),
            What::Expr(_) | What::Value(_) | What::Body { .. } | What::Tail(_) => Said::Unclear,
        }
    }

    /// Whether what an expression is worth depends on literals alone, on what loops bind, and on the fleet's own fields.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all else may lead anywhere")]
    fn is_plain(&self, expr: &Expr, ctx: Ctx, deepest: usize) -> bool {
        let Some(deepest) = deepest.checked_sub(1) else { return false };
        match &expr.kind {
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Path(_)
            | ExprKind::Address(_)
            | ExprKind::Port(_) => true,
            ExprKind::Text(text) => holes(text).all(|it| self.is_plain(it, ctx, deepest)),
            ExprKind::Binary(BinaryOp::Join | BinaryOp::Add, _, a, b) => {
                self.is_plain(a, ctx, deepest) && self.is_plain(b, ctx, deepest)
            }
            ExprKind::Name(name) => match self.resolution(expr) {
                Some(Resolution::Local) => match self.state.lookup(ctx.env, &name.text) {
                    Some(ScopeBinding::Value(_)) => true,
                    Some(ScopeBinding::Thunk(id)) => {
                        let thunk = &self.state.thunks[id.0 as usize];
                        match thunk.progress {
                            Progress::Done(_) => true,
                            Progress::Running => false,
                            Progress::Fresh => self.is_plain(&thunk.expr, thunk.ctx, deepest),
                        }
                    }
                    None => false,
                },
                Some(Resolution::Let(id)) => {
                    let value = &self.analysis.declarations.global_let(*id).value;
                    self.is_plain(value, Ctx::default(), deepest)
                }
                Some(Resolution::Entity) => &*name.text == "name",
                _ => false,
            },
            ExprKind::Get(base, _) => match (&base.kind, self.resolution(base)) {
                (ExprKind::Name(name), Some(Resolution::Kind)) => &*name.text == "fleet",
                (ExprKind::Name(name), Some(Resolution::Local)) => {
                    match self.state.lookup(ctx.env, &name.text) {
                        Some(ScopeBinding::Value(val)) => {
                            matches!(val.value, Value::Record(id) if !self.state.node(id).placed)
                        }
                        Some(ScopeBinding::Thunk(_)) | None => false,
                    }
                }
                _ => false,
            },
            _ => false,
        }
    }
}

/// How far names are followed.
const DEEPEST: usize = 16;

/// The body of a block or of a record, where one is written.
fn body_of(of: &Definition) -> Option<Arc<qg_lang::ast::Body>> {
    match &of.what {
        What::Body { body, condition: None, .. } => Some(Arc::clone(body)),
        What::Expr(expr) => record_in(expr).map(Arc::clone),
        What::Body { .. } | What::Tail(_) | What::Value(_) => None,
    }
}

/// What stands in a record, where an expression is one.
pub(super) fn record_in(expr: &Expr) -> Option<&Arc<qg_lang::ast::Body>> {
    if let ExprKind::Record(body) = &expr.kind { Some(body) } else { None }
}

fn holes(text: &Template) -> impl Iterator<Item = &Arc<Expr>> {
    text.parts.iter().filter_map(|part| match part {
        TemplatePart::Hole(expr) => Some(expr),
        TemplatePart::Text(..) => None,
    })
}

/// Whether `ports.…` of the service stands in an expression.
#[expect(clippy::wildcard_enum_match_arm, reason = "these are how a port gets into an option")]
fn names_a_port(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Get(base, key) => {
            is_name(base, "ports")
                || matches!((&base.kind, key), (ExprKind::SelfRecord, Key::Name(it)) if &*it.text == "ports")
                || names_a_port(base)
        }
        ExprKind::Text(text) => holes(text).any(|it| names_a_port(it)),
        ExprKind::Binary(_, _, a, b) => names_a_port(a) || names_a_port(b),
        _ => false,
    }
}

fn is_name(expr: &Expr, wanted: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if &*name.text == wanted)
}
