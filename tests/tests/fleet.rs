//! The fleet of this repository, and those of `tests/fleets`: without findings, the same every time, and
//! in forms that parse.
//! What its real readers say of it is asked in the tests of `peers`.

use std::collections::BTreeMap;
use std::path::Path;

use qg_interpreter::fleet::host::Storage;
use qg_interpreter::fleet::leaves::{LeafValue, ModelStep, each};
use qg_interpreter::fleet::model::FIELDS;
use qg_interpreter::targets::OutputFile;
use qg_interpreter::{Build, targets};
use qg_lang::is_library;
use qg_tests::{disk, fleets};
use serde_json::Value;

/// A fleet without findings, and its files.
fn compiled_at(root: &Path) -> (Build, Vec<OutputFile>) {
    let built = fleets::built(root);
    let files = targets::render(built.fleet.as_ref().expect("no findings, so a fleet"));
    (built, files)
}

fn compiled() -> (Build, Vec<OutputFile>) {
    compiled_at(disk::repository())
}

#[test]
fn it_has_no_findings_and_holds_the_slice() {
    let (built, files) = compiled();
    let fleet = built.fleet.expect("a fleet");
    for name in ["sonarr", "radarr", "jellyfin"] {
        assert!(fleet.model.service.contains_key(name), "{name}");
    }
    let host = fleet.model.service["sonarr"].on.as_ref().expect("it runs somewhere").entity();
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert!(paths.contains(&"flake-module.nix"), "{paths:#?}");
    for part in [
        "default.nix",
        "traefik/static.yml",
        "traefik/dynamic.yml",
        "authelia/",
        "quadlet/sonarr.container",
        "quadlet/arr.pod",
    ] {
        let path = format!("hosts/{host}/{part}");
        assert!(paths.iter().any(|it| it.starts_with(&path)), "{path} is missing in {paths:#?}");
    }
}

#[test]
fn every_line_has_a_row_of_origins_and_most_have_an_origin() {
    for root in fleets::all() {
        let (built, files) = compiled_at(&root);
        let origins = built.fleet.expect("a fleet").origins;
        let (mut lines, mut with) = (0, 0);
        for file in &files {
            assert_eq!(file.text.lines().count(), file.lines.len(), "{}", file.path);
            // A script of ours is what nobody says.
            let rows = file.lines.iter().filter(|_| !file.path.ends_with(".sh"));
            for row in rows {
                lines += 1;
                with += usize::from(row.iter().any(|id| origins.get(*id).is_some()));
            }
        }
        assert!(with * 10 >= lines * 7, "{}: {with} of {lines} lines", fleets::name(&root));
    }
}

#[test]
fn it_gives_the_same_bytes_every_time() {
    let of = |(_, files): (Build, Vec<OutputFile>)| -> BTreeMap<String, String> {
        files.into_iter().map(|file| (file.path, file.text)).collect()
    };
    for root in fleets::all() {
        assert_eq!(of(compiled_at(&root)), of(compiled_at(&root)), "{}", fleets::name(&root));
    }
}

#[test]
fn data_files_are_read_back() {
    let mut count = 0;
    let files = fleets::all().into_iter().flat_map(|root| compiled_at(&root).1);
    for OutputFile { path, text, .. } in files {
        if path.ends_with(".yml") || path.ends_with(".yaml") {
            let read: Result<serde_yaml_ng::Value, _> = serde_yaml_ng::from_str(&text);
            let value = read.unwrap_or_else(|error| panic!("{path}: {error}"));
            assert!(value.is_mapping() || value.is_sequence(), "{path}");
            count += 1;
        } else if path.ends_with(".json") {
            let read: Result<serde_json::Value, _> = serde_json::from_str(&text);
            read.unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
    assert!(count >= 9, "only {count} YAML files");
}

/// The leaves of JSON by their paths; nothing of what is switched off.
fn leaves(json: &Value, path: &mut Vec<String>, found: &mut BTreeMap<Vec<String>, Value>) {
    let is_off = json.get("enabled") == Some(&Value::Bool(false));
    // Data may have a word like it of its own.
    let is_entity = path.len() == 2 || path.len() == 4 && path[2] == "backup";
    let mut below = |name: String, value: &Value| {
        path.push(name);
        leaves(value, path, found);
        path.pop();
    };
    match json {
        _ if is_off && is_entity => {}
        Value::Object(fields) => fields.iter().for_each(|(name, it)| below(name.clone(), it)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, it)| below(at.to_string(), it));
        }
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.insert(path.clone(), json.clone());
        }
    }
}

