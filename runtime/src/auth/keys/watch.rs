//! Watching the folder of keys: a short look at it every second or so.
//!
//! Looking is cheap for a folder of a few files, and sees what events of the file system do not tell everywhere: a mounted
//! volume, a network file system, a symlink that is swapped somewhere on the way (a `..data` of Kubernetes), a folder that
//! was replaced as a whole. A file that was written while it was read has another size or time at the next look.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::Keyring;

/// So many entries of the folder are looked at; there are fewer keys in any that can be loaded.
const MOST_ENTRIES: usize = 1024;

/// What one look has found.
#[derive(Debug)]
pub(crate) enum Look {
    /// Nothing that was not known.
    Same,
    /// The folder can be read, and has changed or was never read.
    Ring(Box<Keyring>),
    /// The folder cannot be taken over as it is; told once, and again when the reasons change.
    Broken(Vec<String>),
}

/// What is known of the folder.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    seen: Option<Vec<Sighting>>,
    problems: Vec<String>,
}

impl Watch {
    /// Looks at the folder; `load` reads it where it has changed, and says everything that is wrong with it.
    pub(crate) fn look(
        &mut self,
        folder: &Path,
        load: impl FnOnce() -> Result<Keyring, Vec<String>>,
    ) -> Look {
        // Before the keys are read: what changes meanwhile differs from this at the next look.
        let now = sightings(folder);
        if self.problems.is_empty() && self.seen.as_ref() == Some(&now) {
            return Look::Same;
        }
        self.seen = Some(now);
        match load() {
            Ok(ring) => {
                self.problems.clear();
                Look::Ring(Box::new(ring))
            }
            Err(problems) if problems == self.problems => Look::Same,
            Err(problems) => {
                self.problems.clone_from(&problems);
                Look::Broken(problems)
            }
        }
    }
}

/// One entry of the folder, with what its target is now.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Sighting {
    name: OsString,
    target: Option<Target>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    length: u64,
    modified: Option<SystemTime>,
    /// Device, inode, mode, owner and time of the last change of any of them.
    identity: [i64; 6],
}

fn sightings(folder: &Path) -> Vec<Sighting> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<Sighting> = entries
        .flatten()
        .take(MOST_ENTRIES)
        .map(|entry| Sighting {
            name: entry.file_name(),
            // Through symlinks: what they point to is what is read.
            target: fs::metadata(entry.path()).ok().map(|facts| Target {
                length: facts.len(),
                modified: facts.modified().ok(),
                identity: identity(&facts),
            }),
        })
        .collect();
    found.sort();
    found
}

