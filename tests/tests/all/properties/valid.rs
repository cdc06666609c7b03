//! Any valid spec compiles to something sound.

use super::spec::spec;
use super::{assert_sound, generated};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::Cell;

#[test]
fn any_valid_spec_gives_a_sound_project() {
    let (taken, refused) = (Cell::new(0_u32), Cell::new(0_u32));
    let mut runner = TestRunner::new(Config {
        cases: 96,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&spec(), |spec| {
        match generated(&spec) {
            Ok(tree) => {
                taken.set(taken.get() + 1);
                assert_sound(&tree, &spec);
            }
            // Two names may collide, or be the service's own: that is said with a place, and nothing else is.
            Err(said) => {
                refused.set(refused.get() + 1);
                prop_assert!(
                    said.contains("error[secapi::spec::") && said.contains("secapi.yaml:"),
                    "{said}\n{spec}"
                );
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(
        taken.get() >= 30,
        "{} taken, {} refused: the generator shows little",
        taken.get(),
        refused.get()
    );
}
