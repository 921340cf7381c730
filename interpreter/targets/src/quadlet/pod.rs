//! `NAME.pod`, `NAME.network`, `NAME.volume`.

use qg_fleet::container::{Network, Networking, Pod, Volume};
use qg_fleet::leaf::{At, OriginId};

use super::common::{self, Defaults};
use super::container::publish;
use super::keys::key;
use super::unit::UnitFile;
use crate::{OutputFile, Prepared};

/// A pod publishes what its members listen on.
pub(super) fn pod(
    fleet: &Prepared<'_>,
    host: &str,
    name: &str,
    pod: &At<Pod>,
    version: (u16, u16),
) -> OutputFile {
    const SECTION: &str = "Pod";
    let mut unit = UnitFile::new(version);
    common::description(&mut unit, name, &pod.about, pod.origin);
    common::relations(&mut unit, fleet, &At::default(), &pod.unit);
    unit.unless_said(key!(SECTION, "PodName"), name, pod.origin);
    for network in pod.networks.iter() {
        unit.key(
            key!(SECTION, "Network"),
            &[&format!("{}.network", network.entity())],
            &[network.origin],
        );
    }
    for (member, service, container) in fleet.members(name) {
        let network = At::new(Networking::Bridge, OriginId(0));
        if container.pod.is_some() {
            for (key, port) in &service.ports {
                publish(
                    &mut unit,
                    key!(SECTION, "PublishPort"),
                    port,
                    fleet.met_at(host, member, key),
                    &network,
                );
            }
        }
    }
    let mut dns = pod.dns.value.clone();
    for (_, _, container) in fleet.members(name) {
        for address in container.dns.iter() {
            if !dns.iter().any(|known| known.value == address.value) {
                dns.push(address.clone());
            }
        }
    }
    unit.each(key!(SECTION, "DNS"), &dns);
    if let Some(hostname) = &pod.hostname {
        unit.one(key!(SECTION, "HostName"), hostname);
    }
    unit.more(SECTION, &pod.quadlet);
    common::end(&mut unit, fleet, host, &pod.unit, pod.origin, Defaults::Runs);
    unit.finish(format!("hosts/{host}/quadlet/{name}.pod"))
}

pub(super) fn network(
    fleet: &Prepared<'_>,
    host: &str,
    name: &str,
    network: &At<Network>,
    version: (u16, u16),
) -> OutputFile {
    const SECTION: &str = "Network";
    let mut unit = UnitFile::new(version);
    common::description(&mut unit, name, &network.about, network.origin);
    common::relations(&mut unit, fleet, &At::default(), &network.unit);
    unit.unless_said(key!(SECTION, "NetworkName"), name, network.origin);
    if let Some(subnet) = &network.subnet {
        unit.one(key!(SECTION, "Subnet"), subnet);
        if let Some(gateway) = &network.gateway {
            unit.one(key!(SECTION, "Gateway"), gateway);
        }
    }
    unit.switch(key!(SECTION, "Internal"), network.internal);
    unit.switch(key!(SECTION, "IPv6"), network.ipv6);
    if let Some(interface) = &network.interface {
        unit.one(key!(SECTION, "InterfaceName"), interface);
    }
    unit.more(SECTION, &network.quadlet);
    common::end(&mut unit, fleet, host, &network.unit, network.origin, Defaults::Once);
    unit.finish(format!("hosts/{host}/quadlet/{name}.network"))
}

pub(super) fn volume(
    fleet: &Prepared<'_>,
    host: &str,
    name: &str,
    volume: &At<Volume>,
    version: (u16, u16),
) -> OutputFile {
    const SECTION: &str = "Volume";
    let mut unit = UnitFile::new(version);
    common::description(&mut unit, name, &volume.about, volume.origin);
    common::relations(&mut unit, fleet, &At::default(), &volume.unit);
    unit.unless_said(key!(SECTION, "VolumeName"), name, volume.origin);
    if let Some(device) = &volume.device {
        if volume.is_folder() {
            unit.unless_said(key!(SECTION, "Type"), "bind", device.origin);
            unit.unless_said(key!(SECTION, "Options"), "bind", device.origin);
        }
        unit.one(key!(SECTION, "Device"), device);
    }
    volume.r#type.iter().for_each(|it| unit.one(key!(SECTION, "Type"), it));
    unit.more(SECTION, &volume.quadlet);
    common::end(&mut unit, fleet, host, &volume.unit, volume.origin, Defaults::Once);
    unit.finish(format!("hosts/{host}/quadlet/{name}.volume"))
}
