//! Watching a folder of files that are read while the service runs: a short look at it every second or so.
//!
//! Looking is cheap for a folder of a few files, and sees what events of the file system do not tell everywhere: a mounted
//! volume, a network file system, a symlink that is swapped somewhere on the way (a `..data` of Kubernetes), a folder that
//! was replaced as a whole. A file that was written while it was read has another size or time at the next look.

use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::path::Path;
use std::time::SystemTime;

/// What one look has found.
#[derive(Debug)]
pub(crate) enum Look<T> {
    /// Nothing that was not known.
    Same,
    /// The folder can be read, and has changed or was never read.
    Loaded(Box<T>),
    /// The folder cannot be taken over as it is; told once, and again when the reasons change.
    Broken(Vec<String>),
}

/// When a change of the folder is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// At the first look that sees it; a folder that is broken is read again at each look.
    AtOnce,
    /// When two looks have found the same: half of a file may be as sound as the whole, and mean something else.
    Settled,
}

/// What is known of the folder.
#[derive(Debug)]
pub(crate) struct Watch {
    pace: Pace,
    /// Whether a file of this name is read.
    reads: fn(&OsStr) -> bool,
    /// What the last look has seen.
    seen: Option<Sighting>,
    /// What was there when it was last read.
    read: Option<Sighting>,
    problems: Vec<String>,
}

impl Watch {
    /// Takes over what has changed at the first look that sees it: for files of which no half is ever sound.
    pub(crate) fn at_once(reads: fn(&OsStr) -> bool) -> Self {
        Self::new(Pace::AtOnce, reads)
    }

    /// Takes over what has changed when it has been the same for two looks.
    pub(crate) fn settled(reads: fn(&OsStr) -> bool) -> Self {
        Self::new(Pace::Settled, reads)
    }

    fn new(pace: Pace, reads: fn(&OsStr) -> bool) -> Self {
        Self {
            pace,
            reads,
            seen: None,
            read: None,
            problems: Vec::new(),
        }
    }

    /// With a folder that was read just now, as it was then.
    pub(crate) fn having_read(mut self, was: Sighting) -> Self {
        self.seen = Some(was.clone());
        self.read = Some(was);
        self
    }

    /// Forgets what is known: the next look reads the folder whatever it finds, and tells what is wrong once more.
    pub(crate) fn forget(&mut self) {
        self.read = None;
        self.problems.clear();
        self.seen = None;
    }

    /// Looks at the folder; `load` reads it where it has changed, and says everything that is wrong with it.
    pub(crate) fn look<T>(
        &mut self,
        folder: &Path,
        load: impl FnOnce() -> Result<T, Vec<String>>,
    ) -> Look<T> {
        // Before anything is read: what changes meanwhile differs from this at the next look.
        let now = Sighting::of(folder, self.reads);
        let before = self.seen.replace(now.clone());
        if self.read.as_ref() == Some(&now) && !self.reads_again() {
            return Look::Same;
        }
        let is_new = before.is_some_and(|before| before != now);
        if self.pace == Pace::Settled && is_new {
            return Look::Same;
        }
        let loaded = load();
        if self.pace == Pace::Settled && Sighting::of(folder, self.reads) != now {
            return Look::Same;
        }
        self.read = Some(now);
        match loaded {
            Ok(loaded) => {
                self.problems.clear();
                Look::Loaded(Box::new(loaded))
            }
            Err(problems) if problems == self.problems => Look::Same,
            Err(problems) => {
                self.problems.clone_from(&problems);
                Look::Broken(problems)
            }
        }
    }

    /// Whether a folder that has not changed may have become sound: its keys are cheap to read, and what was wrong may be
    /// outside of it. A large set of policies is not cheap.
    fn reads_again(&self) -> bool {
        self.pace == Pace::AtOnce && !self.problems.is_empty()
    }
}

/// The folder as a look has seen it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sighting {
    /// The folder itself, without its times: files that are not read come and go.
    folder: Option<[i64; 4]>,
    files: Vec<Seen>,
}

/// One entry of the folder, with what its target is now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    name: OsString,
    target: Option<Target>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    length: u64,
    modified: Option<SystemTime>,
    identity: [i64; 4],
    changed: [i64; 2],
}

impl Sighting {
    pub(crate) fn of(folder: &Path, reads: fn(&OsStr) -> bool) -> Self {
        let facts = fs::metadata(folder).ok();
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let entries = entries.filter(|entry| reads(&entry.file_name()));
        let mut files: Vec<Seen> = entries
            .map(|entry| Seen {
                name: entry.file_name(),
                // Through symlinks: what they point to is what is read.
                target: fs::metadata(entry.path()).ok().map(|facts| Target {
                    length: facts.len(),
                    modified: facts.modified().ok(),
                    identity: identity(&facts),
                    changed: changed(&facts),
                }),
            })
            .collect();
        files.sort();
        Self {
            folder: facts.as_ref().map(identity),
            files,
        }
    }
}

/// Device, inode, mode and owner.
#[cfg(unix)]
fn identity(facts: &Metadata) -> [i64; 4] {
    use std::os::unix::fs::MetadataExt as _;
    [
        facts.dev().cast_signed(),
        facts.ino().cast_signed(),
        facts.mode().into(),
        facts.uid().into(),
    ]
}

