//! Names and keys that Quadlet does not know (podman-systemd.unit(5)), and what has no spelling there. What no line
//! of a file can hold is found where lines are written (`super::lines`).

use std::collections::BTreeMap;

use qg_fleet::checks::place::place;
use qg_fleet::container::{Container, Volume};
use qg_fleet::leaf::{At, Data, MountSource, OriginId, RefOr, Sealed, SealedPart};
use qg_fleet::service::Unit;
use qg_lang::diagnostic::{Code, Diagnostic, codes};

use crate::Prepared;
use crate::checks::Check;
use crate::quadlet::keys::{find, keys};
use crate::quadlet::sections::{install_keys, is_unit_key, unit_keys};
use crate::quadlet::spelling::QuadletKind;
use crate::quadlet::version;

const CODES: &[Code] = &[
    codes::target::QUADLET_VALUE,
    codes::target::QUADLET_KEY,
    codes::target::QUADLET_VERSION,
    codes::target::UNIT_NAME,
];
pub(super) const CHECK: Check = Check { codes: CODES, run };

type More = BTreeMap<String, At<Vec<At<String>>>>;

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    let mut found = Found { fleet, out };
    let model = &fleet.model;
    for (name, service) in &model.service {
        let Some(container) = &service.container else { continue };
        found.name(name, service.origin);
        found.container(container);
        let host = service.on.as_ref().map_or("", |on| on.entity());
        found.more(host, "Container", &container.quadlet);
    }
    for (name, pod) in &model.pod {
        found.name(name, pod.origin);
        found.more(pod.on.entity(), "Pod", &pod.quadlet);
    }
    for (name, network) in &model.network {
        found.name(name, network.origin);
        found.more(network.on.entity(), "Network", &network.quadlet);
    }
    for (name, volume) in &model.volume {
        found.name(name, volume.origin);
        found.more(volume.on.entity(), "Volume", &volume.quadlet);
        found.volume(name, volume);
    }
    for (name, it) in &model.pulled {
        found.name(name, it.origin);
        found.more(it.on.entity(), "Image", &it.quadlet);
    }
    for (name, it) in &model.build {
        found.name(name, it.origin);
        found.more(it.on.entity(), "Build", &it.quadlet);
        it.file.iter().for_each(|from| found.source(from));
        it.context.iter().for_each(|from| found.tidy(from, from.origin));
        for (key, value) in it.args.iter().chain(&it.env).chain(&it.labels) {
            found.variable(key, value.origin);
        }
        for (id, secret) in &it.secrets {
            // A line of `key=value`, divided by commas.
            if id.is_empty() || id.contains([',', '=', '"', '\n']) {
                let message = format!("{id:?} cannot be the name of a build's secret");
                let help = "a name has no `,`, `=` or quote in it";
                found.say(codes::target::QUADLET_VALUE, secret.origin, message, help);
            }
        }
    }
    for (name, it) in &model.kube {
        found.name(name, it.origin);
        found.more(it.on.entity(), "Kube", &it.quadlet);
        it.yaml.iter().chain(it.config_maps.iter()).for_each(|from| found.source(from));
    }
    for (name, it) in &model.artifact {
        found.name(name, it.origin);
        found.more(it.on.entity(), "Artifact", &it.quadlet);
    }
    let units = model.service.values().filter(|it| it.container.is_some());
    let units = units.map(|it| (it.on.as_ref().map_or("", |on| on.entity()), &it.unit));
    let units = units
        .chain(model.pod.values().map(|it| (it.on.entity(), &it.unit)))
        .chain(model.network.values().map(|it| (it.on.entity(), &it.unit)))
        .chain(model.volume.values().map(|it| (it.on.entity(), &it.unit)))
        .chain(model.pulled.values().map(|it| (it.on.entity(), &it.unit)))
        .chain(model.build.values().map(|it| (it.on.entity(), &it.unit)))
        .chain(model.artifact.values().map(|it| (it.on.entity(), &it.unit)))
        .chain(model.kube.values().map(|it| (it.on.entity(), &it.unit)));
    for (host, unit) in units {
        found.unit(unit);
        found.more(host, "Quadlet", &unit.quadlet);
    }
    for (name, service) in &model.service {
        if service.container.is_none() {
            found.native(name, &service.unit);
        }
    }
}

