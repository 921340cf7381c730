//! Owners: as whom containers run, against whose what they write is, and numbers of accounts that are typed.

use qg_lang::diagnostic::codes::owners as codes;
use qg_lang::diagnostic::{Code, Diagnostic};

use super::FleetCheck;
use super::place::{last, own_place};
use crate::Facts;
use crate::container::Container;
use crate::leaf::{At, OriginId};
use crate::path::folders_above;
use crate::service::State;

const CODES: &[Code] = &[codes::OWNER_DIFFERS, codes::NUMBER_TYPED];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

/// Variables by which images are told as whom to run, of accounts and of groups.
const USERS: [&str; 3] = ["PUID", "USER_ID", "UID"];
const GROUPS: [&str; 3] = ["PGID", "GROUP_ID", "GID"];

/// As whom a container runs, by numbers.
#[derive(Clone, Copy, Debug)]
struct RunsAs {
    uid: i64,
    gid: Option<i64>,
    origin: OriginId,
}

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for host in fleet.model.host.keys() {
        // The numbers of an account's containers are others on the host.
        if fleet.rootless(host).is_some() {
            continue;
        }
        for (name, _, container) in fleet.containers_on(host) {
            typed(fleet, host, container, out);
            if let Some(as_whom) = runs_as(fleet, container) {
                may_write(fleet, host, name, as_whom, out);
            }
        }
    }
}

fn runs_as(fleet: &Facts<'_>, container: &At<Container>) -> Option<RunsAs> {
    if let Some(user) = &container.user {
        let account = fleet.model.user.get(user.entity())?;
        let group = container.group.as_ref().or(account.group.as_ref());
        let gid = group.and_then(|it| fleet.model.group.get(it.entity())?.gid).map(|it| it.value);
        return Some(RunsAs { uid: account.uid?.value, gid, origin: user.origin });
    }
    if let Some(raw) = container.quadlet.get("User").and_then(|it| it.first()) {
        let (user, group) = raw.split_once(':').unwrap_or((raw, ""));
        return Some(RunsAs {
            uid: user.parse().ok()?,
            gid: group.parse().ok(),
            origin: raw.origin,
        });
    }
    let number = |names: &[&str]| {
        let said = names.iter().find_map(|name| container.env.get(*name))?;
        Some((said.plain()?.parse::<i64>().ok()?, said.origin))
    };
    let (uid, origin) = number(&["PUID"])?;
    Some(RunsAs { uid, gid: number(&["PGID"]).map(|it| it.0), origin })
}

fn may_write(
    fleet: &Facts<'_>,
    host: &str,
    name: &str,
    as_whom: RunsAs,
    out: &mut Vec<Diagnostic>,
) {
    if as_whom.uid == 0 {
        return;
    }
    let states = fleet.states_on(host);
    let mounted = fleet.mounted_on(host).iter();
    for it in mounted.filter(|it| it.by == ("service", name) && !it.read_only) {
        let Some(path) = it.path() else { continue };
        let around = std::iter::once(path).chain(folders_above(path));
        let Some((at, state)) = around.into_iter().find_map(|it| states.get_key_value(it)) else {
            continue;
        };
        let Some((uid, owner)) = owner_of(fleet, state) else { continue };
        if uid == as_whom.uid || !state.acl.is_empty() || by_group(fleet, state, as_whom) {
            continue;
        }
        let message = format!(
            "service.{name} runs as {}, and {at}, which it writes to, belongs to {owner}",
            named(fleet, host, as_whom.uid)
        );
        let span = own_place(fleet, &[owner_place(state), state.origin]);
        out.push(
            Diagnostic::warning(codes::OWNER_DIFFERS, span, message)
                .also(own_place(fleet, &[as_whom.origin]), "it runs as this account")
                .help("let it run as the owner, or give what it writes to the account that it runs as"),
        );
        return;
    }
}

fn owner_place(state: &State) -> OriginId {
    state.accounts().0.map_or(OriginId(0), |(_, by)| by)
}

/// The number and the name of an owner. None where its number is not known.
fn owner_of(fleet: &Facts<'_>, state: &State) -> Option<(i64, String)> {
    let (name, _) = state.accounts().0?;
    if name == "root" {
        return Some((0, name));
    }
    let number = fleet.model.user.get(&name).and_then(|it| it.uid).map(|it| it.value);
    Some((number.or_else(|| name.parse().ok())?, name))
}

/// Whether the group of a container may write, or everybody.
fn by_group(fleet: &Facts<'_>, state: &State, as_whom: RunsAs) -> bool {
    let mode = state.mode.value;
    if mode & 0o002 != 0 {
        return true;
    }
    let group = state.accounts().1.and_then(|(name, _)| {
        let number = fleet.model.group.get(&name).and_then(|it| it.gid).map(|it| it.value);
        number.or_else(|| name.parse().ok())
    });
    mode & 0o020 != 0 && group.is_some() && group == as_whom.gid
}

fn named(fleet: &Facts<'_>, host: &str, uid: i64) -> String {
    let mut users = fleet.model.users_on(host);
    let found = users.find(|(_, it)| it.uid.is_some_and(|it| it.value == uid));
    found.map_or_else(|| format!("the account {uid}"), |(name, _)| format!("user.{name}"))
}

/// Numbers of accounts of the host that are typed.
fn typed(fleet: &Facts<'_>, host: &str, container: &At<Container>, out: &mut Vec<Diagnostic>) {
    for (names, is_user) in [(USERS, true), (GROUPS, false)] {
        for said in names.iter().filter_map(|name| container.env.get(*name)) {
            let Some(text) = said.plain() else { continue };
            let Ok(number) = text.parse::<i64>() else { continue };
            let Some(span) = fleet.origins.span(said.origin) else { continue };
            let quoted = format!("\"{text}\"");
            let Some(at) = last(fleet, span, &text).or_else(|| last(fleet, span, &quoted)) else {
                continue;
            };
            let known = if is_user {
                let mut all = fleet.model.users_on(host);
                let found = all.find(|(_, it)| it.uid.is_some_and(|it| it.value == number));
                found.map(|(name, _)| format!("user.{name}.uid"))
            } else {
                let mut all = fleet.model.groups_on(host);
                let found = all.find(|(_, it)| it.gid.is_some_and(|it| it.value == number));
                found.map(|(name, _)| format!("group.{name}.gid"))
            };
            let Some(known) = known else { continue };
            let message = format!("{number} is {known} of host.{host}");
            out.push(
                Diagnostic::warning(codes::NUMBER_TYPED, at, message)
                    .help(format!("say `{known}`, which follows when that changes")),
            );
        }
    }
}
