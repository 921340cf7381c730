//! `NAME.container`: a service's container.

use qg_fleet::container::{AutoUpdate, Container, Mount, Networking, Relabel};
use qg_fleet::leaf::{At, MountSource, OriginId, Priority, RefOr};
use qg_fleet::service::{Port, Service};
use qg_formats::systemd::word;

use super::common::{self, Defaults};
use super::keys::{QuadletKey, key};
use super::lent::Lent;
use super::spelling::quoted;
use super::unit::UnitFile;
use super::{env_file_path, json_array, mounted_file, rows};
use crate::{OutputFile, Prepared};

/// The file of one container.
#[must_use]
pub(super) fn render(
    fleet: &Prepared<'_>,
    host: &str,
    name: &str,
    service: &At<Service>,
    container: &At<Container>,
    version: (u16, u16),
) -> OutputFile {
    let mut unit = UnitFile::new(version);
    common::description(&mut unit, name, &service.about, service.origin);
    common::relations(&mut unit, fleet, &service.needs, &service.unit);
    let lent = Lent::to(fleet, host, name, container);
    what_it_is(&mut unit, fleet, name, service, container, &lent);
    environment(&mut unit, fleet, name, container, &lent);
    mounts(&mut unit, fleet, container, &lent);
    rows::isolation(&mut unit, container);
    rows::health(&mut unit, container);
    unit.more("Container", &container.quadlet);
    common::end(&mut unit, fleet, host, &service.unit, service.origin, Defaults::Runs);
    unit.finish(format!("hosts/{host}/quadlet/{name}.container"))
}

fn what_it_is(
    unit: &mut UnitFile,
    fleet: &Prepared<'_>,
    name: &str,
    service: &At<Service>,
    container: &At<Container>,
    lent: &Lent,
) {
    const SECTION: &str = "Container";
    match &container.container_name {
        Some(given) => unit.one(key!(SECTION, "ContainerName"), given),
        None => unit.unless_said(key!(SECTION, "ContainerName"), name, service.origin),
    }
    let image = container.image.map(|image| match image {
        RefOr::Ref(path) if path.kind() == "build" => format!("{}.build", path.entity()),
        RefOr::Ref(path) => format!("{}.image", path.entity()),
        RefOr::Value(image) => image.clone(),
    });
    // The name of an image never begins like a path.
    let is_folder = image.starts_with('/');
    unit.one(if is_folder { key!(SECTION, "Rootfs") } else { key!(SECTION, "Image") }, &image);
    match container.auto_update.value {
        AutoUpdate::None => {}
        AutoUpdate::Registry => {
            unit.key(key!(SECTION, "AutoUpdate"), &["registry"], &[container.auto_update.origin]);
        }
        AutoUpdate::Local => {
            unit.key(key!(SECTION, "AutoUpdate"), &["local"], &[container.auto_update.origin]);
        }
    }
    if let Some(pull) = &container.pull {
        unit.key(key!(SECTION, "Pull"), &[pull.value.word()], &[pull.origin]);
    }
    if let Some(pod) = &container.pod {
        unit.key(key!(SECTION, "Pod"), &[&format!("{}.pod", pod.entity())], &[pod.origin]);
    } else {
        network(unit, container);
        let host = service.on.as_ref().map_or("", |on| on.entity());
        for (key, port) in &service.ports {
            publish(
                unit,
                key!(SECTION, "PublishPort"),
                port,
                fleet.met_at(host, name, key),
                &container.network,
            );
        }
    }
    run_as(unit, fleet, container);
    if let Some(hostname) = &container.hostname {
        unit.one(key!(SECTION, "HostName"), hostname);
    }
    if !container.entrypoint.is_empty() {
        let mut origins = vec![container.entrypoint.origin];
        origins.extend(container.entrypoint.iter().map(|it| it.origin));
        unit.key(key!(SECTION, "Entrypoint"), &[&json_array(&container.entrypoint)], &origins);
    }
    unit.all(key!(SECTION, "Exec"), &container.command);
    if let Some((command, by)) = lent.command {
        unit.key(key!(SECTION, "Exec"), command, &[by]);
    }
    for (key, value) in &container.labels {
        unit.key(key!(SECTION, "Label"), &[&format!("{key}={}", value.value)], &[value.origin]);
    }
}

