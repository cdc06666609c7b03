//! A project's folder: what is in it, and changing it in one step.

use std::collections::{BTreeMap, HashSet};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::disk;
use super::journal::{Journal, Stage, Step};
use super::{Operation, ProjectPath, Stamp, WriteError, settle};
use crate::manifest::{Claims, Hash, Manifest};
use crate::parallel;

/// Where the manifest lies. A folder that has it is a project.
pub const MANIFEST: &str = ".secapi/manifest";

/// A project's folder. The one that may write holds a lock until it is dropped.
#[derive(Debug)]
pub struct Project {
    root: PathBuf,
    manifest: Manifest,
    is_merged: bool,
    gave_up: bool,
    /// Whether it is only being made.
    is_new: bool,
    _lock: Option<File>,
}

/// What the disk holds, by path; a path that is not in it does not exist.
pub type Found = BTreeMap<ProjectPath, Hash>;

impl Project {
    /// Opens an existing project for a command that writes nothing.
    ///
    /// # Errors
    /// Where there is no project, or an interrupted run has to be finished first.
    pub fn read_only(root: &Path) -> Result<Self, WriteError> {
        disk::plain_folder(&root.join(".secapi"))?;
        if Stage::of(root).load()?.is_some() {
            return Err(WriteError::Interrupted);
        }
        let (manifest, is_merged) = load_manifest(root)?;
        Ok(Self {
            root: root.to_owned(),
            manifest,
            is_merged,
            gave_up: false,
            is_new: false,
            _lock: None,
        })
    }

    /// Opens an existing project, and first finishes an interrupted run, or takes it back.
    ///
    /// # Errors
    /// Where there is no project, or another run holds it.
    pub fn open(root: &Path) -> Result<Self, WriteError> {
        disk::plain_folder(&root.join(".secapi"))?;
        if disk::names(&root.join(".secapi"))?.is_empty() {
            return Err(WriteError::NoProject(root.to_owned()));
        }
        let lock = take_lock(root)?;
        let gave_up = recover(root)? == Recovered::Back;
        let (manifest, is_merged) = load_manifest(root)?;
        Ok(Self {
            root: root.to_owned(),
            manifest,
            is_merged,
            gave_up,
            is_new: false,
            _lock: lock,
        })
    }

    /// Starts a project in a folder that is empty or does not exist yet.
    ///
    /// # Errors
    /// Where the folder holds anything, or something else stands in its place.
    pub fn create(root: &Path) -> Result<Self, WriteError> {
        if disk::is_taken(root) {
            return Err(WriteError::NoFolder(root.to_owned()));
        }
        let names = disk::names(root)?;
        disk::plain_folder(&root.join(".secapi"))?;
        // A run that was killed while staging leaves its folder alone behind.
        let own = disk::names(&root.join(".secapi"))?;
        let leftover = names == [".secapi"] && (own.is_empty() || own == ["stage"]);
        if !names.is_empty() && !leftover {
            return Err(WriteError::NotEmpty(root.to_owned()));
        }
        disk::make_folder(&root.join(".secapi"))?;
        let lock = take_lock(root)?;
        recover(root)?;
        Ok(Self {
            root: root.to_owned(),
            manifest: Manifest::default(),
            is_merged: false,
            gave_up: false,
            is_new: true,
            _lock: lock,
        })
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What secapi wrote here before.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Whether the manifest on the disk is that of a merge of two branches, which the next run writes anew.
    #[must_use]
    pub fn is_merged(&self) -> bool {
        self.is_merged
    }

    /// Whether an interrupted run was taken back, because files had changed since.
    #[must_use]
    pub fn gave_up(&self) -> bool {
        self.gave_up
    }

    /// The bytes of one file, or `None` where there is none.
    ///
    /// # Errors
    /// Where a link stands on the way, or the disk fails.
    pub fn read(&self, path: &ProjectPath) -> Result<Option<Vec<u8>>, WriteError> {
        disk::read(&disk::locate(&self.root, path)?)
    }

    /// The names in a folder that are UTF-8; none where there is no folder.
    ///
    /// # Errors
    /// As [`Project::read`].
    pub fn names(&self, folder: &ProjectPath) -> Result<Vec<String>, WriteError> {
        let names = disk::names(&disk::locate(&self.root, folder)?)?;
        let utf8 = names.into_iter().filter_map(|name| name.into_string().ok());
        Ok(utf8.collect())
    }

    /// Every file below a folder, with `/` between the names. A name that is no UTF-8 is shown with replacements; what is
    /// neither file nor folder counts as a file.
    ///
    /// # Errors
    /// As [`Project::read`].
    pub fn files_below(&self, folder: &ProjectPath) -> Result<Vec<String>, WriteError> {
        disk::plain_folder(&disk::locate(&self.root, folder)?)?;
        let mut out = Vec::new();
        let mut open = vec![folder.to_string()];
        while let Some(folder) = open.pop() {
            let place = self.root.join(&folder);
            for name in disk::names(&place)? {
                let path = format!("{folder}/{}", name.to_string_lossy());
                if disk::is_folder(&place.join(&name))? {
                    open.push(path);
                } else {
                    out.push(path);
                }
            }
        }
        out.sort();
        Ok(out)
    }

    /// What of these files exists, and what it holds.
    ///
    /// # Errors
    /// As [`Project::read`].
    pub fn survey<'a>(
        &self,
        paths: impl IntoIterator<Item = &'a ProjectPath>,
    ) -> Result<Found, WriteError> {
        let (mut places, mut plain) = (Vec::new(), HashSet::new());
        for path in paths {
            places.push((path, disk::locate_among(&self.root, path, &mut plain)?));
        }
        let held = parallel::map(&places, |(path, place)| {
            let bytes = disk::read(place)?;
            Ok(bytes.map(|bytes| ((*path).clone(), Hash::of(&bytes))))
        });
        let found: Result<Vec<_>, WriteError> = held.into_iter().collect();
        Ok(found?.into_iter().flatten().collect())
    }

