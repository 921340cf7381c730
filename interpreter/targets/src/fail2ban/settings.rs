//! The keys of jails, and those that hold for all of them.

use qg_fleet::jails::{Fail2ban, HostJail, JailFilter, Reads};
use qg_fleet::leaf::{At, Data, Millis, OriginId};

use crate::go::units;

/// One setting.
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) said: Said,
    pub(crate) by: Vec<OriginId>,
}

/// A text is spelled as fail2ban's files have it.
pub(crate) enum Said {
    Text(String),
    Int(i64),
    Bool(bool),
}

#[derive(Default)]
struct Keys(Vec<Key>);

impl Keys {
    fn put(&mut self, name: &str, said: Said, by: &[OriginId]) {
        self.0.push(Key { name: name.to_owned(), said, by: by.to_vec() });
    }

    fn time(&mut self, name: &str, time: Option<&At<Millis>>) {
        if let Some(it) = time {
            self.put(name, Said::Text(span(it.value)), &[it.origin]);
        }
    }

    fn number(&mut self, name: &str, number: Option<&At<i64>>) {
        if let Some(it) = number {
            self.put(name, Said::Int(it.value), &[it.origin]);
        }
    }

    fn raw(&mut self, name: &str, value: &At<Data>) {
        let said = match &value.value {
            Data::Bool(it) => Said::Bool(*it),
            Data::Int(it) => Said::Int(*it),
            Data::Text(text) => Said::Text(literal(text)),
            // Its type has none of these.
            Data::Float(_)
            | Data::Duration(_)
            | Data::Size(_)
            | Data::Ref(_)
            | Data::Sealed(_)
            | Data::Nix(_)
            | Data::File(_)
            | Data::List(_)
            | Data::Record(_) => return,
        };
        self.put(name, said, &[value.origin]);
    }
}

/// A text in which `%` begins nothing.
pub(crate) fn literal(text: &str) -> String {
    text.replace('%', "%%")
}

/// A time in fail2ban's words, where `m` are minutes.
pub(crate) fn span(time: Millis) -> String {
    units(time, &[("h", 3_600_000), ("m", 60_000), ("s", 1000)], "")
}

/// What holds for all jails of a host: `[DEFAULT]`.
pub(crate) fn common(ban: &At<Fail2ban>) -> Vec<Key> {
    let mut keys = Keys::default();
    keys.number("maxretry", ban.maxretry.as_ref());
    keys.time("findtime", ban.findtime.as_ref());
    keys.time("bantime", ban.bantime.as_ref());
    if let Some(increment) = &ban.increment {
        keys.put("bantime.increment", Said::Bool(true), &[increment.origin]);
        if let Some(it) = &increment.factor {
            keys.put("bantime.factor", Said::Int(it.value), &[it.origin]);
        }
        if let Some(it) = &increment.formula {
            keys.put("bantime.formula", Said::Text(literal(it)), &[it.origin]);
        }
        if !increment.multipliers.is_empty() {
            let all: Vec<String> =
                increment.multipliers.iter().map(|it| it.value.to_string()).collect();
            let by: Vec<OriginId> = increment.multipliers.iter().map(|it| it.origin).collect();
            keys.put("bantime.multipliers", Said::Text(all.join(" ")), &by);
        }
        keys.time("bantime.maxtime", increment.maxtime.as_ref());
        keys.time("bantime.rndtime", increment.rndtime.as_ref());
        if let Some(it) = &increment.overalljails {
            keys.put("bantime.overalljails", Said::Bool(it.value), &[it.origin]);
        }
    }
    ignored(&mut keys, &[&ban.ignoreip]);
    ban.settings.iter().for_each(|(name, value)| keys.raw(name, value));
    keys.0
}

