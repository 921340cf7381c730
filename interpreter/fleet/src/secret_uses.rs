//! Who uses which secret: whatever has one in it. It is found by walking the whole model, so that a field with a
//! secret that the library gains is a use without a word here.

use std::collections::{BTreeMap, BTreeSet};

use super::Model;
use super::leaf::{EntityPath, OriginId};
use super::leaves::{LeafValue, ModelField, ModelStep, each};

/// A kind and a key.
pub type Entity<'m> = (&'static str, &'m str);

/// A secret at a place of the model.
#[derive(Clone, Copy, Debug)]
pub struct SecretUse<'m> {
    /// The entity that has it.
    pub of: Entity<'m>,
    /// The field of the entity that leads to it.
    pub within: &'static ModelField,
    /// The innermost field on the way to it.
    pub field: &'static ModelField,
    /// The part of a person's home that it stands in.
    pub part: Option<&'m str>,
    /// Whether it stands in a text, which is put together before anything reads it.
    pub in_text: bool,
    pub secret: &'m EntityPath,
    pub origin: OriginId,
}

/// Kinds whose entities are on no host by an `on` of their own, or read less than stands in them, and who finds what a
/// host needs of them.
pub const FOUND_ELSEWHERE: &[(&str, &str)] = &[
    ("host", "it is the host"),
    ("script", "on the hosts of what runs it"),
    ("proxy", "its files name what it reads: targets/traefik/secrets.rs makes them"),
    ("middleware", "in the files of the proxies that use it"),
    ("backend", "in the files of the proxies that lead to it"),
    ("transport", "in the files of the proxies that use it"),
    ("tls_options", "in the files of the proxies that use it"),
    ("portal", "on the host of its service: targets/authelia/secrets.rs"),
    ("policy", "it names a secret and reads none"),
];

/// Fields whose secret is used elsewhere than on the host of what has it.
pub const USED_ELSEWHERE: &[(&str, &str, &str)] = &[
    ("Oidc", "secret", "a digest for the login server, on the host of its own service"),
    ("SessionSecret", "secret", "opened by a session and not by the host: homes.rs"),
];

/// Fields whose secret is wanted before there are accounts.
pub const EARLY: &[(&str, &str)] = &[("Account.login", "password")];

/// All secrets that stand in the model, in its order.
#[derive(Clone, Debug, Default)]
pub struct SecretUses<'m> {
    all: Vec<SecretUse<'m>>,
    /// Texts in free data and in files of homes, which may name secrets by where they lie.
    free: Vec<FreeText<'m>>,
    /// The hosts of each entity that says `on`.
    hosts: BTreeMap<Entity<'m>, BTreeSet<&'m str>>,
    /// The hosts of each part of a home that says `on`, by account and part.
    parts: BTreeMap<(&'m str, &'m str), BTreeSet<&'m str>>,
}

/// A text that may name secrets.
#[derive(Clone, Copy, Debug)]
struct FreeText<'m> {
    of: Entity<'m>,
    /// The part of a person's home that it stands in.
    part: Option<&'m str>,
    text: &'m str,
    origin: OriginId,
}

