//! Which packages of nixpkgs a Nix expression names: `pkgs.git`, `with pkgs; [ git ]`, `inherit (pkgs) git`.

use rnix::{SyntaxKind, SyntaxNode, TextRange};

/// What is at hand in every Nix expression, whatever `with` is around it: Nix's own names without
/// `builtins.`, and the arguments of the modules that are written.
const GLOBAL: &[&str] = &[
    "abort",
    "baseNameOf",
    "break",
    "builtins",
    "config",
    "derivation",
    "derivationStrict",
    "dirOf",
    "false",
    "fetchGit",
    "fetchMercurial",
    "fetchTarball",
    "fetchTree",
    "fromTOML",
    "import",
    "isNull",
    "lib",
    "map",
    "null",
    "options",
    "pkgs",
    "placeholder",
    "removeAttrs",
    "scopedImport",
    "throw",
    "toString",
    "true",
];

/// Each package that is named, with its place. What may be another thing of that name is left out.
pub(super) fn packages(root: &SyntaxNode) -> Vec<(String, TextRange)> {
    let mut walk = Walk { bound: Vec::new(), with: With::Nothing, found: Vec::new() };
    walk.below(root);
    walk.found
}

/// Where names come from that nothing binds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum With {
    Nothing,
    Packages,
    /// Something else, or several things.
    Unknown,
}

struct Walk {
    /// Names that the expression binds itself.
    bound: Vec<String>,
    with: With,
    found: Vec<(String, TextRange)>,
}

impl Walk {
    fn below(&mut self, node: &SyntaxNode) {
        for child in node.children() {
            self.node(&child);
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "rnix has some hundred kinds, of which few bind or name something"
    )]
    fn node(&mut self, node: &SyntaxNode) {
        let known = self.bound.len();
        match node.kind() {
            SyntaxKind::NODE_IDENT => self.name(node),
            SyntaxKind::NODE_SELECT => self.select(node),
            SyntaxKind::NODE_WITH => return self.with(node),
            SyntaxKind::NODE_INHERIT => self.inherit(node),
            SyntaxKind::NODE_HAS_ATTR => self.asked(node),
            SyntaxKind::NODE_ATTRPATH => self.computed(node),
            SyntaxKind::NODE_LET_IN | SyntaxKind::NODE_LEGACY_LET => self.bind(node),
            SyntaxKind::NODE_ATTR_SET => {
                let is_rec = |token: &rnix::SyntaxToken| token.kind() == SyntaxKind::TOKEN_REC;
                if node
                    .children_with_tokens()
                    .filter_map(|it| it.into_token())
                    .any(|it| is_rec(&it))
                {
                    self.bind(node);
                } else {
                    self.below(node);
                }
            }
            SyntaxKind::NODE_LAMBDA => self.lambda(node),
            _ => self.below(node),
        }
        self.bound.truncate(known);
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.iter().any(|it| it == name)
    }

