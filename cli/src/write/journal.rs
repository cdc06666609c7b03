//! What a run is about to do, written down before it does it.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use super::disk;
use super::{ProjectPath, Stamp, WriteError};
use crate::manifest::Hash;

/// Steps that take a project from one whole state to the next.
///
/// INVARIANT: every step is idempotent and knows both states of its file, so a journal can be run
/// to its end or back to its start from wherever it was left, as long as nobody has touched what it is about.
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
    /// What told the file in its old state from what it is after any change. Known to the run that looked at it, and not written
    /// down.
    pub(super) seen: Option<Stamp>,
}

/// Where staged files and the journal lie.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    root: &'a Path,
    /// Whether the project is only being made: then there is nothing that a power cut could take, and whoever has one makes
    /// it again.
    is_new: bool,
}

impl<'a> Stage<'a> {
    pub(super) fn of(root: &'a Path) -> Self {
        let is_new = false;
        Self { root, is_new }
    }

    pub(super) fn of_new(root: &'a Path) -> Self {
        let is_new = true;
        Self { root, is_new }
    }

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

    /// The point of no return. What the journal names is on the disk before the journal is, and that before any step is taken:
    /// whatever a power cut leaves, the run can be finished or taken back.
    pub(super) fn save(&self, journal: &Journal) -> Result<(), WriteError> {
        let draft = self.folder().join("journal");
        disk::write(&draft, journal.to_string().as_bytes())?;
        let mut staged = BTreeSet::from([self.folder(), draft.clone()]);
        for (index, step) in journal.steps.iter().enumerate() {
            staged.extend(step.new.as_ref().map(|_| self.new_file(index)));
            staged.extend(step.old.as_ref().map(|_| self.old_file(index)));
        }
        self.force(&staged)?;
        disk::rename(&draft, &self.journal())?;
        self.force(&BTreeSet::from([self.root.join(".secapi")]))
    }

    /// The run is over: its traces go. The journal first, for without it the rest means nothing; and it is gone from the disk
    /// before anything else happens, or a finished run would come back to files that somebody has edited since.
    pub(super) fn clear(&self) -> Result<(), WriteError> {
        disk::remove(&self.journal())?;
        self.force(&BTreeSet::from([self.root.join(".secapi")]))?;
        disk::remove_all(&self.folder())
    }

    fn force(&self, paths: &BTreeSet<PathBuf>) -> Result<(), WriteError> {
        match self.is_new {
            true => Ok(()),
            false => disk::sync(paths),
        }
    }

    /// Forces the steps that were taken to the disk, before the journal goes: the folders of their files, and those that came
    /// or went with them.
    fn sync(&self, journal: &Journal) -> Result<(), WriteError> {
        let mut folders = BTreeSet::from([self.root.to_owned()]);
        for step in &journal.steps {
            folders.extend(step.path.folders().map(|folder| self.root.join(folder)));
        }
        self.force(&folders)
    }

    /// Whether every step is taken, or can be: each file is as the run found it or as it leaves it, and what is to be put
    /// there still lies beside it, whole.
    pub(super) fn can_go_forward(&self, journal: &Journal) -> Result<bool, WriteError> {
        for (index, step) in journal.steps.iter().enumerate() {
            let now = self.now(step)?;
            let is_there = || match &step.new {
                Some(new) => holds(&self.new_file(index), new),
                None => Ok(true),
            };
            let is_taken = now.as_ref() == Some(&step.new);
            let can_be = || Ok(now.as_ref() == Some(&step.old) && is_there()?);
            if !is_taken && !can_be()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Takes every step that is not taken yet.
    pub(super) fn forward(&self, journal: &Journal) -> Result<(), WriteError> {
        for (index, step) in journal.steps.iter().enumerate() {
            let place = disk::locate(self.root, &step.path)?;
            let is_seen = step.seen.is_some() && Stamp::at(&place)? == step.seen;
            let now = match is_seen {
                true => step.old.clone(),
                false => disk::read(&place)?.as_deref().map(Hash::of),
            };
            if now == step.new {
                continue;
            }
            if now != step.old {
                return Err(WriteError::Changed(step.path.clone()));
            }
            self.take(index, step, &place)?;
        }
        self.sync(journal)
    }

    /// Undoes every step that was taken, from the last to the first. What somebody has changed since is not touched, and what
    /// stood there before and is lost cannot come back: such a file stays as the run left it, as it is in a run that has
    /// nothing to do there.
    pub(super) fn back(&self, journal: &Journal) -> Result<(), WriteError> {
        for (index, step) in journal.steps.iter().enumerate().rev() {
            if self.now(step)?.as_ref() != Some(&step.new) {
                continue;
            }
            let place = self.root.join(step.path.as_str());
            match &step.old {
                Some(old) if holds(&self.old_file(index), old)? => {
                    make_parent(&place)?;
                    disk::rename(&self.old_file(index), &place)?;
                }
                // The records come last. Where they speak of what the run did, all of it stays: migrations that they
                // count among it.
                Some(_) if step.path.is_record() => break,
                // A base that goes with another text than that of its file would turn the one's lines into edits of the
                // other. Without one, nothing is taken for anybody's.
                Some(_) if !step.path.is_base() => {}
                _ => {
                    disk::remove(&place)?;
                    disk::remove_empty_folders(self.root, &step.path);
                }
            }
        }
        self.sync(journal)
    }

    /// What a step's file holds now: `Some(None)` where there is none, and `None` where something else stands in its place,
    /// or on the way to it.
    fn now(&self, step: &Step) -> Result<Option<Option<Hash>>, WriteError> {
        let place = disk::locate(self.root, &step.path);
        match place.and_then(|place| disk::read(&place)) {
            Ok(bytes) => Ok(Some(bytes.as_deref().map(Hash::of))),
            Err(WriteError::NotPlain(_)) => Ok(None),
            Err(error) => Err(error),
        }
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

/// Whether a staged file is there, whole.
fn holds(staged: &Path, hash: &Hash) -> Result<bool, WriteError> {
    let bytes = disk::read(staged)?;
    Ok(bytes.is_some_and(|bytes| Hash::of(&bytes) == *hash))
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
    words.next().is_none().then_some(Step {
        path,
        old,
        new,
        seen: None,
    })
}

fn parse_hash(word: &str) -> Option<Option<Hash>> {
    match word {
        "-" => Some(None),
        hex => Hash::parse(hex).map(Some),
    }
}
