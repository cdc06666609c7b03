//! Random chains of changes of a spec, with rows in every table: the tables end as a fresh database has them, and every
//! row holds what it should.

use std::collections::BTreeMap;

use super::changes::{add_resource, change};
use super::world::{Rows, Type, Val, World};
use crate::diagnostic::Sources;
use crate::migrations::{Lack, Migration, Past, Problem, Snapshot, Storage, difference};
use crate::model::Service;
use crate::render::fixture::Dice;

/// A real database.
pub(super) trait Database {
    /// Applies a migration, whole or not at all.
    fn migrate(&mut self, migration: &Migration) -> Result<(), String>;
    fn insert(&mut self, table: &str, values: &[(String, Val)]) -> Result<(), String>;
    /// The rows of a table in the order of their ids.
    fn rows(&mut self, table: &str, columns: &[(String, Storage)]) -> Vec<Vec<Val>>;
    fn schema(&mut self) -> Vec<String>;
    /// The schema of a new database after its first migration.
    fn fresh(&mut self, first: &Migration) -> Vec<String>;
}

/// What was tried.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) migrations: usize,
    pub(super) destructive: usize,
    pub(super) rebuilt: usize,
    pub(super) failed: usize,
    pub(super) refused: usize,
    pub(super) rows: usize,
}

struct State {
    world: World,
    tables: Snapshot,
    rows: Rows,
    number: usize,
}

/// One chain. The same seed gives the same.
pub(super) fn chain(seed: u64, steps: usize, database: &mut impl Database, count: &mut Count) {
    let dice = &mut Dice(seed);
    for _ in 0..8 {
        dice.roll(2);
    }
    let mut world = World::default();
    for _ in 0..=dice.roll(2) {
        add_resource(&mut world, dice);
    }
    let mut state = State {
        world: World::default(),
        tables: Snapshot::default(),
        rows: Rows::new(),
        number: 0,
    };
    step(&mut state, world, dice, database, count);
    for _ in 0..steps {
        let mut world = state.world.clone();
        for _ in 0..=dice.roll(2) {
            change(&mut world, dice);
        }
        step(&mut state, world, dice, database, count);
        fill(&mut state, dice, database);
    }
}

fn compile(world: &World) -> Option<Service> {
    let mut sources = Sources::new();
    let text = world.yaml();
    let id = sources.add("secapi.yaml", text.clone());
    crate::model::compile(&text, id).0
}

/// A spec that can be compiled: keys that have done their work may contradict new ones, and people remove them then.
fn settled(state: &State, world: &mut World) -> Option<Service> {
    if let Some(service) = compile(world) {
        return Some(service);
    }
    for resource in &mut world.resources {
        let before = state
            .world
            .resources
            .iter()
            .find(|old| old.id == resource.id);
        let stale = before.is_some_and(|old| old.name == resource.name);
        resource.former = resource.former.take().filter(|_| !stale);
        for field in &mut resource.fields {
            let old = before.and_then(|old| old.fields.iter().find(|old| old.id == field.id));
            let stale = old.is_some_and(|old| old.name == field.name);
            field.former = field.former.take().filter(|_| !stale);
        }
    }
    compile(world)
}

/// What was renamed twice since the last migration was what it was then.
fn name_formers(state: &State, world: &mut World) {
    let former = |old: Option<&String>, now: &String, former: Option<String>| match old {
        Some(old) if old != now => Some(old.clone()),
        Some(_) => former,
        None => None,
    };
    for resource in &mut world.resources {
        let before = state
            .world
            .resources
            .iter()
            .find(|old| old.id == resource.id);
        let old = before.map(|old| &old.name);
        resource.former = former(old, &resource.name, resource.former.take());
        for field in &mut resource.fields {
            let old = before.and_then(|old| old.fields.iter().find(|old| old.id == field.id));
            let old = old.map(|old| &old.name);
            field.former = former(old, &field.name, field.former.take());
        }
    }
}

/// Makes a change, as the problems ask for it.
fn step(
    state: &mut State,
    mut world: World,
    dice: &mut Dice,
    database: &mut impl Database,
    count: &mut Count,
) {
    name_formers(state, &mut world);
    let Some(mut service) = settled(state, &mut world) else {
        count.refused += 1;
        return;
    };
    let mut found = difference(&state.tables, &Snapshot::of(&service), &Past::of(&service));
    if let Err(unanswered) = &found {
        count.refused += 1;
        answer(&mut world, &unanswered.problems, dice);
        service = compile(&world).unwrap_or_else(|| panic!("{}", world.yaml()));
        found = difference(&state.tables, &Snapshot::of(&service), &Past::of(&service));
    }
    let found = found.unwrap_or_else(|problems| panic!("{problems:?}\n{}", world.yaml()));
    let expected = expected(state, &world);
    if found.is_none() {
        assert_eq!(found.after.hash(), state.tables.hash());
        assert_eq!(expected.as_ref(), Some(&state.rows), "{}", world.yaml());
        state.world = world;
        state.tables = found.after;
        return;
    }
    let parent = state.tables.hash();
    let migration = Migration::new(state.number + 1, &found, Some(parent.as_str()));
    let done = database.migrate(&migration);
    let context = || {
        format!(
            "{}\n{}\n{}",
            world.yaml(),
            migration.sqlite,
            migration.postgres
        )
    };
    let Some(rows) = expected else {
        assert!(done.is_err(), "it should have failed\n{}", context());
        count.failed += 1;
        return assert_rows(state, database);
    };
    done.unwrap_or_else(|error| panic!("{error}\n{}", context()));
    count.migrations += 1;
    count.destructive += usize::from(migration.is_destructive());
    count.rebuilt += usize::from(migration.sqlite.starts_with("-- secapi: rebuild"));
    count.rows += rows.values().map(Vec::len).sum::<usize>();
    assert_lossless(state, &world, &rows, &migration);
    *state = State {
        world,
        tables: Snapshot::parse(&found.after.json()).unwrap(),
        rows,
        number: state.number + 1,
    };
    assert_rows(state, database);
    let fresh = difference(&Snapshot::default(), &found.after, &Past::default()).unwrap();
    let fresh = database.fresh(&Migration::new(1, &fresh, None));
    assert_eq!(
        database.schema(),
        fresh,
        "{}\n{}",
        migration.sqlite,
        migration.postgres
    );
    // The spec alone, apart from the order of columns and values, asks for the same tables.
    let again = difference(&found.after, &Snapshot::of(&service), &Past::of(&service)).unwrap();
    assert!(again.is_none(), "a second run finds {:?}", again.steps());
}