impl SecretUses<'_> {
    #[must_use]
    pub fn in_model(model: &Model) -> SecretUses<'_> {
        let mut found = SecretUses { parts: parts_of_homes(model), ..SecretUses::default() };
        each(model, &mut |way, value, said| {
            let [ModelStep::Field(kind), ModelStep::Key(key), rest @ ..] = way else { return };
            let of = (kind.name, *key);
            let mut fields = rest.iter().filter_map(ModelStep::field);
            let Some(first) = fields.next() else { return };
            let field = fields.next_back().unwrap_or(first);
            let part = match rest {
                [ModelStep::Field(_), ModelStep::Key(part), ..] if first.key() == HOME => {
                    Some(*part)
                }
                _ => None,
            };
            let mut add = |secret, in_text| {
                let (within, origin) = (first, said.origin);
                found.all.push(SecretUse { of, within, field, part, secret, in_text, origin });
            };
            match value {
                LeafValue::Ref(path) if path.kind() == "secret" => add(path, false),
                LeafValue::Sealed(text) => text.secrets().for_each(|it| add(it, true)),
                LeafValue::Text(text) | LeafValue::Nix(text)
                    if field.free || field.key() == HOME_TEXT =>
                {
                    found.free.push(FreeText { of, part, text, origin: said.origin });
                }
                LeafValue::Ref(path) if first.name == "on" && path.kind() == "host" => {
                    found.hosts.entry(of).or_default().insert(path.entity());
                }
                LeafValue::Ref(_)
                | LeafValue::Bool(_)
                | LeafValue::Int(_)
                | LeafValue::Duration(_)
                | LeafValue::Size(_)
                | LeafValue::Float(_)
                | LeafValue::Mode(_)
                | LeafValue::Port(_)
                | LeafValue::Text(_)
                | LeafValue::File(_)
                | LeafValue::Nix(_)
                | LeafValue::Word(_)
                | LeafValue::Empty => {}
            }
        });
        found
    }

    /// Every one of them.
    pub fn all(&self) -> impl Iterator<Item = &SecretUse<'_>> {
        self.all.iter()
    }

    /// The uses by one entity.
    pub fn of<'s>(
        &'s self,
        kind: &'s str,
        key: &'s str,
    ) -> impl Iterator<Item = &'s SecretUse<'s>> {
        self.all.iter().filter(move |it| it.of == (kind, key))
    }

    /// The uses by what is on a host, the host itself among it. What [`FOUND_ELSEWHERE`] names is not.
    pub fn on<'s>(&'s self, host: &'s str) -> impl Iterator<Item = &'s SecretUse<'s>> {
        self.all.iter().filter(move |it| {
            let elsewhere = FOUND_ELSEWHERE.iter().any(|(kind, _)| *kind == it.of.0);
            let is_here = it.of == ("host", host) || !elsewhere && self.is_on(it.of, it.part, host);
            is_here && !USED_ELSEWHERE.iter().any(|row| (row.0, row.1) == it.field.key())
        })
    }

    /// The texts in free data of what is on a host, each with who said it. A portal is where its service is.
    pub fn free_on<'s>(
        &'s self,
        host: &'s str,
        portal: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = (&'s str, OriginId)> {
        let here = move |it: &FreeText<'_>| {
            it.of.0 == "portal" && portal(it.of.1) || self.is_on(it.of, it.part, host)
        };
        let texts = self.free.iter().filter(move |it| here(it));
        texts.map(|it| (it.text, it.origin))
    }

    fn is_on(&self, of: Entity<'_>, part: Option<&str>, host: &str) -> bool {
        let of_part = part.and_then(|part| self.parts.get(&(of.1, part)));
        of == ("host", host)
            || self.hosts.get(&of).is_some_and(|hosts| hosts.contains(host))
                && of_part.is_none_or(|hosts| hosts.contains(host))
    }
}

/// What lies in a home, and the text of a file in it.
const HOME: (&str, &str) = ("User", "home");
const HOME_TEXT: (&str, &str) = ("HomeFile", "text");

/// The hosts of the parts of homes that say them.
fn parts_of_homes(model: &Model) -> BTreeMap<(&str, &str), BTreeSet<&str>> {
    let parts = model.user.iter().flat_map(|(user, account)| {
        account.home.iter().filter_map(move |(part, home)| {
            let hosts = home.on.as_ref()?.iter().map(|it| it.entity()).collect();
            Some(((user.as_str(), part.as_str()), hosts))
        })
    });
    parts.collect()
}

impl SecretUse<'_> {
    /// Whether a container reads it itself.
    #[must_use]
    pub fn is_of_container(&self) -> bool {
        self.within.key() == ("Service", "container") && !self.in_text
    }

    /// Whether it is wanted before there are accounts.
    #[must_use]
    pub fn is_early(&self) -> bool {
        EARLY.contains(&self.field.key())
    }
}
