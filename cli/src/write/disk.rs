//! Single careful steps on the disk: no link is followed, a missing file is no error.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{ProjectPath, WriteError};

/// Where a project path lies, after making sure that nothing but plain folders lead there.
pub(super) fn locate(root: &Path, path: &ProjectPath) -> Result<PathBuf, WriteError> {
    for folder in path.folders() {
        let folder = root.join(folder);
        match kind(&folder)? {
            Kind::Folder | Kind::Nothing => {}
            Kind::File | Kind::Other => return Err(WriteError::NotPlain(folder)),
        }
    }
    Ok(root.join(path.as_str()))
}

/// As [`locate`], of many files: a folder that was looked at is not looked at again.
pub(super) fn locate_among<'a>(
    root: &Path,
    path: &'a ProjectPath,
    plain: &mut HashSet<&'a str>,
) -> Result<PathBuf, WriteError> {
    for folder in path.folders() {
        if plain.contains(folder) {
            continue;
        }
        let place = root.join(folder);
        match kind(&place)? {
            Kind::Folder | Kind::Nothing => plain.insert(folder),
            Kind::File | Kind::Other => return Err(WriteError::NotPlain(place)),
        };
    }
    Ok(root.join(path.as_str()))
}

/// The bytes of a plain file, or `None` where there is none.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, WriteError> {
    match kind(path)? {
        Kind::Nothing => Ok(None),
        Kind::File => fs::read(path).map(Some).map_err(WriteError::io(path)),
        Kind::Folder | Kind::Other => Err(WriteError::NotPlain(path.to_owned())),
    }
}

/// What the disk knows of a plain file, or `None` where there is none.
pub(super) fn metadata(path: &Path) -> Result<Option<fs::Metadata>, WriteError> {
    match fs::symlink_metadata(path) {
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(WriteError::io(path)(error)),
        Ok(about) if about.is_file() => Ok(Some(about)),
        Ok(_) => Err(WriteError::NotPlain(path.to_owned())),
    }
}

/// Writes a new file; what stood there under the same name is gone. It does not survive a power cut before [`sync`].
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let save = || -> io::Result<()> {
        fault::before()?;
        let mut file = fs::File::create(path)?;
        if let Err(torn) = fault::before() {
            // What a process that dies while it writes leaves behind.
            file.write_all(bytes.get(..bytes.len() / 2).unwrap_or_default())?;
            return Err(torn);
        }
        file.write_all(bytes)?;
        fault::wrote(path, bytes);
        Ok(())
    };
    save().map_err(WriteError::io(path))
}

/// Keeps what a file holds beside it, under another name: the file itself under both where the disk can do that, or else a
/// copy. Whoever puts another file in its place, as this tool and most editors do, leaves this one alone. Whoever writes into
/// the file itself changes what is kept too, and that is noticed by its hash.
pub(super) fn keep(path: &Path, other: &Path) -> Result<(), WriteError> {
    // What a killed run left under that name may be another file of the project, which a copy would be written into.
    remove(other)?;
    fault::before().map_err(WriteError::io(other))?;
    if fault::links() && fs::hard_link(path, other).is_ok() {
        fault::linked(path, other);
        return Ok(());
    }
    let bytes = fs::read(path).map_err(WriteError::io(path))?;
    write(other, &bytes)?;
    copy_mode(path, other)
}

/// Up to so many files and folders are forced to the disk one by one; for more, all of their file system is, which is one
/// wait instead of hundreds.
const ONE_BY_ONE: usize = 32;

/// Forces these files and folders to the disk: what was written to a file, and what was put into a folder or taken out of
/// it. They lie in one file system, as everything does that is renamed into place. What is gone needs nothing.
pub(super) fn sync(paths: &BTreeSet<PathBuf>) -> Result<(), WriteError> {
    let (Some(first), false) = (paths.first(), paths.len() <= ONE_BY_ONE) else {
        return paths.iter().try_for_each(|path| sync_one(path));
    };
    match sync_all(first) {
        Some(done) => done.map_err(WriteError::io(first)),
        None => paths.iter().try_for_each(|path| sync_one(path)),
    }
}

fn sync_one(path: &Path) -> Result<(), WriteError> {
    let sync = || -> io::Result<()> {
        fault::before()?;
        // Not every system opens folders; one that does not keeps its own order there.
        if cfg!(not(unix)) && path.is_dir() {
            return Ok(());
        }
        // Windows forces what is open for writing alone.
        let file = fs::File::options()
            .read(true)
            .write(cfg!(windows))
            .open(path);
        let force = |file: fs::File| match fault::forces() {
            true => file.sync_all(),
            false => Ok(()),
        };
        allow_missing(file.and_then(force))?;
        fault::synced(path);
        Ok(())
    };
    sync().map_err(WriteError::io(path))
}

/// Forces the whole file system of a path to the disk; `None` where the system cannot be asked for that.
#[cfg(target_os = "linux")]
fn sync_all(path: &Path) -> Option<io::Result<()>> {
    let sync = || -> io::Result<()> {
        fault::before()?;
        let folder = fs::File::open(path)?;
        if fault::forces() {
            rustix::fs::syncfs(folder)?;
        }
        fault::synced_all();
        Ok(())
    };
    Some(sync())
}

#[cfg(not(target_os = "linux"))]
fn sync_all(_: &Path) -> Option<io::Result<()>> {
    None
}

