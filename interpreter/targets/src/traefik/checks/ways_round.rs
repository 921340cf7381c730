//! Ways round a guard that go through something else: an encoded character, an error page, the login page's name.

use std::collections::BTreeSet;

use qg_fleet::checks::place::{first_place, place};
use qg_fleet::guards::{self, Guards, Shared, Step};
use qg_fleet::leaf::{At, EntityPath, OriginId, RefOr};
use qg_fleet::proxy::Proxy;
use qg_fleet::ways::ServiceRoute;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use crate::Prepared;
use crate::checks::Check;
use crate::traefik::encoded_allowed;

pub(super) const CHECK: Check =
    Check { codes: &[codes::ENCODED_WAY, codes::GUARDED_PAGE, codes::BESIDE_LOGIN], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for (key, proxy) in &fleet.model.proxy {
        let shared = Shared::new(&fleet.model, key, proxy);
        let (mut encoded_known, mut page_known) = (BTreeSet::new(), BTreeSet::new());
        for way in fleet.model.ways_of(key).filter(|way| way.route.is_http()) {
            for (step, own) in steps(fleet, proxy, way) {
                if encoded_known.insert((step.name, way.path())) {
                    encoded(fleet, &shared, way, step, found);
                }
                if !page_known.contains(step.name) && page(fleet, proxy, way, step, own, found) {
                    page_known.insert(step.name);
                }
            }
        }
    }
    beside_login(fleet, found);
}

/// The middlewares of a route, those of the proxy first, and whether each is the route's own.
fn steps<'f>(
    fleet: &'f Prepared<'f>,
    proxy: &'f Proxy,
    way: ServiceRoute<'f>,
) -> Vec<(Step<'f>, bool)> {
    let of = |list: &'f At<Vec<At<EntityPath>>>, own: bool| {
        guards::steps(&fleet.model, list.iter()).into_iter().map(move |step| (step, own))
    };
    let exempt = proxy.exempts(way.service);
    let first: Vec<_> = of(&proxy.r#use, false).filter(|_| !exempt).collect();
    first.into_iter().chain(of(&way.route.r#use, true)).collect()
}

/// The user's own `encodedCharacters` stands in place of ours.
fn encoded(
    fleet: &Prepared<'_>,
    shared: &Shared<'_>,
    way: ServiceRoute<'_>,
    step: Step<'_>,
    found: &mut Vec<Diagnostic>,
) {
    if step.middleware.does.kind != "encodedCharacters" {
        return;
    }
    let names = fleet.model.names(way.route);
    let divided = names.iter().find(|name| shared.is_divided(name));
    let Some((option, said)) = encoded_allowed(&step.middleware.does) else { return };
    let Some(name) = divided else { return };
    let message =
        format!("paths decide who gets through on {}, and `{option}` hides them", name.value);
    let by = way.route.path.as_ref().map_or(way.route.origin, |path| path.origin);
    found.push(
        Diagnostic::error(codes::ENCODED_WAY, place(fleet, said.origin), message)
            .also(first_place(fleet, &[by, way.route.origin]), "one of the routes")
            .help("drop it, or give what is guarded otherwise a name of its own"),
    );
}

/// A page that is fetched past the guards of the route it belongs to.
fn page(
    fleet: &Prepared<'_>,
    proxy: &Proxy,
    way: ServiceRoute<'_>,
    step: Step<'_>,
    own: bool,
    found: &mut Vec<Diagnostic>,
) -> bool {
    let does = &step.middleware.does;
    let Some(service) = does.get("service").filter(|_| does.kind == "errors") else { return false };
    let Some(target) = service.reference().and_then(|path| fleet.model.way(path)) else {
        return false;
    };
    let guards = Guards::of(&fleet.model, proxy, target);
    // Whoever has come past the same guards may see it.
    let passed = own && guards == Guards::of(&fleet.model, proxy, way);
    if guards.are_none() || passed || !target.is_published() {
        return false;
    }
    let message =
        format!("{} shows pages from behind the guards of {}", way.title(), target.title());
    found.push(
        Diagnostic::error(codes::GUARDED_PAGE, place(fleet, service.origin), message)
            .also(first_place(fleet, &[step.by, way.route.origin]), "shown here")
            .help("lead it to a public route that has nothing but the pages"),
    );
    true
}

/// Whatever else is below the login page's name can read what people type there.
fn beside_login(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for (key, portal) in &fleet.model.portal {
        let Some(login) = fleet.model.way(&portal.route) else { continue };
        let names = fleet.model.names(login.route);
        for way in fleet.model.ways().filter(|way| way.is_published() && way.route.is_http()) {
            let same = match &way.route.to.value {
                RefOr::Ref(port) => {
                    port.kind() == "service" && port.entity() == portal.service.entity()
                }
                RefOr::Value(_) => false,
            };
            let own = fleet.model.names(way.route);
            let shared = own.iter().find(|name| names.iter().any(|it| it.value == name.value));
            let Some(name) = shared.filter(|_| !same && way.path() != login.path()) else {
                continue;
            };
            let message = format!(
                "people log in at {}: what else is there can read what they type",
                name.value
            );
            let by: [OriginId; 2] = [name.origin, way.route.origin];
            found.push(
                Diagnostic::error(codes::BESIDE_LOGIN, first_place(fleet, &by), message)
                    .also(place(fleet, portal.route.origin), format!("portal.{key}"))
                    .help("give it a name of its own"),
            );
        }
    }
}
