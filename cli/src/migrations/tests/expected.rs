//! The rows of a chain: as they ought to be after a change, and more of them.

use std::collections::{BTreeMap, BTreeSet};

use super::chains::{Database, State};
use super::kinds::{OnDelete, Type, Val, id_of};
use super::world::{Field, Resource, Row, Rows, Table, World};
use crate::render::fixture::Dice;

/// The rows as they ought to be; `None` where no migration can make them so.
pub(super) fn expected(before: &World, rows: &Rows, world: &World) -> Option<Rows> {
    let rows = purged(before, rows, world)?;
    let exists = |resource: usize, id: &str| {
        let table = rows.tables.get(&resource);
        table.is_some_and(|table| table.contains_key(id))
    };
    let mut out = Rows::default();
    for resource in &world.resources {
        let old = before.resource(resource.id);
        let mut made = Table::new();
        for (id, row) in rows.tables.get(&resource.id).into_iter().flatten() {
            let mut cells = BTreeMap::new();
            for field in &resource.fields {
                let old = old.and_then(|old| old.fields.iter().find(|old| old.id == field.id));
                let value = field.after(old, row.cells.get(&field.id), &exists)?;
                cells.insert(field.id, value);
            }
            let marked = row.marked;
            made.insert(id.clone(), Row { marked, cells });
        }
        if !resource.holds(&made) {
            return None;
        }
        out.tables.insert(resource.id, made);
        for relation in &resource.relations {
            let pairs = rows.pairs.get(&relation.id).cloned();
            out.pairs.insert(relation.id, pairs.unwrap_or_default());
        }
    }
    Some(out)
}

type Gone = BTreeMap<usize, BTreeSet<String>>;

/// The rows without those that were marked where nothing is marked any more, and without what goes with them.
fn purged(before: &World, rows: &Rows, world: &World) -> Option<Rows> {
    let mut rows = rows.clone();
    let mut gone = Gone::new();
    for resource in before.resources.iter().filter(|old| old.marks) {
        if world.resource(resource.id).is_some_and(|now| !now.marks) {
            let table = rows.tables.get(&resource.id).into_iter().flatten();
            let marked = table.filter(|(_, row)| row.marked);
            gone.insert(resource.id, marked.map(|(id, _)| id.clone()).collect());
        }
    }
    while let Some((resource, id)) = next_to_go(before, &mut rows, &gone)? {
        gone.entry(resource).or_default().insert(id);
    }
    let is_gone = |resource: usize, id: &str| gone.get(&resource).is_some_and(|it| it.contains(id));
    for (resource, table) in &mut rows.tables {
        table.retain(|id, _| !is_gone(*resource, id));
    }
    for resource in &before.resources {
        for relation in &resource.relations {
            if let Some(pairs) = rows.pairs.get_mut(&relation.id) {
                pairs.retain(|(from, to)| !is_gone(resource.id, from) && !is_gone(relation.to, to));
            }
        }
    }
    Some(rows)
}

/// The next row that goes with one that is gone. What is emptied on the way is emptied; `None` where a row holds it.
#[expect(clippy::option_option, reason = "nobody, somebody, or a refusal")]
fn next_to_go(before: &World, rows: &mut Rows, gone: &Gone) -> Option<Option<(usize, String)>> {
    for resource in &before.resources {
        for field in &resource.fields {
            let Type::Ref(to, on_delete) = field.kind else {
                continue;
            };
            let Some(targets) = gone.get(&to) else {
                continue;
            };
            let own = gone.get(&resource.id);
            for (id, row) in rows.tables.get_mut(&resource.id).into_iter().flatten() {
                let refers = matches!(&row.cells[&field.id], Val::Text(to) if targets.contains(to));
                if !refers || own.is_some_and(|own| own.contains(id)) {
                    continue;
                }
                match on_delete {
                    OnDelete::SetNull => {
                        row.cells.insert(field.id, Val::Null);
                    }
                    OnDelete::Restrict if !resource.marks => return None,
                    OnDelete::Restrict | OnDelete::Cascade => {
                        return Some(Some((resource.id, id.clone())));
                    }
                }
            }
        }
    }
    Some(None)
}

