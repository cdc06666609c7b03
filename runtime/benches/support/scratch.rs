//! A folder for one measurement.

use std::path::PathBuf;

/// A folder that is gone afterwards.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("secapi-lists-{}", std::process::id()));
        std::fs::create_dir(&folder).expect("a new folder");
        Self(folder)
    }

    /// A database in it.
    pub(crate) fn url(&self) -> String {
        format!("sqlite://{}", self.0.join("lists.db").display())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
