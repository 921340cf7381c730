//! Every key of every Quadlet section can be said, and Podman's own generator takes each.

use std::collections::BTreeMap;

use qg_interpreter::targets::quadlet::keys::{KeyInfo, keys};
use qg_interpreter::targets::quadlet::spelling::QuadletKind;

use crate::fleets::{Sources, compile, outputs};
use crate::quadlet::generate;
use crate::readers;

/// The version of the generator that the tests have.
const INSTALLED: (u16, u16) = (5, 4);

/// Values for keys that not every text of their kind fits.
const VALUES: &[(&str, &str, &[&str])] = &[
    ("Container", "AddDevice", &["/dev/null"]),
    ("Container", "EnvironmentFile", &["/etc/environment"]),
    ("Container", "ExposeHostPort", &["8080"]),
    ("Container", "Group", &["1"]),
    ("Container", "Image", &["docker.io/x/y:2"]),
    ("Image", "Image", &["docker.io/x/y:2"]),
    ("Container", "Mount", &["type=tmpfs,destination=/x"]),
    ("Container", "Network", &["host"]),
    ("Container", "Notify", &["true"]),
    ("Container", "Pod", &["other.pod"]),
    ("Container", "PublishPort", &["127.0.0.1:8080:80"]),
    ("Container", "RemapUsers", &["keep-id"]),
    ("Container", "Rootfs", &["/srv/rootfs"]),
    ("Container", "Volume", &["/a:/b"]),
    ("Pod", "PublishPort", &["127.0.0.1:8081:80"]),
    ("Kube", "PublishPort", &["127.0.0.1:8082:80"]),
    ("Pod", "RemapUsers", &["keep-id"]),
    ("Pod", "Volume", &["/a:/b"]),
    ("Pod", "Network", &["host"]),
    ("Network", "Subnet", &["10.5.0.0/24"]),
    ("Network", "Gateway", &["10.4.0.1"]),
    ("Network", "IPRange", &["10.4.0.0/25"]),
    ("Volume", "Image", &["docker.io/x/y:2"]),
    ("Volume", "Driver", &["local"]),
    ("Build", "Network", &["host"]),
    ("Build", "Volume", &["/a:/b"]),
    ("Build", "File", &["/srv/other/Containerfile"]),
    ("Build", "SetWorkingDirectory", &["unit"]),
    ("Kube", "Network", &["host"]),
    ("Kube", "SetWorkingDirectory", &["yaml"]),
    ("Kube", "RemapUsers", &["keep-id"]),
    ("Kube", "ExitCodePropagation", &["all"]),
    ("Kube", "Yaml", &["/srv/other.yml"]),
];

/// What some keys need beside them.
const BESIDE: &[(&str, &str, &str)] = &[
    ("Container", "Group", "quadlet.User = [\"1\"]"),
    ("Container", "RemapUid", "quadlet.RemapUsers = [\"manual\"]"),
    ("Container", "RemapGid", "quadlet.RemapUsers = [\"manual\"]"),
    ("Container", "RemapUidSize", "quadlet.RemapUsers = [\"auto\"]"),
    ("Pod", "RemapUid", "quadlet.RemapUsers = [\"manual\"]"),
    ("Pod", "RemapGid", "quadlet.RemapUsers = [\"manual\"]"),
    ("Pod", "RemapUidSize", "quadlet.RemapUsers = [\"auto\"]"),
    ("Kube", "RemapUid", "quadlet.RemapUsers = [\"auto\"]"),
    ("Kube", "RemapGid", "quadlet.RemapUsers = [\"auto\"]"),
    ("Kube", "RemapUidSize", "quadlet.RemapUsers = [\"auto\"]"),
    ("Network", "Gateway", "subnet = 10.4.0.0/24"),
    ("Network", "IPRange", "subnet = 10.4.0.0/24"),
    ("Volume", "Type", "quadlet.Device = [\"/dev/null\"]"),
    ("Volume", "Options", "quadlet.Device = [\"/dev/null\"]"),
    ("Volume", "Image", "quadlet.Driver = [\"image\"]"),
];

fn values(section: &str, key: &KeyInfo) -> String {
    if key.name == "ServiceName" {
        return format!("quadlet.ServiceName = [\"named-{}\"]", section.to_lowercase());
    }
    let special = VALUES.iter().find(|row| (row.0, row.1) == (section, key.name));
    let values: &[&str] = match (special, key.kind) {
        (Some(row), _) => row.2,
        (None, QuadletKind::Bool) => &["true"],
        (None, QuadletKind::Number) => &["7"],
        (None, QuadletKind::KeyVal) => &["a=b c"],
        (
            None,
            QuadletKind::Scalar | QuadletKind::Lines | QuadletKind::Strv | QuadletKind::File,
        ) => &["5"],
        (None, QuadletKind::Args | QuadletKind::LastArgs) => &["--word"],
    };
    let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    format!("quadlet.{} = [{}]", key.name, values.join(", "))
}

