//! What the fleet names as open, and is not.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::exposure as codes;

use super::FleetCheck;
use super::place::{own_place, place};
use crate::Facts;
use crate::route::{Exposure, Login};
use crate::ways::ServiceRoute;

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::STALE_OPEN], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    if fleet.partial {
        return;
    }
    for named in fleet.model.fleet.open.iter() {
        let of = |way: &ServiceRoute<'_>| {
            named.value == way.path() || named.value.0.len() == 2 && named.entity() == way.service
        };
        let mut ways = fleet.model.ways().filter(of);
        let is_open = |way: &ServiceRoute<'_>| {
            way.route.expose.value == Exposure::Public
                && matches!(way.route.login.value, Login::None)
        };
        let first = ways.next();
        if first.as_ref().is_some_and(is_open) || ways.any(|way| is_open(&way)) {
            continue;
        }
        let message = format!("`{}` is called open, and is not", named.0.join("."));
        let mut finding =
            Diagnostic::warning(codes::STALE_OPEN, place(fleet, named.origin), message)
                .help("take it away: what becomes open later is told of then");
        if let Some(way) = first {
            let (at, why) = match (&way.route.expose.value, &way.route.login.value) {
                (Exposure::Public, Login::Own) => {
                    (way.route.login.origin, "the program asks by itself")
                }
                (Exposure::Public, Login::Sso(_) | Login::None) => {
                    (way.route.login.origin, "the login server asks")
                }
                (Exposure::Private | Exposure::Lan | Exposure::Internal, _) => {
                    (way.route.expose.origin, "it is not for everybody")
                }
            };
            finding = finding.also(own_place(fleet, &[at, way.route.origin]), why);
        }
        out.push(finding);
    }
}
