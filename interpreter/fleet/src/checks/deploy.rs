//! Who logs in to bring a new version: Colmena and deploy-rs do, as `deploy.user`.

use std::collections::BTreeSet;

use qg_lang::check::nix::texts_of;
use qg_lang::diagnostic::Diagnostic;
use qg_lang::diagnostic::codes::fleet as codes;

use super::FleetCheck;
use super::place::place;
use crate::Facts;
use crate::host::{Account, Host, Manager, User};
use crate::leaf::{At, Data, OriginId, Priority};
use crate::leaves::{LeafValue, each};

pub(super) const CHECK: FleetCheck =
    FleetCheck { codes: &[codes::NO_LOGIN, codes::UNREAD_MODULE], run };

/// What sshd is told, and is looked for.
const SETTINGS: &[&str] = &["AllowUsers", "DenyUsers", "PermitRootLogin"];

fn run(fleet: &Facts<'_>, out: &mut Vec<Diagnostic>) {
    for (name, host) in &fleet.model.host {
        let is_told = host.deploy.to.is_some() || host.address.is_some() || is_said(host);
        if host.manager.value != Manager::Nixos || !is_told {
            continue;
        }
        let nix = OwnNix::of(fleet, host);
        out.extend(nix.unread().map(|(path, by)| unread(fleet, name, path, by)));
        let user = &host.deploy.user;
        if let Some((why, other, help)) = trouble(fleet, name, user, &nix) {
            let at = if is_said(host) { user.origin } else { host.origin };
            let message = format!("nobody can log in to host.{name} as `{}`: {why}", user.value);
            // Who says nothing of it may not deploy this way at all.
            let mut finding = if is_said(host) {
                Diagnostic::error(codes::NO_LOGIN, place(fleet, at), message)
            } else {
                Diagnostic::warning(codes::NO_LOGIN, place(fleet, at), message)
            };
            if let Some((origin, text)) = other
                && let Some(span) = fleet.origins.span(origin)
            {
                finding = finding.also(span, text);
            }
            out.push(finding.help(help));
        }
    }
}

/// A module of which nobody knows who is let in.
fn unread(fleet: &Facts<'_>, host: &str, path: &str, by: OriginId) -> Diagnostic {
    let message = format!(
        "`{path}` is nested too deeply to be read, and may say who can log in to host.{host}"
    );
    Diagnostic::warning(codes::UNREAD_MODULE, place(fleet, by), message)
        .help("give parts of it names with `let`, or say what it tells sshd in a module of its own")
}

fn is_said(host: &Host) -> bool {
    host.deploy.user.priority != Priority::SchemaDefault
}

type Trouble = (String, Option<(OriginId, &'static str)>, &'static str);

/// Why an account cannot log in and change the machine, as far as that is known.
fn trouble(fleet: &Facts<'_>, host: &str, user: &At<String>, nix: &OwnNix<'_>) -> Option<Trouble> {
    let name = user.as_str();
    for (key, lets_in) in [("AllowUsers", true), ("DenyUsers", false)] {
        let (said, by) = nix.sshd(key);
        let plain = said.iter().all(|it| !it.contains(['*', '?', '@', '!']));
        if !said.is_empty() && plain && said.iter().any(|it| it == name) != lets_in {
            let why = format!("sshd has `{key}` there");
            return Some((
                why,
                by.map(|by| (by, "said here")),
                "say `deploy.user`: one that it lets in",
            ));
        }
    }
    if name == "root" {
        let (said, by) = nix.sshd("PermitRootLogin");
        let off = said.iter().any(|it| it == "no" || it == "forced-commands-only");
        let why = || "sshd lets root in nowhere".to_owned();
        let help = "say `deploy.user`: an account that has a key there, and may become root";
        return off.then(|| (why(), by.map(|by| (by, "said here")), help));
    }
    let account = fleet.model.users_on(host).find(|(key, _)| *key == name).map(|(_, it)| it);
    let Some(account) = account else {
        let elsewhere = fleet.model.user.get(name);
        let other = elsewhere.map(|it| (it.on.origin, "it is on these hosts"));
        let why = "there is no such account".to_owned();
        let help = "declare it with `kind = login { keys = […] }`, or say the name of another";
        return (!nix.mentions(name)).then_some((why, other, help));
    };
    let declared = Some((account.origin, "declared here"));
    match &account.kind.value {
        Account::FromModule => None,
        Account::System if nix.mentions(name) => None,
        Account::System => {
            let why = "it is an account of the system".to_owned();
            Some((why, declared, "say one with `kind = login { keys = […] }`"))
        }
        Account::Login(login) if login.keys.is_empty() && !nix.mentions("authorizedKeys") => {
            let why = "it has no key".to_owned();
            Some((why, declared, "say `keys` where it is declared"))
        }
        Account::Login(_) if !may_become_root(account, name, nix) => {
            let why = "it may not become root".to_owned();
            let help =
                "put it into the group `wheel`, or say in `nix { security.sudo… }` what it may do";
            Some((why, declared, help))
        }
        Account::Login(_) => None,
    }
}

/// By its group, or by rules of which only that they are there is known.
fn may_become_root(user: &User, name: &str, nix: &OwnNix<'_>) -> bool {
    let mut groups = user.extra_groups.iter().map(|it| it.as_str());
    let wheel = groups.any(|it| it == "wheel")
        || user.groups.iter().chain(&user.group).any(|it| it.entity() == "wheel");
    wheel || !user.sudo.is_empty() || nix.mentions(name)
}

/// What a host's own Nix says: `nix { … }`, and the modules beside the sources.
struct OwnNix<'f> {
    fleet: &'f Facts<'f>,
    all: Vec<&'f At<Data>>,
}

