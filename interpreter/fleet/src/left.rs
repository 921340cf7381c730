//! Accounts that NixOS modules declare, and whether a host switches on a module that does.

use super::Fleet;
use super::host::{Account, GroupKind};
use super::leaf::{At, Data, EntityPath};
use super::service::Service;

/// How much speaks for it that the module of a service declares an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    Nothing,
    /// The service names it: as the owner of what it keeps or reads.
    Names,
    /// Its option, its unit or its settings have the account's name.
    Declares,
}

impl Fleet {
    /// The service that is switched off, and whose module would declare an account or group that nothing
    /// else on the host does.
    #[must_use]
    pub fn gone_with<'f>(
        &'f self,
        host: &str,
        account: &EntityPath,
    ) -> Option<(&'f str, &'f At<Service>)> {
        let name = account.entity();
        let from_module = match account.kind() {
            "user" => {
                self.model.user.get(name).is_some_and(|it| it.kind.value == Account::FromModule)
            }
            "group" => {
                self.model.group.get(name).is_some_and(|it| it.kind.value == GroupKind::FromModule)
            }
            _ => false,
        };
        if !from_module {
            return None;
        }
        let here = |it: &Service| it.on.as_ref().is_some_and(|on| on.entity() == host);
        let off = self.off.iter().filter(|(_, it)| here(it));
        let (key, service) = off.max_by_key(|(key, it)| self.claim(key, it, name))?;
        let claim = self.claim(key, service, name);
        let rest = self.strongest_on(host, name);
        (claim > rest).then_some((key.as_str(), service))
    }

    /// Whether nothing that the fleet says of a host has to do with an account.
    #[must_use]
    pub fn is_unheard_of(&self, host: &str, name: &str) -> bool {
        self.strongest_on(host, name) == Claim::Nothing
    }

    fn strongest_on(&self, host: &str, name: &str) -> Claim {
        let model = &self.model;
        let proxy = model.proxies_on(host).any(|(_, it)| it.engine.account() == name);
        let portal = model.portals_on(host).any(|(_, it)| it.engine.account() == name);
        if proxy || portal || self.is_in_nix(host, name) {
            return Claim::Declares;
        }
        let services = model.services_on(host).map(|(key, it)| self.claim(key, it, name));
        services.max().unwrap_or(Claim::Nothing)
    }

    fn claim(&self, key: &str, service: &Service, name: &str) -> Claim {
        let unit = &service.unit;
        let stem = unit.name.rsplit_once('.').map_or(unit.name.as_str(), |(stem, _)| stem);
        let is = |text: &Option<At<String>>| text.as_ref().is_some_and(|it| it.value == name);
        // `redis-immich`, `authelia-main`: a module's account for one of its instances.
        let part = |part: &str| {
            let rest = name.strip_prefix(part).or_else(|| name.strip_suffix(part));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-') || rest.ends_with('-'))
        };
        let option = |(path, data): (&String, &At<Data>)| {
            path.split(['.', '"']).skip(1).any(|it| !it.is_empty() && part(it))
                || self.speaks_of(data, name)
        };
        if key == name || stem == name || is(&unit.user) || is(&unit.group) {
            return Claim::Declares;
        }
        if service.native.iter().any(option) {
            return Claim::Declares;
        }
        let of =
            |path: &Option<At<EntityPath>>| path.as_ref().is_some_and(|it| it.entity() == name);
        let secrets = service.reads.iter().filter_map(|it| self.model.secret.get(it.entity()));
        let names =
            service.state.values().any(|it| {
                of(&it.owner) || of(&it.group) || is(&it.owner_name) || is(&it.group_name)
            }) || service.file.values().any(|it| it.owner.value == name || it.group.value == name)
                || secrets.into_iter().any(|it| of(&it.owner) || of(&it.group));
        if names { Claim::Names } else { Claim::Nothing }
    }

    /// Whether a host's Nix of its own speaks of an account, other than as an account.
    fn is_in_nix(&self, host: &str, name: &str) -> bool {
        let Some(host) = self.model.host.get(host) else { return false };
        let modules = host.modules.iter().any(|it| self.speaks_of(it, name));
        let options = match &host.nix.value {
            Data::Record(fields) => fields
                .iter()
                .filter(|(key, _)| *key != "users")
                .any(|(key, it)| key == name || self.speaks_of(it, name)),
            Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Duration(_)
            | Data::Size(_)
            | Data::Ref(_)
            | Data::Text(_)
            | Data::Sealed(_)
            | Data::Nix(_)
            | Data::File(_)
            | Data::List(_) => self.speaks_of(&host.nix, name),
        };
        modules || options
    }

    /// Whether a word stands in free data: as a key, as a text, or in code.
    #[must_use]
    pub fn speaks_of(&self, data: &Data, word: &str) -> bool {
        match data {
            Data::Text(text) => text == word,
            Data::Nix(text) => text.contains(word),
            Data::File(path) => {
                // Of data such as a picture nobody makes an account.
                let is_code = path.ends_with(".nix");
                is_code && self.text_of(path).is_some_and(|text| text.contains(word))
            }
            Data::List(items) => items.iter().any(|it| self.speaks_of(it, word)),
            Data::Record(fields) => {
                fields.iter().any(|(key, it)| key == word || self.speaks_of(it, word))
            }
            Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Duration(_)
            | Data::Size(_)
            | Data::Ref(_)
            | Data::Sealed(_) => false,
        }
    }
}
