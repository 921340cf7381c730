//! The proxy of a host, as its files have it.

use std::collections::BTreeMap;

use qg_requests::traefik::{
    Answer, Configuration, EntryPoint, Headers, PeerAnswer, Peers, Proxy, Seen,
};
use qg_targets::OutputFile;
use serde_json::Value;

use super::lines::line_of;
use super::{Place, Unsent};
use crate::Build;

/// A proxy and its files.
pub(crate) struct House<'b> {
    pub(crate) proxy: &'b str,
    pub(crate) host: &'b str,
    pub(crate) configuration: Configuration,
    /// The same, put up.
    pub(super) up: Proxy,
    dynamic: &'b OutputFile,
    /// Where its parts are said, by the section of the file and the name; where somebody asked before.
    known: Option<BTreeMap<(String, String), Place>>,
}

/// The sections of a file whose parts have places.
const SECTIONS: [&str; 3] = ["routers", "middlewares", "services"];
/// TLS options of routers, among these.
const OPTIONS: &str = "tls options";

/// Who lies around a proxy while it is put up.
struct Nobody;

impl Peers for Nobody {
    fn backend(&mut self, _url: &str, _seen: &Seen) -> Option<PeerAnswer> {
        Some(PeerAnswer { status: 200, headers: Headers::default() })
    }

    fn authority(&mut self, _address: &str, _seen: &Seen) -> Option<PeerAnswer> {
        None
    }

    fn password(&mut self, _user: &str, _password: &str, _hash: &str) -> bool {
        false
    }
}

/// The value that a YAML file has.
pub(super) fn value(file: &OutputFile) -> Result<Value, Unsent> {
    // A key that stands twice is refused on this way alone, as the real readers do.
    serde_yaml_ng::from_str::<serde_yaml_ng::Value>(&file.text)
        .and_then(serde_yaml_ng::from_value)
        .map_err(|why| Unsent::Refused { file: file.path.clone(), why: why.to_string() })
}

/// A file of a host.
pub(super) fn file<'b>(build: &'b Build, host: &str, name: &str) -> Result<&'b OutputFile, Unsent> {
    let path = format!("hosts/{host}/{name}");
    let found = build.output.iter().find(|it| it.path == path);
    found.ok_or(Unsent::Refused { file: path, why: "it is not made".to_owned() })
}

