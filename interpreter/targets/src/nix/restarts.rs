//! What a switch does with units that Podman's generator makes: it restarts what changed and stops what went.
//!
//! switch-to-configuration compares files of units below /etc/systemd/system, and leaves alone whatever has its
//! file elsewhere, as generated units have. So each gets a link there to what the generator makes, as quadlet-nix
//! does it, and a drop-in that names what it reads. Units of an account it does not touch at all: each of them
//! has a unit of the system that stops and starts it.

use qg_fleet::host::QuadletWay;
use qg_fleet::leaf::OriginId;
use qg_fleet::rootless::Rootless;
use qg_fleet::units::PodmanUnit;
use qg_formats::nix::{Nix, NixExpr, NixPart, Set};

use super::{On, scripts, secrets};
use crate::quadlet::reads;

/// Where systemd keeps what generators make.
const GENERATED: &str = "/run/systemd/generator";

/// The unit that lets the manager of an account read its units anew.
const ROOTLESS: &str = "qg-rootless";

pub(super) fn put(on: On<'_>, files: &[PodmanUnit<'_>], set: &mut Set) {
    let rootless = on.fleet.rootless(on.name);
    let mut links = Set::new();
    for file in files {
        let triggers = triggers(on, file);
        match (on.host.podman.through.value, rootless) {
            (QuadletWay::EnvironmentEtc, None) => {
                let unit = &file.unit.name.value;
                let generated = Nix::text(format!("{GENERATED}/{unit}"), file.by);
                links.put(format!("etc/systemd/system/{unit}"), generated);
                let mut unit = Set::new();
                unit.put("overrideStrategy", Nix::text("asDropin", file.by));
                unit.put("restartTriggers", Nix::list(triggers, file.by));
                if file.kind == "network" {
                    // Podman keeps a network that is there as it is.
                    let remove = remove_network(file);
                    unit.put_at(&["serviceConfig", "ExecStop"], remove);
                }
                set.put_at(&["systemd", "services", file.stem()], unit.nix(file.by));
            }
            (QuadletWay::EnvironmentEtc, Some(of)) => {
                set.put_at(&["systemd", "services", &stem_of(file)], proxy(of, file, triggers));
            }
            (QuadletWay::QuadletNix, _) => {
                through_quadlet_nix(rootless, file, triggers, set);
                if let Some(of) = rootless.filter(|_| secrets::restarts_file(on, file)) {
                    // home-manager restarts it when a file changes, and knows nothing of secrets.
                    set.put_at(
                        &["systemd", "services", &stem_of(file)],
                        proxy(of, file, Vec::new()),
                    );
                }
            }
        }
    }
    if !links.is_empty() {
        let name = Nix::text("qg-quadlet-units", OriginId::default());
        let links = links.nix(OriginId::default());
        let package = Nix::apply(&["pkgs", "linkFarm"], vec![name, links]);
        let packages = Nix::list(vec![package], on.host.podman.through.origin);
        set.put_at(&["systemd", "packages"], packages);
    }
    if let Some(of) = rootless
        && on.host.podman.through.value == QuadletWay::EnvironmentEtc
    {
        set.put_at(&["systemd", "services", ROOTLESS], reload(on, of, files));
    }
}

/// The unit of the system that stands for one of an account.
#[must_use]
pub(super) fn of_system(unit: &str) -> String {
    format!("{ROOTLESS}-{unit}")
}

/// The name of that unit, without the ending.
fn stem_of(file: &PodmanUnit<'_>) -> String {
    format!("{ROOTLESS}-{}", file.stem())
}

/// What a unit reads: as paths, which NixOS copies into the store by what is in them.
fn triggers(on: On<'_>, file: &PodmanUnit<'_>) -> Vec<Nix> {
    let files = reads(on.fleet, on.name, file).into_iter();
    let scripts = file.unit.scripts().map(|it| (scripts::file(it.entity()), it.origin));
    files.chain(scripts).map(|(path, by)| Nix::source(path, by)).collect()
}

fn remove_network(file: &PodmanUnit<'_>) -> Nix {
    let podman = Nix::select(&["config", "virtualisation", "podman", "package"], file.by);
    let rest = NixPart::Text(format!("/bin/podman network rm {}", file.name));
    Nix::filled(vec![NixPart::Text("-".to_owned()), NixPart::Hole(podman), rest], file.by)
}

