//! A unit file under construction: sections of lines, each line with its origins.
//!
//! Whatever is said goes through [`UnitFile::say`], which refuses what no line can hold: a check makes findings of
//! what was refused, whoever wanted to say it.

use crate::fleet::leaf::{At, OriginId};
use crate::formats::systemd;
use crate::targets::{OutputFile, Refusal};

use super::keys;
use super::spelling::{Kind, NOTHING_IS};

/// Where nothing is said of a key that something is to be said of.
const EMPTY: &str = "is empty, which would take back what other lines say";

/// A line and who said it.
type Line = (String, Vec<OriginId>);

/// A unit file.
#[derive(Clone, Debug, Default)]
pub(in crate::targets) struct UnitFile {
    sections: Vec<(&'static str, Vec<Line>)>,
    refused: Vec<Refusal>,
    /// Who says an argument with nothing in it.
    nothing: Vec<OriginId>,
    /// The version of Podman that reads it.
    pub(in crate::targets) version: (u16, u16),
}

impl UnitFile {
    pub(in crate::targets) fn new(version: (u16, u16)) -> UnitFile {
        UnitFile { version, ..UnitFile::default() }
    }

    /// `key=value` as it stands: the one way to a line. An empty value takes back what other lines say.
    pub(in crate::targets) fn say(
        &mut self,
        section: &'static str,
        key: &str,
        value: &str,
        origins: &[OriginId],
    ) {
        if !systemd::is_key(key) {
            return self.refuse(key, "is no key of a unit", origins);
        }
        if let Some(why) = systemd::value_trouble(value) {
            return self.refuse(value, why, origins);
        }
        let line = (format!("{key}={value}"), origins.to_vec());
        match self.sections.iter_mut().find(|(name, _)| *name == section) {
            Some((_, lines)) => lines.push(line),
            None => self.sections.push((section, vec![line])),
        }
    }

    /// Leaves something out that the file cannot hold; a check tells of it.
    pub(in crate::targets) fn refuse(
        &mut self,
        text: &str,
        why: &'static str,
        origins: &[OriginId],
    ) {
        self.refused.push(Refusal { text: text.to_owned(), why, by: origins.to_vec() });
    }

    /// A text in a section that systemd reads itself.
    pub(in crate::targets) fn plain(
        &mut self,
        section: &'static str,
        key: &str,
        value: &str,
        origins: &[OriginId],
    ) {
        if value.is_empty() {
            return self.refuse(value, EMPTY, origins);
        }
        self.say(section, key, &systemd::specifier_free(value), origins);
    }

    /// One of the words that systemd takes for a key: a name, a path.
    pub(in crate::targets) fn word(
        &mut self,
        section: &'static str,
        key: &str,
        value: &At<String>,
    ) {
        self.say(section, key, &systemd::word(value), &[value.origin]);
    }

    /// The values of a Quadlet key, spelled as its kind wants. A key that this version of Podman does
    /// not know becomes the argument of `podman` that it stands for.
    pub(in crate::targets) fn key(
        &mut self,
        section: &'static str,
        key: &str,
        values: &[&str],
        origins: &[OriginId],
    ) {
        let Some(info) = keys::find(section, key) else {
            // An unknown one is refused by name.
            return values.iter().for_each(|value| self.say(section, key, value, origins));
        };
        for value in values {
            if let Some(why) = info.kind.cannot_hold(value) {
                return self.refuse(value, why, origins);
            }
        }
        if info.since > self.version
            && let Some(flag) = flag_of(key)
        {
            for value in values {
                let argument = format!("--{flag}={value}");
                for line in Kind::Args.spell(&[&argument]) {
                    self.say(section, "PodmanArgs", &line, origins);
                }
            }
            return;
        }
        if values.iter().any(|value| info.kind.is_nothing(value)) {
            self.nothing.extend(origins);
        }
        for line in info.kind.spell(values) {
            self.say(section, key, &line, origins);
        }
    }

    /// One value with its own origin.
    pub(in crate::targets) fn one(&mut self, section: &'static str, key: &str, value: &At<String>) {
        self.key(section, key, &[value.as_str()], &[value.origin]);
    }

    /// Each value on a line of its own.
    pub(in crate::targets) fn each(
        &mut self,
        section: &'static str,
        key: &str,
        values: &[At<String>],
    ) {
        for value in values {
            self.one(section, key, value);
        }
    }

    /// All values on one line.
    pub(in crate::targets) fn all(
        &mut self,
        section: &'static str,
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
    pub(in crate::targets) fn switch(&mut self, section: &'static str, key: &str, value: At<bool>) {
        if value.value {
            self.key(section, key, &["true"], &[value.origin]);
        }
    }

    /// The file: sections in the order in which they were begun.
    #[must_use]
    pub(in crate::targets) fn finish(mut self, path: String) -> OutputFile {
        if !self.nothing.is_empty() {
            let by = std::mem::take(&mut self.nothing);
            self.say("Service", "Environment", NOTHING_IS, &by);
        }
        let mut text = String::new();
        let mut lines = Vec::new();
        for (at, (name, body)) in self.sections.into_iter().enumerate() {
            if at > 0 {
                text.push('\n');
                lines.push(Vec::new());
            }
            text.push('[');
            text.push_str(name);
            text.push_str("]\n");
            lines.push(Vec::new());
            for (line, origins) in body {
                text.push_str(&line);
                text.push('\n');
                lines.push(origins);
            }
        }
        OutputFile { path, text, lines, refused: self.refused }
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
