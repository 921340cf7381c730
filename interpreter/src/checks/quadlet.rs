//! What Quadlet files cannot hold, and what Quadlet itself refuses (podman-systemd.unit(5)).

use std::collections::BTreeMap;

use qg_lang::diagnostic::{Code, Diagnostic, codes};

use crate::fleet::Fleet;
use crate::fleet::container::{Container, MountSource};
use crate::fleet::leaf::{At, Data, OriginId, RefOr, Sealed, SealedPart};
use crate::fleet::service::Unit;
use crate::targets::quadlet::common::unit_text_trouble;
use crate::targets::quadlet::keys::{find, keys};
use crate::targets::quadlet::sections::{INSTALL_KEYS, UNIT_KEYS};
use crate::targets::quadlet::spelling::Kind;
use crate::targets::quadlet::version;

use super::Check;
use super::place::place;

const CODES: &[Code] = &[
    codes::target::QUADLET_VALUE,
    codes::target::QUADLET_KEY,
    codes::target::QUADLET_VERSION,
    codes::target::UNIT_NAME,
];
pub(super) const CHECK: Check = Check { codes: CODES, run };

type More = BTreeMap<String, At<Vec<At<String>>>>;

fn run(fleet: &Fleet, out: &mut Vec<Diagnostic>) {
    let mut found = Found { fleet, out };
    let model = &fleet.model;
    for (name, service) in &model.service {
        let Some(container) = &service.container else { continue };
        found.name(name, service.origin);
        found.text(&service.about);
        found.container(container);
        let host = service.on.as_ref().map_or("", |on| on.entity());
        found.more(host, "Container", &container.quadlet);
    }
    for (name, pod) in &model.pod {
        found.name(name, pod.origin);
        found.text(&pod.about);
        found.more(pod.on.entity(), "Pod", &pod.quadlet);
    }
    for (name, network) in &model.network {
        found.name(name, network.origin);
        found.text(&network.about);
        found.more(network.on.entity(), "Network", &network.quadlet);
    }
    for (name, volume) in &model.volume {
        found.name(name, volume.origin);
        found.text(&volume.about);
        found.more(volume.on.entity(), "Volume", &volume.quadlet);
        volume.device.iter().for_each(|it| found.value(Kind::Scalar, it, it.origin));
    }
    for (name, it) in &model.pulled {
        found.name(name, it.origin);
        found.text(&it.about);
        found.more(it.on.entity(), "Image", &it.quadlet);
        for text in [
            Some(&it.image),
            it.tag.as_ref(),
            it.arch.as_ref(),
            it.os.as_ref(),
            it.variant.as_ref(),
        ] {
            text.iter().for_each(|text| found.value(Kind::Scalar, text, text.origin));
        }
        found.texts(Kind::Args, &it.podman_args);
    }
    for (name, it) in &model.build {
        found.name(name, it.origin);
        found.text(&it.about);
        found.more(it.on.entity(), "Build", &it.quadlet);
        found.texts(Kind::Lines, &it.tags);
        for text in [it.context.as_ref(), it.target.as_ref()] {
            text.iter().for_each(|text| found.value(Kind::Scalar, text, text.origin));
        }
        found.source(Kind::Scalar, it.file.as_ref());
        found.texts(Kind::Args, &it.podman_args);
        for (key, value) in it.args.iter().chain(&it.env).chain(&it.labels) {
            found.variable(key, value.origin);
            found.value(Kind::KeyVal, value, value.origin);
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
        found.text(&it.about);
        found.more(it.on.entity(), "Kube", &it.quadlet);
        it.yaml
            .iter()
            .chain(it.config_maps.iter())
            .for_each(|it| found.source(Kind::Strv, Some(it)));
    }
    for (name, it) in &model.artifact {
        found.name(name, it.origin);
        found.text(&it.about);
        found.more(it.on.entity(), "Artifact", &it.quadlet);
        found.value(Kind::Scalar, &it.artifact, it.artifact.origin);
        found.texts(Kind::Args, &it.podman_args);
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

struct Found<'a> {
    fleet: &'a Fleet,
    out: &'a mut Vec<Diagnostic>,
}

impl Found<'_> {
    fn say(&mut self, code: Code, origin: OriginId, message: String, help: &str) {
        let span = place(self.fleet, origin);
        self.out.push(Diagnostic::error(code, span, message).help(help));
    }

    fn value(&mut self, kind: Kind, value: &str, origin: OriginId) {
        if let Some(why) = kind.cannot_hold(value) {
            let message = format!("a Quadlet file cannot hold this value: it {why}");
            self.say(
                codes::target::QUADLET_VALUE,
                origin,
                message,
                "say it without, or put it into a file that is mounted",
            );
        }
    }

    fn texts(&mut self, kind: Kind, values: &[At<String>]) {
        values.iter().for_each(|it| self.value(kind, it, it.origin));
    }

    fn text(&mut self, text: &At<String>) {
        if let Some(why) = unit_text_trouble(text) {
            let message = format!("a unit file cannot hold this text: it {why}");
            self.say(
                codes::target::QUADLET_VALUE,
                text.origin,
                message,
                "say it in one plain line",
            );
        }
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

    /// A path that stands in a unit file.
    fn source(&mut self, kind: Kind, source: Option<&At<MountSource>>) {
        let Some(source) = source else { return };
        if let MountSource::Path(path) | MountSource::File(path) = &source.value {
            self.value(kind, path, source.origin);
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

    /// Keys of a section of systemd's own.
    fn keys(&mut self, section: &str, known: &[&str], keys: &BTreeMap<String, At<Data>>) {
        for (key, value) in keys {
            let good = known.contains(&key.as_str())
                || section == "Unit" && (key.starts_with("Condition") || key.starts_with("Assert"));
            if !good {
                let span = place(self.fleet, value.origin);
                let message = format!("systemd knows no key `{key}` in [{section}] of such a unit");
                let finding = Diagnostic::error(codes::target::QUADLET_KEY, span, message).suggest(
                    key,
                    span,
                    known.iter().copied(),
                );
                self.out.push(Diagnostic { fixes: Vec::new(), ..finding });
            }
            self.data(value);
        }
    }

    fn unit(&mut self, unit: &Unit) {
        self.keys("Unit", UNIT_KEYS, &unit.unit);
        self.keys("Install", INSTALL_KEYS, &unit.install);
        unit.requires.iter().for_each(|it| self.text(it));
        for (key, value) in &unit.service {
            if !key.chars().all(|c| c.is_ascii_alphanumeric()) || key.is_empty() {
                let message = format!("{key:?} is not a key of [Service]");
                let help = "keys are words of letters, as systemd.service(5) has them";
                self.say(codes::target::QUADLET_KEY, value.origin, message, help);
            }
            self.data(value);
        }
    }

    fn data(&mut self, value: &At<Data>) {
        match &value.value {
            Data::Text(text) => self.text(&At::new(text.clone(), value.origin)),
            Data::List(items) => items.iter().for_each(|it| self.data(it)),
            Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Sealed(_)
            | Data::Nix(_)
            | Data::File(_)
            | Data::Record(_) => {}
        }
    }

    fn container(&mut self, container: &Container) {
        if let RefOr::Value(image) = &container.image.value {
            self.value(Kind::Scalar, image, container.image.origin);
        }
        container.container_name.iter().for_each(|it| self.value(Kind::Scalar, it, it.origin));
        self.texts(Kind::Strv, &container.add_capabilities);
        self.texts(Kind::Strv, &container.drop_capabilities);
        self.texts(Kind::Strv, &container.devices);
        self.texts(Kind::Lines, &container.dns);
        self.texts(Kind::Lines, &container.tmpfs);
        self.texts(Kind::Args, &container.command);
        self.texts(Kind::Args, &container.podman_args);
        for list in
            [&container.entrypoint].into_iter().chain(container.health.iter().map(|it| &it.command))
        {
            self.texts(Kind::Args, list);
        }
        for (key, value) in &container.env {
            self.variable(key, value.origin);
            match value.plain() {
                Some(text) => self.value(Kind::KeyVal, &text, value.origin),
                None => self.sealed_variable(key, value),
            }
        }
        for (key, value) in &container.labels {
            self.variable(key, value.origin);
            self.value(Kind::KeyVal, value, value.origin);
        }
        for (key, value) in &container.sysctl {
            self.variable(key, value.origin);
            if let Some(text) = value.plain() {
                self.value(Kind::Strv, &format!("{key}={text}"), value.origin);
            }
        }
        for (target, mount) in &container.mounts {
            self.mount_path(target, mount.origin);
            if let crate::fleet::container::MountSource::Path(path) = &mount.source.value {
                self.mount_path(path, mount.source.origin);
            }
            for option in mount.options.iter() {
                if option.contains([',', ':', '"']) || Kind::Lines.cannot_hold(option).is_some() {
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
        } else if path.contains('$') {
            Some("has a `$` in it")
        } else if path.contains(':') {
            Kind::Args.cannot_hold(path)
        } else {
            Kind::Lines.cannot_hold(path)
        };
        if let Some(why) = trouble {
            let message = format!("{path:?} cannot be a path of a mount: it {why}");
            self.say(codes::target::QUADLET_VALUE, origin, message, "mount another path");
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
            if !info.repeatable && info.kind != Kind::LastArgs && values.len() > 1 {
                let message = format!(
                    "`{key}` takes one value, and Quadlet would use the last of these only"
                );
                self.say(codes::target::QUADLET_VALUE, values.origin, message, "say one value");
            }
            self.texts(info.kind, values);
        }
    }
}
