//! Relations to other resources: sets with a bound, which policies look into.

use super::{founded, id_of, names, put, somebody};
use crate::service::policies;
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
    let policy = r#"
@id("all") permit (principal is Projects::User, action, resource) unless { resource is Projects::Task };
@id("task") permit (principal is Projects::User, action, resource is Projects::Task);
@id("bare") forbid (principal, action in [Projects::Action::"task:read", Projects::Action::"task:update"], resource is Projects::Task)
    when { resource.title == "Secret" && !resource.labels.isEmpty() };
@id("scope") forbid (principal, action, resource) unless { context.in_scope };
"#;
    let folder = policies(policy);
    let launch = projects().launch();
    let service = launch
        .set("SECAPI_POLICY_DIR", folder.path().display().to_string())
        .start();
    let (ann, _) = somebody(&service, "Ann");
    let (task, labels) = task(&service, &ann, 1);
    let place = format!("{task}/labels/{}", labels[0]);
    put(&ann, &place).expect(204);
    // The set of the stored row counts for the resulting one as well.
    let hidden = ann.patch(&task, &json!({ "title": "Secret" }));
    hidden.expect_problem(403, "forbidden");
    ann.delete(&place).expect(204);
    ann.patch(&task, &json!({ "title": "Secret" })).expect(200);
    assert_eq!(ann.count("/tasks"), 1);
    put(&ann, &place).expect(204);
    assert_eq!(ann.count("/tasks"), 0);
    ann.get(&task).expect_problem(404, "not_found");
}
