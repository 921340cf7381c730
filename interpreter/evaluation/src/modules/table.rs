//! The table itself, read once, when something asks for it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::builtins::way::way;

/// A paragraph a module; its head says where the facts are from.
const TABLE: &str = include_str!("../../data/nixos-modules.txt");

/// The commit of nixpkgs that the modules were read at.
pub const TABLE_COMMIT: &str = "4aa6836a648c";

/// A text of the table, or of the fleet.
pub type Text = Arc<str>;

/// What a NixOS module makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// The option that configures it; `<name>` is any key below it.
    pub option: Text,
    /// Its units, the main one first.
    pub units: Vec<Text>,
    /// Whether they are units of each login session.
    pub session: bool,
    pub account: Account,
    /// What it keeps.
    pub state: Vec<Kept>,
    /// What it can make anew.
    pub cache: Vec<Text>,
    pub ports: Vec<ModulePort>,
    /// The option with the address that it listens on.
    pub bind: Option<Text>,
    /// Modules that it switches on.
    pub brings: Vec<Brought>,
    /// Whether its files are a whole only while it stands still.
    pub database: bool,
}

/// The account that a module's units run as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Account {
    #[default]
    Unknown,
    Root,
    /// Made up at each start, with its state below /var/lib/private (systemd.exec(5), `DynamicUser=`).
    Dynamic(Text),
    /// In /etc/passwd: made by the module, or one of NixOS' own numbers.
    Fixed {
        user: Followed,
        group: Option<Followed>,
    },
}

/// A value that an option may move.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    pub value: Text,
    /// The option below the module's that says another one.
    pub option: Option<Text>,
    /// Whether it says a name below /var/lib, not a path.
    pub below: bool,
}

/// A path that a module keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub path: Followed,
    /// Before which release a machine has it elsewhere, and where.
    pub before: Option<(Text, Text)>,
}

/// A port that a module listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModulePort {
    pub name: Text,
    /// None where it has to be said.
    pub number: Option<u16>,
    /// `tcp`, `udp` or `both`.
    pub protocol: &'static str,
    pub option: Option<Text>,
}

/// A module that another one switches on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    pub module: Text,
    /// The option that decides it.
    pub option: Option<Text>,
    /// Whether it has to be said: else it has to be said that it is not.
    pub said: bool,
}

/// A module, and the key below its option where it has one.
#[derive(Clone, Debug)]
pub struct Known {
    pub module: Cow<'static, Module>,
    pub key: Option<String>,
}

impl Known {
    /// A text of the table with the key in it.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        match self.key.as_deref() {
            Some("") => text.replace("-<name>", ""),
            Some(key) => text.replace("<name>", key),
            None => text.to_owned(),
        }
    }
}

/// Every module, by its option.
pub fn modules() -> &'static BTreeMap<&'static str, Module> {
    static ROWS: OnceLock<BTreeMap<&str, Module>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let paragraphs = TABLE.split("\n\n").skip(1).map(paragraph);
        paragraphs.collect()
    })
}

/// The module behind an option of NixOS; none where it is not in the table.
#[must_use]
pub fn find(option: &str) -> Option<Known> {
    if let Some(module) = modules().get(option) {
        return Some(Known { module: Cow::Borrowed(module), key: None });
    }
    let key = way(option).pop()?;
    let before = option.strip_suffix('"').unwrap_or(option).strip_suffix(key.as_str())?;
    let before = before.strip_suffix('"').unwrap_or(before);
    let module = modules().get(format!("{before}<name>").as_str())?;
    Some(Known { module: Cow::Borrowed(module), key: Some(key) })
}

fn paragraph(text: &'static str) -> (&'static str, Module) {
    let (mut option, mut it) = ("", Module::default());
    for line in text.lines() {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let words = || rest.split_ascii_whitespace();
        match word {
            "module" => (option, it.option) = (rest, rest.into()),
            "units" => it.units = words().map(Text::from).collect(),
            "session" => it.session = true,
            "account" => it.account = account(rest),
            "state" => it.state = words().map(kept).collect(),
            "cache" => it.cache = words().map(Text::from).collect(),
            "ports" => it.ports = words().filter_map(port).collect(),
            "bind" => it.bind = Some(rest.into()),
            "brings" => it.brings = words().map(brought).collect(),
            "database" => it.database = true,
            _ => {}
        }
    }
    (option, it)
}

