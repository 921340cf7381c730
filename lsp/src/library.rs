//! The standard library as files that an editor can open.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use qg_lang::source::STD_PREFIX;

/// Where the files lie. A folder for each state of the library, so that two versions of the program
/// do not get in each other's way.
pub(crate) struct Library {
    folder: Option<PathBuf>,
}

impl Library {
    /// `cache` is a folder for files that can be made again.
    pub(crate) fn new(cache: Option<&Path>) -> Library {
        let mut hasher = DefaultHasher::new();
        qg_stdlib::FILES.hash(&mut hasher);
        let name = format!("std-{:016x}", hasher.finish());
        Library { folder: cache.map(|cache| cache.join(name)) }
    }

    /// The file that holds `<std>/NAME.qg`, written if it is not there yet.
    pub(crate) fn file(&self, name: &str) -> Option<PathBuf> {
        let (_, text) = qg_stdlib::FILES.iter().find(|(path, _)| *path == name)?;
        let folder = self.folder.as_ref()?;
        let path = folder.join(name.strip_prefix(STD_PREFIX)?);
        if fs::read_to_string(&path).is_ok_and(|there| there == *text) {
            return Some(path);
        }
        fs::create_dir_all(path.parent()?).ok()?;
        // Another server may write the same at the same time: a finished file is put in place.
        let draft = path.with_extension(format!("{}.part", std::process::id()));
        fs::write(&draft, text).ok()?;
        // Not to be changed: the compiler does not read it.
        if let Ok(metadata) = fs::metadata(&draft) {
            let mut permissions = metadata.permissions();
            permissions.set_readonly(true);
            let _ = fs::set_permissions(&draft, permissions);
        }
        fs::rename(&draft, &path).ok()?;
        Some(path)
    }

    /// What a file of that folder is called.
    pub(crate) fn name_of(&self, path: &Path) -> Option<Arc<str>> {
        let folder = self.folder.as_ref()?;
        let real = folder.canonicalize().ok()?;
        let below = path.strip_prefix(&real).or_else(|_| path.strip_prefix(folder)).ok()?;
        let name = format!("{STD_PREFIX}{}", below.to_str()?);
        qg_stdlib::FILES.iter().any(|(path, _)| *path == name).then(|| Arc::from(name))
    }
}
