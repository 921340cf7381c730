//! Whether two outputs have one structure: all is the same but for the text, which stands where the harmless one does.

use qg_interpreter::targets::authelia::on_path;
use serde_json::Value;

/// The harmless text and the one in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Texts<'t> {
    pub(crate) harmless: &'t str,
    pub(crate) text: &'t str,
}

/// A name of harmless characters.
fn name(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    text.chars().map(plain).collect()
}

/// As sudoers(5) has it: what separates there or matches below has a backslash before it, and a backslash is read twice.
fn sudoers(text: &str) -> String {
    let spelled = |c: char| match c {
        '\\' => "\\".repeat(4),
        ',' | ':' | '=' | '*' | '?' | '[' | ']' => format!("\\{c}"),
        c => c.to_string(),
    };
    text.chars().map(spelled).collect()
}

/// The words of a command that is continued over lines.
fn words(text: &str) -> Vec<String> {
    text.replace("\\\n", " ").split_whitespace().map(str::to_owned).collect()
}

impl Texts<'_> {
    /// How the text may stand in the place of the harmless one: as it is, and as each format and each reader of the
    /// second kind (systemd behind Nix, a shell behind a file) spells it.
    fn spelled(&self) -> Vec<String> {
        use qg_interpreter::formats::systemd::{escaped, field, specifier_free, word};
        let text = self.text;
        let name = name(text);
        let json = serde_json::to_string(text).unwrap_or_default();
        let inner = json.trim_matches('"').to_owned();
        let between = |c: char| c.is_whitespace() || c.is_control();
        let line: Vec<&str> = text.split(between).filter(|word| !word.is_empty()).collect();
        let line = line.join(" ");
        vec![
            text.to_owned(),
            specifier_free(text),
            escaped(text),
            field(text),
            word(text),
            text.replace('%', "%%").replace('$', "$$"),
            sudoers(text),
            name.clone(),
            name.replace('_', "-"),
            name.to_uppercase().replace('-', "_"),
            inner,
            text.to_lowercase(),
            // A description is one line, whatever it was written as.
            specifier_free(&line),
            format!("'{}'", text.replace('\'', "'\\''")),
        ]
    }

    /// Whether a text is another one with the hostile in the place of the harmless.
    fn fits(&self, ours: &str, theirs: &str) -> bool {
        // What Nix copies into its store has another name there.
        if theirs.contains("nix-state/store/") {
            return true;
        }
        if !ours.contains(self.harmless) && !ours.contains(&name(self.harmless)) {
            return ours == theirs;
        }
        let same =
            |harmless: &str| self.spelled().iter().any(|it| ours.replace(harmless, it) == theirs);
        same(self.harmless)
            || same(&name(self.harmless))
            || self.is_pattern(ours, theirs)
            || self.is_chain(ours, theirs)
    }

    /// Whether it is a call of the units of backups, which come in the order of their names.
    fn is_chain(&self, ours: &str, theirs: &str) -> bool {
        let units = |text: &str| text.strip_prefix("exec /etc/qg/chain ").map(words);
        let (Some(ours), Some(mut theirs)) = (units(ours), units(theirs)) else { return false };
        let all = ours.iter().all(|unit| {
            let found = theirs.iter().position(|other| self.fits(unit, other));
            found.map(|found| theirs.remove(found)).is_some()
        });
        all && theirs.is_empty()
    }

    /// Whether it is a pattern over a path, which is written as one over the path and the query behind it.
    fn is_pattern(&self, ours: &str, theirs: &str) -> bool {
        match (on_path(self.harmless), on_path(self.text)) {
            (Ok(harmless), Ok(text)) => ours.replace(&harmless, &text) == theirs,
            (Ok(_) | Err(_), _) => false,
        }
    }

    /// What is not the same, as `where: ours, theirs`.
    pub(crate) fn values(&self, ours: &Value, theirs: &Value, at: &str) -> Option<String> {
        let odd = || Some(format!("{at}: {ours} became {theirs}"));
        match (ours, theirs) {
            (Value::String(ours), Value::String(theirs)) => {
                if self.fits(ours, theirs) {
                    None
                } else {
                    odd()
                }
            }
            (Value::Array(ours), Value::Array(theirs)) => {
                if ours.len() != theirs.len() {
                    return odd();
                }
                let odd = ours.iter().zip(theirs).find_map(|(a, b)| self.values(a, b, at))?;
                // Names decide the order of things.
                let mut left: Vec<&Value> = theirs.iter().collect();
                let all = ours.iter().all(|a| {
                    let found = left.iter().position(|b| self.values(a, b, at).is_none());
                    found.map(|found| left.remove(found)).is_some()
                });
                if all { None } else { Some(odd) }
            }
            (Value::Object(ours), Value::Object(theirs)) => {
                if ours.len() != theirs.len() {
                    return odd();
                }
                // Hashes of what is in files.
                ours.iter().filter(|(key, _)| *key != "_units").find_map(|(key, value)| {
                    let found = theirs.iter().find(|(other, _)| self.fits(key, other));
                    match found {
                        Some((_, other)) => self.values(value, other, &format!("{at}.{key}")),
                        None => Some(format!("{at}: no {key:?} in {:?}", theirs.keys())),
                    }
                })
            }
            _ if ours == theirs => None,
            _ => odd(),
        }
    }

    /// Lines of a file that has one thing a line.
    pub(crate) fn lines(&self, ours: &str, theirs: &str, at: &str) -> Option<String> {
        let (ours, theirs): (Vec<&str>, Vec<&str>) =
            (ours.lines().collect(), theirs.lines().collect());
        if ours.len() != theirs.len() {
            return Some(format!("{at}: {} lines became {}: {theirs:?}", ours.len(), theirs.len()));
        }
        let (a, b) = ours.iter().zip(&theirs).find(|(a, b)| !self.fits(a, b))?;
        // Names decide the order of things.
        let mut left = theirs.clone();
        let all = ours.iter().all(|a| {
            let found = left.iter().position(|b| self.fits(a, b));
            found.map(|found| left.remove(found)).is_some()
        });
        (!all).then(|| format!("{at}: {a:?} became {b:?}"))
    }
}
