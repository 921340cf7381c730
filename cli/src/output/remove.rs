//! Removes folders that this program wrote, also where somebody made them read-only.

use std::fs;
use std::io;
use std::path::Path;

/// Removes a folder with all that is in it, or a link.
///
/// # Errors
/// Where that is not possible.
pub(super) fn folder(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() {
        make_removable(path)?;
    }
    fs::remove_dir_all(path)
}

/// Sees to it that everything in a folder can be removed: that its folders can be written to.
///
/// # Errors
/// Where they belong to somebody else.
#[cfg(unix)]
pub(super) fn make_removable(path: &Path) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    use std::os::unix::fs::PermissionsExt;
    match fs::symlink_metadata(path) {
        Ok(kind) if kind.is_dir() => {}
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    }
    let all = Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK;
    if accessat(CWD, path, all, AtFlags::EACCESS).is_err() {
        let mode = fs::symlink_metadata(path)?.permissions().mode();
        fs::set_permissions(path, fs::Permissions::from_mode(mode | 0o700))?;
        accessat(CWD, path, all, AtFlags::EACCESS)?;
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            make_removable(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn make_removable(_path: &Path) -> io::Result<()> {
    Ok(())
}
