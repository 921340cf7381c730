//! What evaluation says when something is wrong.

use std::sync::Arc;

use qg_lang::ast::Mark;
use qg_lang::check::types::{SchemaField, Type};
use qg_lang::diagnostic::{Diagnostic, Label, codes};
use qg_lang::is_library;
use qg_lang::span::Span;
use qg_lang::stack::MAX_NESTING;
use qg_provenance::leaf::Priority;

use super::state::{Definition, Shape, What, spell};
use super::{Evaluator, MAX_COPIES};
use crate::value::{NodeId, Val, Value};

/// So many letters of a way that is too long are shown.
const SHOWN: usize = 60;

/// What was told of a field that is missing: where among the findings, of whom first, and of how many more.
#[derive(Debug)]
pub(super) struct Lacking {
    at: usize,
    subject: String,
    more: usize,
}

/// How many of the places that want one thing are shown.
const PLACES: usize = 3;

impl Evaluator<'_> {
    /// Two definitions on one priority: both places, and both ways out.
    pub(super) fn said_twice(
        &mut self,
        node: NodeId,
        name: &Arc<str>,
        ty: Option<&Type>,
        definitions: &[Definition],
    ) {
        let [first, .., second] = definitions else { return };
        let path = self.state.field_path(node, name);
        let mut finding = Diagnostic::error(
            codes::eval::SAID_TWICE,
            second.span,
            format!("`{path}` is said twice"),
        )
        .here("said here")
        .also(first.span, "and here");
        finding = if first.span == second.span {
            finding
                .help("a loop says it more than once: use its variable in the name, or loop less")
        } else {
            ways_out(finding, second)
        };
        if matches!(ty.map(Type::base), Some(Type::List(_))) {
            finding = finding
                .help("lists never unite; what several places add to is a `set[…]` or a map");
        }
        self.report(finding);
    }

    /// `imports` of a module that takes the place of another list of modules, and does not say that it is meant to.
    pub(super) fn loses_imports(
        &mut self,
        node: NodeId,
        name: &str,
        ty: Option<&Type>,
        top: &[Definition],
        rest: &[Definition],
    ) {
        let (Some(first), Some(second)) = (top.first(), rest.first()) else { return };
        let in_module = matches!(ty.map(Type::base), Some(Type::Module));
        let meant = matches!(first.mark, Some((Mark::Override, _)));
        if name != "imports" || !in_module || meant || !self.is_module(node) {
            return;
        }
        let path = self.state.field_path(node, name);
        let finding = Diagnostic::warning(
            codes::names::LOST_IMPORTS,
            first.span,
            format!("`{path}` takes the place of the modules that something weaker imports"),
        )
        .also(second.span, "these are left out")
        .help("say further modules in `modules`, which come besides; or `override imports` where these are to be all");
        self.report(finding);
    }

    /// Whether a record is a whole module of Nix, and not what an option in one holds.
    fn is_module(&self, node: NodeId) -> bool {
        let Some(parent) = self.state.node(node).parent else { return true };
        let users = self.state.node(parent);
        let manager = users.parent.map(|it| &*self.state.node(it).key);
        !matches!(users.shape, Shape::Free(_))
            || &*users.key == "users" && manager == Some("home-manager")
    }

    pub(super) fn created_twice(&mut self, map: NodeId, name: &str, first: Span, second: Span) {
        let path = self.state.field_path(map, name);
        let mut finding = Diagnostic::error(
            codes::eval::CREATED_TWICE,
            second,
            format!("`{path}` is created twice"),
        )
        .here("created again here")
        .also(first, "first created here")
        .help("write `extend` before the second one to add to the first, or give it another name");
        if first != second {
            finding = finding.fix("add to the first one", second.head(), "extend ");
        }
        self.report(finding);
    }

    /// Two keys of a map that mean one path.
    pub(super) fn spelled_twice(
        &mut self,
        map: NodeId,
        (first, at): (&str, Span),
        (second, span): (&str, Span),
    ) {
        let (first, second) =
            (self.state.field_path(map, first), self.state.field_path(map, second));
        self.report(
            Diagnostic::error(
                codes::eval::CREATED_TWICE,
                span,
                format!("`{second}` and `{first}` are one path"),
            )
            .also(at, "the other spelling")
            .help("spell it in one way, without a `/` at its end"),
        );
    }

    pub(super) fn extends_nothing(&mut self, map: NodeId, name: &str, span: Span) {
        let known: Vec<Arc<str>> = self.entries(map);
        let path = self.state.field_path(map, name);
        let finding = Diagnostic::error(
            codes::eval::EXTENDS_NOTHING,
            span,
            format!("`{path}` is not created anywhere"),
        )
        .help(
            "`extend`, `default` and `override` add to what exists; a block without them creates",
        );
        let of_each = match &self.state.node(map).shape {
            Shape::Map(Type::Record(of)) => self.analysis.declarations.schema(*of).field(name),
            Shape::Map(_) | Shape::Record(_) | Shape::Anonymous | Shape::Free(_) => None,
        };
        let finding = match of_each {
            // `default service.route { … }`
            Some(field) => {
                let kind = self.state.node_path(map);
                let each = if matches!(field.ty.base(), Type::Map(_)) { "default " } else { "" };
                finding.help(format!(
                    "`{name}` is a field of each `{kind}`: `default {kind} {{ {each}{name} {{ … }} }}`"
                ))
            }
            None => {
                let guess = self.may_guess();
                let known = known.iter().map(|it| &**it).filter(|_| guess);
                finding.suggest(name, span, known)
            }
        };
        self.report(Diagnostic { fixes: Vec::new(), ..finding });
    }

    /// `extend container { … }` where nobody makes a container.
    pub(super) fn extends_absent(&mut self, node: NodeId, name: &str, span: Span) {
        let path = self.state.field_path(node, name);
        self.report(
            Diagnostic::error(
                codes::eval::EXTENDS_NOTHING,
                span,
                format!("`{path}` is not there, so `extend` adds to nothing"),
            )
            .help(format!("a block without `extend` makes it: `{name} {{ … }}`"))
            .help(format!(
                "what is for those alone that have one stands in a default of the whole kind: `default kind {{ extend {name} {{ … }} }}`"
            )),
        );
    }

    /// `env.A = unset` where nobody says `env.A`.
    pub(super) fn takes_nothing_away(&mut self, map: NodeId, name: &str, span: Span) {
        let path = self.state.field_path(map, name);
        let known: Vec<Arc<str>> = self.entries(map);
        let guess = self.may_guess();
        let finding = Diagnostic::error(
            codes::eval::OVERRIDES_NOTHING,
            span,
            format!("`{path}` is taken away, but nobody says it"),
        )
        .help("remove the line, or mend the name");
        let finding = finding.suggest(name, span, known.iter().map(|it| &**it).filter(|_| guess));
        self.report(Diagnostic { fixes: Vec::new(), ..finding });
    }

    pub(super) fn override_of_nothing(
        &mut self,
        node: NodeId,
        name: &str,
        definition: &Definition,
    ) {
        let path = self.state.field_path(node, name);
        self.report(
            Diagnostic::error(
                codes::eval::OVERRIDES_NOTHING,
                definition.span,
                format!("`override` of `{path}`, which nobody else says"),
            )
            .help("remove the word `override`, or mend the path if it was meant for another field"),
        );
    }

    /// A cycle: every step of it, each at the place that made its field.
    pub(super) fn cycle(&mut self, node: NodeId, name: &str) {
        let start = self.active.iter().position(|(at, field)| *at == node && &**field == name);
        let Some(start) = start else { return };
        let steps: Vec<(NodeId, Arc<str>)> = self.active[start..].to_vec();
        let nodes: Vec<NodeId> = steps.iter().map(|(id, _)| *id).collect();
        let mut steps: Vec<(Span, String)> = steps
            .iter()
            .map(|(id, field)| (self.step_span(*id, field), self.step_path(*id, field)))
            .collect();
        // The first in the text begins, whoever asked first.
        let begin = (0..steps.len()).min_by_key(|at| steps[*at].0).unwrap_or(0);
        steps.rotate_left(begin);
        let (spans, paths): (Vec<Span>, Vec<String>) = steps.into_iter().unzip();
        let Some(first) = spans.first() else { return };
        let mut message = format!("`{}` depends on itself", paths[0]);
        if paths.len() > 1 {
            message.push_str(": ");
            message.push_str(&paths.join(" → "));
            message.push_str(" → ");
            message.push_str(&paths[0]);
        }
        let mut finding = Diagnostic::error(codes::eval::CYCLE, *first, message);
        for (at, span) in spans.iter().enumerate().skip(1) {
            let next = &paths[(at + 1) % paths.len()];
            finding = finding.also(*span, format!("`{}` needs `{next}`", paths[at]));
        }
        if paths.len() > 1 {
            finding = finding.here(format!("`{}` needs `{}`", paths[0], paths[1]));
        }
        let heads = self.heads_in(&nodes);
        if !heads.is_empty() {
            finding = finding.help("a default that asks in its head for what it sets goes in a circle: `extend x { … }` in it means `if it is there`");
        }
        for head in heads {
            finding = finding.also(head, "the head of a default, which is asked first");
        }
        self.report(finding.help("say one of these values plainly"));
    }

    /// The heads of the defaults that speak of some nodes, as `default service if c { … }`.
    fn heads_in(&self, nodes: &[NodeId]) -> Vec<Span> {
        let all = nodes.iter().flat_map(|id| &self.state.node(*id).contributions);
        let heads = all.filter_map(|id| self.state.contribution(*id).condition.as_ref());
        let mut heads: Vec<Span> = heads.map(|it| it.span).collect();
        heads.sort();
        heads.dedup();
        heads.truncate(3);
        heads
    }

    fn step_path(&self, id: NodeId, field: &str) -> String {
        if field.is_empty() {
            let path = self.state.node_path(id);
            return format!("the names in {}", if path.is_empty() { "a record" } else { &path });
        }
        self.state.field_path(id, field)
    }

    /// The place that makes a field: its strongest definition, or its schema's default.
    pub(super) fn step_span(&mut self, id: NodeId, field: &str) -> Span {
        let strongest = self
            .state
            .node(id)
            .contributions
            .clone()
            .into_iter()
            .find_map(|source| self.plain_definition(source, field));
        let declared = match self.state.node(id).shape {
            Shape::Record(schema) => self
                .analysis
                .declarations
                .schema(schema)
                .field(field)
                .map(|it| it.default.as_ref().map_or(it.span, |default| default.span)),
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => None,
        };
        let made = self.state.origins.span(self.state.node(id).origin);
        strongest.or(declared).or(made).unwrap_or_else(|| self.start())
    }

    /// The beginning of the fleet's first file: the place of last resort.
    pub(super) fn start(&self) -> Span {
        let first = self.analysis.files.keys().next().copied();
        Span::new(first.unwrap_or(qg_lang::span::FileId(0)), 0, 0)
    }

    pub(super) fn let_cycle(&mut self, span: Span) {
        self.report(
            Diagnostic::error(codes::eval::CYCLE, span, "this `let` depends on itself")
                .help("say one of the values in the cycle plainly"),
        );
    }

    pub(super) fn missing(&mut self, node: NodeId, name: &str, field: &SchemaField) {
        let (path, origin, schema) = {
            let it = self.state.node(node);
            let schema = match it.shape {
                Shape::Record(schema) => {
                    Arc::clone(&self.analysis.declarations.schema(schema).name)
                }
                Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => Arc::from(""),
            };
            (self.state.node_path(node), it.origin, schema)
        };
        let span = self.state.origins.span(origin).unwrap_or_else(|| self.start());
        let subject =
            if path.is_empty() { format!("this `{schema}`") } else { format!("`{path}`") };
        // A loop or a default makes many of one text: what they lack is told once.
        if let Some(alike) = self.missing.get_mut(&(span, Arc::from(name))) {
            alike.more += 1;
            let Lacking { at, subject, more } = alike;
            if let Some(told) = self.diagnostics.get_mut(*at) {
                told.message = format!("{subject} and {more} more do not say `{name}`");
            }
            return;
        }
        let mut finding = Diagnostic::error(
            codes::eval::MISSING_FIELD,
            span,
            format!("{subject} does not say `{name}`"),
        )
        .here(format!("`{name}` is missing"))
        .also(field.span, format!("`{schema}` wants it here"));
        // `default service { container { … } }` makes one everywhere.
        let key = Arc::clone(&self.state.node(node).key);
        let mut told = self.state.node(node).contributions.iter().peekable();
        let by_a_default = told.peek().is_some()
            && told.all(|id| {
                let it = self.state.contribution(*id);
                it.strength.priority == Priority::KindDefault && it.condition.is_none()
            });
        if by_a_default {
            finding = finding.help(format!(
                "`extend {key} {{ … }}` in a default is for those alone that have one"
            ));
        }
        if let Some(doc) = &field.doc
            && let Some(line) = doc.lines().next()
        {
            finding = finding.help(format!("`{name}`: {line}"));
        }
        self.missing.insert(
            (span, Arc::from(name)),
            Lacking { at: self.diagnostics.len(), subject, more: 0 },
        );
        self.report(finding);
    }

    /// A value that does not fit where it is used; the checker finds nearly all of these before.
    pub(super) fn wrong_value(&mut self, val: &Val, span: Span, wanted: &str) {
        if val.is_unknown() {
            return;
        }
        if let (Value::Absent, Some((of, name))) =
            (&val.value, self.state.absences.get(&span).cloned())
            && self.left_out(of, &name, span)
        {
            return;
        }
        let found = self.describe(val);
        let code = if matches!(val.value, Value::Absent) {
            codes::eval::ABSENT
        } else {
            codes::eval::WRONG_VALUE
        };
        let mut finding =
            Diagnostic::error(code, span, format!("{wanted} is wanted here, but this is {found}"));
        if matches!(val.value, Value::Absent) {
            finding =
                finding.help("give a value to use instead with `??`, or ask first with `has`");
        }
        if let Some(from) = self.state.origins.span(val.origin)
            && from != span
        {
            finding = finding.also(from, "it comes from here");
        }
        self.report(finding);
    }

    /// A field that an entity does not say and that is wanted somewhere: one finding for the entity, however many
    /// places want it. False where the user has not written the entity.
    fn left_out(&mut self, of: NodeId, name: &str, wanted: Span) -> bool {
        let node = self.state.node(of);
        let Some(at) = self.state.origins.span(node.origin).filter(|it| !is_library(it.file))
        else {
            return false;
        };
        // Who asks for a whole block that is not there asks the wrong thing, more often than not.
        let is_value = match node.shape {
            Shape::Record(schema) => {
                let field = self.analysis.declarations.schema(schema).field(name);
                field.is_some_and(|it| !matches!(it.ty.base(), Type::Record(_)))
            }
            Shape::Map(_) | Shape::Anonymous | Shape::Free(_) => false,
        };
        if !is_value || !self.is_entity(of) || node.key.is_empty() {
            return false;
        }
        self.state.unsure.insert(of);
        let message = format!("`{}` says no `{name}`", self.state.node_path(of));
        let told =
            self.diagnostics.iter_mut().find(|it| it.primary.span == at && it.message == message);
        match told {
            Some(told) if told.others.len() < PLACES => {
                told.others.push(Label { span: wanted, text: "and here".to_owned() });
            }
            Some(_) => {}
            None => self.report(
                Diagnostic::error(codes::eval::ABSENT, at, message)
                    .here(format!("`{name}` is missing"))
                    .also(wanted, "it is wanted here")
                    .help(format!("say `{name}` where it is declared; who can do without asks first, with `has`")),
            ),
        }
        true
    }

    /// A value in words, for messages.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`spell_scalar` knows all others")]
    pub(super) fn describe(&self, val: &Val) -> String {
        match &val.value {
            Value::Unknown => "unknown".to_owned(),
            Value::Absent => "absent".to_owned(),
            Value::Text(text) => format!("the string {text:?}"),
            Value::List(_) => "a list".to_owned(),
            Value::Set(_) => "a set".to_owned(),
            Value::Record(id) | Value::Ref(id) => {
                let path = self.state.node_path(*id);
                if self.is_entity(*id) && !path.is_empty() {
                    format!("`{path}`")
                } else if matches!(self.state.node(*id).shape, Shape::Map(_)) {
                    "a map".to_owned()
                } else {
                    "a record".to_owned()
                }
            }
            Value::Variant(id, index, _) => {
                let variants = &self.analysis.declarations.enumeration(*id).variants;
                variants
                    .get(*index as usize)
                    .map_or_else(String::new, |it| format!("`{}`", it.name))
            }
            Value::Sealed(_) => "a string with a secret in it".to_owned(),
            Value::Nix(_) => "a Nix expression".to_owned(),
            Value::Function(_) | Value::Lambda(_) => "a function".to_owned(),
            other => super::text::spell_scalar(other).unwrap_or_default(),
        }
    }

    pub(super) fn too_deep(&mut self, node: NodeId, name: &str) {
        if self.exhausted {
            return;
        }
        self.exhausted = true;
        let span = self.step_span(node, name);
        let path = self.state.field_path(node, &spell(name));
        self.report(
            Diagnostic::error(
                codes::eval::TOO_DEEP,
                span,
                format!("`{path}` is at the end of a chain of more than 20,000 values"),
            )
            .help("say one of the values on the way itself, so that it needs none before it"),
        );
    }

    /// Definitions and calls that wait for one another.
    pub(super) fn too_long_a_chain(&mut self, span: Span) {
        self.limit(
            Diagnostic::error(
                codes::eval::TOO_DEEP,
                span,
                "too many values wait for this one, each needed by the one before",
            )
            .help("say one of the values on the way itself, so that it needs none before it"),
        );
    }

    pub(super) fn too_many_copies(&mut self, span: Span) {
        self.limit(
            Diagnostic::error(
                codes::eval::TOO_DEEP,
                span,
                format!("this is a copy of a copy, more than {MAX_COPIES} times over"),
            )
            .help("copy the first one, and say in one `with` what differs"),
        );
    }

    /// A field that lies in too many lists and records.
    pub(super) fn too_deep_a_field(&mut self, node: NodeId, name: &str, span: Span) {
        let path = self.state.field_path(node, name);
        // The way to it is long, and its beginning tells enough.
        let shown = match path.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("`{}…`", path.get(..end).unwrap_or_default()),
            None => format!("`{path}`"),
        };
        self.too_nested(span, &shown);
    }

    /// Lists and records inside one another.
    pub(super) fn too_nested(&mut self, span: Span, what: &str) {
        self.limit(
            Diagnostic::error(
                codes::eval::NESTED,
                span,
                format!("{what} stands in more than {MAX_NESTING} lists and records"),
            )
            .help("a value may hold others, but not without end"),
        );
    }

    /// A limit that ends the evaluation: nothing behind it is worth asking for.
    fn limit(&mut self, finding: Diagnostic) {
        if !self.exhausted {
            self.exhausted = true;
            self.report(finding);
        }
    }
}

/// The words that settle it, where they stand and as far as they change something.
fn ways_out(finding: Diagnostic, second: &Definition) -> Diagnostic {
    let (gives_way, wins) = second.strength.may_move();
    let (at, gap) = match second.mark {
        Some((Mark::Extend, _)) => return finding.help("say it in one place"),
        Some((_, span)) => (span, ""),
        None => (second.span.head(), " "),
    };
    let mut finding = finding.help(match (wins, gives_way) {
        (true, true) => {
            "write `override` before the one that should win, or `default` before the one that gives way"
        }
        (true, false) => "write `override` before the one that should win",
        (false, true) => "write `default` before the one that gives way",
        (false, false) => "only one can win: delete one of them",
    });
    if matches!(second.what, What::Body { creates: true, .. }) {
        // It is known by its label, and the words stand before the kind.
        return finding;
    }
    if wins {
        finding = finding.fix("let this one win", at, format!("override{gap}"));
    }
    if gives_way {
        finding = finding.fix("let this one give way", at, format!("default{gap}"));
    }
    finding
}