impl<'b> House<'b> {
    pub(super) fn of(build: &'b Build, proxy: &'b str, host: &'b str) -> Result<House<'b>, Unsent> {
        let fixed = file(build, host, "traefik/static.yml")?;
        House::read(proxy, host, fixed, file(build, host, "traefik/dynamic.yml")?)
    }

    /// A proxy that reads these two files.
    pub(super) fn read(
        proxy: &'b str,
        host: &'b str,
        fixed: &OutputFile,
        dynamic: &'b OutputFile,
    ) -> Result<House<'b>, Unsent> {
        let points: Vec<Value> = value(fixed)?
            .get("entryPoints")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(name, point)| {
                let mut point = point.as_object()?.clone();
                point.insert("name".to_owned(), Value::from(name.as_str()));
                Some(Value::Object(point))
            })
            .collect();
        let points: Vec<&Value> = points.iter().collect();
        let configuration = Configuration::read(&points, &value(dynamic)?)
            .map_err(|why| Unsent::Refused { file: dynamic.path.clone(), why: why.to_string() })?;
        let up = Proxy::new(&configuration, &Nobody);
        Ok(House { proxy, host, configuration, up, dynamic, known: None })
    }

    /// The entry point that listens at a TCP port.
    pub(crate) fn listens(&self, port: u16) -> Option<&EntryPoint> {
        let at = |point: &&EntryPoint| {
            let address = point.address.strip_suffix("/tcp").unwrap_or(&point.address);
            address.rsplit_once(':').is_some_and(|(_, it)| it.parse() == Ok(port))
        };
        self.configuration.entry_points.iter().find(at)
    }

    /// What its files say, is not simulated, and may matter to an answer: the rest is of parts that it did not meet.
    pub(crate) fn unsure(&self, answer: &Answer) -> Vec<String> {
        let met = |name: &str| {
            let won =
                answer.router.as_deref().is_some_and(|it| it.split(" -> ").any(|it| it == name));
            won || answer.story.steps.iter().any(|it| it.name.split('@').next() == Some(name))
        };
        let matters = |path: &&String| match path.split('.').collect::<Vec<_>>().as_slice() {
            ["http", "routers" | "middlewares" | "services", name, ..] => met(name),
            [..] => true,
        };
        let paths = self.configuration.unsupported.iter();
        let paths = paths.map(|it| it.trim_start_matches('.').to_owned()).collect::<Vec<_>>();
        paths.iter().filter(matters).cloned().collect()
    }

    /// Where a part of the dynamic file is said.
    pub(crate) fn place(&self, build: &Build, kind: &str, name: &str) -> Option<Place> {
        let name = name.split('@').next().unwrap_or(name);
        match &self.known {
            Some(known) => known.get(&(kind.to_owned(), name.to_owned())).cloned(),
            None => place(build, self.dynamic, &["http", kind, name]),
        }
    }

    /// Finds all places, for whoever cannot ask the build while answers are given.
    pub(super) fn learn(&mut self, build: &Build) {
        let all = value(self.dynamic).unwrap_or_default();
        let mut known = BTreeMap::new();
        for section in SECTIONS {
            let of = all.get("http").and_then(|it| it.get(section)).and_then(Value::as_object);
            for name in of.into_iter().flatten().map(|(name, _)| name) {
                if let Some(place) = self.place(build, section, name) {
                    known.insert((section.to_owned(), name.clone()), place);
                }
            }
        }
        for name in self.configuration.routers.keys() {
            if let Some(place) = self.options(build, name) {
                known.insert((OPTIONS.to_owned(), name.clone()), place);
            }
        }
        self.known = Some(known);
    }

    /// Where somebody says which TLS options a router has; nothing where it is the library's default.
    fn options(&self, build: &Build, router: &str) -> Option<Place> {
        match &self.known {
            Some(known) => known.get(&(OPTIONS.to_owned(), router.to_owned())).cloned(),
            None => place(build, self.dynamic, &["http", "routers", router, "tls", "options"])
                .filter(|it| !qg_lang::is_library(it.span.file)),
        }
    }

    /// The routers that speak of a host by its name, each with the place that says its TLS options, or else its own.
    pub(super) fn named(&self, build: &Build, host: &str) -> Vec<(String, Place)> {
        let quoted = format!("`{}`", host.trim_end_matches('.').to_ascii_lowercase());
        let all = self.configuration.routers.iter();
        let speaking = all.filter(|(_, router)| router.rule.contains(&quoted));
        let place =
            |name: &str| self.options(build, name).or_else(|| self.place(build, "routers", name));
        speaking.filter_map(|(name, _)| Some((name.clone(), place(name)?))).collect()
    }

    /// The places of all that has a part in an answer.
    pub(super) fn places(&self, build: &Build, answer: &Answer) -> Vec<(String, Place)> {
        let mut all = Vec::new();
        let mut add = |kind: &str, of: &str, name: &str| {
            if let Some(place) = self.place(build, kind, name) {
                all.push((format!("{of} {name}"), place));
            }
        };
        for it in &answer.story.routers {
            add("routers", "router", &it.router);
        }
        for it in &answer.story.steps {
            add("middlewares", "middleware", &it.name);
            add("services", "service", &it.name);
        }
        all
    }
}

/// Who said what stands at a place of a file, or right below it.
pub(super) fn place(build: &Build, file: &OutputFile, way: &[&str]) -> Option<Place> {
    let line = line_of(&file.text, way)?;
    let origins = file.lines.iter().skip(line).find(|it| !it.is_empty())?;
    let said = build.behind(origins);
    // Defaults of the library say little about whose it is.
    let own = |span: qg_lang::span::Span| !qg_lang::is_library(span.file);
    let places = said.iter().flat_map(|it| it.said.iter().map(move |by| (&it.path, by.span)));
    let mut places: Vec<(&String, qg_lang::span::Span)> = places.collect();
    places.sort_by_key(|(path, span)| (!own(*span), path.is_empty()));
    places.first().map(|(path, span)| Place { path: (*path).clone(), span: *span })
}
