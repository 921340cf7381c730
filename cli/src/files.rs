//! Reads and replaces files of the disk: regular ones alone, and no more of one than it may have. Whatever else lies at a path (a
//! pipe, a device, a folder) is told, and nothing waits for it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use crate::failure::Failure;

/// No more than this is read of `qg.toml`.
pub const MANIFEST_LIMIT: u64 = 1024 * 1024;
/// No more than this is read of a file that was written by this program, or is named by a `./path`.
pub const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// The bytes of a file.
///
/// # Errors
/// Where it is none, is larger, or cannot be read.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let bytes = read_start(path, limit.saturating_add(1))?;
    match bytes.len() as u64 > limit {
        true => Err(io::Error::new(io::ErrorKind::FileTooLarge, larger(limit))),
        false => Ok(bytes),
    }
}

/// The text of a file.
///
/// # Errors
/// As [`read`], or where it is not UTF-8.
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    let odd = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not text in UTF-8");
    String::from_utf8(read(path, limit)?).map_err(odd)
}

/// So many of the first bytes of a file.
///
/// # Errors
/// Where it is none, or cannot be read.
pub fn read_start(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens a regular file. What is none is not opened at all, where nobody exchanges it meanwhile; then it is opened
/// without waiting.
fn open(path: &Path) -> io::Result<File> {
    let refused = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a file");
    if !fs::metadata(path)?.is_file() {
        return Err(refused());
    }
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(refused()) }
}

/// Writes a file whole or not at all. What a link leads to is written, and keeps who may read it.
///
/// # Errors
/// Where it cannot be written.
pub fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = real.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
    let fresh = real.with_file_name(format!(".{name}.new"));
    let write = || {
        // What a run that was killed left there, or a link of somebody else's.
        let _ = fs::remove_file(&fresh);
        let mut file = OpenOptions::new().write(true).create_new(true).open(&fresh)?;
        file.write_all(text.as_bytes())?;
        if let Ok(was) = fs::metadata(&real) {
            file.set_permissions(was.permissions())?;
        }
        fs::rename(&fresh, &real)
    };
    let written = write();
    written.map_err(|error| {
        let _ = fs::remove_file(&fresh);
        Failure::io("write", path, &error)
    })
}

/// The words for a link to nothing.
pub const NOWHERE: &str = "it is a link that leads nowhere";

/// The link to nothing that a path is, or leads over.
#[must_use]
pub fn dangling(path: &Path) -> Option<&Path> {
    let is_link = |it: &&Path| fs::symlink_metadata(it).is_ok_and(|kind| kind.is_symlink());
    path.ancestors().find(is_link).filter(|it| fs::metadata(it).is_err())
}

/// The words for what is too large.
#[must_use]
pub fn larger(limit: u64) -> String {
    format!("it is larger than {} MiB", limit / (1024 * 1024))
}

#[cfg(all(test, unix))]
mod tests {
    use super::{read, read_start};
    use std::path::Path;

    #[test]
    fn only_files_are_read() {
        let temp = tempfile::tempdir().expect("a folder");
        let at = |name: &str| temp.path().join(name);
        std::fs::write(at("a"), "12345").expect("written");
        std::os::unix::fs::symlink(at("a"), at("link")).expect("linked");
        std::os::unix::fs::symlink(at("none"), at("dangling")).expect("linked");
        let fifo = std::process::Command::new("mkfifo").arg(at("fifo")).status().expect("mkfifo");
        assert!(fifo.success());
        assert_eq!(read(&at("a"), 5).expect("it fits"), b"12345");
        assert_eq!(read(&at("link"), 5).expect("it fits"), b"12345");
        assert_eq!(read_start(&at("a"), 2).expect("its start"), b"12");
        assert!(read(&at("a"), 4).expect_err("too large").to_string().contains("larger"));
        for odd in [at("fifo"), temp.path().to_owned(), Path::new("/dev/zero").to_owned()] {
            let said = read(&odd, 5).expect_err("refused").to_string();
            assert!(said.contains("not a file"), "{}: {said}", odd.display());
        }
        assert_eq!(
            read(&at("dangling"), 5).expect_err("none").kind(),
            std::io::ErrorKind::NotFound
        );
    }
}
