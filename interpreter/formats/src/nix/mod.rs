//! Nix: a syntax tree for what is generated, printed as nixfmt would, with the origins of every line.

mod print;
mod spell;
#[cfg(test)]
mod tests;
mod unite;

use qg_provenance::leaf::OriginId;

pub use print::{expression, function, module};
pub use spell::{name, store_name, text};

/// An expression, and who said it.
#[derive(Clone, Debug, PartialEq)]
pub struct Nix {
    pub expr: NixExpr,
    pub origins: Vec<OriginId>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NixExpr {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// A string with interpolated expressions.
    Filled(Vec<NixPart>),
    /// A path beside the file, without `./`.
    Path(String),
    /// `config.sops.secrets."x"`: a variable and its attributes.
    Select(Vec<String>),
    /// The text of a whole expression, parsed already.
    Raw(String),
    /// A function and its arguments.
    Apply(Vec<String>, Vec<Nix>),
    List(Vec<Nix>),
    Set(Set),
    /// What was said in ways that cannot all hold. A check refuses it; the first is what is printed.
    Twice(Vec<Nix>),
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum NixPart {
    Text(String),
    Hole(Nix),
}

/// Attributes in the order in which they were put.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set(pub Vec<(String, Nix)>);

impl Nix {
    #[must_use]
    pub fn new(expr: NixExpr, origins: &[OriginId]) -> Nix {
        Nix { expr, origins: origins.to_vec() }
    }

    #[must_use]
    pub fn text(text: impl Into<String>, origin: OriginId) -> Nix {
        Nix { expr: NixExpr::Text(text.into()), origins: vec![origin] }
    }

    #[must_use]
    pub fn bool(value: bool, origin: OriginId) -> Nix {
        Nix { expr: NixExpr::Bool(value), origins: vec![origin] }
    }

    #[must_use]
    pub fn int(value: impl Into<i64>, origin: OriginId) -> Nix {
        Nix { expr: NixExpr::Int(value.into()), origins: vec![origin] }
    }

    #[must_use]
    pub fn path(path: impl Into<String>, origin: OriginId) -> Nix {
        Nix { expr: NixExpr::Path(path.into()), origins: vec![origin] }
    }

    /// A path beside the file that Nix copies into its store, under its own name where the store takes that.
    #[must_use]
    pub fn source(path: impl Into<String>, origin: OriginId) -> Nix {
        let path = path.into();
        let last = path.rsplit('/').next().unwrap_or_default();
        if spell::is_store_name(last) {
            return Nix::path(path, origin);
        }
        let mut arguments = Set::new();
        arguments.put("name", Nix::text(spell::store_name(last), origin));
        arguments.put("path", Nix::path(path, origin));
        Nix::apply(&["builtins", "path"], vec![arguments.nix(origin)])
    }

    #[must_use]
    pub fn select(parts: &[&str], origin: OriginId) -> Nix {
        let parts = parts.iter().map(|part| (*part).to_owned()).collect();
        Nix { expr: NixExpr::Select(parts), origins: vec![origin] }
    }

    #[must_use]
    pub fn list(items: Vec<Nix>, origin: OriginId) -> Nix {
        Nix { expr: NixExpr::List(items), origins: vec![origin] }
    }

    #[must_use]
    pub fn filled(parts: Vec<NixPart>, origin: OriginId) -> Nix {
        Nix { expr: NixExpr::Filled(parts), origins: vec![origin] }
    }

    /// `lib.mkForce x`; the origins are those of `x`.
    #[must_use]
    pub fn apply(function: &[&str], arguments: Vec<Nix>) -> Nix {
        let origins = arguments.iter().flat_map(|it| it.origins.iter().copied()).collect();
        let function = function.iter().map(|part| (*part).to_owned()).collect();
        Nix { expr: NixExpr::Apply(function, arguments), origins }
    }

    /// Its own origins and those of all below.
    #[must_use]
    pub fn all_origins(&self) -> Vec<OriginId> {
        let mut all = self.origins.clone();
        match &self.expr {
            NixExpr::List(items) | NixExpr::Apply(_, items) | NixExpr::Twice(items) => {
                items.iter().for_each(|item| all.extend(item.all_origins()));
            }
            NixExpr::Set(set) => set.0.iter().for_each(|(_, it)| all.extend(it.all_origins())),
            NixExpr::Filled(parts) => {
                for part in parts {
                    if let NixPart::Hole(hole) = part {
                        all.extend(hole.all_origins());
                    }
                }
            }
            NixExpr::Bool(_)
            | NixExpr::Int(_)
            | NixExpr::Float(_)
            | NixExpr::Text(_)
            | NixExpr::Path(_)
            | NixExpr::Select(_)
            | NixExpr::Raw(_) => {}
        }
        all
    }
}

impl Set {
    #[must_use]
    pub fn new() -> Set {
        Set::default()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Nix> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The set at a path of attributes.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "a set alone has something at a key")]
    pub fn at(&self, path: &[&str]) -> Option<&Set> {
        path.iter().try_fold(self, |set, key| match &set.get(key)?.expr {
            NixExpr::Set(inner) => Some(inner),
            _ => None,
        })
    }

    #[must_use]
    pub fn nix(self, origin: OriginId) -> Nix {
        Nix { expr: NixExpr::Set(self), origins: vec![origin] }
    }

    /// Puts a value under a key. Where something is there already the two unite, as the module system
    /// of NixOS does it; what cannot is kept as a clash.
    pub fn put(&mut self, key: impl Into<String>, value: Nix) {
        let key = key.into();
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => known.unite(value, &key),
            None => self.0.push((key, value)),
        }
    }

    /// Puts a value at a path of attributes.
    pub fn put_at(&mut self, path: &[&str], value: Nix) {
        match path {
            [] => {}
            [key] => self.put(*key, value),
            [key, rest @ ..] => {
                let mut inner = Set::new();
                inner.put_at(rest, value);
                self.put(*key, Nix { expr: NixExpr::Set(inner), origins: Vec::new() });
            }
        }
    }

    /// Puts a value in the place of that at a path of attributes, where there is one.
    #[expect(clippy::wildcard_enum_match_arm, reason = "a set alone has something at a key")]
    pub fn set_at(&mut self, path: &[&str], value: Nix) {
        let [key, rest @ ..] = path else { return };
        let Some((_, known)) = self.0.iter_mut().find(|(known, _)| known == key) else { return };
        match &mut known.expr {
            _ if rest.is_empty() => *known = value,
            NixExpr::Set(inner) => inner.set_at(rest, value),
            _ => {}
        }
    }

    /// Everything in it that is not a set itself, with its path; an empty set counts too.
    #[must_use]
    pub fn leaves(&self) -> Vec<(Vec<String>, &Nix)> {
        let mut all = Vec::new();
        collect(self, &mut Vec::new(), &mut all);
        all
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all but a set with something in it is a leaf")]
fn collect<'s>(set: &'s Set, path: &mut Vec<String>, all: &mut Vec<(Vec<String>, &'s Nix)>) {
    for (key, value) in &set.0 {
        path.push(key.clone());
        match &value.expr {
            NixExpr::Set(inner) if !inner.is_empty() => collect(inner, path, all),
            _ => all.push((path.clone(), value)),
        }
        path.pop();
    }
}
