//! What a body may refer to.

use super::super::expect_violations;
use super::{ABSENT, PASSWORD, agency, looks, made, somebody};
use serde_json::json;

#[test]
fn a_hidden_row_and_a_missing_one_are_refused_alike() {
    let service = agency().start();
    let chief = service.administrator();
    let (ann, ann_id) = somebody(&service, "Ann");
    let (_, hidden) = somebody(&service, "Hugo");
    let (_, open) = somebody(&service, "Open Olga");
    let create = |owner: &str| ann.post("/organizations", &json!({ "name": "x", "owner": owner }));
    let (refused, missing) = (create(&hidden), create(ABSENT));
    expect_violations(
        &refused,
        422,
        "validation_failed",
        &[("/owner", "reference")],
    );
    assert_eq!(looks(&refused), looks(&missing));
    // One that can be read goes on to the policies, which refuse it.
    create(&open).expect_problem(403, "forbidden");
    assert_eq!(chief.count("/organizations"), 0);
    create(&ann_id).expect(201);
    // Every reference at once, each at its place.
    let body = json!({ "organization": ABSENT, "title": "x", "lead": hidden, "sponsor": open });
    let answer = ann.post("/projects", &body);
    let expected = [("/organization", "reference"), ("/lead", "reference")];
    expect_violations(&answer, 422, "validation_failed", &expected);
    assert_eq!(chief.count("/projects"), 0);
}

#[test]
fn a_reference_is_a_uuid() {
    let service = agency().start();
    let chief = service.administrator();
    let (_, ann) = somebody(&service, "Ann");
    for (wrong, code) in [
        (json!("x"), "uuid"),
        (json!(""), "uuid"),
        (json!(7), "type"),
        (json!(null), "required"),
        (json!({ "id": ann }), "type"),
        (json!([ann]), "type"),
        (json!(format!("{{{ann}}}")), "uuid"),
    ] {
        let answer = chief.post("/organizations", &json!({ "name": "x", "owner": wrong }));
        expect_violations(&answer, 422, "validation_failed", &[("/owner", code)]);
    }
    let answer = chief.post("/organizations", &json!({ "name": "x" }));
    expect_violations(&answer, 422, "validation_failed", &[("/owner", "required")]);
    assert_eq!(chief.count("/organizations"), 0);
    let body = json!({ "name": "x", "owner": ann.to_uppercase() });
    let made = chief.post("/organizations", &body);
    assert_eq!(made.expect(201).json()["owner"], ann.as_str());
}

#[test]
fn a_change_refers_to_what_its_caller_may_read() {
    let service = agency().start();
    let chief = service.administrator();
    let (ann, ann_id) = somebody(&service, "Ann");
    let (_, hidden) = somebody(&service, "Hugo");
    let (_, other) = somebody(&service, "Otto");
    let (_, open) = somebody(&service, "Open Olga");
    let path = format!("/users/{ann_id}");
    chief.patch(&path, &json!({ "mentor": hidden })).expect(200);
    let (refused, missing) = (
        ann.patch(&path, &json!({ "mentor": other, "name": "new" })),
        ann.patch(&path, &json!({ "mentor": ABSENT, "name": "new" })),
    );
    expect_violations(
        &refused,
        422,
        "validation_failed",
        &[("/mentor", "reference")],
    );
    assert_eq!(looks(&refused), looks(&missing));
    let row = ann.get(&path).json();
    assert_eq!(
        (&row["mentor"], &row["name"]),
        (&json!(hidden), &json!("Ann"))
    );
    // What stays was checked when it was set, and a client that sends a row back as it got it changes nothing of it.
    ann.patch(&path, &json!({ "mentor": hidden, "name": "Anna" }))
        .expect(200);
    let changed = ann.patch(&path, &json!({ "mentor": open }));
    assert_eq!(changed.expect(200).json()["mentor"], open.as_str());
    ann.patch(&path, &json!({ "mentor": null })).expect(200);
    ann.patch(&path, &json!({ "mentor": hidden }))
        .expect_problem(422, "validation_failed");
    assert_eq!(ann.get(&path).json()["mentor"], json!(null));
}

