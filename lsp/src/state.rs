//! What the server knows: open texts and fleets. One mutex guards it; notifications change it at
//! once, before they wait for anything, so that changes apply in the order in which they came.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use serde_json::json;
use tokio::sync::{Semaphore, watch};
use tower_lsp::lsp_types::{TextDocumentContentChangeEvent, Url};

use crate::WORKERS;
use crate::convert::{Encoding, path_of};
use crate::documents::{Document, Home};
use crate::fleets::{FleetKey, FleetState};
use crate::library::Library;
use crate::outbox::{Message, Outbox};
use crate::project::{Projects, Trouble};

/// What all open texts may take together.
const MOST: usize = 64 << 20;

/// What is said of a text that is not known.
pub(crate) fn lost(reason: &str) -> String {
    format!(
        "the text in the editor is not known any more: {reason}; close the file and open it again"
    )
}

pub(crate) struct Shared {
    pub(crate) projects: Box<dyn Projects>,
    pub(crate) library: Arc<Library>,
    pub(crate) outbox: Outbox,
    state: Mutex<State>,
    /// Something is to be built, or the server ends.
    pub(crate) work: Condvar,
    /// Something was built, or the server ends.
    pub(crate) builds: watch::Sender<()>,
    /// The right to work on a request.
    pub(crate) workers: Arc<Semaphore>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) encoding: Encoding,
    pub(crate) documents: BTreeMap<Url, Document>,
    pub(crate) fleets: BTreeMap<FleetKey, FleetState>,
    /// Manifests that could not be read, with why.
    pub(crate) troubles: Vec<Trouble>,
    /// Whether [`State::troubles`] are yet to be told.
    pub(crate) untold: bool,
    /// Whether it is to be looked which fleets there are, and which texts belong to them.
    pub(crate) unsettled: bool,
    /// The fleet that was last worked on: it speaks for the standard library's files.
    pub(crate) recent: Option<FleetKey>,
    /// Folders that the client opened, whose fleets are looked at without any open text.
    folders: Vec<PathBuf>,
    /// Whether the client can tell which files change on disk.
    watches: bool,
    /// What is yet to be said to the client.
    complaints: Vec<Message>,
    /// Counts the changes of all fleets together, so that one that is closed and opened again does
    /// not begin anew.
    pub(crate) count: u64,
    pub(crate) ended: bool,
}

impl Shared {
    pub(crate) fn new(projects: Box<dyn Projects>, library: Library, outbox: Outbox) -> Shared {
        Shared {
            projects,
            library: Arc::new(library),
            outbox,
            state: Mutex::default(),
            work: Condvar::new(),
            builds: watch::Sender::new(()),
            workers: Arc::new(Semaphore::new(WORKERS)),
        }
    }

    /// The state. A panic elsewhere leaves it usable: each change to it is small and whole.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who the client is.
    pub(crate) fn greet(&self, encoding: Encoding, folders: Vec<PathBuf>, watches: bool) {
        let mut state = self.lock();
        state.encoding = encoding;
        state.folders = folders;
        state.watches = watches;
    }

    /// Looks at the client's folders, and asks to be told about files that change on disk. A client
    /// that cannot is no worse off: saving a file has the disk read again too.
    pub(crate) fn start(&self) {
        let mut state = self.lock();
        state.unsettled = true;
        if std::mem::take(&mut state.watches) {
            let globs = ["**/*.qg", "**/qg.toml", "**/qg.options", "**/*.{json,yaml,yml,toml,csv}"];
            let watchers = globs.map(|glob| json!({ "globPattern": glob }));
            let registration = json!({
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": watchers },
            });
            let params = json!({ "registrations": [registration] });
            state.complaints.push(Message::Ask("watch", "client/registerCapability", params));
        }
        self.work.notify_all();
    }

    /// Says what is yet to be said.
    pub(crate) async fn complain(&self) {
        let complaints = std::mem::take(&mut self.lock().complaints);
        for complaint in complaints {
            self.outbox.tell(complaint).await;
        }
    }

    pub(crate) fn end(&self) {
        self.lock().ended = true;
        self.work.notify_all();
        self.builds.send_replace(());
    }

    /// # Errors
    /// Where the address is no path, so that the text belongs to no fleet.
    pub(crate) fn open(&self, url: Url, text: String, version: i32) -> Result<(), String> {
        let Some(path) = path_of(&url) else {
            return Err(format!("{url} is not the address of a file, so nothing is told about it"));
        };
        let mut state = self.lock();
        let home = self.home(&mut state, &path);
        let document = Document::new(text, version, path, home.clone());
        state.documents.insert(url.clone(), document);
        state.bound(&url);
        state.touch(&home, true);
        self.work.notify_all();
        Ok(())
    }

