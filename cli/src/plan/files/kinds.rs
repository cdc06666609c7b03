//! What is done with a file by its place, and what has to be read before a plan can be made.

use std::borrow::Cow;

use super::{Before, PATCH_FOLDER, Run, Texts};
use crate::manifest::{Entry, Hash, Manifest, Owner};
use crate::merge;
use crate::plan::{DOCUMENT, DOCUMENT_TEMPLATE};
use crate::render::{Drafts, VENDOR_FOLDER};
use crate::write::{BadPath, Found, ProjectPath};

/// Files of the tool's that are made again whatever happened to them: nobody writes them by hand.
const REMADE: [&str; 3] = [
    ".secapi/spec.schema.json",
    DOCUMENT,
    "policies/schema.cedarschema",
];

/// Yours from the first line on: no later template has anything to say about them.
const WITHOUT_OFFERS: [&str; 4] = ["policies", "secapi.yaml", "migration", "Cargo.lock"];

/// What is done with a file of the tool's that was edited by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is merged.
    Merged,
    /// It is made again.
    Remade,
    /// It stops an upgrade, and nothing else cares for it.
    Vendored,
}

impl Kind {
    pub(super) fn of(path: &ProjectPath) -> Self {
        if REMADE.contains(&path.as_str()) {
            Self::Remade
        } else if path.as_str().starts_with(VENDOR_FOLDER) {
            Self::Vendored
        } else {
            Self::Merged
        }
    }
}

/// Whether the text is kept that this file has when it is written: for merges, or for offers.
pub(super) fn has_base(path: &ProjectPath, owner: Owner, template: &str) -> bool {
    match owner {
        Owner::Tool => Kind::of(path) == Kind::Merged,
        Owner::Yours => !WITHOUT_OFFERS.contains(&template),
    }
}

/// The templates of what is the tool's and may be handed over: folders, and a document.
const TOOLS: [&str; 3] = ["src/generated/", "tests/security/", DOCUMENT_TEMPLATE];

/// Whether a file was the tool's and was handed over: what would be written there still follows the spec.
#[must_use]
pub fn is_ejected(entry: &Entry) -> bool {
    let mut templates = TOOLS.iter();
    entry.owner == Owner::Yours && templates.any(|it| entry.template.starts_with(it))
}

/// Where the text of a file is kept that it had when it was written.
///
/// # Errors
/// Never for a path of a project.
pub fn base_of(path: &ProjectPath) -> Result<ProjectPath, BadPath> {
    path.base()
}

/// Every path of which [`super::Plan::new`] has to know what it holds, whatever drafts there will be.
///
/// # Errors
/// Never for the paths of a manifest.
pub fn known_paths(manifest: &Manifest) -> Result<Vec<ProjectPath>, BadPath> {
    let mut out = Vec::new();
    for (path, entry) in manifest.iter() {
        out.push(path.clone());
        out.push(base_of(path)?);
        if entry.owner == Owner::Yours {
            out.push(patch_of(path)?);
        }
    }
    Ok(out)
}

/// The same of drafts that the manifest does not know.
///
/// # Errors
/// Where a draft's path is none of a project's.
pub fn new_paths(drafts: &Drafts, manifest: &Manifest) -> Result<Vec<ProjectPath>, BadPath> {
    let mut out = Vec::new();
    for draft in &drafts.made {
        let path = ProjectPath::new(draft.path.clone())?;
        if manifest.get(&path).is_none() {
            out.push(base_of(&path)?);
            out.push(path);
        }
    }
    Ok(out)
}

/// Where the patch for a file of yours lies.
pub(super) fn patch_of(path: &ProjectPath) -> Result<ProjectPath, BadPath> {
    ProjectPath::new(format!("{PATCH_FOLDER}{path}.patch"))
}

/// Every path of which [`super::Plan::new`] needs the contents: what was edited, what was handed over, and their bases.
///
/// # Errors
/// Never for the paths of a manifest.
pub fn texts_needed(
    manifest: &Manifest,
    found: &Found,
    run: Run,
) -> Result<Vec<ProjectPath>, BadPath> {
    let mut out = Vec::new();
    for (path, entry) in manifest.iter() {
        let is_another = |path| found.get(path).is_some_and(|now| *now != entry.hash);
        let is_doubtful =
            is_another(path) || (found.contains_key(path) && is_another(&base_of(path)?));
        let is_needed = match entry.owner {
            Owner::Tool => is_doubtful && Kind::of(path) == Kind::Merged,
            Owner::Yours => {
                let is_asked = run == Run::Upgrade || is_ejected(entry);
                is_asked && has_base(path, entry.owner, &entry.template)
            }
        };
        if is_needed {
            out.push(path.clone());
            out.push(base_of(path)?);
        }
    }
    Ok(out)
}

impl<'a> Before<'a> {
    /// What a file holds; `None` where it is no text or is not there.
    pub(super) fn text(&self, path: &ProjectPath) -> Option<&'a str> {
        text(self.texts, path)
    }

    /// What a file held when the tool wrote it; `None` where that is lost.
    pub(super) fn base(
        &self,
        path: &ProjectPath,
        entry: &Entry,
    ) -> Result<Option<Cow<'a, str>>, BadPath> {
        let base = text(self.texts, &base_of(path)?);
        // A base that is not what was written would turn edits into text of the tool's. git may have ended its lines in
        // another way, or left both sides of a merge in it.
        let is_written = |base: &Cow<'_, str>| Hash::of(base.as_bytes()) == entry.hash;
        let readings = base.into_iter().flat_map(|base| {
            let ends = Cow::Owned(merge::ended_in_one(base));
            merge::readings(base).into_iter().chain([ends])
        });
        Ok(readings.into_iter().find(is_written))
    }

    /// Whether a file is what the tool wrote: what the manifest says, unless the kept text says that it was another. A line
    /// of the manifest can be wrong, as after a merge by hand, and would turn edits into text of the tool's.
    pub(super) fn is_as_written(
        &self,
        path: &ProjectPath,
        entry: &Entry,
        now: &Hash,
    ) -> Result<bool, BadPath> {
        let is_noted = *now == entry.hash;
        let has_base = has_base(path, entry.owner, &entry.template);
        if !is_noted || !has_base || !self.found.contains_key(&base_of(path)?) {
            return Ok(is_noted);
        }
        let is_same = self.found.get(&base_of(path)?) == Some(&entry.hash);
        Ok(is_same || self.base(path, entry)?.is_some())
    }

    /// Whether the file was edited in its formatting and in nothing else.
    pub(super) fn differs_in_formatting_alone(
        &self,
        path: &ProjectPath,
        entry: &Entry,
    ) -> Result<bool, BadPath> {
        let (base, now) = (self.base(path, entry)?, self.text(path));
        let both = base.zip(now);
        Ok(both.is_some_and(|(base, now)| merge::differ_in_formatting_alone(&base, now)))
    }
}

fn text<'a>(texts: &'a Texts, path: &ProjectPath) -> Option<&'a str> {
    texts
        .get(path)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .filter(|text| !text.contains('\0'))
}
