//! A replay is decided and shown anew.

use super::*;

#[test]
fn a_replay_needs_the_credential_and_the_right_to_create_anew() {
    let service = users().start();
    let admin = service.administrator();
    let helper = json!({ "email": "helper@example.com", "first_name": "H", "last_name": "B", "role": "admin", "password": PASSWORD });
    let helper_path = admin.post("/users", &helper).location();
    let helper = service.login("helper@example.com", PASSWORD);
    let body = json!({ "email": "new@example.com", "first_name": "N", "last_name": "B", "password": PASSWORD });
    let made = keyed(&helper, "/users", KEY, &body).location();
    assert_eq!(keyed(&helper, "/users", KEY, &body).location(), made);
    // Whoever has the key without the credential has nothing.
    keyed(&service.anonymous(), "/users", KEY, &body).expect_problem(401, "token_missing");
    keyed(&service.bearer("forged"), "/users", KEY, &body).expect_problem(401, "token_invalid");
    admin
        .patch(&helper_path, &json!({ "role": "user" }))
        .expect(200);
    keyed(&helper, "/users", KEY, &body).expect_problem(403, "forbidden");
    admin
        .patch(&helper_path, &json!({ "role": "admin" }))
        .expect(200);
    assert_eq!(keyed(&helper, "/users", KEY, &body).location(), made);
    assert_eq!(rows(&service, "users WHERE email = 'new@example.com'"), 1);
}

#[test]
fn a_replay_shows_the_row_as_it_is_now() {
    let service = workshop().start();
    let chief = service.administrator();
    let first = keyed(&chief, "/samples", KEY, &sample("AB-1"));
    let path = first.location();
    let changed = chief.patch(&path, &json!({ "line": "cd" }));
    changed.expect(200);
    let replay = keyed(&chief, "/samples", KEY, &sample("AB-1"));
    assert_eq!(replay.expect(201).json()["line"], "cd");
    assert_eq!(replay.header("etag"), changed.header("etag"));
    // A row that is gone: it was made, which is what was asked, and there is nothing to show.
    chief.delete(&path).expect(204);
    let replay = keyed(&chief, "/samples", KEY, &sample("AB-1"));
    assert_eq!(replay.location(), path);
    assert_eq!((replay.body(), replay.header("etag")), (&b""[..], ""));
    chief.get(&path).expect_problem(404, "not_found");
    assert_eq!(rows(&service, "samples"), 0);
}

#[test]
fn a_replay_is_no_way_to_a_row_that_is_hidden_by_now() {
    let service = workshop().start();
    let chief = service.administrator();
    let member = |email: &str| {
        let body = json!({ "email": email, "badge": 1, "rank": "chief", "password": PASSWORD });
        chief.post("/members", &body).json()["id"].clone()
    };
    let (owner, writer_id) = (member("owner@example.com"), member("writer@example.com"));
    let writer = service.login("writer@example.com", PASSWORD);
    let note = |title: &str| json!({ "owner": owner, "title": title, "price": "1.00" });
    let hidden = keyed(&writer, "/notes", "hidden", &note("secret plans"));
    assert_eq!(hidden.expect(201).json()["title"], "secret plans");
    let shown = keyed(&writer, "/notes", "shown", &note("public notice"));
    let own = json!({ "owner": writer_id, "title": "mine", "review": "good" });
    let own = keyed(&writer, "/notes", "own", &own);
    assert_eq!(own.expect(201).json()["review"], "good");
    let gone = keyed(&writer, "/notes", "gone", &note("soon gone")).location();
    chief.delete(&gone).expect(204);
    // From here on the writer may create, and see, notes of its own and public ones alone.
    let writer_path = format!("/members/{}", writer_id.as_str().unwrap());
    chief
        .patch(&writer_path, &json!({ "rank": "worker" }))
        .expect(200);

    let replay = keyed(&writer, "/notes", "hidden", &note("secret plans"));
    assert_eq!(replay.location(), hidden.location());
    assert_eq!((replay.body(), replay.header("etag")), (&b""[..], ""));
    // Hidden and gone look alike, but for the path that the caller knows already.
    let other = keyed(&writer, "/notes", "gone", &note("soon gone"));
    let names = |answer: &Answer| {
        answer
            .headers()
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (other.status(), other.body(), names(&other)),
        (201, replay.body(), names(&replay))
    );
    // Read it may, and could not create it any longer.
    writer.get(&shown.location()).expect(200);
    keyed(&writer, "/notes", "shown", &note("public notice")).expect_problem(403, "forbidden");
    // Its own it sees, without the field that is hidden now.
    let replay = keyed(
        &writer,
        "/notes",
        "own",
        &json!({ "owner": writer_id, "title": "mine", "review": "good" }),
    );
    assert_eq!(replay.expect(201).json()["title"], "mine");
    assert_eq!(replay.json().get("review"), None);
    assert_ne!(replay.header("etag"), own.header("etag"));
    assert_eq!(rows(&service, "notes"), 3);
}
