//! Podman's Quadlet files: `hosts/NAME/quadlet/*.container`, `*.pod`, `*.network`, `*.volume`.

pub mod common;
mod container;
pub mod keys;
mod pod;
pub mod spelling;
mod unit;

use crate::fleet::Fleet;
use crate::fleet::leaf::At;

use super::{OutputFile, Target};

pub const TARGET: Target = Target { name: "quadlet", render };

fn render(fleet: &Fleet) -> Vec<OutputFile> {
    let model = &fleet.model;
    let mut files = Vec::new();
    for (host, it) in &model.host {
        let version = version(&it.podman.version);
        for (name, service) in fleet.model.services_on(host) {
            if let Some(container) = &service.container {
                files.push(container::render(fleet, host, name, service, container, version));
                files.extend(mounted_files(fleet, host, container));
            }
        }
        for (name, pod) in model.pods_on(host) {
            files.push(pod::pod(fleet, host, name, pod, version));
        }
        for (name, network) in model.networks_on(host) {
            files.push(pod::network(host, name, network, version));
        }
        for (name, volume) in model.volumes_on(host) {
            files.push(pod::volume(host, name, volume, version));
        }
    }
    // Two containers may mount one file.
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    files
}

/// Files beside the sources that a container mounts, copied as they are.
fn mounted_files(
    fleet: &Fleet,
    host: &str,
    container: &At<crate::fleet::container::Container>,
) -> Vec<OutputFile> {
    use crate::fleet::container::MountSource;
    let mut files = Vec::new();
    for mount in container.mounts.values() {
        if let MountSource::File(path) = &mount.source.value
            && let Some(text) = fleet.text_of(path)
        {
            let lines = text.lines().map(|_| vec![mount.source.origin]).collect();
            let path = format!("hosts/{host}/files/{path}");
            files.push(OutputFile { path, text: text.to_string(), lines });
        }
    }
    files
}

/// Where a host has a file that lay beside the sources.
#[must_use]
pub fn mounted_file(path: &str) -> String {
    format!("/etc/qg/files/{path}")
}

/// Where a host has the environment of a service whose values hold secrets.
#[must_use]
pub fn env_file_path(service: &str) -> String {
    super::sealed::env_path(service)
}

/// `major.minor`
#[must_use]
pub fn version(text: &str) -> (u16, u16) {
    let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
    (major.parse().unwrap_or(u16::MAX), minor.parse().unwrap_or(u16::MAX))
}

/// A JSON array of strings, the form of `HealthCmd` and `Entrypoint` that every version reads alike.
fn json_array(items: &[At<String>]) -> String {
    let items: Vec<&str> = items.iter().map(|item| item.as_str()).collect();
    serde_json::to_string(&items).unwrap_or_default()
}
