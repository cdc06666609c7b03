//! What the files of generated Rust and the parts of the API's document were made from, which policies were sound and which
//! migrations ran: a run after a small change makes and tries what the change is about, and takes the rest as it stands.
//!
//! The note saves time and nothing else, as that of [`super::settled`] does. What it says of a file counts where the very
//! build of the tool has written it, and where the file, its base and the manifest all hold the text that it names; policies
//! and migrations are named by all that decides about them. `--check` never reads it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::failure::{bug, of_write_error};
use super::{Report, Session};
use crate::manifest::{Entry, Hash, Manifest, Owner};
use crate::openapi::{Document, Places};
use crate::plan::DOCUMENT;
use crate::render::{Drafts, Standing};
use crate::write::{BadPath, Found, Project, ProjectPath};

const NAME: &str = "views.json";

/// What an earlier run noted.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Views {
    /// The very build of the tool.
    build: String,
    made: Made,
}

/// What was made of what.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Made {
    /// Each file by its path: the hash of what it was made from, and that of what came of it.
    files: BTreeMap<String, (Hash, Hash)>,
    /// The document of the API, and its parts.
    document: Option<(Hash, Places)>,
    /// The name of policies without an error, and of all that they see.
    pub(super) policies: Option<String>,
    /// The name of a chain of migrations that runs.
    pub(super) chain: Option<Hash>,
}

/// What an earlier run of this build noted here; `None` where nobody knows.
pub(super) fn noted(project: &Project, session: &Session<'_>) -> Option<Views> {
    let (build, notes) = session.notes(project)?;
    let views: Views = serde_json::from_slice(&notes.read(NAME)?).ok()?;
    (views.build == build.identity).then_some(views)
}

impl Views {
    /// The policies that are sound.
    pub(super) fn policies(&self) -> Option<&str> {
        self.made.policies.as_deref()
    }

    /// The migrations that run.
    pub(super) fn chain(&self) -> Option<&Hash> {
        self.made.chain.as_ref()
    }

    /// What is as it was made.
    pub(super) fn standing(
        &self,
        project: &Project,
        found: &Found,
    ) -> Result<Standing, Box<Report>> {
        let mut standing = Standing::default();
        for (path, entry) in project.manifest().iter() {
            let made = self.made.files.get(path.as_str());
            if let Some((from, text)) = made
                && is_as_made(path, entry, text, found).map_err(|error| Box::new(bug(error)))?
            {
                standing.made_from.insert(path.to_string(), from.clone());
            }
        }
        standing.document = self.document(project, found)?.unwrap_or_default();
        Ok(standing)
    }

    /// The document, where it is the one whose parts were noted. It is large, and `found` knows what it holds: whoever changes
    /// it in this very moment is met when the run writes it.
    fn document(&self, project: &Project, found: &Found) -> Result<Option<Document>, Box<Report>> {
        let path = ProjectPath::new(DOCUMENT).map_err(|error| Box::new(bug(error)))?;
        let noted = self.made.document.as_ref();
        let Some((_, parts)) = noted.filter(|(text, _)| found.get(&path) == Some(text)) else {
            return Ok(None);
        };
        let bytes = project.read(&path);
        let bytes = bytes.map_err(|error| Box::new(of_write_error(&error)))?;
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(text.map(|text| Document {
            text,
            parts: parts.clone(),
        }))
    }
}

/// Whether a run that made this text would change nothing.
fn is_as_made(
    path: &ProjectPath,
    entry: &Entry,
    text: &Hash,
    found: &Found,
) -> Result<bool, BadPath> {
    let holds = |path: &ProjectPath| found.get(path) == Some(text);
    let is_noted = entry.owner == Owner::Tool && entry.hash == *text && entry.merged.is_none();
    Ok(is_noted && holds(path) && holds(&path.base()?))
}

/// What is to be noted of these files, with the manifest that the run leaves: those that stand were noted `before`.
pub(super) fn of(drafts: &Drafts, manifest: &Manifest, before: Option<&Views>) -> Made {
    let made = drafts.made.iter().filter_map(|draft| {
        let from = drafts.made_from.get(&draft.path)?.clone();
        let text = Hash::of(draft.text.as_bytes());
        Some((draft.path.clone(), (from, text)))
    });
    let standing = drafts.standing.iter().filter_map(|path| {
        let noted = before?.made.files.get(path)?;
        Some((path.clone(), noted.clone()))
    });
    // It is made again whatever happened to it, so the manifest has the hash of this very one.
    let document = ProjectPath::new(DOCUMENT).ok();
    let document = document.and_then(|path| manifest.get(&path));
    let document = document.filter(|entry| entry.owner == Owner::Tool);
    let document = document.map(|entry| entry.hash.clone());
    Made {
        files: made.chain(standing).collect(),
        document: document.map(|text| (text, drafts.document.clone())),
        ..Made::default()
    }
}

/// Notes what a run has made. That it cannot be noted is no mistake.
pub(super) fn note(project: &Project, session: &Session<'_>, made: Made) {
    let Some((build, notes)) = session.notes(project) else {
        return;
    };
    let build = build.identity.clone();
    if let Ok(text) = serde_json::to_string(&Views { build, made }) {
        let _ = notes.keep(NAME, &text);
    }
}