fn followed(text: &str) -> Followed {
    match text.split_once('@') {
        Some((value, option)) => {
            let below = option.starts_with('~');
            let option = Some(option.trim_start_matches('~').into());
            Followed { value: value.into(), option, below }
        }
        None => Followed { value: text.into(), option: None, below: false },
    }
}

fn account(text: &str) -> Account {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    match words.as_slice() {
        ["root", ..] => Account::Root,
        ["dynamic", name, ..] => Account::Dynamic(followed(name).value),
        [_, user] => Account::Fixed { user: followed(user), group: None },
        [_, user, group, ..] => {
            Account::Fixed { user: followed(user), group: Some(followed(group)) }
        }
        _ => Account::Unknown,
    }
}

fn kept(text: &str) -> Kept {
    let path = followed(text);
    let before = path.value.split_once('<').and_then(|(now, before)| {
        let (release, there) = before.split_once('=')?;
        Some((Text::from(now), (Text::from(release), Text::from(there))))
    });
    match before {
        Some((value, before)) => Kept { path: Followed { value, ..path }, before: Some(before) },
        None => Kept { path, before: None },
    }
}

fn port(text: &str) -> Option<ModulePort> {
    let Followed { value, option, .. } = followed(text);
    let (name, number) = value.split_once('=')?;
    let (number, protocol) = number.split_once('/').unwrap_or((number, "tcp"));
    let protocol = match protocol {
        "udp" => "udp",
        "both" => "both",
        _ => "tcp",
    };
    Some(ModulePort { name: name.into(), number: number.parse().ok(), protocol, option })
}

fn brought(text: &str) -> Brought {
    let (module, option) = match text.split_once('@') {
        Some((module, option)) => (module, Some(option)),
        None => (text, None),
    };
    let said = option.is_some_and(|it| it.starts_with('+'));
    let option = option.map(|it| it.trim_start_matches('+').into());
    Brought { module: module.into(), option, said }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_whole() {
        assert_eq!(modules().len(), 115);
        assert!(TABLE.starts_with("# source"));
        assert!(TABLE.contains(TABLE_COMMIT));
        let known = [
            "module", "units", "session", "account", "state", "cache", "ports", "bind", "brings",
            "database",
        ];
        for line in TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let word = line.split(' ').next().unwrap();
            assert!(known.contains(&word), "{line}");
        }
        for module in modules().values() {
            for it in &module.state {
                assert!(it.path.value.starts_with('/'), "{module:?}");
                assert!(
                    !it.path.value.contains(['<', '=']) || it.path.value.contains("<name>"),
                    "{module:?}"
                );
            }
            for it in &module.ports {
                assert!(it.number.is_some() || it.option.is_some(), "{module:?}");
                assert!(matches!(it.protocol, "tcp" | "udp" | "both"), "{module:?}");
            }
            for it in &module.brings {
                assert!(find(&it.module).is_some(), "{module:?}");
            }
        }
    }

    #[test]
    fn a_paragraph_is_a_module() {
        let Known { module, key } = find("services.seerr").unwrap();
        assert_eq!(key, None);
        assert_eq!(module.account, Account::Dynamic("seerr".into()));
        let path = &module.state.first().unwrap();
        assert_eq!(&*path.path.value, "/var/lib/private/seerr");
        assert_eq!(path.before, Some(("26.05".into(), "/var/lib/private/jellyseerr".into())));
        assert_eq!(path.path.option.as_deref(), Some("configDir"));
        let redis = find("services.redis.servers.\"\"").unwrap();
        assert_eq!(redis.fill("/var/lib/redis-<name>"), "/var/lib/redis");
        assert!(find("services.own").is_none());
    }
}
