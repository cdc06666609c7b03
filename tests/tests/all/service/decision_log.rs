//! The decision log: one line for each decision on a row, for each refusal of the gate, for each list, and for what answers
//! show of guarded fields.

use super::commands::log_with;
use super::relations::{founded, id_of, put, somebody};
use super::{PASSWORD, policies};
use crate::support::{board, projects, workshop};
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};

/// The lines of one request.
pub(super) fn lines(service: &TestService, answer: &Answer) -> Vec<Value> {
    let request = answer.header("x-request-id");
    // Lines keep their order, and this one comes after all of the request's.
    let last = service.anonymous().get("/nothing");
    let lines = log_with(service, last.header("x-request-id"));
    let lines = lines
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .filter(|line| line["target"] == "secapi::decision" && line["request_id"] == request)
        .collect()
}

/// The one line about this action.
#[track_caller]
fn line(service: &TestService, answer: &Answer, action: &str) -> Value {
    let mut lines = lines(service, answer);
    lines.retain(|line| line["action"] == action);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    lines.remove(0)
}

/// What a line has to say, member by member.
#[track_caller]
fn expect(line: &Value, members: &Value) {
    for (name, value) in members.as_object().unwrap() {
        assert_eq!(
            line.get(name).unwrap_or(&Value::Null),
            value,
            "{name} of {line:#}"
        );
    }
    assert_eq!(
        line["policy_set"].as_str().map(str::len),
        Some(64),
        "{line:#}"
    );
}

/// A member of the workshop with a note of its own, and its id.
fn member<'a>(service: &'a TestService, name: &str, badge: i64) -> (Client<'a>, String) {
    let chief = service.administrator();
    let email = format!("{name}@example.com");
    let body = json!({ "email": email, "badge": badge, "password": PASSWORD });
    let id = chief.post("/members", &body).id();
    let note = json!({ "owner": id, "title": format!("of {name}") });
    chief.post("/notes", &note).expect(201);
    (service.login(&email, PASSWORD), id)
}

#[test]
fn a_list_is_one_line_with_the_hash_of_its_condition_and_its_rows() {
    let service = workshop().start();
    let ((ann, id), (bob, _)) = (member(&service, "ann", 1), member(&service, "bob", 2));
    let chief = service.administrator();
    let public = json!({ "owner": id, "title": "public: cheap" });
    chief.post("/notes", &public).expect(201);
    let listed = |caller: &Client<'_>, query: &str| {
        let answer = caller.get(&format!("/notes?{query}"));
        answer.expect(200);
        let line = line(&service, &answer, "note:list");
        let rows = answer.json()["data"].as_array().unwrap().len();
        expect(
            &line,
            &json!({ "rows": rows, "filter": "sql", "resource_type": "Note", "decision": "allow", "level": "INFO" }),
        );
        let hash = line["condition"].as_str().unwrap().to_owned();
        assert!(
            hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{line:#}"
        );
        (line, hash)
    };
    let (of_ann, hash) = listed(&ann, "");
    expect(
        &of_ann,
        &json!({
            "principal": format!("Member:{id}"),
            "rows": 2,
            "policies": ["own-notes", "public-notes", "scope"],
            "resource": null,
            "related_to": null,
        }),
    );
    // The condition is the caller's, whatever is asked of the list.
    let (filtered, same) = listed(&ann, "title=of+ann&sort=-title&count=true");
    expect(&filtered, &json!({ "rows": 1 }));
    assert_eq!(same, hash);
    assert_ne!(listed(&bob, "").1, hash);
    // Each start of one service tells the same. Nobody can compare it with what another service tells, or with hashes of all
    // that a condition may be: there is a key in it.
    let another = "YW5vdGhlci1zZWNyZXQtb2YtYW5vdGhlci1zZXJ2aWNlLTAwMQ==";
    let mut other = workshop().start();
    let of_all = |service: &TestService| {
        let answer = service.administrator().get("/notes");
        line(service, &answer, "note:list")
    };
    let here = of_all(&other);
    expect(&here, &json!({ "rows": 0, "filter": "sql" }));
    other.restart();
    assert_eq!(of_all(&other)["condition"], here["condition"]);
    other.restart_with("SECAPI_SECRET", another);
    let there = of_all(&other);
    assert_eq!(here["policy_set"], there["policy_set"]);
    assert_ne!(here["condition"], there["condition"]);
    // The administrators of two services see the same by one condition, and nobody learns that from it.
    assert_ne!(of_all(&service)["condition"], here["condition"]);
}

