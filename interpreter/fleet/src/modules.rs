//! What NixOS modules keep that are switched on without being a service's own: by `nix { }`, beside the module of a
//! service, or by another module.

use std::borrow::Cow;
use std::collections::BTreeSet;

use qg_evaluation::modules::{Account, Followed, Known, Module, find};

use super::Fleet;
use super::leaf::{At, Data, OriginId};
use super::model::service::NixosModule;
use crate::options::way;

/// A module that a host switches on, and that keeps something.
#[derive(Clone, Debug)]
pub struct SwitchedOn {
    /// Its option: `services.grafana`.
    pub option: String,
    /// The module that switches it on, where one does.
    pub by: Option<String>,
    /// What it keeps, and whose that is.
    pub keeps: Vec<String>,
    pub user: Option<String>,
    pub group: Option<String>,
    pub origin: OriginId,
}

impl Fleet {
    /// What is known of the module behind an option: by the fleet's own word, or by the table.
    #[must_use]
    pub fn module_behind(&self, option: &str) -> Option<Cow<'static, Module>> {
        if let Some(own) = self.model.nixos_module.get(option) {
            return Some(Cow::Owned(described(option, own)));
        }
        find(option).map(|it| it.module)
    }

    /// The modules of a host that are no service's own.
    pub(super) fn find_switched_on(&self, host: &str) -> Vec<SwitchedOn> {
        let mut all = Vec::new();
        let mut own = BTreeSet::new();
        for (name, service) in self.model.services_on(host) {
            if service.container.is_some() {
                continue;
            }
            let main = main_module(self, name, service.native.keys().map(String::as_str));
            own.extend(main.clone());
            for (option, data) in &service.native {
                let Some(known) = self.known(option) else { continue };
                if said(data, "enable").is_some_and(|it| it == Some(false)) {
                    continue;
                }
                if main.as_deref() != Some(option) {
                    all.push(switched(&known, option, None, data));
                }
                self.brought(&known, option, data, &mut all);
            }
        }
        if let Some(of) = self.model.host.get(host) {
            self.in_nix(&mut Vec::new(), &of.nix, &mut all);
        }
        let mut seen = BTreeSet::new();
        all.retain(|it| {
            !it.keeps.is_empty() && !own.contains(&it.option) && seen.insert(it.option.clone())
        });
        all
    }

    fn known(&self, option: &str) -> Option<Known> {
        match self.model.nixos_module.get(option) {
            Some(own) => Some(Known { module: Cow::Owned(described(option, own)), key: None }),
            None => find(option),
        }
    }

    /// The modules that Nix of the host's own switches on.
    fn in_nix(&self, at: &mut Vec<String>, data: &At<Data>, out: &mut Vec<SwitchedOn>) {
        let Data::Record(fields) = &data.value else { return };
        if at.len() > DEEPEST || at.first().is_some_and(|it| !ROOTS.contains(&it.as_str())) {
            return;
        }
        let option = at.join(".");
        if let Some(known) = self.known(&option) {
            // An instance of several is there where it is named, unless it says otherwise.
            let on = said(data, "enable").flatten().unwrap_or(known.key.is_some());
            if on {
                out.push(switched(&known, &option, None, data));
                self.brought(&known, &option, data, out);
            }
        }
        for (key, value) in fields {
            at.push(key.clone());
            self.in_nix(at, value, out);
            at.pop();
        }
    }

    fn brought(&self, known: &Known, option: &str, data: &At<Data>, out: &mut Vec<SwitchedOn>) {
        for it in &known.module.brings {
            let said = it.option.as_deref().and_then(|option| said(data, option));
            let on = match said {
                // Something that is no plain word: nothing is concluded from it.
                Some(None) => false,
                Some(Some(on)) => on,
                None => !it.said,
            };
            let Some(other) = find(&it.module).filter(|_| on) else { continue };
            let empty = At::new(Data::Record(std::collections::BTreeMap::new()), data.origin);
            out.push(switched(&other, &it.module, Some(option.to_owned()), &empty));
        }
    }
}

/// Options that modules of the table lie below.
const ROOTS: [&str; 4] = ["services", "power", "virtualisation", "networking"];

const DEEPEST: usize = 4;

/// What a module says of a yes or no: none where it says nothing, and none in it where that cannot be read.
fn said(data: &At<Data>, option: &str) -> Option<Option<bool>> {
    match &option_in(data, option)?.value {
        Data::Bool(it) => Some(Some(*it)),
        Data::Text(text) => Some(Some(text == "local")),
        Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_)
        | Data::List(_)
        | Data::Record(_) => Some(None),
    }
}

fn option_in<'d>(data: &'d At<Data>, option: &str) -> Option<&'d At<Data>> {
    let mut at = data;
    for key in way(option) {
        let Data::Record(fields) = &at.value else { return None };
        at = fields.get(&key)?;
    }
    Some(at)
}

fn switched(known: &Known, option: &str, by: Option<String>, data: &At<Data>) -> SwitchedOn {
    let follow = |it: &Followed| match it.option.as_deref().map(|option| option_in(data, option)) {
        Some(Some(At { value: Data::Text(text), .. })) if it.below => {
            Some(format!("/var/lib/{text}"))
        }
        Some(Some(At { value: Data::Text(text), .. })) => Some(text.clone()),
        Some(Some(_)) => None,
        Some(None) | None => Some(known.fill(&it.value)),
    };
    let keeps = known.module.state.iter().filter_map(|it| follow(&it.path));
    let keeps = keeps
        .map(|it| it.trim_end_matches('/').to_owned())
        .filter(|it| it.starts_with('/'))
        .collect();
    let (user, group) = match &known.module.account {
        Account::Fixed { user, group } => (follow(user), group.as_ref().and_then(follow)),
        Account::Root | Account::Dynamic(_) | Account::Unknown => (None, None),
    };
    SwitchedOn { option: option.to_owned(), by, keeps, user, group, origin: data.origin }
}

/// The module that is a service's own: the one that is called like it, else the first that is known.
fn main_module<'o>(
    fleet: &Fleet,
    name: &str,
    options: impl Iterator<Item = &'o str>,
) -> Option<String> {
    let options: Vec<&str> = options.collect();
    let own = options.iter().find(|it| it.rsplit('.').next() == Some(name));
    match own {
        Some(own) => Some((*own).to_owned()),
        None => options.into_iter().find(|it| fleet.known(it).is_some()).map(str::to_owned),
    }
}

fn described(option: &str, own: &NixosModule) -> Module {
    let followed = |value: &str| Followed { value: value.into(), option: None, below: false };
    let account = match (&own.user_name, own.dynamic_user.value) {
        (name, true) => Account::Dynamic(name.as_ref().map_or("", |it| it.as_str()).into()),
        (Some(user), false) => Account::Fixed {
            user: followed(user),
            group: own.group_name.as_ref().map(|it| followed(it)),
        },
        (None, false) => Account::Unknown,
    };
    let state = own.state.iter().map(|(path, it)| qg_evaluation::modules::Kept {
        path: Followed {
            value: path.as_str().into(),
            option: it.option.as_ref().map(|it| it.as_str().into()),
            below: false,
        },
        before: None,
    });
    Module {
        option: option.into(),
        units: own.units.iter().map(|it| it.as_str().into()).collect(),
        account,
        state: state.collect(),
        database: own.database.value,
        ..Module::default()
    }
}
