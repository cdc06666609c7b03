//! The policies decide: groups, roles, context, the gate, errors; and nothing starts without sound ones.

use super::{PASSWORD, policies, registered};
use crate::support::{Folder, users, workshop};
use secapi_runtime::testing::TestService;
use serde_json::json;

/// User management under policies of the test's own.
fn under(text: &str) -> (TestService, Folder) {
    let folder = policies(text);
    let service = users()
        .launch()
        .set("SECAPI_POLICY_DIR", folder.path().display().to_string())
        .start();
    (service, folder)
}

const REGISTER: &str = r#"
@id("register") permit (principal, action == Users::Action::"user:register", resource is Users::User);
@id("scope") forbid (principal, action, resource) unless { context.in_scope };
"#;

#[test]
fn without_a_permit_everything_is_closed() {
    let (service, _folder) = under("// Nothing is permitted.");
    let anonymous = service.anonymous();
    anonymous
        .post("/auth/register", &super::person("a@example.com"))
        .expect_problem(401, "token_missing");
    let admin = service.administrator();
    admin.get("/users/me").expect_problem(403, "forbidden");
    admin.get("/users").expect_problem(403, "forbidden");
    admin
        .post("/users", &json!("not even read"))
        .expect_problem(403, "forbidden");
    admin
        .get("/users/01890000-0000-7000-8000-000000000000")
        .expect_problem(403, "forbidden");
    // The fixed routes are outside the policies.
    admin.get("/auth/sessions").expect(200);
}

#[test]
fn a_resources_group_opens_no_guarded_field() {
    let text = format!(
        r#"{REGISTER} @id("open") permit (principal, action in Users::Action::"user", resource is Users::User);"#
    );
    let (service, _folder) = under(&text);
    let anonymous = service.anonymous();
    let body = super::person("ada@example.com");
    let path = anonymous.post("/users", &body).location();
    let row = anonymous.get(&path);
    row.expect(200);
    assert!(row.json().get("role").is_none(), "{}", row.json());
    assert!(
        anonymous.get("/users").json()["data"][0]
            .get("role")
            .is_none()
    );
    // Anonymous, readable, refused: 401, and without a pointer to what is not shown.
    let refused = anonymous.patch(&path, &json!({ "role": "admin" }));
    refused.expect_problem(401, "token_missing");
    assert!(refused.json().get("errors").is_none());
    let mut named = super::person("eve@example.com");
    named["role"] = json!("user");
    anonymous
        .post("/users", &named)
        .expect_problem(401, "token_missing");
    anonymous
        .patch(&path, &json!({ "first_name": "Augusta" }))
        .expect(200);
    anonymous.delete(&path).expect(204);
}

#[test]
fn reads_and_writes_are_groups() {
    let text = format!(
        r#"{REGISTER}
        @id("readers") permit (principal, action in Users::Action::"reads", resource);
        @id("writers") permit (principal in Users::Role::"admin", action in Users::Action::"writes", resource);"#
    );
    let (service, _folder) = under(&text);
    let (caller, path) = registered(&service, "ada@example.com");
    service.anonymous().get(&path).expect(200);
    assert_eq!(service.anonymous().count("/users"), 1);
    caller
        .patch(&path, &json!({ "age": 30 }))
        .expect_problem(403, "forbidden");
    service
        .anonymous()
        .patch(&path, &json!({ "age": 30 }))
        .expect_problem(401, "token_missing");
    let admin = service.administrator();
    admin.patch(&path, &json!({ "age": 30 })).expect(200);
    // Writing is no permission to write guarded fields.
    admin
        .patch(&path, &json!({ "role": "admin" }))
        .expect_problem(403, "forbidden");
}

#[test]
fn a_list_needs_list_and_read() {
    let text = format!(
        r#"{REGISTER}
        @id("list") permit (principal is Users::User, action == Users::Action::"user:list", resource);
        @id("read") permit (principal is Users::User, action == Users::Action::"user:read", resource)
        when {{ principal == resource || resource.first_name == "Shown" }};"#
    );
    let (service, _folder) = under(&text);
    let (caller, _) = registered(&service, "ada@example.com");
    for (email, name) in [("one@example.com", "Shown"), ("two@example.com", "Hidden")] {
        let mut body = super::person(email);
        body["first_name"] = json!(name);
        service
            .anonymous()
            .post("/auth/register", &body)
            .expect(201);
    }
    let names: Vec<_> = super::walk(&caller, "/users?sort=first_name", 1)
        .iter()
        .map(|row| row["first_name"].clone())
        .collect();
    assert_eq!(names, [json!("Ada"), json!("Shown")]);
    // A filter finds nothing that is not shown.
    assert_eq!(
        caller.get("/users?first_name=Hidden").json()["data"],
        json!([])
    );
}

