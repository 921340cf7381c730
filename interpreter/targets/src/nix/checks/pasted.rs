//! What NixOS pastes: the values of some options stand in files of lines as they are, and some in shell scripts
//! (nixpkgs, `nixos/modules`, 24.11 to 25.11). What would be more than one thing there is refused.

use std::collections::BTreeSet;

use qg_fleet::checks::place::{first_place, told};
use qg_fleet::leaf::OriginId;
use qg_fleet::options::fits::bare;
use qg_fleet::options::read_way;
use qg_formats::nix::{Nix, NixExpr, NixPart, Set};
use qg_formats::systemd::line_trouble;
use qg_lang::diagnostic::{Code, Diagnostic, codes};
use qg_lang::span::Span;

use crate::Prepared;
use crate::checks::Check;
use crate::nix::{own_options, written};

const CODES: &[Code] = &[codes::target::PASTED, codes::target::OPTION_WAY];
pub(super) const CHECK: Check = Check { codes: CODES, run };

/// How a text is read where NixOS pastes it.
#[derive(Clone, Copy)]
enum Read {
    /// One line.
    Line,
    /// The value of a key of a unit. A backslash at the end of a line goes on with the next.
    Value,
    /// One of several words.
    Word,
    /// A part of the name of a unit.
    Unit,
    /// A field of /etc/fstab; NixOS escapes blanks in it.
    Fstab,
    /// A field of /etc/passwd.
    Passwd,
    /// The name of an account or group.
    Account,
    /// The name of an interface, in a script of the firewall.
    Interface,
    /// A setting of the kernel.
    Setting,
    /// A word of a shell command without quotes, and a value with specifiers of systemd.
    Bare,
}

use Read::{Account, Bare, Fstab, Interface, Line, Passwd, Setting, Unit, Value, Word};

/// Options by their way, where `*` is any part. A way that ends in `KEY` is about that name itself.
const TABLE: &[(&str, Read)] = &[
    ("systemd.services KEY", Unit),
    ("systemd.sockets KEY", Unit),
    ("systemd.timers KEY", Unit),
    ("systemd.targets KEY", Unit),
    ("systemd.user.* KEY", Unit),
    ("systemd.*.*.serviceConfig.*", Value),
    ("systemd.*.*.unitConfig.*", Value),
    ("systemd.*.*.socketConfig.*", Value),
    ("systemd.*.*.timerConfig.*", Value),
    ("systemd.*.*.description", Line),
    ("systemd.*.*.after", Word),
    ("systemd.*.*.before", Word),
    ("systemd.*.*.requires", Word),
    ("systemd.*.*.requiredBy", Word),
    ("systemd.*.*.wants", Word),
    ("systemd.*.*.wantedBy", Word),
    ("systemd.*.*.bindsTo", Word),
    ("systemd.*.*.partOf", Word),
    ("systemd.user.*.*.serviceConfig.*", Value),
    ("systemd.user.*.*.unitConfig.*", Value),
    ("systemd.user.*.*.timerConfig.*", Value),
    ("systemd.user.*.*.description", Line),
    ("systemd.user.*.*.after", Word),
    ("systemd.user.*.*.wants", Word),
    ("systemd.user.*.*.wantedBy", Word),
    ("systemd.user.*.*.partOf", Word),
    ("systemd.user.*.*.requires", Word),
    ("systemd.tmpfiles.rules", Line),
    ("boot.kernelModules", Word),
    ("boot.initrd.kernelModules", Word),
    ("boot.initrd.availableKernelModules", Word),
    ("boot.kernelParams", Line),
    ("boot.kernel.sysctl KEY", Setting),
    ("boot.kernel.sysctl.*", Line),
    ("boot.supportedFilesystems", Word),
    ("fileSystems KEY", Fstab),
    ("fileSystems.*.device", Fstab),
    ("fileSystems.*.fsType", Word),
    ("fileSystems.*.options", Word),
    ("environment.persistence KEY", Fstab),
    ("environment.persistence.*.directories.directory", Fstab),
    ("environment.persistence.*.files", Fstab),
    ("environment.persistence.*.files.file", Fstab),
    ("users.users.*.description", Passwd),
    ("users.users.*.home", Passwd),
    ("users.users.*.extraGroups", Account),
    ("users.users.*.openssh.authorizedKeys.keys", Line),
    ("networking.firewall.trustedInterfaces", Interface),
    ("networking.firewall.interfaces KEY", Interface),
    ("services.restic.backups KEY", Unit),
    ("services.restic.backups.*.repository", Bare),
    ("services.restic.backups.*.paths", Line),
    ("services.restic.backups.*.exclude", Line),
    ("services.borgbackup.jobs KEY", Unit),
    ("services.borgbackup.jobs.*.repo", Bare),
    ("services.borgbackup.jobs.*.paths", Line),
    ("services.borgbackup.jobs.*.exclude", Line),
    ("services.borgbackup.jobs.*.compression", Bare),
    ("services.authelia.instances KEY", Unit),
    ("services.traefik.dataDir", Bare),
    ("services.caddy.dataDir", Bare),
];

fn run(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    ways(fleet, out);
    let mut told = told(out);
    for (host, it) in &fleet.model.host {
        let Some(ours) = written(fleet, host) else { continue };
        let own = own_options(fleet, host);
        for set in std::iter::once(ours).chain(&own) {
            let told = &mut told;
            let mut walk = Walk { fleet, out, told, way: Vec::new(), by: vec![it.origin] };
            walk.set(set);
        }
    }
}

