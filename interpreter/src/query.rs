//! Questions to a model: any expression of the language.

use std::collections::BTreeMap;
use std::sync::Arc;

use qg_lang::ast::Expr;
use qg_lang::check::types::{FileTypes, Type};
use qg_lang::diagnostic::Diagnostic;
use qg_lang::source::SourceFile;
use qg_lang::span::FileId;
use qg_lang::world::World;

use crate::Build;
use crate::eval::{Evaluator, State};
use crate::json::answer;
use crate::value::Val;

/// A world in which only those files exist that the fleet was seen to use.
struct Seen(std::collections::BTreeSet<String>);

impl World for Seen {
    fn sources(&self) -> Vec<(Arc<str>, Arc<str>)> {
        Vec::new()
    }

    fn exists(&self, path: &str) -> bool {
        self.0.contains(path)
    }

    fn read(&self, _: &str) -> Option<Arc<[u8]>> {
        None
    }
}

/// What an expression is worth.
#[derive(Debug)]
pub struct Answer {
    pub ty: Type,
    pub val: Val,
    pub json: serde_json::Value,
}

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
    /// What is wrong with the expression; places are in a file of its own, behind all others.
    pub fn ask(
        &self,
        expr: &str,
        bound: &[(Arc<str>, Type, Val)],
    ) -> Result<Answer, Vec<Diagnostic>> {
        let id = FileId(self.analysis.sources.iter().count() as u32);
        let source = SourceFile::new(id, "<query>", expr);
        let (parsed, exprs, mut findings) = qg_lang::parser::parse_expr(&source);
        let Some(parsed) = parsed.filter(|_| findings.is_empty()) else { return Err(findings) };
        let locals: BTreeMap<Arc<str>, Type> =
            bound.iter().map(|(name, ty, _)| (Arc::clone(name), ty.clone())).collect();
        let (ty, facts, wrong) =
            qg_lang::check_expr(&self.analysis, &source, &parsed, exprs, &locals);
        findings.extend(wrong);
        if findings.iter().any(Diagnostic::is_error) {
            return Err(findings);
        }
        let env: Vec<(Arc<str>, Val)> =
            bound.iter().map(|(name, _, val)| (Arc::clone(name), val.clone())).collect();
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (val, json, after, found) = self.run(&parsed, &facts, &env, std::mem::take(&mut state));
        *state = after;
        if found.iter().any(Diagnostic::is_error) {
            Err(found)
        } else {
            Ok(Answer { ty, val, json })
        }
    }

    fn run(
        &self,
        expr: &Arc<Expr>,
        facts: &FileTypes,
        env: &[(Arc<str>, Val)],
        state: State,
    ) -> (Val, serde_json::Value, State, Vec<Diagnostic>) {
        let world = Seen(state.files.clone());
        let mut evaluator = Evaluator::new(&self.analysis, &world, state);
        let val = evaluator.loose(expr, facts, env);
        let json = answer(&mut evaluator, &val);
        let (state, findings) = evaluator.finish();
        (val, json, state, findings)
    }
}
