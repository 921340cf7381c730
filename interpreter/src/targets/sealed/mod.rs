//! What is put together from secrets on a host, when it starts: environments, and files with marks in them.
//!
//! `hosts/H/sealed.sh` does it. It knows, for each mark, how the secret is to be written where it stands.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::files::HostFile;
use super::names::Names;
use super::{OutputFile, Target};
use crate::fleet::Fleet;
use crate::fleet::backup::SecretKind;
use crate::fleet::leaf::{EntityPath, OriginId, Rung, SealedPart};
use crate::fleet::service::{File, UnitScope};
use crate::formats::Document;

pub const TARGET: Target = Target { name: "sealed", render };

/// Where the script and what it fills in are on a host.
pub const SCRIPT: &str = "/etc/qg/sealed.sh";
const TEMPLATES: &str = "/etc/qg/sealed";
const RESULTS: &str = "/run/qg/sealed";

const RENDER: &str = include_str!("render.sh");

/// How a secret is written where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Between double quotes of JSON, YAML and TOML, which share its escapes.
    Json,
    /// On one line; a secret with a line break is refused.
    Line,
    /// Between double quotes of a file that systemd reads variables from.
    Unit,
    /// As it is.
    Raw,
}

impl Encoding {
    fn name(self) -> &'static str {
        match self {
            Encoding::Json => "json",
            Encoding::Line => "line",
            Encoding::Unit => "unit",
            Encoding::Raw => "raw",
        }
    }
}

/// A secret in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    pub mark: String,
    pub secret: EntityPath,
    pub encoding: Encoding,
}

/// Something that a host puts together.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// Below `RESULTS` and `TEMPLATES`.
    pub name: String,
    /// What is filled in, in the host's folder.
    pub source: String,
    /// Its text, where it is not a file of another target.
    pub text: Option<Document>,
    /// Where else it is looked for.
    pub place: Option<String>,
    pub owner: String,
    pub group: String,
    pub mode: u16,
    /// Whether its last line has an end.
    pub ends: bool,
    pub holes: Vec<Hole>,
    /// What reads it.
    pub units: Vec<String>,
    pub by: OriginId,
}

impl Sealed {
    /// Where its text is on the host.
    #[must_use]
    pub fn template(&self) -> String {
        format!("{TEMPLATES}/{}", self.name)
    }

    /// Where it is when it is put together.
    #[must_use]
    pub fn result(&self) -> String {
        format!("{RESULTS}/{}", self.name)
    }
}

/// Where a host has the environment of a unit whose values hold secrets.
#[must_use]
pub fn env_path(unit: &str) -> String {
    format!("{RESULTS}/env/{unit}.env")
}

/// The mark that stands for a secret in the environment of a unit.
fn mark(name: &str) -> String {
    format!("@{name}@")
}

impl Fleet {
    /// Everything that a host puts together.
    #[must_use]
    pub fn sealed_on(&self, host: &str) -> &[Sealed] {
        let all = self.sealed.get_or_init(|| {
            let one = |host: &String| (host.clone(), find(self, host));
            self.model.host.keys().map(one).collect()
        });
        all.get(host).map_or(&[], Vec::as_slice)
    }
}

fn find(fleet: &Fleet, host: &str) -> Vec<Sealed> {
    let mut all = environments(fleet, host);
    all.extend(variables_of_traefik(fleet, host));
    let mut names = Names::default();
    let files = fleet.files_on(host);
    all.extend(files.filter_map(|file| file_of(fleet, &mut names, file)));
    all
}

/// The environments of containers: lines of `NAME=value`, which Podman takes as they are.
fn environments(fleet: &Fleet, host: &str) -> Vec<Sealed> {
    let mut all = Vec::new();
    for (name, service, container) in fleet.containers_on(host) {
        let mut text = Document::default();
        let mut holes: Vec<Hole> = Vec::new();
        // A text that looks like a mark must not become one.
        let plain = container.env.values().flat_map(|value| value.0.iter());
        let plain: Vec<&str> = plain.filter_map(SealedPart::text).collect();
        let prefix = prefix(&plain);
        for (key, value) in container.env.iter().filter(|(_, it)| it.plain().is_none()) {
            let mut line = format!("{key}=");
            for part in &value.0 {
                match part {
                    SealedPart::Text(text) => line.push_str(text),
                    SealedPart::Secret(secret) => {
                        let mark = mark(&named(fleet.secret_variables(), &prefix, secret));
                        line.push_str(&mark);
                        if !holes.iter().any(|hole| hole.mark == mark) {
                            let secret = secret.clone();
                            holes.push(Hole { mark, secret, encoding: Encoding::Line });
                        }
                    }
                }
            }
            text.text(&line, &[value.origin]);
        }
        if !holes.is_empty() {
            let rootless = fleet.rootless_of(service);
            all.push(Sealed {
                name: format!("env/{name}.env"),
                source: format!("sealed/{name}.env"),
                text: Some(text),
                place: None,
                owner: rootless.map_or("root", |it| it.user.entity()).to_owned(),
                group: "root".to_owned(),
                mode: 0o400,
                ends: true,
                holes,
                // The system's units cannot be tied to those of an account.
                units: match rootless {
                    Some(_) => Vec::new(),
                    None => vec![service.unit.name.value.clone()],
                },
                by: container.origin,
            });
        }
    }
    all
}

