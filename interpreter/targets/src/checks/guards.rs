//! One name on two proxies: the rules of a login server that both ask know no proxy, and a guard that one of
//! them lacks is walked round through the other.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::checks::place::place;
use qg_fleet::guards::Guards;
use qg_fleet::path::folders_above;
use qg_fleet::route::Exposure;
use qg_fleet::ways::ServiceRoute;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use super::Check;
use crate::Prepared;
use crate::authelia::guards::{Run, runs};

pub(super) const CHECK: Check = Check { codes: &[codes::SHARED_GUARD], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for portal in fleet.model.portal.keys() {
        let runs = runs(&fleet.model, portal);
        let shared = runs.iter().filter(|run| !run.others.is_empty());
        found.extend(shared.map(|run| shared_guard(fleet, run)));
    }
    unguarded(fleet, found);
}

/// A route over HTTP, on the proxy that answers for it.
struct Answered<'f> {
    proxy: &'f str,
    way: ServiceRoute<'f>,
    guards: Guards<'f>,
}

impl Answered<'_> {
    /// Whether it asks for more than that one comes from the house: a login, a certificate, a password.
    fn is_guarded(&self) -> bool {
        !self.guards.are_none() && !self.guards.are_of_the_network_alone()
    }
}

/// Names that one proxy guards and another one opens to everybody.
fn unguarded(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    let mut names: BTreeMap<String, Vec<Answered<'_>>> = BTreeMap::new();
    for (key, proxy) in &fleet.model.proxy {
        let ways = fleet.model.ways_of(key);
        for way in ways.filter(|it| it.route.is_http() && it.is_published()) {
            for name in fleet.model.names(way.route) {
                let guards = Guards::of(&fleet.model, proxy, way);
                names.entry(name.value).or_default().push(Answered { proxy: key, way, guards });
            }
        }
    }
    for (name, all) in &names {
        for (open, guarded) in opened(all) {
            found.push(walked_round(fleet, name, open, guarded));
        }
    }
}

/// The routes of one name that let everybody through to what another proxy guards, each with the first such guarded
/// one. Of a proxy the narrowest route that holds a path answers for it, so that each guarded path asks once.
fn opened<'a, 'f>(all: &'a [Answered<'f>]) -> Vec<(&'a Answered<'f>, &'a Answered<'f>)> {
    let mut at: BTreeMap<(&str, String), Vec<usize>> = BTreeMap::new();
    for (index, it) in all.iter().enumerate() {
        at.entry((it.proxy, it.way.below().into_owned())).or_default().push(index);
    }
    let proxies: BTreeSet<&str> = all.iter().map(|it| it.proxy).collect();
    let (mut asked, mut first) = (BTreeSet::new(), BTreeMap::new());
    for guarded in all.iter().filter(|it| it.is_guarded()) {
        let path = guarded.way.below();
        for proxy in proxies.iter().filter(|it| **it != guarded.proxy) {
            let mut above = std::iter::once(&*path).chain(folders_above(&path));
            let answers = above.find_map(|it| at.get_key_value(&(*proxy, it.to_owned())));
            if let Some((place, indices)) = answers
                && asked.insert(place)
            {
                first.extend(indices.iter().map(|index| (*index, guarded)));
            }
        }
    }
    let open = all.iter().enumerate().filter(|(_, it)| it.guards.are_none());
    open.filter_map(|(index, it)| Some((it, *first.get(&index)?))).collect()
}

fn walked_round(
    fleet: &Prepared<'_>,
    name: &str,
    open: &Answered<'_>,
    guarded: &Answered<'_>,
) -> Diagnostic {
    let asks = match guarded.way.route.expose.value {
        Exposure::Private => guarded.way.route.expose.origin,
        Exposure::Public | Exposure::Lan | Exposure::Internal => guarded.way.route.login.origin,
    };
    let path = guarded.way.below();
    Diagnostic::warning(
        codes::SHARED_GUARD,
        place(fleet, open.way.route.expose.origin),
        format!(
            "{name}{path} is guarded on proxy.{}, and open to everybody on proxy.{}",
            guarded.proxy, open.proxy
        ),
    )
    .here(format!("{} lets everybody through", open.way.title()))
    .also(place(fleet, asks), format!("{} asks for more", guarded.way.title()))
    .help("guard both in the same way, or give one of the routes another name")
}

fn shared_guard(fleet: &Prepared<'_>, run: &Run<'_>) -> Diagnostic {
    let (way, _) = run.own;
    let names: Vec<String> =
        run.names.iter().map(|name| format!("{}{}", name.value, way.below())).collect();
    let names = names.join(" and ");
    let span = place(fleet, way.route.login.origin);
    let mut finding = if run.is_too_much() {
        let message = format!("{names} is guarded in too many ways to say who may pass by all");
        Diagnostic::error(codes::SHARED_GUARD, span, message)
    } else {
        let message =
            format!("{names} is guarded in two ways, and the stricter one holds on every proxy");
        Diagnostic::warning(codes::SHARED_GUARD, span, message)
    };
    finding = finding.here(format!("{} asks for this", way.title()));
    for (other, _) in &run.others {
        let at = place(fleet, other.route.login.origin);
        finding = finding.also(at, format!("and {}, on another proxy, for this", other.title()));
    }
    finding.help("say the same `login` on both, or give one of the routes another name")
}