/// Marked rows have ids of their own, so that no live row comes to refer to one.
const MARKED: u64 = 50_000;

/// More rows in every table.
pub(super) fn fill(state: &mut State, dice: &mut Dice, database: &mut impl Database) {
    for resource in &state.world.resources {
        for _ in 0..=dice.roll(3) {
            let Some((id, row)) = new_row(state, resource, dice) else {
                continue;
            };
            let table = state.rows.tables.entry(resource.id).or_default();
            let mut with = table.clone();
            with.insert(id.clone(), row.clone());
            let done = database.insert(&resource.plural, &columns(resource, &id, &row));
            assert_eq!(done.is_ok(), resource.holds(&with), "{done:?} {id} {row:?}");
            if done.is_ok() {
                *table = with;
            }
        }
    }
    for resource in &state.world.resources {
        for relation in &resource.relations {
            let from = any_id(&state.rows, resource.id, dice, |_| true);
            let to = any_id(&state.rows, relation.to, dice, |_| true);
            let pairs = state.rows.pairs.entry(relation.id).or_default();
            if let Some((from, to)) = from.zip(to)
                && pairs.insert((from.clone(), to.clone()))
            {
                let pair = [("from_id", from), ("to_id", to)];
                let pair = pair.map(|(name, id)| (name.to_owned(), Val::Text(id)));
                database.insert(&resource.pairs(relation), &pair).unwrap();
            }
        }
    }
}

fn columns(resource: &Resource, id: &str, row: &Row) -> Vec<(String, Val)> {
    let mut values = vec![("id".to_owned(), Val::Text(id.to_owned()))];
    values
        .extend(["created_at", "updated_at", "version"].map(|name| (name.to_owned(), Val::Int(1))));
    values.extend(
        resource
            .marks
            .then(|| ("deleted_at".to_owned(), row.mark())),
    );
    let own = resource.fields.iter();
    values.extend(own.map(|field| (field.name.clone(), row.cells[&field.id].clone())));
    values
}

/// `None` where it would have to refer to a row, and there is none.
fn new_row(state: &State, resource: &Resource, dice: &mut Dice) -> Option<(String, Row)> {
    let marked = resource.marks && dice.roll(3) == 0;
    let table = state.rows.tables.get(&resource.id);
    let is_free = |id: &String| !table.is_some_and(|table| table.contains_key(id));
    let mut numbers = if marked { MARKED.. } else { 0.. }.map(id_of);
    let id = numbers.find(is_free)?;
    let mut cells = BTreeMap::new();
    for field in &resource.fields {
        cells.insert(field.id, new_value(state, field, marked, dice)?);
    }
    Some((id, Row { marked, cells }))
}

fn new_value(state: &State, field: &Field, marked: bool, dice: &mut Dice) -> Option<Val> {
    if field.optional && dice.roll(3) == 0 {
        return Some(Val::Null);
    }
    let Type::Ref(to, _) = field.kind else {
        return Some(field.kind.value(dice));
    };
    // A live row refers to live rows alone.
    match any_id(&state.rows, to, dice, |row| marked || !row.marked) {
        Some(id) => Some(Val::Text(id)),
        None => field.optional.then_some(Val::Null),
    }
}

fn any_id(
    rows: &Rows,
    resource: usize,
    dice: &mut Dice,
    may: impl Fn(&Row) -> bool,
) -> Option<String> {
    let table = rows.tables.get(&resource)?;
    let ids: Vec<&String> = table
        .iter()
        .filter(|(_, row)| may(row))
        .map(|(id, _)| id)
        .collect();
    if ids.is_empty() {
        return None;
    }
    let at = usize::try_from(dice.roll(ids.len() as u64)).unwrap();
    Some(ids[at].clone())
}
