//! From drafts to changes: what is new, what differs, what is in the way.

use std::collections::BTreeSet;

use crate::manifest::{Entry, Hash, Manifest, Owner};
use crate::render::{Draft, VENDOR_FOLDER};
use crate::write::{BadPath, Found, Operation, ProjectPath};

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// It is new.
    Create,
    /// It is the tool's, and gets new text.
    Update,
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// A file of the tool's that was edited by hand.
    Edited(ProjectPath),
    /// A file that secapi did not write, where it would write one.
    InTheWay(ProjectPath),
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
    /// The changes of the disk.
    pub operations: Vec<Operation>,
    /// The manifest afterwards.
    pub manifest: Manifest,
}

/// Files of the tool's that are made again whatever happened to them: nobody writes them by hand.
const REMADE: [&str; 3] = [
    ".secapi/spec.schema.json",
    "openapi.json",
    "policies/schema.cedarschema",
];

/// Where the text is kept that a tool's file had when it was written.
const BASE: &str = ".secapi/base/";

impl Plan {
    /// Compares drafts with what was written before and what is there now. `found` has to cover every
    /// draft and every file of the manifest, and their bases.
    ///
    /// # Errors
    /// Where a draft's path is none of a project's.
    pub fn new(
        drafts: Vec<Draft>,
        manifest: &Manifest,
        found: &Found,
        version: &str,
    ) -> Result<Self, BadPath> {
        let mut plan = Self {
            manifest: manifest.clone(),
            ..Self::default()
        };
        let mut wanted = BTreeSet::new();
        for draft in drafts {
            let path = ProjectPath::new(draft.path.clone())?;
            wanted.insert(path.clone());
            plan.add(path, draft, manifest, found, version)?;
        }
        for (path, entry) in manifest.iter() {
            if !wanted.contains(path) {
                plan.leave(path, entry, found)?;
            }
        }
        plan.rows.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(plan)
    }

    /// Whether it would change anything.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.rows.iter().any(|row| row.change != Change::Unchanged)
    }

    fn add(
        &mut self,
        path: ProjectPath,
        draft: Draft,
        manifest: &Manifest,
        found: &Found,
        version: &str,
    ) -> Result<(), BadPath> {
        let new = Hash::of(draft.text.as_bytes());
        let change = match (manifest.get(&path), found.get(&path)) {
            (Some(entry), _) if entry.owner == Owner::Yours => Change::Unchanged,
            (Some(_), None) if !is_remade(&path) => {
                self.missing.push(path.clone());
                Change::Unchanged
            }
            (_, Some(now)) if *now == new => {
                return self.keep(path, &draft, new, manifest, found, version);
            }
            (Some(entry), Some(now)) if entry.hash != *now && !is_remade(&path) => {
                self.obstacles.push(Obstacle::Edited(path.clone()));
                Change::Unchanged
            }
            (Some(_), Some(_)) => Change::Update,
            (Some(_) | None, None) => Change::Create,
            (None, Some(_)) => {
                self.obstacles.push(Obstacle::InTheWay(path.clone()));
                Change::Unchanged
            }
        };
        self.rows.push(Row {
            path: path.clone(),
            owner: draft.owner,
            change,
        });
        if change != Change::Unchanged {
            self.note(&path, &draft, new, version);
            self.base(&path, &draft, found)?;
            let expected = found.get(&path).cloned();
            self.operations.push(Operation {
                path,
                expected,
                contents: Some(draft.text.into_bytes()),
            });
        }
        Ok(())
    }

    /// The file is as it should be already; only what is known of it may be out of date.
    fn keep(
        &mut self,
        path: ProjectPath,
        draft: &Draft,
        new: Hash,
        manifest: &Manifest,
        found: &Found,
        version: &str,
    ) -> Result<(), BadPath> {
        if manifest.get(&path).is_none_or(|entry| entry.hash != new) {
            self.note(&path, draft, new, version);
            self.base(&path, draft, found)?;
        }
        self.rows.push(Row {
            path,
            owner: draft.owner,
            change: Change::Unchanged,
        });
        Ok(())
    }

    fn note(&mut self, path: &ProjectPath, draft: &Draft, hash: Hash, version: &str) {
        let entry = Entry {
            owner: draft.owner,
            template: draft.template.to_owned(),
            hash,
            version: version.to_owned(),
        };
        self.manifest.insert(path.clone(), entry);
    }

    /// Keeps the text of a file that will be merged one day.
    fn base(&mut self, path: &ProjectPath, draft: &Draft, found: &Found) -> Result<(), BadPath> {
        if !has_base(path, draft.owner) {
            return Ok(());
        }
        let base = base_of(path)?;
        let text = draft.text.as_bytes();
        let expected = found.get(&base).cloned();
        if expected.as_ref() != Some(&Hash::of(text)) {
            self.operations.push(Operation {
                path: base,
                expected,
                contents: Some(text.to_vec()),
            });
        }
        Ok(())
    }

    /// A file of the manifest that nobody asks for any more.
    fn leave(&mut self, path: &ProjectPath, entry: &Entry, found: &Found) -> Result<(), BadPath> {
        if entry.owner == Owner::Yours || path.as_str().starts_with(VENDOR_FOLDER) {
            return Ok(());
        }
        match found.get(path) {
            Some(now) if *now != entry.hash => {
                self.obstacles.push(Obstacle::Edited(path.clone()));
                return Ok(());
            }
            Some(now) => {
                self.rows.push(Row {
                    path: path.clone(),
                    owner: entry.owner,
                    change: Change::Delete,
                });
                self.operations.push(removal(path.clone(), now.clone()));
            }
            None => {}
        }
        self.manifest.remove(path);
        let base = base_of(path)?;
        if let Some(now) = found.get(&base) {
            self.operations.push(removal(base, now.clone()));
        }
        Ok(())
    }
}

/// Every path that [`Plan::new`] has to know about.
///
/// # Errors
/// Where a draft's path is none of a project's.
pub fn paths(drafts: &[Draft], manifest: &Manifest) -> Result<Vec<ProjectPath>, BadPath> {
    let mut out = Vec::new();
    for path in drafts
        .iter()
        .map(|draft| draft.path.as_str())
        .chain(manifest.iter().map(|(path, _)| path.as_str()))
    {
        out.push(ProjectPath::new(path)?);
    }
    out.sort();
    out.dedup();
    let bases: Result<Vec<ProjectPath>, BadPath> = out.iter().map(base_of).collect();
    out.extend(bases?);
    Ok(out)
}

fn removal(path: ProjectPath, now: Hash) -> Operation {
    Operation {
        path,
        expected: Some(now),
        contents: None,
    }
}

fn is_remade(path: &ProjectPath) -> bool {
    REMADE.contains(&path.as_str())
}

fn has_base(path: &ProjectPath, owner: Owner) -> bool {
    owner == Owner::Tool && !is_remade(path) && !path.as_str().starts_with(VENDOR_FOLDER)
}

fn base_of(path: &ProjectPath) -> Result<ProjectPath, BadPath> {
    ProjectPath::new(format!("{BASE}{path}"))
}

#[cfg(test)]
mod tests;