fn network(unit: &mut UnitFile, container: &At<Container>) {
    const SECTION: &str = "Container";
    let said = &container.network;
    let origin = said.origin;
    // Networks of Podman's own and of the fleet add up; none adds to these three.
    let alone = match &said.value {
        Networking::Bridge => Some("bridge"),
        Networking::Host => Some("host"),
        Networking::None => Some("none"),
        Networking::Of(_) => None,
    };
    let raw = container.quadlet.get("Network").and_then(|all| all.first());
    if let Some(word) = alone.filter(|_| said.priority != Priority::SchemaDefault)
        && let Some(raw) = raw.filter(|raw| raw.value != word)
    {
        let help = "say it once: in the field, or by the raw key alone";
        unit.both("Network", &At::new(format!("network = {word}"), origin), raw, help);
    }
    match &said.value {
        Networking::Bridge => {}
        Networking::Host => unit.key(key!(SECTION, "Network"), &["host"], &[origin]),
        Networking::None => unit.key(key!(SECTION, "Network"), &["none"], &[origin]),
        Networking::Of(of) => {
            for network in of.networks.iter() {
                let file = format!("{}.network", network.entity());
                unit.key(key!(SECTION, "Network"), &[&file], &[origin, network.origin]);
            }
            unit.each(key!(SECTION, "NetworkAlias"), &of.aliases);
        }
    }
}

/// What the host answers for: `address:host:inside/protocol`. What is open has no address, and so is
/// all of them, those of IPv6 too; what another host reaches is published on the address where they meet.
pub(super) fn publish(
    unit: &mut UnitFile,
    key: QuadletKey,
    port: &At<Port>,
    met: Option<&At<String>>,
    network: &At<Networking>,
) {
    if !port.publish.value || matches!(network.value, Networking::Host | Networking::None) {
        return;
    }
    let everywhere = port.open.value && port.address.priority == Priority::SchemaDefault;
    let address = |address: &str| match address {
        _ if everywhere => String::new(),
        address if address.contains(':') => format!("[{address}]:"),
        address => format!("{address}:"),
    };
    for at in [Some(&port.address), met].into_iter().flatten() {
        for protocol in port.protocols() {
            let suffix = if *protocol == "udp" { "/udp" } else { "" };
            let (host, inside) = (port.host.number, port.inside.number);
            let line = format!("{}{host}:{inside}{suffix}", address(at));
            let origins = [port.origin, port.host.origin, port.inside.origin, at.origin];
            unit.key(key, &[&line], &origins);
        }
    }
}

/// The account's numbers on the host.
fn run_as(unit: &mut UnitFile, fleet: &Prepared<'_>, container: &At<Container>) {
    const SECTION: &str = "Container";
    let Some(user) = &container.user else { return };
    let account = fleet.model.user.get(user.entity());
    let Some(uid) = account.and_then(|account| account.uid.as_ref()) else { return };
    unit.key(key!(SECTION, "User"), &[&uid.value.to_string()], &[user.origin, uid.origin]);
    let group = container.group.as_ref().or(account.and_then(|account| account.group.as_ref()));
    if let Some(group) = group
        && let Some(gid) = fleet.model.group.get(group.entity()).and_then(|it| it.gid.as_ref())
    {
        unit.key(key!(SECTION, "Group"), &[&gid.value.to_string()], &[group.origin, gid.origin]);
    }
}

