//! The thread that builds: always the newest texts, one fleet at a time.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use qg_lang::ParseCache;
use tower_lsp::lsp_types::{Diagnostic, Url};

use crate::convert::Encoding;
use crate::documents::Home;
use crate::features::diagnostics;
use crate::fleets::FleetKey;
use crate::outbox::Message;
use crate::project::{EditorProject, Overlay, SharedWorld, Trouble};
use crate::snapshot::Snapshot;
use crate::state::{Shared, State};
use crate::{IDLE, STACK};

/// How often, and how many times, it is looked for memory to give back when nothing happens. All of
/// it is longer than the allocator keeps what is free.
const TICK: Duration = Duration::from_secs(5);
const TICKS: u32 = 9;

/// A build that takes longer is one of a large fleet.
const SLOW: Duration = Duration::from_millis(500);

/// What to build.
struct Job {
    key: FleetKey,
    project: Arc<dyn EditorProject>,
    changes: u64,
    stale: bool,
    /// The open texts by name; the file on disk counts where a text is not known.
    open: BTreeMap<Arc<str>, Open>,
    /// Why texts are not known.
    lost: BTreeMap<Url, String>,
    encoding: Encoding,
}

/// How the client calls a text, its version, and the text where it is known.
type Open = (Url, i32, Option<Arc<str>>);

/// What the builder keeps of a fleet.
#[derive(Default)]
struct Kept {
    disk: Option<SharedWorld>,
    trees: ParseCache,
    told: Told,
    /// Whether it took long to build.
    slow: bool,
}

/// What the client was told, by file.
type Told = BTreeMap<Url, (Option<i32>, Vec<Diagnostic>)>;

enum Next {
    Build(Job),
    Tidy {
        troubles: Vec<Trouble>,
        fleets: Vec<FleetKey>,
        encoding: Encoding,
    },
    /// There is nothing to do.
    Rest,
}

/// What the builder keeps between builds.
#[derive(Default)]
struct Keep {
    fleets: BTreeMap<FleetKey, Kept>,
    troubles: Told,
}

/// Builds whenever something has changed, until the server ends. The work is done on a thread that
/// ends with it: an allocator gives back what a thread has freed when it ends, and only then.
pub(crate) fn run(shared: &Shared) {
    let mut keep = Keep::default();
    while wait(shared) {
        let working = thread::scope(|scope| {
            let work = thread::Builder::new().name("build".to_owned()).stack_size(STACK);
            work.spawn_scoped(scope, || work_off(shared, &mut keep)).map(drop)
        });
        if working.is_err() {
            // There is no room for another thread.
            work_off(shared, &mut keep);
        }
    }
}

/// Waits until there is something to do. False where the server ends. While nothing happens, threads
/// are ended now and then that did nothing: with each the allocator looks for what was freed long
/// enough ago to be given back.
fn wait(shared: &Shared) -> bool {
    let mut ticks = TICKS;
    let mut state = shared.lock();
    loop {
        if state.ended {
            return false;
        }
        if !state.idle() {
            return true;
        }
        if ticks == 0 {
            state = shared.work.wait(state).unwrap_or_else(PoisonError::into_inner);
            continue;
        }
        let waited = shared.work.wait_timeout(state, TICK);
        let (now, timed) = waited.unwrap_or_else(PoisonError::into_inner);
        state = now;
        if timed.timed_out() {
            ticks -= 1;
            drop(state);
            if let Ok(nothing) = thread::Builder::new().spawn(|| ()) {
                let _ = nothing.join();
            }
            state = shared.lock();
        }
    }
}

/// Does what there is to do, until there was nothing for a while.
fn work_off(shared: &Shared, keep: &mut Keep) {
    loop {
        match next(shared) {
            Next::Build(job) => {
                let kept = keep.fleets.entry(job.key.clone()).or_default();
                build(shared, job, kept);
                let away = shared.lock().put_away();
                for (key, _large) in away {
                    if let Some(kept) = keep.fleets.get_mut(&key) {
                        (kept.disk, kept.trees) = (None, ParseCache::default());
                    }
                }
            }
            Next::Tidy { troubles, fleets, encoding } => {
                for trouble in troubles.iter().filter(|it| it.place.is_none()) {
                    shared.outbox.log(trouble.message.clone());
                }
                let now = diagnostics::troubles(&troubles, encoding);
                tell(shared, &mut keep.troubles, now);
                keep.fleets.retain(|key, it| {
                    let stays = fleets.contains(key);
                    if !stays {
                        tell(shared, &mut it.told, Told::new());
                    }
                    stays
                });
            }
            Next::Rest => return,
        }
    }
}

