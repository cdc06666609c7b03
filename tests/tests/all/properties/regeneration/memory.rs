//! Histories in memory: the drafts are those of real specs, rendered once each, so that thousands are played.

use super::edits::{Edit, Files, by_hand, edit, resolve};
use crate::properties::quoted;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use secapi::diagnostic::Sources;
use secapi::manifest::{Hash, Manifest, Owner};
use secapi::merge::{added_lines, has_markers};
use secapi::migrations::Snapshot;
use secapi::model::compile;
use secapi::plan::{self, Before, Change, Ingredients, Obstacle, Plan, Policies, Run, Texts};
use secapi::render::{self, Standing};
use secapi::write::ProjectPath;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Independent changes of the spec; a spec is a set of them.
const CHANGES: u8 = 6;

fn spec(changes: u8) -> String {
    let has = |change: u8| changes & (1 << change) != 0;
    let colour = if has(0) {
        "      colour: {type: enum, values: [red, green], default: red}\n"
    } else {
        ""
    };
    let longest = if has(1) { 40 } else { 80 };
    let operations = if has(2) {
        "    operations: [list, read, delete]\n"
    } else {
        ""
    };
    let note = if has(3) {
        "  note:\n    fields:\n      text: {type: text}\n"
    } else {
        ""
    };
    let description = quoted(if has(4) {
        "A thing to sell,\nor to keep."
    } else {
        "A thing."
    });
    let stamp = if has(5) {
        ""
    } else {
        "  stamp:\n    fields:\n      ink: {type: string, max: 9, guarded: true}\n      weight: {type: integer, min: 1}\n"
    };
    format!(
        "secapi: 1\nservice: {{name: shop}}\nresources:\n  item:\n    description: {description}\n{operations}    fields:\n      title: {{type: string, max: {longest}}}\n{colour}      price: {{type: decimal, scale: 2, min: 0}}\n{stamp}{note}"
    )
}

fn drafts(changes: u8) -> render::Drafts {
    let text = spec(changes);
    let mut sources = Sources::new();
    let id = sources.add("secapi.yaml", text.as_str());
    let service = compile(&text, id).0.unwrap_or_else(|| panic!("{text}"));
    let policies = Policies::load(&service, &[]).expect("no policy is wrong");
    let snapshot = Snapshot::of(&service);
    let ingredients = Ingredients {
        service: &service,
        spec: &text,
        spec_files: &[],
        policies: &policies,
        migrations: &[],
        migration: None,
        snapshot: &snapshot,
        manifest: &Manifest::default(),
        unfilled: &service.needing_a_rule(),
        standing: &Standing::default(),
    };
    let mut drafts = plan::regenerated(&ingredients).expect("every template is right");
    // Large, and made again whatever happens: nothing that is shown here is about them.
    drafts.made.retain(|draft| !draft.path.ends_with(".json"));
    drafts
}

/// The drafts of every spec that was asked for.
#[derive(Default)]
struct Drafts(RefCell<BTreeMap<u8, Rc<render::Drafts>>>);

impl Drafts {
    fn of(&self, changes: u8) -> Rc<render::Drafts> {
        let mut known = self.0.borrow_mut();
        known
            .entry(changes)
            .or_insert_with(|| Rc::new(drafts(changes)))
            .clone()
    }
}

/// Edits, and the spec that the next run sees.
#[derive(Clone, Debug)]
struct Round {
    edits: Vec<Edit>,
    changes: u8,
    /// How conflicts are resolved before the next round.
    resolution: u8,
}

fn rounds() -> impl Strategy<Value = Vec<Round>> {
    let round = (
        prop::collection::vec(edit(), 0..7),
        0..(1_u8 << CHANGES),
        0..3_u8,
    )
        .prop_map(|(edits, changes, resolution)| Round {
            edits,
            changes,
            resolution,
        });
    prop::collection::vec(round, 1..4)
}

/// A project in memory.
#[derive(Default)]
struct World {
    files: Files,
    manifest: Manifest,
    /// How many lines were written by hand.
    written: usize,
}