/// Writes a file that need not survive a power cut, in place of what lies there. A link is replaced, and not followed.
pub(super) fn write_anew(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    remove(path)?;
    let save = || -> io::Result<()> {
        fault::before()?;
        fs::File::create_new(path)?.write_all(bytes)
    };
    save().map_err(WriteError::io(path))
}

/// Moves a file; one in the way is replaced in the same step.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), WriteError> {
    fault::before()
        .and_then(|()| fs::rename(from, to))
        .map_err(WriteError::io(to))?;
    fault::renamed(from, to);
    Ok(())
}

/// Removes a file that may be gone already.
pub(super) fn remove(path: &Path) -> Result<(), WriteError> {
    fault::before()
        .and_then(|()| allow_missing(fs::remove_file(path)))
        .map_err(WriteError::io(path))?;
    fault::removed(path);
    Ok(())
}

/// Removes a folder that secapi made, with all that is in it.
pub(super) fn remove_all(path: &Path) -> Result<(), WriteError> {
    fault::before()
        .and_then(|()| allow_missing(fs::remove_dir_all(path)))
        .map_err(WriteError::io(path))?;
    fault::removed(path);
    Ok(())
}

/// Makes a folder and those above it.
pub(super) fn make_folder(path: &Path) -> Result<(), WriteError> {
    fault::before()
        .and_then(|()| fs::create_dir_all(path))
        .map_err(WriteError::io(path))
}

/// Makes a folder and those above it, for its owner's eyes alone as far as the system knows of owners.
pub(super) fn make_own_folder(path: &Path) -> Result<(), WriteError> {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        folder.mode(0o700);
    }
    fault::before()
        .and_then(|()| folder.create(path))
        .map_err(WriteError::io(path))
}

/// Removes the folders above a removed file, as far as they became empty.
pub(super) fn remove_empty_folders(root: &Path, path: &ProjectPath) {
    let folders: Vec<&str> = path.folders().collect();
    for folder in folders.into_iter().rev() {
        // Fails on the first folder that holds something, and so do all above it.
        if fault::before().is_err() || fs::remove_dir(root.join(folder)).is_err() {
            return;
        }
    }
}

/// Removes one folder if nothing is in it.
pub(super) fn remove_if_empty(path: &Path) {
    // A folder that holds something is what this must not remove.
    let _ = fs::remove_dir(path);
}

/// The names in a folder; none where there is no folder.
pub(super) fn names(path: &Path) -> Result<Vec<std::ffi::OsString>, WriteError> {
    let listing = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(WriteError::io(path))?,
    };
    listing
        .map(|entry| {
            entry
                .map(|entry| entry.file_name())
                .map_err(WriteError::io(path))
        })
        .collect()
}

/// Whether something stands there, or on the way, that is neither a folder nor a link to one.
pub(super) fn is_taken(path: &Path) -> bool {
    match fs::metadata(path) {
        Ok(about) => !about.is_dir(),
        // A link to nothing is something, and the folder above may be a file.
        Err(error) => {
            error.kind() == io::ErrorKind::NotADirectory || fs::symlink_metadata(path).is_ok()
        }
    }
}

/// Whether a plain folder stands there, and no link to one.
pub(super) fn is_folder(path: &Path) -> Result<bool, WriteError> {
    Ok(kind(path)? == Kind::Folder)
}

/// Refuses what stands in the place of a folder and is none, a link to one among it.
pub(super) fn plain_folder(path: &Path) -> Result<(), WriteError> {
    match kind(path)? {
        Kind::Folder | Kind::Nothing => Ok(()),
        Kind::File | Kind::Other => Err(WriteError::NotPlain(path.to_owned())),
    }
}

/// Gives the new file the old one's mode, so that replacing changes nothing but the text.
pub(super) fn copy_mode(old: &Path, new: &Path) -> Result<(), WriteError> {
    let mode = fs::metadata(old)
        .map_err(WriteError::io(old))?
        .permissions();
    fault::before()
        .and_then(|()| fs::set_permissions(new, mode))
        .map_err(WriteError::io(new))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nothing,
    File,
    Folder,
    Other,
}

fn kind(path: &Path) -> Result<Kind, WriteError> {
    let kind = match fs::symlink_metadata(path) {
        Err(error) if is_missing(&error) => return Ok(Kind::Nothing),
        other => other.map_err(WriteError::io(path))?.file_type(),
    };
    Ok(if kind.is_file() {
        Kind::File
    } else if kind.is_dir() {
        Kind::Folder
    } else {
        Kind::Other
    })
}

fn allow_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if is_missing(&error) => Ok(()),
        other => other,
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Failures on purpose. Outside of this crate's tests nothing ever fails here, and nobody keeps a record.
#[cfg(not(test))]
mod fault {
    use std::path::Path;

    #[expect(
        clippy::unnecessary_wraps,
        reason = "the tests' version of it does fail"
    )]
    #[inline]
    pub(super) fn before() -> std::io::Result<()> {
        Ok(())
    }

    #[inline]
    pub(super) fn forces() -> bool {
        true
    }

    #[inline]
    pub(super) fn links() -> bool {
        true
    }

    #[inline]
    pub(super) fn linked(_: &Path, _: &Path) {}

    #[inline]
    pub(super) fn wrote(_: &Path, _: &[u8]) {}

    #[inline]
    pub(super) fn renamed(_: &Path, _: &Path) {}

    #[inline]
    pub(super) fn removed(_: &Path) {}

    #[inline]
    pub(super) fn synced(_: &Path) {}

    #[cfg(target_os = "linux")]
    #[inline]
    pub(super) fn synced_all() {}
}

#[cfg(test)]
pub(crate) mod fault;
