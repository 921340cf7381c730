//! `NAME.pod`, `NAME.network`, `NAME.volume`.

use crate::fleet::Fleet;
use crate::fleet::container::{Network, Networking, Pod, Volume};
use crate::fleet::leaf::{At, OriginId};
use crate::targets::OutputFile;

use super::common::{self, Defaults};
use super::container::publish;
use super::unit::UnitFile;

/// A pod publishes what its members listen on.
pub(super) fn pod(
    fleet: &Fleet,
    host: &str,
    name: &str,
    pod: &At<Pod>,
    version: (u16, u16),
) -> OutputFile {
    const SECTION: &str = "Pod";
    let mut unit = UnitFile::new(version);
    common::description(&mut unit, name, &pod.about, pod.origin);
    common::relations(&mut unit, fleet, &At::default(), &pod.unit);
    if !pod.quadlet.contains_key("PodName") {
        unit.key(SECTION, "PodName", &[name], &[pod.origin]);
    }
    for network in pod.networks.iter() {
        unit.key(
            SECTION,
            "Network",
            &[&format!("{}.network", network.entity())],
            &[network.origin],
        );
    }
    for (member, service, container) in fleet.members(name) {
        let network = At::new(Networking::Bridge, OriginId(0));
        if container.pod.is_some() {
            for (key, port) in &service.ports {
                publish(&mut unit, SECTION, port, fleet.met_at(host, member, key), &network);
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
    unit.each(SECTION, "DNS", &dns);
    if let Some(hostname) = &pod.hostname {
        unit.one(SECTION, "HostName", hostname);
    }
    common::more(&mut unit, SECTION, &pod.quadlet);
    common::end(&mut unit, fleet, host, &pod.unit, pod.origin, Defaults::Runs);
    unit.finish(format!("hosts/{host}/quadlet/{name}.pod"))
}

pub(super) fn network(
    fleet: &Fleet,
    host: &str,
    name: &str,
    network: &At<Network>,
    version: (u16, u16),
) -> OutputFile {
    const SECTION: &str = "Network";
    let mut unit = UnitFile::new(version);
    common::description(&mut unit, name, &network.about, network.origin);
    common::relations(&mut unit, fleet, &At::default(), &network.unit);
    if !network.quadlet.contains_key("NetworkName") {
        unit.key(SECTION, "NetworkName", &[name], &[network.origin]);
    }
    if let Some(subnet) = &network.subnet {
        unit.one(SECTION, "Subnet", subnet);
        if let Some(gateway) = &network.gateway {
            unit.one(SECTION, "Gateway", gateway);
        }
    }
    unit.switch(SECTION, "Internal", network.internal);
    unit.switch(SECTION, "IPv6", network.ipv6);
    if let Some(interface) = &network.interface {
        unit.one(SECTION, "InterfaceName", interface);
    }
    common::more(&mut unit, SECTION, &network.quadlet);
    common::end(&mut unit, fleet, host, &network.unit, network.origin, Defaults::Once);
    unit.finish(format!("hosts/{host}/quadlet/{name}.network"))
}

pub(super) fn volume(
    fleet: &Fleet,
    host: &str,
    name: &str,
    volume: &At<Volume>,
    version: (u16, u16),
) -> OutputFile {
    const SECTION: &str = "Volume";
    let mut unit = UnitFile::new(version);
    common::description(&mut unit, name, &volume.about, volume.origin);
    common::relations(&mut unit, fleet, &At::default(), &volume.unit);
    if !volume.quadlet.contains_key("VolumeName") {
        unit.key(SECTION, "VolumeName", &[name], &[volume.origin]);
    }
    if let Some(device) = &volume.device {
        unit.key(SECTION, "Type", &["bind"], &[device.origin]);
        unit.key(SECTION, "Options", &["bind"], &[device.origin]);
        unit.one(SECTION, "Device", device);
    }
    common::more(&mut unit, SECTION, &volume.quadlet);
    common::end(&mut unit, fleet, host, &volume.unit, volume.origin, Defaults::Once);
    unit.finish(format!("hosts/{host}/quadlet/{name}.volume"))
}