/// Gives a field what a problem asks for.
fn answer(world: &mut World, problems: &[Problem], dice: &mut Dice) {
    for problem in problems {
        let (resource, field) = problem.field.split_once('.').unwrap();
        let resource = world
            .resources
            .iter_mut()
            .find(|made| made.name == resource);
        let fields = resource.unwrap().fields.iter_mut();
        let field = { fields }.find(|made| made.name == field).unwrap();
        match problem.lack {
            Lack::Value => {
                assert!(!field.optional && field.default.is_none() && field.backfill.is_none());
                field.backfill = Some(field.kind.literal(dice));
            }
            Lack::Target => panic!("these chains have no references"),
            Lack::Sealed | Lack::Key => panic!("these chains encrypt nothing"),
            Lack::OwnValues => {
                assert!(field.unique);
                (field.optional, field.default, field.backfill) = (true, None, None);
            }
        }
    }
}

/// The rows as they ought to be; `None` where no migration can make them so.
fn expected(state: &State, world: &World) -> Option<Rows> {
    let mut rows = Rows::new();
    for resource in &world.resources {
        let before = state
            .world
            .resources
            .iter()
            .find(|old| old.id == resource.id);
        let mut made = Vec::new();
        for row in state.rows.get(&resource.id).into_iter().flatten() {
            let mut new = BTreeMap::new();
            for field in &resource.fields {
                let old = before.and_then(|old| old.fields.iter().find(|old| old.id == field.id));
                new.insert(field.id, field.after(old, row.get(&field.id))?);
            }
            made.push(new);
        }
        if !resource.holds(&made) {
            return None;
        }
        rows.insert(resource.id, made);
    }
    Some(rows)
}

/// Where a migration is not destructive, no value is gone.
fn assert_lossless(state: &State, world: &World, rows: &Rows, migration: &Migration) {
    if migration.is_destructive() {
        return;
    }
    for (resource, before) in &state.rows {
        let after = &rows[resource];
        assert_eq!(after.len(), before.len());
        for (old, new) in before.iter().zip(after) {
            for (field, value) in old {
                let is_null = *value == Val::Null;
                assert!(is_null || new[field] != Val::Null, "{}", world.yaml());
            }
        }
    }
}

fn assert_rows(state: &State, database: &mut impl Database) {
    for resource in &state.world.resources {
        let columns: Vec<(String, Storage)> = resource
            .fields
            .iter()
            .map(|field| (field.name.clone(), storage(&field.kind)))
            .collect();
        let found = database.rows(&resource.plural, &columns);
        let rows = state.rows.get(&resource.id).into_iter().flatten();
        let fields = &resource.fields;
        let rows = rows.map(|row| fields.iter().map(|field| row[&field.id].clone()).collect());
        let rows: Vec<Vec<Val>> = rows.collect();
        assert_eq!(found, rows, "{} in\n{}", resource.name, state.world.yaml());
    }
}

/// More rows in every table.
fn fill(state: &mut State, dice: &mut Dice, database: &mut impl Database) {
    for resource in &state.world.resources {
        let rows = state.rows.entry(resource.id).or_default();
        for _ in 0..=dice.roll(3) {
            let row: BTreeMap<usize, Val> = resource
                .fields
                .iter()
                .map(|field| {
                    let null = field.optional && dice.roll(3) == 0;
                    let value = if null {
                        Val::Null
                    } else {
                        field.kind.value(dice)
                    };
                    (field.id, value)
                })
                .collect();
            let mut with = rows.clone();
            with.push(row.clone());
            let mut values = vec![("id".to_owned(), Val::Text(format!("{:05}", rows.len())))];
            values.extend(
                ["created_at", "updated_at", "version"].map(|name| (name.to_owned(), Val::Int(1))),
            );
            let own = resource.fields.iter();
            values.extend(own.map(|field| (field.name.clone(), row[&field.id].clone())));
            let done = database.insert(&resource.plural, &values);
            assert_eq!(done.is_ok(), resource.holds(&with), "{done:?} {values:?}");
            if done.is_ok() {
                *rows = with;
            }
        }
    }
}

fn storage(kind: &Type) -> Storage {
    match kind {
        Type::Str | Type::Uuid | Type::Time | Type::Ip | Type::Enum(_) => Storage::Text,
        Type::Num => Storage::Real,
        Type::Bytes => Storage::Blob,
        _ => Storage::Integer,
    }
}
