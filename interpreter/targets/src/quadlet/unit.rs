//! A unit file under construction: sections of lines, each line with its origins.
//!
//! Whatever is said goes through [`UnitFile::put`], which refuses what no line can hold and keeps both sayings of one
//! thing: a check makes findings of both, whoever wanted to say them.

use std::collections::BTreeMap;

use qg_fleet::leaf::{At, Data, OriginId, Priority};
use qg_formats::systemd;

use super::common::texts;
use super::keys::{self, QuadletKey};
use super::spelling::{NOTHING_IS, QuadletKind};
use super::subject::subject;
use crate::{OutputFile, Refusal, Twice};

/// Where nothing is said of a key that something is to be said of.
const EMPTY: &str = "is empty, which would take back what other lines say";

/// What to do where two lines speak of one thing.
const SETTLE: &str = "say it once, in a field of its own where there is one; where both stay, `default` before one of them says which yields";

/// A line, who said it, and how strongly.
#[derive(Clone, Debug)]
struct Line {
    text: String,
    origins: Vec<OriginId>,
    priority: Priority,
    /// What it speaks of, where no other line can.
    subject: Option<String>,
}

/// A unit file.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnitFile {
    sections: Vec<(&'static str, Vec<Line>)>,
    refused: Vec<Refusal>,
    twice: Vec<Twice>,
    /// Who says an argument with nothing in it.
    nothing: Vec<OriginId>,
    /// The version of Podman that reads it.
    pub(crate) version: (u16, u16),
}

impl UnitFile {
    pub(crate) fn new(version: (u16, u16)) -> UnitFile {
        UnitFile { version, ..UnitFile::default() }
    }

    /// `key=value` as it stands: the one way to a line. An empty value takes back what other lines say. Of two lines
    /// that speak of one thing the one on the higher priority holds; two on one priority that differ are kept as such.
    fn put(
        &mut self,
        section: &'static str,
        key: &str,
        value: &str,
        origins: &[OriginId],
        priority: Priority,
    ) {
        if !systemd::is_key(key) {
            return self.refuse(key, "is no key of a unit", origins);
        }
        if let Some(why) = systemd::value_trouble(value) {
            return self.refuse(value, why, origins);
        }
        let (text, subject) = (format!("{key}={value}"), subject(section, key, value));
        let line = Line { text, origins: origins.to_vec(), priority, subject };
        let Some((_, lines)) = self.sections.iter_mut().find(|(name, _)| *name == section) else {
            return self.sections.push((section, vec![line]));
        };
        let same = |known: &Line| known.subject.is_some() && known.subject == line.subject;
        let Some(at) = lines.iter().position(same) else { return lines.push(line) };
        let Some(first) = lines.get_mut(at) else { return };
        if first.text == line.text {
            first.origins.extend(line.origins);
            first.priority = first.priority.max(line.priority);
        } else if first.priority < line.priority {
            lines.remove(at);
            lines.push(line);
        } else if let Some(what) = line.subject.filter(|_| first.priority == line.priority) {
            let first = (first.text.clone(), first.origins.clone());
            let second = (line.text, line.origins);
            self.twice.push(Twice { what, first, second, help: SETTLE });
        }
    }

    /// A value as it stands.
    pub(crate) fn say(&mut self, key: QuadletKey, value: &str, origins: &[OriginId]) {
        self.put(key.section, key.info.name, value, origins, Priority::Plain);
    }

    /// What is so where nobody says otherwise.
    pub(crate) fn unless_said(&mut self, key: QuadletKey, value: &str, origin: OriginId) {
        self.spelled(key, &[value], &[origin], Priority::SchemaDefault);
    }

    /// Leaves something out that the file cannot hold; a check tells of it.
    pub(crate) fn refuse(&mut self, text: &str, why: &'static str, origins: &[OriginId]) {
        self.refused.push(Refusal { text: text.to_owned(), why, by: origins.to_vec() });
    }

    /// A text in a section that systemd reads itself.
    pub(crate) fn plain(&mut self, key: QuadletKey, value: &str, origins: &[OriginId]) {
        if value.is_empty() {
            return self.refuse(value, EMPTY, origins);
        }
        self.say(key, &systemd::specifier_free(value), origins);
    }

    /// One of the words that systemd takes for a key: a name, a path.
    pub(crate) fn word(&mut self, key: QuadletKey, value: &At<String>) {
        self.say(key, &systemd::word(value), &[value.origin]);
    }

