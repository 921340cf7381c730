//! What a source types again though the model has it: the fleet's names, addresses, ports, time zone and folders. Such
//! a text is right today, and stays behind when the model changes.
//!
//! Only what is written as a literal is judged: the text of the source at a leaf's place, without what `${…}` brings.

use std::collections::{BTreeMap, BTreeSet};

use qg_lang::diagnostic::codes::unread as codes;
use qg_lang::diagnostic::{Code, Diagnostic};
use qg_lang::span::Span;
use qg_lang::{is_library, network::is_loopback};

use super::FleetCheck;
use crate::Facts;
use crate::leaf::{OriginId, Priority};
use crate::leaves::{LeafValue, ModelStep, each};

mod written;

use written::{tokens, value};

pub(super) const CHECK: FleetCheck = FleetCheck {
    codes: &[codes::TYPED_NAME, codes::TYPED_ADDRESS, codes::TYPED_PORT, codes::TYPED_SETTING],
    run,
};

/// What the model has, by how it is typed.
struct Known<'f> {
    /// The domain, where the fleet says it.
    domain: Option<&'f str>,
    timezone: Option<&'f str>,
    /// The routes of each name.
    names: BTreeMap<String, String>,
    /// The hosts of each address.
    addresses: BTreeMap<&'f str, &'f str>,
    /// The ports that each host answers on: by host, and by number.
    ports: BTreeMap<(&'f str, u16), String>,
}

/// A leaf that is written as a literal.
struct Literal<'f> {
    kind: &'static str,
    key: &'f str,
    span: Span,
    text: &'f str,
}

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    let known = known(fleet);
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    each(&fleet.model, &mut |way, value, said| {
        if !may_retype(value) || says_it(way) {
            return;
        }
        let Some(literal) = literal(fleet, way, said.origin) else { return };
        if seen.insert(literal.span) {
            judge(fleet, &known, &literal, out);
        }
    });
}

fn may_retype(value: LeafValue<'_>) -> bool {
    matches!(value, LeafValue::Text(_) | LeafValue::Sealed(_) | LeafValue::Int(_))
}

/// Fields that are where the model has its facts from, and texts for people.
fn says_it(way: &[ModelStep<'_>]) -> bool {
    const FACTS: &[(&str, &str)] = &[
        ("Fleet", "domain"),
        ("Fleet", "timezone"),
        ("Fleet", "state"),
        ("Host", "address"),
        ("Route", "host"),
        ("Route", "aliases"),
        ("Route", "certificate"),
        ("Policy", "deny"),
        ("Policy", "warn"),
    ];
    way.iter().any(|step| {
        matches!(step, ModelStep::Field(field)
            if FACTS.contains(&field.key()) || ["about", "because", "title", "email"].contains(&field.name))
    })
}

fn literal<'f>(
    fleet: &'f Facts<'_>,
    way: &[ModelStep<'f>],
    origin: OriginId,
) -> Option<Literal<'f>> {
    let [ModelStep::Field(kind), ModelStep::Key(key), ..] = way else { return None };
    let span = fleet.origins.span(origin)?;
    let file = fleet.sources.get(span.file)?;
    if is_library(span.file) || file.is_data() {
        return None;
    }
    let (behind, text) = value(file.slice(span));
    let span = Span::new(span.file, span.start + behind as u32, span.end);
    Some(Literal { kind: kind.name, key, span, text })
}

fn known<'f>(fleet: &'f Facts<'_>) -> Known<'f> {
    let own = |origin: OriginId| fleet.origins.span(origin).is_some_and(|it| !is_library(it.file));
    let model = &fleet.model;
    let mut known = Known {
        domain: Some(&model.fleet.domain).filter(|it| own(it.origin)).map(|it| it.value.as_str()),
        timezone: Some(&model.fleet.timezone)
            .filter(|it| own(it.origin))
            .map(|it| it.value.as_str()),
        names: BTreeMap::new(),
        addresses: BTreeMap::new(),
        ports: BTreeMap::new(),
    };
    for way in model.ways().filter(|it| it.is_published()) {
        for name in model.names(way.route) {
            known.names.entry(name.value).or_insert_with(|| way.title());
        }
    }
    for (name, host) in &model.host {
        if let Some(address) = &host.address {
            known.addresses.insert(&address.value, name);
        }
    }
    for (name, service) in &model.service {
        let Some(host) = &service.on else { continue };
        // What a module listens on by itself is its own matter.
        let said = service.ports.iter().filter(|(_, it)| it.priority != Priority::SchemaDefault);
        for (port, it) in said.filter(|(_, it)| it.publish.value) {
            let place = (host.entity(), it.host.value.number);
            known.ports.entry(place).or_insert_with(|| format!("service.{name}.ports.{port}.host"));
        }
    }
    known
}

fn judge(fleet: &Facts<'_>, known: &Known<'_>, literal: &Literal<'_>, out: &mut Vec<Diagnostic>) {
    if known.timezone.is_some_and(|it| {
        literal.text.strip_prefix('"').and_then(|it| it.strip_suffix('"')) == Some(it)
    }) {
        let finding =
            retyped(codes::TYPED_SETTING, literal.span, "the fleet's time zone", "fleet.timezone");
        out.push(finding.fix("say `fleet.timezone`", literal.span, "fleet.timezone"));
        return;
    }
    let service = || fleet.model.service.get(literal.key).filter(|_| literal.kind == "service");
    let host = match literal.kind {
        "host" => Some(literal.key),
        _ => service().and_then(|it| it.on.as_ref()).map(|it| it.entity()),
    };
    let at = |start: usize, length: usize| {
        let start = literal.span.start + start as u32;
        Span::new(literal.span.file, start, start + length as u32)
    };
    for token in tokens(literal.text) {
        let here = at(token.start, token.text.len());
        let place = known.addresses.get(token.text).copied().filter(|_| !is_loopback(token.text));
        let local = host.filter(|_| is_loopback(token.text) && is_on_host(literal, fleet));
        if known.domain == Some(token.text) && !token.is_mail {
            out.push(retyped(codes::TYPED_NAME, here, "the fleet's domain", "fleet.domain"));
        } else if let Some(route) = known.names.get(token.text).filter(|_| !token.is_mail) {
            out.push(retyped(
                codes::TYPED_NAME,
                here,
                &format!("the name of {route}"),
                &format!("{route}.url"),
            ));
        } else if let Some(of) = place {
            let what = format!("the address of host.{of}");
            out.push(retyped(codes::TYPED_ADDRESS, here, &what, &format!("host.{of}.address")));
        } else if let Some((start, number)) = token.port
            && let Some(of) = local.and_then(|host| known.ports.get(&(host, number)))
        {
            let here = at(start, number.to_string().len());
            out.push(retyped(codes::TYPED_PORT, here, of, of));
        }
    }
}

/// Whether loopback is the host's own where a literal stands: not in a container with a network of its own.
fn is_on_host(literal: &Literal<'_>, fleet: &Facts<'_>) -> bool {
    let of = fleet.model.service.get(literal.key).filter(|_| literal.kind == "service");
    of.and_then(|it| it.container.as_ref()).is_none_or(|it| fleet.is_on_host(it))
}

fn retyped(code: Code, at: Span, what: &str, instead: &str) -> Diagnostic {
    Diagnostic::warning(code, at, format!("{what} is typed again"))
        .help(format!("say `{instead}`, which follows when that changes"))
}