/// An entity with one key, in a source of its own.
fn source(section: &str, key: &KeyInfo, name: &str) -> String {
    let said = match key.name {
        // Each unit has a name of its own.
        "ServiceName" => format!("quadlet.ServiceName = [\"named-{name}\"]"),
        _ => values(section, key),
    };
    // And it is said what the model calls it.
    let unit = match key.name {
        "ServiceName" => format!("unit.name = \"named-{name}.service\", "),
        _ => String::new(),
    };
    let beside = BESIDE.iter().find(|row| (row.0, row.1) == (section, key.name));
    let said = format!("{said}, {}", beside.map_or("", |row| row.2));
    let said = said.trim_end_matches([',', ' ']);
    match section {
        "Container" => {
            // The raw key runs something else, and the image that every container says yields to it.
            let yields = if key.name == "Rootfs" { "default " } else { "" };
            format!(
                "service {name} {{ on = host.Box, {unit}container {{ {yields}image = \"docker.io/x/x:1\", {said} }} }}\n"
            )
        }
        "Quadlet" => format!(
            "service {name} {{ on = host.Box, unit {{ {said} }}, container {{ image = \"docker.io/x/x:1\" }} }}\n"
        ),
        "Pod" => format!("pod {name} {{ on = host.Box, {unit}{said} }}\n"),
        "Network" => format!("network {name} {{ on = host.Box, {unit}{said} }}\n"),
        "Volume" => format!("volume {name} {{ on = host.Box, {unit}{said} }}\n"),
        "Image" => {
            format!(
                "pulled {name} {{ on = host.Box, {unit}image = \"docker.io/x/x:1\", {said} }}\n"
            )
        }
        "Build" if key.name == "File" => {
            format!("build {name} {{ on = host.Box, {unit}context = /srv, {said} }}\n")
        }
        "Build" => {
            format!("build {name} {{ on = host.Box, {unit}file = /srv/Containerfile, {said} }}\n")
        }
        "Kube" => {
            format!("kube {name} {{ on = host.Box, {unit}yaml = [/srv/kube.yml], {said} }}\n")
        }
        "Artifact" => {
            format!(
                "artifact {name} {{ on = host.Box, {unit}artifact = \"quay.io/x/x:1\", {said} }}\n"
            )
        }
        other => panic!("no kind has [{other}]"),
    }
}

/// What a field that must be there says already: a second word on it is refused.
const FIELDS: &[(&str, &str)] =
    &[("Artifact", "Artifact"), ("Container", "Image"), ("Image", "Image")];

const SECTIONS: &[&str] =
    &["Artifact", "Build", "Container", "Image", "Kube", "Network", "Pod", "Quadlet", "Volume"];

fn fleet(version: &str) -> Sources {
    let mut sources = Sources::default();
    let text = format!(
        "fleet {{ domain = \"example.org\" }}\nhost Box {{ system = x86_64_linux, state_version = \"25.05\", podman.version = \"{version}\" }}\npod other {{ on = host.Box }}\n"
    );
    sources.add("fleet.qg", &text);
    sources
}

/// Every key with a name for its entity.
fn all() -> BTreeMap<String, (&'static str, &'static KeyInfo)> {
    let mut all = BTreeMap::new();
    for section in SECTIONS {
        for (number, key) in keys(section).iter().enumerate() {
            if FIELDS.contains(&(*section, key.name)) {
                continue;
            }
            all.insert(format!("{}-{number}", section.to_lowercase()), (*section, key));
        }
    }
    all
}

#[test]
fn every_key_can_be_said() {
    let mut sources = fleet("6.0");
    for (name, (section, key)) in all() {
        sources.add(&format!("{name}.qg"), &source(section, key, &name));
    }
    let files = outputs(&sources);
    let mut missing = Vec::new();
    for (name, (section, key)) in all() {
        let file = files.iter().find(|file| file.path.contains(&format!("/quadlet/{name}.")));
        let said = file.is_some_and(|file| {
            file.text.lines().any(|line| line.starts_with(&format!("{}=", key.name)))
        });
        if !said {
            missing.push(format!("[{section}] {}", key.name));
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_generator_takes_every_key_that_it_knows() {
    let Some(generator) = readers::quadlet() else { return };
    let mut sources = fleet("5.4");
    let mut known = 0;
    for (name, (section, key)) in all() {
        if key.since <= INSTALLED {
            sources.add(&format!("{name}.qg"), &source(section, key, &name));
            known += 1;
        }
    }
    assert!(known > 150, "{known}");
    let files = outputs(&sources);
    let generated = generate(&generator, &files, "Box");
    assert!(generated.success, "{}", generated.messages);
    let complaints: Vec<&str> = generated
        .messages
        .lines()
        .filter(|line| !line.contains("Loading source unit file"))
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(complaints, Vec::<&str>::new());
    // One unit for each key, and the pod beside them.
    assert_eq!(generated.texts.len(), known + 1);
}

#[test]
fn a_key_that_is_too_new_is_refused() {
    let mut sources = fleet("5.4");
    let mut newer = Vec::new();
    for (name, (section, key)) in all() {
        if key.since > INSTALLED {
            sources.add(&format!("{name}.qg"), &source(section, key, &name));
            newer.push(name);
        }
    }
    let (_, refused) = compile(&sources);
    let accepted: Vec<&String> = newer
        .iter()
        .filter(|name| refused.get(&format!("{name}.qg")).is_none_or(|it| !it.contains("QG0603")))
        .collect();
    assert_eq!(accepted, Vec::<&String>::new());
}