#[test]
fn what_the_gate_refuses_is_logged_too() {
    let service = workshop().start();
    let (ann, id) = member(&service, "ann", 1);
    let refused = ann.get("/members");
    refused.expect_problem(403, "forbidden");
    expect(
        &line(&service, &refused, "member:list"),
        &json!({ "principal": format!("Member:{id}"), "decision": "deny", "resource_type": "Member", "policies": [], "rows": null }),
    );
    let refused = service.anonymous().get("/notes");
    refused.expect_problem(401, "token_missing");
    expect(
        &line(&service, &refused, "note:list"),
        &json!({ "principal": "anonymous", "decision": "deny" }),
    );
    // The control: where the gate is open, nothing is refused.
    let answer = ann.get("/notes");
    answer.expect(200);
    assert_eq!(
        lines(&service, &answer)
            .iter()
            .filter(|line| line["decision"] == "deny")
            .count(),
        0
    );
}

/// Some titles in a form that SQL has no words for.
const SOME: &str = "@id(\"all\") permit (principal, action in [Board::Action::\"post:create\", Board::Action::\"post:list\"], resource is Board::Post);\n\
     @id(\"scope\") forbid (principal, action, resource) unless { context.in_scope };\n";
const READ: &str = "@id(\"some\") permit (principal, action == Board::Action::\"post:read\", resource is Board::Post)\n\
     when { (if resource.title like \"a*\" then [\"ab\"] else [\"zz\"]).contains(resource.title) };\n";

#[test]
fn a_list_that_is_decided_row_by_row_says_so_and_has_no_condition() {
    let start = |text: &str| {
        let folder = policies(text);
        let launch = board().launch();
        let path = folder.path().display().to_string();
        (launch.set("SECAPI_POLICY_DIR", path).start(), folder)
    };
    let (service, _folder) = start(&format!("{SOME}{READ}"));
    let anonymous = service.anonymous();
    for title in ["aa", "ab", "zz"] {
        anonymous
            .post("/posts", &json!({ "title": title }))
            .expect(201);
    }
    let answer = anonymous.get("/posts");
    assert_eq!(
        answer.expect(200).json()["data"].as_array().unwrap().len(),
        2
    );
    expect(
        &line(&service, &answer, "post:list"),
        &json!({ "rows": 2, "filter": "scan", "condition": null, "policies": ["all", "scope", "some"] }),
    );
    // What is listed has to be readable as well, and the log says which of the two was refused.
    let (service, _folder) = start(SOME);
    let answer = service.anonymous().get("/posts");
    answer.expect_problem(401, "token_missing");
    expect(
        &line(&service, &answer, "post:read"),
        &json!({ "decision": "deny" }),
    );
}

#[test]
fn related_rows_are_logged_under_the_row_that_they_are_listed_of() {
    let service = projects().start();
    let (ann, _) = somebody(&service, "Ann");
    let (_, bob) = somebody(&service, "Bob");
    let path = founded(&ann, "acme");
    put(&ann, &format!("{path}/members/{bob}")).expect(204);
    let answer = ann.get(&format!("{path}/members"));
    answer.expect(200);
    expect(
        &line(&service, &answer, "user:list"),
        &json!({ "related_to": id_of(&path), "rows": 2, "resource_type": "User", "filter": "sql" }),
    );
    expect(
        &line(&service, &answer, "organization:members:read"),
        &json!({ "resource": id_of(&path), "decision": "allow" }),
    );
    // Rows that are included are decided on by themselves, and told together.
    let answer = ann.get("/organizations?include=owner");
    answer.expect(200);
    assert!(
        answer.json()["data"][0]["included"]["owner"].is_object(),
        "{}",
        answer.json()
    );
    expect(
        &line(&service, &answer, "user:read"),
        &json!({ "allowed": 1, "denied": 0, "policies": ["user-directory"] }),
    );
    expect(
        &line(&service, &answer, "organization:list"),
        &json!({ "rows": 1, "related_to": null }),
    );
}

/// Two notes, of which ann reads the price of hers alone, and a review of none: ann's and the path of hers.
fn notes(service: &TestService) -> (Client<'_>, String) {
    let chief = service.administrator();
    let (ann, id) = member(service, "ann", 1);
    let other = chief.get("/members/me").json()["id"].clone();
    let public = json!({ "owner": other, "title": "public: cheap", "price": "2.00" });
    chief.post("/notes", &public).expect(201);
    let own = json!({ "owner": id, "title": "costly", "price": "1.00", "review": "good" });
    let path = chief.post("/notes", &own).location();
    (ann, path)
}

