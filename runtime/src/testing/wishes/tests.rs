use super::*;
use crate::authz::with_room;
use serde_json::json;

/// What is wished for by a policy with this scope and these conditions.
fn of(policy: &str) -> Vec<Wish> {
    with_room(|| wishes(&policy.parse().unwrap()))
}

/// What a condition wants of one field: each wish in turn, first one that fulfils it.
fn of_field(condition: &str, path: &[&str]) -> Vec<Given> {
    let policy = format!("permit (principal, action, resource) when {{ {condition} }};");
    let path: Vec<String> = path.iter().map(|it| (*it).to_owned()).collect();
    let given = of(&policy)
        .into_iter()
        .filter_map(|mut wish| wish.row.remove(&path));
    given.collect()
}

fn one(forms: Value) -> Given {
    match forms {
        Value::Array(forms) => Given::OneOf(forms),
        other => Given::OneOf(vec![other]),
    }
}

#[test]
fn a_constant_is_met_and_missed_by_its_neighbours() {
    let of_size = |condition: &str| of_field(condition, &["size"]);
    let number = |value: i64| one(json!([value, value.to_string()]));
    assert_eq!(
        of_size("resource.size < 100"),
        [number(99), number(100), number(101)]
    );
    assert_eq!(
        of_size("resource.size <= 100"),
        [number(100), number(101), number(99)]
    );
    // The other way round, it is the same question.
    assert_eq!(
        of_size("100 > resource.size"),
        of_size("resource.size < 100")
    );
    assert_eq!(
        of_size("!(resource.size >= 100)"),
        [number(99), number(100), number(101)]
    );
    assert_eq!(
        of_size("resource.size == -1"),
        [number(-1), number(-2), number(0)]
    );
    assert_eq!(
        of_size("resource.size == 9223372036854775807"),
        [number(i64::MAX), number(i64::MAX - 1)]
    );
    assert_eq!(
        of_field("resource.open", &["open"]),
        [one(json!(true)), one(json!(false))]
    );
    let draft = [one(json!("draft")), Given::AnyBut(json!("draft"))];
    assert_eq!(of_field("resource.status == \"draft\"", &["status"]), draft);
    assert_eq!(
        of_field("[\"a\", \"b\"].contains(resource.status)", &["status"]),
        [one(json!("a")), Given::AnyBut(json!("a")), one(json!("b"))]
    );
}

#[test]
fn decimals_and_times_have_the_forms_of_a_body() {
    assert_eq!(
        of_field("resource.price.lessThan(decimal(\"1.50\"))", &["price"]),
        [
            one(json!(["1.4999", "1.499", "1.49", "1.4", "0.5"])),
            one(json!("1.5")),
            one(json!(["1.5001", "1.501", "1.51", "1.6", "2.5"])),
        ]
    );
    assert_eq!(
        of_field("resource.due >= datetime(\"2026-01-31\")", &["due"]),
        [
            one(json!(["2026-01-31T00:00:00.000Z", "2026-01-31"])),
            one(json!(["2026-01-30T23:59:59.999Z", "2026-01-30"])),
            one(json!(["2026-01-31T00:00:00.001Z", "2026-02-01"])),
        ]
    );
    let lasts = of_field("resource.lasts == duration(\"1h30m\")", &["lasts"]);
    assert_eq!(lasts.first(), Some(&one(json!("PT1H30M"))));
    assert_eq!(lasts.len(), 3);
}

#[test]
fn a_pattern_is_matched_and_just_missed() {
    let texts = |condition: &str| {
        let given = of_field(condition, &["title"]);
        let text = |given: &Given| match given {
            Given::OneOf(values) => values[0].as_str().unwrap().to_owned(),
            other => panic!("{other:?}"),
        };
        given.iter().map(text).collect::<Vec<_>>()
    };
    assert_eq!(
        texts("resource.title like \"Open*\""),
        ["Openx", "Ope", "Open", "OPEN", "xOpen"]
    );
    assert_eq!(
        texts("resource.title like \"*.org\""),
        ["x.org", "org", ".org", ".ORG", ".orgx"]
    );
    // A star that is none.
    assert_eq!(texts("resource.title like \"\\*\"").first().unwrap(), "*");
}

#[test]
fn the_caller_and_another_one_are_wished_for() {
    let both = [Given::TheCaller, Given::AnotherCaller];
    assert_eq!(of_field("resource.owner == principal", &["owner"]), both);
    assert_eq!(
        of_field("principal in resource.members", &["members"]),
        both
    );
    assert_eq!(
        of_field("resource.peers.contains(principal)", &["peers"]),
        both
    );
    assert_eq!(
        of_field(
            "principal in resource.project.organization.members",
            &["project", "organization", "members"]
        ),
        both
    );
    assert_eq!(
        of_field(
            "resource.department == principal.department",
            &["department"]
        ),
        [
            Given::AsTheCaller("department".into()),
            Given::AsAnother("department".into())
        ]
    );
    let policy =
        "permit (principal in Role::\"editor\", action, resource) when { principal.level > 3 };";
    let wished = of(policy);
    assert!(
        wished.iter().all(|it| it.role.as_deref() == Some("editor")),
        "{wished:?}"
    );
    let levels: Vec<&Given> = wished
        .iter()
        .filter_map(|it| it.caller.get("level"))
        .collect();
    assert_eq!(levels.len(), 3, "{wished:?}");
}

#[test]
fn one_part_is_missed_while_the_others_are_met() {
    let policy = "forbid (principal, action, resource) when { resource has note && resource.size > 5 } unless { resource.owner == principal };";
    let wished = of(policy);
    let size = |wish: &Wish| wish.row.get(&vec!["size".to_owned()]).cloned();
    let owner = |wish: &Wish| wish.row.get(&vec!["owner".to_owned()]).cloned();
    let six = one(json!([6, "6"]));
    let five = one(json!([5, "5"]));
    let another = Some(Given::AnotherCaller);
    assert!(
        wished
            .iter()
            .any(|it| size(it) == Some(six.clone()) && owner(it) == another),
        "{wished:?}"
    );
    assert!(
        wished
            .iter()
            .any(|it| size(it) == Some(five.clone()) && owner(it) == another),
        "{wished:?}"
    );
    assert!(
        wished
            .iter()
            .any(|it| size(it) == Some(six.clone()) && owner(it) == Some(Given::TheCaller)),
        "{wished:?}"
    );
    let without = wished
        .iter()
        .filter_map(|it| it.row.get(&vec!["note".to_owned()]));
    assert_eq!(without.collect::<Vec<_>>(), [&Given::Nothing]);
}

#[test]
fn either_branch_of_a_choice_is_taken_and_a_long_chain_ends() {
    let condition = "if resource.open then resource.size < 3 else resource.size > 7";
    let sizes = of_field(condition, &["size"]);
    for size in [2, 3, 8, 7] {
        assert!(
            sizes.contains(&one(json!([size, size.to_string()]))),
            "{size}: {sizes:?}"
        );
    }
    let chain = vec!["(resource.size > 5 || resource.open)"; 90].join(" && ");
    assert!(of_field(&chain, &["size"]).len() <= 2 * MOST);
    // What is not understood costs nothing.
    assert_eq!(of("permit (principal, action, resource);"), []);
    assert_eq!(
        of("permit (principal, action, resource) when { context.mfa };"),
        []
    );
}
