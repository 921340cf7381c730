//! What is put together from secrets on a host, when it starts: environments, and files with marks in them.
//!
//! `hosts/H/sealed.sh` does it. It knows, for each mark, how the secret is to be written where it stands.

mod needs;
mod step;
mod tell;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use qg_fleet::files::HostFile;
use qg_fleet::host::Manager;
use qg_fleet::leaf::{EntityPath, OriginId, Priority, RefOr, SealedPart};
use qg_fleet::service::UnitScope;
use qg_fleet::url::UrlPart;
use qg_formats::Document;

use super::names::Names;
use super::{OutputFile, Target};
use crate::Prepared;
use crate::engines::engine;
use crate::quadlet::sees;
pub use needs::{Needed, UNIT};
pub use step::Step;

pub const TARGET: Target = Target { name: "sealed", files: render, checks: &[] };

/// Where the script and what it fills in are on a host.
pub const SCRIPT: &str = "/etc/qg/sealed.sh";
const TEMPLATES: &str = "/etc/qg/sealed";
const RESULTS: &str = "/run/qg/sealed";

const RENDER: &str = include_str!("render.sh");
/// How a script tells systemd of units, those of accounts too.
const TELL: &str = include_str!("tell.sh");

/// A script with the functions that it shares with others in place of `@tell@`.
#[must_use]
pub fn telling(script: &str) -> String {
    script.replace("@tell@\n", TELL)
}

/// A secret in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    pub mark: String,
    pub secret: EntityPath,
    pub steps: Vec<Step>,
}

/// Something that a host puts together.
#[derive(Clone, Debug)]
pub struct SealedFile {
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
    /// Whether that belongs to an account: the system's units know nothing of it.
    pub of_account: bool,
    pub by: OriginId,
}

impl SealedFile {
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

/// The mark that stands for a secret.
#[must_use]
pub fn mark(name: &str) -> String {
    format!("@{name}@")
}

impl Prepared<'_> {
    /// Everything that a host puts together.
    #[must_use]
    pub fn sealed_on(&self, host: &str) -> &[SealedFile] {
        let all = self.sealed.get_or_init(|| {
            let one = |host: &String| (host.clone(), find(self, host));
            self.model.host.keys().map(one).collect()
        });
        all.get(host).map_or(&[], Vec::as_slice)
    }
}

fn find(fleet: &Prepared<'_>, host: &str) -> Vec<SealedFile> {
    let mut all = environments(fleet, host);
    all.extend(variables_of_proxy(fleet, host));
    let mut names = Names::default();
    let files = fleet.files_on(host);
    all.extend(files.iter().filter_map(|file| file_of(fleet, &mut names, file)));
    all
}

/// The environments of containers: lines of `NAME=value`, which Podman takes as they are.
fn environments(fleet: &Prepared<'_>, host: &str) -> Vec<SealedFile> {
    let mut all = Vec::new();
    for (name, service, container) in fleet.containers_on(host) {
        let mut text = Document::default();
        let mut holes: Vec<Hole> = Vec::new();
        // A text that looks like a mark must not become one.
        let plain = container.env.values().flat_map(|value| value.0.iter());
        let plain = plain.filter_map(SealedPart::text);
        let plain: Vec<&str> = plain.chain(container.env.keys().map(String::as_str)).collect();
        let prefix = prefix(&plain);
        for (key, value) in container.env.iter().filter(|(_, it)| it.plain().is_none()) {
            let mut line = format!("{key}=");
            for (at, part) in value.0.iter().enumerate() {
                match part {
                    SealedPart::Text(text) => line.push_str(text),
                    SealedPart::Secret(secret) => {
                        let part = value.url_part(at);
                        let mark = mark(&named(fleet.secret_variables(), &prefix, secret, part));
                        line.push_str(&mark);
                        if !holes.iter().any(|hole| hole.mark == mark) {
                            let steps = step::in_environment(part);
                            holes.push(Hole { mark, secret: secret.clone(), steps });
                        }
                    }
                }
            }
            text.text(&line, &[value.origin]);
        }
        if !holes.is_empty() {
            let rootless = fleet.rootless_of(service);
            all.push(SealedFile {
                name: format!("env/{name}.env"),
                source: format!("sealed/{name}.env"),
                text: Some(text),
                place: None,
                owner: rootless.map_or("root", |it| it.user.entity()).to_owned(),
                group: "root".to_owned(),
                mode: 0o400,
                ends: true,
                holes,
                units: vec![service.unit.name.value.clone()],
                of_account: rootless.is_some(),
                by: container.origin,
            });
        }
    }
    all
}

/// The variables from which a proxy puts secrets into its files itself.
fn variables_of_proxy(fleet: &Prepared<'_>, host: &str) -> Option<SealedFile> {
    let (_, proxy) = fleet.model.proxies_on(host).next()?;
    let name = engine(&proxy.engine).name;
    // Podman reads a file with variables as it is, systemd knows quotes.
    let runs = fleet.model.runs_proxy(proxy);
    let by_podman = runs.is_some_and(|(_, service)| service.container.is_some());
    let mut text = Document::default();
    let mut holes = Vec::new();
    for variable in fleet.proxy_secrets(host) {
        let mark = mark(&variable.name);
        let quote = if by_podman { "" } else { "\"" };
        text.line(&format!("{}={quote}{mark}{quote}", variable.name), &[proxy.origin]);
        let steps = step::in_variable(variable, by_podman);
        holes.push(Hole { mark, secret: variable.secret.clone(), steps });
    }
    let rootless = runs.and_then(|(_, service)| fleet.rootless_of(service));
    (!holes.is_empty()).then(|| SealedFile {
        name: format!("env/{name}.env"),
        source: format!("sealed/{name}.env"),
        text: Some(text),
        place: None,
        owner: rootless.map_or("root", |it| it.user.entity()).to_owned(),
        group: "root".to_owned(),
        mode: 0o400,
        ends: true,
        holes,
        units: vec![fleet.model.proxy_unit(proxy)],
        of_account: rootless.is_some(),
        by: proxy.origin,
    })
}

