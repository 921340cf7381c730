//! Backups that the vault's host cannot make.

use qg_lang::diagnostic::{Code, Diagnostic, codes};

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::leaf::{At, EntityPath};
use crate::service::Engine;

const CODES: &[Code] = &[codes::fleet::BACKUP];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    let model = &fleet.model;
    for (key, service) in &model.service {
        for (name, backup) in &service.backup {
            let title = format!("service.{key}.backup.{name}");
            let mut say = |origin, message: String, help: &str| {
                let span = place(fleet, origin);
                out.push(Diagnostic::error(codes::fleet::BACKUP, span, message).help(help));
            };
            if backup.paths.is_empty() {
                let help = "say what is copied, or drop the backup";
                say(backup.paths.origin, format!("{title} copies nothing"), help);
            }
            let Some(to) = &backup.to else {
                let help =
                    "say `to = vault.…` here, or `fleet { vault = vault.… }` for all of them";
                say(backup.origin, format!("{title} goes nowhere"), help);
                continue;
            };
            let Some(on) = &service.on else {
                let help = "say `on`, the host that has its files";
                say(backup.origin, format!("service.{key} runs on no host of the fleet"), help);
                continue;
            };
            let host = model.vault.get(to.entity()).map(|vault| vault.on.entity());
            if let Some(host) = host
                && host != on.entity()
            {
                let message = format!(
                    "{title} is on host.{}, and {} makes its copies on host.{host}",
                    on.entity(),
                    to.value
                );
                let help = "copy into a vault of the same host; another vault can take that one's repositories on";
                say(to.origin, message, help);
            }
        }
    }
    for (key, vault) in &model.vault {
        for taken in vault.takes.iter() {
            takes(fleet, key, &vault.on, taken, out);
        }
    }
}

/// A vault goes on from where the other one's repositories lie.
fn takes(
    fleet: &Facts<'_>,
    key: &str,
    on: &At<EntityPath>,
    taken: &At<EntityPath>,
    out: &mut Vec<Diagnostic>,
) {
    let Some(other) = fleet.model.vault.get(taken.entity()) else { return };
    let why = match &other.engine.value {
        Engine::Restic(_) if other.on.entity() == on.entity() => return,
        Engine::Restic(_) => {
            format!(
                "its repositories lie on host.{}, vault.{key} is on host.{}",
                other.on.entity(),
                on.entity()
            )
        }
        Engine::Borg(_) => "its repositories lie on another machine".to_owned(),
    };
    let message = format!("vault.{key} cannot take {} on: {why}", taken.value);
    out.push(
        Diagnostic::error(codes::fleet::BACKUP, place(fleet, taken.origin), message)
            .also(place(fleet, other.origin), "the vault that is taken on")
            .help("`on` is the host that makes the copies; where they go is the engine's `repository`"),
    );
}
