//! What NixOS modules keep on a root that is emptied, where nothing persists it.

use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::state;

use crate::Facts;
use crate::checks::FleetCheck;
use crate::checks::place::{own_place, place};
use crate::leaf::OriginId;
use crate::mounts::Fate;

pub(in crate::checks) const CHECK: FleetCheck = FleetCheck { codes: &[state::MODULE_UNKEPT], run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    // From what is not there nothing is concluded while something is unknown.
    if fleet.partial {
        return;
    }
    for host in fleet.model.host.keys() {
        let of = Of { fleet, host };
        if fleet.mounts_on(host).is_none_or(|it| it.keep().is_none()) {
            continue;
        }
        for it in fleet.switched_on(host) {
            let owner = match (&it.user, &it.group) {
                (Some(user), Some(group)) => {
                    format!("owner_name = \"{user}\", group_name = \"{group}\"")
                }
                (Some(user), None) => format!("owner_name = \"{user}\""),
                (None, _) => "mode = 0o700".to_owned(),
            };
            let what = match &it.by {
                Some(by) => format!("{}, which {by} switches on,", it.option),
                None => it.option.clone(),
            };
            for path in &it.keeps {
                of.say(&what, path, &owner, it.origin, out);
            }
        }
        for (name, proxy) in fleet.model.proxies_on(host) {
            // What runs it in a container mounts it.
            let in_container =
                fleet.model.runs_proxy(proxy).is_some_and(|(_, it)| it.container.is_some());
            if !in_container {
                let data = proxy.engine.data();
                let owner = format!(
                    "owner_name = \"{0}\", group_name = \"{0}\", mode = 0o700",
                    proxy.engine.account()
                );
                of.say(
                    &format!("proxy.{name}"),
                    data.trim_end_matches('/'),
                    &owner,
                    proxy.origin,
                    out,
                );
            }
        }
        for (name, portal) in fleet.model.portals_on(host) {
            let service = fleet.model.service.get(portal.service.entity());
            if service.is_some_and(|it| it.container.is_none()) {
                let data = portal.engine.data();
                let owner = format!(
                    "owner_name = \"{0}\", group_name = \"{0}\", mode = 0o700",
                    portal.engine.account()
                );
                of.say(
                    &format!("portal.{name}"),
                    data.trim_end_matches('/'),
                    &owner,
                    portal.origin,
                    out,
                );
            }
        }
    }
}

struct Of<'f, 'h> {
    fleet: &'f Facts<'f>,
    host: &'h str,
}

impl Of<'_, '_> {
    fn say(&self, what: &str, path: &str, owner: &str, by: OriginId, out: &mut Vec<Diagnostic>) {
        let (fleet, host) = (self.fleet, self.host);
        let Fate::Wiped(root) = fleet.fate_of(host, path) else { return };
        let message = format!("{what} keeps {path}, which is gone at each boot of host.{host}");
        let span = own_place(fleet, &[by]);
        out.push(
            Diagnostic::warning(state::MODULE_UNKEPT, span, message)
                .also(place(fleet, root), "what is not kept is gone")
                .help(format!(
                    "keep it: `state \"{path}\" {{ {owner} }}` in its service, or on host.{host}"
                )),
        );
    }
}