impl<'f> OwnNix<'f> {
    fn of(fleet: &'f Facts<'f>, host: &'f Host) -> OwnNix<'f> {
        let mut all = vec![&host.nix];
        all.extend(host.modules.iter());
        OwnNix { fleet, all }
    }

    /// The values of a setting of sshd, and who said them.
    fn sshd(&self, key: &str) -> (Vec<String>, Option<OriginId>) {
        let mut found = Vec::new();
        let mut by = None;
        for data in &self.all {
            let before = found.len();
            let mut at = data.origin;
            self.settings(data, key, &mut found, &mut at);
            if found.len() > before && by.is_none() {
                by = Some(at);
            }
        }
        (found, by)
    }

    /// The modules beside the sources that speak of sshd and cannot be read, with who named them.
    fn unread(&self) -> impl Iterator<Item = (&'f str, OriginId)> {
        let mut all = Vec::new();
        self.all.iter().for_each(|data| files(data, &mut all));
        let mut seen = BTreeSet::new();
        let fleet = self.fleet;
        all.into_iter().filter(move |(path, _)| {
            let text = fleet.text_of(path);
            let is_unread =
                |text: &str| SETTINGS.iter().any(|setting| texts_of(text, setting).is_none());
            seen.insert(*path) && text.is_some_and(is_unread)
        })
    }

    fn settings(&self, data: &At<Data>, key: &str, found: &mut Vec<String>, by: &mut OriginId) {
        match &data.value {
            Data::Record(fields) => {
                for (name, value) in fields {
                    if name == key {
                        *by = value.origin;
                        texts(value, found);
                    } else {
                        self.settings(value, key, found, by);
                    }
                }
            }
            Data::List(items) => items.iter().for_each(|it| self.settings(it, key, found, by)),
            Data::Nix(text) => self.in_code(text, key, data.origin, found, by),
            Data::File(path) if path.ends_with(".nix") => {
                if let Some(text) = self.fleet.text_of(path) {
                    self.in_code(text, key, data.origin, found, by);
                }
            }
            Data::File(_)
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Duration(_)
            | Data::Size(_)
            | Data::Ref(_)
            | Data::Text(_)
            | Data::Sealed(_) => {}
        }
    }

    fn in_code(
        &self,
        text: &str,
        key: &str,
        at: OriginId,
        found: &mut Vec<String>,
        by: &mut OriginId,
    ) {
        // What cannot be read is told for itself.
        let all = texts_of(text, key).unwrap_or_default();
        if !all.is_empty() {
            *by = at;
            found.extend(all);
        }
    }

    /// Whether a word stands in it anywhere.
    fn mentions(&self, word: &str) -> bool {
        self.all.iter().any(|it| self.fleet.speaks_of(it, word))
    }
}

/// The Nix files that are named in it.
fn files<'f>(data: &'f At<Data>, found: &mut Vec<(&'f str, OriginId)>) {
    each(data, &mut |_, leaf, said| {
        if let LeafValue::File(path) = leaf
            && path.ends_with(".nix")
        {
            found.push((path, said.origin));
        }
    });
}

fn texts(data: &At<Data>, found: &mut Vec<String>) {
    match &data.value {
        Data::Text(text) => found.push(text.clone()),
        Data::List(items) => items.iter().for_each(|it| texts(it, found)),
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Duration(_)
        | Data::Size(_)
        | Data::Ref(_)
        | Data::Sealed(_)
        | Data::Nix(_)
        | Data::File(_)
        | Data::Record(_) => {}
    }
}
