//! Whether Caddy reads what is written for it, and can read what that names.

use qg_fleet::checks::place::{first_place, place};
use qg_fleet::host::Manager;
use qg_fleet::leaf::{At, OriginId};
use qg_fleet::leaves::{LeafValue, each};
use qg_fleet::proxy::CaddyProxy;
use qg_fleet::service::Service;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use crate::Prepared;
use crate::caddy::PATH;

/// Caddy reads the file that it is started with: whoever says how it is started names ours.
pub(super) fn run(fleet: &Prepared<'_>, of: CaddyProxy<'_>, found: &mut Vec<Diagnostic>) {
    authority(fleet, of, found);
    let Some((key, service)) = fleet.model.runs_proxy(of.proxy) else { return };
    let Some(origin) = starts_with_other(fleet, of, service) else { return };
    let message = format!("service.{key} runs proxy.{}, and starts it with another file", of.key);
    let help = if service.container.is_some() {
        format!(
            "leave `command` and `entrypoint` out, or say `command = [\"caddy\", \"run\", \"--config\", \"{PATH}\"]`"
        )
    } else {
        format!(
            "say `unit.service.ExecStart = \"/usr/bin/caddy run --config {PATH}\"`, or run it in a `container`"
        )
    };
    found.push(
        Diagnostic::error(
            codes::CADDY_READS_OTHER,
            first_place(fleet, &[origin, service.origin]),
            message,
        )
        .also(place(fleet, of.proxy.origin), format!("its file is {PATH}"))
        .help(help),
    );
}

/// Who says how it is started, where nothing in that is our file.
fn starts_with_other(
    fleet: &Prepared<'_>,
    of: CaddyProxy<'_>,
    service: &At<Service>,
) -> Option<OriginId> {
    // A word of its own, or what an option is set to.
    let is_ours = |word: &str| {
        let word = word.trim_matches(['"', '\'']);
        word == PATH || word.strip_suffix(PATH).is_some_and(|before| before.ends_with('='))
    };
    let names_ours = |text: &str| text.split_whitespace().any(is_ours);
    if let Some(container) = &service.container {
        let (command, entry) = (&container.command, &container.entrypoint);
        let raw = ["Exec", "Entrypoint"].into_iter().filter_map(|key| container.quadlet.get(key));
        let raw: Vec<&At<String>> = raw.flat_map(|all| all.iter()).collect();
        let mut said = command.iter().chain(entry.iter()).chain(raw.iter().copied());
        let first = said.clone().next()?;
        let ours = said.any(|text| names_ours(text));
        return (!ours).then_some(first.origin);
    }
    let host = fleet.model.host.get(of.proxy.on.entity())?;
    match host.manager.value {
        // The module of NixOS starts it.
        Manager::Nixos => None,
        Manager::Plain => match service.unit.service.get("ExecStart") {
            None => Some(service.origin),
            Some(said) => {
                let mut ours = false;
                each(said, &mut |_, value, _| {
                    ours |= matches!(value, LeafValue::Text(text) if names_ours(text));
                });
                (!ours).then_some(said.origin)
            }
        },
    }
}

/// With an authority that it may not read it does not start, and nothing is answered at all. In a container it is root.
fn authority(fleet: &Prepared<'_>, of: CaddyProxy<'_>, found: &mut Vec<Diagnostic>) {
    let model = &fleet.model;
    let account = of.proxy.engine.account();
    let host = model.host.get(of.proxy.on.entity());
    let by_module = host.is_some_and(|host| host.manager.value == Manager::Nixos)
        && model.runs_proxy(of.proxy).is_none_or(|(_, service)| service.container.is_none());
    let Some(ca) = of.options.client_ca.as_ref().filter(|_| by_module) else { return };
    let Some(secret) = model.secret.get(ca.entity()) else { return };
    if model.private_names(of.key).is_empty() {
        return;
    }
    let is_owner = secret.owner.as_ref().is_some_and(|it| it.entity() == account);
    let groups = model.user.get(account).into_iter().flat_map(|user| user.groups.iter());
    let groups: Vec<&str> = groups.map(|it| it.entity()).chain([account]).collect();
    let in_group = secret.group.as_ref().is_some_and(|it| groups.contains(&it.entity()));
    let mode = secret.mode.value;
    let may = is_owner && mode & 0o400 != 0 || in_group && mode & 0o040 != 0 || mode & 0o004 != 0;
    if !may {
        let message = format!("proxy.{} could not read secret.{}", of.key, ca.entity());
        found.push(
            Diagnostic::error(codes::CADDY_UNREADABLE, place(fleet, ca.origin), message)
                .also(place(fleet, secret.origin), format!("not for the account `{account}`"))
                .help(format!("say `owner = user.{account}` there, and `user {account} {{ on = […], kind = from_module }}`")),
        );
    }
}
