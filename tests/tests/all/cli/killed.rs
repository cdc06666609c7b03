//! A command that writes is killed, by the signal that no process can catch, at as many points as can be hit: while it stages,
//! after its point of no return, and while a later run finishes the job. Whatever is left, the next run ends with the tree
//! that an undisturbed one makes, and what somebody wrote by hand is in it.
//!
//! Failures of single writes, each in turn, are tested beside the code; here the process is a real one.

use super::{SPEC, shop};
use crate::support::{Folder, Tree, secapi, secapi_in};
use std::fs;
use std::path::Path;
use std::process::Stdio;

const EDITED: &str = "src/generated/item/view.rs";
const MINE: &str = "// Written by hand, and not to be lost.\n";

/// A project with edits by hand, whose spec asks for new files, changed ones, merged ones and fewer.
fn changed() -> Folder {
    let folder = shop();
    for path in [EDITED, "src/item.rs"] {
        let text = fs::read_to_string(folder.join(path)).unwrap();
        folder.write(path, text + MINE);
    }
    let mut spec = SPEC.replace(
        "title:",
        "colour: {type: string, max: 9, optional: true}\n      title:",
    );
    for name in ["note", "letter", "stamp", "parcel"] {
        spec.push_str(&format!(
            "  {name}:\n    fields:\n      text: {{type: string, max: 80}}\n"
        ));
    }
    folder.write("secapi.yaml", spec);
    folder
}

fn copy(tree: &Tree) -> Folder {
    let folder = Folder::new();
    for (path, bytes) in &tree.0 {
        folder.write(path, bytes);
    }
    folder
}

/// What a killed run leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// It was killed before it had begun to write, or it was faster.
    Nothing,
    /// It was killed before the point of no return.
    Stage,
    /// It was killed behind it.
    Journal,
}

/// Runs a command, and kills it as soon as `is_there` says so.
fn killed(folder: &Folder, arguments: &[&str], is_there: impl Fn(&Path) -> bool) -> Left {
    let mut command = secapi();
    command.current_dir(folder.path()).args(arguments);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    while child.try_wait().unwrap().is_none() {
        if is_there(folder.path()) {
            // It may have ended this very moment.
            let _ = child.kill();
            break;
        }
    }
    child.wait().unwrap();
    let has = |path: &str| folder.join(path).exists();
    match (has(".secapi/journal"), has(".secapi/stage")) {
        (true, _) => Left::Journal,
        (false, true) => Left::Stage,
        (false, false) => Left::Nothing,
    }
}

/// Whether so many files are staged.
fn staged(project: &Path, count: usize) -> bool {
    fs::read_dir(project.join(".secapi/stage")).is_ok_and(|files| files.count() > count)
}

fn is_committed(project: &Path) -> bool {
    project.join(".secapi/journal").exists()
}

/// Of every file the old text or the new one, and never half of one.
fn assert_whole(folder: &Folder, old: &Tree, new: &Tree) {
    for (path, bytes) in &Tree::read(folder.path()).0 {
        let is_trace = path.starts_with(".secapi/stage/") || path == ".secapi/journal";
        let known = [old, new].map(|tree| tree.0.get(path));
        assert!(
            is_trace || known.contains(&Some(bytes)),
            "{path} is neither the old nor the new one"
        );
    }
}

#[test]
fn a_killed_run_is_finished_by_the_next_and_no_edit_is_lost() {
    let whole = changed();
    let old = Tree::read(whole.path());
    secapi_in(whole.path(), ["generate"]).expect(0);
    let new = Tree::read(whole.path());
    assert!(new.text(EDITED).contains(MINE) && new.text(EDITED).contains("colour"));
    let mut seen = Vec::new();
    for point in 0..15 {
        let folder = copy(&old);
        let left = match point % 3 {
            2 => killed(&folder, &["generate"], is_committed),
            _ => killed(&folder, &["generate"], |project| staged(project, point * 6)),
        };
        assert_whole(&folder, &old, &new);
        seen.push(left);
        if left == Left::Journal {
            // The run that finishes it is killed as well.
            killed(&folder, &["generate"], |project| !staged(project, 12));
            assert_whole(&folder, &old, &new);
        }
        secapi_in(folder.path(), ["generate"]).expect(0);
        Tree::read(folder.path()).assert_same(&new);
    }
    // A test that never hits is none.
    assert!(seen.contains(&Left::Stage), "{seen:?}");
    assert!(seen.contains(&Left::Journal), "{seen:?}");
}

/// The most runs of a command that are killed until one was hit where it writes.
const ATTEMPTS: usize = 40;

/// Kills a command that writes little until it was hit; whatever it left, the next run of it ends with the tree that an
/// undisturbed one makes.
#[track_caller]
fn killed_while_it_writes(whole: &Folder, arguments: &[&str], wanted: &[Left]) {
    let old = Tree::read(whole.path());
    secapi_in(whole.path(), arguments).expect(0);
    let new = Tree::read(whole.path());
    let again = secapi_in(whole.path(), arguments).code;
    Tree::read(whole.path()).assert_same(&new);
    let mut seen = Vec::new();
    for attempt in 0..ATTEMPTS {
        let folder = copy(&old);
        seen.push(match attempt % 2 {
            0 => killed(&folder, arguments, |project| staged(project, 0)),
            _ => killed(&folder, arguments, is_committed),
        });
        assert_whole(&folder, &old, &new);
        let next = secapi_in(folder.path(), arguments);
        assert!([0, again].contains(&next.code), "{next:?}");
        Tree::read(folder.path()).assert_same(&new);
        if wanted.iter().all(|left| seen.contains(left)) {
            return;
        }
    }
    panic!("{arguments:?} was not hit as {wanted:?}: {seen:?}");
}

#[test]
fn every_other_command_that_is_killed_is_finished_by_the_next_run_of_it() {
    let older = super::upgrade::older();
    let todo = "src/generated/todo/view.rs";
    let text = fs::read_to_string(older.join(todo)).unwrap();
    older.write(todo, text + MINE);
    killed_while_it_writes(&older, &["upgrade"], &[Left::Stage, Left::Journal]);
    assert!(fs::read_to_string(older.join(todo)).unwrap().contains(MINE));
    // What writes two or three files is hit where it can be.
    killed_while_it_writes(&shop(), &["eject", EDITED], &[Left::Stage]);
    let add = ["add", "field", "item", "due:date:optional"];
    killed_while_it_writes(&shop(), &add, &[Left::Stage]);
}
