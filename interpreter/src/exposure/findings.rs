//! Ways round a guard, as findings.

use qg_fleet::checks::place::own_place;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::exposure as codes;

use super::{Breach, Exposure, Way};
use crate::Build;
use crate::requests::Servers;

pub(super) fn findings(
    build: &Build,
    servers: &Servers<'_>,
    exposure: &Exposure,
) -> Vec<Diagnostic> {
    let breaches = exposure.proof.breaches.iter();
    breaches.filter_map(|it| finding(build, servers, exposure, it)).collect()
}

fn finding(
    build: &Build,
    servers: &Servers<'_>,
    exposure: &Exposure,
    breach: &Breach,
) -> Option<Diagnostic> {
    let fleet = build.fleet.as_ref()?;
    let claim = exposure.claims.get(breach.claim)?;
    let house = servers.up().find(|it| it.proxy == breach.proxy)?;
    let guard = own_place(fleet, &[claim.origin, claim.route]);
    let router = breach.way.router().and_then(|it| house.place(build, "routers", it));
    let span = router.as_ref().map_or(guard, |it| it.span);
    let (message, here) = match &breach.way {
        Way::Router(name) => (
            format!("{} is reached past what it asks for", claim.title),
            format!("router {name} answers"),
        ),
        Way::SomebodyElse(name) => (
            format!("{} takes a client's own word for who it is", claim.title),
            format!("router {name} hands it on"),
        ),
        Way::Port(what) => (
            format!("{} is reached past its proxy", claim.title),
            format!("{what} listens for others"),
        ),
    };
    let mut finding = Diagnostic::error(codes::WAY_ROUND, span, message)
        .here(here)
        .help(format!("the way in: {}", breach.way_in))
        .help(format!("{} serves it; `qgc request` tells the story of a request", breach.server));
    if guard != span {
        let asks: Vec<String> = claim.asks.iter().map(ToString::to_string).collect();
        let asks = if asks.is_empty() { claim.from.to_string() } else { asks.join(", ") };
        finding = finding.also(guard, format!("what it asks: {asks}"));
    }
    for other in breach.others.iter().filter_map(|at| exposure.claims.get(*at)).take(3) {
        let at = own_place(fleet, &[other.origin, other.route]);
        finding = finding.also(at, format!("{} as well", other.title));
    }
    Some(finding)
}
