//! What policies make of memberships: `principal in resource.members`, and behind a reference as well.

use super::{founded, id_of, names, put, somebody, start};
use crate::service::sqlite;
use serde_json::json;

#[test]
fn a_membership_opens_the_organization_and_what_belongs_to_it_until_it_ends() {
    let service = start();
    let (ann, _) = somebody(&service, "Ann");
    let (bob, bob_id) = somebody(&service, "Bob");
    let (path, _) = (founded(&ann, "acme"), founded(&ann, "other"));
    let body = json!({ "organization": id_of(&path), "title": "Roof" });
    let project = ann.post("/projects", &body).location();
    let body = json!({ "project": id_of(&project), "title": "Measure" });
    let task = ann.post("/tasks", &body).location();
    let sees = || {
        let statuses = [&path, &project, &task].map(|path| bob.get(path).status());
        let counts = ["/organizations", "/projects", "/tasks"].map(|list| bob.count(list));
        (statuses, counts)
    };
    let member = format!("{path}/members/{bob_id}");
    for _ in 0..2 {
        assert_eq!(sees(), ([404; 3], [0; 3]));
        put(&ann, &member).expect(204);
        assert_eq!(sees(), ([200; 3], [1; 3]));
        ann.delete(&member).expect(204);
    }
    assert_eq!(sees(), ([404; 3], [0; 3]));
}

#[test]
fn a_tenant_is_not_written_to_from_outside() {
    let service = start();
    let ((ann, _), (bob, _)) = (somebody(&service, "Ann"), somebody(&service, "Bob"));
    let (own, foreign) = (founded(&bob, "bobs"), founded(&ann, "anns"));
    let project = |organization: &str, title: &str| json!({ "organization": id_of(organization), "title": title });
    // To refer to what one cannot read is the same as to refer to nothing.
    let answer = bob.post("/projects", &project(&foreign, "x"));
    crate::service::expect_violations(
        &answer,
        422,
        "validation_failed",
        &[("/organization", "reference")],
    );
    let made = ann.post("/projects", &project(&foreign, "Roof")).location();
    for method in ["PATCH", "DELETE"] {
        let body = json!({ "title": "mine" });
        bob.send(method, &made, &[], Some(&body))
            .expect_problem(404, "not_found");
    }
    let body = json!({ "project": id_of(&made), "title": "x" });
    bob.post("/tasks", &body).expect(422);
    assert_eq!(ann.get(&made).json()["title"], "Roof");
    // Titles are unique within an organization, and no one else's say anything.
    ann.post("/projects", &project(&foreign, "Roof"))
        .expect_problem(409, "conflict");
    bob.post("/projects", &project(&own, "Roof")).expect(201);
}

#[test]
fn a_member_changes_itself_as_before() {
    let service = start();
    let (ann, ann_id) = somebody(&service, "Ann");
    founded(&ann, "acme");
    let path = format!("/users/{ann_id}");
    let answer = ann.patch(&path, &json!({ "name": "Anna", "phone": "+4930123456" }));
    assert_eq!(answer.expect(200).json()["phone"], "+4930123456");
    let promotion = ann.patch(&path, &json!({ "role": "admin" }));
    promotion.expect_problem(403, "forbidden");
    assert_eq!(ann.get(&path).json()["role"], "user");
}

#[test]
fn an_account_belongs_to_a_thousand_rows_at_most() {
    let service = start();
    let (ann, ann_id) = somebody(&service, "Ann");
    let (bob, bob_id) = somebody(&service, "Bob");
    let paths = [founded(&ann, "a"), founded(&ann, "b")];
    let fill = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999) \
         INSERT INTO organizations (id, created_at, updated_at, version, name, owner) \
         SELECT printf('01890000-0000-7000-8000-%012d', i), 0, 0, 1, 'n' || i, '{ann_id}' FROM n; \
         INSERT INTO organization_members SELECT id, '{bob_id}' FROM organizations WHERE version = 1 AND created_at = 0;"
    );
    sqlite(service.folder(), &fill);
    put(&ann, &format!("{}/members/{bob_id}", paths[0])).expect(204);
    let full = put(&ann, &format!("{}/members/{bob_id}", paths[1]));
    crate::service::expect_violations(&full, 409, "conflict", &[("", "max_items")]);
    assert_eq!(names(&ann, &format!("{}/members", paths[1])), ["Ann"]);
    bob.get(&paths[0]).expect(200);
    bob.get(&paths[1]).expect_problem(404, "not_found");
    // What no route lets happen: nothing is decided by a part of the memberships.
    let more = format!(
        "INSERT INTO organization_members VALUES ('{}', '{bob_id}')",
        id_of(&paths[1])
    );
    sqlite(service.folder(), &more);
    bob.get(&paths[0]).expect_problem(500, "internal");
    ann.delete(&format!("{}/members/{bob_id}", paths[1]))
        .expect(204);
    bob.get(&paths[0]).expect(200);
}
