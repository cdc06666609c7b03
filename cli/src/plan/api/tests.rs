use super::*;
use crate::diagnostic::Sources;

mod behaviour;
mod components;
mod kinds_of_values;
mod tightened;

use crate::model::compile;

const HEAD: &str =
    "secapi: 1\nservice: {name: shop}\nauth: {identity: user, role: role, admin_role: admin}\n";
const USER: &str = "resources:\n  user:\n    fields:\n      email: {type: email, unique: true}\n      role: {type: enum, values: [user, admin], default: user, guarded: true}\n";

fn service(rest: &str) -> Service {
    let text = format!("{HEAD}{USER}{rest}");
    let mut sources = Sources::new();
    let id = sources.add("secapi.yaml", text.as_str());
    let (service, diagnostics) = compile(&text, id);
    service.unwrap_or_else(|| panic!("{diagnostics:?}\n{text}"))
}

fn item(field: &str) -> Service {
    service(&format!(
        "  item:\n    fields:\n      title: {{type: string, max: 80}}\n{field}"
    ))
}

fn told(old: &Service, new: &Service) -> Vec<(&'static str, String, bool)> {
    let changes = api_changes(old, new);
    let whole = between((old, &openapi::tree(old)), (new, &openapi::tree(new)));
    assert_eq!(changes, whole, "a part of the documents says less");
    changes
        .into_iter()
        .map(|change| (change.kind, change.path, change.breaking))
        .collect()
}

/// Of a change of the field `a` both ways: what is told in the one direction, and in the other.
#[track_caller]
fn both_ways(old: &str, new: &str, forth: &[(&str, bool)], back: &[(&str, bool)]) {
    let field = |text: &str| {
        if text.is_empty() {
            item("")
        } else {
            item(&format!("      a: {text}\n"))
        }
    };
    let (old, new) = (field(old), field(new));
    for (from, to, expected) in [(&old, &new, forth), (&new, &old, back)] {
        let changes = told(from, to);
        for (kind, breaking) in expected {
            let found = changes.iter().any(|(found, path, breaks)| {
                found == kind && breaks == breaking && path.contains('a') && path.contains("items")
            });
            assert!(found, "{kind} {breaking} is not in {changes:#?}");
        }
        // Nothing is called breaking that was not expected to be.
        let expected: BTreeSet<&str> = expected
            .iter()
            .filter(|(_, breaking)| *breaking)
            .map(|(kind, _)| *kind)
            .collect();
        let breaking: BTreeSet<&str> = changes
            .iter()
            .filter(|(_, _, breaking)| *breaking)
            .map(|(kind, _, _)| *kind)
            .collect();
        assert_eq!(breaking, expected, "{changes:#?}");
    }
}

#[test]
fn the_same_is_no_change() {
    assert_eq!(api_changes(&item(""), &item("")), []);
}

#[test]
fn what_no_change_is_near_to_is_not_looked_at() {
    let house = |title: &str, more: &str| {
        let named = |to: &str| format!("at: {{type: ref, to: {to}, on_delete: restrict}}");
        service(&format!(
            "  room:\n    fields: {{title: {{type: string, max: 80}}}}\n  shelf:\n    fields: {{title: {title}, {}}}\n  item:\n    fields: {{{}}}\n  lamp:\n    fields: {{{}}}\n{more}",
            named("room"),
            named("shelf"),
            named("room"),
        ))
    };
    let old = house("{type: string, max: 80}", "");
    let names = |new: &Service| -> Vec<String> {
        let of = |service: Service| service.resources.into_iter().map(|it| it.name);
        of(near::both(&old, new).1).collect()
    };
    let tightened = house("{type: string, max: 8}", "");
    assert_eq!(names(&tightened), ["user", "room", "shelf", "item"]);
    assert_eq!(told(&old, &tightened).first().unwrap().0, "limit_tightened");
    let added = house("{type: string, max: 80}", "  box: {fields: {}}\n");
    assert_eq!(names(&added), ["user", "box"]);
    assert!(told(&old, &added).iter().all(|(_, _, breaking)| !breaking));
    assert_eq!(told(&added, &old).first().unwrap().0, "route_removed");
}

#[test]
fn fields_come_and_go() {
    both_ways(
        "",
        "{type: integer, optional: true}",
        &[("field_added", false), ("parameter_added", false)],
        &[
            ("field_removed", true),
            ("parameter_removed", true),
            ("sort_removed", true),
        ],
    );
    both_ways(
        "",
        "{type: integer}",
        &[("field_added", true)],
        &[
            ("field_removed", true),
            ("parameter_removed", true),
            ("sort_removed", true),
        ],
    );
    let removed = api_changes(&item("      a: {type: integer}\n"), &item(""));
    let field = removed
        .iter()
        .find(|change| change.kind == "field_removed")
        .unwrap();
    assert_eq!(field.path, "/api/v1/items#a");
    assert_eq!(field.summary, "the field is gone (PATCH, POST, answers)");
}

