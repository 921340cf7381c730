//! NixOS options that a host says in their own words: in `nix { … }`, and in the `native` of its services.

use super::Fleet;
use super::leaf::{At, Data};

impl Fleet {
    /// What is said of an option of a host, by whomever. What only files and Nix expressions say is not seen.
    #[must_use]
    pub fn said<'f>(&'f self, host: &str, option: &[&str]) -> Vec<&'f At<Data>> {
        let of = self.model.host.get(host);
        let own = of.and_then(|host| below(&host.nix, option));
        let services = self.model.services_on(host).flat_map(|(_, service)| &service.native);
        let native = services.filter_map(|(path, data)| {
            let mut rest = option.iter();
            let leads = parts(path).all(|part| rest.next().is_some_and(|it| *it == part));
            below(data, rest.as_slice()).filter(|_| leads)
        });
        own.into_iter().chain(native).collect()
    }

    /// Whether a host has Nix that nobody reads here, and that has a word in it.
    #[must_use]
    pub fn may_say(&self, host: &str, word: &str) -> bool {
        let Some(of) = self.model.host.get(host) else { return false };
        let mut all = of.modules.iter().chain(std::iter::once(&of.nix));
        all.any(|it| self.hides(it, word))
    }

    fn hides(&self, data: &Data, word: &str) -> bool {
        match data {
            Data::Nix(text) => text.contains(word),
            Data::File(path) => self.text_of(path).is_none_or(|text| text.contains(word)),
            Data::List(items) => items.iter().any(|it| self.hides(it, word)),
            Data::Record(fields) => fields.values().any(|it| self.hides(it, word)),
            Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Duration(_)
            | Data::Size(_)
            | Data::Ref(_)
            | Data::Text(_)
            | Data::Sealed(_) => false,
        }
    }
}

/// What lies at the end of a way of keys.
fn below<'d>(data: &'d At<Data>, way: &[&str]) -> Option<&'d At<Data>> {
    way.iter().try_fold(data, |at, key| at.record()?.get(*key))
}

/// The parts of an option's path: `services."a.b".c`.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let split = move |c: char| {
        quoted ^= c == '"';
        c == '.' && !quoted
    };
    path.split(split).map(|part| part.trim_matches('"'))
}