/// Waits a little for something to do.
fn next(shared: &Shared) -> Next {
    let idle = |state: &mut State| !state.ended && state.idle();
    let waited = shared.work.wait_timeout_while(shared.lock(), IDLE, idle);
    let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
    if state.ended {
        return Next::Rest;
    }
    if state.unsettled {
        shared.settle(&mut state);
        // Who waited for that need not wait for a build.
        shared.builds.send_replace(());
    }
    if state.untold {
        state.untold = false;
        return Next::Tidy {
            troubles: state.troubles.clone(),
            fleets: state.fleets.keys().cloned().collect(),
            encoding: state.encoding,
        };
    }
    let encoding = state.encoding;
    // The one that waits for the longest time: one that changes all the time must not keep others from it.
    let due = state.fleets.iter_mut().filter(|(_, it)| it.is_due());
    let waiting = due.min_by_key(|(_, it)| it.built);
    let Some((key, fleet)) = waiting else { return Next::Rest };
    let key = key.clone();
    let project = Arc::clone(&fleet.project);
    let (changes, stale) = (fleet.changes, std::mem::take(&mut fleet.stale));
    let mut open = BTreeMap::new();
    let mut lost = BTreeMap::new();
    for (url, document) in &mut state.documents {
        let name = match &document.home {
            Home::Fleet(home, name) if *home == key => Arc::clone(name),
            Home::Fleet(..) | Home::Library(_) | Home::Nowhere => continue,
        };
        let text = match &document.lost {
            Some(reason) => {
                lost.insert(url.clone(), reason.clone());
                None
            }
            None => Some(document.text()),
        };
        open.insert(name, (url.clone(), document.version, text));
    }
    Next::Build(Job { key, project, changes, stale, open, lost, encoding })
}

fn build(shared: &Shared, job: Job, kept: &mut Kept) {
    let mut trouble = None;
    if job.stale || kept.disk.is_none() {
        match job.project.read() {
            Ok(world) => kept.disk = Some(world),
            Err(error) => trouble = Some(error),
        }
    }
    if kept.slow {
        // Two builds of a large fleet need not be there at once; to wait for the end of the old one is
        // little beside the time that the new one takes.
        shared.forget(&job.key);
    }
    let began = Instant::now();
    let trees = &mut kept.trees;
    let disk = kept.disk.clone();
    let made = catch_unwind(AssertUnwindSafe(|| {
        let snapshot = snapshot(shared, &job, disk?, trees);
        let mut findings = diagnostics::all(&snapshot);
        diagnostics::unknown(&mut findings, &job.lost);
        Some((snapshot, findings))
    }));
    kept.slow = began.elapsed() > SLOW;
    let (snapshot, findings) = match made {
        Ok(Some((snapshot, findings))) => (Some(Arc::new(snapshot)), Some(findings)),
        Ok(None) => (None, None),
        Err(_) => {
            kept.trees = ParseCache::default();
            shared.outbox.log("the compiler panicked on this text; please report it");
            (None, None)
        }
    };
    let mut state = shared.lock();
    let mut old = None;
    if let Some(fleet) = state.fleets.get_mut(&job.key) {
        fleet.built = job.changes;
        if snapshot.is_some() {
            old = std::mem::replace(&mut fleet.snapshot, snapshot);
        }
    }
    drop(state);
    shared.builds.send_replace(());
    let findings = match (findings, trouble) {
        (_, Some(trouble)) => Some(diagnostics::troubles(&[trouble], job.encoding)),
        (findings, None) => findings,
    };
    if let Some(findings) = findings {
        tell(shared, &mut kept.told, findings);
    }
    // Large, and nobody waits for it any more.
    drop(old);
}