/// How often each thing came up: a test of nothing proves nothing.
#[derive(Default)]
struct Seen {
    merges: Cell<usize>,
    conflicts: Cell<usize>,
    orphans: Cell<usize>,
    lines: Cell<usize>,
}

impl World {
    fn plan(&self, drafts: &render::Drafts) -> Plan {
        let mut paths = plan::known_paths(&self.manifest).unwrap();
        paths.extend(plan::new_paths(drafts, &self.manifest).unwrap());
        let hash =
            |path: &ProjectPath| Some((path.clone(), Hash::of(self.files.get(path)?.as_bytes())));
        let found = paths.iter().filter_map(hash).collect();
        let needed = plan::texts_needed(&self.manifest, &found, Run::Generate).unwrap();
        let text = |path: ProjectPath| {
            let text = self.files.get(&path)?.clone().into_bytes();
            Some((path, text))
        };
        let texts: Texts = needed.into_iter().filter_map(text).collect();
        let before = Before {
            manifest: &self.manifest,
            found: &found,
            texts: &texts,
            forced: &BTreeSet::new(),
            run: Run::Generate,
            version: "1",
        };
        Plan::new(drafts, &before).unwrap()
    }

    fn carry_out(&mut self, plan: &Plan) {
        for operation in &plan.operations {
            let now = self
                .files
                .get(&operation.path)
                .map(|text| Hash::of(text.as_bytes()));
            assert_eq!(now, operation.expected, "{}", operation.path);
            match &operation.contents {
                Some(bytes) => {
                    let text = String::from_utf8(bytes.bytes().to_vec()).unwrap();
                    self.files.insert(operation.path.clone(), text);
                }
                None => drop(self.files.remove(&operation.path)),
            }
        }
        self.manifest = plan.manifest.clone();
    }

    /// All Rust but the bases.
    fn edit(&mut self, edit: &Edit) {
        let is_editable = |path: &ProjectPath| {
            path.extension() == Some("rs") && !path.as_str().starts_with(".secapi/")
        };
        edit.apply(&mut self.files, &mut self.written, is_editable);
    }
}

fn play(rounds: &[Round], drafts: &Drafts, seen: &Seen) {
    let mut world = World::default();
    let first = world.plan(&drafts.of(0));
    world.carry_out(&first);
    for round in rounds {
        for edit in &round.edits {
            world.edit(edit);
        }
        let drafts = drafts.of(round.changes);
        let before = world.files.clone();
        let owners = world.manifest.clone();
        let plan = world.plan(&drafts);
        assert_eq!(plan.obstacles, [], "nothing is in the way");
        world.carry_out(&plan);
        nothing_is_lost(&before, &world.files, seen);
        the_plan_was_right(&plan, &before, &world.files, &owners, &drafts);
        seen.merges
            .set(seen.merges.get() + plan.changed(Change::Merge).count());
        seen.conflicts
            .set(seen.conflicts.get() + plan.changed(Change::Conflict).count());
        seen.orphans.set(seen.orphans.get() + plan.orphans.len());
        a_second_run_changes_nothing(&mut world, &drafts, &plan, round.resolution);
    }
}

fn nothing_is_lost(before: &Files, after: &Files, seen: &Seen) {
    for (path, text) in before
        .iter()
        .filter(|(path, _)| !path.as_str().starts_with(".secapi/"))
    {
        let was = by_hand(text);
        seen.lines.set(seen.lines.get() + was.len());
        let is = after
            .get(path)
            .map(|text| by_hand(text))
            .unwrap_or_default();
        assert!(was.is_subset(&is), "{path}: {was:?} became {is:?}");
    }
}

