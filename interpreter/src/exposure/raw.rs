//! Routers of a proxy's raw options: who they let through is asked of the simulation, with a request of their own.

use std::net::IpAddr;

use qg_fleet::Facts;
use qg_requests::traefik::{Certificate, Router};

use super::Client;
use super::candidates::{Candidate, names};
use super::proof::request;
use super::rows::{Kind, Row, outer};
use super::who::{Asks, From};
use crate::Build;
use crate::requests::{House, Servers};

pub(super) fn rows(build: &Build, facts: &Facts<'_>, servers: &Servers<'_>) -> Vec<Row> {
    let mut all = Vec::new();
    for house in servers.up() {
        for (name, router) in &house.configuration.routers {
            let place = house.place(build, "routers", name);
            let is_route = |path: &str| path.starts_with("service.") || path.starts_with("portal.");
            let Some(place) = place.filter(|it| !is_route(&it.path)) else { continue };
            let (from, asks) = tried(servers, house, (name, router), || outer(facts, house.host));
            all.push(Row {
                host: house.host.to_owned(),
                kind: Kind::Router,
                what: format!("router {name}"),
                at: router.rule.clone(),
                through: Some(format!("proxy.{}", house.proxy)),
                from,
                asks,
                place: Some(place.span),
            });
        }
    }
    all
}

/// What it answers to nobody from the internet, to who has a certificate, and to who comes from the local network.
fn tried(
    servers: &Servers<'_>,
    house: &House<'_>,
    (name, router): (&str, &Router),
    outer: impl Fn() -> From,
) -> (From, Vec<Asks>) {
    let host = names(&router.rule).into_iter().next().unwrap_or_else(|| "x.test".to_owned());
    let points = house.configuration.entry_points.iter().map(|it| it.name.as_str());
    let point = router.entry_points.first().map(String::as_str).or_else(|| points.clone().next());
    let candidate = Candidate {
        point: point.unwrap_or_default().to_owned(),
        secure: router.tls.is_some(),
        sni: Some(host.clone()),
        host,
        path: path(&router.rule),
        method: "GET",
        headers: Vec::new(),
        proxied: None,
        status: 200,
    };
    let served = |client: &Client| {
        let request = request(&candidate, client);
        let put = servers.put(house, &request, None, candidate.status);
        put.is_ok_and(|(answer, _)| {
            answer.router.as_deref() == Some(name) && !answer.reached.is_empty()
        })
    };
    let nobody = Client::nobody();
    let known = Client { certificate: Certificate::Trusted, ..nobody.clone() };
    let near = Client { from: IpAddr::from([192, 168, 0, 7]), ..nobody.clone() };
    if served(&nobody) {
        (outer(), Vec::new())
    } else if served(&known) {
        (outer(), vec![Asks::Certificate])
    } else if served(&near) {
        (From::Lan(Vec::new()), Vec::new())
    } else {
        let asks = router.middlewares.first().map(|it| Asks::Authority { middleware: it.clone() });
        (outer(), asks.into_iter().collect())
    }
}

/// A path that a rule may match.
fn path(rule: &str) -> String {
    let found = rule.split_once("PathPrefix(").or_else(|| rule.split_once("Path("));
    let path = found.and_then(|(_, rest)| rest.split(')').next());
    let path = path.map(|it| it.trim_matches(['`', '"'])).filter(|it| it.starts_with('/'));
    path.unwrap_or("/").to_owned()
}
