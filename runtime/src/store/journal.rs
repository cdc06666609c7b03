//! The statements that a database has run, for tests that count or compare them.

use std::sync::{Arc, Mutex};

/// Their texts in order; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    pub(super) fn note(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }

    /// What has been run since this was asked before.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
