//! Random chains of changes of a spec, with rows in every table: the tables end as a fresh database has them, and every
//! row holds what it should.

use super::changes::{add_resource, change};
use super::expected::{expected, fill};
use super::kinds::{Type, Val};
use super::parts;
use super::world::{Field, Rows, World};
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
    /// The pairs of a relation, in their order.
    fn pairs(&mut self, table: &str) -> Vec<(String, String)>;
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
    pub(super) purged: usize,
    pub(super) pairs: usize,
    pub(super) references: usize,
}

/// What was made so far.
pub(super) struct State {
    pub(super) world: World,
    tables: Snapshot,
    pub(super) rows: Rows,
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
        rows: Rows::default(),
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
        let before = state.world.resource(resource.id);
        let stale = before.is_some_and(|old| old.name == resource.name);
        resource.former = resource.former.take().filter(|_| !stale);
        for field in &mut resource.fields {
            let old = before.and_then(|old| old.fields.iter().find(|old| old.id == field.id));
            let stale = old.is_some_and(|old| old.name == field.name);
            field.former = field.former.take().filter(|_| !stale);
        }
        for relation in &mut resource.relations {
            let mut old = before.into_iter().flat_map(|old| &old.relations);
            let stale = old.any(|old| old.id == relation.id && old.name == relation.name);
            relation.former = relation.former.take().filter(|_| !stale);
        }
    }
    compile(world)
}

/// Whoever takes the name of a field that is gone is that field, and not another one.
fn tell_heirs_apart(state: &State, world: &mut World) {
    let mut next = world.next;
    for resource in &mut world.resources {
        let stays: Vec<usize> = resource.fields.iter().map(|field| field.id).collect();
        let before = state.world.resource(resource.id);
        let gone = before.into_iter().flat_map(|old| &old.fields);
        let gone: Vec<&Field> = gone.filter(|old| !stays.contains(&old.id)).collect();
        for field in &mut resource.fields {
            if gone.iter().any(|old| old.name == field.name) {
                next += 1;
                field.name = format!("f{next}");
            }
        }
    }
    world.next = next;
}

/// What was renamed twice since the last migration was what it was then.
fn name_formers(state: &State, world: &mut World) {
    let former = |old: Option<&String>, now: &String, former: Option<String>| match old {
        Some(old) if old != now => Some(old.clone()),
        Some(_) => former,
        None => None,
    };
    for resource in &mut world.resources {
        let before = state.world.resource(resource.id);
        let old = before.map(|old| &old.name);
        resource.former = former(old, &resource.name, resource.former.take());
        for field in &mut resource.fields {
            let old = before.and_then(|old| old.fields.iter().find(|old| old.id == field.id));
            let old = old.map(|old| &old.name);
            field.former = former(old, &field.name, field.former.take());
        }
        for relation in &mut resource.relations {
            let mut old = before.into_iter().flat_map(|old| &old.relations);
            let old = old.find(|old| old.id == relation.id);
            let old = old.map(|old| &old.name);
            relation.former = former(old, &relation.name, relation.former.take());
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
    world.settle();
    tell_heirs_apart(state, &mut world);
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
    let expected = expected(&state.world, &state.rows, &world);
    if found.is_none() {
        assert_eq!(found.after.hash(), state.tables.hash());
        assert_eq!(expected.as_ref(), Some(&state.rows), "{}", world.yaml());
        state.world = world;
        state.tables = found.after;
        return;
    }
    let parent = state.tables.hash();
    let migration = Migration::new(state.number + 1, &found, Some(parent.as_str()));
    parts::assert_as_the_whole(&state.tables, &migration, &found.after);
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
    count.rows += rows.tables.values().map(|table| table.len()).sum::<usize>();
    count.pairs += rows.pairs.values().map(|pairs| pairs.len()).sum::<usize>();
    count.purged += lost(&state.rows, &rows);
    count.references += references(&world, &rows);
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
                field.backfill = field.kind.literal(dice);
                assert!(field.backfill.is_some(), "nothing could be said");
            }
            Lack::Target => field.optional = true,
            Lack::Sealed | Lack::Key => panic!("these chains encrypt nothing"),
            Lack::OwnValues => {
                assert!(field.unique);
                (field.optional, field.default, field.backfill) = (true, None, None);
            }
        }
    }
}

/// Where a migration is not destructive, no value is gone.
fn assert_lossless(state: &State, world: &World, rows: &Rows, migration: &Migration) {
    if migration.is_destructive() {
        return;
    }
    for (resource, before) in &state.rows.tables {
        let after = &rows.tables[resource];
        assert_eq!(after.len(), before.len());
        for (id, old) in before {
            for (field, value) in &old.cells {
                let is_null = *value == Val::Null;
                let now = &after[id].cells[field];
                assert!(is_null || *now != Val::Null, "{}", world.yaml());
            }
        }
    }
    for (relation, before) in state
        .rows
        .pairs
        .iter()
        .filter(|(_, pairs)| !pairs.is_empty())
    {
        assert_eq!(rows.pairs.get(relation), Some(before), "{}", world.yaml());
    }
}

/// The rows that are gone from tables that are there.
fn lost(before: &Rows, after: &Rows) -> usize {
    let tables = after.tables.iter();
    let lost =
        tables.map(|(id, table)| before.tables.get(id).map_or(0, |old| old.len()) - table.len());
    lost.sum()
}

/// The values that refer to a row.
fn references(world: &World, rows: &Rows) -> usize {
    let fields = world.resources.iter().flat_map(|resource| {
        let fields = resource.fields.iter();
        let fields = fields.filter(|field| matches!(field.kind, Type::Ref(..)));
        fields.map(|field| (resource.id, field.id))
    });
    let values = fields.flat_map(|(resource, field)| {
        let rows = rows.tables.get(&resource).into_iter().flatten();
        rows.map(move |(_, row)| &row.cells[&field])
    });
    values.filter(|value| **value != Val::Null).count()
}

fn assert_rows(state: &State, database: &mut impl Database) {
    for resource in &state.world.resources {
        let mut columns = vec![("id".to_owned(), Storage::Text)];
        columns.extend(
            resource
                .marks
                .then(|| ("deleted_at".to_owned(), Storage::Integer)),
        );
        let fields = resource.fields.iter();
        columns.extend(fields.map(|field| (field.name.clone(), storage(&field.kind))));
        let found = database.rows(&resource.plural, &columns);
        let rows = state.rows.tables.get(&resource.id).into_iter().flatten();
        let rows = rows.map(|(id, row)| {
            let mut cells = vec![Val::Text(id.clone())];
            cells.extend(resource.marks.then(|| row.mark()));
            cells.extend(
                resource
                    .fields
                    .iter()
                    .map(|field| row.cells[&field.id].clone()),
            );
            cells
        });
        let rows: Vec<Vec<Val>> = rows.collect();
        assert_eq!(found, rows, "{} in\n{}", resource.name, state.world.yaml());
        for relation in &resource.relations {
            let found = database.pairs(&resource.pairs(relation));
            let pairs = state.rows.pairs.get(&relation.id).into_iter().flatten();
            let pairs: Vec<_> = pairs.cloned().collect();
            assert_eq!(found, pairs, "{} in\n{}", relation.name, state.world.yaml());
        }
    }
}

fn storage(kind: &Type) -> Storage {
    match kind {
        Type::Str
        | Type::Uuid
        | Type::Time
        | Type::Ip
        | Type::Enum(_)
        | Type::List(_)
        | Type::Ref(..) => Storage::Text,
        Type::Num => Storage::Real,
        Type::Bytes => Storage::Blob,
        _ => Storage::Integer,
    }
}