#[test]
fn circumstances_reach_the_policies() {
    let text = format!(
        r#"{REGISTER}
        @id("here") permit (principal, action == Users::Action::"user:read", resource is Users::User)
        when {{
          context.ip.isLoopback() && context.credential == "password" && !context.mfa && context.scopes.isEmpty()
            && context.now > datetime("2020-01-01") && context has authenticated_at
            && context.authenticated_at <= context.now
        }};"#
    );
    let (service, _folder) = under(&text);
    let (caller, path) = registered(&service, "ada@example.com");
    caller.get(&path).expect(200);
    // Without a credential the same place is closed.
    let answer = service.anonymous().get(&path);
    assert!([401, 404].contains(&answer.status()), "{}", answer.status());
}

#[test]
fn an_unreadable_row_is_404_for_the_anonymous_too() {
    let text = format!(
        r#"{REGISTER}
        @id("shown") permit (principal, action in [Users::Action::"user:read", Users::Action::"user:update"], resource is Users::User)
        when {{ resource.first_name == "Shown" }};"#
    );
    let (service, _folder) = under(&text);
    let anonymous = service.anonymous();
    let hidden = anonymous
        .post("/auth/register", &super::person("ada@example.com"))
        .location();
    let mut body = super::person("bea@example.com");
    body["first_name"] = json!("Shown");
    let shown = anonymous.post("/auth/register", &body).location();
    anonymous.get(&shown).expect(200);
    anonymous.get(&hidden).expect_problem(404, "not_found");
    anonymous
        .patch(&hidden, &json!({ "age": 30 }))
        .expect_problem(404, "not_found");
    // The stored row may be updated, the resulting one not.
    anonymous
        .patch(&shown, &json!({ "first_name": "Gone" }))
        .expect_problem(401, "token_missing");
    anonymous.patch(&shown, &json!({ "age": 30 })).expect(200);
}

#[test]
fn an_evaluation_error_denies() {
    let service = workshop().start();
    let chief = service.administrator();
    let sample = |code: &str, wide: &str| {
        chief
            .post(
                "/samples",
                &json!({ "line": "ab", "code": code, "wide": wide }),
            )
            .location()
    };
    // Twice the greatest number is none: the forbid cannot be evaluated, and does not fall away.
    let great = sample("AB-1", "9223372036854775807");
    chief.delete(&great).expect_problem(403, "forbidden");
    chief.get(&great).expect(200);
    // The controls: where it can be, it decides.
    chief
        .delete(&sample("AB-2", "3"))
        .expect_problem(403, "forbidden");
    chief.delete(&sample("AB-3", "4")).expect(204);
}

#[test]
fn the_policies_that_decided_are_named_in_development() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let answer = caller.get(&path);
    assert!(
        answer.header("x-policy").contains("user-read-self"),
        "x-policy: {:?}",
        answer.header("x-policy")
    );
}

/// What becomes of a start under these policies.
fn started_under(text: &str) -> super::production::Start {
    let folder = policies(text);
    let path = folder.path().display().to_string();
    super::production::start(users(), &[], &[("SECAPI_POLICY_DIR", &path)])
}

#[test]
fn unsound_policies_stop_the_service_with_a_place() {
    let cases = [
        ("permit (principal", "all.cedar"),
        (
            "permit (principal, action, resource is Users::User) when { resource.first_name == \"x\" };",
            "@id",
        ),
        (
            "@id(\"a\") permit (principal, action, resource) when { resource.nonsense };",
            "nonsense",
        ),
        (
            "@id(\"a\") permit (principal, action == Users::Action::\"user:fly\", resource);",
            "user:fly",
        ),
        (
            "@id(\"a\") permit (principal in Users::Role::\"king\", action, resource);",
            "king",
        ),
        (
            "@id(\"twice\") permit (principal, action, resource is Users::User) when { context.mfa };\n@id(\"twice\") forbid (principal, action, resource) when { context.mfa };",
            "twice",
        ),
        (
            "@id(\"a\") permit (principal, action, resource is Users::User) when { resource.age > 3 };",
            "age",
        ),
        (
            "@id(\"a\") permit (principal, action, resource is Users::User) when { resource.first_name == 3 };",
            "a",
        ),
    ];
    for (text, named) in cases {
        let refused = started_under(text);
        assert!(!refused.listening, "{text} is taken");
        assert!(
            refused.said.contains(named) && refused.said.contains("all.cedar"),
            "{text}: {}",
            refused.said
        );
    }
    let sound = started_under(REGISTER);
    assert!(sound.listening, "{}", sound.said);
}

#[test]
fn only_cedar_files_directly_in_the_folder_are_policies() {
    let folder = policies(REGISTER);
    let open = r#"@id("open") permit (principal, action, resource) when { context.in_scope };"#;
    for path in [
        "bounds/b.cedar",
        "tests/t.cedar",
        ".hidden.cedar",
        "note.txt",
        "old.cedar.bak",
    ] {
        folder.write(path, open);
    }
    let service = users()
        .launch()
        .set("SECAPI_POLICY_DIR", folder.path().display().to_string())
        .start();
    let (caller, path) = registered(&service, "ada@example.com");
    caller.get(&path).expect_problem(403, "forbidden");
    let _ = service.login("ada@example.com", PASSWORD);
}
