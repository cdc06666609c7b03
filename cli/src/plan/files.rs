//! From drafts to changes: what is new, what differs, what was edited by hand, what is in the way.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::{Entry, Hash, Manifest, Owner};
use crate::render::{Draft, Drafts};
use crate::write::{BadPath, Contents, Found, Operation, ProjectPath};

mod edited;
mod kinds;
mod offers;

pub use kinds::{base_of, is_ejected, known_paths, new_paths, texts_needed};
pub use offers::PATCH_FOLDER;
pub(crate) use offers::is_told_unneeded;

use kinds::{Kind, has_base};

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// It is new.
    Create,
    /// It is the tool's, and gets new text.
    Update,
    /// It is the tool's and was edited by hand; the edits stay, and what is new comes beside them.
    Merge,
    /// It is the tool's and was edited by hand where it would change; both stand in it between markers.
    Conflict,
    /// It is the tool's, and is needed no more.
    Delete,
    /// It stays as it is.
    Unchanged,
}

impl Change {
    /// The word in every format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Merge => "merge",
            Self::Conflict => "conflict",
            Self::Delete => "delete",
            Self::Unchanged => "unchanged",
        }
    }
}

/// One line of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The file.
    pub path: ProjectPath,
    /// Whose it is.
    pub owner: Owner,
    /// What happens to it.
    pub change: Change,
}

/// A file that keeps the run from writing anything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Obstacle {
    /// A file that secapi did not write, where it would write one.
    InTheWay(ProjectPath),
    /// A file with the markers of an earlier conflict.
    Unresolved(ProjectPath),
    /// A file of the tool's that was edited by hand, and is no text that could be merged.
    NotText(ProjectPath),
    /// A file of the runtime's source that was edited by hand.
    Vendored(ProjectPath),
    /// A file among the runtime's source that secapi did not put there, by whatever name it has.
    Foreign(String),
}

/// What a run is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Run {
    /// The project follows its spec.
    #[default]
    Generate,
    /// The project follows its spec and this version of the tool: the runtime is replaced, and what is yours gets
    /// offers.
    Upgrade,
}

/// The contents of files that were edited, of their bases, and of what may get an offer.
pub type Texts = BTreeMap<ProjectPath, Vec<u8>>;

/// What a plan starts from.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// What was written before.
    pub manifest: &'a Manifest,
    /// What is there now. Has to cover [`known_paths`] and [`new_paths`].
    pub found: &'a Found,
    /// Has to cover [`texts_needed`].
    pub texts: &'a Texts,
    /// Files of the tool's that get the tool's text whatever is there.
    pub forced: &'a BTreeSet<ProjectPath>,
    /// What the run is for.
    pub run: Run,
    /// The version of the tool.
    pub version: &'a str,
}

/// Everything that a run would do.
#[derive(Debug, Default)]
pub struct Plan {
    /// Every file, by path.
    pub rows: Vec<Row>,
    /// What keeps it from being done.
    pub obstacles: Vec<Obstacle>,
    /// Files of the tool's that were deleted by hand, and stay so.
    pub missing: Vec<ProjectPath>,
    /// Files of yours that generated code needs, and that were deleted by hand.
    pub gone: Vec<ProjectPath>,
    /// Files of the tool's that nobody asks for any more, and that stay because they were edited by hand.
    pub orphans: Vec<ProjectPath>,
    /// Files that were handed over and that nobody asks for any more, of which that was not told yet.
    pub unneeded: Vec<ProjectPath>,
    /// Files of yours with the rules of a resource that the spec has no more: nothing mounts them.
    pub unmounted: Vec<ProjectPath>,
    /// Files of yours for which a patch is written, because what would be written there changed. A run that is no upgrade
    /// writes one for files alone that were the tool's.
    pub offers: Vec<ProjectPath>,
    /// Files of the runtime's source that are gone or were edited by hand. Only an upgrade writes them again.
    pub vendored: Vec<ProjectPath>,
    /// The changes of the disk.
    pub operations: Vec<Operation>,
    /// The manifest afterwards.
    pub manifest: Manifest,
}

/// A draft on its way into the plan.
struct Next<'a> {
    path: ProjectPath,
    draft: &'a Draft,
    hash: Hash,
}

impl Next<'_> {
    fn contents(&self) -> Contents {
        Contents::hashed(self.draft.text.clone(), self.hash.clone())
    }
}