/// The variables that Traefik puts into its dynamic file.
fn variables_of_traefik(fleet: &Fleet, host: &str) -> Option<Sealed> {
    let (_, proxy) = fleet.model.proxies_on(host).next()?;
    let mut text = Document::default();
    let mut holes = Vec::new();
    for (variable, secret) in fleet.proxy_secrets(host) {
        let mark = mark(&variable);
        text.line(&format!("{variable}=\"{mark}\""), &[proxy.origin]);
        holes.push(Hole { mark, secret, encoding: Encoding::Unit });
    }
    (!holes.is_empty()).then(|| Sealed {
        name: "env/traefik.env".to_owned(),
        source: "sealed/traefik.env".to_owned(),
        text: Some(text),
        place: None,
        owner: "root".to_owned(),
        group: "root".to_owned(),
        mode: 0o400,
        ends: true,
        holes,
        units: vec!["traefik.service".to_owned()],
        by: proxy.origin,
    })
}

fn file_of(fleet: &Fleet, names: &mut Names, file: HostFile<'_>) -> Option<Sealed> {
    let marks = fleet.file_secrets(file.file);
    if marks.is_empty() {
        return None;
    }
    let holes = marks.into_iter().map(|(mark, secret)| {
        let encoding = encoding(fleet, file.file, &secret);
        Hole { mark, secret, encoding }
    });
    let it = file.file;
    // Readable for all is the default for files without secrets.
    let own_mode = it.mode.rung != Rung::SchemaDefault;
    let mode = if own_mode { it.mode.value } else { it.mode.value & 0o600 };
    let content = super::files::content(fleet, it).ok();
    let below = file.path.trim_start_matches('/');
    let mut services = fleet.model.services_on(file.host).map(|(_, of)| of);
    let of = services.find(|of| of.file.get(file.path) == Some(it));
    Some(Sealed {
        name: format!("files/{}", names.name(below)),
        source: format!("files/{below}"),
        text: None,
        place: Some(file.path.to_owned()),
        owner: it.owner.value.clone(),
        group: it.group.value.clone(),
        mode,
        ends: content.is_some_and(|it| it.text.ends_with('\n')),
        holes: holes.collect(),
        units: of
            .filter(|of| fleet.rootless_of(of).is_none())
            .filter(|of| of.unit.scope.value == UnitScope::System)
            .map(|of| of.unit.name.value.clone())
            .into_iter()
            .collect(),
        by: it.origin,
    })
}

/// How secrets stand in a file.
fn encoding(fleet: &Fleet, file: &File, secret: &EntityPath) -> Encoding {
    if file.yaml.is_some() || file.json.is_some() || file.toml.is_some() {
        return Encoding::Json;
    }
    let kind = fleet.model.secret.get(secret.entity()).map(|it| it.kind.value);
    let lines = matches!(kind, Some(SecretKind::File | SecretKind::Pem | SecretKind::Env));
    // What has lines of its own is meant to have them, but an INI file cannot hold them.
    let raw = file.text.is_some() || (file.template.is_some() && lines);
    if raw { Encoding::Raw } else { Encoding::Line }
}

/// What marks in a text begin with, so that nothing else in it does.
#[must_use]
pub fn prefix(plain: &[&str]) -> String {
    let mut prefix = "QG_SECRET_".to_owned();
    let mut count = 0_u32;
    while plain.iter().any(|text| text.contains(&format!("@{prefix}"))) {
        count = count.saturating_add(1);
        prefix = format!("QG{count}_SECRET_");
    }
    prefix
}

/// The name that stands for a secret, with another beginning.
#[must_use]
pub fn named(names: &BTreeMap<String, String>, prefix: &str, secret: &EntityPath) -> String {
    let name = names.get(secret.entity()).map_or("", String::as_str);
    format!("{prefix}{}", name.strip_prefix("QG_SECRET_").unwrap_or(name))
}

/// A word of a shell command.
#[must_use]
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._@:+-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The text of a script. A secret in it is read when it is wanted: its value is never a part of the program.
#[must_use]
pub fn script_text(fleet: &Fleet, text: &crate::fleet::leaf::Sealed) -> String {
    let parts = text.0.iter().map(|part| match part {
        SealedPart::Text(text) => text.clone(),
        SealedPart::Secret(secret) => format!("$(cat {})", word(&fleet.secret_path(secret))),
    });
    parts.collect()
}

fn render(fleet: &Fleet) -> Vec<OutputFile> {
    let mut files = Vec::new();
    for host in fleet.model.host.keys() {
        let all = fleet.sealed_on(host);
        if all.is_empty() {
            continue;
        }
        let mut script = Document::whole(RENDER.to_owned(), &[]);
        for it in all {
            let mut line = format!(
                "render {} {} {:04o} {} {} {}",
                word(&it.template()),
                word(&it.result()),
                it.mode,
                word(&it.owner),
                word(&it.group),
                if it.ends { "line" } else { "none" },
            );
            for hole in &it.holes {
                let path = fleet.secret_path(&hole.secret);
                let encoding = hole.encoding.name();
                let _ = write!(line, " {} {encoding} \"$root\"{}", word(&hole.mark), word(&path));
            }
            script.text(&line, &[it.by]);
            if let Some(place) = &it.place {
                let line = format!("place {} {}", word(&it.result()), word(place));
                script.text(&line, &[it.by]);
            }
        }
        files.push(script.file(format!("hosts/{host}/sealed.sh")));
        for it in all {
            if let Some(text) = &it.text {
                files.push(text.clone().file(format!("hosts/{host}/{}", it.source)));
            }
        }
    }
    files
}
