//! The unit that puts together what holds secrets, before anything reads it.

use std::collections::{BTreeMap, BTreeSet};

use super::{On, put_etc};
use crate::fleet::leaf::OriginId;
use crate::formats::nix::{Expr, Nix, Part, Set};
use crate::targets::sealed::Sealed;

pub(super) const UNIT: &str = "qg-sealed.service";

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
    let new = |expr: Expr| Nix::new(expr, &by);
    let text = |text: &str| new(Expr::Text(text.to_owned()));
    let script = new(Expr::Path("sealed.sh".to_owned()));
    let mut triggers = vec![script.clone()];
    for it in all {
        let source = Nix::path(it.source.clone(), it.by);
        put_etc(set, &it.template(), source.clone());
        triggers.push(source);
    }
    let units: Vec<Nix> = units(all).into_iter().map(|(unit, by)| Nix::text(unit, by)).collect();
    let mut unit = Set::new();
    unit.put("description", text("Put together what holds secrets"));
    unit.put("wantedBy", new(Expr::List(vec![text("multi-user.target")])));
    // There only where systemd opens the secrets itself.
    unit.put("after", new(Expr::List(vec![text("sops-install-secrets.service")])));
    if let Some(rootless) = on.fleet.rootless(on.name) {
        // Its units start after that of the account, which starts after this one.
        let manager = Nix::text(rootless.manager(), rootless.user.origin);
        unit.put("before", new(Expr::List(vec![manager])));
    }
    if !units.is_empty() {
        // What reads it starts after it, and anew when it does.
        unit.put("before", new(Expr::List(units.clone())));
        unit.put("requiredBy", new(Expr::List(units)));
    }
    let package = |name: &str| new(Expr::Select(vec!["pkgs".to_owned(), name.to_owned()]));
    unit.put("path", new(Expr::List(vec![package("coreutils"), package("gawk")])));
    unit.put("restartTriggers", new(Expr::List(triggers)));
    let shell = Part::Hole(Nix::select(&["pkgs", "runtimeShell"], OriginId::default()));
    let command = vec![shell, Part::Text(" ".to_owned()), Part::Hole(script)];
    let mut service = Set::new();
    service.put("Type", text("oneshot"));
    service.put("RemainAfterExit", new(Expr::Bool(true)));
    service.put("ExecStart", new(Expr::Filled(command)));
    unit.put("serviceConfig", new(Expr::Set(service)));
    set.put_at(&["systemd", "services", "qg-sealed"], new(Expr::Set(unit)));
}

/// What reads something of it: each unit once.
fn units(all: &[Sealed]) -> BTreeMap<String, OriginId> {
    let mut units = BTreeMap::new();
    for it in all {
        for unit in &it.units {
            units.entry(unit.clone()).or_insert(it.by);
        }
    }
    units
}