    /// Does all of it, and notes `manifest`; or nothing.
    ///
    /// # Errors
    /// Where a file is not as expected or the disk fails; everything is as before then.
    pub fn commit(
        &self,
        mut changes: Vec<Operation>,
        manifest: &Manifest,
    ) -> Result<(), WriteError> {
        changes.extend(self.manifest_change(manifest)?);
        if changes.is_empty() {
            return Ok(());
        }
        let stage = self.stage_of();
        let done = self.stage(changes).and_then(|journal| {
            stage.forward(&journal).inspect_err(|_| {
                // Where going back fails too, the journal stays, and the next run goes forward.
                let _ = stage.back(&journal).and_then(|()| stage.clear());
            })
        });
        match done {
            Ok(()) => stage.clear(),
            Err(error) => Err(error),
        }
    }

    fn stage_of(&self) -> Stage<'_> {
        match self.is_new {
            true => Stage::of_new(&self.root),
            false => Stage::of(&self.root),
        }
    }

    /// Writes every new file beside the tree, then the journal. The tree is not touched.
    fn stage(&self, changes: Vec<Operation>) -> Result<Journal, WriteError> {
        let stage = self.stage_of();
        disk::make_folder(&stage.folder())?;
        let staged = self
            .steps(&stage, changes)
            .map(|steps| Journal { steps })
            .and_then(|journal| stage.save(&journal).map(|()| journal));
        if staged.is_err() {
            let _ = stage.clear();
        }
        staged
    }

    /// What is there is looked at while what is to be there is written.
    fn steps(&self, stage: &Stage<'_>, changes: Vec<Operation>) -> Result<Vec<Step>, WriteError> {
        let places = changes.iter().map(|it| disk::locate(&self.root, &it.path));
        let places = places.collect::<Result<Vec<_>, _>>()?;
        let all = || changes.iter().zip(&places).enumerate();
        for (index, (change, place)) in all() {
            if change.expected.is_some() && disk::metadata(place)?.is_some() {
                disk::keep(place, &stage.old_file(index))?;
            }
        }
        let now = SystemTime::now();
        let (seen, written) = parallel::both(
            || {
                let seen = all().map(|(_, (change, place))| seen(change, place, now));
                seen.collect::<Result<Vec<_>, _>>()
            },
            || all().try_for_each(|(index, it)| put_beside(stage, index, it)),
        );
        // Whatever else went wrong: a file that is not as it was planned for is what is to be told.
        let seen = seen?;
        written?;
        let steps = changes.into_iter().zip(seen);
        Ok(steps
            .map(|(change, seen)| Step {
                path: change.path,
                old: change.expected,
                new: change.contents.map(|contents| contents.hash().clone()),
                seen,
            })
            .collect())
    }

    fn manifest_change(&self, manifest: &Manifest) -> Result<Option<Operation>, WriteError> {
        let path = manifest_path()?;
        let old = self.read(&path)?;
        let new = manifest.to_string();
        if old.as_deref() == Some(new.as_bytes()) {
            return Ok(None);
        }
        Ok(Some(Operation {
            path,
            expected: old.as_deref().map(Hash::of),
            contents: Some(new.into()),
        }))
    }

    /// Takes back [`Project::create`] after a failure: an empty project is no project.
    pub fn abandon(self) {
        for folder in [self.root.join(".secapi"), self.root.clone()] {
            disk::remove_if_empty(&folder);
        }
    }
}