fn is_untidy(path: &str) -> bool {
    path.starts_with('/') && path.split('/').any(|part| matches!(part, "." | ".."))
}

struct Found<'a> {
    fleet: &'a Prepared<'a>,
    out: &'a mut Vec<Diagnostic>,
}

impl Found<'_> {
    fn say(&mut self, code: Code, origin: OriginId, message: String, help: &str) {
        let span = place(self.fleet, origin);
        self.out.push(Diagnostic::error(code, span, message).help(help));
    }

    /// Names become those of files and units.
    fn name(&mut self, name: &str, origin: OriginId) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if name.is_empty() || name.starts_with(['.', '-']) || !name.chars().all(plain) {
            let message = format!("{name:?} cannot be the name of a unit file");
            let help = "letters, digits, `_`, `.` and `-` may stand in it, beginning with a letter or digit";
            self.say(codes::target::UNIT_NAME, origin, message, help);
        }
    }

    /// What stands in other sections of a Quadlet file has no place in a NixOS service.
    fn native(&mut self, name: &str, unit: &Unit) {
        let origins = unit.unit.values().chain(unit.install.values()).map(|it| it.origin);
        let first = origins.chain(unit.quadlet.values().map(|it| it.origin)).next();
        if let Some(origin) = first {
            let message = format!("service.{name} has no Quadlet file that this could stand in");
            let help = "say it in the words of its NixOS module: `native \"systemd.services.…\"`";
            self.say(codes::target::QUADLET_KEY, origin, message, help);
        }
    }

    /// A key of a section of systemd's own that it does not have.
    fn unknown(
        &mut self,
        section: &str,
        key: &str,
        value: &At<Data>,
        known: impl Iterator<Item = &'static str>,
    ) {
        let span = place(self.fleet, value.origin);
        let message = format!("systemd knows no key `{key}` in [{section}] of such a unit");
        let finding = Diagnostic::error(codes::target::QUADLET_KEY, span, message);
        let finding = finding.suggest(key, span, known);
        self.out.push(Diagnostic { fixes: Vec::new(), ..finding });
    }

    /// Podman binds a folder, and mounts what is on a device.
    fn volume(&mut self, name: &str, volume: &Volume) {
        let device = volume.device.as_ref();
        device.into_iter().for_each(|it| self.tidy(it, it.origin));
        let is_device = |path: &str| path.starts_with("/dev/") && !path.starts_with("/dev/shm/");
        if let Some(device) = device.filter(|it| is_device(it) && volume.is_folder()) {
            let message = format!("{:?} is no folder that could be bound", device.value);
            let help = "say the file system that is on it, as `type = \"ext4\"`";
            self.say(codes::target::QUADLET_VALUE, device.origin, message, help);
        }
        if let Some(kind) = volume.r#type.as_ref().filter(|_| device.is_none()) {
            let message = format!("volume.{name} has a file system and no device");
            let help = "say `device`, or the rest in `quadlet`";
            self.say(codes::target::QUADLET_VALUE, kind.origin, message, help);
        }
    }

    fn unit(&mut self, unit: &Unit) {
        for (key, value) in unit.unit.iter().filter(|(key, _)| !is_unit_key(key)) {
            self.unknown("Unit", key, value, unit_keys());
        }
        let install = unit.install.iter();
        for (key, value) in install.filter(|(key, _)| !install_keys().any(|known| known == *key)) {
            self.unknown("Install", key, value, install_keys());
        }
    }

    fn container(&mut self, container: &Container) {
        for (key, value) in &container.env {
            self.variable(key, value.origin);
            if value.plain().is_none() {
                self.sealed_variable(key, value);
            }
        }
        let labels = container.labels.iter().map(|(key, it)| (key, it.origin));
        for (key, by) in labels.chain(container.sysctl.iter().map(|(key, it)| (key, it.origin))) {
            self.variable(key, by);
        }
        for path in container.tmpfs.iter().chain(container.devices.iter()) {
            self.tidy(path, path.origin);
        }
        for file in container.env_files.iter() {
            if let RefOr::Value(path) = &file.value {
                self.tidy(path, file.origin);
            }
        }
        for (target, mount) in &container.mounts {
            self.mount_path(target, mount.origin);
            if let MountSource::Path(path) = &mount.source.value {
                self.mount_path(path, mount.source.origin);
            }
            for option in mount.options.iter() {
                if option.contains([',', ':', '"'])
                    || QuadletKind::Lines.cannot_hold(option).is_some()
                {
                    let message = format!("{:?} is not one option of a mount", option.value);
                    self.say(
                        codes::target::QUADLET_VALUE,
                        option.origin,
                        message,
                        "say one option for each element of the set",
                    );
                }
            }
        }
    }

    /// A path of a mount. systemd reads it a second time, in `RequiresMountsFor=`, where no `$` can be
    /// written; the first letter of a host's path tells a path from a volume.
    fn mount_path(&mut self, path: &str, origin: OriginId) {
        let trouble = if !path.starts_with('/') {
            Some("does not begin with `/`")
        } else if is_untidy(path) {
            Some("has `.` or `..` in it")
        } else if path.contains('$') {
            Some("has a `$` in it")
        } else if path.contains(':') {
            QuadletKind::Args.cannot_hold(path)
        } else {
            QuadletKind::Lines.cannot_hold(path)
        };
        if let Some(why) = trouble {
            let message = format!("{path:?} cannot be a path of a mount: it {why}");
            self.say(codes::target::QUADLET_VALUE, origin, message, "mount another path");
        }
    }

    /// A path that Podman reads: its generator tidies some and hands others on as they are.
    fn tidy(&mut self, path: &str, origin: OriginId) {
        if is_untidy(path) {
            let message = format!("{path:?} has `.` or `..` in it");
            self.say(codes::target::QUADLET_VALUE, origin, message, "say the path itself");
        }
    }

    fn source(&mut self, from: &At<MountSource>) {
        if let MountSource::Path(path) = &from.value {
            self.tidy(path, from.origin);
        }
    }

    fn variable(&mut self, key: &str, origin: OriginId) {
        if key.is_empty() || key.contains(['=', '\0', '\n']) {
            let message = format!("{key:?} cannot be the name of a variable");
            self.say(
                codes::target::QUADLET_VALUE,
                origin,
                message,
                "a name has no `=` and no line break in it",
            );
        }
    }

    /// What holds a secret stands in a file of variables: each is one line there, and nothing is escaped.
    fn sealed_variable(&mut self, key: &str, value: &At<Sealed>) {
        let odd = |text: &str| text.contains(['\n', '\r', '\0']);
        if value.0.iter().filter_map(SealedPart::text).any(odd) {
            let message = format!("`{key}` holds a secret, and so has to be one line");
            let help = "say it without line breaks, or put it into a `file` that is mounted";
            self.say(codes::target::QUADLET_VALUE, value.origin, message, help);
        }
        if key.starts_with('#') || key.contains(char::is_whitespace) {
            let message = format!("{key:?} cannot be the name of a variable in a file of them");
            let help = "a name has letters, digits and `_`";
            self.say(codes::target::QUADLET_VALUE, value.origin, message, help);
        }
    }

    /// Keys by Quadlet's own names: known, known to this version, and with values they can hold.
    fn more(&mut self, host: &str, section: &str, more: &More) {
        let host_version = self.fleet.model.host.get(host).map(|it| version(&it.podman.version));
        for (key, values) in more {
            let Some(info) = find(section, key) else {
                let message = format!("Quadlet knows no key `{key}` in [{section}]");
                let span = place(self.fleet, values.origin);
                let names = keys(section).iter().map(|key| key.name);
                let finding = Diagnostic::error(codes::target::QUADLET_KEY, span, message)
                    .help("an unknown key makes Quadlet drop the whole unit")
                    .suggest(key, span, names);
                self.out.push(Diagnostic { fixes: Vec::new(), ..finding });
                continue;
            };
            if host_version.is_some_and(|version| info.since > version) {
                let (major, minor) = info.since;
                let (has, or) = host_version.unwrap_or_default();
                let message = format!(
                    "`{key}` came with Podman {major}.{minor}, and `host.{host}` has {has}.{or}"
                );
                let help = "say `podman.version` of the host if it is newer, or use `podman_args`";
                self.say(codes::target::QUADLET_VERSION, values.origin, message, help);
            }
            if !info.repeatable && info.kind != QuadletKind::LastArgs && values.len() > 1 {
                let message = format!(
                    "`{key}` takes one value, and Quadlet would use the last of these only"
                );
                self.say(codes::target::QUADLET_VALUE, values.origin, message, "say one value");
            }
        }
    }
}