/// What the language says of the model, leaf by leaf, is what the typed model holds: the one is asked for by name,
/// the other is walked through.
#[test]
fn the_visitor_comes_to_each_leaf_once() {
    let (built, _) = compiled();
    let fleet = built.fleet.as_ref().expect("a fleet");
    let mut visited: BTreeMap<Vec<String>, Option<Value>> = BTreeMap::new();
    each(&fleet.model, &mut |way, value, _| {
        let step = |step: &ModelStep<'_>| match step {
            ModelStep::Field(field) => field.name.to_owned(),
            ModelStep::Key(name) | ModelStep::Variant(name) => (*name).to_owned(),
            ModelStep::Item(at) => at.to_string(),
        };
        let path: Vec<String> = way.iter().map(step).collect();
        let value = match value {
            LeafValue::Bool(it) => Some(it.into()),
            LeafValue::Int(it) => Some(it.into()),
            LeafValue::Text(text) | LeafValue::Nix(text) | LeafValue::Word(text) => {
                Some(text.into())
            }
            // In the words of the language these are spelled.
            LeafValue::Float(_)
            | LeafValue::Duration(_)
            | LeafValue::Size(_)
            | LeafValue::Mode(_)
            | LeafValue::Port(_)
            | LeafValue::File(_)
            | LeafValue::Sealed(_)
            | LeafValue::Ref(_) => None,
            LeafValue::Empty => return,
        };
        assert!(visited.insert(path.clone(), value).is_none(), "{path:?} was visited twice");
    });
    let (mut said, mut kinds) = (BTreeMap::new(), BTreeMap::new());
    for kind in FIELDS.iter().filter(|field| field.schema == "Model") {
        let json = built.query(kind.name).unwrap_or_else(|it| panic!("{}: {it:?}", kind.name));
        leaves(&json, &mut vec![kind.name.to_owned()], &mut said);
        kinds.insert(kind.name, json);
    }
    // What the fleet's own `extend schema` adds is for its own sources to read.
    let schemas = built.analysis.declarations.schemas.iter();
    let added: Vec<&str> = schemas
        .flat_map(|schema| schema.fields.iter().filter(|it| !is_library(it.span.file)))
        .map(|field| &*field.name)
        .collect();
    let is_added = |path: &[String]| path.iter().any(|name| added.contains(&name.as_str()));
    said.retain(|path, _| !is_added(path));
    visited.retain(|path, _| !is_added(path));
    for (path, value) in &said {
        let found = visited.remove(path);
        let found = found.unwrap_or_else(|| panic!("{path:?} = {value} is not in the model"));
        assert!(found.is_none_or(|it| it == *value), "{path:?} is {value} in the language");
    }
    assert!(said.len() > 3000, "{}", said.len());
    // A variant that holds something is a record to the language.
    for (path, value) in visited {
        let Some(Value::String(word)) = value else { panic!("{path:?} is said by nobody") };
        let inside: Vec<String> = path.iter().cloned().chain([word]).collect();
        let at = inside[1..].iter().try_fold(&kinds[path[0].as_str()], |json, name| {
            json.get(name).or_else(|| json.get(name.parse::<usize>().ok()?))
        });
        assert!(at.is_some_and(Value::is_object), "{inside:?}");
    }
}

/// The fleet is somebody's home: what would help a stranger more than its owner is a stand-in.
#[test]
fn what_must_not_be_published_is_a_stand_in() {
    let (built, _) = compiled();
    let fleet = built.fleet.expect("a fleet");
    for (name, host) in &fleet.model.host {
        if let Storage::Zfs(zfs) = &host.storage.value {
            assert_eq!(zfs.host_id.value, "0000f1ee", "the ZFS host id of {name}");
        }
    }
    let root = disk::repository();
    let name = fleet.model.fleet.domain.value.clone();
    let account = name.split('.').next().expect("a first label");
    for folder in ["hosts", "services", "secrets", "docs"] {
        for path in disk::files(&root.join(folder), "") {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            for (number, line) in text.lines().enumerate() {
                let at = format!("{}:{}: {line}", path.display(), number + 1);
                let key = line.contains("ssh-ed25519 AAAA") || line.contains("ssh-rsa AAAA");
                assert!(!key || line.contains("Example"), "a real key? {at}");
                for site in ["github", "gitlab", "codeberg", "sr.ht"] {
                    let mut after = line.split(site).skip(1).map(|rest| {
                        rest.trim_start_matches(".com")
                            .trim_start_matches(".org")
                            .trim_start_matches([':', '/', '~'])
                    });
                    assert!(
                        !after.any(|rest| rest.starts_with(account)),
                        "the owner's account: {at}"
                    );
                }
            }
        }
    }
    assert!(!root.join("docs/fleet-corrections.md").exists(), "a list of weaknesses");
}