fn manifest_path() -> Result<ProjectPath, WriteError> {
    ProjectPath::new(MANIFEST).map_err(|_| WriteError::BadJournal)
}

/// What tells the file of a change from what it will be when somebody writes to it from now on, after making sure that it is as
/// the change expects it.
fn seen(change: &Operation, place: &Path, now: SystemTime) -> Result<Option<Stamp>, WriteError> {
    // Asked before the file is read: what is written in between does not have it.
    let stamp = Stamp::at(place)?;
    if disk::read(place)?.as_deref().map(Hash::of) != change.expected {
        return Err(WriteError::Changed(change.path.clone()));
    }
    Ok(stamp.filter(|stamp| stamp.is_changed_before(now)))
}

/// Writes what a file will hold where it is put into place from.
fn put_beside(
    stage: &Stage<'_>,
    index: usize,
    (change, place): (&Operation, &PathBuf),
) -> Result<(), WriteError> {
    let Some(contents) = &change.contents else {
        return Ok(());
    };
    disk::write(&stage.new_file(index), contents.bytes())?;
    match disk::metadata(place)? {
        Some(_) => disk::copy_mode(place, &stage.new_file(index)),
        None => Ok(()),
    }
}

/// The manifest, and whether it is that of a merge.
fn load_manifest(root: &Path) -> Result<(Manifest, bool), WriteError> {
    let place = disk::locate(root, &manifest_path()?)?;
    let bytes = disk::read(&place)?.ok_or_else(|| WriteError::NoProject(root.to_owned()))?;
    let text = String::from_utf8_lossy(&bytes);
    let claims = Claims::parse(&text).map_err(WriteError::BadManifest)?;
    let is_merge = claims.is_merge();
    let manifest = claims.settle(|path, entries| settle::decided(root, path, entries))?;
    Ok((manifest, is_merge))
}

/// What became of an interrupted run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Recovered {
    /// It is finished, or there was none.
    Forward,
    /// It is taken back.
    Back,
}

/// Finishes an interrupted run. Where that would overwrite what somebody has done since, or what it has staged is lost, the
/// run is taken back instead, and the next plan meets what it finds as it meets every edit.
fn recover(root: &Path) -> Result<Recovered, WriteError> {
    let stage = Stage::of(root);
    let mut recovered = Recovered::Forward;
    if let Some(journal) = stage.load()? {
        if stage.can_go_forward(&journal)? {
            stage.forward(&journal)?;
        } else {
            stage.back(&journal)?;
            recovered = Recovered::Back;
        }
    }
    stage.clear()?;
    Ok(recovered)
}

/// How often, and after how long a pause, a lock is asked for that somebody holds: a second in all. A program that is about
/// to start another one holds all its locks twice for a moment, so one that was let go may seem to be held.
const ATTEMPTS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(20);

/// Two runs at once would stage over each other. The lock ends with the process, however it ends.
fn take_lock(root: &Path) -> Result<Option<File>, WriteError> {
    // Not every system gives a handle of a folder; there the lock is left out.
    let Ok(folder) = File::open(root.join(".secapi")) else {
        return Ok(None);
    };
    for _ in 0..ATTEMPTS {
        match folder.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(Some(folder)),
        }
    }
    Err(WriteError::Busy)
}

#[cfg(test)]
mod tests;
