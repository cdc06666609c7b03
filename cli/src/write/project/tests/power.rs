//! A power cut at any moment of a run. What was not forced to the disk by then is on it, or not, or torn; of names that were
//! given and taken away any part. Whatever is left, the next run finds the old tree or the new one, and finishes the job.

use std::collections::BTreeMap;

use super::*;
use crate::write::disk::fault::{Done, recorded};

/// A file and whether its bytes are on the disk for good.
struct Held {
    bytes: Vec<u8>,
    is_safe: bool,
}

/// A name that a file was given, or that is nobody's any more.
#[derive(Clone)]
enum Name {
    Given(PathBuf, usize),
    Moved(PathBuf, PathBuf, usize),
    Gone(PathBuf),
}

impl Name {
    /// Whether forcing a folder to the disk makes it last.
    fn is_in(&self, folder: &Path) -> bool {
        let (Self::Given(path, _) | Self::Moved(_, path, _) | Self::Gone(path)) = self;
        path.parent() == Some(folder)
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Given(path, file) => {
                names.insert(path.clone(), *file);
            }
            Self::Moved(from, to, file) => {
                names.remove(from);
                names.insert(to.clone(), *file);
            }
            Self::Gone(path) => {
                names.remove(path);
            }
        }
    }
}

/// What programs see of a disk, and what is on it for good.
#[derive(Default)]
struct Disk {
    files: Vec<Held>,
    names: BTreeMap<PathBuf, usize>,
    safe: BTreeMap<PathBuf, usize>,
    pending: Vec<Name>,
}

impl Disk {
    fn of(root: &Path, tree: &[(String, String)]) -> Self {
        let mut disk = Self::default();
        for (path, text) in tree {
            disk.change(&Done::Wrote(root.join(path), text.clone().into_bytes()));
        }
        disk.change(&Done::SyncedAll);
        disk
    }

    fn change(&mut self, done: &Done) {
        match done {
            Done::Wrote(path, bytes) => {
                let (bytes, is_safe) = (bytes.clone(), false);
                self.files.push(Held { bytes, is_safe });
                self.give(Name::Given(path.clone(), self.files.len() - 1));
            }
            Done::Renamed(from, to) => {
                let file = self.names[from];
                self.give(Name::Moved(from.clone(), to.clone(), file));
            }
            Done::Removed(path) => {
                let gone = self.names.keys().filter(|it| it.starts_with(path));
                for path in gone.cloned().collect::<Vec<_>>() {
                    self.give(Name::Gone(path));
                }
            }
            Done::Synced(path) => match self.names.get(path) {
                Some(file) => self.files[*file].is_safe = true,
                None => self.settle(|name| name.is_in(path)),
            },
            Done::SyncedAll => {
                self.files.iter_mut().for_each(|file| file.is_safe = true);
                self.settle(|_| true);
            }
        }
    }

    fn give(&mut self, name: Name) {
        name.apply(&mut self.names);
        self.pending.push(name);
    }

    fn settle(&mut self, is_forced: impl Fn(&Name) -> bool) {
        let (forced, rest) = self.pending.drain(..).partition(|name| is_forced(name));
        let forced: Vec<Name> = forced;
        forced.iter().for_each(|name| name.apply(&mut self.safe));
        self.pending = rest;
    }

    /// What is found after a power cut that took these names over and no others.
    fn after(&self, takes: impl Fn(usize) -> bool, torn: Torn) -> BTreeMap<PathBuf, &[u8]> {
        let mut names = self.safe.clone();
        let pending = self.pending.iter().enumerate();
        for (_, name) in pending.filter(|(at, _)| takes(*at)) {
            name.apply(&mut names);
        }
        let held = names.into_iter().map(|(path, file)| {
            let Held { bytes, is_safe } = &self.files[file];
            let length = match (is_safe, torn) {
                (true, _) | (_, Torn::Not) => bytes.len(),
                (false, Torn::Half) => bytes.len() / 2,
                (false, Torn::Empty) => 0,
            };
            (path, &bytes[..length])
        });
        held.collect()
    }
}

#[derive(Clone, Copy)]
enum Torn {
    Not,
    Half,
    Empty,
}

/// As good as any: the parts that a cut leaves are chosen by the bits of these.
const CHOICES: [u64; 9] = [
    0,
    u64::MAX,
    0x5555_5555_5555_5555,
    0xaaaa_aaaa_aaaa_aaaa,
    0x0f0f_0f0f_0f0f_0f0f,
    0x9e37_79b9_7f4a_7c15,
    0xc2b2_ae3d_27d4_eb4f,
    0x1656_67b1_9e37_79f9,
    0xd6e8_feb8_6659_fd93,
];

/// Cuts the power at every moment of a commit; how many trees were looked at.
fn cut_everywhere(name: &str, changes: &[Operation], every: usize) -> usize {
    let (folder, made) = sample(name);
    drop(made);
    let project = Project::open(&folder.0).unwrap();
    let old = folder.files();
    let record = recorded(|| project.commit(changes.to_vec(), &manifest("2")).unwrap());
    let new = folder.files();
    drop(project);
    let mut disk = Disk::of(&folder.0, &old);
    let mut looked = 0;
    for (moment, done) in record.iter().enumerate() {
        disk.change(done);
        if moment % every > 0 {
            continue;
        }
        for choice in CHOICES {
            for torn in [Torn::Not, Torn::Half, Torn::Empty] {
                let found = disk.after(|at| choice >> (at % 64) & 1 == 1, torn);
                let left = Folder::new(&format!("{name}-left"));
                for (path, bytes) in found {
                    let place = left.0.join(path.strip_prefix(&folder.0).unwrap());
                    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
                    std::fs::write(place, bytes).unwrap();
                }
                let project = Project::open(&left.0).unwrap();
                assert!(!project.gave_up(), "moment {moment}: nobody has touched it");
                let files = left.files();
                let is_new = files == new;
                assert!(
                    is_new || files == old,
                    "moment {moment}, {choice:x}, after {done:?}: {files:?}"
                );
                assert_eq!(*project.manifest() == manifest("2"), is_new);
                if !is_new {
                    project.commit(changes.to_vec(), &manifest("2")).unwrap();
                    assert_eq!(left.files(), new);
                }
                looked += 1;
            }
        }
    }
    looked
}

#[test]
fn a_power_cut_at_any_moment_leaves_the_old_tree_or_the_new_one() {
    let looked = cut_everywhere("power", &update(), 1);
    assert!(looked > 500, "only {looked}");
}

#[test]
fn so_it_does_where_all_is_forced_to_the_disk_at_once() {
    let more = (0..40).map(|number| change(&format!("more/{number}"), None, Some("more")));
    let changes: Vec<Operation> = update().into_iter().chain(more).collect();
    let looked = cut_everywhere("power-many", &changes, 9);
    assert!(looked > 200, "only {looked}");
}
