//! Keys and values of systemd's units, in every spelling: `unit.service` and its like, `service` and `timer` of units of
//! one's own, and options of NixOS and of Home Manager that hand them on as they are. systemd skips what it does not
//! know, with a line in the journal.

use std::collections::{BTreeMap, BTreeSet};

use qg_fleet::checks::place::{own_place, within};
use qg_fleet::leaf::{At, Data, OriginId};
use qg_fleet::service::Unit;
use qg_formats::directives::{find, keys, sections_of, trouble};
use qg_formats::nix::{Nix, NixExpr, Set};
use qg_lang::diagnostic::codes::units as codes;
use qg_lang::diagnostic::{Diagnostic, closest};
use qg_lang::is_library;
use qg_lang::span::Span;

use super::Check;
use crate::Prepared;
use crate::nix::{home_options, own_options, written};
use crate::quadlet::common::texts;

pub(super) const CHECK: Check =
    Check { codes: &[codes::WRONG_SECTION, codes::UNKNOWN_DIRECTIVE, codes::DIRECTIVE_VALUE], run };

/// Options of NixOS that hold the keys of a section, by the kind of unit: nixpkgs `nixos/lib/systemd-unit-options.nix`.
const KINDS: &[(&str, &str, &str)] = &[
    ("services", "serviceConfig", "Service"),
    ("timers", "timerConfig", "Timer"),
    ("sockets", "socketConfig", "Socket"),
    ("paths", "pathConfig", "Path"),
    ("slices", "sliceConfig", "Slice"),
];

/// Sections that Home Manager takes by their names.
const SECTIONS: [&str; 7] = ["Unit", "Service", "Timer", "Socket", "Path", "Slice", "Install"];

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    let mut found = Found { fleet, told: BTreeSet::new(), out };
    let model = &fleet.model;
    let units = model.service.values().map(|it| &it.unit);
    let units = units.chain(model.pod.values().map(|it| &it.unit));
    let units = units.chain(model.network.values().map(|it| &it.unit));
    let units = units.chain(model.volume.values().map(|it| &it.unit));
    let units = units.chain(model.pulled.values().map(|it| &it.unit));
    let units = units.chain(model.build.values().map(|it| &it.unit));
    let units = units.chain(model.artifact.values().map(|it| &it.unit));
    let units = units.chain(model.kube.values().map(|it| &it.unit));
    let off = fleet.off.values().map(|it| &it.unit);
    for unit in units.chain(off) {
        let unit: &Unit = unit;
        // Keys that [Unit] and [Install] do not have are told with what Quadlet heeds of them.
        found.section("Unit", &unit.unit, false);
        found.section("Service", &unit.service, true);
        found.section("Install", &unit.install, false);
    }
    for host in model.host.keys() {
        for own in fleet.own_units_on(host) {
            found.section("Service", &own.unit.service, true);
            found.section("Unit", &own.unit.unit, false);
        }
        for own in fleet.timers_on(host) {
            found.section("Timer", &own.timer.timer, false);
        }
        let own = own_options(fleet, host);
        for set in own.iter().chain(written(fleet, host)) {
            found.system(set);
        }
        for set in home_options(fleet, host).values() {
            found.home(set);
        }
    }
}

struct Found<'f, 'o> {
    fleet: &'f Prepared<'f>,
    /// One key is told once, whatever hosts have it.
    told: BTreeSet<Span>,
    out: &'o mut Vec<Diagnostic>,
}

impl Found<'_, '_> {
    /// Keys as the model has them.
    fn section(&mut self, section: &str, all: &BTreeMap<String, At<Data>>, names: bool) {
        for (key, value) in all {
            if self.key(section, key, value.origin, names) {
                for (text, by) in texts(value) {
                    self.value(section, key, &text, &[by, value.origin]);
                }
            }
        }
    }

    /// What NixOS is told of units.
    fn system(&mut self, set: &Set) {
        for place in [&["systemd"][..], &["systemd", "user"]] {
            let Some(systemd) = set.at(place) else { continue };
            for (kind, option, section) in KINDS {
                let Some(units) = systemd.at(&[kind]) else { continue };
                for (_, unit) in &units.0 {
                    let NixExpr::Set(unit) = &unit.expr else { continue };
                    self.nix_section(section, unit.at(&[option]));
                    self.nix_section("Unit", unit.at(&["unitConfig"]));
                }
            }
        }
    }