#[test]
fn which_guarded_fields_a_caller_saw_of_a_row_is_told() {
    let service = workshop().start();
    let (ann, path) = notes(&service);
    let seen = ann.get(&path);
    assert_eq!(seen.expect(200).json()["price"], "1.00");
    let (price, review) = (
        line(&service, &seen, "note:read:price"),
        line(&service, &seen, "note:read:review"),
    );
    let resource = id_of(&path);
    expect(
        &price,
        &json!({ "message": "decided", "resource": resource, "decision": "allow", "policies": ["own-prices"] }),
    );
    expect(
        &review,
        &json!({ "message": "decided", "resource": resource, "decision": "deny", "policies": [] }),
    );
    // A change is answered with the row, and each is told once where the caller asks for no version.
    let changed = ann.patch(&path, &json!({ "title": "cheap" }));
    changed.expect(200);
    line(&service, &changed, "note:read:price");
    // A resource without guarded fields has no such lines.
    let countries = ann.get("/countries");
    countries.expect(200);
    assert_eq!(lines(&service, &countries).len(), 1);
}

#[test]
fn which_guarded_fields_a_caller_saw_in_a_list_is_one_line_for_each_field() {
    let service = workshop().start();
    let (ann, _) = notes(&service);
    let listed = ann.get("/notes");
    assert_eq!(
        listed.expect(200).json()["data"].as_array().unwrap().len(),
        3
    );
    expect(
        &line(&service, &listed, "note:read:price"),
        &json!({ "message": "decided for each row", "resource": null, "allowed": 2, "denied": 1, "policies": ["own-prices"] }),
    );
    expect(
        &line(&service, &listed, "note:read:review"),
        &json!({ "allowed": 0, "denied": 3, "policies": [] }),
    );
    // One that reads everything, whatever the row.
    let listed = service.administrator().get("/notes");
    expect(
        &line(&service, &listed, "note:read:review"),
        &json!({ "allowed": 3, "denied": 0, "policies": ["chiefs"] }),
    );
    // Where no row is shown, nothing was decided.
    let nothing = ann.get("/notes?title=nothing");
    assert_eq!(nothing.expect(200).json()["data"], json!([]));
    assert_eq!(lines(&service, &nothing).len(), 1);
}

/// All about notes, and a policy on prices that no row can be asked about.
const FAILING: &str = "@id(\"all\") permit (principal is Workshop::Member, action, resource is Workshop::Note);\n\
     @id(\"scope\") forbid (principal, action, resource) unless { context.in_scope };\n\
     @id(\"overflow\") forbid (principal, action == Workshop::Action::\"note:read:price\", resource is Workshop::Note)\n\
     when { resource.created_at.offset(duration(\"9223372036854775807ms\")) < resource.created_at };\n";

#[test]
fn a_policy_that_fails_at_a_guarded_field_hides_it_and_is_told() {
    let folder = policies(FAILING);
    let launch = workshop().launch();
    let path = folder.path().display().to_string();
    let service = launch.set("SECAPI_POLICY_DIR", path).start();
    let chief = service.administrator();
    let owner = "6f1c2a80-3c1e-4b8e-9d0e-0d9c3f1c2a80";
    let note = json!({ "owner": owner, "title": "costly", "review": "good" });
    let path = chief.post("/notes", &note).expect(201).location();
    let failed = |answer: &Answer| {
        let mut lines = lines(&service, answer);
        lines.retain(|line| line["level"] == "ERROR");
        let said = lines.iter().map(|line| {
            (
                line["action"].as_str().unwrap().to_owned(),
                line["error"].as_str().unwrap().to_owned(),
            )
        });
        said.collect::<Vec<_>>()
    };
    for path in [path.as_str(), "/notes"] {
        let answer = chief.get(path);
        let shown = answer.expect(200).json();
        let row = shown["data"].get(0).unwrap_or(&shown);
        assert_eq!((row.get("price"), &row["review"]), (None, &json!("good")));
        let [(action, error)] = &failed(&answer)[..] else {
            panic!("{:?}", failed(&answer));
        };
        assert_eq!(action, "note:read:price");
        assert!(error.contains("overflow"), "{error}");
    }
}
