//! Fleets on disk, as the language server asks for them: found and read as by every command.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use qg_lang::world::World;
use qg_lsp::{EditorProject, Projects, SharedWorld, Trouble};

use crate::args::Chosen;
use crate::failure::Failure;
use crate::project::Project;
use crate::world::DiskWorld;

/// All fleets of this machine.
#[derive(Debug)]
pub struct Disk {
    /// What the command line chose.
    pub chosen: Chosen,
}

impl Projects for Disk {
    fn find(&self, path: &Path) -> Result<Arc<dyn EditorProject>, Trouble> {
        let project = Project::around(path, &self.chosen).map_err(|failure| trouble(&failure))?;
        Ok(Arc::new(Found(project)))
    }
}

struct Found(Project);

impl EditorProject for Found {
    fn root(&self) -> &Path {
        &self.0.root
    }

    fn only(&self) -> Option<&Path> {
        self.0.only.as_deref()
    }

    fn path_of(&self, name: &str) -> PathBuf {
        self.0.path_of(name)
    }

    fn name_of(&self, file: &Path) -> Option<Arc<str>> {
        self.0.name_of(file).map(Arc::from)
    }

    fn read(&self) -> Result<SharedWorld, Trouble> {
        // A new file that was not saved yet is nowhere on disk.
        if self.0.only.as_ref().is_some_and(|file| !file.exists()) {
            return Ok(Arc::new(DiskWorld::empty(&self.0)));
        }
        let world = DiskWorld::read(&self.0).map_err(|failure| trouble(&failure))?;
        Ok(Arc::new(world) as Arc<dyn World + Send + Sync>)
    }
}

fn trouble(failure: &Failure) -> Trouble {
    let place = failure.place().and_then(|(path, text, bytes)| {
        Some((fs::canonicalize(Path::new("/").join(path)).ok()?, text.to_owned(), bytes))
    });
    Trouble { message: failure.words(), place }
}
