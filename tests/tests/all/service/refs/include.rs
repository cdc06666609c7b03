//! `include`: rows that a row refers to, in the same answer.

use super::{agency, made, somebody};
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

/// An organization of the administrator's.
fn organization(chief: &Client<'_>) -> String {
    let me = chief.get("/users/me").json()["id"].clone();
    made(chief, "/organizations", json!({ "name": "o", "owner": me }))
}

/// Ann, her id, and a project that she leads.
fn led<'a>(service: &'a TestService, more: &Value) -> (Client<'a>, String, String) {
    let chief = service.administrator();
    let (ann, ann_id) = somebody(service, "Ann");
    let mut body = json!({ "organization": organization(&chief), "title": "p", "lead": ann_id });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    let project = made(&chief, "/projects", body);
    (ann, ann_id, format!("/projects/{project}"))
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn related_rows_come_with_the_row_as_their_own_policies_show_them() {
    let service = agency().start();
    let chief = service.administrator();
    let (ann, ann_id, path) = led(&service, &json!({}));
    let plain = ann.get(&path);
    assert!(plain.json().get("included").is_none());
    let row = ann.get(&format!("{path}?include=lead,organization"));
    let row = row.expect(200).json();
    // Ann reads herself, her role and motto not; the organization is another's.
    assert_eq!(keys(&row["included"]), ["lead"]);
    assert_eq!(row["included"]["lead"], ann.get("/users/me").json());
    assert!(row["included"]["lead"].get("motto").is_none());
    assert!(row["included"]["lead"].get("role").is_none());
    assert_eq!(row["organization"], plain.json()["organization"]);
    let row = chief
        .get(&format!("{path}?include=organization,lead"))
        .json();
    assert_eq!(
        row["included"]["lead"],
        chief.get(&format!("/users/{ann_id}")).json()
    );
    assert_eq!(row["included"]["lead"]["role"], "user");
    assert_eq!(row["included"]["organization"]["name"], "o");
    // What is not set is not there, and neither is what nobody asked for.
    chief.patch(&path, &json!({ "lead": null })).expect(200);
    assert_eq!(
        chief.get(&format!("{path}?include=lead")).json()["included"],
        json!({})
    );
}

#[test]
fn lists_carry_what_each_row_refers_to() {
    let service = agency().start();
    let chief = service.administrator();
    let organization = organization(&chief);
    let (_, hidden) = somebody(&service, "Hugo");
    let (_, open) = somebody(&service, "Open Olga");
    let (ann, ann_id) = somebody(&service, "Ann");
    for (title, mentor) in [("a", Some(&hidden)), ("b", Some(&open)), ("c", None)] {
        let body = json!({ "email": format!("{title}@example.com"), "name": format!("Open {title}"), "password": super::PASSWORD, "mentor": mentor });
        chief.post("/users", &body).expect(201);
    }
    let page = ann.get("/users?sort=name&name[contains]=Open&include=mentor");
    let page = page.expect(200).json();
    let mentors: Vec<&Value> = page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["included"])
        .collect();
    let olga = ann.get(&format!("/users/{open}")).json();
    // Olga herself has no mentor; of the others, only one has a mentor whom Ann may read.
    assert_eq!(
        mentors,
        [
            &json!({}),
            &json!({}),
            &json!({ "mentor": olga }),
            &json!({})
        ]
    );
    // The next page includes as well.
    let body =
        |title: &str| json!({ "organization": organization, "title": title, "lead": ann_id });
    for title in ["1", "2", "3"] {
        made(&chief, "/projects", body(title));
    }
    let page = ann.get("/projects?limit=2&include=lead");
    let next = page
        .header("link")
        .split(['<', '>'])
        .nth(1)
        .unwrap()
        .to_owned();
    for (page, rows) in [(page, 2), (ann.get(&next), 1)] {
        let data = page.json()["data"].as_array().unwrap().clone();
        assert_eq!(data.len(), rows);
        assert!(
            data.iter()
                .all(|row| row["included"]["lead"]["id"] == ann_id.as_str())
        );
    }
}