/// What one jail says besides whether it is on.
pub(crate) fn jail(ban: &At<Fail2ban>, of: &HostJail<'_>) -> Vec<Key> {
    let mut keys = Keys::default();
    let jail = of.jail;
    match &jail.filter.value {
        JailFilter::Shipped(it) => {
            let mut text = it.name.value.clone();
            let mut by = vec![it.name.origin];
            if !it.options.is_empty() {
                let options = it.options.iter().map(|(key, value)| {
                    by.push(value.origin);
                    format!("{key}=\"{}\"", literal(value))
                });
                let options: Vec<String> = options.collect();
                text = format!("{text}[{}]", options.join(", "));
            }
            keys.put("filter", Said::Text(text), &by);
        }
        JailFilter::Own(_) => {
            let name = of.own_filter().unwrap_or_default();
            keys.put("filter", Said::Text(name), &[jail.filter.origin]);
        }
    }
    let own_backend = jail.settings.contains_key("backend");
    let backend = |keys: &mut Keys, text: &str, by: OriginId| {
        if !own_backend {
            keys.put("backend", Said::Text(text.to_owned()), &[by]);
        }
    };
    match &of.reads {
        Reads::Nothing => {}
        Reads::Filter => backend(&mut keys, "systemd", jail.origin),
        Reads::File(path) => {
            // NixOS reads the journal, where nothing else is said.
            backend(&mut keys, "auto", path.origin);
            keys.put("logpath", Said::Text(literal(path)), &[path.origin]);
            // Without it one file that is not there yet keeps all of fail2ban from its start, every jail with it.
            if !jail.settings.contains_key("skip_if_nologs") {
                keys.put("skip_if_nologs", Said::Bool(true), &[path.origin]);
            }
        }
        Reads::Journal { units, session, by } => {
            let field = if *session { "_SYSTEMD_USER_UNIT" } else { "_SYSTEMD_UNIT" };
            // Without the flag it leaves out what is written in sessions.
            let text = if *session { "systemd[journalflags=1]" } else { "systemd" };
            backend(&mut keys, text, *by);
            let matches: Vec<String> =
                units.iter().map(|(unit, _)| format!("{field}={}", literal(unit))).collect();
            let by: Vec<OriginId> = units.iter().map(|(_, by)| *by).collect();
            keys.put("journalmatch", Said::Text(matches.join(" + ")), &by);
        }
    }
    keys.number("maxretry", jail.maxretry.as_ref());
    keys.time("findtime", jail.findtime.as_ref());
    keys.time("bantime", jail.bantime.as_ref());
    if !jail.ports.is_empty() {
        let by: Vec<OriginId> = jail.ports.iter().map(|it| it.origin).collect();
        let mut all: Vec<String> = Vec::new();
        for number in jail.ports.iter().map(|it| it.number.to_string()) {
            if !all.contains(&number) {
                all.push(number);
            }
        }
        keys.put("port", Said::Text(all.join(",")), &by);
        let udp = jail.ports.iter().any(|it| it.udp);
        let tcp = jail.ports.iter().any(|it| !it.udp);
        if udp {
            let protocol = if tcp { "tcp,udp" } else { "udp" };
            keys.put("protocol", Said::Text(protocol.to_owned()), &by);
        }
    }
    if !jail.ignoreip.is_empty() {
        // What a jail says takes the place of what holds for all.
        ignored(&mut keys, &[&ban.ignoreip, &jail.ignoreip]);
    }
    jail.settings.iter().for_each(|(name, value)| keys.raw(name, value));
    keys.0
}

/// Who is never kept out: the machine itself, and these.
fn ignored(keys: &mut Keys, lists: &[&At<Vec<At<String>>>]) {
    let said: Vec<&At<String>> = lists.iter().flat_map(|it| it.iter()).collect();
    if said.is_empty() {
        return;
    }
    let mut all = vec!["127.0.0.0/8", "::1"];
    for it in &said {
        if !all.contains(&it.as_str()) {
            all.push(it.as_str());
        }
    }
    let by: Vec<OriginId> = said.iter().map(|it| it.origin).collect();
    keys.put("ignoreip", Said::Text(all.join(" ")), &by);
}