fn file_of(fleet: &Prepared<'_>, names: &mut Names, file: &HostFile<'_>) -> Option<SealedFile> {
    let marks = fleet.file_secrets(file.file);
    if marks.is_empty() {
        return None;
    }
    let holes = marks.into_iter().map(|(mark, secret, part)| {
        let steps = step::in_file(fleet, file.file, &secret, part);
        Hole { mark, secret, steps }
    });
    let it = file.file;
    // Readable for all is the default for files without secrets.
    let own_mode = it.mode.priority != Priority::SchemaDefault;
    let mode = if own_mode { it.mode.value } else { it.mode.value & 0o600 };
    let content = super::files::content(fleet, it).ok();
    let below = file.path.trim_start_matches('/');
    let mut services = fleet.model.services_on(file.host).map(|(_, of)| of);
    let of = services.find(|of| of.file.get(file.path) == Some(it));
    let seeing = fleet.containers_on(file.host);
    let seeing = seeing.filter(|(_, _, container)| sees(container, file.path));
    let seeing = seeing.map(|(_, service, _)| service.unit.name.value.clone());
    let own = fleet.own_units_on(file.host);
    let reading = own.iter().filter(|it| {
        let mut read = it.unit.env_files.iter();
        it.is_of_system() && read.any(|it| it.value == RefOr::Value(file.path.to_owned()))
    });
    let reading = reading.map(qg_fleet::unit::OwnUnitOf::name);
    let units: BTreeSet<String> =
        of.map(|of| of.unit.name.value.clone()).into_iter().chain(seeing).chain(reading).collect();
    Some(SealedFile {
        name: format!("files/{}", names.name(below)),
        source: format!("files/{below}"),
        text: None,
        place: Some(file.path.to_owned()),
        owner: it.owner.value.clone(),
        group: it.group.value.clone(),
        mode,
        ends: content.is_some_and(|it| it.text.ends_with('\n')),
        holes: holes.collect(),
        units: units.into_iter().collect(),
        of_account: of.is_some_and(|of| {
            fleet.rootless_of(of).is_some() || of.unit.scope.value == UnitScope::Session
        }),
        by: it.origin,
    })
}

/// What marks in a text begin with, so that nothing else in it does.
#[must_use]
pub fn prefix(plain: &[&str]) -> String {
    const PARTS: [UrlPart; 4] = [UrlPart::None, UrlPart::Userinfo, UrlPart::Path, UrlPart::Query];
    let mut count = 0_u32;
    loop {
        let prefix = if count == 0 { "QG_".to_owned() } else { format!("QG{count}_") };
        let taken = |part: UrlPart| {
            let mark = format!("@{prefix}{}_", part.word());
            plain.iter().any(|text| text.contains(&mark))
        };
        if !PARTS.into_iter().any(taken) {
            return prefix;
        }
        count = count.saturating_add(1);
    }
}

/// The name that stands for a secret in a part of a URL, with another beginning.
#[must_use]
pub fn named(
    names: &BTreeMap<String, String>,
    prefix: &str,
    secret: &EntityPath,
    part: UrlPart,
) -> String {
    let name = names.get(secret.entity()).map_or("", String::as_str);
    format!("{prefix}{}_{}", part.word(), name.strip_prefix("QG_SECRET_").unwrap_or(name))
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
pub fn script_text(fleet: &Prepared<'_>, text: &qg_fleet::leaf::Sealed) -> String {
    let parts = text.0.iter().map(|part| match part {
        SealedPart::Text(text) => text.clone(),
        SealedPart::Secret(secret) => format!("$(cat {})", word(&fleet.secret_path(secret))),
    });
    parts.collect()
}

fn render(fleet: &Prepared<'_>) -> Vec<OutputFile> {
    let mut files = Vec::new();
    for (host, of) in &fleet.model.host {
        let all = fleet.sealed_on(host);
        if all.is_empty() {
            continue;
        }
        let mut script = Document::whole(telling(RENDER), &[of.origin]);
        for it in all {
            let units: Vec<String> = if it.of_account && of.manager.value != Manager::Plain {
                Vec::new()
            } else {
                it.units.iter().filter_map(|unit| fleet.told(host, unit)).collect()
            };
            let mut line = format!(
                "render {} {} {:04o} {} {} {} {}",
                word(&it.template()),
                word(&it.result()),
                it.mode,
                word(&it.owner),
                word(&it.group),
                if it.ends { "line" } else { "none" },
                word(&units.join(" ")),
            );
            for hole in &it.holes {
                let path = fleet.secret_path(&hole.secret);
                let steps = step::names(&hole.steps);
                let _ = write!(line, " {} {steps} \"$root\"{}", word(&hole.mark), word(&path));
            }
            script.text(&line, &[it.by]);
            if let Some(place) = &it.place {
                let line = format!("place {} {}", word(&it.result()), word(place));
                script.text(&line, &[it.by]);
            }
        }
        script.line("finish", &[of.origin]);
        files.push(script.file(format!("hosts/{host}/sealed.sh")));
        for it in all {
            if let Some(text) = &it.text {
                files.push(text.clone().file(format!("hosts/{host}/{}", it.source)));
            }
        }
    }
    files
}
