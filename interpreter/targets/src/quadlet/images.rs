//! `NAME.image`, `NAME.build`, `NAME.kube`, `NAME.artifact`.

use std::collections::BTreeMap;

use qg_fleet::container::Networking;
use qg_fleet::leaf::{At, MountSource, OriginId, RefOr};
use qg_fleet::podman::{Artifact, Build, Kube, Pulled};

use super::common::{self, Defaults};
use super::container::publish;
use super::keys::{QuadletKey, key};
use super::mounted_file;
use super::unit::UnitFile;
use crate::{OutputFile, Prepared, go};

pub(super) fn pulled(
    fleet: &Prepared<'_>,
    host: &str,
    name: &str,
    it: &At<Pulled>,
    version: (u16, u16),
) -> OutputFile {
    const SECTION: &str = "Image";
    let mut unit = UnitFile::new(version);
    common::description(&mut unit, name, &it.about, it.origin);
    common::relations(&mut unit, fleet, &At::default(), &it.unit);
    unit.one(key!(SECTION, "Image"), &it.image);
    if let Some(tag) = &it.tag {
        unit.one(key!(SECTION, "ImageTag"), tag);
    }
    if let Some(policy) = &it.policy {
        unit.key(key!(SECTION, "Policy"), &[policy.value.word()], &[policy.origin]);
    }
    login(&mut unit, fleet, key!(SECTION, "AuthFile"), it.auth_file.as_ref());
    for (key, text) in [
        (key!(SECTION, "Arch"), &it.arch),
        (key!(SECTION, "OS"), &it.os),
        (key!(SECTION, "Variant"), &it.variant),
    ] {
        text.iter().for_each(|text| unit.one(key, text));
    }
    tls_verify(&mut unit, key!(SECTION, "TLSVerify"), it.tls_verify);
    if let Some(retry) = &it.retry {
        unit.key(key!(SECTION, "Retry"), &[&retry.value.to_string()], &[retry.origin]);
    }
    if let Some(delay) = &it.retry_delay {
        unit.key(key!(SECTION, "RetryDelay"), &[&go::duration(delay.value)], &[delay.origin]);
    }
    unit.each(key!(SECTION, "PodmanArgs"), &it.podman_args);
    unit.more(SECTION, &it.quadlet);
    common::end(&mut unit, fleet, host, &it.unit, it.origin, Defaults::Pull);
    unit.finish(format!("hosts/{host}/quadlet/{name}.image"))
}

pub(super) fn build(
    fleet: &Prepared<'_>,
    host: &str,
    name: &str,
    it: &At<Build>,
    version: (u16, u16),
) -> OutputFile {
    const SECTION: &str = "Build";
    let mut unit = UnitFile::new(version);
    common::description(&mut unit, name, &it.about, it.origin);
    common::relations(&mut unit, fleet, &At::default(), &it.unit);
    unit.each(key!(SECTION, "ImageTag"), &it.tags);
    source(&mut unit, fleet, key!(SECTION, "File"), it.file.as_ref());
    match (&it.context, &it.file) {
        (Some(context), _) => unit.one(key!(SECTION, "SetWorkingDirectory"), context),
        // The folder of the file.
        (None, Some(file)) => {
            unit.unless_said(key!(SECTION, "SetWorkingDirectory"), "file", file.origin);
        }
        (None, None) => {}
    }
    if let Some(target) = &it.target {
        unit.one(key!(SECTION, "Target"), target);
    }
    pairs(&mut unit, key!(SECTION, "BuildArg"), &it.args);
    pairs(&mut unit, key!(SECTION, "Environment"), &it.env);
    pairs(&mut unit, key!(SECTION, "Label"), &it.labels);
    if let Some(pull) = &it.pull {
        unit.key(key!(SECTION, "Pull"), &[pull.value.word()], &[pull.origin]);
    }
    login(&mut unit, fleet, key!(SECTION, "AuthFile"), it.auth_file.as_ref());
    tls_verify(&mut unit, key!(SECTION, "TLSVerify"), it.tls_verify);
    for (id, secret) in &it.secrets {
        let line = format!("id={id},src={}", fleet.secret_path(secret));
        unit.key(key!(SECTION, "Secret"), &[&line], &[secret.origin]);
    }
    unit.each(key!(SECTION, "PodmanArgs"), &it.podman_args);
    unit.more(SECTION, &it.quadlet);
    common::end(&mut unit, fleet, host, &it.unit, it.origin, Defaults::Pull);
    unit.finish(format!("hosts/{host}/quadlet/{name}.build"))
}