fn the_plan_was_right(
    plan: &Plan,
    before: &Files,
    after: &Files,
    owners: &Manifest,
    drafts: &render::Drafts,
) {
    let rows: BTreeMap<&ProjectPath, Change> = plan
        .rows
        .iter()
        .map(|row| (&row.path, row.change))
        .collect();
    let paths: BTreeSet<&ProjectPath> = before.keys().chain(after.keys()).collect();
    for path in paths
        .into_iter()
        .filter(|path| !path.as_str().starts_with(".secapi/"))
    {
        let (was, is) = (before.get(path), after.get(path));
        let change = rows.get(path).copied().unwrap_or(Change::Unchanged);
        let draft = drafts.made.iter().find(|draft| draft.path == path.as_str());
        let wanted = draft.map(|draft| draft.text.as_str());
        let owner = owners.get(path).map(|entry| entry.owner);
        match change {
            Change::Create => assert!(was.is_none() && is.map(String::as_str) == wanted, "{path}"),
            Change::Update => assert!(was != is && is.map(String::as_str) == wanted, "{path}"),
            Change::Delete => assert!(was.is_some() && is.is_none() && wanted.is_none(), "{path}"),
            Change::Unchanged => assert_eq!(was, is, "{path}"),
            Change::Merge | Change::Conflict => {
                assert_eq!(owner, Some(Owner::Tool), "{path}");
                let (is, wanted) = (is.unwrap(), wanted.unwrap());
                assert_eq!(has_markers(is), change == Change::Conflict, "{path}");
                both_sides(path, before, is, wanted);
            }
            other => panic!("{other:?} of {path}"),
        }
        if owner == Some(Owner::Yours) {
            assert_eq!(was, is, "{path} is yours");
        }
    }
}

/// What the tool adds is there too.
fn both_sides(path: &ProjectPath, before: &Files, is: &str, wanted: &str) {
    let Some(base) = before.get(&plan::base_of(path).unwrap()) else {
        return;
    };
    let lines: BTreeSet<&str> = is.lines().collect();
    let added = added_lines(base, wanted);
    let missing = added
        .keys()
        .find(|line| !line.trim().is_empty() && !lines.contains(**line));
    assert_eq!(missing, None, "{path} lacks what the tool adds:\n{is}");
}

fn a_second_run_changes_nothing(
    world: &mut World,
    drafts: &render::Drafts,
    plan: &Plan,
    resolution: u8,
) {
    let conflicts: Vec<ProjectPath> = plan.changed(Change::Conflict).cloned().collect();
    if !conflicts.is_empty() {
        let stopped = world.plan(drafts);
        let expected: Vec<Obstacle> = conflicts
            .iter()
            .cloned()
            .map(Obstacle::Unresolved)
            .collect();
        assert_eq!(stopped.obstacles, expected);
        world
            .files
            .values_mut()
            .for_each(|text| resolve(text, resolution));
        let before = world.files.clone();
        let accepted = world.plan(drafts);
        world.carry_out(&accepted);
        // A resolution is taken as it is, unless nothing but formatting tells it from the tool's text.
        for path in conflicts.iter().filter(|path| {
            accepted
                .changed(Change::Merge)
                .any(|merged| merged == *path)
        }) {
            assert_eq!(before.get(path), world.files.get(path));
        }
    }
    let again = world.plan(drafts);
    assert!(
        !again.changes() && again.operations.is_empty(),
        "{:?}",
        again
            .rows
            .iter()
            .filter(|row| row.change != Change::Unchanged)
            .collect::<Vec<_>>()
    );
    assert_eq!(again.manifest, world.manifest);
}

#[test]
fn no_line_by_hand_is_ever_missing_and_the_plan_is_right() {
    let (drafts, seen) = (Drafts::default(), Seen::default());
    let mut runner = TestRunner::new(Config {
        cases: 1200,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&rounds(), |rounds| {
        play(&rounds, &drafts, &seen);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let counts = [&seen.lines, &seen.merges, &seen.conflicts, &seen.orphans].map(Cell::get);
    println!(
        "1200 histories: {} lines by hand, {} merges, {} conflicts, {} orphans",
        counts[0], counts[1], counts[2], counts[3]
    );
    let least = [2000, 1000, 200, 50];
    assert!(
        counts
            .iter()
            .zip(least)
            .all(|(count, least)| *count >= least),
        "{counts:?}"
    );
}
