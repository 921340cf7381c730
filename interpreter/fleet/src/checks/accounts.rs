//! Numbers of accounts: each has one owner, and who runs a container has one.

use std::collections::{BTreeMap, BTreeSet};

use qg_lang::diagnostic::{Code, Diagnostic, codes};
use qg_lang::span::Span;

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
    // One finding for each account, however many containers run as it.
    let mut without: BTreeMap<(&str, &EntityPath), Vec<OriginId>> = BTreeMap::new();
    for service in model.service.values() {
        let Some(container) = &service.container else { continue };
        if let Some(user) = &container.user
            && model.user.get(user.entity()).is_some_and(|it| it.uid.is_none())
        {
            without.entry(("uid", &user.value)).or_default().push(user.origin);
        }
        let own = container.user.as_ref().and_then(|it| model.user.get(it.entity()));
        let group = container.group.as_ref().or(own.and_then(|it| it.group.as_ref()));
        if let Some(group) = group
            && model.group.get(group.entity()).is_some_and(|it| it.gid.is_none())
        {
            without.entry(("gid", &group.value)).or_default().push(group.origin);
        }
    }
    for ((word, account), wanted) in without {
        let named = (account.kind().to_owned(), account.entity().to_owned());
        if !fleet.unsure.contains(&named) {
            out.push(no_number(fleet, word, account, &wanted));
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
    account: &EntityPath,
    wanted: &[OriginId],
) -> Diagnostic {
    let model = &fleet.model;
    let declared = match account.kind() {
        "user" => model.user.get(account.entity()).map(|it| it.origin),
        _ => model.group.get(account.entity()).map(|it| it.origin),
    };
    let first = wanted.first().copied().unwrap_or_default();
    let here = first_place(fleet, &[declared.unwrap_or_default(), first]);
    let mut finding = Diagnostic::error(
        codes::fleet::NO_NUMBER,
        here,
        format!("a container runs as `{account}`, which has no {word}"),
    )
    .here(format!("`{word}` is missing"))
    .help(format!(
        "inside the container only the number counts: say `{word}` where the account is declared"
    ));
    let places: BTreeSet<Span> = wanted.iter().map(|it| first_place(fleet, &[*it])).collect();
    for (at, text) in places.into_iter().zip(["it runs as it here", "and here", "and here"]) {
        finding = finding.also(at, text);
    }
    finding
}
