//! Relations to other resources: sets with a bound, which policies look into.

use super::{founded, id_of, names, put, somebody};
use crate::service::{policies, production};
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
    let text = |actions: &str| {
        format!(
            r#"
@id("all") permit (principal is Projects::User, action, resource);
@id("bare") forbid (principal, action in [{actions}], resource is Projects::Task)
    when {{ resource.title == "Secret" && !resource.labels.isEmpty() }};
@id("scope") forbid (principal, action, resource) unless {{ context.in_scope }};
"#
        )
    };
    let update = r#"Projects::Action::"task:update""#;
    let folder = policies(&text(update));
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
    // A list cannot ask for the set, so a policy that decides over one is refused with its place.
    let reads = format!(r#"{update}, Projects::Action::"task:read""#);
    let folder = policies(&text(&reads));
    let path = folder.path().display().to_string();
    let refused = production::start(projects(), &[], &[("SECAPI_POLICY_DIR", &path)]);
    assert!(!refused.listening);
    assert!(
        refused.said.contains("`bare`") && refused.said.contains("labels"),
        "{}",
        refused.said
    );
}
