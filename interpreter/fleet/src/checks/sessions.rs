//! Units of those who log in: the machine's own units know nothing of them.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::leaf::{At, EntityPath, OriginId};
use crate::service::{Service, UnitScope};

pub(super) const CHECK: FleetCheck = FleetCheck { codes: &[codes::SESSION_UNIT], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    let model = &fleet.model;
    let session = |path: &EntityPath| {
        let service = model.service.get(path.entity()).filter(|_| path.kind() == "service");
        service.filter(|it| is_of_session(it))
    };
    let mut say = |at: OriginId, message: String, of: &At<Service>| {
        let here = place(fleet, of.unit.scope.origin);
        let finding = Diagnostic::error(codes::SESSION_UNIT, place(fleet, at), message);
        let help = "systemd runs both apart: say it of another unit, or leave it out";
        out.push(finding.also(here, "its unit starts with a session").help(help));
    };
    for (key, service) in &model.service {
        let own = is_of_session(service);
        for need in service.needs.iter().chain(service.unit.after.iter()) {
            let message = || format!("service.{key} cannot wait for {}", need.value);
            match session(need) {
                Some(of) if !own => say(need.origin, message(), of),
                None if own => say(need.origin, message(), service),
                Some(_) | None => {}
            }
        }
        for backup in service.backup.values() {
            for it in backup.stop.iter() {
                if let Some(of) = session(it) {
                    say(it.origin, format!("a backup cannot stop {}", it.value), of);
                }
            }
        }
        if own && service.container.is_some() {
            let at = service.unit.scope.origin;
            say(at, format!("the container of service.{key} is not of a session"), service);
        }
        if own && !service.unit.before_start_as_root.is_empty() {
            let at = service.unit.before_start_as_root.origin;
            say(at, format!("nothing of service.{key} can run as root"), service);
        }
    }
    for (key, secret) in &model.secret {
        for it in secret.restart.iter() {
            if let Some(of) = session(it) {
                say(it.origin, format!("secret.{key} cannot restart {}", it.value), of);
            }
        }
    }
}

fn is_of_session(service: &Service) -> bool {
    service.unit.scope.value == UnitScope::Session
}
