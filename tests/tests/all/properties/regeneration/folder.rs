//! Histories on real folders, through the commands, with everything that a spec can do to its files: what comes, goes and is
//! renamed, what loses data, and policies that name it.

use super::changing::{Change, Spec, change};
use super::edits::{Edit, Files, by_hand, edit, resolve};
use crate::support::{Folder, Tree, run as finished, runtime_option};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use secapi::commands::{Surroundings, run};
use secapi::exit::Exit;
use secapi::merge::has_markers;
use secapi::write::ProjectPath;
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

/// The policies that somebody writes.
const POLICIES: &str = "policies/mine.cedar";

/// How many histories, and how many rounds each. `SECAPI_HISTORIES` plays more.
const HISTORIES: u32 = 10;
const ROUNDS: usize = 4;

/// Edits, a policy, and what becomes of the spec.
#[derive(Clone, Debug)]
struct Round {
    edits: Vec<Edit>,
    policy: Option<[u16; 3]>,
    /// A file of the tool's that is handed over.
    ejected: Option<u16>,
    changes: Vec<Change>,
    resolution: u8,
    /// Whether `renamed_from` is left in the spec.
    keeps: bool,
}

fn rounds() -> impl Strategy<Value = Vec<Round>> {
    let round = (
        prop::collection::vec(edit(), 0..8),
        prop::option::of(any::<[u16; 3]>()),
        prop::option::weighted(0.3, any::<u16>()),
        prop::collection::vec(change(), 0..4),
        0..3_u8,
        any::<bool>(),
    )
        .prop_map(
            |(edits, policy, ejected, changes, resolution, keeps)| Round {
                edits,
                policy,
                ejected,
                changes,
                resolution,
                keeps,
            },
        );
    prop::collection::vec(round, 1..=ROUNDS)
}

/// How often each thing came up: a test of nothing proves nothing.
#[derive(Debug, Default)]
struct Seen {
    lines: Cell<usize>,
    merges: Cell<usize>,
    conflicts: Cell<usize>,
    destructive: Cell<usize>,
    patched: Cell<usize>,
    offered: Cell<usize>,
    given_up: Cell<usize>,
    runs: Cell<usize>,
}

fn count(cell: &Cell<usize>, more: usize) {
    cell.set(cell.get() + more);
}

/// What a command said.
#[derive(Debug)]
struct Said {
    exit: Exit,
    json: Value,
}

impl Said {
    fn codes(&self) -> BTreeSet<&str> {
        let all = self.json["diagnostics"].as_array().into_iter().flatten();
        all.filter_map(|it| it["code"].as_str()).collect()
    }

    /// The mistakes among them.
    fn errors(&self) -> BTreeSet<&str> {
        let all = self.json["diagnostics"].as_array().into_iter().flatten();
        let errors = all.filter(|it| it["severity"] == "error");
        errors.filter_map(|it| it["code"].as_str()).collect()
    }

    fn rows(&self) -> impl Iterator<Item = (&str, &str)> {
        let rows = self.json["files"].as_array().into_iter().flatten();
        rows.filter_map(|row| Some((row["path"].as_str()?, row["change"].as_str()?)))
    }
}

struct World<'a> {
    _folder: Folder,
    project: PathBuf,
    spec: Spec,
    written: usize,
    policies: usize,
    seen: &'a Seen,
}

impl<'a> World<'a> {
    fn new(seen: &'a Seen) -> Self {
        let folder = Folder::new();
        let spec = Spec::new();
        let given = folder.write("given/secapi.yaml", spec.text());
        let project = folder.join("project");
        let world = Self {
            _folder: folder,
            project,
            spec,
            written: 0,
            policies: 0,
            seen,
        };
        let (runtime, given) = (runtime_option(), given.display().to_string());
        let dir = world.project.display().to_string();
        let new = [
            "new",
            "shop",
            "--no-git",
            "--runtime",
            &runtime,
            "--dir",
            &dir,
            "--spec",
            &given,
        ];
        assert_eq!(world.command(&new).exit, Exit::Done);
        world
    }