pub(super) fn artifact(
    fleet: &Prepared<'_>,
    host: &str,
    name: &str,
    it: &At<Artifact>,
    version: (u16, u16),
) -> OutputFile {
    const SECTION: &str = "Artifact";
    let mut unit = UnitFile::new(version);
    common::description(&mut unit, name, &it.about, it.origin);
    common::relations(&mut unit, fleet, &At::default(), &it.unit);
    unit.one(key!(SECTION, "Artifact"), &it.artifact);
    login(&mut unit, fleet, key!(SECTION, "AuthFile"), it.auth_file.as_ref());
    tls_verify(&mut unit, key!(SECTION, "TLSVerify"), it.tls_verify);
    unit.each(key!(SECTION, "PodmanArgs"), &it.podman_args);
    unit.more(SECTION, &it.quadlet);
    common::end(&mut unit, fleet, host, &it.unit, it.origin, Defaults::Pull);
    unit.finish(format!("hosts/{host}/quadlet/{name}.artifact"))
}

pub(super) fn kube(
    fleet: &Prepared<'_>,
    host: &str,
    name: &str,
    it: &At<Kube>,
    version: (u16, u16),
) -> OutputFile {
    const SECTION: &str = "Kube";
    let mut unit = UnitFile::new(version);
    common::description(&mut unit, name, &it.about, it.origin);
    common::relations(&mut unit, fleet, &At::default(), &it.unit);
    for yaml in it.yaml.iter() {
        source(&mut unit, fleet, key!(SECTION, "Yaml"), Some(yaml));
    }
    for map in it.config_maps.iter() {
        source(&mut unit, fleet, key!(SECTION, "ConfigMap"), Some(map));
    }
    for network in it.networks.iter() {
        let file = format!("{}.network", network.entity());
        unit.key(key!(SECTION, "Network"), &[&file], &[network.origin]);
    }
    let network = At::new(Networking::Bridge, OriginId(0));
    for port in it.ports.values() {
        publish(&mut unit, key!(SECTION, "PublishPort"), port, None, &network);
    }
    if let Some(codes) = &it.exit_codes {
        unit.key(key!(SECTION, "ExitCodePropagation"), &[codes.value.word()], &[codes.origin]);
    }
    unit.switch(key!(SECTION, "KubeDownForce"), it.down_force);
    unit.more(SECTION, &it.quadlet);
    common::end(&mut unit, fleet, host, &it.unit, it.origin, Defaults::Runs);
    unit.finish(format!("hosts/{host}/quadlet/{name}.kube"))
}

fn source(
    unit: &mut UnitFile,
    fleet: &Prepared<'_>,
    key: QuadletKey,
    from: Option<&At<MountSource>>,
) {
    let Some(from) = from else { return };
    let path = match &from.value {
        MountSource::Path(path) => path.clone(),
        MountSource::File(path) => mounted_file(path),
        MountSource::Secret(secret) => fleet.secret_path(secret),
        MountSource::Volume(volume) => format!("{}.volume", volume.entity()),
    };
    unit.key(key, &[&path], &[from.origin]);
}

/// Where the login of a registry is.
fn login(
    unit: &mut UnitFile,
    fleet: &Prepared<'_>,
    key: QuadletKey,
    from: Option<&At<RefOr<String>>>,
) {
    let Some(from) = from else { return };
    let path = match &from.value {
        RefOr::Ref(secret) => fleet.secret_path(secret),
        RefOr::Value(path) => path.clone(),
    };
    unit.key(key, &[&path], &[from.origin]);
}

fn pairs(unit: &mut UnitFile, key: QuadletKey, all: &BTreeMap<String, At<String>>) {
    for (name, value) in all {
        unit.key(key, &[&format!("{name}={}", value.value)], &[value.origin]);
    }
}

fn tls_verify(unit: &mut UnitFile, key: QuadletKey, verify: Option<At<bool>>) {
    if let Some(verify) = verify {
        let word = if verify.value { "true" } else { "false" };
        unit.key(key, &[word], &[verify.origin]);
    }
}
