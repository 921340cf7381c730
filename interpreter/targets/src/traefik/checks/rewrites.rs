//! What a server that is asked whether somebody may pass (`forwardAuth`, which `login = sso` is too) is told of:
//! the address as the middlewares before it left it. Looked at is what is written, the user's own entries included.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::checks::place::first_place;
use qg_fleet::leaf::OriginId;
use qg_fleet::proxy::TraefikProxy;
use qg_formats::Tree;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use crate::checks::Check;
use crate::{Prepared, traefik};

pub(super) const CHECK: Check = Check { codes: &[codes::REWRITTEN], run };

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    for of in fleet.model.traefiks() {
        let written = Written::new(fleet, of);
        let mut known = BTreeSet::new();
        let routers = written.dynamic.at(&["http", "routers"]);
        for (router, tree) in routers.into_iter().flat_map(Tree::entries) {
            let Some((first, asked)) = written.told_otherwise(tree) else { continue };
            if !known.insert(first.by.clone()) {
                continue;
            }
            let Step { name, .. } = &first;
            let what = if first.known { "changes what it is told" } else { "is unknown" };
            let message =
                format!("`{}` judges `{router}`, and `{name}` before it {what}", asked.name);
            found.push(
                Diagnostic::error(codes::REWRITTEN, first_place(fleet, &first.by), message)
                    .also(first_place(fleet, &asked.by), "asked only then")
                    .help("put it behind the one that asks; a plugin that changes no address says `rewrites = false`"),
            );
        }
    }
}

/// A middleware on a router's way.
struct Step {
    name: String,
    /// Who put it there.
    by: Vec<OriginId>,
    /// Whether anything is known of it.
    known: bool,
    rewrites: bool,
    asks: bool,
}

/// The chains that were opened, and whether something had been rewritten before: in the same case a chain does
/// the same again.
type Opened = BTreeSet<(String, bool)>;

/// Both files of a proxy.
struct Written<'f> {
    fleet: &'f Prepared<'f>,
    fixed: &'f Tree,
    dynamic: &'f Tree,
    /// The middlewares of the model by what the file calls them.
    labels: BTreeMap<String, &'f str>,
}

impl<'f> Written<'f> {
    fn new(fleet: &'f Prepared<'f>, of: TraefikProxy<'_>) -> Written<'f> {
        let (fixed, _) = traefik::static_options(fleet, of);
        let (dynamic, _) = traefik::dynamic_options(fleet, of);
        let labels = traefik::middleware_labels(&fleet.model, of.key, of.proxy);
        Written { fleet, fixed, dynamic, labels }
    }

    /// The middleware that changes what another one behind it asks about.
    fn told_otherwise(&self, router: &Tree) -> Option<(Step, Step)> {
        let steps = self.steps(router);
        let first = steps.iter().position(|step| step.rewrites)?;
        let mut behind = steps.into_iter().skip(first);
        let first = behind.next()?;
        behind.find(|step| step.asks).map(|asked| (first, asked))
    }

    /// The entry point's, the router's, and those of its service.
    fn steps(&self, router: &Tree) -> Vec<Step> {
        let (mut opened, mut all) = (Opened::new(), Vec::new());
        let points: Vec<&str> = router
            .at(&["entryPoints"])
            .into_iter()
            .flat_map(Tree::items)
            .filter_map(Tree::as_text)
            .collect();
        for (name, point) in self.fixed.at(&["entryPoints"]).into_iter().flat_map(Tree::entries) {
            if points.is_empty() || points.contains(&name) {
                self.list(point.at(&["http", "middlewares"]), &mut opened, &mut all);
            }
        }
        self.list(router.at(&["middlewares"]), &mut opened, &mut all);
        let service = router.at(&["service"]).and_then(Tree::as_text);
        let service = service.map(|name| ["http", "services", name, "middlewares"]);
        self.list(service.and_then(|path| self.dynamic.at(&path)), &mut opened, &mut all);
        all
    }

    fn list(&self, list: Option<&Tree>, opened: &mut Opened, all: &mut Vec<Step>) {
        for item in list.into_iter().flat_map(Tree::items) {
            let Some(name) = item.as_text() else { continue };
            self.step(name, &item.origins, opened, all);
        }
    }

    fn step(&self, name: &str, by: &[OriginId], opened: &mut Opened, all: &mut Vec<Step>) {
        let plain = name.strip_suffix("@file").unwrap_or(name);
        let found = self.dynamic.at(&["http", "middlewares", plain]);
        let Some((kind, does)) = found.and_then(|it| it.entries().next()) else {
            let (name, by) = (name.to_owned(), by.to_vec());
            all.push(Step { name, by, known: false, rewrites: true, asks: false });
            return;
        };
        if kind.eq_ignore_ascii_case("chain") {
            let rewritten = all.iter().any(|step| step.rewrites);
            if !opened.insert((plain.to_owned(), rewritten)) {
                return;
            }
            for inner in does.at(&["middlewares"]).into_iter().flat_map(Tree::items) {
                if let Some(inner) = inner.as_text() {
                    self.step(inner, by, opened, all);
                }
            }
            return;
        }
        all.push(Step {
            name: plain.to_owned(),
            by: by.to_vec(),
            known: true,
            rewrites: self.rewrites(plain, kind, does),
            asks: kind.eq_ignore_ascii_case("forwardAuth"),
        });
    }

    fn rewrites(&self, name: &str, kind: &str, does: &Tree) -> bool {
        let of_model = self.labels.get(name).and_then(|key| self.fleet.model.middleware.get(*key));
        if let Some(middleware) = of_model {
            return traefik::rewrites(middleware);
        }
        if kind.eq_ignore_ascii_case("headers") {
            let headers = does.at(&["customRequestHeaders"]).into_iter().flat_map(Tree::entries);
            return headers.into_iter().any(|(header, _)| traefik::is_told(header));
        }
        kind.eq_ignore_ascii_case("plugin") || traefik::writes_path(kind)
    }
}
