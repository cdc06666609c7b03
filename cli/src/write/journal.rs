//! What a run is about to do, written down before it does it.

use std::fmt;
use std::path::{Path, PathBuf};

use super::disk::{self, Durable};
use super::{ProjectPath, WriteError};
use crate::manifest::Hash;

/// Steps that take a project from one whole state to the next.
///
/// INVARIANT: every step is idempotent and knows both states of its file, so a journal can be run
/// to its end or back to its start from wherever it was left.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Journal {
    pub(super) steps: Vec<Step>,
}

/// One file. `None` means that there is no file in that state.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) path: ProjectPath,
    pub(super) old: Option<Hash>,
    pub(super) new: Option<Hash>,
}

/// Where staged files and the journal lie.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub(super) root: &'a Path,
}

impl Stage<'_> {
    pub(super) fn folder(&self) -> PathBuf {
        self.root.join(".secapi/stage")
    }

    pub(super) fn new_file(&self, step: usize) -> PathBuf {
        self.folder().join(format!("{step}.new"))
    }

    pub(super) fn old_file(&self, step: usize) -> PathBuf {
        self.folder().join(format!("{step}.old"))
    }

    fn journal(&self) -> PathBuf {
        self.root.join(".secapi/journal")
    }

    /// The journal of a run that was interrupted after its point of no return.
    pub(super) fn load(&self) -> Result<Option<Journal>, WriteError> {
        let Some(bytes) = disk::read(&self.journal())? else {
            return Ok(None);
        };
        let text = String::from_utf8(bytes).map_err(|_| WriteError::BadJournal)?;
        Journal::parse(&text)
            .map(Some)
            .ok_or(WriteError::BadJournal)
    }

    /// The point of no return.
    pub(super) fn save(&self, journal: &Journal) -> Result<(), WriteError> {
        let draft = self.folder().join("journal");
        disk::write(&draft, journal.to_string().as_bytes(), Durable::Yes)?;
        disk::rename(&draft, &self.journal())
    }

    /// The run is over: its traces go. The journal first, for without it the rest means nothing.
    pub(super) fn clear(&self) -> Result<(), WriteError> {
        disk::remove(&self.journal())?;
        disk::remove_all(&self.folder())
    }

    /// Takes every step that is not taken yet.
    pub(super) fn forward(&self, journal: &Journal) -> Result<(), WriteError> {
        for (index, step) in journal.steps.iter().enumerate() {
            let place = disk::locate(self.root, &step.path)?;
            let now = disk::read(&place)?.as_deref().map(Hash::of);
            if now == step.new {
                continue;
            }
            if now != step.old {
                return Err(WriteError::Changed(step.path.clone()));
            }
            self.take(index, step, &place)?;
        }
        Ok(())
    }

    /// Undoes every step that was taken.
    pub(super) fn back(&self, journal: &Journal) -> Result<(), WriteError> {
        for (index, step) in journal.steps.iter().enumerate().rev() {
            // A step whose place cannot be reached is one that could not be taken.
            let Ok(place) = disk::locate(self.root, &step.path) else {
                continue;
            };
            let now = disk::read(&place)?.as_deref().map(Hash::of);
            if now != step.new {
                continue;
            }
            if step.old.is_some() {
                make_parent(&place)?;
                disk::rename(&self.old_file(index), &place)?;
            } else {
                disk::remove(&place)?;
                disk::remove_empty_folders(self.root, &step.path);
            }
        }
        Ok(())
    }

    fn take(&self, index: usize, step: &Step, place: &Path) -> Result<(), WriteError> {
        if step.new.is_some() {
            make_parent(place)?;
            disk::rename(&self.new_file(index), place)
        } else {
            disk::remove(place)?;
            disk::remove_empty_folders(self.root, &step.path);
            Ok(())
        }
    }
}

fn make_parent(place: &Path) -> Result<(), WriteError> {
    place.parent().map_or(Ok(()), disk::make_folder)
}

const FIRST_LINE: &str = "secapi journal 1: old new path";

impl fmt::Display for Journal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{FIRST_LINE}")?;
        for step in &self.steps {
            let word = |hash: &Option<Hash>| hash.as_ref().map_or("-".into(), Hash::to_string);
            writeln!(out, "{} {} {}", word(&step.old), word(&step.new), step.path)?;
        }
        writeln!(out, "end")
    }
}

impl Journal {
    fn parse(text: &str) -> Option<Self> {
        let body = text.strip_prefix(FIRST_LINE)?.strip_prefix('\n')?;
        // A journal is moved into place whole, so a missing end means damage.
        let body = body.strip_suffix("end\n")?;
        let steps = body.lines().map(parse_step).collect::<Option<_>>()?;
        Some(Self { steps })
    }
}

fn parse_step(line: &str) -> Option<Step> {
    let mut words = line.split(' ');
    let old = parse_hash(words.next()?)?;
    let new = parse_hash(words.next()?)?;
    let path = ProjectPath::new(words.next()?).ok()?;
    words.next().is_none().then_some(Step { path, old, new })
}

fn parse_hash(word: &str) -> Option<Option<Hash>> {
    match word {
        "-" => Some(None),
        hex => Hash::parse(hex).map(Some),
    }
}
