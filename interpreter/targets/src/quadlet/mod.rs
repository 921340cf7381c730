//! Podman's Quadlet files: `hosts/NAME/quadlet/*.container`, `*.pod`, `*.network`, `*.volume`, `*.image`, `*.build`,
//! `*.kube`, `*.artifact`.

pub(crate) mod checks;
pub mod common;
mod container;
mod images;
pub mod keys;
mod lent;
mod pod;
mod reads;
mod rows;
pub mod run_as;
pub mod sections;
pub mod spelling;
mod subject;
pub(super) mod unit;

use qg_fleet::leaf::{At, MountSource, OriginId};
use qg_fleet::units::PodmanUnit;
use qg_formats::Document;

use super::made::Made;
use super::{OutputFile, Target};
use crate::Prepared;
pub use reads::{reads, sees};

pub const TARGET: Target = Target { name: "quadlet", files: render, checks: checks::ALL };

fn render(fleet: &Prepared<'_>) -> Vec<OutputFile> {
    let model = &fleet.model;
    let mut files = Vec::new();
    for (host, it) in &model.host {
        let version = version(&it.podman.version);
        for (name, service, container) in fleet.containers_on(host) {
            files.push(container::render(fleet, host, name, service, container, version));
        }
        for (name, pod) in model.pods_on(host) {
            files.push(pod::pod(fleet, host, name, pod, version));
        }
        for (name, network) in model.networks_on(host) {
            files.push(pod::network(fleet, host, name, network, version));
        }
        for (name, volume) in model.volumes_on(host) {
            files.push(pod::volume(fleet, host, name, volume, version));
        }
        for (name, it) in model.pulled_on(host) {
            files.push(images::pulled(fleet, host, name, it, version));
        }
        for (name, it) in model.builds_on(host) {
            files.push(images::build(fleet, host, name, it, version));
        }
        for (name, it) in model.kubes_on(host) {
            files.push(images::kube(fleet, host, name, it, version));
        }
        for (name, it) in model.artifacts_on(host) {
            files.push(images::artifact(fleet, host, name, it, version));
        }
        // Two containers may mount one file.
        let mut beside = Made::default();
        for (path, origin) in sources(fleet, host) {
            if let Some(text) = fleet.text_of(path) {
                beside.put(path, Document::whole(text.to_string(), &[origin]));
            }
        }
        files.extend(beside.below(&format!("hosts/{host}/files")));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Files beside the sources that units of a host read, and who said so; they are copied as they are.
#[must_use]
pub fn sources<'f>(fleet: &'f Prepared<'f>, host: &str) -> Vec<(&'f str, OriginId)> {
    let files = fleet.units_on(host);
    let all = files.iter().flat_map(|file| sources_of(fleet, file));
    all.filter_map(reads::beside_the_sources).collect()
}

/// What a Quadlet file names to be read: what is mounted, built from, or played.
fn sources_of<'f>(fleet: &'f Prepared<'f>, file: &PodmanUnit<'_>) -> Vec<&'f At<MountSource>> {
    let model = &fleet.model;
    match file.kind {
        "container" => {
            let container = model.service.get(file.name).and_then(|it| it.container.as_ref());
            container.iter().flat_map(|it| it.mounts.values().map(|mount| &mount.source)).collect()
        }
        "build" => model.build.get(file.name).and_then(|it| it.file.as_ref()).into_iter().collect(),
        "kube" => {
            let kube = model.kube.get(file.name);
            kube.iter().flat_map(|it| it.yaml.iter().chain(it.config_maps.iter())).collect()
        }
        _ => Vec::new(),
    }
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
    serde_json::Value::from(items).to_string()
}
