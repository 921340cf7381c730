//! The whole way of one fleet, with what must hold of it whatever it says.

use std::sync::Arc;

use qg_cli::args::Format;
use qg_cli::names::Names;
use qg_cli::report::{self, Context};
use qg_interpreter::{Build, build, manifest};
use qg_lang::world::MemoryWorld;
use serde_json::{Value, json};

use crate::release;

/// What is asked of each fleet.
const QUESTIONS: &[&str] = &["service", "[for h in host: h]", "t8", "fleet"];

/// How far a fleet came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// It has errors.
    Refused,
    /// Its files were made.
    Through,
}

/// Compiles, reports, renders, asks.
///
/// # Panics
/// Where something does not hold.
pub fn run(world: &MemoryWorld) -> Came {
    let built = build(world);
    report_all(&built);
    if let Some(fleet) = &built.fleet {
        let sources = &built.analysis.sources;
        let made = manifest::build(&built.output, &fleet.origins, sources);
        assert_eq!(manifest::Manifest::parse(&made.to_text()), Some(made));
        for file in &built.output {
            readable(&file.path, &file.text);
        }
    }
    for question in QUESTIONS {
        let _ = built.query(question);
    }
    if built.fleet.is_some() { Came::Through } else { Came::Refused }
}

fn report_all(built: &Build) {
    let sources = &built.analysis.sources;
    for format in [Format::Human, Format::Short, Format::Json, Format::Sarif, Format::Github] {
        let names = Names::default();
        let context = Context { sources, names: &names, colors: true };
        let some = built.diagnostics.get(..built.diagnostics.len().min(20)).unwrap_or_default();
        report::write(format, some, context, &mut Vec::new()).expect("memory does not fail");
    }
    for finding in &built.diagnostics {
        let spans =
            [finding.primary.span].into_iter().chain(finding.others.iter().map(|it| it.span));
        for span in spans {
            let file = sources.get(span.file).expect("a finding is about a file");
            assert!(file.text.get(span.range()).is_some(), "{finding:?} is not in the text");
        }
    }
}

/// The formats that have a reader in this language.
fn readable(path: &str, text: &str) {
    // Templates of the user's own make what they make.
    let ours = path.ends_with("/traefik/dynamic.yml")
        || path.ends_with("/traefik/traefik.yml")
        || path.ends_with("/authelia/configuration.yml");
    if ours {
        let read: Result<serde_yaml_ng::Value, _> = serde_yaml_ng::from_str(text);
        assert!(read.is_ok(), "{path}: {read:?}");
    }
}

/// A fleet as a job for another process.
#[must_use]
pub fn packed(world: &MemoryWorld) -> Vec<u8> {
    let files = world.files.iter();
    let files = files.map(|(path, bytes)| (path.to_string(), String::from_utf8_lossy(bytes)));
    let files: serde_json::Map<_, _> =
        files.map(|(path, text)| (path, Value::from(text.into_owned()))).collect();
    let sources = world.sources.iter();
    let sources: serde_json::Map<_, _> =
        sources.map(|(path, text)| (path.to_string(), Value::from(&**text))).collect();
    json!({ "sources": sources, "files": files }).to_string().into_bytes()
}

/// The fleet that was [`packed`].
///
/// # Panics
/// Where it was not.
#[must_use]
pub fn unpacked(job: &[u8]) -> MemoryWorld {
    let job: Value = serde_json::from_slice(job).expect("a fleet");
    let texts = |name: &str| {
        let texts = job[name].as_object().expect("texts by path").clone();
        texts.into_iter().map(|(path, text)| (path, text.as_str().unwrap_or_default().to_owned()))
    };
    let mut world = MemoryWorld {
        sources: texts("sources").map(|(path, it)| (Arc::from(path), Arc::from(it))).collect(),
        files: texts("files")
            .map(|(path, it)| (Arc::from(path), Arc::from(it.into_bytes())))
            .collect(),
        ..MemoryWorld::default()
    };
    release::leave_out(&mut world);
    world
}
