//! Changes of a spec as people make them: with `renamed_from` where a thing keeps its rows, and with keys that have done
//! their work left where they are.

use super::kinds::{Lit, OnDelete, Type};
use super::world::{Field, Relation, Resource, World};
use crate::render::fixture::Dice;

/// One change at random.
pub(super) fn change(world: &mut World, dice: &mut Dice) {
    let count = world.resources.len() as u64;
    match dice.roll(14) {
        0 if count < 5 => add_resource(world, dice),
        1 if count > 1 => remove_resource(world, dice),
        2 => rename_resource(world, dice),
        3 => {
            world.resources.reverse();
            if count > 1 && dice.roll(3) == 0 {
                let plural = world.resources[0].plural.clone();
                let other = std::mem::replace(&mut world.resources[1].plural, plural);
                world.resources[0].plural = other;
            }
        }
        4 if count > 0 => {
            let resource = one_of(&mut world.resources, dice);
            resource.marks = !resource.marks;
        }
        5 if count > 1 => change_relations(world, dice),
        _ if count > 0 => {
            let others: Vec<usize> = world.resources.iter().map(|it| it.id).collect();
            let mut next = world.next;
            let resource = one_of(&mut world.resources, dice);
            change_resource(resource, &others, &mut next, dice);
            world.next = next;
        }
        _ => add_resource(world, dice),
    }
}

fn one_of<'a, T>(all: &'a mut [T], dice: &mut Dice) -> &'a mut T {
    let at = usize::try_from(dice.roll(all.len() as u64)).unwrap();
    &mut all[at]
}

/// What referred to it refers to another one, or keeps what it holds as mere ids.
fn remove_resource(world: &mut World, dice: &mut Dice) {
    let at = usize::try_from(dice.roll(world.resources.len() as u64)).unwrap();
    let gone = world.resources.remove(at).id;
    let other = one_of(&mut world.resources, dice).id;
    let fields = world.resources.iter_mut().flat_map(|it| &mut it.fields);
    for field in fields {
        match &mut field.kind {
            Type::Ref(to, _) if *to == gone && dice.roll(2) == 0 => *to = other,
            _ => {}
        }
    }
}

fn change_relations(world: &mut World, dice: &mut Dice) {
    let (id, to) = (world.id(), one_of(&mut world.resources, dice).id);
    let resource = one_of(&mut world.resources, dice);
    let count = resource.relations.len() as u64;
    match dice.roll(4) {
        0 if count > 0 => {
            let at = usize::try_from(dice.roll(count)).unwrap();
            resource.relations.remove(at);
        }
        1 | 2 if count > 0 => {
            let relation = one_of(&mut resource.relations, dice);
            let former = std::mem::replace(&mut relation.name, format!("r{id}"));
            relation.former = Some(former);
        }
        _ => resource.relations.push(Relation {
            id,
            name: format!("r{id}"),
            former: None,
            to,
        }),
    }
}

pub(super) fn add_resource(world: &mut World, dice: &mut Dice) {
    let others: Vec<usize> = world.resources.iter().map(|it| it.id).collect();
    let id = world.id();
    let mut resource = Resource {
        id,
        name: format!("thing{id}"),
        former: None,
        plural: format!("thing{id}s"),
        fields: Vec::new(),
        unique: Vec::new(),
        relations: Vec::new(),
        marks: dice.roll(3) == 0,
    };
    for _ in 0..dice.roll(5) {
        let field = field(&mut world.next, &others, dice);
        resource.fields.push(field);
    }
    world.resources.push(resource);
}

fn rename_resource(world: &mut World, dice: &mut Dice) {
    let id = world.id();
    let at = usize::try_from(dice.roll(world.resources.len() as u64)).unwrap();
    let resource = &mut world.resources[at];
    let former = std::mem::replace(&mut resource.name, format!("thing{id}"));
    resource.former = Some(former);
    if dice.roll(3) > 0 {
        resource.plural = format!("thing{id}s");
    }
}

/// A type that may refer to one of these resources.
fn kind(others: &[usize], dice: &mut Dice) -> Type {
    if others.is_empty() || dice.roll(4) > 0 {
        return Type::any(dice);
    }
    let to = others[usize::try_from(dice.roll(others.len() as u64)).unwrap()];
    let on_delete = match dice.roll(3) {
        0 => OnDelete::Restrict,
        1 => OnDelete::Cascade,
        _ => OnDelete::SetNull,
    };
    Type::Ref(to, on_delete)
}