#[cfg(unix)]
fn identity(facts: &fs::Metadata) -> [i64; 6] {
    use std::os::unix::fs::MetadataExt as _;
    [
        facts.dev().cast_signed(),
        facts.ino().cast_signed(),
        facts.mode().into(),
        facts.uid().into(),
        facts.ctime(),
        facts.ctime_nsec(),
    ]
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> [i64; 6] {
    [0; 6]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Folder;
    use crate::value::Timestamp;

    fn load(folder: &Path) -> Result<Keyring, Vec<String>> {
        let sentences = |errors: Vec<crate::auth::keys::KeyError>| {
            errors.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        Keyring::load(folder).map_err(sentences)
    }

    fn key(folder: &Path, second: i64) {
        Keyring::create(folder, Timestamp::from_millis(second * 1000)).unwrap();
    }

    /// How many keys the look found; nothing where there was nothing new.
    fn look(watch: &mut Watch, folder: &Path) -> Option<usize> {
        match watch.look(folder, || load(folder)) {
            Look::Same => None,
            Look::Ring(ring) => Some(ring.iter().count()),
            Look::Broken(problems) => panic!("{problems:?}"),
        }
    }

    fn is_broken(watch: &mut Watch, folder: &Path) -> bool {
        matches!(watch.look(folder, || load(folder)), Look::Broken(_))
    }

    #[test]
    fn what_is_added_and_removed_is_seen_once() {
        let folder = Folder::new();
        let mut watch = Watch::default();
        key(folder.path(), 1);
        assert_eq!(look(&mut watch, folder.path()), Some(1));
        assert_eq!(look(&mut watch, folder.path()), None);
        key(folder.path(), 2);
        assert_eq!(look(&mut watch, folder.path()), Some(2));
        assert_eq!(look(&mut watch, folder.path()), None);
        fs::remove_file(folder.path().join("19700101T000001.000Z.pem")).unwrap();
        assert_eq!(look(&mut watch, folder.path()), Some(1));
        assert_eq!(look(&mut watch, folder.path()), None);
    }

    #[test]
    fn what_is_broken_is_told_once_and_read_again_when_it_is_mended() {
        let folder = Folder::new();
        let mut watch = Watch::default();
        key(folder.path(), 1);
        assert_eq!(look(&mut watch, folder.path()), Some(1));
        let broken = folder.path().join("z.pem");
        fs::write(&broken, "half a k").unwrap();
        assert!(is_broken(&mut watch, folder.path()));
        assert_eq!(look(&mut watch, folder.path()), None);
        // Another reason is told again.
        fs::rename(&broken, folder.path().join("y.pem")).unwrap();
        assert!(is_broken(&mut watch, folder.path()));
        fs::remove_file(folder.path().join("y.pem")).unwrap();
        assert_eq!(look(&mut watch, folder.path()), Some(1));
        // An empty folder and one that is gone are broken too.
        fs::remove_dir_all(folder.path()).unwrap();
        assert!(is_broken(&mut watch, folder.path()));
        assert_eq!(look(&mut watch, folder.path()), None);
        key(folder.path(), 3);
        assert_eq!(look(&mut watch, folder.path()), Some(1));
    }

    #[cfg(unix)]
    #[test]
    fn a_swapped_symlink_is_seen_wherever_it_is_on_the_way() {
        use std::os::unix::fs::symlink;
        let folder = Folder::new();
        let root = folder.path();
        for (version, second) in [("..1", 1), ("..2", 2)] {
            key(&root.join(version), second);
            let made = fs::read_dir(root.join(version)).unwrap().next().unwrap();
            fs::rename(made.unwrap().path(), root.join(version).join("k.pem")).unwrap();
        }
        // As Kubernetes mounts a ConfigMap: files that lead through `..data`.
        symlink("..1", root.join("..data")).unwrap();
        symlink("..data/k.pem", root.join("k.pem")).unwrap();
        let swap = |link: &str, to: &str| {
            symlink(to, root.join("..new")).unwrap();
            fs::rename(root.join("..new"), root.join(link)).unwrap();
        };
        let mut watch = Watch::default();
        let first = match watch.look(root, || load(root)) {
            Look::Ring(ring) => ring,
            other => panic!("{other:?}"),
        };
        assert_eq!(look(&mut watch, root), None);
        swap("..data", "..2");
        match watch.look(root, || load(root)) {
            Look::Ring(ring) => assert!(!ring.is_same(&first)),
            other => panic!("{other:?}"),
        }
        assert_eq!(look(&mut watch, root), None);
        // The folder itself is the link.
        let mut watch = Watch::default();
        let whole = root.join("..whole");
        symlink("..1", &whole).unwrap();
        assert_eq!(look(&mut watch, &whole), Some(1));
        swap("..whole", "..2");
        assert_eq!(look(&mut watch, &whole), Some(1));
        assert_eq!(look(&mut watch, &whole), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_changed_mode_is_a_change() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new();
        let mut watch = Watch::default();
        key(folder.path(), 1);
        assert_eq!(look(&mut watch, folder.path()), Some(1));
        let path = folder.path().join("19700101T000001.000Z.pem");
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(look(&mut watch, folder.path()), Some(1));
    }
}
