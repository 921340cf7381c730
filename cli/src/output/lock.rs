//! One run at a time on an output folder.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A locked file beside the output folder. The system gives the lock back when the process ends,
/// however it ends; the file goes when the lock is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    pub(super) fn take(path: &Path, folder: &Path) -> Result<Lock, Failure> {
        let failed = |error: std::io::Error| Failure::io("lock", path, &error);
        // Another run may remove the file between our opening and our locking it: then we hold the
        // lock of a file that nobody sees, and begin again.
        for _ in 0..16 {
            let file = File::create(path).map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Failure::new(format!(
                        "another qgc is writing {}",
                        folder.display()
                    ))
                    .help("wait until it has ended"));
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            if same_file(&file, path) {
                return Ok(Lock { file, path: path.to_owned() });
            }
        }
        Err(Failure::new(format!("other runs of qgc keep writing {}", folder.display())))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

#[cfg(unix)]
fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn same_file(_file: &File, path: &Path) -> bool {
    path.exists()
}
