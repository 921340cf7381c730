//! What was written is read back, and held against what a harmless text gives.

use std::collections::BTreeMap;
use std::path::Path;

use qg_interpreter::targets::OutputFile;
use qg_tests::nix;
use serde_json::Value;

use crate::compare::Texts;
use crate::{Case, readers};

/// Has all that was written read, and holds it against what a harmless text gives.
pub(crate) fn read(cases: &[Case], wrong: &mut Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut modules, mut units) = (Vec::new(), Vec::new());
    for (number, case) in cases.iter().enumerate() {
        let texts = Texts { harmless: &case.harmless, text: &case.text };
        let mut tell = |it: String| wrong.push(format!("{} {:?}: {it}", case.name, case.text));
        if case.ours.len() != case.theirs.len() {
            tell(format!("{} files became {}", case.ours.len(), case.theirs.len()));
            continue;
        }
        let mut of_nix = false;
        for (ours, theirs) in pairs(case) {
            if ours.text == theirs.text {
                continue;
            }
            let name = ours.path.rsplit('/').next().unwrap_or_default();
            let path = &ours.path;
            if path.contains("/quadlet/") {
                units.push((number, ours, theirs));
            } else if name.ends_with(".nix") {
                of_nix = true;
                if name == "default.nix" {
                    modules.push((number, path.clone()));
                }
            } else if ["/files/", "/homes/", "/scripts/", "/secrets/"]
                .iter()
                .any(|it| path.contains(it))
            {
                // A text of somebody's own, as it is.
            } else if name.ends_with(".yml") || name.ends_with(".yaml") {
                let read = |file: &OutputFile| serde_yaml_ng::from_str::<Value>(&file.text);
                match (read(ours), read(theirs)) {
                    (Ok(ours), Ok(theirs)) => {
                        texts.values(&ours, &theirs, path).into_iter().for_each(&mut tell);
                    }
                    (_, theirs) => tell(format!("{path}: {:?}", theirs.err())),
                }
            } else if path.contains("/units/") || name.ends_with(".service") {
                let odd =
                    texts.values(&readers::unit(&ours.text), &readers::unit(&theirs.text), path);
                odd.into_iter().for_each(&mut tell);
            } else if name.ends_with(".sh") {
                match (readers::calls(ours), readers::calls(theirs)) {
                    (Ok(ours), Ok(theirs)) => {
                        texts.values(&ours, &theirs, path).into_iter().for_each(&mut tell);
                    }
                    (ours, theirs) => tell(format!("{path}: {:?} {:?}", ours.err(), theirs.err())),
                }
            } else {
                texts.lines(&ours.text, &theirs.text, path).into_iter().for_each(&mut tell);
            }
        }
        if of_nix {
            nix::write(&case.ours, &folder.path().join(format!("{number}a")));
            nix::write(&case.theirs, &folder.path().join(format!("{number}b")));
        }
    }
    read_nix(cases, folder.path(), &modules, wrong);
    read_units(cases, folder.path(), &units, wrong);
}

/// Each file with the other one: that of its path, or of the name that the text gives it.
fn pairs(case: &Case) -> Vec<(&OutputFile, &OutputFile)> {
    let has = |all: &[OutputFile], it: &OutputFile| all.iter().any(|other| other.path == it.path);
    let same = case.ours.iter().filter_map(|ours| {
        let theirs = case.theirs.iter().find(|theirs| theirs.path == ours.path)?;
        Some((ours, theirs))
    });
    let renamed = case.ours.iter().filter(|it| !has(&case.theirs, it));
    same.chain(renamed.zip(case.theirs.iter().filter(|it| !has(&case.ours, it)))).collect()
}

fn read_nix(cases: &[Case], root: &Path, modules: &[(usize, String)], wrong: &mut Vec<String>) {
    let all: Vec<(String, String)> = modules
        .iter()
        .flat_map(|(at, path)| ["a", "b"].map(|of| (format!("{at}{of}"), path.clone())))
        .collect();
    let read = match readers::modules(root, &all) {
        Ok(read) if read.is_empty() => return,
        Ok(read) => read,
        Err(why) => {
            wrong.push(format!("Nix: {why}"));
            return;
        }
    };
    for (at, path) in modules {
        let case = &cases[*at];
        let texts = Texts { harmless: &case.harmless, text: &case.text };
        let of = |side: &str| {
            let mut it = read.get(&format!("{at}{side}/{path}")).cloned().unwrap_or_default();
            readers::worded(&mut it);
            it
        };
        if let Some(odd) = texts.values(&of("a"), &of("b"), "") {
            wrong.push(format!("{} {:?}: Nix: {odd}", case.name, case.text));
        }
    }
}

fn read_units(
    cases: &[Case],
    root: &Path,
    units: &[(usize, &OutputFile, &OutputFile)],
    wrong: &mut Vec<String>,
) {
    // Files of one name meet in one folder only where they are of other cases.
    let mut rounds: BTreeMap<String, usize> = BTreeMap::new();
    let mut of_round: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, case) in units.iter().enumerate() {
        let name = case.1.path.rsplit('/').next().unwrap_or_default();
        let round = rounds.entry(name.to_owned()).or_default();
        of_round.entry(*round).or_default().push(number);
        *round += 1;
    }
    for (round, numbers) in of_round {
        let mut read = Vec::new();
        for side in ["a", "b"] {
            let folder = root.join(format!("quadlet-{round}{side}"));
            std::fs::create_dir_all(&folder).expect("a folder");
            for number in &numbers {
                let (case, _, _) = units[*number];
                let all = if side == "a" { &cases[case].ours } else { &cases[case].theirs };
                for file in all.iter().filter(|file| file.path.contains("/quadlet/")) {
                    let name = file.path.rsplit('/').next().unwrap_or_default();
                    std::fs::write(folder.join(name), &file.text).expect("a file");
                }
            }
            let Some(it) = readers::quadlet(&folder) else { return };
            read.push(it);
        }
        for number in numbers {
            let (case, ours, theirs) = units[number];
            let case = &cases[case];
            let texts = Texts { harmless: &case.harmless, text: &case.text };
            let name = ours.path.rsplit('/').next().unwrap_or_default();
            if name.ends_with(".artifact") {
                // Podman 5.7 reads these, and the generator at hand is older.
                continue;
            }
            let unit_of = |file: &OutputFile| {
                let name = file.path.rsplit('/').next().unwrap_or_default();
                let (stem, kind) = name.rsplit_once('.').unwrap_or_default();
                match kind {
                    "container" | "kube" => format!("{stem}.service"),
                    kind => format!("{stem}-{kind}.service"),
                }
            };
            let unit = unit_of(theirs);
            let of = |side: usize| {
                read[side].0.get(&unit_of([ours, theirs][side])).map(|text| {
                    let folder = format!("/quadlet-{round}{}/", ["a", "b"][side]);
                    readers::unit(&text.replace(&folder, "/"))
                })
            };
            match (of(0), of(1)) {
                (Some(ours), Some(theirs)) => {
                    if let Some(odd) = texts.values(&ours, &theirs, name) {
                        wrong.push(format!("{} {:?}: Podman: {odd}", case.name, case.text));
                    }
                }
                (ours, theirs) => {
                    let is = |it: Option<Value>| if it.is_some() { "there" } else { "not there" };
                    let said: Vec<&str> =
                        read[1].1.lines().filter(|it| it.contains(name)).collect();
                    wrong.push(format!(
                        "{} {:?}: {unit} is {}, then {}: {said:?}",
                        case.name,
                        case.text,
                        is(ours),
                        is(theirs)
                    ));
                }
            }
        }
    }
}