impl Plan {
    /// Compares drafts with what was written before and what is there now.
    ///
    /// # Errors
    /// Where a draft's path is none of a project's.
    pub fn new(drafts: &Drafts, before: &Before<'_>) -> Result<Self, BadPath> {
        let mut plan = Self {
            manifest: before.manifest.clone(),
            ..Self::default()
        };
        let mut wanted = BTreeSet::new();
        for path in &drafts.standing {
            let path = ProjectPath::new(path.as_str())?;
            let entry = before.manifest.get(&path);
            plan.rows.extend(entry.map(|entry| Row {
                path: path.clone(),
                owner: entry.owner,
                change: Change::Unchanged,
            }));
            wanted.insert(path);
        }
        for draft in &drafts.made {
            let path = ProjectPath::new(draft.path.clone())?;
            wanted.insert(path.clone());
            let hash = Hash::of(draft.text.as_bytes());
            plan.add(&Next { path, draft, hash }, before)?;
        }
        for (path, entry) in before.manifest.iter() {
            if !wanted.contains(path) {
                plan.leave(path, entry, before)?;
            }
        }
        if before.run == Run::Upgrade {
            plan.manifest.date(before.version);
        }
        plan.rows.sort_by(|a, b| a.path.cmp(&b.path));
        plan.obstacles.sort();
        Ok(plan)
    }

