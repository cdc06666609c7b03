//! Branches that both regenerated, merged by git itself.

use super::migrations::{commit, git};
use super::*;

const SPEC: &str = "secapi: 1
service: {name: demo, namespace: Demo}
resources:
  alpha:
    fields: {m: {type: string}}
  beta:
    fields: {m: {type: string}}
  gamma:
    fields: {m: {type: string}}
  delta:
    fields: {m: {type: string}}
";

/// An action changes code, routes, documents and the schema, and no table.
fn with_action(spec: &str, resource: &str) -> String {
    let at = format!("  {resource}:\n");
    assert!(spec.contains(&at));
    spec.replace(&at, &format!("{at}    actions: {{go: {{}}}}\n"))
}

fn with_field(spec: &str, resource: &str) -> String {
    let at = format!("  {resource}:\n    fields: {{");
    assert!(spec.contains(&at));
    spec.replace(&at, &format!("{at}n: {{type: date, optional: true}}, "))
}

fn more(name: &str) -> String {
    format!("  {name}:\n    fields: {{m: {{type: string}}}}\n")
}

fn demo(name: &str) -> Folder {
    let folder = Folder::new(name);
    let spec = folder.0.join("a.yaml");
    fs::write(&spec, SPEC).unwrap();
    let (spec, dir) = (spec.to_str().unwrap(), folder.project());
    let dir = dir.to_str().unwrap();
    let made = secapi(&["new", "demo", "--dir", dir, "--spec", spec, "--no-git"]);
    assert_eq!(made.exit, Exit::Done, "{}", made.err);
    folder
}

