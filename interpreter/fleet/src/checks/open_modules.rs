//! NixOS modules that open the port of a program to everybody, though its routes ask for something.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::exposure as codes;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::host::Manager;
use crate::leaf::{At, Data, RefOr};
use crate::route::{Exposure, Login};

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::OPENED_BY_MODULE], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for way in fleet.model.ways() {
        let RefOr::Ref(port) = &way.route.to.value else { continue };
        let guarded = way.route.expose.value == Exposure::Private
            || matches!(way.route.login.value, Login::Sso(_));
        let Some(on) = &way.of.on else { continue };
        let nixos =
            fleet.model.host.get(on.entity()).is_some_and(|it| it.manager.value == Manager::Nixos);
        let of_service = port.entity() == way.service && way.of.container.is_none();
        let meant = way.of.ports.get(port.last()).is_some_and(|it| it.open.value);
        if !guarded || !nixos || !of_service || meant || told(out, way.service) {
            continue;
        }
        // In the words of the service, or in those of its host.
        let own = way.of.native.iter().find_map(|(option, data)| {
            let steps: Vec<&str> = option.split('.').collect();
            let more = fleet.said(on.entity(), &steps);
            std::iter::once(data).chain(more).find_map(opens)
        });
        let Some(opens) = own else { continue };
        let title = format!("service.{}", way.service);
        let message =
            format!("the firewall lets everybody past {}, to {title} itself", way.title());
        out.push(
            Diagnostic::error(codes::OPENED_BY_MODULE, place(fleet, opens.origin), message)
                .here(title)
                .also(place(fleet, way.route.origin), "what it asks is not asked there")
                .help("take it away: the proxy reaches the program without it; `open = true` of the port says that others may, too"),
        );
    }
}

/// Whether that was said of a service already: it has one module, and may have many routes.
fn told(out: &[Diagnostic], service: &str) -> bool {
    let mut all = out.iter().filter(|it| it.code == codes::OPENED_BY_MODULE);
    all.any(|it| it.primary.text == format!("service.{service}"))
}

/// The option of a module that opens its port.
fn opens(data: &At<Data>) -> Option<&At<Data>> {
    let Data::Record(fields) = &data.value else { return None };
    fields.get("openFirewall").filter(|it| it.value == Data::Bool(true))
}
