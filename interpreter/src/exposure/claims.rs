//! What each route says of who may pass: what the proof holds the proxy and the login server to.

use std::collections::BTreeSet;

use qg_fleet::Fleet;
use qg_fleet::backends::field;
use qg_fleet::guards::{entry_points, way_steps};
use qg_fleet::leaf::{At, Data, OriginId};
use qg_fleet::proxy::Proxy;
use qg_fleet::route::{Exposure, Factor, Login};
use qg_fleet::ways::ServiceRoute;

use super::who::{Asks, From};

/// A route's word for who may pass.
#[derive(Clone, Debug)]
pub struct Claim {
    /// `service.sonarr.route.web`
    pub title: String,
    /// The proxy that answers for it, by its key.
    pub proxy: String,
    /// The names that people type, in small letters.
    pub names: Vec<String>,
    /// What it is told apart by below its names; "" for everything.
    pub path: String,
    /// The entry points that it is answered on.
    pub points: Vec<String>,
    /// The servers that it leads to, as `127.0.0.1:8989`.
    pub servers: BTreeSet<String>,
    pub from: From,
    /// All of these are asked.
    pub asks: Vec<Asks>,
    /// Who said the guard, or the route.
    pub origin: OriginId,
    pub route: OriginId,
}

/// A port that can be reached without any proxy.
#[derive(Clone, Debug)]
pub struct Door {
    pub host: String,
    /// What listens there: `service.sonarr.ports.web`.
    pub what: String,
    /// `192.168.0.28:8989`
    pub at: String,
    /// The same as a proxy on the host leads to it: `127.0.0.1:8989`.
    pub server: String,
    pub from: From,
}

impl Claim {
    /// Whether it keeps anybody out.
    #[must_use]
    pub fn is_guarded(&self) -> bool {
        self.from != From::Internet || self.asks.iter().any(|it| *it != Asks::Program)
    }
}

/// The claims of all routes over HTTP, by proxy.
pub(super) fn claims(fleet: &Fleet) -> Vec<Claim> {
    let model = &fleet.model;
    let mut all = Vec::new();
    for way in model.ways().filter(|way| way.route.is_http()) {
        let Ok((key, proxy)) = model.proxy_of(way) else { continue };
        all.push(claim(fleet, key, proxy, way));
    }
    all
}

fn claim(fleet: &Fleet, key: &str, proxy: &At<Proxy>, way: ServiceRoute<'_>) -> Claim {
    let (from, asks) = asks(fleet, proxy, way);
    let route = way.route;
    let origin = match &route.login.value {
        Login::Sso(_) => route.login.origin,
        Login::Own | Login::None => route.expose.origin,
    };
    Claim {
        title: way.title(),
        proxy: key.to_owned(),
        names: fleet.model.names(route).into_iter().map(|name| name.value).collect(),
        path: way.below().into_owned(),
        points: entry_points(route).into_iter().map(str::to_owned).collect(),
        servers: servers(fleet, proxy.on.entity(), way),
        from,
        asks,
        origin,
        route: route.origin,
    }
}

/// From where, and what is asked of them.
pub(super) fn asks(fleet: &Fleet, proxy: &At<Proxy>, way: ServiceRoute<'_>) -> (From, Vec<Asks>) {
    let route = way.route;
    let mut asks = Vec::new();
    let from = match route.expose.value {
        Exposure::Public => From::Internet,
        Exposure::Private => {
            asks.push(Asks::Certificate);
            From::Internet
        }
        Exposure::Lan => From::Lan(proxy.lan.iter().map(|it| it.value.to_string()).collect()),
        Exposure::Internal => From::Host,
    };
    for step in way_steps(&fleet.model, proxy, way) {
        let (does, middleware) = (&step.middleware.does, step.name.to_owned());
        asks.extend(match does.kind.as_str() {
            "basicAuth" | "digestAuth" => Some(Asks::Password { middleware }),
            "forwardAuth" => Some(Asks::Authority { middleware }),
            "plugin" => Some(Asks::Plugin { middleware }),
            // Whose address counts is another question then.
            "ipAllowList" if does.get("ipStrategy").is_some() => Some(Asks::Plugin { middleware }),
            "ipAllowList" => {
                let networks = does.items("sourceRange").filter_map(|it| it.spelled()).collect();
                Some(Asks::Networks { middleware, networks })
            }
            _ => None,
        });
    }
    match &route.login.value {
        Login::Sso(sso) => {
            let named = |kind: &str| {
                let all = sso.allow.iter().filter(|it| it.kind() == kind);
                all.map(|it| it.entity().to_owned()).collect::<Vec<_>>()
            };
            let group = |it: String| {
                fleet.model.people.get(&it).map_or(it, |people| people.group.value.clone())
            };
            asks.push(Asks::Login {
                groups: named("people").into_iter().map(group).collect(),
                people: named("person"),
                factor: match sso.factor.value {
                    Factor::One => 1,
                    Factor::Two => 2,
                },
                bypass: sso.bypass.iter().map(|it| it.value.clone()).collect(),
            });
        }
        Login::Own => asks.push(Asks::Program),
        Login::None => {}
    }
    asks.sort();
    (from, asks)
}

/// The servers that a route leads to, seen from its proxy.
fn servers(fleet: &Fleet, host: &str, way: ServiceRoute<'_>) -> BTreeSet<String> {
    let model = &fleet.model;
    let Some(backend) = way.route.backend() else {
        return model.backend(host, way).ok().map(|it| it.authority()).into_iter().collect();
    };
    let backends = model.backends_below(backend.entity()).into_iter();
    let servers = backends.filter_map(|name| model.backend.get(name));
    let servers = servers.flat_map(|it| it.servers().collect::<Vec<&At<Data>>>());
    let with_place = servers.filter(|it| field(it, "to").is_some());
    with_place.filter_map(|it| Some(model.server(host, it).ok()?.authority())).collect()
}
