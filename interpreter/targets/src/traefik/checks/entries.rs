//! Entry points that take a client's word for what a guard goes by: its address, its headers, the shape of its path.
//! Looked at is what is written, whether it was said in `entry_points` or in `static`.

use qg_fleet::checks::place::first_place;
use qg_fleet::choice::Choice;
use qg_fleet::guards;
use qg_fleet::leaf::{Data, OriginId};
use qg_fleet::proxy::TraefikProxy;
use qg_fleet::route::{Exposure, Login};
use qg_fleet::ways::ServiceRoute;
use qg_formats::Tree;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use crate::Prepared;
use crate::checks::Check;
use crate::traefik;

pub(super) const CHECK: Check = Check { codes: &[codes::TRUSTING_ENTRY], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for of in fleet.model.traefiks() {
        let (fixed, _) = traefik::static_options(fleet, of);
        let look = Look::new(fleet, of);
        for (name, point) in fixed.at(&["entryPoints"]).into_iter().flat_map(Tree::entries) {
            look.at(name, point, found);
        }
    }
}

struct Look<'f> {
    fleet: &'f Prepared<'f>,
    of: TraefikProxy<'f>,
    ways: Vec<ServiceRoute<'f>>,
    shared: guards::Shared<'f>,
}

/// What a route goes by.
type GoesBy<'f> = fn(&Look<'f>, ServiceRoute<'f>) -> Option<OriginId>;

impl<'f> Look<'f> {
    fn new(fleet: &'f Prepared<'f>, of: TraefikProxy<'f>) -> Look<'f> {
        let model = &fleet.model;
        let shared = guards::Shared::new(model, of.key, of.proxy);
        Look { fleet, of, ways: model.ways_of(of.key).collect(), shared }
    }

    fn at(&self, name: &str, point: &Tree, found: &mut Vec<Diagnostic>) {
        let mut report = |said: &Tree, what: &str, goes_by: GoesBy<'f>, help: &str| {
            let guarded = self.ways.iter().filter(|way| self.is_on(**way, name));
            let first = guarded.filter_map(|way| Some((*way, goes_by(self, *way)?))).next();
            let Some((way, origin)) = first else { return };
            let message = format!("on `{name}` {what}, and {} goes by it", way.title());
            let span = first_place(self.fleet, &[origin, way.route.origin]);
            found.push(
                Diagnostic::error(
                    codes::TRUSTING_ENTRY,
                    first_place(self.fleet, &said.origins),
                    message,
                )
                .also(span, "by this")
                .help(help),
            );
        };
        if let Some(said) = point.at(&["http", "sanitizePath"]).filter(|it| it.says(false)) {
            let help = "drop it, or give what is guarded otherwise a name of its own";
            report(said, "paths are not tidied", Look::by_path, help);
        }
        if let Some(said) = point.at(&["proxyProtocol"]).and_then(everybody) {
            let help = "name the proxies in front of this one: `trustedIPs`";
            report(said, "everybody says which address is theirs", Look::by_address, help);
        }
        if let Some(said) = point.at(&["forwardedHeaders"]).and_then(everybody) {
            let help = "name the proxies in front of this one: `trustedIPs`";
            report(said, "everybody says for whom they ask", Look::by_forwarded, help);
        }
        if let Some(said) = point.at(&["http", "underscoreHeadersStrategy"])
            && said.as_text() == Some("keep")
        {
            let help = "drop it: programs that take `_` for `-` would believe `Remote_User`";
            report(said, "a client's own `Remote_User` gets through", Look::by_identity, help);
        }
    }

    fn is_on(&self, way: ServiceRoute<'_>, point: &str) -> bool {
        match &way.route.tcp {
            Some(port) => traefik::tcp_point(self.of.options, port.number) == point,
            None => way.route.is_http() && guards::entry_points(way.route).contains(&point),
        }
    }

    fn by_path(&self, way: ServiceRoute<'f>) -> Option<OriginId> {
        let names = self.fleet.model.names(way.route);
        let divided = way.route.is_http() && names.iter().any(|it| self.shared.is_divided(it));
        divided.then(|| way.route.path.as_ref().map_or(way.route.origin, |path| path.origin))
    }

    fn by_address(&self, way: ServiceRoute<'f>) -> Option<OriginId> {
        let lan = way.route.expose.value == Exposure::Lan;
        lan.then_some(way.route.expose.origin)
            .or_else(|| self.step(way, |does| does.kind == "ipAllowList"))
    }

    fn by_forwarded(&self, way: ServiceRoute<'f>) -> Option<OriginId> {
        self.step(way, |does| match does.kind.as_str() {
            "ipAllowList" => does.get("ipStrategy").is_some_and(|it| goes_by_headers(it)),
            "forwardAuth" => {
                does.get("trustForwardHeader").is_some_and(|it| it.value == Data::Bool(true))
            }
            _ => false,
        })
    }

    fn by_identity(&self, way: ServiceRoute<'f>) -> Option<OriginId> {
        match &way.route.login.value {
            Login::Sso(_) if way.route.is_http() => Some(way.route.login.origin),
            Login::Sso(_) | Login::Own | Login::None => {
                self.step(way, |does| does.kind == "forwardAuth")
            }
        }
    }

    fn step(&self, way: ServiceRoute<'f>, is: impl Fn(&Choice) -> bool) -> Option<OriginId> {
        guards::way_steps(&self.fleet.model, self.of.proxy, way)
            .iter()
            .find(|step| is(&step.middleware.does))
            .map(|step| step.by)
    }
}

/// Whether a strategy takes the client's address from a header.
fn goes_by_headers(strategy: &Data) -> bool {
    let Data::Record(fields) = strategy else { return false };
    let depth = fields.get("depth").is_some_and(|it| it.value != Data::Int(0));
    depth || fields.get("excludedIPs").is_some_and(|it| it.value != Data::List(Vec::new()))
}

/// Where a section trusts every address.
fn everybody(section: &Tree) -> Option<&Tree> {
    let insecure = section.at(&["insecure"]).filter(|it| it.says(true));
    let any = |it: &&Tree| it.as_text().is_some_and(|text| text.ends_with("/0"));
    let trusted = section.at(&["trustedIPs"]).into_iter().flat_map(Tree::items);
    insecure.or_else(|| trusted.into_iter().find(any))
}
