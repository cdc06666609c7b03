//! Relations to other resources: sets with a bound, which policies look into.

use super::{founded, id_of, names, put, somebody};
use crate::service::{PASSWORD, policies};
use crate::support::projects;
use secapi_runtime::testing::{Client, TestService};
use serde_json::json;

/// A task in a project of this caller's own, and the ids of labels.
fn task(service: &TestService, caller: &Client<'_>, labels: usize) -> (String, Vec<String>) {
    let organization = founded(caller, "acme");
    let body = json!({ "organization": id_of(&organization), "title": "Roof" });
    let project = caller.post("/projects", &body).id();
    let task = caller
        .post("/tasks", &json!({ "project": project, "title": "Measure" }))
        .location();
    let chief = service.administrator();
    let label = |number: usize| {
        chief
            .post("/labels", &json!({ "name": format!("l{number:02}") }))
            .id()
    };
    (task, (0..labels).map(label).collect())
}

#[test]
fn a_row_is_related_to_so_many_at_most() {
    let service = projects().start();
    let (ann, _) = somebody(&service, "Ann");
    let (task, labels) = task(&service, &ann, 11);
    let place = |label: &str| format!("{task}/labels/{label}");
    for label in &labels[..10] {
        put(&ann, &place(label)).expect(204);
    }
    let full = put(&ann, &place(&labels[10]));
    crate::service::expect_violations(&full, 409, "conflict", &[("", "max_items")]);
    assert_eq!(ann.count(&format!("{task}/labels")), 10);
    // One that is there already needs no room.
    put(&ann, &place(&labels[0])).expect(204);
    ann.delete(&place(&labels[0])).expect(204);
    put(&ann, &place(&labels[10])).expect(204);
    let left = names(&ann, &format!("{task}/labels?sort=name"));
    assert_eq!((left.len(), left[0].as_str()), (10, "l01"));
    service
        .administrator()
        .delete(&format!("/labels/{}", labels[1]))
        .expect(204);
    assert_eq!(ann.count(&format!("{task}/labels")), 9);
    // A change of the row leaves the set as it is.
    ann.patch(&task, &json!({ "title": "Measure twice" }))
        .expect(200);
    assert_eq!(ann.count(&format!("{task}/labels")), 9);
}

#[test]
fn policies_look_into_the_set() {
    let folder = policies(
        r#"
@id("all") permit (principal is Projects::User, action, resource);
@id("bare") forbid (principal, action == Projects::Action::"task:update", resource is Projects::Task)
    when { resource.title == "Secret" && !resource.labels.isEmpty() };
@id("scope") forbid (principal, action, resource) unless { context.in_scope };
"#,
    );
    let launch = projects().launch();
    let service = launch
        .set("SECAPI_POLICY_DIR", folder.path().display().to_string())
        .start();
    let (ann, _) = somebody(&service, "Ann");
    let (task, labels) = task(&service, &ann, 1);
    let place = format!("{task}/labels/{}", labels[0]);
    put(&ann, &place).expect(204);
    // The set of the stored row counts for the resulting one as well.
    let secret = json!({ "title": "Secret" });
    ann.patch(&task, &secret).expect_problem(403, "forbidden");
    ann.delete(&place).expect(204);
    ann.patch(&task, &secret).expect(200);
    put(&ann, &place).expect(204);
    ann.patch(&task, &json!({ "done": true }))
        .expect_problem(403, "forbidden");
}

/// Lists ask for the set in the database, and hold what single reads show.
#[test]
fn lists_ask_for_the_set() {
    let mut service = projects().start();
    let (labels, places) = labelled(&service);
    let label = |n: usize| format!("Projects::Label::\"{}\"", labels[n]);
    let (zero, one, two) = (label(0), label(1), label(2));
    for (asked, expected) in [
        (format!("resource.labels.contains({zero})"), vec![0]),
        (
            format!("resource.labels.containsAny([{one}, {two}])"),
            vec![0, 1],
        ),
        (
            format!("resource.labels.containsAll([{zero}, {one}])"),
            vec![0],
        ),
        (
            format!("resource.labels.containsAll([{one}, {two}])"),
            vec![],
        ),
        ("resource.labels.isEmpty()".to_owned(), vec![2]),
        (format!("!resource.labels.contains({zero})"), vec![1, 2]),
        (
            format!("[{one}, {two}].containsAll(resource.labels)"),
            vec![1, 2],
        ),
    ] {
        let folder = policies(&format!(
            r#"
@id("asked") permit (principal is Projects::User, action in [Projects::Action::"task:list", Projects::Action::"task:read"],
    resource is Projects::Task) when {{ {asked} }};
@id("scope") forbid (principal, action, resource) unless {{ context.in_scope }};
"#
        ));
        service.restart_with("SECAPI_POLICY_DIR", folder.path().display().to_string());
        let ann = service.login("ann@example.com", PASSWORD);
        let page = ann.get("/tasks?count=true").expect(200).json();
        let rows = page["data"].as_array().unwrap();
        let listed: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(page["total"], rows.len(), "{asked}");
        for (number, place) in places.iter().enumerate() {
            let shown = expected.contains(&number);
            assert_eq!(listed.contains(&id_of(place)), shown, "{asked}: {number}");
            let status = if shown { 200 } else { 404 };
            ann.get(place).expect(status);
        }
    }
}

/// Three labels, and three tasks: the first has two of the labels, the second the other one, the third none.
fn labelled(service: &TestService) -> (Vec<String>, Vec<String>) {
    let (ann, _) = somebody(service, "Ann");
    let (first, labels) = task(service, &ann, 3);
    let project = ann.get(&first).json()["project"].clone();
    let more = (0..2).map(|n| {
        let body = json!({ "project": project, "title": format!("more {n}") });
        ann.post("/tasks", &body).location()
    });
    let places: Vec<String> = std::iter::once(first.clone()).chain(more).collect();
    for (place, label) in [(0, 0), (0, 1), (1, 2)] {
        put(&ann, &format!("{}/labels/{}", places[place], labels[label])).expect(204);
    }
    (labels, places)
}