/// `systemctl --user …`, as the account that runs it.
fn systemctl(rest: &str, by: OriginId) -> Nix {
    let systemd = Nix::select(&["config", "systemd", "package"], by);
    let rest = NixPart::Text(format!("/bin/systemctl --user {rest}"));
    Nix::filled(vec![NixPart::Hole(systemd), rest], by)
}

/// What every unit has that speaks to the manager of an account.
fn to_manager(of: Rootless<'_>, about: String, triggers: Vec<Nix>, by: OriginId) -> Set {
    let mut unit = Set::new();
    let manager = || Nix::list(vec![Nix::text(of.manager(), of.user.origin)], by);
    unit.put("description", Nix::text(about, by));
    unit.put("wantedBy", Nix::list(vec![Nix::text("multi-user.target", by)], by));
    unit.put("requires", manager());
    unit.put("after", manager());
    if !triggers.is_empty() {
        unit.put("restartTriggers", Nix::list(triggers, by));
    }
    let runtime = format!("/run/user/{}", of.uid.unwrap_or_default());
    unit.put_at(&["environment", "XDG_RUNTIME_DIR"], Nix::text(runtime, of.user.origin));
    let mut service = Set::new();
    service.put("Type", Nix::text("oneshot", by));
    service.put("RemainAfterExit", Nix::bool(true, by));
    service.put("User", Nix::text(of.name(), of.user.origin));
    unit.put("serviceConfig", service.nix(by));
    unit
}

/// What stands for a unit of an account: it stops and starts it.
fn proxy(of: Rootless<'_>, file: &PodmanUnit<'_>, triggers: Vec<Nix>) -> Nix {
    let by = file.by;
    let unit = &file.unit.name.value;
    let mut all = to_manager(of, format!("{unit} of {}", of.name()), triggers, by);
    let reload = Nix::text(format!("{ROOTLESS}.service"), by);
    all.put("after", Nix::list(vec![reload], by));
    let mut stop = vec![systemctl(&format!("stop {unit}"), by)];
    match file.kind {
        "container" | "pod" | "kube" => {
            all.put_at(&["serviceConfig", "ExecStart"], systemctl(&format!("start {unit}"), by));
        }
        "network" => stop.push(remove_network(file)),
        // The others are started by who needs them.
        _ => {}
    }
    all.put_at(&["serviceConfig", "ExecStop"], Nix::list(stop, by));
    all.nix(by)
}

/// Lets the account's manager know its new units, and starts what is to run and does not.
fn reload(on: On<'_>, of: Rootless<'_>, files: &[PodmanUnit<'_>]) -> Nix {
    let by = of.user.origin;
    let mut all: Vec<Nix> = Vec::new();
    for trigger in files.iter().flat_map(|file| triggers(on, file)) {
        if !all.iter().any(|known| known.expr == trigger.expr) {
            all.push(trigger);
        }
    }
    let mut unit = to_manager(of, format!("Units of {}", of.name()), all, by);
    let start = systemctl("start --no-block default.target", by);
    let commands = vec![systemctl("daemon-reload", by), start];
    unit.put_at(&["serviceConfig", "ExecStart"], Nix::list(commands, by));
    unit.nix(by)
}

/// quadlet-nix looks at the text of its file alone: what else it reads is told beside.
fn through_quadlet_nix(
    rootless: Option<Rootless<'_>>,
    file: &PodmanUnit<'_>,
    mut triggers: Vec<Nix>,
    set: &mut Set,
) {
    triggers.remove(0);
    if triggers.is_empty() {
        return;
    }
    let services = ["systemd", "services", file.stem()];
    match rootless {
        None => {
            let option = [&services[..], &["restartTriggers"]].concat();
            set.put_at(&option, Nix::list(triggers, file.by));
        }
        Some(of) => {
            // Of a unit of home-manager's, lines are compared.
            let path = |it: Nix| Nix::new(NixExpr::Filled(vec![NixPart::Hole(it)]), &[file.by]);
            let paths = triggers.into_iter().map(path).collect();
            let user = ["home-manager", "users", of.name(), "systemd", "user", "services"];
            let option = [&user[..], &[file.stem(), "Unit", "X-Restart-Triggers"]].concat();
            set.put_at(&option, Nix::list(paths, file.by));
        }
    }
}
