//! What Podman or Quadlet would refuse on the host, or drop without a word.

use std::collections::BTreeMap;

use qg_fleet::checks::place::place;
use qg_fleet::container::{Container, Networking};
use qg_fleet::host::QuadletWay;
use qg_fleet::leaf::{At, Data, OriginId};
use qg_fleet::service::{Service, Unit};
use qg_lang::diagnostic::{Code, Diagnostic, codes};

use crate::Prepared;
use crate::checks::Check;
use crate::quadlet::version;

const CODES: &[Code] =
    &[codes::fleet::POD_MEMBER, codes::target::QUADLET_REFUSES, codes::target::QUADLET_VERSION];
pub(super) const CHECK: Check = Check { codes: CODES, run };

/// The oldest Podman whose Quadlet can name networks and volumes.
const OLDEST: (u16, u16) = (4, 7);
/// The first one with pods, and with containers that are up when they are well.
const PODS: (u16, u16) = (5, 0);

/// The first ones with images and builds, and with `Policy`.
const IMAGES: (u16, u16) = (4, 8);
const BUILDS: (u16, u16) = (5, 2);
const POLICIES: (u16, u16) = (5, 6);
const ARTIFACTS: (u16, u16) = (5, 7);

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    for service in fleet.model.service.values() {
        if let Some(container) = &service.container {
            container_itself(fleet, container, out);
            unit(fleet, &service.unit, true, out);
            if container.pod.is_some() {
                member(fleet, container, out);
            }
        }
    }
    for (key, pod) in &fleet.model.pod {
        unit(fleet, &pod.unit, false, out);
        ports(fleet, key, out);
    }
    for network in fleet.model.network.values() {
        if let Some(gateway) = &network.gateway
            && network.subnet.is_none()
        {
            refuse(fleet, gateway.origin, "a `gateway` needs a `subnet`", "say both", out);
        }
    }
    for pulled in fleet.model.pulled.values() {
        unit(fleet, &pulled.unit, false, out);
    }
    for build in fleet.model.build.values() {
        unit(fleet, &build.unit, false, out);
        if build.file.is_none() && build.context.is_none() {
            let help = "say the Containerfile in `file`, or `context`";
            refuse(fleet, build.origin, "a build needs to know from what", help, out);
        }
        if build.tags.is_empty() {
            refuse(fleet, build.tags.origin, "a built image needs a name", "say `tags`", out);
        }
    }
    for artifact in fleet.model.artifact.values() {
        unit(fleet, &artifact.unit, false, out);
    }
    for kube in fleet.model.kube.values() {
        unit(fleet, &kube.unit, true, out);
        if kube.yaml.is_empty() {
            let help = "name the file that says what it runs";
            refuse(fleet, kube.yaml.origin, "a `kube` without a file", help, out);
        }
    }
    for unit in fleet.model.network.values().map(|it| &it.unit) {
        self::unit(fleet, unit, false, out);
    }
    for unit in fleet.model.volume.values().map(|it| &it.unit) {
        self::unit(fleet, unit, false, out);
    }
    versions(fleet, out);
}

fn refuse(
    fleet: &Prepared<'_>,
    origin: OriginId,
    why: &str,
    help: &str,
    out: &mut Vec<Diagnostic>,
) {
    let span = place(fleet, origin);
    out.push(Diagnostic::error(codes::target::QUADLET_REFUSES, span, why).help(help));
}

fn container_itself(fleet: &Prepared<'_>, container: &At<Container>, out: &mut Vec<Diagnostic>) {
    if let Some(group) = &container.group
        && container.user.is_none()
    {
        let help = "say the account too, or leave the group to it";
        refuse(fleet, group.origin, "a container's `group` needs a `user`", help, out);
    }
    if let Some(health) = &container.health
        && health.command.is_empty()
    {
        let help = "say the program and its arguments";
        refuse(fleet, health.command.origin, "a health check without a command", help, out);
    }
    if let Some(name) = &container.container_name {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.chars().all(plain) {
            let why = format!("Podman takes no container called {:?}", name.value);
            let help = "letters, digits, `_`, `.` and `-` may stand in it, beginning with a letter or digit";
            refuse(fleet, name.origin, &why, help, out);
        }
    }
}

