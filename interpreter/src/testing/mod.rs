//! The tests of a fleet: each expectation is evaluated when the files are made, and what it asks of the proxy and the
//! login server is answered from these.

pub(crate) mod asked;
mod judge;
mod story;

use std::cell::RefCell;
use std::sync::Arc;

use qg_evaluation::Evaluator;
use qg_evaluation::value::{Lambda, NodeId, Val, Value};
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;
use qg_lang::stack::roomy;

use crate::Build;
use crate::query::Seen;
use crate::requests::{Servers, Unsent};
use asked::Exchange;

/// What came of one test.
#[derive(Clone, Debug)]
pub struct Tested {
    pub name: String,
    /// Where it is said.
    pub span: Option<Span>,
    /// How many expectations it has, loops unfolded.
    pub expectations: usize,
    /// What does not hold, or could not be asked; empty where all is well.
    pub findings: Vec<Diagnostic>,
}

impl Tested {
    #[must_use]
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

impl Build {
    /// Asks the tests whose names are wanted, in the order of their places. Those that are disabled are left out.
    ///
    /// # Errors
    /// Where the fleet has errors: then there are no files that would answer.
    pub fn test(&self, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<Tested>, Unsent> {
        if self.fleet.is_some() && self.keys_at(&["test"]).is_empty() {
            return Ok(Vec::new());
        }
        let servers = Servers::of(self)?.with_places(self);
        Ok(roomy(|| self.tested(&servers, wanted)))
    }

    fn tested(&self, servers: &Servers<'_>, wanted: &dyn Fn(&str) -> bool) -> Vec<Tested> {
        let exchanges: RefCell<Vec<Exchange>> = RefCell::default();
        let requests = |ev: &mut Evaluator<'_>, args: &[Val], span: Span| {
            let exchange = asked::ask(ev, self, servers, args, span)?;
            let verdict = asked::verdict(ev, &exchange.told.verdict, span);
            exchanges.borrow_mut().push(exchange);
            verdict
        };
        let mut state = self.known();
        let world = Seen::of(&state, self.limits);
        let mut ev = Evaluator::new(&self.analysis, &world, std::mem::take(&mut *state));
        ev.requests = Some(&requests);
        let mut all = Vec::new();
        for (name, id) in tests(&mut ev) {
            if !wanted(&name) || ev.is_disabled(id) {
                continue;
            }
            let span = ev.state.origins.span(ev.state.node(id).origin);
            let expectations = expectations(&mut ev, id);
            let mut findings = Vec::new();
            for function in &expectations {
                // What an answer takes goes away with it.
                let held = ev.state.held;
                let finding = judge::judge(&mut ev, function, &exchanges);
                ev.state.held = held;
                findings.append(&mut ev.diagnostics);
                findings.extend(finding);
            }
            findings.extend(span.filter(|_| expectations.is_empty()).map(nothing_expected));
            qg_lang::diagnostic::tidy(&mut findings);
            let expectations = expectations.len();
            all.push(Tested { name: name.to_string(), span, expectations, findings });
        }
        *state = ev.finish().0;
        all.sort_by(|a, b| (a.span, &a.name).cmp(&(b.span, &b.name)));
        all
    }
}

fn nothing_expected(span: Span) -> Diagnostic {
    Diagnostic::error(codes::tests::EXPECTED, span, "this test expects nothing")
        .help("say what is to be true: `expect get(\"https://…\") is served`")
}

/// The tests of the model, in the order of their names.
fn tests(ev: &mut Evaluator<'_>) -> Vec<(Arc<str>, NodeId)> {
    let Some(model) = ev.state.model else { return Vec::new() };
    let Value::Record(map) = ev.field(model, "test").value else { return Vec::new() };
    let mut all = Vec::new();
    for name in ev.names_of(map) {
        if let Value::Record(id) | Value::Ref(id) = ev.field(map, &name).value {
            all.push((name, id));
        }
    }
    all
}

fn expectations(ev: &mut Evaluator<'_>, id: NodeId) -> Vec<Arc<Lambda>> {
    let val = ev.field(id, "expect");
    let (Value::Set(list) | Value::List(list)) = &val.value else { return Vec::new() };
    // The checker lets nothing else be here.
    let function = |it: &Val| {
        if let Value::Lambda(function) = &it.value { Some(Arc::clone(function)) } else { None }
    };
    list.items.iter().filter_map(function).collect()
}
