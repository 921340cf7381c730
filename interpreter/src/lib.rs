//! Checked program to fleet, fleet to artifacts: the crates of this folder, put together.
//!
//! The flow: [`build`] analyses ([`qg_lang`]), evaluates ([`evaluation`]), reads the model into the typed [`fleet`],
//! judges it (`fleet::checks`), and has every target plan its files ([`targets::plan`]).

pub mod describe;
pub mod effect;
pub mod exposure;
mod json;
pub mod manifest;
pub mod query;
pub mod requests;
pub mod testing;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, OnceLock};

use evaluation::value::{NodeId, Val, Value};
use evaluation::{Evaluation, Evaluator};
use fleet::broken::Broken;
use fleet::leaf::At;
use fleet::read::{Read, ReadError, Reader};
use fleet::service::Service;
use fleet::{Facts, Fleet, Model, Unreadable, checks, options};
pub use qg_evaluation as evaluation;
pub use qg_fleet as fleet;
pub use qg_formats as formats;
use qg_lang::Analysis;
use qg_lang::diagnostic::{Code, Diagnostic, spare_data, tidy};
use qg_lang::levels;
use qg_lang::stack::roomy;
use qg_lang::world::{Limits, World};
pub use qg_targets as targets;
use targets::{OutputFile, Plan, Prepared};

/// What one run over the sources gives.
#[derive(Debug, Default)]
pub struct Build {
    pub analysis: Analysis,
    /// The typed fleet; none where anything has an error.
    pub fleet: Option<Fleet>,
    /// The files that are made of it, in the order of their paths: they are rendered once, and checked.
    pub output: Vec<OutputFile>,
    /// All findings of all phases, in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
    /// What it may take, for further questions too.
    limits: Limits,
    /// What the evaluation knows, for further questions.
    state: Mutex<Evaluation>,
    /// What each origin is the origin of; found when it is first asked for.
    places: OnceLock<describe::Places>,
}

impl Build {
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// The whole pipeline, up to the checks.
#[must_use]
pub fn build(world: &dyn World) -> Build {
    evaluate(qg_lang::analyze(world), world)
}

/// The pipeline behind an analysis at hand.
#[must_use]
pub fn evaluate(analysis: Analysis, world: &dyn World) -> Build {
    roomy(|| evaluated(analysis, world))
}

fn evaluated(mut analysis: Analysis, world: &dyn World) -> Build {
    let (mut state, findings) = Evaluator::new(&analysis, world, Evaluation::default()).run();
    let mut diagnostics = std::mem::take(&mut analysis.diagnostics);
    diagnostics.extend(findings);
    if !state.exhausted
        && let Some(finding) = fleet::unfolded::too_large(&state, world.limits().memory)
    {
        state.exhausted = true;
        diagnostics.push(finding);
    }
    let partial = diagnostics.iter().any(Diagnostic::is_error);
    let Made { fleet, output, found, denied } = made(&analysis, &state, world, partial);
    diagnostics.extend(found);
    let mut said = world.levels();
    for code in denied {
        said.0.entry(code.id).or_insert(levels::Level::Deny);
    }
    levels::apply(&said, &analysis.sources, &mut diagnostics);
    tidy(&mut diagnostics);
    spare_data(&mut diagnostics, &analysis.sources);
    // A warning that the fleet makes an error ends a compile like any other.
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    let (fleet, output) = if broken { (None, Vec::new()) } else { (fleet, output) };
    let (limits, state) = (world.limits(), Mutex::new(state));
    Build { analysis, fleet, output, diagnostics, limits, state, places: OnceLock::new() }
}

/// What is made of an evaluation.
#[derive(Default)]
struct Made {
    /// With its files, where nothing has an error.
    fleet: Option<Fleet>,
    output: Vec<OutputFile>,
    found: Vec<Diagnostic>,
    /// The codes that the fleet itself makes errors.
    denied: Vec<Code>,
}

fn made(analysis: &Analysis, state: &Evaluation, world: &dyn World, partial: bool) -> Made {
    let (model, off) = match read(analysis, state) {
        Ok(read) => read,
        // Only where a user's own `extend schema` changed what the targets read.
        Err(error) if !partial => {
            return Made { found: vec![unreadable(analysis, &error)], ..Made::default() };
        }
        Err(_) => return Made::default(),
    };
    let (files, unread) = files(state, world);
    let (options, malformed) = options::NixosOptions::of(world);
    let packages = analysis.types.values().flat_map(|types| &types.packages);
    let fleet = Fleet {
        model,
        off,
        origins: Arc::clone(&state.origins),
        sources: analysis.sources.clone(),
        files,
        unread,
        options: Arc::new(options),
        malformed,
        packages: packages.map(|(name, span)| (*span, Arc::clone(name))).collect(),
        partial,
        named: paths(state, &state.named),
        unsure: paths(state, &state.unsure),
    };
    let facts = Facts::of(&fleet);
    let found = checks::run(&facts);
    let Plan { files: output, findings: found } = targets::plan(&Prepared::of(facts), found);
    let denied = checks::denied(&fleet.model);
    if partial || found.iter().any(Diagnostic::is_error) {
        return Made { found, denied, ..Made::default() };
    }
    Made { fleet: Some(fleet), output, found, denied }
}

/// The kinds and keys of entities.
fn paths(state: &Evaluation, of: &HashSet<NodeId>) -> BTreeSet<(String, String)> {
    let paths = of.iter().map(|id| state.path(*id));
    paths
        .filter_map(|path| match path.as_slice() {
            [kind, key] => Some((kind.to_string(), key.to_string())),
            _ => None,
        })
        .collect()
}

/// What is in the files that the fleet uses, and which of them cannot be read, by path.
fn files(state: &Evaluation, world: &dyn World) -> (BTreeMap<String, Arc<[u8]>>, Unreadable) {
    let (mut files, mut unread) = (BTreeMap::new(), BTreeMap::new());
    for (path, span) in &state.files {
        match world.read(path) {
            Ok(bytes) => drop(files.insert(path.clone(), bytes)),
            Err(why) => drop(unread.insert(path.clone(), (*span, why))),
        }
    }
    (files, unread)
}

/// The typed model of what is known, and the services that are switched off. An evaluation that was ended
/// before it was done says nothing of what it did not come to, and what is too large is not unfolded.
fn read(analysis: &Analysis, state: &Evaluation) -> Result<(Model, Off), ReadError> {
    if state.exhausted {
        return Ok(Default::default());
    }
    let Some(root) = state.model else { return Ok(Default::default()) };
    let broken = Broken::of(state);
    let reader = Reader { analysis, state, broken: &broken, off: false };
    let val = Val::new(Value::Record(root), fleet::leaf::OriginId(0));
    let off = Reader { off: true, ..reader }.fields(&val)?.map("service")?;
    Ok((Model::read(reader, &val)?, off))
}

type Off = BTreeMap<String, At<Service>>;

fn unreadable(analysis: &Analysis, error: &ReadError) -> Diagnostic {
    let span = analysis.declarations.model.map(|id| analysis.declarations.schema(id).span);
    let span = span.unwrap_or_else(|| qg_lang::span::Span::new(qg_lang::span::FileId(0), 0, 0));
    Diagnostic::error(
        qg_lang::diagnostic::codes::eval::WRONG_VALUE,
        span,
        format!("the model does not have the form that the targets read: {error}"),
    )
    .help("an `extend schema` may add fields to the standard library's schemas, not change them")
}