    /// The values of a Quadlet key, spelled as its kind wants. A key that this version of Podman does
    /// not know becomes the argument of `podman` that it stands for.
    pub(crate) fn key(&mut self, key: QuadletKey, values: &[&str], origins: &[OriginId]) {
        self.spelled(key, values, origins, Priority::Plain);
    }

    fn spelled(
        &mut self,
        key: QuadletKey,
        values: &[&str],
        origins: &[OriginId],
        priority: Priority,
    ) {
        let QuadletKey { section, info } = key;
        for value in values {
            if let Some(why) = info.kind.cannot_hold(value) {
                return self.refuse(value, why, origins);
            }
        }
        if info.since > self.version
            && let Some(flag) = info.flag
        {
            for value in values {
                let argument = format!("--{flag}={value}");
                for line in QuadletKind::Args.spell(&[&argument]) {
                    self.put(section, "PodmanArgs", &line, origins, priority);
                }
            }
            return;
        }
        if values.iter().any(|value| info.kind.is_nothing(value)) {
            self.nothing.extend(origins);
        }
        for line in info.kind.spell(values) {
            self.put(section, info.name, &line, origins, priority);
        }
    }

    /// One value with its own origin.
    pub(crate) fn one(&mut self, key: QuadletKey, value: &At<String>) {
        self.spelled(key, &[value.as_str()], &[value.origin], value.priority);
    }

    /// Each value on a line of its own.
    pub(crate) fn each(&mut self, key: QuadletKey, values: &[At<String>]) {
        for value in values {
            self.one(key, value);
        }
    }

    /// All values on one line.
    pub(crate) fn all(&mut self, key: QuadletKey, values: &At<Vec<At<String>>>) {
        if !values.is_empty() {
            let items: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
            let mut origins = vec![values.origin];
            origins.extend(values.iter().map(|value| value.origin));
            self.spelled(key, &items, &origins, values.priority);
        }
    }

    /// A switch; left out where it is off and nobody says so.
    pub(crate) fn switch(&mut self, key: QuadletKey, value: At<bool>) {
        let word = if value.value { "true" } else { "false" };
        if value.value || value.priority != Priority::SchemaDefault {
            self.spelled(key, &[word], &[value.origin], value.priority);
        }
    }

    /// Two sayings of one thing that no line shows as such, and what to do.
    pub(crate) fn both(
        &mut self,
        what: &str,
        first: &At<String>,
        second: &At<String>,
        help: &'static str,
    ) {
        let text = |it: &At<String>| (it.value.clone(), vec![it.origin]);
        self.twice.push(Twice {
            what: what.to_owned(),
            first: text(first),
            second: text(second),
            help,
        });
    }

    /// Further keys by Quadlet's own names, each value spelled as the key's kind wants. One that Quadlet does not know is
    /// refused by a check.
    pub(super) fn more(
        &mut self,
        section: &'static str,
        keys: &BTreeMap<String, At<Vec<At<String>>>>,
    ) {
        for (name, values) in keys {
            match keys::find(section, name) {
                Some(info) if info.kind == QuadletKind::LastArgs => {
                    self.all(QuadletKey { section, info }, values);
                }
                Some(info) => {
                    for value in values.iter() {
                        let priority = values.priority;
                        self.one(QuadletKey { section, info }, &At { priority, ..value.clone() });
                    }
                }
                None => {
                    for value in values.iter() {
                        self.put(section, name, value, &[value.origin], values.priority);
                    }
                }
            }
        }
    }

    /// Keys of a section that systemd reads itself, as the user wrote them, specifiers included.
    pub(crate) fn data(&mut self, section: &'static str, keys: &BTreeMap<String, At<Data>>) {
        for (key, value) in keys {
            for (text, origin) in texts(value) {
                self.put(section, key, &text, &[origin], value.priority);
            }
        }
    }

    /// The file: sections in the order in which they were begun.
    #[must_use]
    pub(crate) fn finish(mut self, path: String) -> OutputFile {
        if !self.nothing.is_empty() {
            let by = std::mem::take(&mut self.nothing);
            self.say(keys::key!("Service", "Environment"), NOTHING_IS, &by);
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
            for Line { text: line, origins, .. } in body {
                text.push_str(&line);
                text.push('\n');
                lines.push(origins);
            }
        }
        OutputFile { path, text, lines, refused: self.refused, twice: self.twice }
    }
}