#[test]
fn a_guarded_reference_includes_nothing_where_it_is_hidden() {
    let service = agency().start();
    let chief = service.administrator();
    let (_, open) = somebody(&service, "Open Olga");
    let (ann, _, path) = led(&service, &json!({ "sponsor": open }));
    // Ann may read Olga, and never who sponsors: not even that there is such a field.
    for query in ["sponsor", "lead,sponsor", "auditor"] {
        let answer = ann.get(&format!("{path}?include={query}"));
        answer.expect_problem(400, "malformed_parameter");
        ann.get(&format!("/projects?include={query}"))
            .expect_problem(400, "malformed_parameter");
    }
    let seen = chief.get(&format!("{path}?include=sponsor")).json();
    assert_eq!(seen["included"]["sponsor"]["name"], "Open Olga");
    chief
        .patch(&path, &json!({ "title": "Discreet" }))
        .expect(200);
    let hidden = chief.get(&format!("{path}?include=sponsor")).json();
    assert!(hidden.get("sponsor").is_none(), "{hidden}");
    assert_eq!(hidden["included"], json!({}));
    let listed = chief.get("/projects?include=sponsor").json();
    assert_eq!(listed["data"][0]["included"], json!({}));
    // Never returned to anyone, and nothing behind it either.
    chief
        .get(&format!("{path}?include=auditor"))
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn what_cannot_be_included_is_a_malformed_parameter() {
    let service = agency().start();
    let (ann, _, path) = led(&service, &json!({}));
    for query in [
        "include=",
        "include",
        "include=title",
        "include=lead,lead",
        "include=lead,",
        "include=lead&include=lead",
        "include=lead.mentor",
        "include=Lead",
        "include=lead&limit=1",
        "include[]=lead",
        "includes=lead",
        "include=%ff",
    ] {
        ann.get(&format!("{path}?{query}"))
            .expect_problem(400, "malformed_parameter");
    }
    for query in [
        "include=",
        "include=title",
        "include=lead,lead",
        "include=lead&include=lead",
    ] {
        ann.get(&format!("/projects?{query}"))
            .expect_problem(400, "malformed_parameter");
    }
    // Where there is nothing to include, the parameter is unknown, and so it is where nothing is read.
    for path in ["/types?include=lead", "/types?include="] {
        ann.get(path).expect_problem(400, "malformed_parameter");
    }
    let patch = ann.patch(&format!("{path}?include=lead"), &json!({ "title": "q" }));
    patch.expect_problem(400, "malformed_parameter");
    assert_eq!(ann.get(&path).json()["title"], "p");
    ann.get(&format!("{path}?include=%6cead")).expect(200);
    ann.get("/users/me?include=mentor").expect(200);
}

#[test]
fn an_entity_tag_covers_what_is_included() {
    let service = agency().start();
    let chief = service.administrator();
    let (ann, ann_id, path) = led(&service, &json!({}));
    let with_lead = format!("{path}?include=lead");
    let known = |path: &str, tag: &str| {
        ann.send("GET", path, &[("If-None-Match", tag)], None)
            .status()
    };
    let plain = ann.get(&path).header("etag").to_owned();
    let tag = ann.get(&with_lead).header("etag").to_owned();
    assert_ne!(plain, tag);
    assert_eq!((known(&with_lead, &tag), known(&path, &plain)), (304, 304));
    assert_eq!((known(&with_lead, &plain), known(&path, &tag)), (200, 200));
    // The included row changes, and with it the answer; the row itself does not.
    chief
        .patch(&format!("/users/{ann_id}"), &json!({ "name": "Anna" }))
        .expect(200);
    assert_eq!((known(&with_lead, &tag), known(&path, &plain)), (200, 304));
    // So a change of the row may rest on either.
    let change = |tag: &str, title: &str| {
        ann.send(
            "PATCH",
            &path,
            &[("If-Match", tag)],
            Some(&json!({ "title": title })),
        )
    };
    change(&tag, "q").expect(200);
    change(&tag, "r").expect_problem(412, "precondition_failed");
    change(&plain, "r").expect_problem(412, "precondition_failed");
    assert_eq!(ann.get(&path).json()["title"], "q");
}