    /// Runs a command in this process.
    fn command(&self, arguments: &[&str]) -> Said {
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
        let words = ["secapi"].into_iter().chain(arguments.iter().copied());
        let exit = run(
            words.chain(["--format", "json"]).map(Into::into),
            surroundings,
        );
        count(&self.seen.runs, 1);
        let json = serde_json::from_slice(&out).unwrap();
        // Nothing that is written into a project is a mistake of the tool's.
        assert_ne!(exit, Exit::Environment, "{json}");
        Said { exit, json }
    }

    fn here(&self, arguments: &[&str]) -> Said {
        let dir = self.project.display().to_string();
        let mut all = arguments.to_vec();
        all.extend(["--project", &dir]);
        self.command(&all)
    }

    /// A run that must not write anything.
    fn only_looks(&self, arguments: &[&str]) -> Said {
        let before = self.tree();
        let said = self.here(arguments);
        self.tree().assert_same(&before);
        said
    }

    fn tree(&self) -> Tree {
        Tree::read(&self.project)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.project.join(path), text).unwrap();
    }

    fn edit(&mut self, edits: &[Edit]) {
        let texts = self.tree().0.into_iter();
        let mut files: Files = texts
            .map(|(path, bytes)| {
                let text = String::from_utf8(bytes).unwrap();
                (ProjectPath::new(path).unwrap(), text)
            })
            .collect();
        for edit in edits {
            let path = edit.apply(&mut files, &mut self.written, is_editable);
            let place = self.project.join(path.as_str());
            match files.get(&path) {
                Some(text) => std::fs::write(place, text).unwrap(),
                None => std::fs::remove_file(place).unwrap(),
            }
        }
    }

    fn add_policy(&mut self, numbers: [u16; 3]) {
        self.policies += 1;
        let place = self.project.join(POLICIES);
        let text = std::fs::read_to_string(&place).unwrap_or_default();
        let policy = self.spec.policy(self.policies, numbers);
        // It is added as its file has the others.
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let policy = format!("// by hand policy {}\n{policy}", self.policies).replace('\n', end);
        std::fs::write(place, text + &policy).unwrap();
    }

    fn eject(&self, number: u16) {
        let files = self.tree().only(&["src/generated/", "tests/security/"]).0;
        let path = files.keys().nth(usize::from(number) % files.len()).unwrap();
        // Markers of a conflict are resolved in each round, so nothing keeps anybody from it; what was never the tool's, or
        // is not any more, is nobody's to hand over.
        let manifest = self.tree().text(".secapi/manifest").to_owned();
        if manifest
            .lines()
            .any(|line| line.starts_with(&format!("{path} ")))
        {
            assert_eq!(self.here(&["eject", path]).exit, Exit::Done, "{path}");
        }
    }

    fn play(&mut self, round: &Round) {
        if let Some(numbers) = round.policy {
            self.add_policy(numbers);
        }
        self.edit(&round.edits);
        if let Some(number) = round.ejected {
            self.eject(number);
        }
        let last = self.spec.clone();
        for change in &round.changes {
            self.spec.change(change);
        }
        if !self.generate() {
            // What nobody could mend in the text of the spec is taken back.
            count(&self.seen.given_up, 1);
            self.spec = last;
            self.spec.without_left();
            assert!(self.generate(), "the spec of before");
        }
        self.spec.settle(round.keeps);
        self.a_second_run_changes_nothing(round.resolution);
    }

    /// Generates, and does what a person does who is refused; whether it worked.
    fn generate(&mut self) -> bool {
        let mut arguments = vec!["generate"];
        for _ in 0..8 {
            self.write("secapi.yaml", &self.spec.text());
            let foretold = self.only_looks(&["plan"]);
            let before = self.tree();
            let done = self.here(&arguments);
            let errors = done.errors();
            if done.exit != Exit::Input {
                self.is_as_foretold(&foretold, &done, &before);
                return true;
            }
            // Whatever it says, nothing was written.
            self.tree().assert_same(&before);
            if errors.contains("secapi::policy::dropped") {
                self.mend_policies(&done);
            } else if errors.contains("secapi::project::destructive") {
                assert!(!arguments.contains(&"--allow-destructive"));
                count(&self.seen.destructive, 1);
                arguments.push("--allow-destructive");
            } else if errors.contains("secapi::project::rename_taken") {
                self.spec.without_left();
            } else {
                let known = [
                    "secapi::project::backfill",
                    "secapi::project::in_the_way",
                    "secapi::project::rename_taken",
                ];
                assert!(
                    errors.iter().all(|code| known.contains(code)),
                    "{}\n{}",
                    done.json["diagnostics"],
                    self.spec.text()
                );
                return false;
            }
        }
        false
    }

    /// Takes the patches over, or writes the policies anew that none is proposed for.
    fn mend_policies(&mut self, said: &Said) {
        for proposal in said.json["proposals"].as_array().unwrap() {
            let file = proposal["file"].as_str().unwrap();
            assert!(file.ends_with(POLICIES), "{file}");
            let Some(patch) = proposal["patch"].as_str() else {
                let text = std::fs::read_to_string(self.project.join(POLICIES)).unwrap();
                let comments: String = by_hand(&text)
                    .into_iter()
                    .map(|it| format!("{it}\n"))
                    .collect();
                self.write(POLICIES, &comments);
                continue;
            };
            count(&self.seen.patched, 1);
            let before = std::fs::read_to_string(self.project.join(POLICIES)).unwrap();
            let applied = finished(&mut self.git(&["apply", "-"]), patch);
            assert_eq!(applied.code, 0, "{}\n{patch}\n{before:?}", applied.stderr);
            let after = std::fs::read_to_string(self.project.join(POLICIES)).unwrap();
            assert_ne!(before, after);
            assert_eq!(by_hand(&before).len(), by_hand(&after).len());
        }
    }

    fn is_as_foretold(&self, foretold: &Said, done: &Said, before: &Tree) {
        for key in ["files", "migrations", "api", "authorization"] {
            assert_eq!(foretold.json[key], done.json[key], "{key}");
        }
        let after = self.tree();
        let (mut conflicts, mut merges) = (0, 0);
        for (path, change) in done.rows() {
            let (was, is) = (before.0.get(path), after.0.get(path));
            let is_right = match change {
                "create" => was.is_none() && is.is_some(),
                "delete" => was.is_some() && is.is_none(),
                "update" | "conflict" => was.is_some() && is.is_some() && was != is,
                "merge" => was.is_some() && is.is_some(),
                _ => was == is,
            };
            assert!(is_right, "{change} of {path}");
            conflicts += usize::from(change == "conflict");
            merges += usize::from(change == "merge");
        }
        count(&self.seen.conflicts, conflicts);
        count(&self.seen.merges, merges);
        // What is in no row is as it was, but for what the tool keeps for itself.
        let rows: BTreeSet<&str> = done.rows().map(|(path, _)| path).collect();
        let paths: BTreeSet<&String> = before.0.keys().chain(after.0.keys()).collect();
        for path in paths {
            let is_told = rows.contains(path.as_str()) || path.starts_with(".secapi/");
            assert!(is_told || before.0.get(path) == after.0.get(path), "{path}");
        }
        self.nothing_is_lost(before, &after);
        self.take_offers(done);
        let is_left = conflicts > 0 || done.codes().contains("secapi::project::orphan");
        let wanted = if is_left {
            Exit::Difference
        } else {
            Exit::Done
        };
        assert_eq!(done.exit, wanted, "{}", done.json["diagnostics"]);
    }

    /// Every patch that says that it applies does, and takes nothing away that somebody wrote.
    fn take_offers(&self, done: &Said) {
        let all = done.json["diagnostics"].as_array().into_iter().flatten();
        let told = all.filter(|it| it["code"] == "secapi::project::outgrown");
        let mut is_taken = false;
        for message in told.filter_map(|it| it["message"].as_str()) {
            let path = message.split('`').nth(1).unwrap();
            let patch = format!(".secapi/patches/{path}.patch");
            let text = std::fs::read_to_string(self.project.join(&patch)).unwrap();
            if !text.contains("`git apply` with this patch brings") {
                continue;
            }
            count(&self.seen.offered, 1);
            let before = self.tree();
            let applied = finished(&mut self.git(&["apply", &patch]), "");
            assert_eq!(applied.code, 0, "{}\n{text}", applied.stderr);
            self.nothing_is_lost(&before, &self.tree());
            is_taken = true;
        }
        if is_taken {
            // The next run takes note of it, and changes nothing else.
            let before = self.tree();
            let noted = self.here(&["generate"]);
            assert!(noted.rows().all(|(_, change)| change != "update"));
            let files = |mut tree: Tree| {
                tree.0.retain(|path, _| !path.starts_with(".secapi/"));
                tree
            };
            files(self.tree()).assert_same(&files(before));
        }
    }

    fn git(&self, arguments: &[&str]) -> Command {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(&self.project);
        // The folder is in nobody's repository, whatever lies above it.
        git.env("GIT_CEILING_DIRECTORIES", self.project.parent().unwrap());
        git
    }

    fn nothing_is_lost(&self, before: &Tree, after: &Tree) {
        let theirs = before
            .0
            .iter()
            .filter(|(path, _)| !path.starts_with(".secapi/"));
        for (path, bytes) in theirs {
            let was = String::from_utf8_lossy(bytes);
            let is = after
                .0
                .get(path)
                .map(|bytes| String::from_utf8_lossy(bytes));
            let (was, is) = (by_hand(&was), by_hand(is.as_deref().unwrap_or_default()));
            count(&self.seen.lines, was.len());
            assert!(was.is_subset(&is), "{path}: {was:?} became {is:?}");
        }
    }

    fn a_second_run_changes_nothing(&mut self, resolution: u8) {
        let again = self.only_looks(&["generate"]);
        if again.codes().contains("secapi::project::conflict") {
            assert_eq!(again.exit, Exit::Difference);
            assert_eq!(
                self.only_looks(&["generate", "--check"]).exit,
                Exit::Difference
            );
            for (path, bytes) in self.tree().0 {
                let Ok(mut text) = String::from_utf8(bytes) else {
                    continue;
                };
                // What the tool keeps for itself has nobody's conflicts.
                if !path.starts_with(".secapi/") && has_markers(&text) {
                    resolve(&mut text, resolution);
                    self.write(&path, &text);
                }
            }
            let before = self.tree();
            let settled = self.here(&["generate"]);
            assert_ne!(settled.exit, Exit::Input, "{}", settled.json["diagnostics"]);
            self.nothing_is_lost(&before, &self.tree());
        }
        let again = self.only_looks(&["generate"]);
        for (path, change) in again.rows() {
            assert_eq!(change, "unchanged", "{path}");
        }
        let is_orphaned = again.codes().contains("secapi::project::orphan");
        let wanted = if is_orphaned {
            Exit::Difference
        } else {
            Exit::Done
        };
        assert_eq!(again.exit, wanted, "{}", again.json["diagnostics"]);
        // What waits for somebody is told by `--check`, and so it ends with 3.
        let waits = ["orphan", "deleted", "unmounted", "cargo"];
        let waits = waits.map(|code| format!("secapi::project::{code}"));
        let is_waited_for = waits
            .iter()
            .any(|code| again.codes().contains(code.as_str()));
        let checked = self.only_looks(&["generate", "--check"]);
        let wanted = if is_waited_for {
            Exit::Difference
        } else {
            Exit::Done
        };
        assert_eq!(checked.exit, wanted, "{}", checked.json["diagnostics"]);
    }
}