/// Options that are named in words that Nix would not read so.
fn ways(fleet: &Prepared<'_>, out: &mut Vec<Diagnostic>) {
    let services = fleet.model.service.values().flat_map(|it| &it.native);
    let natives = services.map(|(option, it)| (option, it.origin));
    let declared = fleet.model.fleet.options.iter().map(|(option, it)| (option, it.origin));
    for (option, by) in natives.chain(declared) {
        if let Err(why) = read_way(option) {
            let message = format!("{option:?} is not the name of an option: it {why}");
            let help = "names stand between dots; one with other characters between double quotes: `native \"services.nginx.virtualHosts.\\\"a.b\\\"\"`";
            out.push(
                Diagnostic::error(codes::target::OPTION_WAY, first_place(fleet, &[by]), message)
                    .help(help),
            );
        }
    }
}

struct Walk<'f, 'o> {
    fleet: &'f Prepared<'f>,
    out: &'o mut Vec<Diagnostic>,
    /// Where something is wrong already.
    told: &'o mut BTreeSet<Span>,
    way: Vec<String>,
    /// Who said what is around, the nearest last.
    by: Vec<OriginId>,
}

impl Walk<'_, '_> {
    fn set(&mut self, set: &Set) {
        for (key, value) in &set.0 {
            let depth = self.by.len();
            self.by.extend(value.origins.iter().filter(|it| it.0 != 0));
            if let Some(read) = self.read(true) {
                self.text(read, key);
            }
            self.way.push(key.clone());
            self.value(value);
            self.way.pop();
            self.by.truncate(depth);
        }
    }

    fn value(&mut self, value: &Nix) {
        let value = bare(value);
        let depth = self.by.len();
        self.by.extend(value.origins.iter().filter(|it| it.0 != 0));
        match &value.expr {
            NixExpr::Set(set) => self.set(set),
            NixExpr::List(items) | NixExpr::Twice(items) => {
                items.iter().for_each(|it| self.value(it));
            }
            NixExpr::Text(text) => {
                if let Some(read) = self.read(false) {
                    self.text(read, text);
                }
            }
            NixExpr::Filled(parts) => {
                for part in parts {
                    if let (NixPart::Text(text), Some(read)) = (part, self.read(false)) {
                        // What stands between the texts is no blank.
                        self.text(if matches!(read, Value) { Value } else { Line }, text);
                    }
                }
            }
            NixExpr::Bool(_)
            | NixExpr::Int(_)
            | NixExpr::Float(_)
            | NixExpr::Path(_)
            | NixExpr::Select(_)
            | NixExpr::Raw(_)
            | NixExpr::Apply(_, _) => {}
        }
        self.by.truncate(depth);
    }

    /// How what stands here is read, where it is pasted.
    fn read(&self, keys: bool) -> Option<Read> {
        let fits = |row: &str| {
            let (way, about_keys) = match row.strip_suffix(" KEY") {
                Some(way) => (way, true),
                None => (row, false),
            };
            let mut parts = way.split('.');
            about_keys == keys
                && self
                    .way
                    .iter()
                    .all(|it| parts.next().is_some_and(|part| part == "*" || part == it))
                && parts.next().is_none()
        };
        TABLE.iter().find(|(row, _)| fits(row)).map(|(_, read)| *read)
    }

    fn text(&mut self, read: Read, text: &str) {
        let Some(why) = trouble(read, text) else { return };
        // Of several who said it, the one in whose words the odd letter stands; else the nearest.
        let odd = |c: char| !c.is_ascii_alphanumeric() && !"/._-:@".contains(c);
        let mut by: Vec<OriginId> = self.by.iter().rev().copied().collect();
        by.sort_by_key(|it| {
            let said = self.fleet.origins.span(*it).map_or("", |it| self.fleet.sources.slice(it));
            !text.chars().any(|c| odd(c) && said.contains(c))
        });
        let span = first_place(self.fleet, &by);
        if !self.told.insert(span) {
            return;
        }
        let option = self.way.join(".");
        let message = format!("NixOS pastes `{option}`, and {text:?} {why}");
        let help = "say it without; several things are several elements of a list";
        self.out.push(Diagnostic::error(codes::target::PASTED, span, message).help(help));
    }
}

/// What is wrong with a text where NixOS pastes it.
fn trouble(read: Read, text: &str) -> Option<&'static str> {
    let only = |more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    let odd = |is: bool, why: &'static str| is.then_some(why);
    match read {
        Line => line_trouble(text),
        Value => {
            let text = text.trim_end_matches('\n');
            let broken = text.split('\n').rev().skip(1).any(|line| !line.ends_with('\\'));
            odd(broken || text.contains(['\r', '\0']), "has a line break in it")
                .or(odd(text.ends_with('\\'), "ends with a backslash"))
        }
        Word => odd(text.is_empty() || text.contains(char::is_whitespace), "is no single word"),
        Unit => odd(text.is_empty() || !only(":_.@-\\"), "cannot be in the name of a unit"),
        Fstab => line_trouble(text)
            .or(odd(text.contains('\\'), "has a backslash in it, which begins an escape there")),
        Passwd => line_trouble(text).or(odd(text.contains(':'), "has a colon in it")),
        Account => odd(!only("_.-") || text.is_empty(), "is no name of a group"),
        Interface => odd(!only("_.:@+*-") || text.is_empty(), "is no name of an interface"),
        Setting => odd(!only("_.*/:@-") || text.is_empty(), "is no name of a setting"),
        Bare => odd(
            !only("/._:@+=,-") || text.is_empty(),
            "has characters in it that a shell or systemd would read",
        ),
    }
}