/// An item with an action that takes this.
fn acting(input: &str) -> Service {
    let action = format!("    actions: {{go: {{{input}}}}}\n");
    service(&format!(
        "  item:\n    fields:\n      title: {{type: string, max: 80}}\n{action}"
    ))
}

#[test]
fn the_body_of_an_action_comes_and_goes() {
    let (none, one) = (acting(""), acting("input: {why: {type: string}}"));
    let added = told(&none, &one);
    for expected in [
        (
            "body_required",
            "POST /api/v1/items/{id}/go".to_owned(),
            true,
        ),
        ("field_added", "/api/v1/items/{id}/go#why".to_owned(), true),
    ] {
        assert!(added.contains(&expected), "{added:#?}");
    }
    let removed = told(&one, &none);
    for expected in [
        (
            "body_removed",
            "POST /api/v1/items/{id}/go".to_owned(),
            true,
        ),
        (
            "field_removed",
            "/api/v1/items/{id}/go#why".to_owned(),
            true,
        ),
    ] {
        assert!(removed.contains(&expected), "{removed:#?}");
    }
    // One that may be left empty has to be sent all the same.
    let optional = told(
        &none,
        &acting("input: {why: {type: string, optional: true}}"),
    );
    assert!(
        optional
            .iter()
            .any(|(kind, _, breaks)| *kind == "body_required" && *breaks)
    );
    assert!(
        optional
            .iter()
            .any(|(kind, _, breaks)| *kind == "field_added" && !breaks)
    );
}

/// Items with two texts, and with what follows the fields.
fn pair(first: &str, rest: &str) -> Service {
    let (first, second) = (format!("{{type: string{first}}}"), "{type: string}");
    service(&format!(
        "  item:\n    fields:\n      a: {first}\n      b: {second}\n{rest}"
    ))
}

#[test]
fn what_no_two_rows_may_share_any_more_breaks() {
    let both = "    unique: [[a, b]]\n";
    let (plain, single, several) = (pair("", ""), pair(", unique: true", ""), pair("", both));
    let place = |names: &str| format!("/api/v1/items#{names}");
    let only = |old: &Service, new: &Service| {
        let mut all = told(old, new);
        all.retain(|(kind, _, _)| kind.starts_with("unique"));
        all
    };
    let added = |names: &str, breaks| ("unique_added", place(names), breaks);
    let removed = |names: &str| ("unique_removed", place(names), false);
    assert_eq!(only(&plain, &single), [added("a", true)]);
    assert_eq!(only(&plain, &several), [added("a+b", true)]);
    assert_eq!(only(&single, &plain), [removed("a")]);
    assert_eq!(only(&several, &plain), [removed("a+b")]);
    // What is unique by one of its fields was unique before.
    let all = pair(", unique: true", both);
    assert_eq!(only(&single, &all), [added("a+b", false)]);
    assert_eq!(only(&several, &all), [added("a", true)]);
}

#[test]
fn presence() {
    both_ways(
        "{type: integer, optional: true}",
        "{type: integer}",
        &[("field_required", true), ("null_refused", true)],
        &[("field_optional", false), ("null_possible", true)],
    );
    both_ways(
        "{type: integer, default: 3}",
        "{type: integer}",
        &[("field_required", true)],
        &[("field_optional", false)],
    );
    both_ways(
        "{type: integer, default: 3}",
        "{type: integer, default: 4}",
        &[("default_changed", false)],
        &[("default_changed", false)],
    );
}

#[test]
fn types_and_values() {
    both_ways(
        "{type: integer}",
        "{type: text}",
        &[("type_changed", true)],
        &[("type_changed", true), ("parameter_removed", true)],
    );
    both_ways(
        "{type: text}",
        "{type: email}",
        &[("type_changed", true)],
        &[("type_changed", true)],
    );
    both_ways(
        "{type: enum, values: [x, y, z]}",
        "{type: enum, values: [x, y]}",
        &[("value_removed", true)],
        &[("value_added", false)],
    );
}

