//! What holds after every run.

use super::super::edits::{by_hand, resolve};
use super::seen::{Said, count};
use super::world::World;
use crate::support::{Tree, run as finished};
use secapi::exit::Exit;
use secapi::merge::has_markers;
use std::collections::BTreeSet;
use std::process::Command;

impl World<'_> {
    pub(super) fn is_as_foretold(&self, foretold: &Said, done: &Said, before: &Tree) {
        for key in ["files", "migrations", "api", "authorization"] {
            assert_eq!(foretold.json[key], done.json[key], "{key}");
        }
        let after = self.tree();
        let (mut conflicts, mut merges) = (0, 0);
        for (path, change) in done.rows() {
            let (was, is) = (before.0.get(path), after.0.get(path));
            let is_right = match change {
                "create" => was.is_none() && is.is_some(),
                "delete" => was.is_some() && is.is_none(),
                "update" | "conflict" => was.is_some() && is.is_some() && was != is,
                "merge" => was.is_some() && is.is_some(),
                _ => was == is,
            };
            assert!(is_right, "{change} of {path}");
            conflicts += usize::from(change == "conflict");
            merges += usize::from(change == "merge");
        }
        count(&self.seen.conflicts, conflicts);
        count(&self.seen.merges, merges);
        // What is in no row is as it was, but for what the tool keeps for itself.
        let rows: BTreeSet<&str> = done.rows().map(|(path, _)| path).collect();
        let paths: BTreeSet<&String> = before.0.keys().chain(after.0.keys()).collect();
        for path in paths {
            let is_told = rows.contains(path.as_str()) || path.starts_with(".secapi/");
            assert!(is_told || before.0.get(path) == after.0.get(path), "{path}");
        }
        self.nothing_is_lost(before, &after);
        self.take_offers(done);
        let is_left = conflicts > 0 || done.codes().contains("secapi::project::orphan");
        let wanted = if is_left {
            Exit::Difference
        } else {
            Exit::Done
        };
        assert_eq!(done.exit, wanted, "{}", done.json["diagnostics"]);
    }

    /// Every patch that says that it applies does, and takes nothing away that somebody wrote.
    pub(super) fn take_offers(&self, done: &Said) {
        let all = done.json["diagnostics"].as_array().into_iter().flatten();
        let told = all.filter(|it| it["code"] == "secapi::project::outgrown");
        let mut is_taken = false;
        for message in told.filter_map(|it| it["message"].as_str()) {
            let path = message.split('`').nth(1).unwrap();
            let patch = format!(".secapi/patches/{path}.patch");
            let text = std::fs::read_to_string(self.project.join(&patch)).unwrap();
            if !text.contains("`git apply` with this patch brings") {
                continue;
            }
            count(&self.seen.offered, 1);
            let before = self.tree();
            let applied = finished(&mut self.git(&["apply", &patch]), "");
            assert_eq!(applied.code, 0, "{}\n{text}", applied.stderr);
            self.nothing_is_lost(&before, &self.tree());
            is_taken = true;
        }
        if is_taken {
            // The next run takes note of it, and changes nothing else.
            let before = self.tree();
            let noted = self.here(&["generate"]);
            assert!(noted.rows().all(|(_, change)| change != "update"));
            let files = |mut tree: Tree| {
                tree.0.retain(|path, _| !path.starts_with(".secapi/"));
                tree
            };
            files(self.tree()).assert_same(&files(before));
        }
    }

    pub(super) fn git(&self, arguments: &[&str]) -> Command {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(&self.project);
        // The folder is in nobody's repository, whatever lies above it.
        git.env("GIT_CEILING_DIRECTORIES", self.project.parent().unwrap());
        git
    }

    pub(super) fn nothing_is_lost(&self, before: &Tree, after: &Tree) {
        let theirs = before
            .0
            .iter()
            .filter(|(path, _)| !path.starts_with(".secapi/"));
        for (path, bytes) in theirs {
            let was = String::from_utf8_lossy(bytes);
            let is = after
                .0
                .get(path)
                .map(|bytes| String::from_utf8_lossy(bytes));
            let (was, is) = (by_hand(&was), by_hand(is.as_deref().unwrap_or_default()));
            count(&self.seen.lines, was.len());
            assert!(was.is_subset(&is), "{path}: {was:?} became {is:?}");
        }
    }

    pub(super) fn a_second_run_changes_nothing(&mut self, resolution: u8) {
        let again = self.only_looks(&["generate"]);
        if again.codes().contains("secapi::project::conflict") {
            assert_eq!(again.exit, Exit::Difference);
            assert_eq!(
                self.only_looks(&["generate", "--check"]).exit,
                Exit::Difference
            );
            for (path, bytes) in self.tree().0 {
                let Ok(mut text) = String::from_utf8(bytes) else {
                    continue;
                };
                // What the tool keeps for itself has nobody's conflicts.
                if !path.starts_with(".secapi/") && has_markers(&text) {
                    resolve(&mut text, resolution);
                    self.write(&path, &text);
                }
            }
            let before = self.tree();
            let settled = self.here(&["generate"]);
            assert_ne!(settled.exit, Exit::Input, "{}", settled.json["diagnostics"]);
            self.nothing_is_lost(&before, &self.tree());
        }
        let again = self.only_looks(&["generate"]);
        for (path, change) in again.rows() {
            assert_eq!(change, "unchanged", "{path}");
        }
        let is_orphaned = again.codes().contains("secapi::project::orphan");
        let wanted = if is_orphaned {
            Exit::Difference
        } else {
            Exit::Done
        };
        assert_eq!(again.exit, wanted, "{}", again.json["diagnostics"]);
        // What waits for somebody is told by `--check`, and so it ends with 3.
        let waits = ["orphan", "deleted", "unmounted", "cargo"];
        let waits = waits.map(|code| format!("secapi::project::{code}"));
        let is_waited_for = waits
            .iter()
            .any(|code| again.codes().contains(code.as_str()));
        let checked = self.only_looks(&["generate", "--check"]);
        let wanted = if is_waited_for {
            Exit::Difference
        } else {
            Exit::Done
        };
        assert_eq!(checked.exit, wanted, "{}", checked.json["diagnostics"]);
    }
}
