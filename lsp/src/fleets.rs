//! The fleets that the server knows: how far each is built, and whom that lets go on.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::error::Elapsed;
use tower_lsp::lsp_types::Url;

use crate::documents::Home;
use crate::project::EditorProject;
use crate::snapshot::Snapshot;
use crate::state::{Shared, State};

/// A fleet's folder, or the one file that it consists of.
pub(crate) type FleetKey = PathBuf;

/// No request waits longer than this for a build.
const PATIENCE: Duration = Duration::from_secs(20);

/// The builds that are kept. Whoever has more fleets open than that (each file outside of all is one)
/// waits a little for one that was not looked at for a while.
const KEPT: usize = 12;

/// A fleet, and how far it is built.
pub(crate) struct FleetState {
    pub(crate) project: Arc<dyn EditorProject>,
    /// The last change, by [`State::count`].
    pub(crate) changes: u64,
    /// The last change that the snapshot holds.
    pub(crate) built: u64,
    /// Whether the disk is to be read again.
    pub(crate) stale: bool,
    pub(crate) snapshot: Option<Arc<Snapshot>>,
    /// When somebody last looked at it, by [`State::count`].
    used: u64,
    /// Whether its build was let go to make room.
    put_away: bool,
}

impl FleetState {
    /// Whether it is to be built.
    pub(crate) fn is_due(&self) -> bool {
        self.built != self.changes
    }
}

/// What a request was asked about, taken when it came.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    url: Url,
    count: u64,
}

/// A build to answer from, by one of a few at a time.
pub(crate) struct Turn {
    pub(crate) snapshot: Arc<Snapshot>,
    /// The file's name in the fleet.
    pub(crate) name: Arc<str>,
    _right: OwnedSemaphorePermit,
}

/// How it stands with what a request is about.
enum Standing {
    /// It belongs to no fleet, or to one that cannot be built.
    Nowhere,
    Waits,
    Built(Arc<Snapshot>, Arc<str>),
}

impl Shared {
    /// Notes what a request is about, so that it is answered from a build that holds every change
    /// before it.
    pub(crate) fn ticket(&self, url: &Url) -> Ticket {
        Ticket { url: url.clone(), count: self.lock().count }
    }

    /// The build that a request is answered from, and the right to work on it; waits for both.
    ///
    /// # Errors
    /// Where it takes too long to build.
    pub(crate) async fn build(&self, ticket: &Ticket) -> Result<Option<Turn>, Elapsed> {
        let mut builds = self.builds.subscribe();
        loop {
            let built = async {
                while let Standing::Waits = self.standing(ticket) {
                    if builds.changed().await.is_err() {
                        return;
                    }
                }
            };
            tokio::time::timeout(PATIENCE, built).await?;
            let Ok(right) = Arc::clone(&self.workers).acquire_owned().await else {
                return Ok(None);
            };
            // Not taken before it is needed, for it is large.
            match self.standing(ticket) {
                Standing::Nowhere => return Ok(None),
                Standing::Waits => {}
                Standing::Built(snapshot, name) => {
                    return Ok(Some(Turn { snapshot, name, _right: right }));
                }
            }
        }
    }

    fn standing(&self, ticket: &Ticket) -> Standing {
        let standing = self.lock().standing(ticket);
        if let Standing::Waits = standing {
            // It may be that only now there is something to build.
            self.work.notify_all();
        }
        standing
    }

    /// Lets go of the build of a fleet that is built anew.
    pub(crate) fn forget(&self, key: &FleetKey) {
        let old = self.lock().fleets.get_mut(key).and_then(|it| it.snapshot.take());
        drop(old);
    }
}

impl State {
    fn standing(&mut self, ticket: &Ticket) -> Standing {
        if self.ended {
            return Standing::Nowhere;
        }
        if self.unsettled {
            return Standing::Waits;
        }
        let document = self.documents.get(&ticket.url).filter(|it| it.lost.is_none());
        let home = document.and_then(|document| match &document.home {
            Home::Fleet(key, name) => Some((key.clone(), Arc::clone(name))),
            Home::Library(name) => Some((self.recent.clone()?, Arc::clone(name))),
            Home::Nowhere => None,
        });
        let Some((key, name)) = home else { return Standing::Nowhere };
        let Some(fleet) = self.fleets.get_mut(&key) else { return Standing::Nowhere };
        fleet.used = fleet.used.max(ticket.count);
        if fleet.is_due() && fleet.built < ticket.count {
            return Standing::Waits;
        }
        match &fleet.snapshot {
            Some(snapshot) => Standing::Built(Arc::clone(snapshot), name),
            None if fleet.is_due() => Standing::Waits,
            None if fleet.put_away => {
                fleet.put_away = false;
                self.count += 1;
                fleet.changes = self.count;
                Standing::Waits
            }
            None => Standing::Nowhere,
        }
    }

    /// Knows a fleet from now on.
    pub(crate) fn add(&mut self, project: Arc<dyn EditorProject>) -> FleetKey {
        let key = project.only().unwrap_or_else(|| project.root()).to_owned();
        match self.fleets.get_mut(&key) {
            // Its manifest may say something else by now.
            Some(fleet) => fleet.project = project,
            None => {
                self.count += 1;
                let fleet = FleetState {
                    project,
                    changes: self.count,
                    built: 0,
                    stale: true,
                    snapshot: None,
                    used: self.count,
                    put_away: false,
                };
                self.fleets.insert(key.clone(), fleet);
            }
        }
        key
    }

    /// Something has changed in a fleet; `stale` where that is on disk.
    pub(crate) fn touch(&mut self, home: &Home, stale: bool) {
        if let Home::Fleet(key, _) = home
            && let Some(fleet) = self.fleets.get_mut(key)
        {
            self.count += 1;
            fleet.changes = self.count;
            fleet.used = self.count;
            fleet.stale |= stale;
            self.recent = Some(key.clone());
        }
    }

    /// Makes room: gives the builds of the fleets that were not looked at for the longest time.
    pub(crate) fn put_away(&mut self) -> Vec<(FleetKey, Arc<Snapshot>)> {
        let mut held: Vec<(&FleetKey, &mut FleetState)> =
            self.fleets.iter_mut().filter(|(_, it)| it.snapshot.is_some()).collect();
        held.sort_by_key(|(_, it)| std::cmp::Reverse(it.used));
        let away = held.into_iter().skip(KEPT).filter_map(|(key, fleet)| {
            fleet.put_away = true;
            Some((key.clone(), fleet.snapshot.take()?))
        });
        away.collect()
    }
}
