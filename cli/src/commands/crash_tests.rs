//! A regeneration that is killed at any write, or whose disk fails at any write: the old tree or the new one, and the
//! next run finishes the job.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::project_tests::{Folder, Outcome, secapi, tree};
use super::regeneration::{Wishes, regeneration};
use super::{Format, Session, Surroundings};
use crate::diagnostic::Colour;
use crate::exit::Exit;
use crate::manifest::Manifest;
use crate::write::disk::fault::{Fault, arrange};
use crate::write::{Operation, Project, WriteError};

mod others;

const SPEC: &str = "secapi: 1\nservice: {name: board}\nresources:\n  card:\n    fields:\n      text: {type: string, max: 80}\n  stamp:\n    fields:\n      ink: {type: string, max: 9}\n";

/// A project with an edited file, whose spec changed since: some files are new, some change, one is merged, some go.
fn changed_project(folder: &Folder) {
    let spec = folder.0.join("spec.yaml");
    fs::write(&spec, SPEC).unwrap();
    let (dir, spec) = (folder.project(), spec.display().to_string());
    let dir = dir.to_str().unwrap();
    let new = [
        "new",
        "board",
        "--no-git",
        "--runtime",
        "path:/nowhere",
        "--dir",
        dir,
        "--spec",
        &spec,
    ];
    assert_eq!(secapi(&new).exit, Exit::Done);
    let project = folder.project();
    let edited = project.join("src/generated/card/view.rs");
    let text = fs::read_to_string(&edited).unwrap();
    fs::write(&edited, format!("{text}// mine\n")).unwrap();
    let wanted = SPEC
        .replace(
            "text:",
            "colour: {type: string, max: 9, optional: true}\n      text:",
        )
        .replace(
            "  stamp:\n",
            "  stamp:\n    operations: [list, read, delete]\n",
        );
    let more = "  note:\n    fields:\n      text: {type: string, max: 80}\n";
    fs::write(project.join("secapi.yaml"), wanted + more).unwrap();
}

fn generate(project: &Path) -> Outcome {
    secapi(&["generate", "--project", project.to_str().unwrap()])
}

fn copy(from: &Tree, to: &Path) {
    for (path, bytes) in from {
        let place = to.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }
}

type Tree = BTreeMap<String, Vec<u8>>;

/// What `generate` is about to write, worked out once: no fault can change what is worked out, only what is written.
struct Regeneration {
    old: Tree,
    new: Tree,
    operations: Vec<Operation>,
    manifest: Manifest,
}

impl Regeneration {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        changed_project(&folder);
        let old = tree(&folder.project());
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let surroundings = Surroundings {
            out: &mut out,
            err: &mut err,
            terminal: false,
            no_color: true,
            listen: None,
            database: None,
            build: None,
        };
        let session = Session::new(folder.project(), Format::Plain, Colour::Off, surroundings);
        let project = Project::read_only(&folder.project()).unwrap();
        let changes = regeneration(&project, &session, Wishes::default()).unwrap();
        assert_eq!(generate(&folder.project()).exit, Exit::Done);
        let new = tree(&folder.project());
        assert_eq!(generate(&folder.project()).exit, Exit::Done);
        assert!(
            tree(&folder.project()) == new,
            "the undisturbed result is final"
        );
        Self {
            old,
            new,
            operations: changes.plan.operations,
            manifest: changes.plan.manifest,
        }
    }

    /// What `generate` does with the disk: it finishes what an earlier run left, and writes what is not there yet.
    fn write(&self, project: &Path) -> Result<(), WriteError> {
        let project = Project::open(project)?;
        if *project.manifest() == self.manifest {
            return Ok(());
        }
        project.commit(self.operations.clone(), &self.manifest)
    }

    /// Writes a copy under each fault in turn, until one comes too late to matter; `then` looks at the copy. Gives the
    /// number of faults.
    fn under_every_fault(
        &self,
        name: &str,
        fault: fn(usize) -> Fault,
        then: impl Fn(usize, Result<(), WriteError>, &Path),
    ) -> usize {
        self.under_faults(name, fault, 1, then)
    }

    /// As [`Regeneration::under_every_fault`], of which only every so many are looked at.
    fn under_faults(
        &self,
        name: &str,
        fault: fn(usize) -> Fault,
        every: usize,
        then: impl Fn(usize, Result<(), WriteError>, &Path),
    ) -> usize {
        let mut number = 0;
        loop {
            let folder = Folder::new(&format!("{name}-{number}"));
            copy(&self.old, &folder.project());
            arrange(Some(fault(number)));
            let outcome = self.write(&folder.project());
            let left = arrange(None);
            then(number, outcome, &folder.project());
            if left.is_some_and(|left| left != fault(0)) {
                return number;
            }
            number += every;
        }
    }
}

/// What lies there while a run is at work, or was killed.
fn is_trace(path: &str) -> bool {
    path.starts_with(".secapi/stage/") || path == ".secapi/journal"
}

#[test]
fn a_run_killed_at_any_write_is_finished_by_the_next() {
    let whole = Regeneration::new("killed-whole");
    let killed = whole.under_every_fault("killed", Fault::Death, |number, _, project| {
        for (path, bytes) in tree(project) {
            // Whatever a reader finds is a file of the one tree or of the other, never half of one.
            let is_whole = [&whole.old, &whole.new]
                .iter()
                .any(|tree| tree.get(&path) == Some(&bytes));
            assert!(
                is_trace(&path) || is_whole,
                "{path} after the fault {number}"
            );
        }
        // The next run is killed too, somewhere else.
        arrange(Some(Fault::Death(number % 7)));
        let _ = whole.write(project);
        arrange(None);
        whole.write(project).unwrap();
        assert!(
            tree(project) == whole.new,
            "another tree after the fault {number}"
        );
    });
    assert!(killed > 60, "only {killed} writes");
}