/// The time of the last change of contents or of any of those.
#[cfg(unix)]
fn changed(facts: &Metadata) -> [i64; 2] {
    use std::os::unix::fs::MetadataExt as _;
    [facts.ctime(), facts.ctime_nsec()]
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> [i64; 4] {
    [0; 4]
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> [i64; 2] {
    [0; 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::keys::{KeyError, Keyring};
    use crate::scratch::Folder;
    use crate::value::Timestamp;

    fn keys() -> Watch {
        Watch::at_once(|_| true)
    }

    fn load(folder: &Path) -> Result<Keyring, Vec<String>> {
        let sentences =
            |errors: Vec<KeyError>| errors.iter().map(ToString::to_string).collect::<Vec<_>>();
        Keyring::load(folder).map_err(sentences)
    }

    fn key(folder: &Path, second: i64) {
        Keyring::create(folder, Timestamp::from_millis(second * 1000)).unwrap();
    }

    /// How many keys the look found; nothing where there was nothing new.
    fn look(watch: &mut Watch, folder: &Path) -> Option<usize> {
        match watch.look(folder, || load(folder)) {
            Look::Same => None,
            Look::Loaded(ring) => Some(ring.iter().count()),
            Look::Broken(problems) => panic!("{problems:?}"),
        }
    }

    fn is_broken(watch: &mut Watch, folder: &Path) -> bool {
        matches!(watch.look(folder, || load(folder)), Look::Broken(_))
    }

    #[test]
    fn what_is_added_and_removed_is_seen_once() {
        let folder = Folder::new();
        let mut watch = keys();
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
        let mut watch = keys();
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
        let mut watch = keys();
        let first = match watch.look(root, || load(root)) {
            Look::Loaded(ring) => ring,
            other => panic!("{other:?}"),
        };
        assert_eq!(look(&mut watch, root), None);
        swap("..data", "..2");
        match watch.look(root, || load(root)) {
            Look::Loaded(ring) => assert!(!ring.is_same(&first)),
            other => panic!("{other:?}"),
        }
        assert_eq!(look(&mut watch, root), None);
        // The folder itself is the link.
        let mut watch = keys();
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
        let mut watch = keys();
        key(folder.path(), 1);
        assert_eq!(look(&mut watch, folder.path()), Some(1));
        let path = folder.path().join("19700101T000001.000Z.pem");
        fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(look(&mut watch, folder.path()), Some(1));
    }

    fn text(folder: &Path) -> Result<String, Vec<String>> {
        let text = fs::read_to_string(folder.join("a.txt")).map_err(|_| vec!["gone".into()])?;
        match text.contains("bad") {
            true => Err(vec!["bad".into()]),
            false => Ok(text),
        }
    }

    fn settled(watch: &mut Watch, folder: &Path) -> Option<Result<String, Vec<String>>> {
        match watch.look(folder, || text(folder)) {
            Look::Same => None,
            Look::Loaded(text) => Some(Ok(*text)),
            Look::Broken(problems) => Some(Err(problems)),
        }
    }

    fn texts() -> Watch {
        Watch::settled(|name| name.to_string_lossy().ends_with(".txt"))
    }

    #[test]
    fn what_is_being_written_waits_until_it_is_the_same_twice() {
        let folder = Folder::new();
        let (root, file) = (folder.path(), folder.path().join("a.txt"));
        let mut watch = texts();
        fs::write(&file, "one").unwrap();
        assert_eq!(settled(&mut watch, root), Some(Ok("one".into())));
        assert_eq!(settled(&mut watch, root), None);
        fs::write(&file, "two, ").unwrap();
        assert_eq!(settled(&mut watch, root), None, "it may be half of it");
        fs::write(&file, "two, and more").unwrap();
        assert_eq!(settled(&mut watch, root), None);
        assert_eq!(settled(&mut watch, root), Some(Ok("two, and more".into())));
        assert_eq!(settled(&mut watch, root), None);
        // What is not read is not looked at.
        fs::write(root.join("a.txt.swp"), "x").unwrap();
        fs::write(root.join("b.md"), "x").unwrap();
        assert_eq!(settled(&mut watch, root), None);
        assert_eq!(settled(&mut watch, root), None);
    }

    #[test]
    fn what_changes_while_it_is_read_is_not_taken() {
        let folder = Folder::new();
        let (root, file) = (folder.path(), folder.path().join("a.txt"));
        fs::write(&file, "one").unwrap();
        let mut watch = texts();
        let torn = watch.look(root, || {
            let read = text(root);
            fs::write(&file, "another one").unwrap();
            read
        });
        assert!(matches!(torn, Look::Same), "{torn:?}");
        assert_eq!(settled(&mut watch, root), None);
        assert_eq!(settled(&mut watch, root), Some(Ok("another one".into())));
    }

    #[test]
    fn a_broken_text_is_read_once_and_told_again_where_somebody_asks() {
        let folder = Folder::new();
        let (root, file) = (folder.path(), folder.path().join("a.txt"));
        fs::write(&file, "bad").unwrap();
        let mut watch = texts();
        assert_eq!(settled(&mut watch, root), Some(Err(vec!["bad".into()])));
        let again = watch.look::<String>(root, || panic!("it was read again"));
        assert!(matches!(again, Look::Same), "{again:?}");
        watch.forget();
        assert_eq!(settled(&mut watch, root), Some(Err(vec!["bad".into()])));
        fs::write(&file, "good").unwrap();
        watch.forget();
        assert_eq!(
            settled(&mut watch, root),
            Some(Ok("good".into())),
            "at once"
        );
    }
}
