//! The facts of a machine as lines that a table can hold: an option and one value of it, a key of a file and its value.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::disk;
use crate::machines::Machine;

/// What is said, and what of it: `networking.hostName` and `Server`.
pub type Fact = (String, String);

/// Everything that a machine's options and files say. A list says each of its values.
///
/// # Panics
/// Where a file that was compiled cannot be read as what its name says.
#[must_use]
pub fn of(machine: &Machine, files: &Path) -> BTreeSet<Fact> {
    let mut facts = BTreeSet::new();
    flatten("", &machine.config, &mut facts);
    for module in &machine.outside {
        facts.insert(("module".to_owned(), module.clone()));
    }
    folders(&machine.config, &mut facts);
    for path in disk::files(files, "") {
        let name = path.strip_prefix(files).expect("below the folder").display().to_string();
        if name.starts_with("secrets/") || name.starts_with("modules/") {
            continue;
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        // What is no text is no file of settings.
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        match ending.as_str() {
            "yml" | "yaml" => {
                let value: Value = serde_yaml_ng::from_str(&text).expect("YAML");
                flatten(&format!("{name}: "), &value, &mut facts);
            }
            "json" => {
                let value: Value = serde_json::from_str(&text).expect("JSON");
                flatten(&format!("{name}: "), &value, &mut facts);
            }
            "toml" => {
                let value: Value = toml::from_str(&text).expect("TOML");
                flatten(&format!("{name}: "), &value, &mut facts);
            }
            "container" | "pod" | "network" | "conf" | "ini" | "service" => {
                sections(&name, &text, &mut facts);
            }
            _ => {
                for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
                    facts.insert((format!("{name}:"), line.to_owned()));
                }
            }
        }
    }
    facts
}

/// Each leaf below a key. What stands in a list as a record is one line of JSON.
fn flatten(key: &str, value: &Value, facts: &mut BTreeSet<Fact>) {
    match value {
        Value::Object(all) => {
            for (name, value) in all {
                let dot = if key.is_empty() || key.ends_with(' ') { "" } else { "." };
                flatten(&format!("{key}{dot}{name}"), value, facts);
            }
        }
        Value::Array(all) => {
            for value in all {
                facts.insert((key.to_owned(), word(value)));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            facts.insert((key.to_owned(), word(value)));
        }
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.replace('\n', "\\n").replace('\t', "\\t"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    }
}

/// What tmpfiles and impermanence make, as `/srv/a` with mode and owner: their options keep it in lists.
fn folders(config: &Value, facts: &mut BTreeSet<Fact>) {
    let text = |of: &Value, key: &str| of[key].as_str().unwrap_or("-").to_owned();
    let all = |of: &Value| of.as_object().cloned().unwrap_or_default();
    for (path, kinds) in all(&config["systemd"]["tmpfiles"]["settings"]).values().flat_map(all) {
        for (kind, it) in all(&kinds) {
            let (mode, user, group) = (text(&it, "mode"), text(&it, "user"), text(&it, "group"));
            facts.insert((format!("tmpfiles {kind} {path}"), format!("{mode} {user}:{group}")));
        }
    }
    for (keep, kept) in all(&config["environment"]["persistence"]) {
        for it in ["directories", "files"].iter().filter_map(|it| kept[it].as_array()).flatten() {
            let (directory, file) = (it["directory"].as_str(), it["file"].as_str());
            let path = it.as_str().or(directory).or(file).unwrap_or_default();
            let (mode, user, group) = (text(it, "mode"), text(it, "user"), text(it, "group"));
            facts.insert((format!("kept in {keep}"), path.to_owned()));
            facts.insert((format!("kept {path}"), format!("{mode} {user}:{group}")));
        }
    }
}

/// Lines of `Key=value` in sections. A mount stands under the place where it shows, a variable under its name.
fn sections(name: &str, text: &str, facts: &mut BTreeSet<Fact>) {
    let mut section = "";
    for line in text.lines() {
        if line.starts_with('[') {
            section = line;
        } else if let Some((key, value)) = line.split_once('=') {
            facts.insert((format!("{name}: {section} {key}"), value.to_owned()));
            if key == "Volume"
                && let Some((from, to)) = value.split_once(':')
            {
                let to = to.split(':').next().unwrap_or_default();
                facts.insert((format!("{name}: {section} Volume {to}"), from.to_owned()));
            }
            if key == "Environment"
                && let Some((variable, value)) = value.trim_matches('"').split_once('=')
            {
                facts.insert((format!("{name}: {section} {variable}"), value.to_owned()));
            }
        }
    }
}

/// A row of a table: on which hosts, whether it must be so or must not, and the fact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    pub hosts: String,
    pub holds: bool,
    pub fact: Fact,
    /// The table and the line.
    pub place: String,
}

/// The rows of all tables: hosts, fact and value with tabs between them; `!` before the fact where it must not be so, and
/// `#` before what is only for readers.
///
/// # Panics
/// Where a table cannot be read or a line is no row.
#[must_use]
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for path in disk::files(&disk::folder("facts"), ".tsv") {
        let table = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a table");
        for (number, line) in text.lines().enumerate().filter(|(_, line)| is_row(line)) {
            let place = format!("{table}:{}", number + 1);
            let cells: Vec<&str> = line.split('\t').collect();
            let [hosts, what, value] = cells.as_slice() else { panic!("{place}: {line:?}") };
            let (what, holds) = what.strip_prefix('!').map_or((*what, true), |it| (it, false));
            let fact = (what.to_owned(), (*value).to_owned());
            rows.push(Row { hosts: (*hosts).to_owned(), holds, fact, place });
        }
    }
    rows
}

fn is_row(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}
