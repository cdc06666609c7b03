//! Which policies decided, told in development and in the log: of lists, of what the gate refuses, and of who has just registered.

use super::decision_log::lines;
use super::{person, policies, registered};
use crate::support::{Folder, users};
use secapi_runtime::testing::{Answer, TestService};
use serde_json::{Value, json};

/// Everybody registers and reads itself, and nobody lists anything from a machine that is refused.
const POLICIES: &str = r#"
@id("register") permit (principal, action == Users::Action::"user:register", resource is Users::User);
@id("own") permit (principal is Users::User, action in Users::Action::"reads", resource is Users::User) when { principal == resource };
@id("own-role") permit (principal is Users::User, action == Users::Action::"user:read:role", resource is Users::User) when { principal == resource };
@id("nobody-deletes") forbid (principal, action == Users::Action::"user:delete", resource);
@id("deleters") permit (principal, action == Users::Action::"user:delete", resource is Users::User);
@id("scope") forbid (principal, action, resource) unless { context.in_scope };
"#;

fn started() -> (TestService, Folder) {
    let folder = policies(POLICIES);
    let path = folder.path().display().to_string();
    let service = users().launch().set("SECAPI_POLICY_DIR", path).start();
    (service, folder)
}

/// What the log says of an action: who asked, and which policies decided.
fn told(service: &TestService, answer: &Answer, action: &str) -> Vec<(Value, Value, Value)> {
    let lines = lines(service, answer).into_iter();
    let about = lines.filter(|line| line["action"] == action);
    let told = |line: Value| {
        let member = |name: &str| line[name].clone();
        (member("principal"), member("decision"), member("policies"))
    };
    about.map(told).collect()
}

#[test]
fn a_list_names_the_policies_that_can_decide_it() {
    let (service, _folder) = started();
    let (caller, path) = registered(&service, "ada@example.com");
    let list = caller.get("/users");
    list.expect(200);
    assert_eq!(list.header("x-policy"), "own, scope");
    let user = format!("User:{}", path.rsplit('/').next().unwrap());
    assert_eq!(
        told(&service, &list, "user:list"),
        [(json!(user), json!("allow"), json!(["own", "scope"]))]
    );
    // The control: of one row it is the policy that decided.
    assert_eq!(caller.get(&path).header("x-policy"), "own");
}

#[test]
fn a_refusal_of_the_gate_names_what_refused() {
    let (service, _folder) = started();
    let (caller, path) = registered(&service, "ada@example.com");
    let user = format!("User:{}", path.rsplit('/').next().unwrap());
    let refused = caller.delete(&path);
    refused.expect_problem(403, "forbidden");
    assert_eq!(refused.header("x-policy"), "nobody-deletes");
    assert_eq!(
        told(&service, &refused, "user:delete"),
        [(json!(user), json!("deny"), json!(["nobody-deletes"]))]
    );
    caller.get(&path).expect(200);
    // Where nothing permits it, no policy has decided.
    let refused = caller.patch(&path, &json!({ "first_name": "Augusta" }));
    refused.expect_problem(403, "forbidden");
    assert_eq!(refused.header("x-policy"), "");
    assert_eq!(
        told(&service, &refused, "user:update"),
        [(json!(user), json!("deny"), json!([]))]
    );
}

#[test]
fn what_a_newcomer_sees_of_itself_is_told_as_its_own() {
    let (service, _folder) = started();
    let made = service
        .anonymous()
        .post("/auth/register", &person("ada@example.com"));
    let user = format!("User:{}", made.id());
    assert_eq!(made.json()["role"], "user");
    for (action, principal, policies) in [
        ("user:register", "anonymous", json!(["register"])),
        ("user:read", user.as_str(), json!(["own"])),
        ("user:read:role", user.as_str(), json!(["own-role"])),
    ] {
        assert_eq!(
            told(&service, &made, action),
            [(json!(principal), json!("allow"), policies)],
            "{action}"
        );
    }
}