fn generated(folder: &Folder) {
    let done = in_project(folder, &["generate"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
}

/// Two branches from one state; what `fb` has is the working tree, into which `fa` was merged.
fn merged(name: &str, fa: impl Fn(&Folder), fb: impl Fn(&Folder)) -> Folder {
    let folder = demo(name);
    git(&folder, &["init", "--quiet", "--initial-branch=main"]);
    commit(&folder);
    for (branch, work) in [("fa", &fa as &dyn Fn(&Folder)), ("fb", &fb)] {
        git(&folder, &["checkout", "--quiet", "-b", branch, "main"]);
        work(&folder);
        commit(&folder);
    }
    let mut merge = std::process::Command::new("git");
    merge.arg("-C").arg(folder.project());
    merge.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
    let merge = merge.args(["merge", "--quiet", "fa"]).output().unwrap();
    assert!(!merge.status.success(), "git alone was enough");
    assert!(read(&folder, ".secapi/manifest").contains("<<<<<<<"));
    folder
}

fn read(folder: &Folder, path: &str) -> String {
    fs::read_to_string(folder.project().join(path)).unwrap()
}

/// The project without what git keeps.
fn files(folder: &Folder) -> BTreeMap<String, String> {
    let files = tree(&folder.project()).into_iter();
    let files = files.filter(|(path, _)| !path.starts_with(".git/"));
    files
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
        .collect()
}

#[track_caller]
fn assert_same(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) {
    let paths: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    for path in paths {
        assert_eq!(one.get(path), other.get(path), "{path}");
    }
}

fn regenerate(folder: &Folder, change: impl Fn(&str) -> String) {
    edit(folder, "secapi.yaml", |spec| change(&spec));
    generated(folder);
}

#[test]
fn generate_finishes_a_merge_of_two_branches() {
    let folder = merged(
        "git-merge",
        |folder| regenerate(folder, |spec| with_action(spec, "alpha")),
        |folder| regenerate(folder, |spec| with_action(spec, "delta")),
    );
    let once = demo("git-once");
    let both = |spec: &str| with_action(&with_action(spec, "alpha"), "delta");
    regenerate(&once, both);
    assert_eq!(read(&folder, "secapi.yaml"), read(&once, "secapi.yaml"));
    let conflicted = files(&folder);
    let stale = in_project(&folder, &["generate", "--check"]);
    assert_eq!(stale.exit, Exit::Difference, "{}", stale.out);
    generated(&folder);
    assert_same(&files(&folder), &files(&once));
    let fresh = in_project(&folder, &["generate", "--check"]);
    assert_eq!(fresh.exit, Exit::Done, "{}", fresh.out);

    // The same where somebody kept the lines of both sides, as `git merge-file --union` does.
    for (path, text) in &conflicted {
        fs::write(folder.project().join(path), text).unwrap();
    }
    united(&folder, ".secapi/manifest");
    generated(&folder);
    assert_same(&files(&folder), &files(&once));
}

#[test]
fn the_manifest_alone_that_is_a_merge_is_stale() {
    let folder = demo("git-stale");
    edit(&folder, ".secapi/manifest", |text| {
        let last = text.lines().last().unwrap().to_owned();
        format!("{text}{last}\n")
    });
    let stale = in_project(&folder, &["generate", "--check"]);
    assert_eq!(
        (stale.exit, stale.changes()),
        (Exit::Difference, BTreeMap::new())
    );
    generated(&folder);
    let fresh = in_project(&folder, &["generate", "--check"]);
    assert_eq!(fresh.exit, Exit::Done);
}

#[test]
fn what_was_written_by_hand_on_either_side_of_a_merge_stays() {
    let mine = |folder: &Folder, path: &str, line: &str| {
        edit(folder, path, |text| format!("{text}{line}\n"));
    };
    let folder = merged(
        "git-edits",
        |folder| {
            mine(folder, "src/generated/alpha/view.rs", "// mine in alpha");
            mine(folder, "src/generated/mod.rs", "// mine in mod");
            regenerate(folder, |spec| with_action(spec, "alpha"));
        },
        |folder| {
            mine(folder, "src/generated/delta/view.rs", "// mine in delta");
            regenerate(folder, |spec| with_action(spec, "delta"));
        },
    );
    generated(&folder);
    for (path, line) in [
        ("src/generated/alpha/view.rs", "// mine in alpha\n"),
        ("src/generated/delta/view.rs", "// mine in delta\n"),
        ("src/generated/mod.rs", "// mine in mod\n"),
    ] {
        assert!(read(&folder, path).contains(line), "{path}");
    }
    let openapi = read(&folder, "openapi.json");
    assert!(openapi.contains("/alphas/{id}/go") && openapi.contains("/deltas/{id}/go"));
}

/// What was handed over on both sides has what git made of the two texts as its base, as what is the tool's has.
#[test]
fn what_was_handed_over_before_two_branches_changed_it_lacks_nothing_after_their_merge() {
    const VIEW: &str = "src/generated/mod.rs";
    let taken_over = |folder: &Folder, resource: &str| {
        regenerate(folder, |spec| with_action(spec, resource));
        let patch = format!(".secapi/patches/{VIEW}.patch");
        git(folder, &["apply", &patch]);
        fs::remove_file(folder.project().join(patch)).unwrap();
        generated(folder);
    };
    let folder = demo("git-handed-over");
    git(&folder, &["init", "--quiet", "--initial-branch=main"]);
    assert_eq!(in_project(&folder, &["eject", VIEW]).exit, Exit::Done);
    edit(&folder, VIEW, |text| text + "// MINE\n");
    commit(&folder);
    for (branch, resource) in [("fa", "alpha"), ("fb", "delta")] {
        git(&folder, &["checkout", "--quiet", "-b", branch, "main"]);
        taken_over(&folder, resource);
        commit(&folder);
    }
    let mut merge = std::process::Command::new("git");
    merge.arg("-C").arg(folder.project());
    merge.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
    let _ = merge.args(["merge", "--quiet", "fa"]).output().unwrap();
    let text = read(&folder, VIEW);
    assert!(
        text.contains("// MINE") && !text.contains("<<<<<<<"),
        "{text}"
    );
    let done = in_project(&folder, &["generate"]);
    assert_eq!(
        (done.exit, done.codes()),
        (Exit::Done, Vec::new()),
        "{}",
        done.out
    );
    assert_eq!(read(&folder, VIEW), text);
    let patch = folder
        .project()
        .join(format!(".secapi/patches/{VIEW}.patch"));
    assert!(
        !patch.exists(),
        "{}",
        fs::read_to_string(patch).unwrap_or_default()
    );
}

/// Two branches with a migration each, of which `fa` was merged into the one that is checked out.
pub(in crate::commands) fn two_migrations(name: &str) -> Folder {
    merged(
        name,
        |folder| regenerate(folder, |spec| with_field(spec, "alpha")),
        |folder| regenerate(folder, |spec| with_field(spec, "delta")),
    )
}

#[test]
fn migrations_of_both_sides_of_a_merge_become_one_chain() {
    let folder = two_migrations("git-chain");
    let told = in_project(&folder, &["generate"]);
    assert_eq!(told.codes(), ["secapi::project::migration_branches"]);
    let rebased = in_project(&folder, &["generate", "--rebase-migrations", "fa"]);
    assert_eq!(rebased.exit, Exit::Done, "{}", rebased.out);
    let names: Vec<String> = files(&folder)
        .into_keys()
        .filter(|path| path.starts_with("migrations/sqlite/"))
        .collect();
    assert_eq!(
        names,
        [
            "migrations/sqlite/0001_init.sql",
            "migrations/sqlite/0002_add_n_to_alphas.sql",
            "migrations/sqlite/0003_add_n_to_deltas.sql"
        ]
    );
    let fresh = in_project(&folder, &["generate", "--check"]);
    assert_eq!(fresh.exit, Exit::Done, "{}", fresh.out);
}

/// Without the markers, so that both sides stand there.
fn united(folder: &Folder, path: &str) {
    edit(folder, path, |text| {
        let is_marker = |line: &&str| crate::merge::Marker::of(line).is_some();
        let lines = text.lines().filter(|line| !is_marker(line));
        lines.map(|line| format!("{line}\n")).collect()
    });
}

#[test]
fn what_is_made_again_is_made_again_whatever_git_left_in_it() {
    let folder = merged(
        "git-markers",
        |folder| regenerate(folder, |spec| spec.to_owned() + &more("epsilon")),
        |folder| regenerate(folder, |spec| spec.to_owned() + &more("zeta")),
    );
    for path in [
        "openapi.json",
        "policies/schema.cedarschema",
        "src/generated/mod.rs",
        ".secapi/base/src/generated/mod.rs",
        ".secapi/snapshot/spec.yaml",
        ".secapi/snapshot/tables.json",
    ] {
        assert!(
            read(&folder, path).contains("<<<<<<<"),
            "no control: {path}"
        );
    }
    edit(&folder, "secapi.yaml", |_| {
        SPEC.to_owned() + &more("epsilon") + &more("zeta")
    });
    let told = in_project(&folder, &["generate"]);
    assert_eq!(told.codes(), ["secapi::project::migration_branches"]);
    let rebased = in_project(&folder, &["generate", "--rebase-migrations", "fa"]);
    assert_eq!(rebased.exit, Exit::Done, "{}", rebased.out);
    let files = files(&folder);
    for (path, text) in &files {
        assert!(
            !text.lines().any(|line| line.starts_with("<<<<<<<")),
            "{path}"
        );
    }
    let openapi = &files["openapi.json"];
    assert!(openapi.contains("/epsilons") && openapi.contains("/zetas"));
    let fresh = in_project(&folder, &["generate", "--check"]);
    assert_eq!(fresh.exit, Exit::Done, "{}", fresh.out);
}

/// Code in which both sides stand with an edit among them is for people to decide.
#[test]
fn an_edit_among_what_git_left_open_stops_the_run_until_it_is_decided() {
    let folder = merged(
        "git-open",
        |folder| {
            edit(folder, "src/generated/mod.rs", |text| text + "// mine\n");
            regenerate(folder, |spec| spec.to_owned() + &more("epsilon"));
        },
        |folder| regenerate(folder, |spec| spec.to_owned() + &more("zeta")),
    );
    edit(&folder, "secapi.yaml", |_| {
        SPEC.to_owned() + &more("epsilon") + &more("zeta")
    });
    let before = files(&folder);
    let arguments = ["generate", "--rebase-migrations", "fa"];
    let stopped = in_project(&folder, &arguments);
    assert_eq!(stopped.exit, Exit::Difference, "{}", stopped.out);
    assert_eq!(stopped.codes(), ["secapi::project::conflict"]);
    assert_same(&files(&folder), &before);
    united(&folder, "src/generated/mod.rs");
    let done = in_project(&folder, &arguments);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    let text = read(&folder, "src/generated/mod.rs");
    for line in ["pub mod epsilon;", "pub mod zeta;", "// mine"] {
        assert_eq!(
            text.lines().filter(|found| *found == line).count(),
            1,
            "{line}"
        );
    }
}

#[test]
fn a_file_with_the_line_ends_of_another_system_is_merged() {
    let folder = demo("git-ends");
    let path = "src/generated/alpha/view.rs";
    edit(&folder, path, |text| {
        text.replace('\n', "\r\n") + "// mine\r\n"
    });
    regenerate(&folder, |spec| with_field(spec, "alpha"));
    let text = read(&folder, path);
    assert!(
        text.contains("(\"n\", &alpha.n)\r\n") && text.ends_with("// mine\r\n"),
        "{text}"
    );
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let fresh = in_project(&folder, &["generate", "--check"]);
    assert_eq!(fresh.exit, Exit::Done, "{}", fresh.out);
}
