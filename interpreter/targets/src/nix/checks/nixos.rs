//! Every NixOS option that is set, by the compiler, in `native` or in `nix { … }`: it exists, and its value has its type.

use std::borrow::Cow;
use std::collections::BTreeMap;

use qg_fleet::checks::place::place;
use qg_fleet::leaf::OriginId;
use qg_fleet::options::elsewhere::MODULES;
use qg_fleet::options::fits::{bare, fits, kind};
use qg_fleet::options::place::{OptionPlace, OptionStep};
use qg_fleet::options::table::Table;
use qg_fleet::options::types::OptionType;
use qg_fleet::options::write::Draft;
use qg_fleet::options::{KEPT, way};
use qg_formats::nix::{Nix, NixExpr, Set, name};
use qg_lang::diagnostic::codes::target;
use qg_lang::diagnostic::{Diagnostic, closest};
use qg_lang::span::Span;

use crate::Prepared;
use crate::checks::Check;
use crate::nix::{home_options, own_options, written};

pub(super) const CHECK: Check = Check {
    codes: &[
        target::UNKNOWN_NIX_OPTION,
        target::NIX_OPTION_TYPE,
        target::OPTIONS_TABLE,
        target::OPTION_TYPE_WORDS,
    ],
    run,
};

fn run(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) {
    let declared = declared(fleet, found);
    let options = &fleet.options;
    let top = options.top().with(&declared);
    let mut told = false;
    for (host, it) in &fleet.model.host {
        let Some(ours) = written(fleet, host) else { continue };
        if let Some(malformed) = fleet.malformed.as_ref().filter(|_| !told) {
            let message = match malformed.line {
                0 => format!("{KEPT} cannot be read: {}", malformed.why),
                line => format!("line {line} of {KEPT}: {}", malformed.why),
            };
            let finding =
                Diagnostic::error(target::OPTIONS_TABLE, place(fleet, it.origin), message);
            found.push(finding.help("run `qgc options update` again, or remove the file"));
            told = true;
        }
        let own = own_options(fleet, host);
        for set in std::iter::once(ours).chain(&own) {
            let mut walk = Walk { fleet, found, way: Vec::new(), by: it.origin };
            walk.set(set, &top);
        }
        for (user, set) in home_options(fleet, host) {
            let way = ["home-manager", "users", &user];
            let Some(here) = below(&top, &way) else { continue };
            let way = way.map(str::to_owned).to_vec();
            let mut walk = Walk { fleet, found, way, by: it.origin };
            walk.set(&set, &here);
        }
    }
}

/// The place below some keys; none where nothing is known of it, or there is no such option, which is told of what the
/// compiler sets itself.
fn below<'t>(top: &OptionPlace<'t>, way: &[&str]) -> Option<OptionPlace<'t>> {
    way.iter().try_fold(top.clone(), |here, key| match here.key(key) {
        OptionStep::Known(below) => Some(below),
        OptionStep::Open | OptionStep::Unknown | OptionStep::Wrong => None,
    })
}

/// Whether this is what every module may have and is no option, where the fleet's own table lists options alone.
fn is_imports(way: &[String]) -> bool {
    matches!(way, [manager, users, _, imports]
        if manager == "home-manager" && users == "users" && imports == "imports")
}

/// The options that the fleet declares itself.
fn declared(fleet: &Prepared<'_>, found: &mut Vec<Diagnostic>) -> Table {
    let mut options = BTreeMap::new();
    for (option, phrase) in &fleet.model.fleet.options {
        if let Err(prose) = OptionType::understand(phrase) {
            let message = format!("`{}` is no type as the NixOS manual words it", prose.words);
            let span = place(fleet, phrase.origin);
            let finding = Diagnostic::error(target::OPTION_TYPE_WORDS, span, message);
            found.push(match prose.near {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help("`anything` is the type of what may be anything"),
            });
        }
        options.insert(way(option), phrase.value.clone());
    }
    if options.is_empty() {
        return Table::default();
    }
    let text = Draft { options, ..Draft::default() }.text();
    Table::read(Cow::Owned(text)).unwrap_or_else(|malformed| {
        let by = fleet.model.fleet.options.values().map(|it| it.origin).next();
        let span = place(fleet, by.unwrap_or_default());
        let message = format!("no table can be made of these options: {}", malformed.why);
        found.push(Diagnostic::error(target::OPTION_TYPE_WORDS, span, message));
        Table::default()
    })
}

/// A walk through what is set on a host, beside the tables.
struct Walk<'f, 'o> {
    fleet: &'f Prepared<'f>,
    found: &'o mut Vec<Diagnostic>,
    way: Vec<String>,
    /// Who said what is around.
    by: OriginId,
}

impl Walk<'_, '_> {
    fn set(&mut self, set: &Set, here: &OptionPlace<'_>) {
        for (key, value) in &set.0 {
            self.way.push(key.clone());
            let outer = self.by;
            if let Some(by) = self.origin(value) {
                self.by = by;
            }
            match here.key(key) {
                OptionStep::Known(below) => self.value(value, &below),
                OptionStep::Open => {}
                OptionStep::Unknown if is_imports(&self.way) => {}
                OptionStep::Unknown => self.unknown(key, here),
                OptionStep::Wrong => self.wrong(here, "a record"),
            }
            self.by = outer;
            self.way.pop();
        }
    }

