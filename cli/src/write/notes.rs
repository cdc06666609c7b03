//! What one run notes for the next, beside no project: among the caches of whoever runs the tool. There nothing of it is
//! versioned, copied or compared with a project, and nobody else can bring a note along.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{WriteError, disk};
use crate::manifest::Hash;

/// The folder of this tool among the caches.
const OURS: &str = "secapi";

/// Notes that nobody has written for so long go: their project may be gone.
const KEPT: Duration = Duration::from_hours(90 * 24);

/// The notes about the project in one folder. They save time and nothing else: no run depends on them.
///
/// INVARIANT: a note that is read was written by the user that runs the tool. Whoever could write another could write into that
/// user's home.
#[derive(Debug)]
pub struct Notes {
    folder: PathBuf,
}

impl Notes {
    /// The notes about the project in this folder, among these caches; `None` where the folder is not to be found, where the caches lie
    /// in the project and come along with it, or where others can write what is noted.
    #[must_use]
    pub fn of(caches: &Path, root: &Path) -> Option<Self> {
        let root = root.canonicalize().ok()?;
        if reached(caches)?.starts_with(&root) {
            return None;
        }
        let name = Hash::of(root.as_os_str().as_encoded_bytes());
        let ours = caches.join(OURS);
        let folder = ours.join(name.as_str());
        (is_own(&ours) && is_own(&folder)).then_some(Self { folder })
    }

    /// What was noted under this name; `None` where there is nothing, or nothing that can be read.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        disk::read(&self.folder.join(name)).ok()?
    }

    /// Notes it, in place of what was noted before.
    ///
    /// # Errors
    /// Where the disk fails, or something other than a file has the name.
    pub fn keep(&self, name: &str, text: &str) -> Result<(), WriteError> {
        let is_new = !disk::is_folder(&self.folder)?;
        disk::make_own_folder(&self.folder)?;
        let (draft, place) = (self.folder.join("new"), self.folder.join(name));
        disk::write_anew(&draft, text.as_bytes())?;
        disk::rename(&draft, &place)?;
        // Projects come more often than they go on being worked at; once for each is often enough.
        if is_new {
            self.forget_others(SystemTime::now());
        }
        Ok(())
    }

    /// Removes the notes of other projects that are too old. What cannot be removed stays.
    fn forget_others(&self, now: SystemTime) {
        let ours = self.folder.parent().map(fs::read_dir);
        for other in ours.into_iter().flatten().flatten().flatten() {
            let path = other.path();
            // The name of each is a hash: nothing else in there is a note.
            let is_named = other.file_name().to_str().and_then(Hash::parse).is_some();
            let is_folder = disk::is_folder(&path).unwrap_or(false);
            let is_old = || {
                let written = other.metadata().and_then(|about| about.modified());
                let age = written.ok().and_then(|it| now.duration_since(it).ok());
                age.is_some_and(|age| age > KEPT)
            };
            if is_named && is_folder && path != self.folder && is_old() {
                let _ = disk::remove_all(&path);
            }
        }
    }
}

/// Where a folder lies, or would if it was made.
fn reached(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .find_map(|above| above.canonicalize().ok())
}

/// Whether a folder is the user's alone to write to, or is not there yet.
#[cfg(unix)]
fn is_own(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match fs::symlink_metadata(folder) {
        Ok(about) => {
            let user = rustix::process::geteuid().as_raw();
            about.is_dir() && about.uid() == user && about.mode() & 0o022 == 0
        }
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Whether a plain folder stands there, or nothing.
#[cfg(not(unix))]
fn is_own(folder: &Path) -> bool {
    disk::plain_folder(folder).is_ok()
}

#[cfg(test)]
mod tests;
