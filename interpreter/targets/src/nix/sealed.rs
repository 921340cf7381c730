//! The unit that puts together what holds secrets, before anything reads it.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::leaf::OriginId;
use qg_formats::nix::{Nix, NixExpr, NixPart, Set};

use super::services::place;
use super::{On, put_etc};
use crate::sealed::SealedFile;
pub(super) use crate::sealed::UNIT;

/// The secrets that stand in something that is put together.
pub(super) fn secrets(on: On<'_>) -> BTreeSet<String> {
    let holes = on.fleet.sealed_on(on.name).iter().flat_map(|it| &it.holes);
    holes.map(|hole| hole.secret.entity().to_owned()).collect()
}

pub(super) fn put(on: On<'_>, set: &mut Set) {
    let all = on.fleet.sealed_on(on.name);
    if all.is_empty() {
        return;
    }
    let by: Vec<OriginId> = all.iter().map(|it| it.by).collect();
    let new = |expr: NixExpr| Nix::new(expr, &by);
    let text = |text: &str| new(NixExpr::Text(text.to_owned()));
    let script = new(NixExpr::Path("sealed.sh".to_owned()));
    let mut triggers = vec![script.clone()];
    for it in all {
        let source = Nix::source(it.source.clone(), it.by);
        put_etc(set, &it.template(), source.clone());
        triggers.push(source);
    }
    let units: Vec<Nix> = units(all).into_iter().map(|(unit, by)| Nix::text(unit, by)).collect();
    let mut unit = Set::new();
    unit.put("description", text("Put together what holds secrets"));
    // There only where systemd opens the secrets itself.
    unit.put("after", new(NixExpr::List(vec![text("sops-install-secrets.service")])));
    if let Some(rootless) = on.fleet.rootless(on.name) {
        // Its units start after that of the account, which starts after this one.
        let manager = Nix::text(rootless.manager(), rootless.user.origin);
        unit.put("before", new(NixExpr::List(vec![manager])));
    }
    // What reads it starts after it. Nothing requires it: each unit looks for its own files.
    unit.put("before", new(NixExpr::List(units.clone())));
    unit.put("wantedBy", new(NixExpr::List([vec![text("multi-user.target")], units].concat())));
    let package = |name: &str| new(NixExpr::Select(vec!["pkgs".to_owned(), name.to_owned()]));
    unit.put("path", new(NixExpr::List(vec![package("coreutils"), package("gawk")])));
    unit.put("restartTriggers", new(NixExpr::List(triggers)));
    let shell = NixPart::Hole(Nix::select(&["pkgs", "runtimeShell"], OriginId::default()));
    let command = vec![shell, NixPart::Text(" ".to_owned()), NixPart::Hole(script)];
    let mut service = Set::new();
    service.put("Type", text("oneshot"));
    service.put("RemainAfterExit", new(NixExpr::Bool(true)));
    service.put("ExecStart", new(NixExpr::Filled(command)));
    unit.put("serviceConfig", new(NixExpr::Set(service)));
    set.put_at(&["systemd", "services", "qg-sealed"], new(NixExpr::Set(unit)));
    assertions(on, set);
}

/// What a unit of NixOS reads is there, or it does not start. Those that Podman runs say so in their own files.
fn assertions(on: On<'_>, set: &mut Set) {
    let all = on.fleet.sealed_on(on.name);
    let is_podmans = |unit: &str| {
        on.fleet.containers_on(on.name).any(|(_, service, _)| service.unit.name.value == unit)
    };
    for it in all.iter().filter(|it| !it.of_account) {
        for unit in it.units.iter().filter(|unit| !is_podmans(unit)) {
            if let Some((place, stem)) = place(unit) {
                let path = Nix::list(vec![Nix::text(it.result(), it.by)], it.by);
                let option = ["systemd", place, stem, "unitConfig", "AssertPathExists"];
                set.put_at(&option, path);
            }
        }
    }
}

/// What reads something of it: each unit once.
fn units(all: &[SealedFile]) -> BTreeMap<String, OriginId> {
    let mut units = BTreeMap::new();
    for it in all.iter().filter(|it| !it.of_account) {
        for unit in &it.units {
            units.entry(unit.clone()).or_insert(it.by);
        }
    }
    units
}
