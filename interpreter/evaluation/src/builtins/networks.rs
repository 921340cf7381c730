//! Addresses and networks, and what texts spell.

use qg_lang::check::types::Type;
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::network;
use qg_lang::span::Span;

use crate::Evaluator;
use crate::value::{Val, Value};

/// `nth(net, at)`
pub(super) fn nth(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let (net, at) = (args.first()?, args.get(1)?);
    let (Value::Subnet(net), Value::Int(place)) = (&net.value, &at.value) else { return None };
    let found = u128::try_from(*place).ok().and_then(|place| network::nth(net, place));
    if found.is_none() {
        let last = network::last(net);
        let message = match network::nth(net, last) {
            Some(end) if last > 0 => format!(
                "the addresses of {net} are {} at 0 to {end} at {last}, and there is none at {place}",
                net.network()
            ),
            Some(_) | None => {
                format!("the only address of {net} is at 0, and there is none at {place}")
            }
        };
        let mut finding = Diagnostic::error(codes::eval::OUT_OF_NETWORK, span, message)
            .help("take a larger network, as one with a shorter prefix");
        if let Some(from) = ev.place_of(at).filter(|from| *from != span) {
            finding = finding.also(from, "the place is made here");
        }
        ev.report_at(finding);
    }
    found.map(Value::Address)
}

/// `prefix(net)`
pub(super) fn prefix(_: &mut Evaluator<'_>, args: &[Val], _: Span) -> Option<Value> {
    let Value::Subnet(net) = &args.first()?.value else { return None };
    Some(Value::Int(i64::from(net.prefix_len())))
}

/// `address(text)`
pub(super) fn address(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    ev.spelled(args.first()?, &Type::Address, span)
}

/// `subnet(text)`
pub(super) fn subnet(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    ev.spelled(args.first()?, &Type::Subnet, span)
}

/// `path(text)`
pub(super) fn path(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    ev.spelled(args.first()?, &Type::Path, span)
}

/// `int(text)`
pub(super) fn int(ev: &mut Evaluator<'_>, args: &[Val], span: Span) -> Option<Value> {
    let Value::Text(text) = &args.first()?.value else { return None };
    // As the language writes one, and with the zeros that others put before it.
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = digits.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    if number.is_none() {
        let message = format!("{text:?} is no whole number of 64 bits");
        let mut finding = Diagnostic::error(codes::eval::BAD_FORMAT, span, message);
        if let Some(from) = args.first().and_then(|it| ev.place_of(it)).filter(|it| *it != span) {
            finding = finding.also(from, "it is made here");
        }
        ev.report_at(finding);
    }
    number.map(Value::Int)
}

/// Whether an address or a network lies in a network. None: it is neither.
pub(crate) fn within(net: &network::Network, value: &Value) -> Option<bool> {
    if let Value::Subnet(inner) = value {
        return Some(net.contains(inner));
    }
    let Value::Address(address) = value else { return None };
    Some(net.contains(address))
}
