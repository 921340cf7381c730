//! Numbers of accounts: each has one owner, and who runs a container has one.

use std::collections::BTreeMap;

use qg_lang::diagnostic::{Code, Diagnostic, codes};

use super::FleetCheck;
use super::place::{first_place, place};
use crate::Facts;
use crate::leaf::{At, EntityPath, OriginId};

const CODES: &[Code] = &[codes::fleet::NUMBER_TAKEN, codes::fleet::NO_NUMBER];
pub(super) const CHECK: FleetCheck = FleetCheck { codes: CODES, run };

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    let model = &fleet.model;
    let users = model.user.iter().map(|(name, it)| (name, it.uid, &it.on));
    shared_numbers(fleet, "user", "uid", users, out);
    let groups = model.group.iter().map(|(name, it)| (name, it.gid, &it.on));
    shared_numbers(fleet, "group", "gid", groups, out);
    for service in model.service.values() {
        let Some(container) = &service.container else { continue };
        if let Some(user) = &container.user
            && let Some(account) = model.user.get(user.entity())
            && account.uid.is_none()
        {
            no_number(fleet, "uid", user, account.origin, out);
        }
        let own = container.user.as_ref().and_then(|it| model.user.get(it.entity()));
        let group = container.group.as_ref().or(own.and_then(|it| it.group.as_ref()));
        if let Some(group) = group
            && let Some(account) = model.group.get(group.entity())
            && account.gid.is_none()
        {
            no_number(fleet, "gid", group, account.origin, out);
        }
    }
}

fn shared_numbers<'f>(
    fleet: &Facts<'_>,
    kind: &str,
    word: &str,
    accounts: impl Iterator<Item = (&'f String, Option<At<i64>>, &'f At<Vec<At<EntityPath>>>)>,
    out: &mut Vec<Diagnostic>,
) {
    let mut owners: BTreeMap<(&str, i64), (&String, OriginId)> = BTreeMap::new();
    for (name, number, on) in accounts {
        let Some(number) = number else { continue };
        for host in on.iter() {
            let first =
                *owners.entry((host.entity(), number.value)).or_insert((name, number.origin));
            if first.0 == name {
                continue;
            }
            let (here, there) = (place(fleet, number.origin), place(fleet, first.1));
            out.push(
                Diagnostic::error(
                    codes::fleet::NUMBER_TAKEN,
                    here,
                    format!(
                        "{word} {} of `host.{}` belongs to two {kind}s",
                        number.value,
                        host.entity()
                    ),
                )
                .here(format!("`{kind}.{name}`"))
                .also(there, format!("`{kind}.{}`", first.0))
                .help(format!(
                    "give one of them another {word}; files of one would belong to both"
                )),
            );
        }
    }
}

fn no_number(
    fleet: &Facts<'_>,
    word: &str,
    account: &At<EntityPath>,
    declared: OriginId,
    out: &mut Vec<Diagnostic>,
) {
    let here = first_place(fleet, &[account.origin, declared]);
    let finding = Diagnostic::error(
        codes::fleet::NO_NUMBER,
        here,
        format!("a container runs as `{}`, which has no {word}", account.value),
    )
    .help(format!(
        "inside the container only the number counts: say `{word}` where the account is declared"
    ));
    out.push(finding.also(first_place(fleet, &[declared, account.origin]), "declared here"));
}
