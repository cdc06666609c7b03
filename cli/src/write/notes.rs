//! What one run notes for the next, beside no project: among the caches of whoever runs the tool. There nothing of it is
//! versioned, copied or compared with a project, and nobody else can bring a note along.

use std::path::{Path, PathBuf};

use super::{WriteError, disk};
use crate::manifest::Hash;

/// The notes about the project in one folder. They save time and nothing else: no run depends on them.
#[derive(Debug)]
pub struct Notes {
    folder: PathBuf,
}

impl Notes {
    /// The notes about the project in this folder, among these caches; `None` where the folder is not to be found.
    #[must_use]
    pub fn of(caches: &Path, root: &Path) -> Option<Self> {
        let root = root.canonicalize().ok()?;
        let name = Hash::of(root.as_os_str().as_encoded_bytes());
        let folder = caches.join("secapi").join(name.as_str());
        Some(Self { folder })
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
        disk::make_own_folder(&self.folder)?;
        let (draft, place) = (self.folder.join("new"), self.folder.join(name));
        disk::write_anew(&draft, text.as_bytes())?;
        disk::rename(&draft, &place)
    }
}