#[test]
fn what_a_caller_cannot_read_is_not_told_by_sending_it() {
    let service = agency().start();
    let chief = service.administrator();
    let (ann, ann_id) = somebody(&service, "Ann");
    let (_, hidden) = somebody(&service, "Hugo");
    let (_, other) = somebody(&service, "Otto");
    let own = made(
        &ann,
        "/organizations",
        json!({ "name": "own", "owner": ann_id }),
    );
    let body = json!({ "organization": own, "title": "x", "lead": ann_id, "sponsor": hidden, "auditor": hidden });
    let path = format!("/projects/{}", made(&chief, "/projects", body));
    let row = ann.get(&path).json();
    assert!(
        row.get("sponsor").is_none() && row.get("auditor").is_none(),
        "{row}"
    );
    for field in ["sponsor", "auditor"] {
        // The value that it has, another hidden one, and none: no difference.
        let answers = [&hidden, &other, ABSENT].map(|id| ann.patch(&path, &json!({ field: id })));
        let place = format!("/{field}");
        expect_violations(
            &answers[0],
            422,
            "validation_failed",
            &[(&place, "reference")],
        );
        assert_eq!(looks(&answers[0]), looks(&answers[1]));
        assert_eq!(looks(&answers[0]), looks(&answers[2]));
    }
    // A reference that it may read leads to the question whether it may write the field.
    let refused = ann.patch(&path, &json!({ "sponsor": ann_id }));
    refused.expect_problem(403, "forbidden");
    assert_eq!(chief.get(&path).json()["sponsor"], hidden.as_str());
    assert_eq!(chief.get(&path).json()["version"], 1);
    chief.patch(&path, &json!({ "sponsor": other })).expect(200);
}

#[test]
fn references_that_a_client_does_not_set() {
    let service = agency().start();
    let chief = service.administrator();
    let (ann, ann_id) = somebody(&service, "Ann");
    let own = made(
        &ann,
        "/organizations",
        json!({ "name": "own", "owner": ann_id }),
    );
    let body = json!({ "organization": own, "title": "x", "lead": ann_id });
    let project = made(&chief, "/projects", body);
    let other = made(
        &ann,
        "/organizations",
        json!({ "name": "two", "owner": ann_id }),
    );
    let answer = ann.patch(
        &format!("/projects/{project}"),
        &json!({ "organization": other }),
    );
    expect_violations(
        &answer,
        422,
        "validation_failed",
        &[("/organization", "immutable")],
    );
    let answer = ann.post(
        "/tasks",
        &json!({ "project": project, "title": "x", "creator": ann_id }),
    );
    expect_violations(
        &answer,
        422,
        "validation_failed",
        &[("/creator", "read_only")],
    );
    let task = ann.post("/tasks", &json!({ "project": project, "title": "x" }));
    assert_eq!(task.expect(201).json()["creator"], ann_id.as_str());
    // A rule of the project's that forgets to fill it in stores nothing.
    let body = json!({ "project": project, "title": "Nobody's" });
    expect_violations(
        &chief.post("/tasks", &body),
        422,
        "validation_failed",
        &[("/creator", "reference")],
    );
    assert_eq!(chief.count("/tasks"), 1);
}

#[test]
fn a_stranger_refers_to_what_strangers_may_read() {
    let service = agency().start();
    let stranger = service.anonymous();
    let (_, hidden) = somebody(&service, "Hugo");
    let (_, open) = somebody(&service, "Open Olga");
    let register = |mentor: &str| {
        let body = json!({ "email": "new@example.com", "name": "New", "password": PASSWORD, "mentor": mentor });
        stranger.post("/auth/register", &body)
    };
    let (refused, missing) = (register(&hidden), register(ABSENT));
    expect_violations(
        &refused,
        422,
        "validation_failed",
        &[("/mentor", "reference")],
    );
    assert_eq!(looks(&refused), looks(&missing));
    let made = service.administrator().get("/users?name=New").json();
    assert_eq!(made["data"], json!([]));
    register(&open).expect(201);
}
