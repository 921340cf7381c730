//! Podman's generator.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use qg_interpreter::targets::OutputFile;

/// A unit as the generator writes it: lines by section.
#[derive(Debug, Default)]
pub(crate) struct Unit(Vec<(String, String, String)>);

impl Unit {
    /// The values of a key, in order.
    pub(crate) fn all(&self, section: &str, key: &str) -> Vec<&str> {
        let lines = self.0.iter().filter(|(s, k, _)| s == section && k == key);
        lines.map(|(_, _, value)| value.as_str()).collect()
    }

    /// The words of the command that starts the container.
    pub(crate) fn command(&self) -> Vec<String> {
        let line = self.all("Service", "ExecStart");
        command(line.first().unwrap())
    }
}

/// The words of a command that Quadlet wrote.
#[track_caller]
pub(crate) fn command(line: &str) -> Vec<String> {
    // These are Quadlet's own, and mean something.
    let own = |word: &&str| word.starts_with("%t/") || word.contains("=%t/");
    let line: Vec<&str> = line.split(' ').filter(|word| !own(word)).collect();
    let line = line.join(" ");
    crate::command_line::words(&line).unwrap()
}

/// What a run of the generator gives.
pub(crate) struct Generated {
    pub(crate) units: BTreeMap<String, Unit>,
    /// Each unit's text.
    pub(crate) texts: BTreeMap<String, String>,
    /// What it says on the way; it exits with 1 where a file is wrong.
    pub(crate) messages: String,
    pub(crate) success: bool,
}

/// Runs the generator over the Quadlet files of a host.
pub(crate) fn generate(generator: &Path, files: &[OutputFile], host: &str) -> Generated {
    let folder = tempfile::tempdir().unwrap();
    let prefix = format!("hosts/{host}/quadlet/");
    for file in files {
        if let Some(name) = file.path.strip_prefix(&prefix) {
            std::fs::write(folder.path().join(name), &file.text).unwrap();
        }
    }
    let out = Command::new(generator)
        .arg("-dryrun")
        .env("QUADLET_UNIT_DIRS", folder.path())
        // Units name the program; one that exists lets systemd-analyze go on.
        .env("PODMAN", "/bin/true")
        .output()
        .unwrap();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut name = None;
    for line in String::from_utf8(out.stdout).unwrap().split_inclusive('\n') {
        let header = line.trim_end().strip_prefix("---").and_then(|it| it.strip_suffix("---"));
        if let Some(header) = header {
            name = Some(header.to_owned());
        } else if let Some(name) = &name {
            texts.entry(name.clone()).or_default().push_str(line);
        }
    }
    let units = texts.iter().map(|(name, text)| (name.clone(), parse(text))).collect();
    let messages = String::from_utf8_lossy(&out.stderr).into_owned();
    Generated { units, texts, messages, success: out.status.success() }
}

fn parse(text: &str) -> Unit {
    let mut unit = Unit::default();
    let mut section = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            section = name.to_owned();
        } else if let Some((key, value)) = line.split_once('=')
            && !line.starts_with('#')
        {
            unit.0.push((section.clone(), key.to_owned(), value.to_owned()));
        }
    }
    unit
}

/// What `systemd-analyze verify` says about some units; nothing where they are sound.
pub(crate) fn verify(analyze: &Path, texts: &BTreeMap<String, String>) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in texts {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let path = format!("{}:", folder.path().display());
    let out = Command::new(analyze)
        .args(["verify", "--man=no", "--recursive-errors=yes"])
        .args(texts.keys().map(|name| folder.path().join(name)))
        .env("SYSTEMD_UNIT_PATH", path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    let ours = folder.path().display().to_string();
    let lines = said.lines().filter(|line| line.contains(&ours) || line.contains(".service"));
    lines.map(|line| format!("{line}\n")).collect()
}
