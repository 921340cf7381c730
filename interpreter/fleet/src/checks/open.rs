//! Routes that the whole world may reach without a login, and that nobody says are meant so.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target as codes;
use qg_lang::span::Span;

use super::FleetCheck;
use super::place::own_place;
use crate::Facts;
use crate::guards::way_steps;
use crate::leaf::EntityPath;
use crate::route::{Exposure, Login};
use crate::ways::ServiceRoute;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::OPEN_ROUTE], run };

/// Middlewares that ask who somebody is, or from where.
const ASKS: &[&str] = &["basicAuth", "digestAuth", "forwardAuth", "ipAllowList", "plugin"];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    if fleet.partial {
        return;
    }
    for (key, proxy) in &fleet.model.proxy {
        for way in fleet.model.ways_of(key) {
            let open = way.route.expose.value == Exposure::Public
                && matches!(way.route.login.value, Login::None);
            let asked = way_steps(&fleet.model, proxy, way)
                .iter()
                .any(|step| ASKS.contains(&step.middleware.does.kind.as_str()));
            if open && !asked && !is_named(fleet, way) {
                out.push(finding(fleet, way));
            }
        }
    }
}

fn is_named(fleet: &Facts<'_>, way: ServiceRoute<'_>) -> bool {
    let (service, route) =
        (EntityPath(vec!["service".to_owned(), way.service.to_owned()]), way.path());
    fleet.model.fleet.open.iter().any(|it| it.value == service || it.value == route)
}

fn finding(fleet: &Facts<'_>, way: ServiceRoute<'_>) -> Diagnostic {
    let at = own_place(fleet, &[way.route.login.origin, way.route.origin]);
    let title = way.title();
    let message =
        format!("everybody reaches {title} without a login, and nothing says that it is meant");
    let mut finding = Diagnostic::warning(codes::OPEN_ROUTE, at, message)
        .help(format!("if it is, name it: `fleet {{ open = [{title}] }}`; `service.{}` names all of its routes", way.service))
        .help("if it is not: `login = sso` asks before it, `login = own` says that the program asks itself, `expose = private` wants a certificate");
    let route = own_place(fleet, &[way.route.expose.origin, way.route.origin]);
    if route != at {
        finding = finding.also(route, "it is public");
    }
    // Sets unite, so that the end of the file is as good as any other place.
    if let Some(end) = fleet.sources.get(at.file).map(|file| file.whole().end) {
        let name = if plain(way.service) && plain(way.name) {
            title
        } else {
            format!("service.\"{}\".route.\"{}\"", way.service, way.name)
        };
        let text = format!("\nfleet {{ open = [{name}] }}\n");
        finding = finding.fix("say that it is meant", Span::new(at.file, end, end), text);
    }
    finding
}

fn plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}