/// Keys of [Service] that Quadlet writes itself, does not take, or that do not do what they seem to.
fn unit(fleet: &Prepared<'_>, unit: &At<Unit>, container: bool, out: &mut Vec<Diagnostic>) {
    let accounts = [
        ("User", unit.user.as_ref().map(|it| it.origin)),
        ("Group", unit.group.as_ref().map(|it| it.origin)),
        ("DynamicUser", unit.dynamic_user.as_ref().map(|it| it.origin)),
    ];
    let free = unit.service.iter().map(|(key, value)| (key.as_str(), Some(value.origin)));
    for (key, origin) in accounts.into_iter().chain(free) {
        let Some(origin) = origin else { continue };
        let text = match unit.service.get(key).map(|value| &value.value) {
            Some(Data::Text(text)) => text.as_str(),
            _ => "",
        };
        let (why, help) = match key {
            "User" | "Group" | "DynamicUser" => (
                format!("`{key}` of the unit is not the container's: Podman itself runs as root"),
                "say the account in `container.user`",
            ),
            "KillMode" if text != "mixed" && text != "control-group" => (
                "Quadlet takes only `mixed` and `control-group` as `KillMode`".to_owned(),
                "leave it out: Quadlet says `mixed`",
            ),
            "Type" if !container || (text != "notify" && text != "oneshot") => (
                "Quadlet takes only `notify` and `oneshot` as `Type`, of containers".to_owned(),
                "leave it out: Quadlet says `notify`",
            ),
            "ExecStart" | "ExecStop" => (
                format!("Quadlet writes `{key}` itself"),
                "the program and its arguments are `container.entrypoint` and `container.command`",
            ),
            "Restart"
            | "RestartSec"
            | "TimeoutStartSec"
            | "SupplementaryGroups"
            | "StateDirectory"
            | "ReadWritePaths" => {
                (format!("`{key}` has a field of its own"), "say it as a field of `unit`")
            }
            _ => continue,
        };
        refuse(fleet, origin, &why, help, out);
    }
}

/// A pod's members share its network and name.
fn member(fleet: &Prepared<'_>, container: &At<Container>, out: &mut Vec<Diagnostic>) {
    let mut say = |origin: OriginId, what: &str, help: &str| {
        let message = format!("a container in a pod has no {what} of its own");
        let pod = container.pod.as_ref().map_or(container.origin, |pod| pod.origin);
        out.push(
            Diagnostic::error(codes::fleet::POD_MEMBER, place(fleet, origin), message)
                .also(place(fleet, pod), "it lives in this pod")
                .help(help),
        );
    };
    if let Some(name) = &container.hostname {
        say(name.origin, "host name", "say `hostname` of the pod");
    }
    if container.network.value != Networking::Bridge {
        say(container.network.origin, "network", "say `networks` of the pod");
    }
}

/// Two members cannot listen on one port of the network that they share.
fn ports(fleet: &Prepared<'_>, pod: &str, out: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<(u16, &str), (&str, OriginId)> = BTreeMap::new();
    for (key, service, _) in fleet.members(pod) {
        let service: &At<Service> = service;
        for port in service.ports.values() {
            for protocol in port.protocols() {
                let number = port.inside.number;
                let first = *known.entry((number, protocol)).or_insert((key, port.inside.origin));
                if first.0 == key {
                    continue;
                }
                let message = format!(
                    "service.{} and service.{key} both listen on port {number}/{protocol} in pod.{pod}",
                    first.0
                );
                let span = place(fleet, port.inside.origin);
                out.push(
                    Diagnostic::error(codes::fleet::POD_MEMBER, span, message)
                        .also(place(fleet, first.1), "the other one")
                        .help("members of a pod share one network: give one another `inside` port, or its own pod"),
                );
            }
        }
    }
}

fn versions(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    for (host, of) in &fleet.model.host {
        let found = version(&of.podman.version);
        let containers = || fleet.containers_on(host).map(|(_, _, container)| container);
        let pod = fleet.model.pods_on(host).next().map(|(_, pod)| pod);
        let ready = containers()
            .filter_map(|container| container.health.as_ref())
            .find(|health| health.ready.value);
        let pulled = || fleet.model.pulled_on(host).map(|(_, it)| it);
        let policy = pulled().find_map(|it| it.policy.as_ref()).map(|it| it.origin);
        let build = fleet.model.builds_on(host).next().map(|(_, it)| it.origin);
        let artifact = fleet.model.artifacts_on(host).next().map(|(_, it)| it.origin);
        if let Some(origin) = artifact
            && of.podman.through.value == QuadletWay::QuadletNix
        {
            let why = "quadlet-nix knows no artifacts";
            let help = "say `podman.through = environment_etc` of the host";
            refuse(fleet, origin, why, help, out);
        }
        let wants = [
            (IMAGES, "images that are pulled by themselves", pulled().next().map(|it| it.origin)),
            (POLICIES, "`policy` of images", policy),
            (BUILDS, "images that are built", build),
            (ARTIFACTS, "artifacts", artifact),
            (
                OLDEST,
                "Quadlet files as they are written here",
                containers().next().map(|it| it.origin),
            ),
            (PODS, "pods", pod.map(|pod| pod.origin)),
            (
                PODS,
                "containers that count as started when they are well",
                ready.map(|it| it.ready.origin),
            ),
        ];
        for (since, what, origin) in wants {
            if let Some(origin) = origin
                && found < since
            {
                let message = format!(
                    "{what} came with Podman {}.{}, and host.{host} has {}",
                    since.0, since.1, of.podman.version.value
                );
                out.push(
                    Diagnostic::error(
                        codes::target::QUADLET_VERSION,
                        place(fleet, origin),
                        message,
                    )
                    .also(place(fleet, of.podman.version.origin), "the host's Podman")
                    .help("say `podman.version` of the host if it is newer"),
                );
            }
        }
    }
}
