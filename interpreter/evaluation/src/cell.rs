//! What a field is worth: the ladder decides between those who say it (rule 8 of the language).

use std::sync::Arc;

use qg_lang::ast::{ExprKind, Key, Mark};
use qg_lang::check::types::{SchemaField, Type};
use qg_lang::stack::grow;
use qg_provenance::leaf::{OriginId, Priority};

use super::cells::Cells;
use super::index::keys;
use super::ladder::{Strength, says_unset};
use super::state::{
    Cell, ContributionKind, Ctx, Definition, MapEntries, Node, Progress, Shape, What,
};
use super::{Evaluator, MAX_DEPTH};
use crate::value::{NodeId, Val, Value};

impl Evaluator<'_> {
    /// A field of a record or an entry of a map; computed once. Unknown where nothing like it exists.
    pub fn field(&mut self, node: NodeId, name: &str) -> Val {
        match self.state.node(node).cells.get(name).map(|cell| &cell.progress) {
            Some(Progress::Done(val)) => return val.clone(),
            Some(Progress::Running) => {
                self.cycle(node, name);
                return Val::unknown();
            }
            Some(Progress::Fresh) | None => {}
        }
        if self.active.len() >= MAX_DEPTH {
            self.too_deep(node, name);
            return Val::unknown();
        }
        if !self.charge_at(1, |ev| ev.step_span(node, name)) {
            return Val::unknown();
        }
        let key = self.key_of(node, name);
        self.state.hold(Cells::ROW);
        if self.state.node(node).cells.is_empty()
            && let Shape::Record(schema) = self.state.node(node).shape
        {
            // Sooner or later every field is asked for.
            let fields = self.analysis.declarations.schema(schema).fields.len();
            self.state.node_mut(node).cells = Cells::of(fields);
        }
        let running = Cell { progress: Progress::Running, priority: Priority::Plain };
        self.state.node_mut(node).cells.insert(Arc::clone(&key), running);
        self.active.push((node, Arc::clone(&key)));
        let (mut val, priority) = grow(|| self.compute(node, &key));
        self.active.pop();
        if !self.encloses(node, &key, &val) {
            val = Val::unknown();
        }
        if let Some(cell) = self.state.node_mut(node).cells.get_mut(&key) {
            *cell = Cell { progress: Progress::Done(val.clone()), priority };
        }
        val
    }

    /// The name of a field, shared with its schema where there is one.
    pub(super) fn key_of(&self, node: NodeId, name: &str) -> Arc<str> {
        let known = match self.state.node(node).shape {
            Shape::Record(schema) => self.analysis.declarations.schema(schema).field(name),
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => None,
        };
        known.map_or_else(|| Arc::from(name), |field| Arc::clone(&field.name))
    }

    fn compute(&mut self, node: NodeId, name: &Arc<str>) -> (Val, Priority) {
        let analysis = self.analysis;
        match self.state.node(node).shape.clone() {
            Shape::Record(schema) => match analysis.declarations.schema(schema).field(name) {
                Some(field) => {
                    let definitions = self.definitions(node, name);
                    self.decide(node, name, Some(&field.ty), definitions, Some(field))
                }
                None if &**name == "name" => {
                    let Node { key, origin, .. } = self.state.node(node);
                    (Val::new(Value::Text(Arc::clone(key)), *origin), Priority::Plain)
                }
                None => (Val::unknown(), Priority::Plain),
            },
            Shape::Map(element) => {
                let definitions = self.entry(node, name);
                self.decide(node, name, Some(&element), definitions, None)
            }
            Shape::Free(ty) => {
                let definitions = self.entry(node, name);
                self.decide(node, name, Some(&ty), definitions, None)
            }
            Shape::Anonymous => {
                let definitions = self.entry(node, name);
                self.decide(node, name, None, definitions, None)
            }
        }
    }

    /// What is said about an entry of a map or free record.
    fn entry(&mut self, node: NodeId, name: &str) -> Vec<Definition> {
        self.collect_entries(node);
        match &self.state.node(node).entries {
            MapEntries::Done(entries) => entries.get(name).cloned().unwrap_or_default(),
            MapEntries::Fresh | MapEntries::Running => Vec::new(),
        }
    }

    fn decide(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&Type>,
        mut definitions: Vec<Definition>,
        field: Option<&SchemaField>,
    ) -> (Val, Priority) {
        if let Some(SchemaField { default: Some(default), .. }) = field {
            definitions.push(Definition {
                strength: Strength { priority: Priority::SchemaDefault, ..Strength::default() },
                extended: false,
                mark: None,
                span: default.span,
                what: What::Expr(Arc::clone(default)),
                ctx: Ctx { record: Some(node), ..Ctx::default() },
            });
        }
        definitions.sort_by_key(|it| (std::cmp::Reverse(it.strength), it.span));
        if self.overrides_nothing(node, name, ty, &definitions) {
            return (Val::unknown(), Priority::Override);
        }
        if self.is_structural(ty, &definitions) {
            let span = definitions.first().map(|it| it.span);
            let (val, priority) = self.merge(node, name, ty, definitions, field);
            return match (ty, span) {
                (Some(ty), Some(span)) => {
                    (self.conditions(val, ty, span, Some((node, name))), priority)
                }
                _ => (val, priority),
            };
        }
        match definitions.iter().map(|it| it.strength).max() {
            None => (self.nothing_said(node, name, ty, field), Priority::SchemaDefault),
            Some(top) => {
                let winners = definitions.iter().take_while(|it| it.strength == top).count();
                let val = self.leaf(node, name, ty, &definitions, winners);
                let in_module = matches!(ty.map(Type::base), Some(Type::Module));
                (val, if in_module { top.in_module() } else { top.priority })
            }
        }
    }

    /// Whether what is said merges field by field.
    fn is_structural(&mut self, ty: Option<&Type>, definitions: &[Definition]) -> bool {
        match ty.map(Type::base) {
            Some(Type::Record(_) | Type::Map(_)) => true,
            None | Some(Type::Data | Type::Module | Type::Unknown | Type::Anonymous(_)) => {
                !definitions.is_empty()
                    && definitions.iter().all(|it| self.is_record_like(&it.what) || says_unset(it))
            }
            Some(_) => false,
        }
    }

    fn is_record_like(&self, what: &What) -> bool {
        match what {
            What::Body { .. } | What::Tail(_) => true,
            What::Expr(expr) => matches!(expr.kind, ExprKind::Record(_) | ExprKind::With(..)),
            // What has a place in the model stays what it is, and is not copied field by field.
            What::Value(val) => {
                matches!(val.value, Value::Record(id) if !self.state.node(id).placed)
            }
        }
    }

    pub(super) fn nothing_said(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&Type>,
        field: Option<&SchemaField>,
    ) -> Val {
        if self.lost_a_field(node) {
            return Val::unknown();
        }
        if matches!(ty, Some(Type::Optional(_))) {
            let origin =
                field.map_or(OriginId(0), |field| self.written(field.span, Ctx::default()));
            return Val::new(Value::Absent, origin);
        }
        if let Some(field) = field
            && !self.state.node(node).uncertain
            && !matches!(ty, Some(Type::Unknown))
        {
            self.missing(node, name, field);
        }
        Val::unknown()
    }

    /// Whether something is said of a record in a field that it does not have: it may be meant for any that nobody
    /// says, so that nothing is concluded from their absence.
    fn lost_a_field(&mut self, node: NodeId) -> bool {
        let skipped = &self.analysis.skipped;
        let Shape::Record(schema) = self.state.node(node).shape else { return false };
        if skipped.is_empty() {
            return false;
        }
        let schema = self.analysis.declarations.schema(schema);
        let lost = self.state.node(node).contributions.iter().any(|id| {
            let ContributionKind::Body(body) = &self.state.contribution(*id).kind else {
                return false;
            };
            body.items.iter().filter(|item| skipped.contains(&item.span)).any(|item| {
                let (path, _) = keys(&item.kind);
                matches!(path.first(), Some(Key::Name(name)) if schema.field(&name.text).is_none())
            })
        });
        if lost {
            self.state.unsure.insert(node);
        }
        lost
    }

    fn overrides_nothing(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&Type>,
        definitions: &[Definition],
    ) -> bool {
        let (Some(first), Some(last)) = (definitions.first(), definitions.last()) else {
            return false;
        };
        // At the path that is marked alone: what stands in its block is meant to win, said before or not.
        // A Nix module overrides what other modules say.
        let marked =
            matches!(first.mark, Some((Mark::Override, _))) && !matches!(first.what, What::Tail(_));
        let alone = last.strength == first.strength;
        if !alone || !marked || matches!(ty.map(Type::base), Some(Type::Module)) {
            return false;
        }
        if self.state.node(node).uncertain {
            return true;
        }
        self.override_of_nothing(node, name, first);
        true
    }
}