    /// Whether an expression is the `pkgs` that every module gets.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "rnix has some hundred kinds, of which two are `pkgs`"
    )]
    fn is_pkgs(&self, node: &SyntaxNode) -> bool {
        match node.kind() {
            SyntaxKind::NODE_IDENT => node.text() == "pkgs" && !self.is_bound("pkgs"),
            SyntaxKind::NODE_PAREN => node.first_child().is_some_and(|inner| self.is_pkgs(&inner)),
            _ => false,
        }
    }

    fn take(&mut self, node: &SyntaxNode) {
        let name = node.text().to_string();
        // What stands for a hole is no name of Nix.
        if !name.starts_with("__") {
            self.found.push((name, node.text_range()));
        }
    }

    fn name(&mut self, node: &SyntaxNode) {
        let name = node.text().to_string();
        if self.with == With::Packages && !self.is_bound(&name) && !GLOBAL.contains(&name.as_str())
        {
            self.take(node);
        }
    }

    /// `pkgs.git`; with `or`, it need not be there.
    fn select(&mut self, node: &SyntaxNode) {
        let mut parts = node.children();
        let (Some(of), Some(path)) = (parts.next(), parts.next()) else { return };
        let default = parts.next();
        if default.is_none()
            && self.is_pkgs(&of)
            && let Some(first) = path.first_child()
            && first.kind() == SyntaxKind::NODE_IDENT
        {
            self.take(&first);
        }
        // `git.dev or null` below `with pkgs;` may be about what is not there.
        if default.is_none() || of.kind() != SyntaxKind::NODE_IDENT {
            self.node(&of);
        }
        self.computed(&path);
        if let Some(default) = default {
            self.node(&default);
        }
    }

    /// `pkgs ? git`
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "rnix has some hundred kinds, of which one is a plain key"
    )]
    fn asked(&mut self, node: &SyntaxNode) {
        for child in node.children() {
            match child.kind() {
                SyntaxKind::NODE_IDENT => {}
                _ => self.node(&child),
            }
        }
    }

    fn with(&mut self, node: &SyntaxNode) {
        let mut parts = node.children();
        let (Some(of), Some(body)) = (parts.next(), parts.next()) else { return };
        self.node(&of);
        let outer = self.with;
        self.with = match outer {
            With::Nothing | With::Packages if self.is_pkgs(&of) => With::Packages,
            With::Nothing | With::Packages | With::Unknown => With::Unknown,
        };
        self.node(&body);
        self.with = outer;
    }

    /// `inherit (pkgs) git;`
    fn inherit(&mut self, node: &SyntaxNode) {
        let from = node.children().find(|it| it.kind() == SyntaxKind::NODE_INHERIT_FROM);
        let Some(from) = from else {
            // `inherit git;` reads the name around.
            for name in node.children().filter(|it| it.kind() == SyntaxKind::NODE_IDENT) {
                self.name(&name);
            }
            return;
        };
        self.below(&from);
        if from.first_child().is_some_and(|of| self.is_pkgs(&of)) {
            for name in node.children().filter(|it| it.kind() == SyntaxKind::NODE_IDENT) {
                self.take(&name);
            }
        }
    }

    /// What is computed in the way of an attribute; its plain names are no expressions.
    fn computed(&mut self, path: &SyntaxNode) {
        for part in path.children().filter(|it| it.kind() != SyntaxKind::NODE_IDENT) {
            self.node(&part);
        }
    }

    /// `let … in` and `rec { … }` bind their names for all that is in them.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "rnix has some hundred kinds, of which two bind"
    )]
    fn bind(&mut self, node: &SyntaxNode) {
        for entry in node.children() {
            let names = match entry.kind() {
                SyntaxKind::NODE_ATTRPATH_VALUE => {
                    entry.first_child().and_then(|path| path.first_child()).into_iter().collect()
                }
                SyntaxKind::NODE_INHERIT => entry.children().collect::<Vec<_>>(),
                _ => Vec::new(),
            };
            let names = names.into_iter().filter(|it| it.kind() == SyntaxKind::NODE_IDENT);
            self.bound.extend(names.map(|it| it.text().to_string()));
        }
        self.below(node);
    }

    fn lambda(&mut self, node: &SyntaxNode) {
        let Some(parameter) = node.first_child() else { return };
        let names = parameter.descendants().filter(|it| {
            let of = it.parent().map(|it| it.kind());
            it.kind() == SyntaxKind::NODE_IDENT
                && matches!(
                    of,
                    Some(
                        SyntaxKind::NODE_IDENT_PARAM
                            | SyntaxKind::NODE_PAT_ENTRY
                            | SyntaxKind::NODE_PAT_BIND
                    )
                )
        });
        let is_pattern = parameter.kind() == SyntaxKind::NODE_PATTERN;
        let names = names.map(|it| it.text().to_string());
        // A module asks for the same `pkgs`: `{ pkgs, ... }:`.
        self.bound.extend(names.filter(|name| !(is_pattern && name == "pkgs")));
        self.below(node);
    }
}

#[cfg(test)]
mod tests {
    use super::packages;

    fn named(text: &str) -> Vec<String> {
        let root = rnix::Root::parse(text).syntax();
        packages(&root).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn packages_are_found_where_they_are_named() {
        for (text, found) in [
            (
                "[ pkgs.git pkgs.python3Packages.requests (pkgs.hello) ]",
                "git python3Packages hello",
            ),
            ("with pkgs; [ git (if true then jq else config.x) ]", "git jq"),
            ("with (pkgs); git", "git"),
            ("{ inherit (pkgs) git jq; x = 1; }", "git jq"),
            ("{ pkgs, ... }: { environment.systemPackages = [ pkgs.git ]; }", "git"),
            ("\"${pkgs.git}/bin\"", "git"),
            ("pkgs.callPackage ./x.nix { }", "callPackage"),
            ("with pkgs; with pkgs; git", "git"),
            // It need not be there, or is another thing.
            ("pkgs.git or null", ""),
            ("if pkgs ? git then 1 else 2", ""),
            ("pkgs.${x}", ""),
            ("pkgs.\"git\"", ""),
            ("let pkgs = import <x> { }; in pkgs.git", ""),
            ("pkgs: pkgs.git", ""),
            ("ps: with ps; [ git ]", ""),
            ("with pkgs; with lib; [ git ]", ""),
            ("with pkgs; let git = 1; in git", ""),
            ("with pkgs; map (git: git) [ ]", ""),
            ("with pkgs; rec { git = jq; x = git; }", "jq"),
            ("with pkgs; { git = 1; }", ""),
            ("config.pkgs.git", ""),
            ("with pkgs; __qg_hole_1__", ""),
        ] {
            let found: Vec<&str> = found.split_whitespace().collect();
            assert_eq!(named(text), found, "{text}");
        }
    }
}
