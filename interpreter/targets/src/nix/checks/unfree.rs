//! Services whose package has a licence that is not free, on a host that takes none.

use qg_fleet::checks::place::place;
use qg_fleet::host::{Host, Unfree};
use qg_fleet::leaf::Data;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::target;

use crate::Prepared;
use crate::checks::Check;

pub(super) const CHECK: Check = Check { codes: &[target::UNFREE_REFUSED], run };

/// Services, and the package that their module takes by itself. Licences change: this is a warning.
const UNFREE: &[(&str, &str)] = &[
    ("services.consul", "consul"),
    ("services.factorio", "factorio-headless"),
    ("services.minecraft-server", "minecraft-server"),
    ("services.mongodb", "mongodb"),
    ("services.n8n", "n8n"),
    ("services.nomad", "nomad"),
    ("services.outline", "outline"),
    ("services.plex", "plexmediaserver"),
    ("services.roon-server", "roon-server"),
    ("services.teamspeak3", "teamspeak-server"),
    ("services.terraria", "terraria-server"),
    ("services.unifi", "unifi-controller"),
    ("services.vault", "vault"),
];

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for (name, host) in &fleet.model.host {
        if is_in_nix(fleet, host) {
            continue;
        }
        for (key, service) in fleet.model.services_on(name) {
            for (option, data) in &service.native {
                let Some((_, package)) = UNFREE.iter().find(|(it, _)| it == option) else {
                    continue;
                };
                if !is_on(&data.value) || takes(host, package) {
                    continue;
                }
                let message = format!(
                    "the licence of {package} is not free, and host.{name} takes no such package"
                );
                let mut finding =
                    Diagnostic::warning(target::UNFREE_REFUSED, place(fleet, data.origin), message);
                if let Some(said) = &host.unfree {
                    finding = finding.also(place(fleet, said.origin), "it takes these");
                }
                found.push(finding.help(format!(
                    "say `unfree = only {{ packages = [\"{package}\"] }}` on host.{name}, which service.{key} is on"
                )));
            }
        }
    }
}

fn takes(host: &Host, package: &str) -> bool {
    match host.unfree.as_ref().map(|it| &it.value) {
        Some(Unfree::All) => true,
        Some(Unfree::Only(only)) => only.packages.iter().any(|it| it.value == package),
        None => false,
    }
}

/// Whether the module is on, with the package that it takes by itself.
fn is_on(data: &Data) -> bool {
    let Data::Record(fields) = data else { return false };
    !fields.iter().any(|(key, value)| {
        key == "package" || (key == "enable" && matches!(value.value, Data::Bool(false)))
    })
}

/// Whether Nix of a host's own says it, or may: what is no file beside the sources cannot be read.
fn is_in_nix(fleet: &Prepared<'_>, host: &Host) -> bool {
    let unread = host.modules.iter().any(|it| matches!(it.value, Data::Nix(_)));
    let mut own = std::iter::once(&host.nix).chain(host.modules.iter());
    unread
        || own.any(|it| {
            ["allowUnfree", "allowUnfreePredicate", "imports"]
                .iter()
                .any(|word| fleet.speaks_of(it, word))
        })
}
