//! Lists of related rows: exactly those that the caller may list and read, on both sides.

use super::{ABSENT, founded, id_of, looks, names, put, somebody, start};
use crate::service::{policies, walk};
use crate::support::projects;
use serde_json::{Value, json};

/// As the example's, but of people only those are seen whose name begins with `Open`, and oneself.
const SHY: &str = r#"
@id("people") permit (principal is Projects::User, action in [Projects::Action::"user:list", Projects::Action::"user:read"], resource is Projects::User)
    when { resource.name like "Open*" || principal == resource };
@id("own") permit (principal is Projects::User, action in [Projects::Action::"organization", Projects::Action::"custom"], resource is Projects::Organization)
    when { resource.owner == principal };
@id("shut") forbid (principal, action == Projects::Action::"user:read", resource is Projects::User) when { resource.name == "Shut" };
@id("admin") permit (principal in Projects::Role::"admin", action, resource is Projects::User);
@id("scope") forbid (principal, action, resource) unless { context.in_scope };
"#;

#[test]
fn a_list_holds_exactly_the_members_that_the_caller_may_see() {
    let folder = policies(SHY);
    let launch = projects().launch();
    let service = launch
        .set("SECAPI_POLICY_DIR", folder.path().display().to_string())
        .start();
    let (ann, _) = somebody(&service, "Ann");
    let path = founded(&ann, "acme");
    let members = format!("{path}/members");
    let open: Vec<String> = (0..5)
        .map(|number| somebody(&service, &format!("Open {number}")).1)
        .collect();
    let (_, shut) = somebody(&service, "Shut");
    for id in &open {
        put(&ann, &format!("{members}/{id}")).expect(204);
    }
    // Somebody whom the caller cannot read is not there for it, and becomes no member.
    for method in ["PUT", "DELETE"] {
        let looks = |id: &str| looks(&ann.send(method, &format!("{members}/{id}"), &[], None));
        assert_eq!(looks(&shut), looks(ABSENT));
        assert_eq!(looks(&shut).0, 404);
    }
    let sql = format!(
        "INSERT INTO organization_members VALUES ('{}', '{shut}')",
        id_of(&path)
    );
    crate::service::sqlite(service.folder(), &sql);
    let expected = ["Ann", "Open 0", "Open 1", "Open 2", "Open 3", "Open 4"];
    assert_eq!(names(&ann, &members), expected);
    assert_eq!(walk(&ann, &members, 1).len(), 6);
    let counted = ann.get(&format!("{members}?count=true&limit=1")).json();
    assert_eq!(
        (&counted["total"], &counted["total_capped"]),
        (&json!(6), &json!(false))
    );
    // And whom it cannot read, it cannot remove.
    let answer = ann.delete(&format!("{members}/{shut}"));
    answer.expect_problem(404, "not_found");
    assert_eq!(
        crate::service::sqlite(
            service.folder(),
            "SELECT count(*) FROM organization_members"
        ),
        "7"
    );
}

#[test]
fn a_list_of_members_is_asked_for_like_any_list_of_theirs() {
    let service = start();
    let (ann, _) = somebody(&service, "Ann");
    let (first, second) = (founded(&ann, "first"), founded(&ann, "second"));
    for (name, path) in [("Bob", &first), ("Carl", &first), ("Dora", &second)] {
        let (_, id) = somebody(&service, name);
        put(&ann, &format!("{path}/members/{id}")).expect(204);
    }
    let list = format!("{first}/members");
    assert_eq!(
        names(&ann, &format!("{list}?name[ne]=Bob")),
        ["Ann", "Carl"]
    );
    assert_eq!(names(&ann, &format!("{list}?q=car")), ["Carl"]);
    let sorted = ann.get(&format!("{list}?sort=-name&limit=2")).json();
    let page: Vec<&Value> = sorted["data"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&page[0]["name"], &page[1]["name"]),
        (&json!("Carl"), &json!("Bob"))
    );
    let cursor = sorted["next_cursor"].as_str().unwrap();
    let next = |path: &str| {
        ann.get(&format!(
            "{path}/members?sort=-name&limit=2&cursor={cursor}"
        ))
    };
    assert_eq!(next(&first).expect(200).json()["data"][0]["name"], "Ann");
    // A cursor goes on where it came from, and nowhere else.
    next(&second).expect_problem(400, "malformed_parameter");
    ann.get(&format!("{list}?colour=red"))
        .expect_problem(400, "malformed_parameter");
    // Guarded fields stay what they are.
    assert!(page.iter().all(|row| row.get("role").is_none()));
}

#[test]
fn the_list_is_refused_like_every_other_question_about_the_row() {
    let service = start();
    let ((ann, _), (eve, _)) = (somebody(&service, "Ann"), somebody(&service, "Eve"));
    let members = format!("{}/members", founded(&ann, "acme"));
    service
        .anonymous()
        .get(&members)
        .expect_problem(401, "token_missing");
    eve.get(&members).expect_problem(404, "not_found");
    ann.get("/organizations/x/members")
        .expect_problem(400, "malformed_parameter");
    let head = ann.send("HEAD", &members, &[], None);
    assert!(head.expect(200).body().is_empty());
    ann.get(&members).expect(200);
}

#[test]
fn the_other_side_lists_what_one_belongs_to_and_changes_nothing() {
    let service = start();
    let ((ann, ann_id), (bob, bob_id)) = (somebody(&service, "Ann"), somebody(&service, "Bob"));
    let (first, _) = (founded(&ann, "first"), founded(&ann, "second"));
    put(&ann, &format!("{first}/members/{bob_id}")).expect(204);
    assert_eq!(
        names(&ann, &format!("/users/{ann_id}/organizations")),
        ["first", "second"]
    );
    assert_eq!(
        names(&bob, &format!("/users/{bob_id}/organizations")),
        ["first"]
    );
    // Everyone reads Bob, and where he belongs is his own business.
    let answer = ann.get(&format!("/users/{bob_id}/organizations"));
    answer.expect_problem(403, "forbidden");
    let place = format!("/users/{bob_id}/organizations/{}", id_of(&first));
    for method in ["PUT", "DELETE"] {
        bob.send(method, &place, &[], None)
            .expect_problem(404, "not_found");
    }
    assert_eq!(
        names(&bob, &format!("/users/{bob_id}/organizations")),
        ["first"]
    );
}
