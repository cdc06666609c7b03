//! Changes of a spec as people make them: with `renamed_from` where a thing keeps its rows, and with keys that have done
//! their work left where they are.

use super::world::{Field, Resource, Type, World};
use crate::render::fixture::Dice;

/// One change at random.
pub(super) fn change(world: &mut World, dice: &mut Dice) {
    let count = world.resources.len() as u64;
    match dice.roll(12) {
        0 if count < 5 => add_resource(world, dice),
        1 if count > 1 => {
            let at = usize::try_from(dice.roll(count)).unwrap();
            world.resources.remove(at);
        }
        2 => rename_resource(world, dice),
        3 => {
            world.resources.reverse();
            if count > 1 && dice.roll(3) == 0 {
                let plural = world.resources[0].plural.clone();
                let other = std::mem::replace(&mut world.resources[1].plural, plural);
                world.resources[0].plural = other;
            }
        }
        _ if count > 0 => {
            let at = usize::try_from(dice.roll(count)).unwrap();
            let mut next = world.next;
            change_resource(&mut world.resources[at], &mut next, dice);
            world.next = next;
        }
        _ => add_resource(world, dice),
    }
}

pub(super) fn add_resource(world: &mut World, dice: &mut Dice) {
    let id = world.id();
    let mut resource = Resource {
        id,
        name: format!("thing{id}"),
        former: None,
        plural: format!("thing{id}s"),
        fields: Vec::new(),
        unique: Vec::new(),
    };
    for _ in 0..dice.roll(5) {
        let field = field(&mut world.next, dice);
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

fn field(next: &mut usize, dice: &mut Dice) -> Field {
    *next += 1;
    let kind = Type::any(dice);
    let optional = dice.roll(3) == 0;
    let default = (!optional && dice.roll(3) == 0).then(|| kind.literal(dice));
    let backfill = (dice.roll(3) == 0).then(|| kind.literal(dice));
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

fn change_resource(resource: &mut Resource, next: &mut usize, dice: &mut Dice) {
    let count = resource.fields.len() as u64;
    if count == 0 {
        resource.fields.push(field(next, dice));
        return;
    }
    let at = usize::try_from(dice.roll(count)).unwrap();
    match dice.roll(9) {
        0 => resource.fields.push(field(next, dice)),
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
                let mut heir = field(next, dice);
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
        _ => change_field(&mut resource.fields[at], dice),
    }
}

fn change_field(field: &mut Field, dice: &mut Dice) {
    match dice.roll(7) {
        0 | 1 => {
            field.kind = Type::any(dice);
            field.default = field.default.is_some().then(|| field.kind.literal(dice));
            field.backfill = (dice.roll(2) == 0).then(|| field.kind.literal(dice));
        }
        2 => {
            field.optional = !field.optional;
            field.default = None;
        }
        3 => {
            field.optional = false;
            field.default = match field.default {
                Some(_) => None,
                None => Some(field.kind.literal(dice)),
            };
        }
        4 => field.unique = !field.unique,
        5 => field.index = !field.index,
        _ => change_values(field, dice),
    }
    let takes = |literal: &super::world::Lit| field.kind.takes(&literal.stored);
    let (default, backfill) = (
        field.default.clone().filter(takes),
        field.backfill.clone().filter(takes),
    );
    if field.default.is_some() && default.is_none() {
        field.default = Some(field.kind.literal(dice));
    }
    field.backfill = backfill;
}

fn change_values(field: &mut Field, dice: &mut Dice) {
    let Type::Enum(values) = &mut field.kind else {
        field.kind = Type::Enum(vec![("it's 1".into(), None), ("it's 2".into(), None)]);
        field.default = None;
        field.backfill = None;
        return;
    };
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
