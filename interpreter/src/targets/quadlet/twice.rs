//! What a Quadlet file says in two ways, where Podman would take one of them without a word: the last
//! value of a key that has one, the last value of a variable, one of two mounts at a place.

use std::collections::{BTreeMap, BTreeSet};

use super::keys::find;
use super::spelling::Kind;
use crate::fleet::leaf::OriginId;
use crate::targets::OutputFile;

/// A line, and who said it.
type Said = (String, Vec<OriginId>);

/// Two lines that speak of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twice {
    /// `Memory`, `the variable TZ`, `what is mounted at /data`.
    pub what: String,
    pub first: Said,
    pub second: Said,
}

/// Everything that a file says in two ways. `raw` are the sayings by Quadlet's own names: a list of
/// these for one key is refused as such.
#[must_use]
pub fn twice(file: &OutputFile, raw: &BTreeSet<OriginId>) -> Vec<Twice> {
    let mut section = "";
    let mut known: BTreeMap<(&str, String), Said> = BTreeMap::new();
    let mut all = Vec::new();
    for (line, origins) in file.text.lines().zip(&file.lines) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let Some(what) = subject(section, key, value) else { continue };
        let second = (line.to_owned(), origins.clone());
        let Some(first) = known.get(&(section, what.clone())) else {
            known.insert((section, what), second);
            continue;
        };
        let is_raw = |said: &Said| said.1.iter().any(|it| raw.contains(it));
        let listed = what == key && is_raw(first) && is_raw(&second);
        if first.0 != second.0 && !listed {
            all.push(Twice { what, first: first.clone(), second });
        }
    }
    all
}

/// What a line speaks of, where only one line can.
fn subject(section: &str, key: &str, value: &str) -> Option<String> {
    let info = find(section, key)?;
    if !info.repeatable || info.kind == Kind::LastArgs {
        return Some(key.to_owned());
    }
    let plain = value.trim_matches(['"', '\'']);
    match key {
        "Volume" => place(plain.split(':').nth(1)?),
        "Tmpfs" => place(plain.split(':').next()?),
        "Mount" => {
            let mut fields = plain.split(',').filter_map(|field| field.split_once('='));
            let (_, at) =
                fields.find(|(key, _)| matches!(*key, "destination" | "dst" | "target"))?;
            place(at)
        }
        "Sysctl" => Some(format!("the sysctl {}", plain.split('=').next()?)),
        _ if info.kind == Kind::KeyVal => {
            let name = plain.split('=').next()?;
            Some(match key {
                "Environment" => format!("the variable {name}"),
                "Label" => format!("the label {name}"),
                _ => format!("{key} {name}"),
            })
        }
        _ => None,
    }
}

fn place(path: &str) -> Option<String> {
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    path.starts_with('/').then(|| format!("what is mounted at {path}"))
}