#[test]
fn a_run_whose_disk_fails_at_any_write_changes_nothing_or_is_finished_by_the_next() {
    let whole = Regeneration::new("full-whole");
    let failed = whole.under_every_fault("full", Fault::Once, |number, outcome, project| {
        let mut now = tree(project);
        now.retain(|path, _| !is_trace(path));
        let pending = project.join(".secapi/journal").exists();
        assert!(
            now == whole.old || now == whole.new || pending,
            "half a tree after the fault {number}"
        );
        if outcome.is_ok() {
            assert!(now == whole.new, "the fault {number} was not told");
        }
        whole.write(project).unwrap();
        assert!(
            tree(project) == whole.new,
            "another tree after the fault {number}"
        );
    });
    assert!(failed > 60, "only {failed} writes");
}

/// What somebody does between a run that was killed and the next one.
type Touch = fn(&Regeneration, &Path);

/// What the next run makes the undisturbed result of, whatever was there.
const UNDONE: [(&str, Touch); 4] = [
    ("git puts back what it knows", |whole, project| {
        copy(&whole.old, project);
    }),
    ("what is new is deleted", |whole, project| {
        let new = whole
            .new
            .keys()
            .filter(|path| !whole.old.contains_key(*path));
        for path in new {
            let _ = fs::remove_file(project.join(path));
        }
    }),
    ("a document is deleted", |_, project| {
        fs::remove_file(project.join("openapi.json")).unwrap();
    }),
    ("what is staged is torn", |_, project| {
        for file in fs::read_dir(project.join(".secapi/stage")).unwrap() {
            fs::write(file.unwrap().path(), "t").unwrap();
        }
    }),
];

/// A project as a killed run left it, touched; and the next run.
fn touched(name: &str, whole: &Regeneration, project: &Path, touch: Touch) -> (Folder, Outcome) {
    let folder = Folder::new(name);
    copy(&tree(project), &folder.project());
    touch(whole, &folder.project());
    let outcome = generate(&folder.project());
    (folder, outcome)
}

/// The points that are looked at here: of all the writes, and of those behind the point of no return.
const EVERY: usize = 11;

fn is_behind(project: &Path) -> bool {
    project.join(".secapi/journal").exists()
}

#[test]
fn a_killed_run_whose_files_were_touched_ends_with_the_undisturbed_tree() {
    const NAME: &str = "killed-touched-now";
    let whole = Regeneration::new("killed-touched-whole");
    let looked = std::cell::Cell::new(0);
    whole.under_faults(
        "killed-touched",
        Fault::Death,
        EVERY,
        |number, _, project| {
            if !is_behind(project) {
                return;
            }
            looked.set(looked.get() + 1);
            for (name, touch) in UNDONE {
                let (folder, outcome) = touched(NAME, &whole, project, touch);
                let lost = name.ends_with("torn") && outcome.exit == Exit::Difference;
                assert!(
                    outcome.exit == Exit::Done || lost,
                    "{name}, {number}: {}",
                    outcome.err
                );
                if !lost {
                    let now = tree(&folder.project());
                    assert!(
                        now == whole.new,
                        "{name}: another tree after the fault {number}"
                    );
                }
            }
        },
    );
    assert!(looked.get() > 5, "only {} points", looked.get());
}

/// Files that hold the work of somebody, and what is known of them.
const EDITED: &str = "src/generated/card/view.rs";

#[test]
fn a_killed_run_loses_no_edit_and_leaves_a_way_out() {
    const NAME: &str = "killed-edited-now";
    let whole = Regeneration::new("killed-edited-whole");
    let touches: [Touch; 2] = [
        |_, project| {
            let place = project.join("src/generated/mod.rs");
            let text = fs::read_to_string(&place).unwrap();
            fs::write(&place, format!("{text}// added since\n")).unwrap();
        },
        |_, project| fs::remove_dir_all(project.join(".secapi/stage")).unwrap(),
    ];
    whole.under_faults(
        "killed-edited",
        Fault::Death,
        EVERY,
        |number, _, project| {
            if !is_behind(project) {
                return;
            }
            for (added, touch) in [true, false].into_iter().zip(touches) {
                let (folder, outcome) = touched(NAME, &whole, project, touch);
                let now = tree(&folder.project());
                let text = |path: &str| String::from_utf8(now[path].clone()).unwrap();
                let known = [Exit::Done, Exit::Difference].contains(&outcome.exit);
                assert!(known, "{number}: {}", outcome.err);
                assert!(text(EDITED).contains("// mine"), "after the fault {number}");
                assert!(!added || text("src/generated/mod.rs").contains("// added since"));
                // All else is as it would be.
                for (path, bytes) in &whole.new {
                    let is_edited = [EDITED, "src/generated/mod.rs"].contains(&path.as_str());
                    let is_known = is_edited || path == ".secapi/manifest";
                    assert!(
                        is_known || now.get(path) == Some(bytes),
                        "{path} after {number}"
                    );
                }
                assert!(!folder.project().join(".secapi/journal").exists());
            }
        },
    );
}
