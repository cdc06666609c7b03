//! Policies that look at rows behind references: lists and single reads agree, changes are decided on both rows, and what is
//! referred to counts as it stands.

use super::{made, somebody};
use crate::service::{policies, sqlite};
use crate::support::{Folder, agency};
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

const POLICIES: &str = r#"
@id("administrators") permit (principal in Agency::Role::"admin", action, resource);
@id("scope") forbid (principal, action, resource) unless { context.in_scope };
@id("people")
permit (principal is Agency::User, action in [Agency::Action::"user:list", Agency::Action::"user:read"], resource is Agency::User);
@id("mentor")
permit (principal is Agency::User, action == Agency::Action::"user:update", resource is Agency::User)
when { principal == resource };
@id("projects")
permit (principal is Agency::User, action in [Agency::Action::"project:list", Agency::Action::"project:read"], resource is Agency::Project);
@id("sponsor")
permit (principal is Agency::User, action == Agency::Action::"project:read:sponsor", resource is Agency::Project)
when { resource.organization.owner == principal };
@id("owner")
permit (principal is Agency::User, action in Agency::Action::"task", resource is Agency::Task)
when { resource.project.organization.owner == principal };
@id("lead")
permit (principal is Agency::User, action in Agency::Action::"task", resource is Agency::Task)
when { resource.project has lead && resource.project.lead == principal };
@id("closed")
forbid (principal is Agency::User, action in [Agency::Action::"task:update", Agency::Action::"task:delete"], resource is Agency::Task)
when { resource.project.title like "Closed*" };
@id("pupils")
permit (principal is Agency::User, action in [Agency::Action::"type:list", Agency::Action::"type:read"], resource is Agency::Type)
when { principal has mentor && principal.mentor.name like "Master*" };
@id("documents")
permit (principal is Agency::User, action in [Agency::Action::"document:list", Agency::Action::"document:read"], resource is Agency::Document)
when { resource.folder has owner && resource.folder.owner == principal };
@id("public")
permit (principal is Agency::User, action in [Agency::Action::"document:list", Agency::Action::"document:read"], resource is Agency::Document)
when { resource.title like "Public*" };
@id("secret")
forbid (principal is Agency::User, action in [Agency::Action::"document:list", Agency::Action::"document:read"], resource is Agency::Document)
when { resource.folder.name like "Secret*" };
"#;

/// The agency under the policies above, which stay as long as the folder.
fn start() -> (TestService, Folder) {
    let folder = policies(POLICIES);
    let path = folder.path().display().to_string();
    let launch = agency().launch().set("SECAPI_POLICY_DIR", path);
    (launch.start(), folder)
}

/// A project of an organization of this owner, as the administrator makes it.
fn project(chief: &Client<'_>, owner: &str, title: &str) -> String {
    let organization = json!({ "name": format!("of {title}"), "owner": owner });
    let organization = made(chief, "/organizations", organization);
    let project = json!({ "organization": organization, "title": title, "sponsor": owner });
    made(chief, "/projects", project)
}

fn task(caller: &Client<'_>, project: &str, title: &str) -> String {
    made(
        caller,
        "/tasks",
        json!({ "project": project, "title": title }),
    )
}

/// What a caller's list of tasks holds and counts, after a look at whether each row by itself says the same.
#[track_caller]
fn seen(caller: &Client<'_>, all: &[&str]) -> Vec<String> {
    seen_of("/tasks", caller, all)
}

#[track_caller]
fn seen_of(path: &str, caller: &Client<'_>, all: &[&str]) -> Vec<String> {
    let page = caller.get(&format!("{path}?sort=title&count=true&limit=100"));
    let page = page.expect(200).json();
    let rows = page["data"].as_array().unwrap();
    assert_eq!(page["total"], rows.len());
    let listed: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    for id in all {
        let status = caller.get(&format!("{path}/{id}")).status();
        let expected = if listed.contains(id) { 200 } else { 404 };
        assert_eq!(status, expected, "{id}");
    }
    let title = |row: &Value| row["title"].as_str().unwrap().to_owned();
    rows.iter().map(title).collect()
}

