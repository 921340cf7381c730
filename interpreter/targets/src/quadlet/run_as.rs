//! Scripts that run before a container as the account that it runs as.
//!
//! Podman itself runs as root, and so does all of its unit: systemd has one user for a whole unit. So such a script is
//! run through another one, which becomes the account first (setpriv(1), util-linux).

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::container::Container;
use qg_fleet::leaf::OriginId;
use qg_fleet::service::{Service, Unit};

use super::common::script_path;
use crate::Prepared;

/// A script that runs another one as an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapper {
    /// The key of the script.
    pub script: String,
    account: Account,
    /// The units that run it.
    pub units: BTreeSet<String>,
    pub by: OriginId,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Account {
    user: String,
    uid: i64,
    gid: Option<i64>,
}

impl Wrapper {
    /// A name that no other has: numbers are no names of scripts.
    #[must_use]
    pub fn name(&self) -> String {
        self.account.name(&self.script)
    }

    /// Where it is on its host.
    #[must_use]
    pub fn path(&self) -> String {
        script_path(&self.name())
    }

    /// Its one line, with the program that becomes somebody else.
    #[must_use]
    pub fn command(&self, setpriv: &str) -> String {
        let Account { user, gid, .. } = &self.account;
        let group = gid.map_or_else(|| user.clone(), |gid| gid.to_string());
        let script = crate::sealed::word(&script_path(&self.script));
        format!("exec {setpriv} --reuid={user} --regid={group} --init-groups -- {script}")
    }
}

impl Account {
    /// The one that a container runs as; none where it is root, or where all of the unit is an account's.
    fn of(fleet: &Prepared<'_>, service: &Service, container: &Container) -> Option<Account> {
        if fleet.rootless_of(service).is_some() {
            return None;
        }
        let user = container.user.as_ref()?;
        let account = fleet.model.user.get(user.entity())?;
        let group = container.group.as_ref().or(account.group.as_ref());
        let group = group.and_then(|group| fleet.model.group.get(group.entity()));
        let gid = group.and_then(|group| group.gid).map(|gid| gid.value);
        Some(Account { user: user.entity().to_owned(), uid: account.uid?.value, gid })
    }

    fn name(&self, script: &str) -> String {
        let group = self.gid.map_or_else(|| "own".to_owned(), |gid| gid.to_string());
        format!("as/{}-{group}/{script}", self.uid)
    }
}

/// The scripts of a host that run other ones as an account, by where they are.
#[must_use]
pub fn wrappers(fleet: &Prepared<'_>, host: &str) -> Vec<Wrapper> {
    let mut all: BTreeMap<String, Wrapper> = BTreeMap::new();
    for (_, service, container) in fleet.containers_on(host) {
        let Some(account) = Account::of(fleet, service, container) else { continue };
        for script in service.unit.before_start.iter() {
            let name = account.name(script.entity());
            let new = || Wrapper {
                script: script.entity().to_owned(),
                account: account.clone(),
                units: BTreeSet::new(),
                by: script.origin,
            };
            let wrapper = all.entry(name).or_insert_with(new);
            wrapper.units.insert(service.unit.name.value.clone());
        }
    }
    all.into_values().collect()
}

/// Where the scripts are that run as a unit's own user, by key.
pub(super) fn scripts_of(fleet: &Prepared<'_>, host: &str, unit: &Unit) -> impl Fn(&str) -> String {
    // Most units have no scripts, and nobody looks for their accounts.
    let account = LazyCell::new(move || {
        let mut containers = fleet.containers_on(host);
        let found = containers.find(|(_, service, _)| service.unit.name.value == unit.name.value);
        found.and_then(|(_, service, it)| Account::of(fleet, service, it))
    });
    move |script| match &*account {
        Some(account) => script_path(&account.name(script)),
        None => script_path(script),
    }
}
