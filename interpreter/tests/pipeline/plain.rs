//! The table of what hosts without NixOS carry out has every field of the standard library, and each that they do
//! not is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::build;
use qg_interpreter::Build;
use qg_lang::check::types::{Schema, Type};
use qg_lang::world::MemoryWorld;
use qg_targets::plain::checks::table::{Carried, TABLE};

fn built(text: &str) -> Build {
    let mut world = MemoryWorld::default();
    world.sources.insert(Arc::from("fleet.qg"), Arc::from(text));
    world.files.insert(Arc::from("s.yaml"), Arc::from(&b""[..]));
    world.files.insert(Arc::from("m.nix"), Arc::from(&b"{ }"[..]));
    build(&world)
}

/// The schema whose fields a field has.
#[expect(clippy::wildcard_enum_match_arm, reason = "of the many types a few have fields")]
fn schema_of<'b>(build: &'b Build, ty: &Type) -> Option<&'b Schema> {
    match ty {
        Type::Map(of) | Type::Optional(of) | Type::List(of) | Type::Set(of) => schema_of(build, of),
        Type::Record(id) => Some(build.analysis.declarations.schema(*id)),
        _ => None,
    }
}

#[test]
fn every_field_is_in_the_table() {
    let build = built("");
    let mut rows: BTreeMap<&str, BTreeMap<&str, &Carried>> = BTreeMap::new();
    for row in TABLE {
        let twice = rows.entry(row.schema).or_default().insert(row.field, &row.how);
        assert!(twice.is_none(), "{}.{} stands there twice", row.schema, row.field);
    }
    let declarations = &build.analysis.declarations;
    let model = declarations.schema(declarations.model.unwrap());
    let (mut todo, mut seen) = (vec![model], BTreeSet::new());
    while let Some(schema) = todo.pop() {
        let name = &*schema.name;
        if !seen.insert(name.to_owned()) {
            continue;
        }
        let of = rows.remove(name).unwrap_or_default();
        let fields: BTreeSet<&str> = schema.fields.iter().map(|field| &*field.name).collect();
        let known: BTreeSet<&str> = of.keys().copied().collect();
        assert_eq!(fields, known, "say in the table what becomes of each field of {name}");
        for field in &schema.fields {
            if matches!(of[&*field.name], Carried::Within) {
                let inner = schema_of(&build, &field.ty);
                todo.push(inner.unwrap_or_else(|| panic!("{name}.{} has no fields", field.name)));
            }
        }
    }
    assert!(rows.is_empty(), "no schema of a host's: {:?}", rows.keys());
}

/// A host that says all of it.
const ALL: &str = r#"
host a {
  system = x86_64_linux
  manager = plain
  build_on = aarch64_linux
  root = ephemeral { keep = /persist }
  storage = zfs { host_id = "0123abcd" }
  disk main { device = /dev/disk/by-id/x, managed = no { because = "it is full" } }
  pool tank { managed = no { because = "it is full" } }
  filesystem "/mnt" { from = label { label = "x" } }
  deploy.tags = ["x"]
  modules = [./m.nix]
  nix { services.openssh.enable = true }
  firewall.tcp = [22]
  boot = {
    kernel = "linuxPackages_latest"
    initrd_modules = ["nvme"]
    params = ["quiet"]
    filesystems = ["zfs"]
    emulates = [aarch64_linux]
    loader = none
    systemd_initrd = true
    tmp = memory {}
  }
  podman = { through = quadlet_nix, storage = { driver = overlay } }
  unfree = all
  unit own { ExecStart = [{ program = "rsync", package = "rsync" }] }
}
user made { on = [host.a], group = group.all, kind = from_module }
user anne { on = [host.a], kind = login {}, home all { state_version = "25.05" } }
group all { on = [host.a] }
service app {
  on = host.a
  native "services.app" {}
  backup data { paths = [/srv/app], to = vault.v }
  unit = { before_start = [script.x], scope = session }
}
script x { text = "jq .", packages = ["jq"] }
vault v { on = host.a, engine = restic { path = /srv/copies, password = secret.p } }
secret p { key = "p", file = ./s.yaml }
"#;

fn refused(text: &str) -> BTreeSet<String> {
    let build = built(text);
    let all = build.diagnostics.iter().filter(|it| it.code.id == "QG0580");
    all.map(|it| it.message.clone()).collect()
}

#[test]
fn what_is_not_carried_out_is_refused() {
    let found = refused(ALL);
    for row in TABLE.iter().filter(|row| matches!(row.how, Carried::Not(..))) {
        let said = format!("`{}` of ", row.spelled());
        assert!(found.iter().any(|it| it.contains(&said)), "{said}: {found:#?}");
    }
    assert!(found.contains("nobody carries out `backup` of service.app on host.a"), "{found:#?}");
    // NixOS does all of it.
    assert_eq!(refused(&ALL.replace("manager = plain", "manager = nixos")), BTreeSet::new());
    // What only the standard library says is nobody's word.
    let silent = "host a { system = x86_64_linux, manager = plain }";
    assert_eq!(refused(silent), BTreeSet::new());
}

#[test]
fn a_default_is_a_word_too() {
    let text = "host a { system = x86_64_linux, manager = plain }
        host b { system = x86_64_linux, state_version = \"25.05\" }
        default host { firewall.ping = true }";
    assert_eq!(refused(text).len(), 1);
    let aside = text.replace("default host {", "default host if self.manager == nixos {");
    assert_eq!(refused(&aside), BTreeSet::new());
}
