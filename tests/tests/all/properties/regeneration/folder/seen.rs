//! What was seen of the commands: what they said, and how often each thing came up.

use secapi::exit::Exit;
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeSet;

/// How often each thing came up: a test of nothing proves nothing.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) lines: Cell<usize>,
    pub(super) merges: Cell<usize>,
    pub(super) conflicts: Cell<usize>,
    pub(super) destructive: Cell<usize>,
    pub(super) patched: Cell<usize>,
    pub(super) offered: Cell<usize>,
    pub(super) given_up: Cell<usize>,
    pub(super) runs: Cell<usize>,
}

pub(super) fn count(cell: &Cell<usize>, more: usize) {
    cell.set(cell.get() + more);
}

/// What a command said.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) exit: Exit,
    pub(super) json: Value,
}

impl Said {
    pub(super) fn codes(&self) -> BTreeSet<&str> {
        let all = self.json["diagnostics"].as_array().into_iter().flatten();
        all.filter_map(|it| it["code"].as_str()).collect()
    }

    /// The mistakes among them.
    pub(super) fn errors(&self) -> BTreeSet<&str> {
        let all = self.json["diagnostics"].as_array().into_iter().flatten();
        let errors = all.filter(|it| it["severity"] == "error");
        errors.filter_map(|it| it["code"].as_str()).collect()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = (&str, &str)> {
        let rows = self.json["files"].as_array().into_iter().flatten();
        rows.filter_map(|row| Some((row["path"].as_str()?, row["change"].as_str()?)))
    }
}
