//! What is left of a service that is switched off: accounts of its module, and its unit, that others still name.

use qg_fleet::checks::place::place;
use qg_fleet::host::{Account, Manager};
use qg_fleet::leaf::{At, Data, EntityPath};
use qg_fleet::service::{Engine, Service, State, Unit};
use qg_lang::diagnostic::codes::fleet as codes;
use qg_lang::diagnostic::{Code, Diagnostic};

use super::Check;
use crate::Prepared;

const CODES: &[Code] = &[codes::LEFT_BEHIND, codes::NO_MODULE];
pub(super) const CHECK: Check = Check { codes: CODES, run };

/// Keys of [Unit] that want the unit they name.
const NEEDS: [&str; 3] = ["BindsTo", "Requires", "Requisite"];

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    let nixos = |name: &&String| {
        fleet.model.host.get(*name).is_some_and(|it| it.manager.value == Manager::Nixos)
    };
    for host in fleet.model.host.keys().filter(nixos) {
        for account in named_on(fleet, host) {
            accounts(fleet, host, account, out);
        }
        units(fleet, host, out);
        if !fleet.partial {
            unheard_of(fleet, host, out);
        }
    }
}

/// Every place where something that a host gets names an account or group.
fn named_on<'f>(fleet: &'f Prepared<'f>, host: &str) -> Vec<&'f At<EntityPath>> {
    let model = &fleet.model;
    let mut all: Vec<&At<EntityPath>> = Vec::new();
    let of_state = |it: &'f State| it.owner.iter().chain(&it.group);
    let of_host = model.host.get(host);
    all.extend(of_host.into_iter().flat_map(|it| it.state.values()).flat_map(|it| of_state(it)));
    all.extend(of_host.into_iter().flat_map(|it| &it.podman.user));
    for (_, service) in model.services_on(host) {
        all.extend(service.state.values().flat_map(|it| of_state(it)));
        all.extend(service.container.iter().flat_map(|it| it.user.iter().chain(&it.group)));
    }
    for secret in fleet.secrets_on(host).keys().filter_map(|key| model.secret.get(key)) {
        all.extend(secret.owner.iter().chain(&secret.group));
    }
    for (_, vault) in model.vaults_on(host) {
        all.extend(match &vault.engine.value {
            Engine::Restic(restic) => &restic.user,
            Engine::Borg(borg) => &borg.user,
        });
    }
    let here = |name: &str| EntityPath(vec!["user".to_owned(), name.to_owned()]);
    for (name, user) in model.users_on(host) {
        if fleet.gone_with(host, &here(name)).is_none() {
            all.extend(user.group.iter().chain(user.groups.iter()));
        }
    }
    all
}

fn accounts(fleet: &Prepared<'_>, host: &str, account: &At<EntityPath>, out: &mut Vec<Diagnostic>) {
    let Some((key, service)) = fleet.gone_with(host, account) else { return };
    let message = format!("{} is not on host.{host}: service.{key} is switched off", account.value);
    let finding = Diagnostic::error(codes::LEFT_BEHIND, place(fleet, account.origin), message)
        .also(place(fleet, service.origin), "its module would declare the account")
        .help("switch the service on, give this another owner, or declare the account: `kind = system`");
    out.push(finding);
}

/// Units that want one that nothing makes any more.
fn units(fleet: &Prepared<'_>, host: &str, out: &mut Vec<Diagnostic>) {
    let model = &fleet.model;
    let on: Vec<&Unit> = model
        .services_on(host)
        .map(|(_, it)| &*it.unit)
        .chain(model.podman_units(host).map(|it| &**it))
        .collect();
    let mut say = |name: &str, at| {
        let here = |it: &&Service| it.on.as_ref().is_some_and(|on| on.entity() == host);
        let mut off = fleet.off.iter().filter(|(_, it)| here(&&***it));
        let Some((key, service)) = off.find(|(_, it)| it.unit.name.value == name) else { return };
        if on.iter().any(|unit| unit.name.value == name) {
            return;
        }
        let message = format!("`{name}` is not on host.{host}: service.{key} is switched off");
        let finding = Diagnostic::error(codes::LEFT_BEHIND, place(fleet, at), message)
            .also(place(fleet, service.origin), "its unit")
            .help("switch the service on, or do without it: what needs a unit that is not there does not start");
        out.push(finding);
    };
    for unit in &on {
        unit.requires.iter().for_each(|it| say(it, it.origin));
        for (_, value) in unit.unit.iter().filter(|(key, _)| NEEDS.contains(&key.as_str())) {
            texts(value, &mut say);
        }
    }
}

fn texts(value: &At<Data>, say: &mut impl FnMut(&str, qg_fleet::leaf::OriginId)) {
    match &value.value {
        Data::Text(text) => text.split_whitespace().for_each(|it| say(it, value.origin)),
        Data::List(items) => items.iter().for_each(|it| texts(it, say)),
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_)
        | Data::Record(_) => {}
    }
}

/// Accounts of modules that nothing said of the host has to do with.
fn unheard_of(fleet: &Prepared<'_>, host: &str, out: &mut Vec<Diagnostic>) {
    // Code that is not beside the sources may do anything.
    let Some(it) = fleet.model.host.get(host) else { return };
    if it.modules.iter().any(|it| matches!(it.value, Data::Nix(_))) {
        return;
    }
    for (name, user) in fleet.model.users_on(host) {
        let path = EntityPath(vec!["user".to_owned(), name.to_owned()]);
        if user.kind.value != Account::FromModule
            || !fleet.is_unheard_of(host, name)
            || fleet.gone_with(host, &path).is_some()
        {
            continue;
        }
        let message = format!("no module on host.{host} is known to declare user.{name}");
        let finding = Diagnostic::warning(codes::NO_MODULE, place(fleet, user.kind.origin), message)
            .help("NixOS refuses an account of which only groups are said: declare it, `kind = system`, or switch on the service it belongs to");
        out.push(finding);
    }
}