    /// What Home Manager is told of units, by the names of sections.
    fn home(&mut self, set: &Set) {
        let Some(systemd) = set.at(&["systemd", "user"]) else { return };
        for (_, kind) in &systemd.0 {
            let NixExpr::Set(units) = &kind.expr else { continue };
            for (_, unit) in &units.0 {
                let NixExpr::Set(unit) = &unit.expr else { continue };
                for section in SECTIONS {
                    self.nix_section(section, unit.at(&[section]));
                }
            }
        }
    }

    fn nix_section(&mut self, section: &str, all: Option<&Set>) {
        for (key, value) in all.into_iter().flat_map(|it| &it.0) {
            let by = value.all_origins();
            let Some(own) = by.iter().find(|it| self.is_own(**it)).copied() else { continue };
            if self.key(section, key, own, true) {
                self.nix_value(section, key, value, own);
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what Nix computes nobody knows here")]
    fn nix_value(&mut self, section: &str, key: &str, value: &Nix, by: OriginId) {
        match &value.expr {
            NixExpr::Text(text) => self.value(section, key, text, &[by]),
            NixExpr::Bool(it) => {
                self.value(section, key, if *it { "true" } else { "false" }, &[by]);
            }
            NixExpr::Int(it) => self.value(section, key, &it.to_string(), &[by]),
            NixExpr::List(all) => all.iter().for_each(|it| self.nix_value(section, key, it, by)),
            // `lib.mkForce x`
            NixExpr::Apply(function, all) if function.first().is_some_and(|it| it == "lib") => {
                all.iter().for_each(|it| self.nix_value(section, key, it, by));
            }
            _ => {}
        }
    }

    fn is_own(&self, by: OriginId) -> bool {
        self.fleet.origins.span(by).is_some_and(|span| !is_library(span.file))
    }

    /// Tells of a key that the section does not have; whether it has it.
    fn key(&mut self, section: &str, key: &str, by: OriginId, names: bool) -> bool {
        if find(section, key).is_some() {
            return true;
        }
        if key.starts_with("X-") {
            return false;
        }
        let span = within(self.fleet, own_place(self.fleet, &[by]), key);
        // What is told elsewhere is not told of what NixOS makes of it.
        if !self.told.insert(span) || !names {
            return false;
        }
        let others = sections_of(key);
        let finding = if let Some(other) = others.first() {
            let message =
                format!("`{key}` is a key of [{other}], and systemd skips it in [{section}]");
            Diagnostic::error(codes::WRONG_SECTION, span, message).help(way_out(other))
        } else {
            let message = format!("systemd knows no key `{key}` in [{section}]");
            match closest(key, keys(section)) {
                Some(near) => {
                    let finding = Diagnostic::error(codes::UNKNOWN_DIRECTIVE, span, message)
                        .help(format!("did you mean `{near}`?"));
                    match self.fleet.sources.slice(span) == key {
                        true => finding.fix(format!("replace by `{near}`"), span, near.to_owned()),
                        false => finding,
                    }
                }
                None => Diagnostic::warning(codes::UNKNOWN_DIRECTIVE, span, message)
                    .help("systemd 262 skips it; the keys are in systemd.directives(7)"),
            }
        };
        self.out.push(finding);
        false
    }

    fn value(&mut self, section: &str, key: &str, text: &str, by: &[OriginId]) {
        let Some(directive) = find(section, key) else { return };
        let span = own_place(self.fleet, by);
        let finding = if directive.old {
            let message = format!("systemd has let go of `{key}`, and skips it since version 258");
            Diagnostic::warning(codes::DIRECTIVE_VALUE, span, message)
                .help("its successors are `CPUWeight`, `MemoryMax` and `IOWeight` (systemd.resource-control(5))")
        } else if let Some(wanted) = trouble(directive.values, text) {
            let message = format!("systemd would not read `{key}={}`", shown(text));
            Diagnostic::error(codes::DIRECTIVE_VALUE, span, message).help(wanted)
        } else {
            return;
        };
        if self.told.insert(span) {
            self.out.push(finding);
        }
    }
}

/// Where a key of a section is said.
fn way_out(section: &str) -> &'static str {
    match section {
        "Unit" => "say it in [Unit]: `unit` of a unit, `unitConfig` in Nix",
        "Service" => "say it in [Service]: `service` of a unit, `serviceConfig` in Nix",
        "Install" => "say it in [Install]: `install` or `wanted_by` of a unit, `wantedBy` in Nix",
        "Timer" => "say it of a timer: `timer NAME { … }`, `timerConfig` in Nix",
        _ => "it belongs to a unit of another kind",
    }
}

/// A value, not too long.
fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > 40 {
        line.chars().take(40).chain(['…']).collect()
    } else {
        line.to_owned()
    }
}
