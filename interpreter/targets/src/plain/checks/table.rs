//! What a host without NixOS carries out: every field of everything that is on a host, in one table.
//!
//! Not in it is what the files of Traefik, Authelia and Podman say on every host alike.

use std::collections::BTreeMap;

use qg_fleet::boot::Boot;
use qg_fleet::host::{Account, Host, QuadletWay, Root, Storage};
use qg_fleet::leaf::{At, OriginId, Priority};
use qg_fleet::service::UnitScope;
use qg_fleet::unit::OwnUnit;

use crate::Prepared;

/// Who says it, and of what.
type Said = fn(&Prepared<'_>, &str) -> Vec<(String, OriginId)>;

#[derive(Clone, Copy)]
pub enum Carried {
    /// It is carried out, or there is nothing to carry out.
    Done,
    /// The fields of its own schema are rows too.
    Within,
    /// It is not, and what to do instead.
    Not(Said, &'static str),
}

use Carried::{Done, Not, Within};

/// A field of a schema of the standard library.
pub struct PlainField {
    pub schema: &'static str,
    pub field: &'static str,
    pub how: Carried,
}

impl PlainField {
    /// The field as it is said of what has it.
    pub fn spelled(&self) -> String {
        match self.schema {
            "Boot" | "Podman" => format!("{}.{}", self.schema.to_lowercase(), self.field),
            _ => self.field.to_owned(),
        }
    }
}

macro_rules! rows {
    ($($schema:ident { $($field:ident: $how:expr,)* })*) => {
        &[$($(PlainField { schema: stringify!($schema), field: stringify!($field), how: $how },)*)*]
    };
}

pub const TABLE: &[PlainField] = rows! {
    Model {
        fleet: Within, host: Within, user: Within, group: Within, secret: Within, service: Within, proxy: Within,
        portal: Within, script: Within,
        // Podman's, as everywhere.
        nixos_module: Within, pod: Done, network: Done, volume: Done, pulled: Done, build: Done, kube: Done, artifact: Done,
        // Parts of files that are the same everywhere, or of no host.
        people: Done, person: Done, middleware: Done, backend: Done, transport: Done, tls_options: Done, policy: Done,
        test: Done,
        vault: Not(
            |fleet, host| all("vault", fleet.model.vaults_on(host)),
            "nothing there makes copies: make them on a host of NixOS, or with a program of your own",
        ),
    }
    Fleet {
        domain: Done, open: Done, state: Done, timezone: Done, vault: Done, secrets: Done, recipients: Done, options: Done,
        policies: Done,
    }
    Host {
        enabled: Done, about: Done, class: Done, system: Done, address: Done, addresses: Done, file: Done, manager: Done,
        // The defaults of a release of NixOS are nothing that somebody would miss.
        state_version: Done,
        state: Within, boot: Within, age: Within, podman: Within, fail2ban: Within,
        unfree: Not(
            |fleet, host| one(fleet, host, |it| some(it.unfree.as_ref())),
            "nixpkgs alone asks for it: leave it out",
        ),
        build_on: Not(|fleet, host| one(fleet, host, |it| some(it.build_on.as_ref())), LEAVE_OUT),
        root: Not(
            |fleet, host| one(fleet, host, |it| if it.root.value == Root::Kept { None } else { Some(it.root.origin) }),
            "all of its root stays: say what goes at boot in its own tmpfiles.d",
        ),
        storage: Not(
            |fleet, host| {
                one(fleet, host, |it| matches!(it.storage.value, Storage::Zfs(_)).then_some(it.storage.origin))
            },
            "set up ZFS by hand, and leave this out",
        ),
        disk: Not(|fleet, host| many(fleet, host, |it| entries(&it.disk)), BY_HAND),
        pool: Not(|fleet, host| many(fleet, host, |it| entries(&it.pool)), BY_HAND),
        filesystem: Not(|fleet, host| many(fleet, host, |it| entries(&it.filesystem)), BY_HAND),
        deploy: Not(
            |fleet, host| many(fleet, host, deploy),
            "copy its folder there and run `install.sh`; Colmena and deploy-rs know hosts of NixOS only",
        ),
        modules: Not(|fleet, host| one(fleet, host, |it| list(&it.modules)), NIX),
        nix: Not(|fleet, host| one(fleet, host, |it| said(&it.nix)), NIX),
        unit: Within, timer: Within,
        firewall: Not(
            |fleet, host| many(fleet, host, firewall),
            "its firewall is its own: open the ports there by hand, and leave this out",
        ),
    }
    Boot {
        modules: Done, sysctl: Done,
        kernel: Not(|fleet, host| boot(fleet, host, |it| some(it.kernel.as_ref())), BOOT),
        initrd_modules: Not(|fleet, host| boot(fleet, host, |it| list(&it.initrd_modules)), BOOT),
        params: Not(|fleet, host| boot(fleet, host, |it| list(&it.params)), BOOT),
        filesystems: Not(|fleet, host| boot(fleet, host, |it| list(&it.filesystems)), BOOT),
        emulates: Not(|fleet, host| boot(fleet, host, |it| list(&it.emulates)), BOOT),
        loader: Not(|fleet, host| boot(fleet, host, |it| some(it.loader.as_ref())), BOOT),
        systemd_initrd: Not(|fleet, host| boot(fleet, host, |it| some(it.systemd_initrd.as_ref())), BOOT),
        tmp: Not(|fleet, host| boot(fleet, host, |it| some(it.tmp.as_ref())), BOOT),
    }
    Fail2ban {
        maxretry: Done, findtime: Done, bantime: Done, increment: Within, ignoreip: Done, jail: Within, settings: Done,
    }
    BanIncrement {
        factor: Done, formula: Done, multipliers: Done, maxtime: Done, rndtime: Done, overalljails: Done,
    }
    Jail {
        enabled: Done, filter: Done, logs: Done, units: Done, maxretry: Done, findtime: Done, bantime: Done, ports: Done,
        ignoreip: Done, settings: Done,
    }
    Age { key_file: Done, ssh_keys: Done, recipient: Done, }
    Podman {
        version: Done,
        user: Done,
        storage: Not(
            |fleet, host| one(fleet, host, |it| {
                let it = &it.podman.storage;
                let paths = [&it.graph_root, &it.run_root, &it.mount_program];
                let said = paths.into_iter().flatten().map(|it| it.origin).next();
                it.driver.as_ref().map(|it| it.origin).or(said)
            }),
            "its storage is its own: say it in `file \"/etc/containers/storage.conf\" { toml = { … } }`",
        ),
        through: Not(
            |fleet, host| {
                let odd = |it: &Host| it.podman.through.value == QuadletWay::QuadletNix;
                one(fleet, host, |it| odd(it).then_some(it.podman.through.origin))
            },
            "quadlet-nix is a module of NixOS: the files lie below /etc there",
        ),
    }
    User {
        enabled: Done, about: Done, on: Done, uid: Done, groups: Done, extra_groups: Done, sudo: Done,
        home: Not(
            |fleet, host| {
                let users = fleet.model.users_on(host);
                let parts = users.flat_map(|(key, it)| it.home.values().map(move |it| (key, it)));
                let here = parts.filter(|(_, it)| it.is_on(host));
                here.map(|(key, it)| (format!("user.{key}"), it.origin)).collect()
            },
            "Home Manager is set up by hand there: say `on` of the part, with the hosts of NixOS alone",
        ),
        group: Not(
            |fleet, host| {
                let users = fleet.model.users_on(host);
                let made = users.filter(|(_, it)| it.kind.value == Account::FromModule);
                made.filter_map(|(key, it)| Some((format!("user.{key}"), it.group.as_ref()?.origin))).collect()
            },
            "something else makes this account, with its group: say it in `groups`",
        ),
        kind: Not(
            |fleet, host| {
                let people = fleet.model.users_on(host);
                let people = people.filter(|(_, it)| matches!(it.kind.value, Account::Login(_)));
                people.map(|(key, it)| (format!("user.{key}"), it.kind.origin)).collect()
            },
            "accounts of people are made by hand there: say `kind = from_module` of one that there is already, and it gets its groups",
        ),
    }
    Group { enabled: Done, about: Done, on: Done, gid: Done, kind: Done, }
    Secret {
        enabled: Done, about: Done, key: Done, file: Done, kind: Done, owner: Done, group: Done, mode: Done, private: Done,
        restart: Done, on: Done, path: Done,
    }
    Service {
        enabled: Done, about: Done, on: Done, at: Done, needs: Done, ports: Done, container: Done, route: Done,
        file: Done, oidc: Done, logs: Done, jail: Within, tile: Done, reads: Done, test: Done,
        state: Within, unit: Within, units: Within, timer: Within,
        native: Not(
            |fleet, host| services(fleet, host, |it| entries(&it.native)),
            "there are no modules of NixOS there: run it in a `container`, or say its program in `unit.service.ExecStart`",
        ),
        backup: Not(
            |fleet, host| services(fleet, host, |it| entries(&it.backup)),
            "nothing there makes copies: run it on a host of NixOS, or make them with a program of your own and say `enabled = false`, so that no loop over `backup` finds it any more: what both need is best a `let`",
        ),
    }
    NixosModule {
        about: Done, units: Done, user_name: Done, group_name: Done, dynamic_user: Done, state: Within, ports: Within, database: Done,
    }
    ModuleState { option: Done, }
    ModulePort { number: Done, option: Done, protocol: Done, }
    State {
        about: Done, owner: Done, group: Done, owner_name: Done, group_name: Done, mode: Done, parent_mode: Done,
        repair: Done, acl: Done, kind: Done,
        // Nothing goes there at boot, and copies are refused by themselves.
        persist: Done, backup: Done,
    }
    Unit {
        scope: Not(
            |fleet, host| {
                let all = fleet.model.services_on(host);
                let session = all.filter(|(_, it)| it.unit.scope.value == UnitScope::Session);
                session.map(|(key, it)| (format!("service.{key}"), it.unit.scope.origin)).collect()
            },
            "units of sessions are set up by hand there: leave it out of the fleet",
        ),
        name: Done, after: Done, requires: Done, before_start: Done, before_start_as_root: Done, Restart: Done,
        RestartSec: Done, TimeoutStartSec: Done, DynamicUser: Done, User: Done, Group: Done,
        also: Done, SupplementaryGroups: Done, StateDirectory: Done, ReadWritePaths: Done, service: Done, unit: Done,
        install: Done, quadlet: Done,
    }
    OwnUnit {
        enabled: Done, about: Done, scope: Done, ExecStart: Within, ExecStartPre: Within, ExecStop: Within,
        ExecReload: Within, Type: Done, RemainAfterExit: Done, Restart: Done, RestartSec: Done, TimeoutStartSec: Done,
        WorkingDirectory: Done, user: Done, group: Done, env: Done, env_files: Done, credentials: Done, after: Done,
        requires: Done, wants: Done, part_of: Done, wanted_by: Done, restart_on_change: Done, service: Done, unit: Done,
        packages: Not(
            |fleet, host| own(fleet, host, |it| list(&it.packages).into_iter().collect()),
            "there are no packages of Nix there: install what the unit calls, and leave them out",
        ),
    }
    CommandLine {
        program: Done, arguments: Done, may_fail: Done,
        package: Not(
            |fleet, host| own(fleet, host, |it| {
                let all = it.commands().flat_map(|(_, all)| all.iter());
                all.filter_map(|it| some(it.package.as_ref())).collect()
            }),
            "there are no packages of Nix there: install the program, and leave this out",
        ),
    }
    Timer {
        enabled: Done, about: Done, starts: Done, unit: Within, OnCalendar: Done, OnBootSec: Done, OnStartupSec: Done,
        OnActiveSec: Done, OnUnitActiveSec: Done, OnUnitInactiveSec: Done, Persistent: Done, RandomizedDelaySec: Done,
        AccuracySec: Done, after: Done, wants: Done, wanted_by: Done, timer: Done,
    }
    Script {
        about: Done, file: Done, text: Done,
        packages: Not(
            |fleet, host| {
                let services = fleet.model.services_on(host).map(|(_, it)| &it.unit);
                let units = services.chain(fleet.model.podman_units(host));
                let used = units.flat_map(|unit| unit.scripts());
                let own = fleet.own_units_on(host);
                let own: Vec<_> = own.iter().flat_map(|it| it.unit.scripts()).collect();
                let used = used.chain(&own);
                let used = used.filter_map(|it| fleet.model.script.get_key_value(it.entity()));
                used.filter_map(|(key, it)| Some((format!("script.{key}"), list(&it.packages)?))).collect()
            },
            "there are no packages of Nix there: install what the script calls, and leave them out",
        ),
    }
    Proxy {
        enabled: Done, about: Done, on: Done, service: Done, engine: Done, use: Done, except: Done, lan: Done,
    }
    Portal { enabled: Done, about: Done, service: Done, route: Done, engine: Done, }
};

const BY_HAND: &str = "its disks are divided and mounted by hand: leave this out";
const NIX: &str = "there is no NixOS to read it: leave it out, or write the file that the program reads in `file`";
const BOOT: &str = "how it boots is set up by hand: leave this out";
const LEAVE_OUT: &str = "nothing is built for it: leave this out";

/// Somebody's own word, not that of the standard library.
fn said<T>(it: &At<T>) -> Option<OriginId> {
    (it.priority != Priority::SchemaDefault).then_some(it.origin)
}

fn some<T>(it: Option<&At<T>>) -> Option<OriginId> {
    it.map(|it| it.origin)
}

/// A list that says something; where it is put together, its first item knows where.
fn list<T>(it: &At<Vec<At<T>>>) -> Option<OriginId> {
    it.first().map(|first| first.origin)
}

fn entries<T>(map: &BTreeMap<String, At<T>>) -> Vec<OriginId> {
    map.values().map(|it| it.origin).collect()
}

fn all<'f, T: 'f>(
    kind: &str,
    entities: impl Iterator<Item = (&'f str, &'f At<T>)>,
) -> Vec<(String, OriginId)> {
    entities.map(|(key, it)| (format!("{kind}.{key}"), it.origin)).collect()
}

/// What the units of a host's own say.
fn own(
    fleet: &Prepared<'_>,
    host: &str,
    of: impl Fn(&OwnUnit) -> Vec<OriginId>,
) -> Vec<(String, OriginId)> {
    let all = fleet.own_units_on(host).into_iter();
    let found = all.flat_map(|it| {
        let said = of(it.unit).into_iter();
        said.map(|by| (it.path.to_string(), by)).collect::<Vec<_>>()
    });
    found.collect()
}

fn many(
    fleet: &Prepared<'_>,
    host: &str,
    of: impl FnOnce(&Host) -> Vec<OriginId>,
) -> Vec<(String, OriginId)> {
    let found = fleet.model.host.get(host).map(|it| of(it)).unwrap_or_default();
    found.into_iter().map(|origin| (format!("host.{host}"), origin)).collect()
}

fn one(
    fleet: &Prepared<'_>,
    host: &str,
    of: impl FnOnce(&Host) -> Option<OriginId>,
) -> Vec<(String, OriginId)> {
    many(fleet, host, |it| of(it).into_iter().collect())
}

fn boot(
    fleet: &Prepared<'_>,
    host: &str,
    of: impl FnOnce(&Boot) -> Option<OriginId>,
) -> Vec<(String, OriginId)> {
    one(fleet, host, |it| of(&it.boot))
}

fn services(
    fleet: &Prepared<'_>,
    host: &str,
    of: fn(&qg_fleet::service::Service) -> Vec<OriginId>,
) -> Vec<(String, OriginId)> {
    let all = fleet.model.services_on(host);
    all.flat_map(|(key, it)| {
        of(it).into_iter().map(move |origin| (format!("service.{key}"), origin))
    })
    .collect()
}

fn firewall(host: &Host) -> Vec<OriginId> {
    let it = &host.firewall;
    let lists = [list(&it.tcp), list(&it.udp), list(&it.tcp_ranges), list(&it.udp_ranges)];
    lists.into_iter().chain([list(&it.trusted), some(it.ping.as_ref())]).flatten().collect()
}

fn deploy(host: &Host) -> Vec<OriginId> {
    let it = &host.deploy;
    let all = [
        some(it.to.as_ref()),
        said(&it.user),
        some(it.port.as_ref()),
        list(&it.tags),
        said(&it.build_on_target),
        said(&it.local),
        said(&it.rollback),
        list(&it.ssh_options),
    ];
    all.into_iter().flatten().chain(entries(&it.profile)).collect()
}
