//! Questions to a model: any expression of the language.

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use qg_evaluation::builtins::Requests;
use qg_evaluation::value::{Val, Value};
use qg_evaluation::{Asked, Evaluation, Evaluator};
use qg_lang::ast::Expr;
use qg_lang::check::env::{Env, Tables};
use qg_lang::check::types::Type;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::source::{SourceFile, SourceMap};
use qg_lang::span::{FileId, Span};
use qg_lang::stack::roomy;
use qg_lang::world::{Limits, Unread, World};

use crate::Build;
use crate::describe::keys;
pub use crate::json::TableRow;
use crate::json::{answer, rows};
use crate::requests::{Servers, Unsent};
use crate::testing::asked;

/// The function that sends a request.
const REQUEST: &str = "get";

/// A world in which only those files exist that the fleet was seen to use.
pub(crate) struct Seen {
    files: BTreeMap<String, qg_lang::span::Span>,
    limits: Limits,
}

impl Seen {
    pub(crate) fn of(state: &Evaluation, limits: Limits) -> Seen {
        Seen { files: state.files.clone(), limits }
    }
}

impl World for Seen {
    fn sources(&self) -> Vec<(Arc<str>, Arc<str>)> {
        Vec::new()
    }

    fn exists(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    fn read(&self, _: &str) -> Result<Arc<[u8]>, Unread> {
        Err(Unread::Missing)
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

/// What an expression is worth.
#[derive(Clone, Debug)]
pub struct Answer {
    pub ty: Type,
    pub val: Val,
    pub json: serde_json::Value,
    /// False where a part of it has an error in the fleet; `null` stands there.
    pub whole: bool,
    /// The rows of a table, where it is several records.
    pub rows: Option<Vec<TableRow>>,
}

/// A name bound to an earlier answer.
pub type Bound = (Arc<str>, Type, Val);

impl Build {
    /// Evaluates an expression over the model and gives its value as JSON.
    ///
    /// # Errors
    /// What is wrong with the expression.
    pub fn query(&self, expr: &str) -> Result<serde_json::Value, Vec<Diagnostic>> {
        self.ask(expr, &[]).map(|answer| answer.json)
    }

    /// The same with its type, and with names bound to earlier answers.
    ///
    /// # Errors
    /// What is wrong with the expression; [`Build::sources`] has its text.
    pub fn ask(&self, expr: &str, bound: &[Bound]) -> Result<Answer, Vec<Diagnostic>> {
        // Who answers requests is read back from the files, which few questions need.
        let servers = expr.contains(REQUEST).then(|| Servers::of(self));
        let servers = servers.map(|it| it.map(|it| it.with_places(self)));
        let mut state = self.known();
        let (ty, parsed) = self.checked(&mut state, expr, bound)?;
        let kept = state.asked.clone();
        let (val, answered, after, found) =
            roomy(|| self.run(&parsed, &kept, bound, servers.as_ref(), std::mem::take(&mut state)));
        *state = after;
        if found.iter().any(Diagnostic::is_error) {
            return Err(found);
        }
        let (json, whole, rows) = answered;
        Ok(Answer { ty, val, json, whole, rows })
    }

    /// The type of an expression, which is not evaluated for that.
    ///
    /// # Errors
    /// What is wrong with the expression; [`Build::sources`] has its text.
    pub fn type_of(&self, expr: &str, bound: &[Bound]) -> Result<String, Vec<Diagnostic>> {
        let (ty, _) = self.checked(&mut self.known(), expr, bound)?;
        Ok(self.shown(&ty))
    }

    /// A type as it is written.
    #[must_use]
    pub fn shown(&self, ty: &Type) -> String {
        let declarations = &self.analysis.declarations;
        let tables = Tables::new(declarations);
        Env { declarations, tables: &tables }.show(ty)
    }

    /// All sources, with the texts of all questions behind them.
    #[must_use]
    pub fn sources(&self) -> SourceMap {
        let mut sources = self.analysis.sources.clone();
        for asked in &self.known().asked {
            sources.add(Arc::clone(&asked.source.path), Arc::clone(&asked.source.text));
        }
        sources
    }

    pub(crate) fn known(&self) -> MutexGuard<'_, Evaluation> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads and types a question, and notes it.
    fn checked(
        &self,
        state: &mut Evaluation,
        expr: &str,
        bound: &[Bound],
    ) -> Result<(Type, Arc<Expr>), Vec<Diagnostic>> {
        let number = state.asked.len();
        let id = FileId((self.analysis.sources.iter().count() + number) as u32);
        let name = match number {
            0 => "<query>".to_owned(),
            _ => format!("<query {}>", number + 1),
        };
        let source = Arc::new(SourceFile::new(id, name, expr));
        let mut asked = Asked { source: Arc::clone(&source), facts: Arc::default(), expr: None };
        let (parsed, exprs, mut findings) = qg_lang::parser::parse_expr(&source);
        let Some(parsed) = parsed.filter(|_| findings.is_empty()) else {
            state.asked.push(asked);
            return Err(findings);
        };
        let locals: BTreeMap<Arc<str>, Type> =
            bound.iter().map(|(name, ty, _)| (Arc::clone(name), ty.clone())).collect();
        let (ty, facts, wrong) =
            qg_lang::check_expr(&self.analysis, &source, &parsed, exprs, &locals);
        asked.facts = Arc::new(facts);
        asked.expr = Some(Arc::clone(&parsed));
        state.asked.push(asked);
        findings.extend(wrong);
        match findings.iter().any(Diagnostic::is_error) {
            true => Err(findings),
            false => Ok((ty, parsed)),
        }
    }

    #[allow(clippy::type_complexity)] // what one evaluation gives, taken apart at once
    fn run(
        &self,
        expr: &Arc<Expr>,
        asked: &[Asked],
        bound: &[Bound],
        servers: Option<&Result<Servers<'_>, Unsent>>,
        state: Evaluation,
    ) -> (Val, (serde_json::Value, bool, Option<Vec<TableRow>>), Evaluation, Vec<Diagnostic>) {
        let world = Seen::of(&state, self.limits);
        let env: Vec<(Arc<str>, Val)> =
            bound.iter().map(|(name, _, val)| (Arc::clone(name), val.clone())).collect();
        let facts = asked.iter().map(|it| (it.source.id, &*it.facts)).collect();
        let requests = |ev: &mut Evaluator<'_>, args: &[Val], span: Span| match servers? {
            Ok(servers) => {
                let exchange = asked::ask(ev, self, servers, args, span)?;
                asked::verdict(ev, &exchange.told.verdict, span)
            }
            Err(why) => {
                ev.report_at(asked::unsent(why, span));
                None
            }
        };
        let mut evaluator = Evaluator::new(&self.analysis, &world, state);
        evaluator.requests = servers.map(|_| &requests as &Requests<'_>);
        let val = evaluator.loose(expr, facts, &env);
        // Whoever names an entity wants to see it; a field that refers to one holds a reference.
        let val = if let Value::Ref(id) = val.value
            && keys(expr).is_some_and(|keys| keys == evaluator.state.path(id))
        {
            Val::new(Value::Record(id), val.origin)
        } else {
            val
        };
        // What is written out goes away with the answer.
        let held = evaluator.state.held;
        let (json, whole) = answer(&mut evaluator, &val, expr.span);
        let rows = rows(&mut evaluator, &val, expr.span);
        evaluator.state.held = held;
        let (state, findings) = evaluator.finish();
        (val, (json, whole, rows), state, findings)
    }
}