    /// # Errors
    /// Where the text is not open.
    pub(crate) fn change(
        &self,
        url: &Url,
        version: Option<i32>,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> Result<(), String> {
        self.edit(url, |document, encoding| {
            document.change(changes, encoding);
            document.version = version.unwrap_or(document.version);
        })
    }

    /// An edit is lost, so that the text is not known any more.
    pub(crate) fn lose(&self, url: &Url, reason: &str) {
        let lost = self.edit(url, |document, _| document.lose(reason));
        if lost.is_err() {
            let complaint = Message::show(format!("{url}: {reason}"));
            self.lock().complaints.push(complaint);
        }
    }

    fn edit(&self, url: &Url, how: impl FnOnce(&mut Document, Encoding)) -> Result<(), String> {
        let mut state = self.lock();
        let encoding = state.encoding;
        let Some(document) = state.documents.get_mut(url) else {
            return Err(format!("{url} is not open"));
        };
        let before = document.lost.is_some();
        how(document, encoding);
        let after = document.lost.is_some();
        let home = document.home.clone();
        state.bound(url);
        // Its file takes the place of a text that is not known, and gives it back.
        state.touch(&home, before != after);
        self.work.notify_all();
        Ok(())
    }

    pub(crate) fn close(&self, url: &Url) {
        let mut state = self.lock();
        if let Some(document) = state.documents.remove(url) {
            state.touch(&document.home, true);
            state.unsettled = true;
        }
        self.work.notify_all();
    }

    /// The disk has changed: sources are read again, and fleets may have come or gone.
    pub(crate) fn refresh(&self) {
        let mut state = self.lock();
        state.unsettled = true;
        state.count += 1;
        let count = state.count;
        for fleet in state.fleets.values_mut() {
            fleet.changes = count;
            fleet.stale = true;
        }
        self.work.notify_all();
    }

    /// Finds the fleet of every open text anew, and forgets fleets that nobody looks at. The builder
    /// does it before it builds: once for however many files were closed or saved.
    pub(crate) fn settle(&self, state: &mut State) {
        state.unsettled = false;
        state.troubles.clear();
        state.untold = true;
        let paths: Vec<(Url, PathBuf)> =
            state.documents.iter().map(|(url, it)| (url.clone(), it.path.clone())).collect();
        let mut used: BTreeSet<FleetKey> = BTreeSet::new();
        for (url, path) in paths {
            let home = self.home(state, &path);
            if let Home::Fleet(key, _) = &home {
                used.insert(key.clone());
            }
            if let Some(document) = state.documents.get_mut(&url)
                && document.home != home
            {
                let before = std::mem::replace(&mut document.home, home.clone());
                state.touch(&before, true);
                state.touch(&home, true);
            }
        }
        for folder in state.folders.clone() {
            // A folder need not hold a fleet.
            if let Ok(project) = self.projects.find(&folder) {
                used.insert(state.add(project));
            }
        }
        state.fleets.retain(|key, _| used.contains(key));
    }

    /// What a file belongs to; its fleet is known afterwards.
    fn home(&self, state: &mut State, path: &Path) -> Home {
        if let Some(name) = self.library.name_of(path) {
            return Home::Library(name);
        }
        match self.projects.find(path) {
            // A library that is no fleet of its own: it speaks in the fleet that uses it, and was looked at last.
            Ok(project) if project.only().is_some() => {
                let recent = state.recent.iter().chain(state.fleets.keys());
                let user = recent.filter_map(|key| {
                    let fleet = state.fleets.get(key)?.project.as_ref();
                    Some((key.clone(), fleet.name_of(path).filter(|_| fleet.only().is_none())?))
                });
                let user = user.into_iter().next();
                match user.or_else(|| Some((project.only()?.to_owned(), project.name_of(path)?))) {
                    Some((key, name)) => {
                        if !state.fleets.contains_key(&key) {
                            state.add(project);
                        }
                        Home::Fleet(key, name)
                    }
                    None => Home::Nowhere,
                }
            }
            Ok(project) => match project.name_of(path) {
                Some(name) => Home::Fleet(state.add(project), name),
                None => Home::Nowhere,
            },
            Err(trouble) => {
                if !state.troubles.contains(&trouble) {
                    state.troubles.push(trouble);
                    state.untold = true;
                }
                Home::Nowhere
            }
        }
    }
}

impl State {
    /// Whether the builder has nothing to do.
    pub(crate) fn idle(&self) -> bool {
        !self.untold && !self.unsettled && !self.fleets.values().any(FleetState::is_due)
    }

    /// Lets go of a text that is too much, and says that it is not known.
    fn bound(&mut self, url: &Url) {
        let all: usize = self.documents.values().map(Document::size).sum();
        let Some(document) = self.documents.get_mut(url) else { return };
        if all > MOST {
            let most = MOST >> 20;
            document.lose(format!("all open texts together have more than {most} MiB"));
        }
        if let Some(reason) = &document.lost
            && !std::mem::replace(&mut document.told, true)
        {
            let complaint = Message::show(format!("{}: {}", document.path.display(), lost(reason)));
            self.complaints.push(complaint);
        }
    }
}