fn literal(kind: &Type, dice: &mut Dice, is_wanted: bool) -> Option<Lit> {
    is_wanted.then(|| kind.literal(dice)).flatten()
}

fn field(next: &mut usize, others: &[usize], dice: &mut Dice) -> Field {
    *next += 1;
    let kind = kind(others, dice);
    let is_reference = matches!(kind, Type::Ref(..));
    let optional = dice.roll(3) == 0 || is_reference && dice.roll(3) > 0;
    let (defaulted, filled) = (dice.roll(3) == 0, dice.roll(3) == 0);
    let default = literal(&kind, dice, !optional && defaulted);
    let backfill = literal(&kind, dice, filled);
    Field {
        id: *next,
        name: format!("f{next}"),
        former: None,
        optional,
        default,
        backfill,
        unique: dice.roll(6) == 0,
        index: dice.roll(6) == 0,
        kind,
    }
}

fn change_resource(resource: &mut Resource, others: &[usize], next: &mut usize, dice: &mut Dice) {
    let count = resource.fields.len() as u64;
    if count == 0 {
        resource.fields.push(field(next, others, dice));
        return;
    }
    let at = usize::try_from(dice.roll(count)).unwrap();
    match dice.roll(9) {
        0 => resource.fields.push(field(next, others, dice)),
        1 => {
            let gone = resource.fields.remove(at).id;
            resource.unique.retain(|set| !set.contains(&gone));
        }
        2 | 3 => {
            *next += 1;
            let name = format!("f{next}");
            let former = std::mem::replace(&mut resource.fields[at].name, name);
            resource.fields[at].former = Some(former.clone());
            // Another one may take the name over at once.
            if dice.roll(4) == 0 {
                let mut heir = field(next, others, dice);
                heir.name = former;
                resource.fields.push(heir);
            }
        }
        4 if count > 1 => {
            resource.unique.retain(|_| dice.roll(2) == 0);
            let (one, two) = (resource.fields[0].id, resource.fields[1].id);
            if !resource
                .unique
                .iter()
                .any(|set| set.contains(&one) && set.contains(&two))
            {
                resource.unique.push(vec![two, one]);
            }
        }
        5 => resource.fields.rotate_left(1),
        _ => change_field(&mut resource.fields[at], others, dice),
    }
}

fn change_field(field: &mut Field, others: &[usize], dice: &mut Dice) {
    match dice.roll(8) {
        0 | 1 => {
            field.kind = kind(others, dice);
            field.default = literal(&field.kind, dice, field.default.is_some());
            let filled = dice.roll(2) == 0;
            field.backfill = literal(&field.kind, dice, filled);
        }
        2 => {
            field.optional = !field.optional;
            field.default = None;
        }
        3 => {
            field.optional = false;
            field.default = match field.default {
                Some(_) => None,
                None => field.kind.literal(dice),
            };
        }
        4 => field.unique = !field.unique,
        5 => field.index = !field.index,
        _ => change_values(field, dice),
    }
    let takes = |literal: &Lit| field.kind.takes(&literal.stored);
    let (default, backfill) = (
        field.default.clone().filter(takes),
        field.backfill.clone().filter(takes),
    );
    if field.default.is_some() && default.is_none() {
        field.default = field.kind.literal(dice);
    }
    field.backfill = backfill;
}

fn change_values(field: &mut Field, dice: &mut Dice) {
    let few = || Type::Enum(vec![("it's 1".into(), None), ("it's 2".into(), None)]);
    let (default, backfill) = (field.default.take(), field.backfill.take());
    let values = match &mut field.kind {
        Type::Enum(values) => values,
        Type::List(of) => match &mut **of {
            Type::Enum(values) => values,
            other => return *other = few(),
        },
        other => return *other = few(),
    };
    (field.default, field.backfill) = (default, backfill);
    let at = usize::try_from(dice.roll(values.len() as u64)).unwrap();
    match dice.roll(4) {
        0 => values.push((format!("new {}", dice.roll(1_000_000)), None)),
        1 if values.len() > 1 => drop(values.remove(at)),
        2 => values.reverse(),
        _ => {
            let name = format!("named {}", dice.roll(1_000_000));
            let former = std::mem::replace(&mut values[at].0, name);
            values[at].1 = Some(former);
        }
    }
}
