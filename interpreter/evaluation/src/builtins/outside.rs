//! What nobody inside can answer: requests, for the files that they go to are made after the model.

use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;

use crate::Evaluator;
use crate::value::{Val, Value};

/// Who answers requests: gets the arguments of `get` in their order, and gives a verdict; what is wrong with the
/// question it reports at the call.
pub type Requests<'a> = dyn Fn(&mut Evaluator<'_>, &[Val], Span) -> Option<Value> + 'a;

/// `get(url, client, method)`
pub(super) fn get(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    if args.iter().any(Val::is_unknown) {
        return None;
    }
    if let Some(requests) = ev.requests {
        return requests(ev, args, span);
    }
    let message = "a value of the model cannot ask for an answer";
    ev.report_at(
        Diagnostic::error(codes::tests::ASKED_TOO_EARLY, span, message)
            .here("the files that would answer are made of the model")
            .help(
                "say it in a test: `test \"…\" { expect get(…) is served }`, which `qgc test` asks",
            ),
    );
    None
}
