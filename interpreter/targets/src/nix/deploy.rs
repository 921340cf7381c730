//! How hosts get a new version: what Colmena is told, and the nodes of deploy-rs.

use qg_fleet::leaf::{At, Data, OriginId};
use qg_formats::nix::{Nix, NixExpr, Set, function};

use super::{On, hosts, state};
use crate::{OutputFile, Prepared};

/// Where the nodes of deploy-rs are.
pub(super) const FILE: &str = "deploy.nix";

const COMMENT: &[&str] = &[
    "Made by qgc from the sources of the fleet; changes made here are lost.",
    "",
    "The nodes of deploy-rs, given the flake deploy-rs and the systems that the hosts' modules make.",
];

/// Where a host is reached, and who says so.
fn target(on: On<'_>) -> Option<&At<String>> {
    on.host.deploy.to.as_ref().or(on.host.address.as_ref())
}

/// `deployment` of a node of Colmena.
pub(super) fn colmena(on: On<'_>) -> Set {
    let deploy = &on.host.deploy;
    let mut all = Set::new();
    match target(on) {
        Some(to) => all.put("targetHost", Nix::text(to.value.clone(), to.origin)),
        // Without an address only the machine itself can be told.
        None if deploy.local.value => {
            let null = NixExpr::Raw("null".to_owned());
            all.put("targetHost", Nix::new(null, &[deploy.local.origin]));
        }
        None => {}
    }
    if deploy.user.value != "root" {
        all.put("targetUser", Nix::text(deploy.user.value.clone(), deploy.user.origin));
    }
    if let Some(port) = &deploy.port {
        all.put("targetPort", Nix::int(port.number, port.origin));
    }
    if !deploy.tags.is_empty() {
        all.put("tags", state::texts(&deploy.tags, deploy.tags.origin));
    }
    for (key, value) in
        [("buildOnTarget", deploy.build_on_target), ("allowLocalDeployment", deploy.local)]
    {
        if value.value {
            all.put(key, Nix::bool(true, value.origin));
        }
    }
    all
}

/// The nodes of deploy-rs: every host that can be reached.
pub(super) fn file(fleet: &Prepared<'_>) -> OutputFile {
    let mut all = Set::new();
    all.put("nodes", Set::new().nix(OriginId::default()));
    for on in hosts(fleet) {
        let Some(to) = target(on) else { continue };
        let deploy = &on.host.deploy;
        let mut node = Set::new();
        node.put("hostname", Nix::text(to.value.clone(), to.origin));
        node.put("sshUser", Nix::text(deploy.user.value.clone(), deploy.user.origin));
        let mut options = Vec::new();
        if let Some(port) = &deploy.port {
            options.push(Nix::text("-p", port.origin));
            options.push(Nix::text(port.number.to_string(), port.origin));
        }
        options.extend(deploy.ssh_options.iter().map(|it| Nix::text(it.value.clone(), it.origin)));
        if !options.is_empty() {
            node.put("sshOpts", Nix::list(options, deploy.ssh_options.origin));
        }
        if deploy.build_on_target.value {
            node.put("remoteBuild", Nix::bool(true, deploy.build_on_target.origin));
        }
        for key in ["autoRollback", "magicRollback"] {
            if !deploy.rollback.value {
                node.put(key, Nix::bool(false, deploy.rollback.origin));
            }
        }
        profiles(on, &mut node);
        all.put_at(&["nodes", on.name], node.nix(on.host.origin));
    }
    let nix = all.nix(OriginId::default());
    function(&["deploy-rs", "nixosConfigurations", "..."], &nix, COMMENT).file(FILE)
}

fn profiles(on: On<'_>, node: &mut Set) {
    let by = on.host.origin;
    // What activates runs here or on the target; either way it is for the target's processor.
    let activate = ["deploy-rs", "lib", on.host.system.name(), "activate", "nixos"];
    let system = Nix::select(&["nixosConfigurations", on.name], by);
    let mut profile = Set::new();
    profile.put("user", Nix::text("root", by));
    profile.put("path", Nix::apply(&activate, vec![system]));
    node.put_at(&["profiles", "system"], profile.nix(by));
    for (name, it) in &on.host.deploy.profile {
        let Data::Nix(path) = &it.path.value else { continue };
        let mut profile = Set::new();
        profile.put("user", Nix::text(it.user.value.clone(), it.user.origin));
        profile.put("path", Nix::new(NixExpr::Raw(path.clone()), &[it.path.origin]));
        node.put_at(&["profiles", name], profile.nix(it.origin));
    }
}