/// All Rust, and what else people write that is no spec.
fn is_editable(path: &ProjectPath) -> bool {
    let is_theirs =
        path.extension() == Some("rs") || path.as_str() == "README.md" || path.as_str() == POLICIES;
    is_theirs && !path.as_str().starts_with(".secapi/")
}

#[test]
fn whatever_becomes_of_a_spec_no_line_by_hand_is_lost_and_the_plan_was_right() {
    let asked = std::env::var("SECAPI_HISTORIES").ok();
    let asked: Option<u32> = asked.and_then(|asked| asked.parse().ok());
    let cases = asked.unwrap_or(HISTORIES);
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 64,
        ..Config::default()
    };
    // So few are the same ones in each run; whoever asks for more gets others.
    let mut runner = match asked {
        Some(_) => TestRunner::new(config),
        None => {
            let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
            TestRunner::new_with_rng(config, rng)
        }
    };
    let seen = Seen::default();
    let outcome = runner.run(&rounds(), |rounds| {
        let mut world = World::new(&seen);
        for round in &rounds {
            world.play(round);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    println!("{cases} histories: {seen:?}");
    let Seen {
        lines,
        merges,
        conflicts,
        destructive,
        patched,
        offered,
        ..
    } = &seen;
    let counts = [lines, merges, conflicts, destructive, patched, offered].map(Cell::get);
    assert!(counts.iter().all(|count| *count > 0), "{seen:?}");
}