    /// Whether it would change anything.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.rows.iter().any(|row| row.change != Change::Unchanged)
    }

    /// The files that end up in this way.
    pub fn changed(&self, change: Change) -> impl Iterator<Item = &ProjectPath> {
        let rows = self.rows.iter().filter(move |row| row.change == change);
        rows.map(|row| &row.path)
    }

    fn add(&mut self, next: &Next<'_>, before: &Before<'_>) -> Result<(), BadPath> {
        let now = before.found.get(&next.path);
        let Some(entry) = before.manifest.get(&next.path) else {
            return match now {
                None => self.write(next, Change::Create, before),
                Some(now) if *now == next.hash => self.keep(next, before),
                // A file that later templates have, and that somebody has had already.
                Some(_) if before.run == Run::Upgrade && next.draft.owner == Owner::Yours => Ok(()),
                Some(_) => {
                    self.obstacles.push(Obstacle::InTheWay(next.path.clone()));
                    self.row(next, Change::Unchanged);
                    Ok(())
                }
            };
        };
        if entry.owner == Owner::Yours && now.is_none() {
            return self.yours_is_gone(next, before);
        }
        if entry.owner == Owner::Yours {
            self.row(next, Change::Unchanged);
            // What was the tool's and was handed over follows the spec as its owner lets it; the rest of what is yours is
            // for you, and of later templates.
            return match before.run {
                Run::Generate if !is_ejected(entry) => Ok(()),
                Run::Generate | Run::Upgrade => self.offer(next, entry, before),
            };
        }
        let kind = Kind::of(&next.path);
        let forced = kind == Kind::Remade || before.forced.contains(&next.path);
        match now {
            None if forced || kind == Kind::Vendored => self.write(next, Change::Create, before),
            None => {
                self.missing.push(next.path.clone());
                self.row(next, Change::Unchanged);
                Ok(())
            }
            Some(now) if *now == next.hash => self.keep(next, before),
            Some(_) if forced => self.write(next, Change::Update, before),
            Some(now) if before.is_as_written(&next.path, entry, now)? => {
                self.write(next, Change::Update, before)
            }
            Some(_) if kind == Kind::Vendored => {
                self.obstacles.push(Obstacle::Vendored(next.path.clone()));
                self.row(next, Change::Unchanged);
                Ok(())
            }
            Some(now) => self.edited(next, entry, now, before),
        }
    }

    /// A file of yours that was deleted is not written again, unless somebody asks for it. One that was ejected and deleted
    /// is nobody's any more.
    fn yours_is_gone(&mut self, next: &Next<'_>, before: &Before<'_>) -> Result<(), BadPath> {
        if before.forced.contains(&next.path) {
            return self.write(next, Change::Create, before);
        }
        if next.draft.owner == Owner::Yours && before.run == Run::Generate {
            self.gone.push(next.path.clone());
        }
        Ok(())
    }

    /// The file gets the draft's text.
    fn write(
        &mut self,
        next: &Next<'_>,
        change: Change,
        before: &Before<'_>,
    ) -> Result<(), BadPath> {
        self.row(next, change);
        self.note(next, None, before);
        self.keep_base(next, before)?;
        self.put(next, next.contents(), before);
        Ok(())
    }

    /// The file is as it should be already; only what is known of it may be out of date.
    fn keep(&mut self, next: &Next<'_>, before: &Before<'_>) -> Result<(), BadPath> {
        let entry = before.manifest.get(&next.path);
        let known = entry.is_some_and(|entry| entry.hash == next.hash && entry.merged.is_none());
        // The version stays with the text, until an upgrade says that all of it is of the new one.
        if !known {
            self.note(next, None, before);
        }
        self.row(next, Change::Unchanged);
        self.keep_base(next, before)
    }

    fn row(&mut self, next: &Next<'_>, change: Change) {
        self.rows.push(Row {
            path: next.path.clone(),
            owner: self
                .manifest
                .get(&next.path)
                .map_or(next.draft.owner, |entry| entry.owner),
            change,
        });
    }

    fn note(&mut self, next: &Next<'_>, merged: Option<Hash>, before: &Before<'_>) {
        let entry = Entry {
            owner: next.draft.owner,
            template: next.draft.template.to_owned(),
            hash: next.hash.clone(),
            version: before.version.to_owned(),
            merged,
        };
        self.manifest.insert(next.path.clone(), entry);
    }

    fn put(&mut self, next: &Next<'_>, contents: Contents, before: &Before<'_>) {
        self.operations.push(Operation {
            path: next.path.clone(),
            expected: before.found.get(&next.path).cloned(),
            contents: Some(contents),
        });
    }

    /// Keeps the draft's text for the next merge or the next offer.
    fn keep_base(&mut self, next: &Next<'_>, before: &Before<'_>) -> Result<(), BadPath> {
        if !has_base(&next.path, next.draft.owner, next.draft.template) {
            return Ok(());
        }
        let path = base_of(&next.path)?;
        let expected = before.found.get(&path).cloned();
        if expected.as_ref() != Some(&next.hash) {
            self.operations.push(Operation {
                path,
                expected,
                contents: Some(next.contents()),
            });
        }
        Ok(())
    }

    /// A file of the manifest that nobody asks for any more.
    fn leave(
        &mut self,
        path: &ProjectPath,
        entry: &Entry,
        before: &Before<'_>,
    ) -> Result<(), BadPath> {
        let kind = Kind::of(path);
        let now = before.found.get(path);
        // What is as it was written holds no rule of anybody's.
        if entry.template == RULES && now.is_some_and(|now| *now != entry.hash) {
            self.unmounted.push(path.clone());
        }
        // What was of a resource and is gone with it is new again where a later spec has the resource again.
        let is_forgotten = now.is_none() && is_of_a_resource(&entry.template);
        if entry.owner == Owner::Yours && !is_forgotten {
            self.leave_handed_over(path, entry, now);
            return Ok(());
        }
        if kind == Kind::Vendored && before.run == Run::Generate {
            if now != Some(&entry.hash) {
                self.vendored.push(path.clone());
            }
            return Ok(());
        }
        if let Some(now) = now {
            let is_edited = !before.is_as_written(path, entry, now)? && kind != Kind::Remade;
            if is_edited && kind == Kind::Vendored {
                self.obstacles.push(Obstacle::Vendored(path.clone()));
                return Ok(());
            }
            if is_edited && !before.differs_in_formatting_alone(path, entry)? {
                self.orphans.push(path.clone());
                self.note_unneeded(path, entry);
                self.rows.push(Row {
                    path: path.clone(),
                    owner: entry.owner,
                    change: Change::Unchanged,
                });
                return Ok(());
            }
            self.rows.push(Row {
                path: path.clone(),
                owner: entry.owner,
                change: Change::Delete,
            });
            self.operations.push(removal(path.clone(), now.clone()));
        }
        self.manifest.remove(path);
        let base = base_of(path)?;
        if let Some(now) = before.found.get(&base) {
            self.operations.push(removal(base, now.clone()));
        }
        Ok(())
    }
}

/// The template of the files in which a project says what its resources mean.
const RULES: &str = "src/_resource_.rs";

/// The template of the policies of a resource.
const POLICIES: &str = "policies";

/// Whether a template is written once for each resource.
fn is_of_a_resource(template: &str) -> bool {
    template == POLICIES || template.contains("_resource_")
}

fn removal(path: ProjectPath, now: Hash) -> Operation {
    Operation {
        path,
        expected: Some(now),
        contents: None,
    }
}

#[cfg(test)]
mod tests;
