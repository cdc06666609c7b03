//! What is yours is never changed. Where its template says something new, an upgrade offers the difference as a patch.

use super::kinds::{has_base, is_ejected, patch_of};
use super::{Before, Next, Plan};
use crate::manifest::{Entry, Hash};
use crate::merge::{self, Merged};
use crate::write::{BadPath, Operation, ProjectPath};

/// Where the patches lie.
pub const PATCH_FOLDER: &str = ".secapi/patches/";

impl Plan {
    /// Offers the difference between what was written here and what would be written now, once. Until it is taken over, what
    /// was written stays the base, so that a later offer has all of it.
    pub(super) fn offer(
        &mut self,
        next: &Next<'_>,
        entry: &Entry,
        before: &Before<'_>,
    ) -> Result<(), BadPath> {
        let is_known = next.hash == entry.hash;
        let yours = before.text(&next.path).filter(|_| !is_known);
        let (Some(yours), true) = (yours, has_base(&next.path, entry.owner, &entry.template))
        else {
            return self.settle(next, before);
        };
        // A file that nobody touched is what its template said.
        let untouched = Hash::of(yours.as_bytes()) == entry.hash;
        let kept = before.base(&next.path, entry)?;
        let base = kept.as_deref().or(untouched.then_some(yours));
        let Some(patch) = patch(&next.path, base, yours, &next.draft.text) else {
            return self.settle(next, before);
        };
        if base.is_none() {
            // Nobody knows what was said before; from now on it is known.
            self.settle(next, before)?;
        } else {
            let merged = Some(next.hash.clone());
            let offered = Entry {
                merged,
                ..entry.clone()
            };
            self.manifest.insert(next.path.clone(), offered);
        }
        if entry.merged.as_ref() == Some(&next.hash) {
            return Ok(());
        }
        let path = patch_of(&next.path)?;
        self.operations.push(Operation {
            expected: before.found.get(&path).cloned(),
            path,
            contents: Some(patch.into()),
        });
        self.offers.push(next.path.clone());
        Ok(())
    }

    /// A file that was handed over and that nobody asks for any more: its owner is told once.
    pub(super) fn leave_handed_over(
        &mut self,
        path: &ProjectPath,
        entry: &Entry,
        now: Option<&Hash>,
    ) {
        if is_ejected(entry) && now.is_some() && !is_told_unneeded(entry) {
            self.unneeded.push(path.clone());
            self.note_unneeded(path, entry);
        }
    }

    /// Notes that somebody was told that nobody asks for this file any more. Where it is asked for again, the note goes.
    pub(super) fn note_unneeded(&mut self, path: &ProjectPath, entry: &Entry) {
        let noted = Entry {
            merged: Some(nothing()),
            ..entry.clone()
        };
        self.manifest.insert(path.clone(), noted);
    }

    /// Nothing of what would be written now is missing in your file.
    fn settle(&mut self, next: &Next<'_>, before: &Before<'_>) -> Result<(), BadPath> {
        let Some(entry) = self.manifest.get(&next.path).cloned() else {
            return Ok(());
        };
        let is_offered = has_base(&next.path, entry.owner, &entry.template);
        let settled = Entry {
            hash: next.hash.clone(),
            merged: None,
            ..entry
        };
        self.manifest.insert(next.path.clone(), settled);
        match is_offered {
            true => self.keep_base(next, before),
            false => Ok(()),
        }
    }
}

/// What the tool would write into a file that nobody asks for.
fn nothing() -> Hash {
    Hash::of(b"")
}

/// Whether somebody was told that nobody asks for this file any more.
pub(crate) fn is_told_unneeded(entry: &Entry) -> bool {
    entry.merged == Some(nothing())
}

/// The patch that brings the template's change into your file; `None` where it is there already.
fn patch(path: &ProjectPath, base: Option<&str>, yours: &str, tools: &str) -> Option<String> {
    let (from, to, remark) = match merge::three_ways(base, yours, tools) {
        Merged::Clean(merged) => (yours, merged, APPLIES),
        // What the template changed was changed by you too: the patch shows what, and does not apply as it is.
        Merged::Conflict(_) => match base {
            Some(base) => (base, tools.to_owned(), TOUCHES),
            None => (yours, tools.to_owned(), UNDOES),
        },
    };
    if from == to {
        return None;
    }
    let mut options = diffy::DiffOptions::new();
    options.set_original_filename(format!("a/{path}"));
    options.set_modified_filename(format!("b/{path}"));
    let patch = options.create_patch(from, &to).to_string();
    Some(format!("{remark}\n{patch}"))
}

const APPLIES: &str = "What secapi would write here changed, by its version or by your spec. `git apply` with this patch brings the change into your file.";
const TOUCHES: &str = "What secapi would write here changed where you changed it too. This is what is new; bring it in by hand.";
const UNDOES: &str = "What secapi would write here changed, and what it said before was not kept. Where this takes something away, it may be yours.";
