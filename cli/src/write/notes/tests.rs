use super::*;

/// A folder of its own for each test, with a project and a place for caches in it.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("secapi-notes-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("project")).unwrap();
        Self(path)
    }

    fn caches(&self) -> PathBuf {
        self.0.join("caches")
    }

    fn notes(&self) -> Option<Notes> {
        Notes::of(&self.caches(), &self.0.join("project"))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_is_noted_is_read_by_the_next_run() {
    let home = Home::new("read");
    let notes = home.notes().unwrap();
    assert_eq!(notes.read("a"), None);
    notes.keep("a", "1").unwrap();
    notes.keep("a", "2").unwrap();
    let later = home.notes().unwrap();
    assert_eq!(later.read("a").as_deref(), Some(b"2".as_slice()));
    let other = home.0.join("other");
    fs::create_dir(&other).unwrap();
    let other = Notes::of(&home.caches(), &other).unwrap();
    assert_eq!(other.read("a"), None, "each project has its own");
}

/// Such caches come along with a clone.
#[test]
fn caches_in_the_project_are_none() {
    let home = Home::new("inside");
    let root = home.0.join("project");
    for caches in [
        root.clone(),
        root.join(".cache"),
        root.join("deep/not/there"),
    ] {
        assert!(Notes::of(&caches, &root).is_none(), "{}", caches.display());
    }
    assert!(Notes::of(&home.0.join("project-caches"), &root).is_some());
    assert!(Notes::of(&home.0, &root).is_some(), "beside it");
}

#[cfg(unix)]
#[test]
fn what_others_can_write_is_no_note() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let open = |folder: &Path, mode| {
        fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
    };
    let home = Home::new("others");
    let notes = home.notes().unwrap();
    notes.keep("a", "1").unwrap();
    let ours = home.caches().join(OURS);
    for folder in [&ours, &notes.folder] {
        for mode in [0o777, 0o770, 0o702] {
            open(folder, mode);
            assert!(home.notes().is_none(), "{} {mode:o}", folder.display());
        }
        open(folder, 0o755);
        assert!(home.notes().is_some());
    }
    // A link to one's own folder is a link to anybody's.
    let kept = home.0.join("kept");
    for folder in [&notes.folder, &ours] {
        fs::rename(folder, &kept).unwrap();
        symlink(&kept, folder).unwrap();
        assert!(home.notes().is_none(), "{}", folder.display());
        fs::remove_file(folder).unwrap();
        fs::rename(&kept, folder).unwrap();
    }
    let inside = Home::new("inside-by-link");
    let root = inside.0.join("project");
    symlink(&root, inside.0.join("caches")).unwrap();
    assert!(inside.notes().is_none());
    // Nobody but an administrator can give a file away.
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(&notes.folder, Some(65_534), None).unwrap();
        assert!(home.notes().is_none());
    }
}

#[test]
fn old_notes_of_other_projects_go() {
    let home = Home::new("old");
    let notes = home.notes().unwrap();
    notes.keep("a", "1").unwrap();
    let ours = home.caches().join(OURS);
    let other = ours.join(Hash::of(b"other").as_str());
    let (foreign, file) = (ours.join("foreign"), ours.join(Hash::of(b"file").as_str()));
    fs::create_dir(&other).unwrap();
    fs::create_dir(&foreign).unwrap();
    fs::write(other.join("a"), "1").unwrap();
    fs::write(&file, "").unwrap();
    let after = |time| SystemTime::now() + time;
    notes.forget_others(after(KEPT - Duration::from_mins(1)));
    assert!(other.exists());
    notes.forget_others(after(KEPT + Duration::from_mins(1)));
    assert!(!other.exists());
    assert!(foreign.exists() && file.exists() && notes.read("a").is_some());
}
