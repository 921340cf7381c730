//! Fleets from texts, compiled as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use qg_interpreter::targets::OutputFile;
use qg_interpreter::{Build, build, targets};
use qg_lang::world::MemoryWorld;

/// Sources by their path.
#[derive(Clone, Default)]
pub(crate) struct Sources {
    pub(crate) world: MemoryWorld,
}

impl Sources {
    pub(crate) fn add(&mut self, path: &str, text: &str) {
        self.world.sources.insert(Arc::from(path), Arc::from(text));
    }

    /// A file beside the sources.
    pub(crate) fn file(&mut self, path: &str, bytes: &[u8]) {
        self.world.files.insert(Arc::from(path), Arc::from(bytes));
    }

    fn without(&self, paths: &BTreeSet<String>) -> Sources {
        let mut all = self.clone();
        all.world.sources.retain(|path, _| !paths.contains(&**path));
        all
    }
}

/// The sources that have an error, with the codes of all of them.
pub(crate) fn refused(build: &Build) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut all: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for finding in build.diagnostics.iter().filter(|it| it.is_error()) {
        let file = build.analysis.sources.get(finding.primary.span.file);
        let path = file.map_or_else(String::new, |file| file.path.to_string());
        all.entry(path).or_default().insert(finding.code.id);
    }
    all
}

/// The output for those sources that the compiler does not refuse, and the refused ones.
pub(crate) fn compile(
    sources: &Sources,
) -> (Vec<OutputFile>, BTreeMap<String, BTreeSet<&'static str>>) {
    let refused = refused(&build(&sources.world));
    let kept = sources.without(&refused.keys().cloned().collect());
    (outputs(&kept), refused)
}

/// The output for sources without an error.
pub(crate) fn outputs(sources: &Sources) -> Vec<OutputFile> {
    let build = build(&sources.world);
    let findings: Vec<String> =
        build.diagnostics.iter().map(|it| format!("{} {}", it.code.id, it.message)).collect();
    let fleet = build.fleet.as_ref();
    targets::render(fleet.unwrap_or_else(|| panic!("no fleet: {findings:#?}")))
}