#[test]
fn lists_and_reads_agree_and_follow_what_is_referred_to() {
    let (service, _folder) = start();
    let chief = service.administrator();
    let ((ann, ann_id), (bob, bob_id)) = (somebody(&service, "Ann"), somebody(&service, "Bob"));
    let (own, other) = (
        project(&chief, &ann_id, "own"),
        project(&chief, &bob_id, "other"),
    );
    let tasks = [
        task(&chief, &own, "a1"),
        task(&chief, &own, "a2"),
        task(&chief, &other, "b1"),
    ];
    let all: Vec<&str> = tasks.iter().map(String::as_str).collect();
    assert_eq!(seen(&ann, &all), ["a1", "a2"]);
    assert_eq!(seen(&bob, &all), ["b1"]);
    assert_eq!(seen(&chief, &all), ["a1", "a2", "b1"]);
    // Who leads a project sees its tasks from the next request on, and up to it.
    let lead = |who: Value| {
        let place = format!("/projects/{other}");
        chief.patch(&place, &json!({ "lead": who })).expect(200);
    };
    lead(json!(ann_id));
    assert_eq!(seen(&ann, &all), ["a1", "a2", "b1"]);
    lead(json!(bob_id));
    assert_eq!(seen(&ann, &all), ["a1", "a2"]);
    lead(json!(null));
    assert_eq!(seen(&bob, &all), ["b1"]);
}

#[test]
fn a_task_moves_only_to_a_project_where_its_caller_may_put_one() {
    let (service, _folder) = start();
    let chief = service.administrator();
    let ((ann, ann_id), (_, bob_id)) = (somebody(&service, "Ann"), somebody(&service, "Bob"));
    let (own, second) = (
        project(&chief, &ann_id, "own"),
        project(&chief, &ann_id, "second"),
    );
    let foreign = project(&chief, &bob_id, "foreign");
    let id = task(&ann, &own, "mine");
    let place = format!("/tasks/{id}");
    let before = ann.get(&place).json();
    // She may read the foreign project, so its policies are what refuses.
    let to = |project: &str| ann.patch(&place, &json!({ "project": project }));
    to(&foreign).expect_problem(403, "forbidden");
    assert_eq!(ann.get(&place).json(), before);
    let body = json!({ "project": foreign, "title": "smuggled" });
    ann.post("/tasks", &body).expect_problem(403, "forbidden");
    assert_eq!(chief.count("/tasks"), 1);
    // The control.
    assert_eq!(to(&second).expect(200).json()["project"], second.as_str());
    // A forbid that looks behind a reference, of the stored row and of the resulting one.
    let close = |project: &str, title: &str| {
        let place = format!("/projects/{project}");
        chief.patch(&place, &json!({ "title": title })).expect(200);
    };
    close(&second, "Closed for good");
    to(&own).expect_problem(403, "forbidden");
    ann.delete(&place).expect_problem(403, "forbidden");
    close(&second, "second");
    close(&own, "Closed too");
    to(&own).expect_problem(403, "forbidden");
    assert_eq!(ann.get(&place).json()["project"], second.as_str());
    ann.delete(&place).expect(204);
}

#[test]
fn a_guarded_field_is_seen_where_the_row_behind_says_so() {
    let (service, _folder) = start();
    let chief = service.administrator();
    let ((ann, ann_id), (bob, bob_id)) = (somebody(&service, "Ann"), somebody(&service, "Bob"));
    let (own, other) = (
        project(&chief, &ann_id, "own"),
        project(&chief, &bob_id, "other"),
    );
    let sponsors = |caller: &Client<'_>| -> Vec<(String, Option<Value>)> {
        let page = caller.get("/projects?sort=title").expect(200).json();
        let rows = page["data"].as_array().unwrap().clone();
        let of_row = |row: &Value| {
            let id = row["id"].as_str().unwrap();
            let single = caller.get(&format!("/projects/{id}")).expect(200).json();
            assert_eq!(single.get("sponsor"), row.get("sponsor"));
            let title = row["title"].as_str().unwrap().to_owned();
            (title, row.get("sponsor").cloned())
        };
        rows.iter().map(of_row).collect()
    };
    let (shown_other, shown_own) = (json!(bob_id), json!(ann_id));
    let pair = |title: &str, sponsor: Option<&Value>| (title.to_owned(), sponsor.cloned());
    assert_eq!(
        sponsors(&ann),
        [pair("other", None), pair("own", Some(&shown_own))]
    );
    assert_eq!(
        sponsors(&bob),
        [pair("other", Some(&shown_other)), pair("own", None)]
    );
    // Found by no value of what she does not see.
    let found = |caller: &Client<'_>, who: &str| {
        let page = caller
            .get(&format!("/projects?sponsor={who}"))
            .expect(200)
            .json();
        page["data"].as_array().unwrap().len()
    };
    assert_eq!((found(&ann, &ann_id), found(&ann, &bob_id)), (1, 0));
    assert_eq!(found(&chief, &bob_id), 1);
    // And in what is included with a row that refers to it.
    for (project, shown) in [(&own, true), (&other, false)] {
        let lead = json!({ "lead": ann_id });
        chief
            .patch(&format!("/projects/{project}"), &lead)
            .expect(200);
        let id = task(&ann, project, "t");
        let row = ann.get(&format!("/tasks/{id}?include=project"));
        let row = row.expect(200).json();
        let included = &row["included"]["project"];
        assert_eq!(included["id"], project.as_str());
        assert_eq!(included.get("sponsor").is_some(), shown, "{row}");
    }
}