    fn value(&mut self, value: &Nix, here: &OptionPlace<'_>) {
        let value = bare(value);
        match &value.expr {
            NixExpr::Set(set) if set.is_empty() => {
                if !here.types().any(|ty| ty.is_none_or(takes_set)) {
                    self.wrong(here, "a record");
                }
            }
            NixExpr::Set(set) => match set.0.first().map(|(key, _)| here.key(key)) {
                Some(OptionStep::Wrong) => self.wrong(here, "a record"),
                _ => self.set(set, here),
            },
            NixExpr::List(items) => match here.element() {
                OptionStep::Known(below) => {
                    let outer = self.by;
                    for item in items {
                        self.by = self.origin(item).unwrap_or(outer);
                        self.value(item, &below);
                    }
                    self.by = outer;
                }
                OptionStep::Open => {}
                OptionStep::Unknown | OptionStep::Wrong => self.wrong(here, "a list"),
            },
            // What is said in two ways is refused as that; each of them is looked at.
            NixExpr::Twice(all) => all.iter().for_each(|it| self.value(it, here)),
            NixExpr::Raw(_) | NixExpr::Select(_) | NixExpr::Apply(..) => {}
            NixExpr::Bool(_)
            | NixExpr::Int(_)
            | NixExpr::Float(_)
            | NixExpr::Text(_)
            | NixExpr::Filled(_)
            | NixExpr::Path(_) => {
                if !here.types().flatten().any(|ty| fits(ty, &value.expr)) {
                    self.wrong(here, &kind(&value.expr));
                }
            }
        }
    }

    /// Who said a value, where that is known.
    fn origin(&self, value: &Nix) -> Option<OriginId> {
        let all = value.all_origins();
        all.into_iter().find(|origin| self.fleet.origins.span(*origin).is_some())
    }

    fn option(&self) -> String {
        self.way.iter().map(|part| name(part)).collect::<Vec<_>>().join(".")
    }

    fn unknown(&mut self, key: &str, here: &OptionPlace<'_>) {
        let option = self.option();
        let options = &self.fleet.options;
        let whole = place(self.fleet, self.by);
        let span = self.key_place(key, whole);
        let mut finding = if options.own {
            let message =
                format!("the fleet's nixpkgs has no option `{option}`{}", options.as_of());
            Diagnostic::error(target::UNKNOWN_NIX_OPTION, span.unwrap_or(whole), message)
        } else {
            let message = format!("NixOS has no option `{option}`{}", options.as_of());
            Diagnostic::warning(target::UNKNOWN_NIX_OPTION, span.unwrap_or(whole), message)
        };
        let names = here.names().filter(|name| !matches!(*name, "<name>" | "*"));
        finding = match span {
            Some(span) => finding.suggest(key, span, names),
            None => match closest(key, names) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding,
            },
        };
        let parts = way(&option);
        let module = MODULES.iter().filter(|_| options.own);
        let module = module.into_iter().find(|it| parts.starts_with(&way(it.prefix)));
        let is_sops = matches!(parts.as_slice(), [manager, _, _, sops, ..]
            if manager == "home-manager" && sops == "sops");
        self.found.push(match module {
            Some(_) if is_sops => finding.help(
                "it is an option of sops-nix for Home Manager: the host's flake has to load that module, in `home-manager.sharedModules` (github:Mic92/sops-nix, homeManagerModules.sops)",
            ),
            Some(module) => finding.help(format!(
                "it is an option of {}: the host's flake has to load that module ({})",
                module.name, module.flake
            )),
            None if options.own => finding.help(
                "`qgc options update` asks again; one that exists all the same is declared in `fleet { options = { … } }`",
            ),
            None => finding.help(
                "one that is newer or of a module of your own is declared in `fleet { options = { … } }`; `qgc options update` asks your own nixpkgs",
            ),
        });
    }

    fn wrong(&mut self, here: &OptionPlace<'_>, what: &str) {
        let option = self.option();
        let message = match here.phrase() {
            Some(phrase) => format!("`{option}` is not {what}: NixOS wants {phrase}"),
            None => format!("`{option}` is not {what}: it holds further options"),
        };
        let help = match here.phrase() {
            Some(phrase) if self.fleet.options.own => format!(
                "say a value of that type ({phrase}); `qgc options update` asks again, where your nixpkgs has changed"
            ),
            Some(phrase) => format!(
                "say a value of that type ({phrase}); where your nixpkgs has another, `qgc options update` asks it"
            ),
            None => "say the options below it: `{ NAME = …, }`".to_owned(),
        };
        let span = place(self.fleet, self.by);
        self.found.push(Diagnostic::error(target::NIX_OPTION_TYPE, span, message).help(help));
    }

    /// Where a key of an option's way stands, in `services.x.y = …` or `native "services.x" { … }`.
    fn key_place(&self, key: &str, whole: Span) -> Option<Span> {
        let text = self.fleet.sources.slice(whole);
        let head = text.split(['=', '{']).next()?;
        let mut start = 0;
        for part in head.split(|c: char| c == '.' || c == '"' || c.is_whitespace()) {
            if part == key {
                let start = whole.start + start as u32;
                return Some(Span::new(whole.file, start, start + part.len() as u32));
            }
            start += part.len() + 1;
        }
        None
    }
}

/// Whether a set may stand for a type.
fn takes_set(ty: &OptionType) -> bool {
    match ty {
        OptionType::Any | OptionType::Attrs(_) | OptionType::Submodule => true,
        OptionType::Union(all) => all.iter().any(takes_set),
        OptionType::Null
        | OptionType::Bool
        | OptionType::Int { .. }
        | OptionType::Float
        | OptionType::Text
        | OptionType::Path
        | OptionType::Package
        | OptionType::Function
        | OptionType::One(_)
        | OptionType::List(_) => false,
    }
}