/// Plain variables stand in the file; those with secrets in an environment file made on the host.
fn environment(
    unit: &mut UnitFile,
    fleet: &Prepared<'_>,
    name: &str,
    container: &At<Container>,
    lent: &Lent,
) {
    const SECTION: &str = "Container";
    let mut sealed: Vec<OriginId> = Vec::new();
    for (key, value) in &container.env {
        match value.plain() {
            Some(text) => {
                unit.key(
                    key!(SECTION, "Environment"),
                    &[&format!("{key}={text}")],
                    &[value.origin],
                );
            }
            None => sealed.push(value.origin),
        }
    }
    for (name, value, by) in &lent.env {
        unit.key(key!(SECTION, "Environment"), &[&format!("{name}={value}")], &[*by]);
    }
    for (path, by) in &lent.env_files {
        unit.key(key!(SECTION, "EnvironmentFile"), &[path], &[*by]);
    }
    for file in container.env_files.iter() {
        match &file.value {
            RefOr::Value(path) => {
                unit.key(key!(SECTION, "EnvironmentFile"), &[path], &[file.origin]);
            }
            RefOr::Ref(secret) => {
                unit.key(
                    key!(SECTION, "EnvironmentFile"),
                    &[&fleet.secret_path(secret)],
                    &[file.origin],
                );
            }
        }
    }
    if !sealed.is_empty() {
        unit.key(key!(SECTION, "EnvironmentFile"), &[&env_file_path(name)], &sealed);
    }
}

fn mounts(unit: &mut UnitFile, fleet: &Prepared<'_>, container: &At<Container>, lent: &Lent) {
    for (target, mount) in &container.mounts {
        let (source, read_only) = match &mount.source.value {
            MountSource::Path(path) => (path.clone(), mount.read_only.value),
            MountSource::File(path) => (mounted_file(path), mount.read_only.value),
            MountSource::Volume(volume) => {
                (format!("{}.volume", volume.entity()), mount.read_only.value)
            }
            MountSource::Secret(secret) => (fleet.secret_path(secret), true),
        };
        let mut origins = vec![mount.origin, mount.source.origin];
        if mount.read_only.value {
            origins.push(mount.read_only.origin);
        }
        bind(unit, &source, target, &options(mount, read_only), &origins);
    }
    for (path, by, other) in &lent.hidden {
        let what = format!("what is at {path}");
        let ours = At::new("the file of its proxy or portal".to_owned(), *by);
        unit.both(&what, &ours, other, "mount something else elsewhere, or this file there");
    }
    for (path, read_only, by) in &lent.mounts {
        let options = if *read_only { vec!["ro".to_owned()] } else { Vec::new() };
        bind(unit, path, path, &options, &[*by]);
    }
    unit.each(key!("Container", "Tmpfs"), &container.tmpfs);
}

/// A line for what is mounted.
fn bind(unit: &mut UnitFile, source: &str, target: &str, options: &[String], origins: &[OriginId]) {
    // systemd reads a path of the host a second time, in `RequiresMountsFor=`.
    for path in [source, target] {
        if path.contains('$') || path.trim() != path {
            let why = "has a `$` or a blank at an end, which no path of a mount can have";
            return unit.refuse(path, why, origins);
        }
    }
    if source.starts_with('/') && source.contains(char::is_whitespace) {
        // Podman's generator writes `RequiresMountsFor=` of it as it stands (seen with v5.4), which
        // systemd takes for several paths: the one that is meant is said besides.
        unit.say(key!("Unit", "RequiresMountsFor"), &word(source), origins);
    }
    if source.contains(':') || target.contains(':') {
        let mut fields = vec![
            "type=bind".to_owned(),
            csv(&format!("source={source}")),
            csv(&format!("destination={target}")),
        ];
        fields.extend(options.iter().map(|it| csv(it)));
        let line = quoted(&fields.join(","));
        unit.say(key!("Container", "Mount"), &line, origins);
    } else {
        let mut line = format!("{source}:{target}");
        if !options.is_empty() {
            line.push(':');
            line.push_str(&options.join(","));
        }
        unit.key(key!("Container", "Volume"), &[&line], origins);
    }
}

fn options(mount: &Mount, read_only: bool) -> Vec<String> {
    let mut options = Vec::new();
    if read_only {
        options.push("ro".to_owned());
    }
    match mount.relabel.value {
        Relabel::None => {}
        Relabel::Shared => options.push("z".to_owned()),
        Relabel::Private => options.push("Z".to_owned()),
    }
    options.extend(mount.options.iter().map(|it| it.value.clone()));
    options
}

/// A field of a line of comma-separated values (RFC 4180).
fn csv(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
