//! Policies as deep as they may be: read, checked and decided by without the end of a stack; and deeper ones, which are refused.

use super::fixture::{context, note, schema, source, user};
use crate::authz::nesting::{DEEPEST, too_deep};
use crate::authz::room::{ROOM_TO_DECIDE, TO_READ, as_if_roomy};
use crate::authz::{Engine, Gate, Lists, check, check_text, over_broad, unsayable_lists};

/// Conditions that grow with a number, each in another way; all of them hold on a public note with one star.
const SHAPES: [fn(usize) -> String; 13] = [
    |n| format!("{}resource.public{}", "(".repeat(n), ")".repeat(n)),
    |n| format!("{}resource.public{}", "!(!(".repeat(n), "))".repeat(n)),
    |n| format!("{}resource.public", "resource.public || ".repeat(n)),
    |n| format!("{}resource.public", "resource.stars == 1 && ".repeat(n)),
    |n| {
        format!(
            "{}resource.public{}",
            "(resource.stars == 2 || !(!".repeat(n),
            "))".repeat(n)
        )
    },
    |n| format!("{}resource.stars < {}", "1 + ".repeat(n), n + 2),
    |n| format!("0 < 1{} && resource.public", " * 1".repeat(n)),
    |n| {
        format!(
            "{}-(-resource.stars){} == 1",
            "-(-(".repeat(n),
            "))".repeat(n)
        )
    },
    |n| {
        format!(
            "{}resource.public",
            "if resource.stars == 2 then false else ".repeat(n)
        )
    },
    |n| {
        format!(
            "{}resource.public{}",
            "if ".repeat(n),
            " then true else false".repeat(n)
        )
    },
    |n| {
        format!(
            "{}resource.stars{}.contains({}1{}) && resource.public",
            "[".repeat(n + 1),
            "]".repeat(n + 1),
            "[".repeat(n),
            "]".repeat(n)
        )
    },
    |n| {
        let record = |value: &str| format!("{}{value}{}", "{a: ".repeat(n), "}".repeat(n));
        format!("{} == {}", record("resource.public"), record("true"))
    },
    |n| format!("resource.public {}", "} when { resource.public ".repeat(n)),
];

fn permit(condition: &str) -> String {
    format!(
        "@id(\"deep\") permit (principal, action, resource is App::Note) when {{ {condition} }};"
    )
}

/// The deepest policy of a shape that may be.
fn deepest(shape: fn(usize) -> String) -> String {
    let policies = (0..=DEEPEST).rev().map(|n| permit(&shape(n)));
    let fits = |policy: &String| too_deep("a.cedar", policy).is_none();
    policies.into_iter().find(fits).unwrap()
}

/// With a quarter of the room: what lies between is for another compiler, and for all else that stands on the stack.
#[test]
fn the_deepest_policies_are_read_in_the_room_for_it() {
    for shape in SHAPES {
        let policy = deepest(shape);
        as_if_roomy(TO_READ / 4, || {
            let sources = [source("a.cedar", &policy)];
            let engine = Engine::load("App", &schema(), &sources);
            let engine = engine.unwrap_or_else(|findings| panic!("{findings:#?}\n{policy}"));
            let again = engine.reload(&[source("a.cedar", &format!("{policy}// again"))]);
            drop(again.unwrap());
            assert_eq!(over_broad(&engine), [""; 0], "{policy}");
            let said = unsayable_lists(&engine);
            assert!(
                said.iter().all(|it| it.code.ends_with("list_not_in_sql")),
                "{said:?}"
            );
            let _ = check("App", &schema(), &sources, Lists::Strict);
        });
    }
}

/// With half of the room: the rest is for whatever stands below.
#[test]
fn the_deepest_policies_decide_in_the_room_for_it() {
    for shape in SHAPES {
        let policy = deepest(shape);
        let engine = Engine::load("App", &schema(), &[source("a.cedar", &policy)]).unwrap();
        as_if_roomy(ROOM_TO_DECIDE / 2, move || {
            let subject = engine
                .subject(Some(&user("u1", "user")), &context())
                .unwrap();
            let decide = |row| engine.decide(&subject, "note:read", &row);
            let seen = decide(note("n1", "u1", true, 1));
            assert!(seen.allowed, "{:?}\n{policy}", seen.errors);
            let hidden = decide(note("n2", "u1", false, 3));
            assert!(
                !hidden.allowed && hidden.errors.is_empty(),
                "{:?}\n{policy}",
                hidden.errors
            );
            assert_ne!(
                engine.gate(&subject, "note:read", "Note"),
                Gate::Never,
                "{policy}"
            );
            assert_eq!(
                engine.slow_gate(&subject, "note:read", "Note"),
                Some(Gate::Depends),
                "{policy}"
            );
            // What is too deep to be said is told so, and nothing fails for want of room.
            if let Err(unsayable) = engine.condition(&subject, "note:read", "Note") {
                let is_told =
                    unsayable.policy.is_some() || unsayable.what.starts_with("more conditions");
                assert!(is_told, "{unsayable}\n{policy}");
            }
        });
    }
}

#[test]
fn deeper_policies_are_refused_at_their_place_and_never_parsed() {
    for shape in SHAPES {
        let sound = "@id(\"b\") permit (principal, action, resource is App::User);";
        for n in [DEEPEST + 1, 20_000] {
            let policy = permit(&shape(n));
            let sources = [source("a.cedar", &policy), source("b.cedar", sound)];
            let findings = Engine::load("App", &schema(), &sources).unwrap_err();
            assert_eq!(findings.len(), 1, "{findings:?}");
            assert_eq!(
                (findings[0].code, findings[0].file.as_str()),
                ("secapi::policy::nesting", "a.cedar")
            );
            assert!(findings[0].help.is_some());
            assert_eq!(check_text(&sources), findings);
            let engine = Engine::load("App", &schema(), &sources[1..]).unwrap();
            assert_eq!(engine.reload(&sources).unwrap_err(), findings);
        }
    }
}
