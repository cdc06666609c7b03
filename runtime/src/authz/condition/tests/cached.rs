//! A condition that was built before is the one that would be built now, for callers and circumstances that differ in little.

use super::dice::Dice;
use super::policies::group;
use super::table::Table;
use super::world::{Kinds, actions, callers, context, engine};
use crate::authz::{Attribute, Context, Credential, Engine, Entity};

const WORLDS: u64 = 4;
const CALLERS: usize = 40;

/// A caller that differs from others in one thing.
fn caller(dice: &mut Dice) -> Option<Entity> {
    let mut caller = dice.pick(&callers()).clone()?;
    let text = |text: &str| Attribute::String(text.to_owned());
    let boss = Attribute::Entity {
        kind: "User",
        id: "u3".to_owned(),
    };
    let changed = match dice.roll(10) {
        0 => {
            caller.id = "u3".to_owned();
            ("id", text("u3"))
        }
        1 => {
            caller.parents = vec![("Role", "user".to_owned())];
            ("role", text("user"))
        }
        2 => {
            caller.parents = vec![("Role", "admin".to_owned())];
            ("role", text("admin"))
        }
        3 => {
            caller.parents.clear();
            return Some(caller);
        }
        4 => {
            caller.attributes.retain(|(name, _)| *name != "age");
            return Some(caller);
        }
        5 => ("age", Attribute::Long(0)),
        6 => ("email", text("a@b")),
        7 => ("boss", boss),
        8 => ("updated_at", Attribute::Datetime(1)),
        _ => return Some(caller),
    };
    caller.attributes.retain(|(name, _)| *name != changed.0);
    caller.attributes.push(changed);
    Some(caller)
}

fn circumstances(dice: &mut Dice) -> Context {
    let mut context = context(dice.one_in(2));
    match dice.roll(14) {
        0 => context.ip = [10, 0, 0, 2].into(),
        1 => context.now += 86_400_000,
        2 => context.credential = Credential::ApiKey,
        3 => context.scopes = vec!["b".into()],
        4 => context.in_scope = false,
        5 => context.authenticated_at = Some(0),
        6 => context.scopes = Vec::new(),
        _ => {}
    }
    context
}

/// How many questions were asked, and how many of them could be answered.
fn compare(engine: &Engine, dice: &mut Dice) -> (usize, usize) {
    let (mut asked, mut built) = (0, 0);
    // What callers refer to is there in the one and not in the other, or is something else.
    let tables = [(8, 4), (8, 4), (1, 1)]
        .map(|(things, users)| Table::new(Kinds::Plain, dice, things, users));
    for _ in 0..CALLERS {
        let (caller, context) = (caller(dice), circumstances(dice));
        let table = dice.pick(&tables);
        let subject = table.subject(engine, caller.as_ref(), &context);
        for (kind, resource) in [("Thing", "thing"), ("User", "user")] {
            for name in actions() {
                let action = format!("{resource}:{name}");
                let fresh = engine.condition_afresh(&subject, &action, kind);
                let told = format!("{action} for {caller:?} in {context:?}");
                for _ in 0..2 {
                    assert_eq!(engine.condition(&subject, &action, kind), fresh, "{told}");
                }
                asked += 1;
                built += usize::from(fresh.is_ok());
            }
        }
    }
    (asked, built)
}

#[test]
fn what_was_built_before_is_what_would_be_built_now() {
    let (mut asked, mut built, mut kept) = (0, 0, 0);
    for seed in 1..=WORLDS {
        let mut dice = Dice::new(seed);
        let mut text = String::new();
        for (kind, resource) in [("Thing", "thing"), ("User", "user")] {
            for name in actions() {
                let action = format!("{resource}:{name}");
                text += &group(
                    Kinds::Plain,
                    &mut dice,
                    kind,
                    &action,
                    &format!("{resource}-{name}"),
                );
            }
        }
        let engine = engine(&text);
        let counts = compare(&engine, &mut dice);
        asked += counts.0;
        built += counts.1;
        kept += engine.conditions.count();
    }
    println!("{asked} asked, {built} built, {kept} kept");
    // It is worth nothing where nothing is kept, or nothing is found again.
    assert!(
        built * 2 > asked && kept * 10 > built && kept * 10 < built * 9,
        "{asked} {built} {kept}"
    );
}

/// How many conditions are kept of what two callers ask at two moments.
fn kept(condition: &str) -> usize {
    let engine = engine(&format!(
        "@id(\"p\") permit (principal is App::User, action, resource is App::Thing) when {{ {condition} }};"
    ));
    for caller in callers().iter().flatten() {
        for now in [0, 1] {
            let ip = [10, 0, 0, u8::try_from(now).unwrap()].into();
            let context = Context {
                now,
                ip,
                ..context(false)
            };
            let subject = engine.subject(Some(caller), &context).unwrap();
            engine.condition(&subject, "thing:list", "Thing").unwrap();
        }
    }
    engine.conditions.count()
}

#[test]
fn what_policies_see_tells_questions_apart_and_the_time_is_not_kept() {
    assert_eq!(kept("resource.owner == principal"), 2);
    assert_eq!(kept("resource.owner == principal && context.mfa"), 2);
    assert_eq!(kept("resource.open && context.ip.isLoopback()"), 4);
    assert_eq!(
        kept("resource.open && context.now > datetime(\"1970-01-01\")"),
        0
    );
    assert_eq!(kept("resource.open && [context].contains(context)"), 0);
}
