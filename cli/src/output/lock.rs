//! One run at a time on an output folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
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
        let failed = |error: io::Error| Failure::io("lock", path, &error);
        // Another run may remove the file between our opening and our locking it: then we hold the
        // lock of a file that nobody sees, and begin again.
        for _ in 0..16 {
            refuse_foreign(path)?;
            let file = open(path).map_err(failed)?;
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

/// The lock is an empty file. Anything else at its place is somebody else's, and stays.
fn refuse_foreign(path: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(path) {
        Ok(kind) if !kind.is_file() || kind.len() > 0 => {
            let failure = Failure::new(format!("{} is not a lock of qgc", path.display()));
            Err(failure
                .help("qgc locks an output folder by an empty file beside it; move this away"))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::io("lock", path, &error)),
    }
}

/// Opens the file as it is, or makes an empty one; follows no link and waits for no pipe. One that another
/// account made can be locked without writing to it.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    match options.clone().write(true).create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.read(true).open(path),
        made => made,
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
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn same_file(_file: &File, path: &Path) -> bool {
    path.exists()
}
