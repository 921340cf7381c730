//! Two sayings of one attribute: how the module system of NixOS unites them, and where it cannot
//! (nixpkgs, `lib/modules.nix` and `lib/types.nix`).

use super::{Nix, NixExpr, Set, name};
use crate::document::{OriginText, Twice};

/// The module system's priorities: the strongest definitions of an option are the ones that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Default,
    Plain,
    Force,
}

impl Nix {
    /// `lib.mkForce x` as its strength and `x`; anything else is plain.
    #[expect(clippy::wildcard_enum_match_arm, reason = "two functions change it")]
    fn strength(&self) -> (Strength, &Nix) {
        match &self.expr {
            NixExpr::Apply(function, arguments) => {
                let function: Vec<&str> = function.iter().map(String::as_str).collect();
                match (function.as_slice(), arguments.as_slice()) {
                    (["lib", "mkDefault"], [inner]) => (Strength::Default, inner),
                    (["lib", "mkForce"], [inner]) => (Strength::Force, inner),
                    _ => (Strength::Plain, self),
                }
            }
            _ => (Strength::Plain, self),
        }
    }

    /// Whether it is said with `lib.mkDefault`.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.strength().0 == Strength::Default
    }

    /// Whether two expressions are written alike, whoever said them.
    #[must_use]
    pub fn same(&self, other: &Nix) -> bool {
        super::expression(self, &[]).text == super::expression(other, &[]).text
    }

    /// Whether it has another priority than plain sayings have, or is combined with them.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a function, or text that is one, can be `mkIf` and the like"
    )]
    fn is_special(&self) -> bool {
        match &self.expr {
            NixExpr::Apply(function, _) => {
                function.first().is_some_and(|it| it == "lib")
                    && function.get(1).is_some_and(|it| it.starts_with("mk"))
            }
            NixExpr::Raw(text) => text.trim_start_matches(['(', ' ', '\n']).starts_with("lib.mk"),
            _ => false,
        }
    }

    /// Adds another saying of the same attribute, called `key`: sets and lists unite, a stronger one
    /// takes the place of a weaker one, an expression is left to Nix, and anything else that is not
    /// the same becomes a clash.
    pub(super) fn unite(&mut self, other: Nix, key: &str) {
        let (ours, theirs) = (self.strength().0, other.strength().0);
        if ours != theirs {
            if theirs > ours {
                *self = other;
            }
            return;
        }
        match (&mut self.expr, other.expr) {
            (NixExpr::Set(ours), NixExpr::Set(theirs)) => {
                theirs.0.into_iter().for_each(|(key, value)| ours.put(key, value));
            }
            (NixExpr::List(ours), NixExpr::List(theirs)) => ours.extend(theirs),
            (NixExpr::Twice(all), theirs) => {
                let other = Nix { expr: theirs, origins: other.origins };
                if !all.iter().any(|it| it.same(&other)) {
                    all.push(other);
                }
                return;
            }
            (_, theirs) => {
                let other = Nix { expr: theirs, origins: other.origins };
                self.unlike(other, key);
                return;
            }
        }
        self.origins.extend(other.origins);
    }

    /// Adds a saying that is neither a set nor a list with us.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a merge takes one more, and all else becomes one"
    )]
    fn unlike(&mut self, other: Nix, key: &str) {
        if self.same(&other) {
            self.origins.extend(other.origins);
            return;
        }
        if let (NixExpr::Apply(_, ours), NixExpr::Apply(_, theirs)) = (&mut self.expr, &other.expr)
            && let ([ours], [theirs]) = (ours.as_mut_slice(), theirs.as_slice())
            && other.strength().0 != Strength::Plain
        {
            ours.unite(theirs.clone(), key);
            return;
        }
        let is_code = |it: &Nix| matches!(it.expr, NixExpr::Raw(_));
        let is_many =
            |it: &Nix| matches!(it.expr, NixExpr::Raw(_) | NixExpr::List(_) | NixExpr::Set(_));
        let left_to_nix = self.is_special()
            || other.is_special()
            || (is_code(self) || is_code(&other)) && is_many(self) && is_many(&other)
            || is_lines(key, self, &other);
        let ours = std::mem::replace(self, Nix::new(NixExpr::Bool(false), &[]));
        *self = match ours.expr {
            NixExpr::Apply(function, mut arguments)
                if function.last().is_some_and(|it| it == "mkMerge") && left_to_nix =>
            {
                if let [Nix { expr: NixExpr::List(items), .. }] = arguments.as_mut_slice() {
                    items.push(other);
                }
                Nix { expr: NixExpr::Apply(function, arguments), origins: ours.origins }
            }
            expr => {
                let ours = Nix { expr, origins: ours.origins };
                if left_to_nix {
                    let all = Nix::new(NixExpr::List(vec![ours, other]), &[]);
                    Nix::apply(&["lib", "mkMerge"], vec![all])
                } else {
                    Nix::new(NixExpr::Twice(vec![ours, other]), &[])
                }
            }
        };
    }

    /// Whether what a module beside the generated one says of an attribute called `key` is lost, or
    /// refused by Nix, because this is said too. A saying that wins by its strength is not.
    #[must_use]
    pub fn clashes(&self, other: &Nix, key: &str) -> bool {
        let ((ours, inner), (theirs, value)) = (self.strength(), other.strength());
        match (ours, theirs) {
            (Strength::Force, Strength::Plain) => {
                !matches!(inner.expr, NixExpr::List(_)) && !inner.same(value) && !other.is_special()
            }
            _ if ours != theirs => false,
            _ => {
                let mut all = self.clone();
                all.unite(other.clone(), key);
                all.strength().1.is_twice()
            }
        }
    }

    /// Whether it was said in two ways that cannot both hold.
    #[must_use]
    pub fn is_twice(&self) -> bool {
        matches!(self.expr, NixExpr::Twice(_))
    }
}

