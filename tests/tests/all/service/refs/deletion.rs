//! What happens with rows that refer to one that is deleted.

use super::super::{expect_violations, sqlite};
use super::{agency, made, somebody};
use serde_json::json;

#[test]
fn a_row_that_is_referred_to_stays() {
    let service = agency().start();
    let chief = service.administrator();
    let (ann, ann_id) = somebody(&service, "Ann");
    let own = made(
        &ann,
        "/organizations",
        json!({ "name": "own", "owner": ann_id }),
    );
    let (_, pupil) = somebody(&service, "Paul");
    let pupil = format!("/users/{pupil}");
    chief
        .patch(&pupil, &json!({ "mentor": ann_id }))
        .expect(200);
    let path = format!("/users/{ann_id}");
    let before = chief.get(&path).json();
    let answer = chief.delete(&path);
    expect_violations(&answer, 409, "conflict", &[("", "referenced")]);
    assert_eq!(chief.get(&path).json(), before);
    // Nothing happened to those that would have been emptied either, nor to the session.
    let row = chief.get(&pupil).json();
    assert_eq!(
        (&row["mentor"], &row["version"]),
        (&json!(ann_id), &json!(2))
    );
    ann.get("/users/me").expect(200);
    chief.delete(&format!("/organizations/{own}")).expect(204);
    chief.delete(&path).expect(204);
    assert_eq!(chief.get(&pupil).json()["mentor"], json!(null));
}

#[test]
fn a_cascade_takes_what_belongs_to_the_row_and_nothing_else() {
    let service = agency().start();
    let chief = service.administrator();
    let me = chief.get("/users/me").json()["id"].clone();
    let organization = |name: &str| {
        made(
            &chief,
            "/organizations",
            json!({ "name": name, "owner": me }),
        )
    };
    let (gone, stays) = (organization("gone"), organization("stays"));
    let project = |organization: &str| {
        made(
            &chief,
            "/projects",
            json!({ "organization": organization, "title": "p" }),
        )
    };
    let (gone_project, project) = (project(&gone), project(&stays));
    let task = |body: serde_json::Value| made(&chief, "/tasks", body);
    let first = task(json!({ "project": gone_project, "title": "1" }));
    let child = task(json!({ "project": project, "title": "child of 1", "parent": first }));
    let grandchild = task(json!({ "project": project, "title": "grandchild", "parent": child }));
    let follower =
        task(json!({ "project": project, "title": "after the grandchild", "follows": grandchild }));
    let other = task(json!({ "project": project, "title": "other" }));
    let path = format!("/tasks/{follower}");
    let before = chief.get(&path);
    chief.delete(&format!("/organizations/{gone}")).expect(204);
    for (path, status) in [
        (format!("/organizations/{gone}"), 404),
        (format!("/projects/{gone_project}"), 404),
        (format!("/tasks/{first}"), 404),
        (format!("/tasks/{child}"), 404),
        (format!("/tasks/{grandchild}"), 404),
        (format!("/organizations/{stays}"), 200),
        (format!("/projects/{project}"), 200),
        (format!("/tasks/{other}"), 200),
        (format!("/tasks/{follower}"), 200),
    ] {
        assert_eq!(chief.get(&path).status(), status, "{path}");
    }
    // Far down, and yet a change of the row.
    let after = chief.get(&path);
    assert_eq!(
        (&after.json()["follows"], &after.json()["version"]),
        (&json!(null), &json!(2))
    );
    assert_ne!(before.header("etag"), after.header("etag"));
    assert!(after.json()["updated_at"].as_str() >= before.json()["updated_at"].as_str());
    assert_eq!(sqlite(service.folder(), "PRAGMA foreign_key_check"), "");
}

#[test]
fn an_emptied_reference_is_a_change_of_its_row() {
    let service = agency().start();
    let chief = service.administrator();
    let (_, ann) = somebody(&service, "Ann");
    let me = chief.get("/users/me").json()["id"].clone();
    let organization = made(
        &chief,
        "/organizations",
        json!({ "name": "o", "owner": me }),
    );
    let body = json!({ "organization": organization, "title": "p", "lead": ann });
    let path = format!("/projects/{}", made(&chief, "/projects", body));
    let before = chief.get(&path);
    let tag = before.header("etag");
    chief
        .send("GET", &path, &[("If-None-Match", tag)], None)
        .expect(304);
    chief.delete(&format!("/users/{ann}")).expect(204);
    let stale = chief.send(
        "PATCH",
        &path,
        &[("If-Match", tag)],
        Some(&json!({ "title": "q" })),
    );
    stale.expect_problem(412, "precondition_failed");
    let after = chief.send("GET", &path, &[("If-None-Match", tag)], None);
    let row = after.expect(200).json();
    assert_eq!(
        (&row["lead"], &row["title"], &row["version"]),
        (&json!(null), &json!("p"), &json!(2))
    );
}

#[test]
fn a_row_may_refer_to_itself_and_be_deleted() {
    let service = agency().start();
    let chief = service.administrator();
    let me = chief.get("/users/me").json()["id"].clone();
    let organization = made(
        &chief,
        "/organizations",
        json!({ "name": "o", "owner": me }),
    );
    let project = made(
        &chief,
        "/projects",
        json!({ "organization": organization, "title": "p" }),
    );
    for field in ["follows", "parent"] {
        let path = format!(
            "/tasks/{}",
            made(
                &chief,
                "/tasks",
                json!({ "project": project, "title": "x" })
            )
        );
        let id = path.rsplit('/').next().unwrap();
        chief.patch(&path, &json!({ field: id })).expect(200);
        chief.delete(&path).expect(204);
        chief.get(&path).expect_problem(404, "not_found");
    }
    // Two that refer to each other.
    let one = made(
        &chief,
        "/tasks",
        json!({ "project": project, "title": "1" }),
    );
    let two = made(
        &chief,
        "/tasks",
        json!({ "project": project, "title": "2", "parent": one }),
    );
    chief
        .patch(
            &format!("/tasks/{one}"),
            &json!({ "parent": two, "follows": two }),
        )
        .expect(200);
    chief.delete(&format!("/tasks/{one}")).expect(204);
    assert_eq!(chief.count("/tasks"), 0);
}
