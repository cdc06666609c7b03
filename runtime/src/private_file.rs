//! Files and folders that nobody but their owner reads: keys, secrets, the database.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Makes a folder, and those above it, with mode 0700. One that is there stays as it is.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes an empty file with mode 0600. One that is there stays as it is.
pub(crate) fn make_empty(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    open(&mut options, path).map(drop)
}

/// Makes a file of these bytes, whole or not at all and safe on the disk. The folder has to be there.
///
/// Written under a hidden name first, so that whoever watches the folder never sees half a file; then linked, which, unlike
/// a renaming, never replaces another one.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] where the name is taken, and whatever else the operating system says.
pub(crate) fn publish(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let hidden = hidden(path)?;
    let written = write(&hidden, bytes);
    let linked = written.and_then(|()| fs::hard_link(&hidden, path));
    let removed = fs::remove_file(&hidden);
    linked.and(removed)
}

fn hidden(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let name = name.to_string_lossy();
    Ok(path.with_file_name(format!(".{name}.{}.new", std::process::id())))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = open(&mut options, path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Folder;

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_what_is_made() {
        let scratch = Folder::new();
        let folder = scratch.join("a/b");
        make_folder(&folder).unwrap();
        make_empty(&folder.join("empty")).unwrap();
        publish(&folder.join("secret"), b"x").unwrap();
        assert_eq!((mode(&folder), mode(&scratch.join("a"))), (0o700, 0o700));
        assert_eq!(mode(&folder.join("empty")), 0o600);
        assert_eq!(mode(&folder.join("secret")), 0o600);
    }

    #[test]
    fn what_is_there_is_never_replaced() {
        let scratch = Folder::new();
        let path = scratch.join("secret");
        publish(&path, b"first").unwrap();
        let again = publish(&path, b"second").unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        make_empty(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"first");
        // Nothing hidden is left behind.
        let files = fs::read_dir(path.parent().unwrap()).unwrap();
        assert_eq!(files.count(), 1);
    }
}
