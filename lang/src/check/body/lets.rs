//! `let` in a body: bound for the whole body, in whatever order they stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ast::{Body, Expr, ExprKind, ItemKind, LetDecl, Visit, walk_expr};
use crate::check::checker::{Checker, Local};
use crate::check::graph::Noted;
use crate::check::types::Type;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::names;

impl Checker<'_> {
    /// Binds the `let`s of a body, each after those it reads.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`let` alone binds a name")]
    pub(super) fn lets(&mut self, body: &Body) {
        let lets: Vec<&LetDecl> = body
            .items
            .iter()
            .filter_map(|item| match &item.kind {
                ItemKind::Let(decl) => Some(decl),
                _ => None,
            })
            .collect();
        if lets.is_empty() {
            return;
        }
        let mut index: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, decl) in lets.iter().enumerate() {
            if let Some(first) = index.get(&*decl.name.text).and_then(|first| lets.get(*first)) {
                self.report(crate::resolve::duplicate(&decl.name, first.name.span));
            } else {
                index.insert(&decl.name.text, number);
            }
        }
        let (order, circular) = sorted(&lets, &index);
        let cycle: Vec<&&LetDecl> =
            circular.iter().filter_map(|number| lets.get(*number)).collect();
        if let Some(first) = cycle.first() {
            let mut diagnostic = Diagnostic::error(
                names::DEFINITION_CYCLE,
                first.name.span,
                format!("`{}` is worth something that depends on itself", first.name.text),
            );
            for decl in &cycle {
                diagnostic =
                    diagnostic.also(decl.value.span, format!("the value of `{}`", decl.name.text));
            }
            self.report(diagnostic);
        }
        for decl in cycle {
            self.set_broken(decl.value.id);
            self.bind(&decl.name.text, Type::Unknown);
        }
        for decl in order.into_iter().filter_map(|number| lets.get(number)) {
            let start = self.reads.len();
            let want = decl.ty.as_ref().and_then(|ty| self.annotations.get(&ty.span)).cloned();
            let outer = self.cx.wanted_by.take();
            let found = self.expr(&decl.value, want.as_ref());
            self.cx.wanted_by = outer;
            let reads = self.reads.split_off(start.min(self.reads.len()));
            self.cx.locals.push(Local {
                name: Arc::clone(&decl.name.text),
                ty: want.unwrap_or(found),
                reads: Noted::each_once(reads).into(),
            });
        }
    }
}

/// The numbers of the `let`s in an order in which each comes after those it names,
/// and those that are in a cycle.
fn sorted(lets: &[&LetDecl], index: &BTreeMap<&str, usize>) -> (Vec<usize>, Vec<usize>) {
    let needs: Vec<Vec<usize>> = lets
        .iter()
        .map(|decl| {
            let mut names = Names { index, found: Vec::new() };
            names.visit_expr(&decl.value);
            names.found
        })
        .collect();
    let mut state = vec![0_u8; lets.len()];
    let (mut order, mut circular) = (Vec::new(), Vec::new());
    for start in 0..lets.len() {
        let mut path = vec![(start, 0_usize)];
        while let Some((number, next)) = path.last().copied() {
            if next == 0 && state[number] != 0 {
                path.pop();
                continue;
            }
            state[number] = 1;
            match needs[number].get(next) {
                Some(needed) => {
                    if let Some(last) = path.last_mut() {
                        last.1 += 1;
                    }
                    if state[*needed] == 1 {
                        circular.extend(
                            path.iter().map(|(number, _)| *number).skip_while(|it| it != needed),
                        );
                    } else {
                        path.push((*needed, 0));
                    }
                }
                None => {
                    state[number] = 2;
                    order.push(number);
                    path.pop();
                }
            }
        }
    }
    circular.sort_unstable();
    circular.dedup();
    order.retain(|number| !circular.contains(number));
    (order, circular)
}

/// Which of some names an expression holds.
struct Names<'n> {
    index: &'n BTreeMap<&'n str, usize>,
    found: Vec<usize>,
}

impl<'a> Visit<'a> for Names<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let ExprKind::Name(name) = &expr.kind {
            self.found.extend(self.index.get(&*name.text));
        }
        walk_expr(self, expr);
    }
}
