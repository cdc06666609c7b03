//! A file of the tool's that was edited by hand.

use std::borrow::Cow;

use super::{Before, Change, Next, Obstacle, Plan, base_of};
use crate::manifest::{Entry, Hash};
use crate::merge::{self, Merged};
use crate::write::BadPath;

impl Plan {
    /// Brings the edits of a file together with its next text. An edit is reported as a merge when a run meets it for
    /// the first time, and whenever the file gets new text beside it.
    pub(super) fn edited(
        &mut self,
        next: &Next<'_>,
        entry: &Entry,
        now: &Hash,
        before: &Before<'_>,
    ) -> Result<(), BadPath> {
        let Some(yours) = before.text(&next.path) else {
            self.obstacles.push(Obstacle::NotText(next.path.clone()));
            self.row(next, Change::Unchanged);
            return Ok(());
        };
        if merge::has_markers(yours) {
            self.obstacles.push(Obstacle::Unresolved(next.path.clone()));
            self.row(next, Change::Conflict);
            return Ok(());
        }
        // Where the tool says what it said before, its text is the base.
        let same = (next.hash == entry.hash).then_some(next.draft.text.as_str());
        let kept = before.base(&next.path, entry)?;
        // Where the manifest calls the edited text the tool's, the kept text is nearer to what the tool wrote.
        let contradicts = || before.text(&base_of(&next.path).ok()?).map(Cow::Borrowed);
        let kept = match *now == entry.hash {
            true => kept.or_else(contradicts),
            false => kept,
        };
        let base = same.or(kept.as_deref());
        if base.is_some_and(|base| merge::differ_in_formatting_alone(base, yours)) {
            return self.write(next, Change::Update, before);
        }
        if same.is_some() && entry.merged.as_ref() == Some(now) {
            self.row(next, Change::Unchanged);
            return self.keep_base(next, before);
        }
        match merge::three_ways(base, yours, &next.draft.text) {
            Merged::Clean(text) if text == next.draft.text => {
                self.write(next, Change::Update, before)
            }
            Merged::Clean(text) => {
                let merged = Hash::of(text.as_bytes());
                self.both(next, Change::Merge, text, Some(merged), before)
            }
            Merged::Conflict(text) => self.both(next, Change::Conflict, text, None, before),
        }
    }

    /// The file gets a text that holds both sides.
    fn both(
        &mut self,
        next: &Next<'_>,
        change: Change,
        text: String,
        merged: Option<Hash>,
        before: &Before<'_>,
    ) -> Result<(), BadPath> {
        self.row(next, change);
        self.note(next, merged, before);
        self.keep_base(next, before)?;
        if before.text(&next.path) != Some(text.as_str()) {
            self.put(next, text.into(), before);
        }
        Ok(())
    }
}
