//! `get(url, client, method)`: the arguments as a request, and the answer as a value.

use std::net::IpAddr;

use qg_evaluation::Evaluator;
use qg_evaluation::value::{NodeId, Val, Value};
use qg_fleet::leaf::OriginId;
use qg_lang::diagnostic::{Diagnostic, codes};
use qg_lang::span::Span;

use crate::Build;
use crate::requests::traefik::Certificate;
use crate::requests::{Ask, Servers, Told, Unsent, Verdict, Who};

/// A request that was sent, and what came of it.
pub(crate) struct Exchange {
    pub(crate) ask: Ask,
    pub(crate) told: Told,
}

/// The name of somebody of whom only groups are said.
const SOMEBODY: &str = "somebody";

pub(crate) fn ask(
    ev: &mut Evaluator<'_>,
    build: &Build,
    servers: &Servers<'_>,
    args: &[Val],
    span: Span,
) -> Option<Exchange> {
    let url = text(args.first()?)?;
    let client = node(args.get(1)?)?;
    let method = text(args.get(2)?)?.to_uppercase();
    let ask = Ask {
        method,
        url,
        from: from(ev, build, client, span)?,
        certificate: certificate(ev, client)?,
        who: who(ev, build, client)?,
        headers: headers(ev, client)?,
        at: key(ev, client, "at")?,
    };
    match servers.request(build, &ask) {
        Ok(told) => Some(Exchange { ask, told }),
        Err(why) => {
            ev.report_at(unsent(&why, span));
            None
        }
    }
}

/// Why nobody answers, at the call.
pub(crate) fn unsent(why: &Unsent, span: Span) -> Diagnostic {
    let finding = Diagnostic::error(codes::tests::UNSENT, span, format!("{why}"));
    match why.help() {
        Some(help) => finding.help(help),
        None => finding,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the checker lets these alone be here")]
fn from(ev: &mut Evaluator<'_>, build: &Build, client: NodeId, call: Span) -> Option<IpAddr> {
    let val = ev.field(client, "from");
    let said = match &val.value {
        Value::Address(address) => return Some(*address),
        Value::Ref(_) => format!("host.{}", entity(ev, &val)?),
        Value::Variant(..) => variant(ev, &val)?,
        _ => return None,
    };
    let found = build.sender(&said);
    if found.is_none() {
        let at = ev.state.origins.span(val.origin).filter(|it| !qg_lang::is_library(it.file));
        let (message, help) = match said.strip_prefix("host.") {
            Some(_) => (
                format!("{said} has no address that a request could come from"),
                "say its `address`",
            ),
            None => (
                "no proxy of the fleet says what is local".to_owned(),
                "say `lan` of the proxy, or an address in place of `lan` here",
            ),
        };
        ev.report_at(
            Diagnostic::error(codes::tests::UNSENT, at.unwrap_or(call), message).help(help),
        );
    }
    found
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the checker lets these alone be here")]
fn certificate(ev: &mut Evaluator<'_>, client: NodeId) -> Option<Certificate> {
    match ev.field(client, "certificate").value {
        Value::Bool(true) => Some(Certificate::Trusted),
        Value::Bool(false) => Some(Certificate::None),
        Value::Variant(..) => Some(Certificate::Untrusted),
        _ => None,
    }
}

/// Who has logged in; `None` in it where it is nobody.
#[expect(clippy::wildcard_enum_match_arm, reason = "the checker lets these alone be here")]
fn who(ev: &mut Evaluator<'_>, build: &Build, client: NodeId) -> Option<Option<Who>> {
    let user = ev.field(client, "user");
    let name = match &user.value {
        Value::Absent => None,
        Value::Ref(_) => Some(entity(ev, &user)?),
        Value::Text(name) => Some(name.to_string()),
        _ => return None,
    };
    let groups = ev.field(client, "member_of");
    let (Value::Set(list) | Value::List(list)) = &groups.value else { return None };
    let mut groups = Vec::new();
    for people in list.items.iter() {
        groups.push(build.group(&entity(ev, people)?));
    }
    let factor = ev.field(client, "factor");
    let factor = if variant(ev, &factor)? == "two" { 2 } else { 1 };
    Some(match name {
        None if groups.is_empty() => None,
        None => Some(Who { user: SOMEBODY.to_owned(), groups, factor }),
        Some(user) => {
            let groups = if groups.is_empty() { build.groups_of(&user) } else { groups };
            Some(Who { user, groups, factor })
        }
    })
}

fn headers(ev: &mut Evaluator<'_>, client: NodeId) -> Option<Vec<(String, String)>> {
    let map = node(&ev.field(client, "headers"))?;
    let mut all = Vec::new();
    for name in ev.names_of(map) {
        let value = text(&ev.field(map, &name))?;
        all.push((name.to_string(), value));
    }
    Some(all)
}

/// The name of an entity in a field that may be absent.
#[expect(clippy::wildcard_enum_match_arm, reason = "the checker lets these alone be here")]
fn key(ev: &mut Evaluator<'_>, of: NodeId, field: &str) -> Option<Option<String>> {
    let val = ev.field(of, field);
    match val.value {
        Value::Absent => Some(None),
        _ => entity(ev, &val).map(Some),
    }
}

fn text(val: &Val) -> Option<String> {
    if let Value::Text(it) = &val.value { Some(it.to_string()) } else { None }
}

fn node(val: &Val) -> Option<NodeId> {
    if let Value::Record(id) | Value::Ref(id) = val.value { Some(id) } else { None }
}

fn entity(ev: &Evaluator<'_>, val: &Val) -> Option<String> {
    ev.state.path(node(val)?).last().map(ToString::to_string)
}

fn variant(ev: &Evaluator<'_>, val: &Val) -> Option<String> {
    let Value::Variant(id, index, _) = val.value else { return None };
    let variants = &ev.analysis.declarations.enumeration(id).variants;
    variants.get(index as usize).map(|it| it.name.to_string())
}

/// A verdict as the language has it.
pub(crate) fn verdict(ev: &mut Evaluator<'_>, of: &Verdict, span: Span) -> Option<Value> {
    let val = |value: Value| Val::new(value, OriginId(0));
    let text = |it: &str| val(Value::Text(it.into()));
    let payload = match of {
        Verdict::Served { by } | Verdict::Forbidden { by } => {
            let thing = by.split_once('.').and_then(|(kind, name)| ev.thing(kind, name));
            vec![("by", thing.map_or_else(|| text(by), val))]
        }
        Verdict::Refused => {
            vec![("by", val(ev.variant_of("Refusal", "certificate", vec![], span)?))]
        }
        Verdict::Redirected { login: true, .. } => {
            vec![("to", val(ev.variant_of("Destination", "login", vec![], span)?))]
        }
        Verdict::Redirected { to, .. } => vec![("to", text(to))],
        Verdict::Challenged { factor } => {
            let factor = if *factor == 2 { "two" } else { "one" };
            vec![("factor", val(ev.variant_of("Factor", factor, vec![], span)?))]
        }
        Verdict::NotFound => vec![],
        Verdict::Other { status } => vec![("status", val(Value::Int(i64::from(*status))))],
    };
    ev.variant_of("Verdict", of.word(), payload, span)
}
