//! What is inside a body: its `let`s, and what its loops and conditions give, each computed once.

use std::mem::size_of;
use std::sync::Arc;

use qg_lang::ast::{Body, ItemKind, LetDecl};
use qg_provenance::origin::OriginKind;

use super::index::Writes;
use super::state::{
    Contribution, ContributionId, ContributionKind, Ctx, EnvId, Progress, ScopeBinding, Shape,
    Thunk, ThunkId,
};
use super::{Evaluator, MAX_ELEMENTS, parents};
use crate::value::NodeId;

/// The bodies that a loop or condition gives, each with what is around it.
pub(super) struct Turns {
    pub(super) items: Vec<(Arc<Body>, Ctx)>,
    /// False where an unknown may hide further turns.
    pub(super) complete: bool,
}

impl Evaluator<'_> {
    /// What a loop or condition in a body gives for a node; computed once.
    pub(super) fn unfold(
        &mut self,
        node: NodeId,
        id: ContributionId,
        body: &Arc<Body>,
        at: usize,
        writes: &Writes,
    ) -> Arc<[ContributionId]> {
        if let Some(known) = self.state.expansions.get(&(id, at)) {
            return Arc::clone(known);
        }
        let inside = self.inside(node, id, body);
        let (strength, extended) = {
            let contribution = self.state.contribution(id);
            (contribution.strength, contribution.extended)
        };
        let Some(item) = body.items.get(at) else { return Arc::from([]) };
        let mut contributions = Vec::new();
        let skipped = self.analysis.skipped.contains(&item.span);
        let turns = if skipped { None } else { self.generate(&item.kind, inside) };
        let complete = match turns {
            Some(turns) => {
                for (body, ctx) in turns.items {
                    contributions.push(self.contribution(
                        ContributionKind::Body(body),
                        strength,
                        extended,
                        ctx,
                    ));
                }
                turns.complete
            }
            None => false,
        };
        if !complete {
            self.state.node_mut(node).uncertain = true;
            let ctx = Ctx { via: self.written(item.span.head(), inside), ..inside };
            contributions.push(self.contribution(
                ContributionKind::Lost(writes.clone()),
                strength,
                extended,
                ctx,
            ));
        }
        let contributions: Arc<[ContributionId]> = contributions.into();
        self.state.expansions.insert((id, at), Arc::clone(&contributions));
        contributions
    }

    /// Evaluates the head of a loop or condition. None: the head is unknown.
    pub(super) fn generate(&mut self, kind: &ItemKind, ctx: Ctx) -> Option<Turns> {
        match kind {
            ItemKind::For(it) => {
                let rows = self.rows(&it.iter, ctx)?;
                let mut turns = Turns { items: Vec::new(), complete: rows.complete };
                for (key, val) in rows.keyed() {
                    if !self.step(it.iter.span) {
                        return None;
                    }
                    let inner = self.bind_row(&it.binders, key, val, it.iter.span, ctx);
                    let holds = match &it.condition {
                        None => Some(true),
                        Some(condition) => self.eval(condition, inner).value.truth(),
                    };
                    match holds {
                        Some(true) => turns.items.push((Arc::clone(&it.body), inner)),
                        Some(false) => {}
                        None => turns.complete = false,
                    }
                    if turns.items.len() > MAX_ELEMENTS {
                        self.too_many(it.iter.span);
                        return None;
                    }
                }
                Some(turns)
            }
            ItemKind::If(it) => {
                let holds = self.eval(&it.condition, ctx).value.truth()?;
                let body = if holds { Some(&it.then) } else { it.otherwise.as_ref() };
                let via =
                    self.origin(it.condition.span, OriginKind::Chosen, &parents(&[], ctx.via));
                let ctx = Ctx { via, ..ctx };
                Some(Turns {
                    items: body.into_iter().map(|body| (Arc::clone(body), ctx)).collect(),
                    complete: true,
                })
            }
            ItemKind::Field(_)
            | ItemKind::Block(_)
            | ItemKind::Let(_)
            | ItemKind::Fn(_)
            | ItemKind::Schema(_)
            | ItemKind::Enum(_)
            | ItemKind::Type(_)
            | ItemKind::Import(_)
            | ItemKind::Error => None,
        }
    }

    /// What is around the items of a body that speaks of a node: its `let`s, and the node as `self`. In maps
    /// and in records without schema `self` stays what it is.
    pub(super) fn inside(&mut self, node: NodeId, id: ContributionId, body: &Arc<Body>) -> Ctx {
        let Contribution { ctx, inner, .. } = self.state.contribution(id);
        let record = match self.state.node(node).shape {
            Shape::Record(_) => Some(node),
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => ctx.record,
        };
        let (ctx, inner) = (Ctx { record, ..*ctx }, *inner);
        let env = match inner {
            Some(env) => env,
            None => {
                let env = self.bind_lets(body, ctx);
                self.state.contributions[id.0 as usize].inner = Some(env);
                env
            }
        };
        Ctx { env, ..ctx }
    }

    /// The bindings inside a body with `let`s; they see one another in any order.
    pub(super) fn bind_lets(&mut self, body: &Arc<Body>, ctx: Ctx) -> EnvId {
        let index = self.index(body);
        let mut env = ctx.env;
        let first = self.state.thunks.len();
        for at in &index.lets {
            if let Some(ItemKind::Let(LetDecl { public: _, name, ty, value })) =
                body.items.get(*at).map(|item| &item.kind)
            {
                let ty =
                    ty.as_ref().and_then(|ty| self.analysis.annotations.get(&ty.span).cloned());
                let thunk = Thunk { expr: Arc::clone(value), ty, ctx, progress: Progress::Fresh };
                self.state.hold(size_of::<Thunk>());
                let id = ThunkId(self.state.thunks.push(thunk) as u32);
                env = self.state.bind(env, Arc::clone(&name.text), ScopeBinding::Thunk(id));
            }
        }
        for at in first..self.state.thunks.len() {
            self.state.thunks[at].ctx.env = env;
        }
        env
    }
}
