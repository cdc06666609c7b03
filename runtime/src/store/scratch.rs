//! A folder for the database of one test.

use std::path::PathBuf;

/// Removed with all that is in it when dropped.
#[derive(Debug)]
pub(crate) struct ScratchFolder(PathBuf);

impl ScratchFolder {
    pub(crate) fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("secapi-store-{}", crate::value::Id::new()));
        std::fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite://{}", self.path("test.db").display())
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