#[test]
fn what_is_behind_the_caller_counts_in_gates_lists_and_reads() {
    let (service, _folder) = start();
    let chief = service.administrator();
    let ((ann, ann_id), (_, bob_id)) = (somebody(&service, "Ann"), somebody(&service, "Bob"));
    chief.post("/types", &json!({ "label": "big" })).expect(201);
    ann.get("/types").expect_problem(403, "forbidden");
    let mentor = |who: Value| {
        let place = format!("/users/{ann_id}");
        chief.patch(&place, &json!({ "mentor": who })).expect(200);
    };
    let name = |name: &str| {
        let place = format!("/users/{bob_id}");
        chief.patch(&place, &json!({ "name": name })).expect(200);
    };
    mentor(json!(bob_id));
    ann.get("/types").expect_problem(403, "forbidden");
    name("Master Bob");
    assert_eq!(ann.count("/types"), 1);
    name("Bob");
    ann.get("/types").expect_problem(403, "forbidden");
    name("Master Bob");
    assert_eq!(ann.count("/types"), 1);
    mentor(json!(null));
    ann.get("/types").expect_problem(403, "forbidden");
}

#[test]
fn a_keyed_repetition_is_decided_by_the_row_behind_as_it_stands() {
    let (service, _folder) = start();
    let chief = service.administrator();
    let ((ann, ann_id), (_, bob_id)) = (somebody(&service, "Ann"), somebody(&service, "Bob"));
    let project = project(&chief, &bob_id, "other");
    let lead = |who: Value| {
        let place = format!("/projects/{project}");
        chief.patch(&place, &json!({ "lead": who })).expect(200);
    };
    lead(json!(ann_id));
    let body = json!({ "project": project, "title": "once" });
    let key = [("Idempotency-Key", "8e03978e-40d5-43e8-bc93-6894a57f9324")];
    let send = || ann.send("POST", "/tasks", &key, Some(&body));
    let first = send().expect(201).json();
    assert_eq!(send().expect(201).json(), first);
    lead(json!(null));
    let hidden = send();
    hidden.expect(201);
    assert!(hidden.body().is_empty());
    assert_eq!(chief.count("/tasks"), 1);
}

/// What no API does: a folder that is marked as deleted under its documents, and one that was taken away.
#[test]
fn what_is_deleted_or_gone_has_nothing_for_lists_and_reads_alike() {
    let (service, _folder) = start();
    let chief = service.administrator();
    let (ann, ann_id) = somebody(&service, "Ann");
    let folder = |name: &str| {
        let body = json!({ "name": name, "owner": ann_id });
        made(&chief, "/folders", body)
    };
    let document = |folder: &str, title: &str| {
        made(
            &chief,
            "/documents",
            json!({ "folder": folder, "title": title }),
        )
    };
    let folders = ["stays", "marked", "gone", "Secret"].map(folder);
    let titles = ["d0", "d1", "Public 2", "Public 3"];
    let documents: Vec<String> = folders
        .iter()
        .zip(titles)
        .map(|(folder, title)| document(folder, title))
        .collect();
    let all: Vec<&str> = documents.iter().map(String::as_str).collect();
    let seen = || seen_of("/documents", &ann, &all);
    assert_eq!(seen(), ["Public 2", "d0", "d1"]);
    let mark = |at: &str| format!("UPDATE folders SET deleted_at = {at} WHERE name = 'marked';");
    sqlite(service.folder(), &mark("1"));
    assert_eq!(seen(), ["Public 2", "d0"]);
    sqlite(service.folder(), &mark("NULL"));
    // The forbid cannot be answered without the folder, so it is public to nobody.
    let take = "PRAGMA foreign_keys = OFF; DELETE FROM folders WHERE name = 'gone';";
    sqlite(service.folder(), take);
    assert_eq!(seen(), ["d0", "d1"]);
}