fn snapshot(shared: &Shared, job: &Job, disk: SharedWorld, trees: &mut ParseCache) -> Snapshot {
    let known =
        |(name, it): (&Arc<str>, &Open)| Some((Arc::clone(name), Arc::clone(it.2.as_ref()?)));
    let open: BTreeMap<Arc<str>, Arc<str>> = job.open.iter().filter_map(known).collect();
    let world = Overlay { disk, open };
    let analysis = qg_lang::analyze_with(&world, trees);
    let mut build = qg_interpreter::evaluate(analysis, &world);
    // No answer to an editor is about the files.
    build.output = Vec::new();
    Snapshot {
        build,
        world,
        trees: trees.clone(),
        project: Some(Arc::clone(&job.project)),
        open: job
            .open
            .iter()
            .map(|(name, (url, version, _))| (Arc::clone(name), (url.clone(), *version)))
            .collect(),
        encoding: job.encoding,
        library: Arc::clone(&shared.library),
        tables: std::sync::OnceLock::new(),
    }
}

/// Tells the client what is new: files whose findings or version changed, and those that have none
/// any more.
fn tell(shared: &Shared, told: &mut Told, now: Told) {
    for (url, (version, findings)) in &now {
        if told.get(url) != Some(&(*version, findings.clone())) {
            shared.outbox.send(Message::Findings(url.clone(), findings.clone(), *version));
        }
    }
    for (url, (_, findings)) in &*told {
        if !now.contains_key(url) && !findings.is_empty() {
            shared.outbox.send(Message::Findings(url.clone(), Vec::new(), None));
        }
    }
    *told = now;
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::atomic::{AtomicUsize, Ordering};

    use qg_lang::world::{Unread, World};
    use tower_lsp::lsp_types::TextDocumentContentChangeEvent;

    use super::*;
    use crate::library::Library;
    use crate::outbox::Outbox;
    use crate::project::Projects;

    /// A fleet without files, whose first reading panics.
    struct Flaky(AtomicUsize);

    impl World for Flaky {
        fn sources(&self) -> Vec<(Arc<str>, Arc<str>)> {
            assert!(self.0.fetch_add(1, Ordering::SeqCst) > 0, "on purpose");
            Vec::new()
        }

        fn exists(&self, _: &str) -> bool {
            false
        }

        fn read(&self, _: &str) -> Result<Arc<[u8]>, Unread> {
            Err(Unread::Missing)
        }
    }

    #[derive(Clone)]
    struct Only(Arc<Flaky>);

    impl Projects for Only {
        fn find(&self, _: &Path) -> Result<Arc<dyn EditorProject>, Trouble> {
            Ok(Arc::new(self.clone()))
        }
    }

    impl EditorProject for Only {
        fn root(&self) -> &Path {
            Path::new("/no/fleet")
        }

        fn only(&self) -> Option<&Path> {
            None
        }

        fn path_of(&self, name: &str) -> PathBuf {
            self.root().join(name)
        }

        fn name_of(&self, file: &Path) -> Option<Arc<str>> {
            file.file_name()?.to_str().map(Arc::from)
        }

        fn read(&self) -> Result<SharedWorld, Trouble> {
            Ok(Arc::clone(&self.0) as SharedWorld)
        }
    }

    #[test]
    fn a_panic_in_a_build_does_not_end_the_building() {
        let (outbox, mut messages) = Outbox::new();
        let projects = Box::new(Only(Arc::new(Flaky(AtomicUsize::new(0)))));
        let shared = Arc::new(Shared::new(projects, Library::new(None), outbox));
        let building = Arc::clone(&shared);
        let builder = thread::spawn(move || run(&building));
        let url = Url::parse("file:///no/fleet/a.qg").expect("an address");
        shared.open(url.clone(), "let x = 1\n".to_owned(), 1).expect("it is a file");
        let ticket = shared.ticket(&url);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime");
        let turn = runtime.block_on(shared.build(&ticket)).expect("it is soon");
        assert!(turn.is_none(), "that build panicked");
        let message = messages.blocking_recv().expect("it is told");
        assert!(matches!(message, Message::Log(_, text) if text.contains("panicked")));

        let whole = TextDocumentContentChangeEvent {
            range: None,
            range_length: None,
            text: "let x: int = true\n".to_owned(),
        };
        shared.change(&url, Some(2), vec![whole]).expect("it is open");
        let ticket = shared.ticket(&url);
        let turn = runtime.block_on(shared.build(&ticket)).expect("it is soon");
        let turn = turn.expect("it is built now");
        assert_eq!(turn.snapshot.build.diagnostics.len(), 1);
        shared.end();
        builder.join().expect("it ends by itself");
    }
}