/// Whether NixOS writes the texts of an option one below the other. The manual's table of options
/// (December 2024) has 749 of that type; nearly all of them have such a name, or texts of several lines.
#[expect(clippy::wildcard_enum_match_arm, reason = "texts alone are lines")]
fn is_lines(key: &str, ours: &Nix, theirs: &Nix) -> bool {
    let is_text = |it: &Nix| match &it.strength().1.expr {
        NixExpr::Text(text) => Some(text.contains('\n')),
        NixExpr::Filled(_) => Some(false),
        _ => None,
    };
    let (Some(ours), Some(theirs)) = (is_text(ours), is_text(theirs)) else { return false };
    const ENDS: &[&str] = &["Commands", "Rules", "Init", "Hook", "Start", "Stop", "Config", "Conf"];
    ours || theirs || key.starts_with("extra") || ENDS.iter().any(|end| key.ends_with(end))
}

impl Nix {
    /// What it says, in short, and who says it.
    #[must_use]
    pub fn said(&self) -> OriginText {
        let text = super::expression(self, &[]).text;
        let mut lines = text.lines();
        let first = lines.next().unwrap_or("").to_owned();
        let more = if lines.next().is_some() { " …" } else { "" };
        (format!("{first}{more}"), self.all_origins())
    }

    /// What was said in it in two ways that cannot both hold: who prints a file hands it on with it.
    pub(super) fn twice(&self) -> Vec<Twice> {
        match &self.strength().1.expr {
            NixExpr::Set(set) => set.twice(),
            NixExpr::List(items) | NixExpr::Apply(_, items) => {
                items.iter().flat_map(Nix::twice).collect()
            }
            NixExpr::Twice(all) => pairs("it", all),
            NixExpr::Bool(_)
            | NixExpr::Int(_)
            | NixExpr::Float(_)
            | NixExpr::Text(_)
            | NixExpr::Filled(_)
            | NixExpr::Path(_)
            | NixExpr::Select(_)
            | NixExpr::Raw(_) => Vec::new(),
        }
    }
}

fn pairs(what: &str, all: &[Nix]) -> Vec<Twice> {
    let Some((first, others)) = all.split_first() else { return Vec::new() };
    let pair = |second: &Nix| Twice {
        what: what.to_owned(),
        first: first.said(),
        second: second.said(),
        help: "say it once; where both stay, `override` or `default` before one of them says which holds",
    };
    others.iter().map(pair).collect()
}

impl Set {
    pub(super) fn twice(&self) -> Vec<Twice> {
        let below =
            self.leaves().into_iter().flat_map(|(path, nix)| match &nix.strength().1.expr {
                NixExpr::Twice(all) => {
                    let path: Vec<String> = path.iter().map(|part| name(part)).collect();
                    pairs(&path.join("."), all)
                }
                NixExpr::Bool(_)
                | NixExpr::Int(_)
                | NixExpr::Float(_)
                | NixExpr::Text(_)
                | NixExpr::Filled(_)
                | NixExpr::Path(_)
                | NixExpr::Select(_)
                | NixExpr::Raw(_)
                | NixExpr::Apply(..)
                | NixExpr::List(_)
                | NixExpr::Set(_) => nix.twice(),
            });
        below.collect()
    }

    /// Everything that was said in two ways that cannot both hold, with its path.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "there is one form for what was said twice")]
    pub fn clashes(&self) -> Vec<(Vec<String>, &[Nix])> {
        self.leaves()
            .into_iter()
            .filter_map(|(path, nix)| match &nix.strength().1.expr {
                NixExpr::Twice(all) => Some((path, all.as_slice())),
                _ => None,
            })
            .collect()
    }
}
