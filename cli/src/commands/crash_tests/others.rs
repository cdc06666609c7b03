//! The other commands that write, killed: `upgrade`, `eject`, `add` and `generate --rebase-migrations`.

use super::*;
use crate::commands::project_tests::git_merges;

/// A project to run a command in.
type Prepare = fn(&Folder);

/// Runs a command in a project.
fn command(project: &Path, arguments: &[&str]) -> Outcome {
    let mut all = arguments.to_vec();
    all.extend(["--project", project.to_str().unwrap()]);
    secapi(&all)
}

/// Kills the command at every so many writes. Whatever it leaves is of the one tree or of the other, and the same command,
/// killed once more and then not, ends with the undisturbed result.
fn killed(name: &str, every: usize, prepare: Prepare, arguments: &[&str]) {
    let whole = Folder::new(&format!("killed-{name}"));
    prepare(&whole);
    let old = tree(&whole.project());
    let done = command(&whole.project(), arguments);
    assert_eq!(done.exit, Exit::Done, "{name}: {}", done.err);
    let new = tree(&whole.project());
    assert!(old != new, "{name} does nothing");
    let again = command(&whole.project(), arguments);
    assert!(tree(&whole.project()) == new, "{name} is not final");
    let (mut number, mut staged, mut behind) = (0, 0, 0);
    loop {
        let folder = Folder::new(&format!("killed-{name}-{number}"));
        let project = folder.project();
        copy(&old, &project);
        arrange(Some(Fault::Death(number)));
        let _ = command(&project, arguments);
        let left = arrange(None);
        for (path, bytes) in tree(&project) {
            let known = [old.get(&path), new.get(&path)].contains(&Some(&bytes));
            assert!(is_trace(&path) || known, "{name}: {path} after {number}");
        }
        match is_behind(&project) {
            true => behind += 1,
            false => staged += usize::from(project.join(".secapi/stage").exists()),
        }
        arrange(Some(Fault::Death(number % 5)));
        let _ = command(&project, arguments);
        arrange(None);
        let next = command(&project, arguments);
        assert!(
            [Exit::Done, again.exit].contains(&next.exit),
            "{name}: {}",
            next.err
        );
        let now = tree(&project);
        assert!(now == new, "{name}: another tree after {number}");
        if left.is_some_and(|left| left != Fault::Death(0)) {
            break;
        }
        number += every;
    }
    // A test that never hits is none.
    assert!(staged > 0 && behind > 0, "{name}: {staged} and {behind}");
}

/// The to-do example as the first running service generated it, with edits by hand.
fn older(folder: &Folder) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/fixtures/todo-list-of-an-older-version");
    copy(&tree(&fixture), &folder.project());
    for path in ["src/generated/todo/view.rs", "src/todo.rs"] {
        let place = folder.project().join(path);
        let text = fs::read_to_string(&place).unwrap();
        fs::write(place, text + "// mine\n").unwrap();
    }
}

/// A project whose branch has a migration beside one of the branch that was merged into it.
fn two_branches(folder: &Folder) {
    let merged = git_merges::two_migrations("killed-branches");
    copy(&tree(&merged.project()), &folder.project());
}

#[test]
fn an_upgrade_that_is_killed_is_finished_by_the_next() {
    killed("upgrade", 17, older, &["upgrade"]);
}

#[test]
fn an_eject_that_is_killed_is_finished_by_the_next() {
    killed("eject", 1, changed_project, &["eject", EDITED]);
}

#[test]
fn an_addition_that_is_killed_is_finished_by_the_next() {
    let field = ["add", "field", "card", "due:date:optional"];
    killed("add-field", 1, changed_project, &field);
    let resource = ["add", "resource", "leaf", "name:string:max=9"];
    killed("add-resource", 1, changed_project, &resource);
}

#[test]
fn a_rebase_that_is_killed_is_finished_by_the_next() {
    let rebase = ["generate", "--rebase-migrations", "fa"];
    killed("rebase", 7, two_branches, &rebase);
}
