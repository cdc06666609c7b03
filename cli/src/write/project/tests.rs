use super::*;
use crate::manifest::{Entry, Owner};
use crate::write::disk::fault::without_links;

mod power;

/// A folder of its own for each test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("secapi-write-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn files(&self) -> Vec<(String, String)> {
        fn walk(root: &Path, folder: &Path, out: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(root, &path, out);
                } else {
                    let name = path
                        .strip_prefix(root)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned();
                    out.push((name, std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let mut out = Vec::new();
        walk(&self.0, &self.0, &mut out);
        out.sort();
        out
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn path(text: &str) -> ProjectPath {
    ProjectPath::new(text).unwrap()
}

fn change(at: &str, old: Option<&str>, new: Option<&str>) -> Operation {
    Operation {
        path: path(at),
        expected: old.map(|text| Hash::of(text.as_bytes())),
        contents: new.map(|text| text.to_owned().into()),
    }
}

fn manifest(version: &str) -> Manifest {
    let mut manifest = Manifest::default();
    let entry = Entry {
        owner: Owner::Tool,
        template: "t".into(),
        hash: Hash::of(b""),
        version: version.into(),
        merged: None,
    };
    manifest.insert(path("a"), entry);
    manifest
}

/// A project with the files `a`, `src/b` and `gone/c`.
fn sample(name: &str) -> (Folder, Project) {
    let folder = Folder::new(name);
    let project = Project::create(&folder.0).unwrap();
    let files = [("a", "1"), ("src/b", "2"), ("gone/c", "3")];
    let changes = files
        .iter()
        .map(|(at, text)| change(at, None, Some(text)))
        .collect();
    project.commit(changes, &manifest("1")).unwrap();
    (folder, project)
}

fn update() -> Vec<Operation> {
    vec![
        change("a", Some("1"), Some("one")),
        change("gone/c", Some("3"), None),
        change("src/b", Some("2"), Some("two")),
        change("src/deep/d", None, Some("four")),
    ]
}

#[test]
fn a_commit_writes_everything_and_leaves_no_trace() {
    let (folder, project) = sample("commit");
    project.commit(update(), &manifest("2")).unwrap();
    let files = folder.files();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [".secapi/manifest", "a", "src/b", "src/deep/d"]);
    assert_eq!(files[1].1, "one");
    assert!(!folder.0.join("gone").exists());
    assert!(!folder.0.join(".secapi/stage").exists());
    assert_eq!(
        Project::read_only(&folder.0).unwrap().manifest(),
        &manifest("2")
    );
}

#[test]
fn a_file_that_is_not_as_expected_stops_the_run_untouched() {
    let (folder, project) = sample("expected");
    std::fs::write(folder.0.join("src/b"), "mine").unwrap();
    let before = folder.files();
    let error = project.commit(update(), &manifest("2")).unwrap_err();
    assert!(matches!(error, WriteError::Changed(p) if p == path("src/b")));
    assert_eq!(folder.files(), before);
}

#[test]
fn a_failure_in_the_middle_puts_everything_back() {
    let (folder, project) = sample("failure");
    // A file where a folder is needed: only found out when the step is taken.
    let before = folder.files();
    let mut changes = update();
    changes.push(change("x", None, Some("file")));
    changes.push(change("x/y", None, Some("below a file")));
    project.commit(changes, &manifest("2")).unwrap_err();
    assert_eq!(folder.files(), before);
    assert!(folder.0.join("gone").exists());
    assert!(!folder.0.join("src/deep").exists());
}

#[test]
fn a_run_killed_before_the_journal_is_forgotten() {
    let (folder, project) = sample("before");
    let before = folder.files();
    project.stage(update()).unwrap();
    std::fs::remove_file(folder.0.join(".secapi/journal")).unwrap();
    drop(project);
    Project::open(&folder.0).unwrap();
    assert_eq!(folder.files(), before);
}

/// A run that was killed while it staged has left a file of the project under a name that the next one uses for another.
#[test]
fn what_is_kept_is_never_written_into_another_file() {
    for copies in [false, true] {
        let (folder, project) = sample(&format!("kept-{copies}"));
        let stage = Stage::of(&folder.0);
        std::fs::create_dir_all(stage.folder()).unwrap();
        std::fs::hard_link(folder.0.join("src/b"), stage.old_file(0)).unwrap();
        let only = || vec![change("a", Some("1"), Some("one"))];
        let commit = || project.commit(only(), &manifest("2"));
        match copies {
            true => without_links(commit).unwrap(),
            false => commit().unwrap(),
        }
        let files = folder.files();
        let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts[1..], ["one", "3", "2"], "{files:?}");
    }
}

/// Between the look at a file and the step that replaces it, a run waits for the disk.
#[cfg(unix)]
#[test]
fn an_edit_behind_the_look_at_a_file_stops_its_step() {
    for (name, edit) in [("none", None), ("one", Some("x")), ("longer", Some("mine"))] {
        let (folder, project) = sample(&format!("seen-{name}"));
        let place = folder.0.join("a");
        let old = SystemTime::now() - Duration::from_secs(60);
        let file = File::options().write(true).open(&place).unwrap();
        file.set_modified(old).unwrap();
        let journal = project.stage(update()).unwrap();
        assert!(journal.steps[0].seen.is_some(), "of a file that is old");
        assert!(journal.steps[2].seen.is_none(), "of one that is new");
        if let Some(text) = edit {
            std::fs::write(&place, text).unwrap();
        }
        let done = Stage::of(&folder.0).forward(&journal);
        let now = std::fs::read_to_string(&place).unwrap();
        match edit {
            None => assert!(done.is_ok() && now == "one"),
            Some(text) => {
                assert!(matches!(done, Err(WriteError::Changed(it)) if it == path("a")));
                assert_eq!(now, text);
            }
        }
    }
}

/// Where the disk knows no second names, what stood there is copied: a run that fails goes back to it all the same.
#[test]
fn without_second_names_a_run_goes_back_too() {
    let (folder, project) = sample("copies");
    let before = folder.files();
    let mut changes = update();
    changes.push(change("x", None, Some("file")));
    changes.push(change("x/y", None, Some("below a file")));
    without_links(|| project.commit(changes, &manifest("2"))).unwrap_err();
    assert_eq!(folder.files(), before);
    let journal = without_links(|| project.stage(update())).unwrap();
    for index in 0..journal.steps.len() - 1 {
        let old = Stage::of(&folder.0).old_file(index);
        assert!(old.exists() && links_of(&old) == 1, "{index}");
    }
}

#[cfg(unix)]
fn links_of(file: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(file).unwrap().nlink()
}

#[cfg(not(unix))]
fn links_of(_: &Path) -> u64 {
    1
}

#[test]
fn a_run_killed_at_any_step_is_finished_by_the_next() {
    let (whole, project) = sample("undisturbed");
    project.commit(update(), &manifest("2")).unwrap();
    for taken in 0..=5 {
        let (folder, project) = sample(&format!("step-{taken}"));
        let mut changes = update();
        changes.extend(project.manifest_change(&manifest("2")).unwrap());
        let journal = project.stage(changes).unwrap();
        let mut part = journal;
        part.steps.truncate(taken);
        Stage::of(&folder.0).forward(&part).unwrap();
        drop(project);
        assert!(matches!(
            Project::read_only(&folder.0),
            Err(WriteError::Interrupted)
        ));
        let project = Project::open(&folder.0).unwrap();
        assert_eq!(folder.files(), whole.files(), "killed after {taken} steps");
        assert_eq!(project.manifest(), &manifest("2"));
    }
}

/// A run that was killed behind so many steps of five, the last of which is the manifest.
fn killed(name: &str, taken: usize) -> Folder {
    let (folder, project) = sample(name);
    let mut changes = update();
    changes.extend(project.manifest_change(&manifest("2")).unwrap());
    let mut journal = project.stage(changes).unwrap();
    journal.steps.truncate(taken);
    Stage::of(&folder.0).forward(&journal).unwrap();
    folder
}

/// What the files are after the next run has opened the project, and that the interrupted one was taken back.
#[track_caller]
fn taken_back(folder: &Folder) -> Vec<(String, String)> {
    let project = Project::open(&folder.0).unwrap();
    assert!(project.gave_up());
    drop(project);
    assert!(!Project::open(&folder.0).unwrap().gave_up(), "once");
    folder.files()
}

#[test]
fn an_edit_after_the_interruption_is_not_overwritten_and_the_run_is_taken_back() {
    let (before, _project) = sample("edit-before");
    let mut wanted = before.files();
    assert_eq!(wanted[3].0, "src/b");
    wanted[3].1 = "mine".to_owned();
    for taken in 0..=5 {
        let folder = killed(&format!("edit-{taken}"), taken);
        std::fs::write(folder.0.join("src/b"), "mine").unwrap();
        assert_eq!(taken_back(&folder), wanted, "killed after {taken} steps");
    }
}

#[test]
fn a_run_whose_files_were_put_back_or_are_gone_is_taken_back() {
    let (before, _project) = sample("gone-before");
    type Touch = fn(&Path);
    let touches: [(usize, Touch); 4] = [
        // What is new was removed.
        (4, |root| {
            std::fs::remove_file(root.join("src/deep/d")).unwrap()
        }),
        // git put back what it knows.
        (2, |root| std::fs::write(root.join("a"), "1").unwrap()),
        // A power cut has torn what was staged, or lost it.
        (1, |root| {
            std::fs::write(root.join(".secapi/stage/3.new"), "fo").unwrap()
        }),
        (0, |root| {
            std::fs::remove_file(root.join(".secapi/stage/2.new")).unwrap()
        }),
    ];
    for (number, (taken, touch)) in touches.into_iter().enumerate() {
        let folder = killed(&format!("gone-{number}"), taken);
        touch(&folder.0);
        assert_eq!(taken_back(&folder), before.files(), "{number}");
    }
    // Something else in the place of a file is not looked into.
    let folder = killed("gone-folder", 4);
    std::fs::remove_file(folder.0.join("src/deep/d")).unwrap();
    std::fs::create_dir(folder.0.join("src/deep/d")).unwrap();
    assert_eq!(taken_back(&folder), before.files());
}

#[test]
fn without_what_stood_there_before_a_step_stays_taken_and_the_way_is_free() {
    let folder = killed("unstaged", 4);
    std::fs::remove_dir_all(folder.0.join(".secapi/stage")).unwrap();
    let files = taken_back(&folder);
    let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
    // What is new goes; then comes `src/b`, whose old text is lost.
    assert_eq!(texts[1..], ["one", "two"], "{files:?}");
    assert_eq!(Project::open(&folder.0).unwrap().manifest(), &manifest("1"));
    // All steps were taken: the run is over.
    let folder = killed("unstaged-whole", 5);
    std::fs::remove_dir_all(folder.0.join(".secapi/stage")).unwrap();
    let project = Project::open(&folder.0).unwrap();
    assert!(!project.gave_up());
    assert_eq!(project.manifest(), &manifest("2"));
}

#[test]
fn where_the_records_cannot_go_back_nothing_does() {
    let (folder, project) = sample("records");
    let tables = ".secapi/snapshot/tables.json";
    let first = vec![change(tables, None, Some("1"))];
    project.commit(first, &manifest("1")).unwrap();
    let next = vec![
        change("migrations/2.sql", None, Some("two")),
        change(tables, Some("1"), Some("2")),
        change("a", Some("1"), Some("one")),
    ];
    let mut journal = project.stage(next).unwrap();
    journal.steps.truncate(2);
    Stage::of(&folder.0).forward(&journal).unwrap();
    drop(project);
    std::fs::remove_dir_all(folder.0.join(".secapi/stage")).unwrap();
    let files = taken_back(&folder);
    let held = |name: &str| {
        files
            .iter()
            .any(|(file, text)| file == name && text.starts_with(['t', '2']))
    };
    assert!(held("migrations/2.sql") && held(tables), "{files:?}");
}

#[test]
fn a_base_that_cannot_go_back_goes() {
    let (folder, project) = sample("base");
    let base = ".secapi/base/a";
    let first = vec![change(base, None, Some("1"))];
    project.commit(first, &manifest("1")).unwrap();
    let next = vec![
        change(base, Some("1"), Some("one")),
        change("a", Some("1"), Some("one")),
    ];
    let mut journal = project.stage(next).unwrap();
    journal.steps.truncate(1);
    Stage::of(&folder.0).forward(&journal).unwrap();
    drop(project);
    std::fs::remove_dir_all(folder.0.join(".secapi/stage")).unwrap();
    let files = taken_back(&folder);
    assert!(!files.iter().any(|(name, _)| name == base), "{files:?}");
}

#[test]
fn a_folder_with_anything_in_it_is_refused() {
    let folder = Folder::new("full");
    std::fs::write(folder.0.join("note"), "").unwrap();
    assert!(matches!(
        Project::create(&folder.0),
        Err(WriteError::NotEmpty(_))
    ));
    assert_eq!(folder.files().len(), 1);
}

#[test]
fn a_new_run_takes_the_place_of_one_killed_while_staging() {
    let folder = Folder::new("leftover");
    let project = Project::create(&folder.0).unwrap();
    project.stage(vec![change("a", None, Some("1"))]).unwrap();
    std::fs::remove_file(folder.0.join(".secapi/journal")).unwrap();
    drop(project);
    let project = Project::create(&folder.0).unwrap();
    project
        .commit(vec![change("b", None, Some("2"))], &manifest("1"))
        .unwrap();
    assert_eq!(folder.files()[1].0, "b");
}

#[test]
fn an_abandoned_project_leaves_nothing() {
    let folder = Folder::new("abandon");
    let root = folder.0.join("project");
    Project::create(&root).unwrap().abandon();
    assert!(!root.exists());
}

#[test]
fn two_runs_at_once_are_refused() {
    let (folder, _project) = sample("busy");
    assert!(matches!(Project::open(&folder.0), Err(WriteError::Busy)));
}

#[cfg(unix)]
#[test]
fn links_are_never_followed() {
    let outside = Folder::new("outside");
    let (folder, project) = sample("links");
    std::os::unix::fs::symlink(&outside.0, folder.0.join("out")).unwrap();
    let error = project.commit(vec![change("out/f", None, Some("x"))], &manifest("1"));
    assert!(matches!(error, Err(WriteError::NotPlain(_))));
    std::os::unix::fs::symlink(outside.0.join("f"), folder.0.join("link")).unwrap();
    let error = project.commit(vec![change("link", None, Some("x"))], &manifest("1"));
    assert!(matches!(error, Err(WriteError::NotPlain(_))));
    assert!(outside.files().is_empty());
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, project) = sample("mode");
    let place = folder.0.join("a");
    std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o600)).unwrap();
    project.commit(update(), &manifest("2")).unwrap();
    assert_eq!(
        std::fs::metadata(&place).unwrap().permissions().mode() & 0o777,
        0o600
    );
}
