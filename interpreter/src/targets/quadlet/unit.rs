//! A unit file under construction: sections of lines, each line with its origins.

use crate::fleet::leaf::{At, OriginId};
use crate::targets::OutputFile;

use super::keys;
use super::spelling::{Kind, specifier_free};

/// A line and who said it.
type Line = (String, Vec<OriginId>);

/// A unit file.
#[derive(Clone, Debug, Default)]
pub(in crate::targets) struct UnitFile {
    sections: Vec<(String, Vec<Line>)>,
    /// The version of Podman that reads it.
    pub(in crate::targets) version: (u16, u16),
}

impl UnitFile {
    pub(in crate::targets) fn new(version: (u16, u16)) -> UnitFile {
        UnitFile { sections: Vec::new(), version }
    }

    /// A line of a section, as it stands.
    pub(in crate::targets) fn line(&mut self, section: &str, line: String, origins: &[OriginId]) {
        let line = (line, origins.to_vec());
        match self.sections.iter_mut().find(|(name, _)| name == section) {
            Some((_, lines)) => lines.push(line),
            None => self.sections.push((section.to_owned(), vec![line])),
        }
    }

    /// `key=value` in a section that systemd reads itself.
    pub(in crate::targets) fn plain(
        &mut self,
        section: &str,
        key: &str,
        value: &str,
        origins: &[OriginId],
    ) {
        self.line(section, format!("{key}={}", specifier_free(value)), origins);
    }

    /// The values of a Quadlet key, spelled as its kind wants. A key that this version of Podman does
    /// not know becomes the argument of `podman` that it stands for.
    pub(in crate::targets) fn key(
        &mut self,
        section: &str,
        key: &str,
        values: &[&str],
        origins: &[OriginId],
    ) {
        let Some(info) = keys::find(section, key) else { return };
        if info.since > self.version
            && let Some(flag) = flag_of(key)
        {
            for value in values {
                let argument = format!("--{flag}={value}");
                for line in Kind::Args.spell(&[&argument]) {
                    self.line(section, format!("PodmanArgs={line}"), origins);
                }
            }
            return;
        }
        for line in info.kind.spell(values) {
            self.line(section, format!("{key}={line}"), origins);
        }
    }

    /// One value with its own origin.
    pub(in crate::targets) fn one(&mut self, section: &str, key: &str, value: &At<String>) {
        self.key(section, key, &[value.as_str()], &[value.origin]);
    }

    /// Each value on a line of its own.
    pub(in crate::targets) fn each(&mut self, section: &str, key: &str, values: &[At<String>]) {
        for value in values {
            self.one(section, key, value);
        }
    }

    /// All values on one line.
    pub(in crate::targets) fn all(
        &mut self,
        section: &str,
        key: &str,
        values: &At<Vec<At<String>>>,
    ) {
        if !values.is_empty() {
            let items: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
            let mut origins = vec![values.origin];
            origins.extend(values.iter().map(|value| value.origin));
            self.key(section, key, &items, &origins);
        }
    }

    /// A switch; left out where it is off.
    pub(in crate::targets) fn switch(&mut self, section: &str, key: &str, value: At<bool>) {
        if value.value {
            self.key(section, key, &["true"], &[value.origin]);
        }
    }

    /// The file: sections in the order in which they were begun.
    #[must_use]
    pub(in crate::targets) fn finish(self, path: String) -> OutputFile {
        let mut text = String::new();
        let mut lines = Vec::new();
        for (at, (name, body)) in self.sections.into_iter().enumerate() {
            if at > 0 {
                text.push('\n');
                lines.push(Vec::new());
            }
            text.push('[');
            text.push_str(&name);
            text.push_str("]\n");
            lines.push(Vec::new());
            for (line, origins) in body {
                text.push_str(&line);
                text.push('\n');
                lines.push(origins);
            }
        }
        OutputFile { path, text, lines }
    }
}

/// The argument of `podman` that says what a younger key says.
fn flag_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "AddHost" => "add-host",
        "BuildArg" => "build-arg",
        "DNS" => "dns",
        "Entrypoint" => "entrypoint",
        "HostName" => "hostname",
        "InterfaceName" => "interface-name",
        "Label" => "label",
        "Memory" => "memory",
        "NetworkAlias" => "network-alias",
        "Retry" => "retry",
        "RetryDelay" => "retry-delay",
        "PidsLimit" => "pids-limit",
        "ShmSize" => "shm-size",
        "StopTimeout" => "stop-timeout",
        _ => return None,
    })
}
