//! Sessions: listed, ended, and gone on the very next request, whatever the access token still says.

use super::{PASSWORD, login, person, registered};
use crate::support::users;
use serde_json::json;

const OTHER_PASSWORD: &str = "Marble.Sparrow-71-upstream";

#[test]
fn logout_ends_this_session_at_once() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let (this, other) = (
        login(&service, "ada@example.com"),
        login(&service, "ada@example.com"),
    );
    let answer = service
        .bearer(&this.access)
        .send("POST", "/auth/logout", &[], None);
    answer.expect(204);
    assert!(!answer.header("clear-site-data").is_empty());
    service
        .bearer(&this.access)
        .get("/users/me")
        .expect_problem(401, "token_invalid");
    let body = json!({ "refresh_token": this.refresh });
    service.anonymous().post("/auth/refresh", &body).expect(401);
    service.bearer(&other.access).get("/users/me").expect(200);
    service
        .anonymous()
        .send("POST", "/auth/logout", &[], None)
        .expect_problem(401, "token_missing");
}

#[test]
fn the_sessions_are_listed_and_each_can_be_ended() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let (_, bea) = registered(&service, "bea@example.com");
    let (this, other) = (
        login(&service, "ada@example.com"),
        login(&service, "ada@example.com"),
    );
    let caller = service.bearer(&this.access);
    let answer = caller.get("/auth/sessions");
    answer.expect(200);
    let sessions = answer.json()["data"].as_array().unwrap().clone();
    // The one of `registered`, and these two.
    assert_eq!(sessions.len(), 3, "{sessions:?}");
    assert_eq!(
        sessions
            .iter()
            .filter(|session| session["current"] == true)
            .count(),
        1
    );
    for session in &sessions {
        let keys: Vec<&str> = session
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        for key in [
            "id",
            "created_at",
            "last_used_at",
            "ip",
            "user_agent",
            "current",
        ] {
            assert!(keys.contains(&key), "{key} in {session}");
        }
        assert_eq!(session["ip"], "127.0.0.1");
    }
    let current = |token: &str| {
        let list = service.bearer(token).get("/auth/sessions").json();
        let found = list["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|session| session["current"] == true);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let ended = current(&other.access);
    caller
        .delete(&format!("/auth/sessions/{ended}"))
        .expect(204);
    service
        .bearer(&other.access)
        .get("/users/me")
        .expect_problem(401, "token_invalid");
    let body = json!({ "refresh_token": other.refresh });
    service.anonymous().post("/auth/refresh", &body).expect(401);
    caller.get("/users/me").expect(200);
    caller
        .delete(&format!("/auth/sessions/{ended}"))
        .expect_problem(404, "not_found");
    // Another account's session is none of the caller's.
    let bea_token = login(&service, "bea@example.com").access;
    caller
        .delete(&format!("/auth/sessions/{}", current(&bea_token)))
        .expect_problem(404, "not_found");
    service.bearer(&bea_token).get(&bea).expect(200);
    service
        .anonymous()
        .get("/auth/sessions")
        .expect_problem(401, "token_missing");
}

#[test]
fn a_session_knows_the_user_agent() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let headers = [("User-Agent", "tests/1.0 <script>")];
    let pair = super::Pair::of(&service.anonymous().send(
        "POST",
        "/auth/login",
        &headers,
        Some(&body),
    ));
    let list = service.bearer(&pair.access).get("/auth/sessions").json();
    let found = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|session| session["current"] == true);
    assert_eq!(found.unwrap()["user_agent"], "tests/1.0 <script>");
}

#[test]
fn a_password_change_ends_all_other_sessions() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let (this, other) = (
        login(&service, "ada@example.com"),
        login(&service, "ada@example.com"),
    );
    let caller = service.bearer(&this.access);
    let change = |current: &str, new: &str| {
        caller.post(
            "/auth/password/change",
            &json!({ "current_password": current, "new_password": new }),
        )
    };
    // A wrong current password changes nothing, and does not pass for a missing token.
    let wrong = change("not the password at all", OTHER_PASSWORD);
    assert!(
        [401, 403, 422].contains(&wrong.status()),
        "{}",
        wrong.status()
    );
    service.bearer(&other.access).get("/users/me").expect(200);
    // Nor does a new one that the profile refuses.
    change(PASSWORD, "password").expect_problem(422, "validation_failed");
    login(&service, "ada@example.com");

    change(PASSWORD, OTHER_PASSWORD).expect(204);
    caller.get("/users/me").expect(200);
    service
        .bearer(&other.access)
        .get("/users/me")
        .expect_problem(401, "token_invalid");
    let body = json!({ "refresh_token": other.refresh });
    service.anonymous().post("/auth/refresh", &body).expect(401);
    let old = json!({ "email": "ada@example.com", "password": PASSWORD });
    service
        .anonymous()
        .post("/auth/login", &old)
        .expect_problem(401, "credentials_invalid");
    let _ = service.login("ada@example.com", OTHER_PASSWORD);
}

#[test]
fn a_change_of_role_acts_on_the_next_request_with_the_old_token() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    caller
        .post("/users", &person("new@example.com"))
        .expect_problem(403, "forbidden");
    let admin = service.administrator();
    admin.patch(&path, &json!({ "role": "admin" })).expect(200);
    caller
        .post("/users", &person("new@example.com"))
        .expect(201);
    admin.patch(&path, &json!({ "role": "user" })).expect(200);
    caller
        .post("/users", &person("newer@example.com"))
        .expect_problem(403, "forbidden");
    assert_eq!(admin.count("/users"), 3);
}

#[test]
fn a_deleted_account_is_nobody_on_the_next_request() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let pair = login(&service, "ada@example.com");
    let caller = service.bearer(&pair.access);
    let me = caller.get("/users/me").json();
    let path = format!("/users/{}", me["id"].as_str().unwrap());
    service.administrator().delete(&path).expect(204);
    caller.get("/users/me").expect_problem(401, "token_invalid");
    caller.get(&path).expect_problem(401, "token_invalid");
    caller
        .get("/auth/sessions")
        .expect_problem(401, "token_invalid");
    let body = json!({ "refresh_token": pair.refresh });
    service.anonymous().post("/auth/refresh", &body).expect(401);
    // The address is free again, and the new account is another one.
    let (fresh, new_path) = registered(&service, "ada@example.com");
    assert_ne!(new_path, path);
    fresh.get("/users/me").expect(200);
    caller.get("/users/me").expect(401);
}

#[test]
fn a_bad_token_is_refused_where_none_is_needed_too() {
    let service = users().start();
    // On a route that anyone may call, a credential that does not verify is still said to be wrong.
    let answer = service
        .bearer("nonsense")
        .post("/auth/register", &person("ada@example.com"));
    answer.expect_problem(401, "token_invalid");
    assert_eq!(service.administrator().count("/users"), 1);
}