#[test]
fn limits() {
    for (loose, tight) in [
        ("{type: string, max: 80}", "{type: string, max: 40}"),
        ("{type: string, max: 80}", "{type: string, max: 80, min: 2}"),
        ("{type: integer}", "{type: integer, max: 9}"),
        ("{type: integer, min: 1}", "{type: integer, min: 2}"),
        (
            "{type: string, max: 80}",
            "{type: string, max: 80, pattern: '[a-z]+'}",
        ),
        ("{type: number, max: 2.5}", "{type: number, max: 1.5}"),
        ("{type: bytes, max: 900}", "{type: bytes, max: 300}"),
        ("{type: date}", "{type: date, min: '2026-01-01'}"),
    ] {
        let tightened = told(
            &item(&format!("      a: {loose}\n")),
            &item(&format!("      a: {tight}\n")),
        );
        assert!(!tightened.is_empty(), "{loose} to {tight}");
        assert!(
            tightened
                .iter()
                .any(|(kind, _, breaking)| *kind == "limit_tightened" && *breaking),
            "{loose} to {tight}: {tightened:?}"
        );
    }
}

#[test]
fn who_may_set_and_see() {
    let plain = "{type: string, max: 9, optional: true}";
    both_ways(
        plain,
        "{type: string, max: 9, optional: true, read_only: true}",
        &[("field_removed", true)],
        &[("field_added", false)],
    );
    both_ways(
        plain,
        "{type: string, max: 9, optional: true, immutable: true}",
        &[("field_removed", true)],
        &[("field_added", false)],
    );
    both_ways(
        plain,
        "{type: string, max: 9, optional: true, write_only: true}",
        &[
            ("field_removed", true),
            ("parameter_removed", true),
            ("sort_removed", true),
        ],
        &[("field_added", false)],
    );
    // No longer filterable and sortable, and still read.
    both_ways(
        plain,
        "{type: string, max: 9, optional: true, sensitive: true}",
        &[("parameter_removed", true), ("sort_removed", true)],
        &[("parameter_added", false)],
    );
    both_ways(
        plain,
        "{type: string, max: 9, optional: true, guarded: true}",
        &[("field_may_be_absent", true)],
        &[("field_always_there", false)],
    );
}

#[test]
fn routes() {
    let whole = item("");
    let reading = service(
        "  item:\n    operations: [list, read]\n    fields:\n      title: {type: string, max: 80}\n",
    );
    let changes = told(&whole, &reading);
    for route in [
        "POST /api/v1/items",
        "PATCH /api/v1/items/{id}",
        "DELETE /api/v1/items/{id}",
    ] {
        assert!(
            changes.contains(&("route_removed", route.to_owned(), true)),
            "{changes:?}"
        );
    }
    assert!(
        changes.iter().all(|(kind, ..)| *kind == "route_removed"),
        "{changes:?}"
    );
    assert!(
        told(&reading, &whole)
            .iter()
            .all(|(kind, _, breaking)| *kind == "route_added" && !breaking)
    );
    let moved = service(
        "  item:\n    concurrency: required\n    fields:\n      title: {type: string, max: 80}\n",
    );
    let changes = told(&whole, &moved);
    assert!(
        changes.contains(&(
            "input_required",
            "PATCH /api/v1/items/{id}?If-Match".to_owned(),
            true
        )),
        "{changes:?}"
    );
}

#[test]
fn what_holds_for_the_whole_service() {
    let whole = |more: &str| {
        let text = format!("{HEAD}{USER}").replace(
            "service: {name: shop}\n",
            &format!("service: {{name: shop}}\n{more}"),
        );
        let mut sources = Sources::new();
        let id = sources.add("secapi.yaml", text.as_str());
        let (service, diagnostics) = compile(&text, id);
        service.unwrap_or_else(|| panic!("{diagnostics:?}\n{text}"))
    };
    let plain = whole("");
    for (more, kind, path) in [
        (
            "http: {body_limit: 2KiB}\n",
            "limit_tightened",
            "http.body_limit",
        ),
        (
            "rate_limits: {read: {quota: 10/1m, authenticated: 300/1m}}\n",
            "limit_tightened",
            "rate_limits.read",
        ),
    ] {
        let other = whole(more);
        let changes = told(&plain, &other);
        assert!(
            changes.contains(&(kind, path.to_owned(), true)),
            "{more}: {changes:?}"
        );
        assert!(
            told(&other, &plain)
                .iter()
                .all(|(_, _, breaking)| !breaking),
            "{more}"
        );
    }
    let origins = whole("http: {cors: {origins: ['https://a.example']}}\n");
    assert!(told(&origins, &plain).contains(&(
        "origin_removed",
        "http.cors_origins".to_owned(),
        true
    )));
}
