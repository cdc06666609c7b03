//! Histories on real folders, through the commands, with everything that a spec can do to its files: what comes, goes and is
//! renamed, what loses data, and policies that name it.

mod checks;
mod seen;
mod world;

use super::changing::{Change, change};
use super::edits::{Edit, by_hand, edit};
use crate::support::run as finished;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use secapi::exit::Exit;
use seen::{Said, Seen, count};
use std::cell::Cell;
use world::{POLICIES, World};

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

impl World<'_> {
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
