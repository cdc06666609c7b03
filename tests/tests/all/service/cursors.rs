//! Cursors: they continue one list, for one caller, for a day, and tell nothing.

use super::lists::{column, workshop_with_samples};
use super::{PASSWORD, registered, walk};
use crate::support::{board, users};
use secapi_runtime::list::{Column, CursorKey, Kind, ListQuery, Listing};
use secapi_runtime::secret::Secrets;
use secapi_runtime::testing::Client;
use secapi_runtime::value::Timestamp;
use serde_json::{Value, json};

#[test]
fn a_next_page_is_linked() {
    let (service, _) = workshop_with_samples();
    let chief = service.administrator();
    let first = chief.get("/samples?limit=10&sort=-wide");
    let link = first.header("link");
    let target = link
        .strip_prefix('<')
        .and_then(|rest| rest.split_once(">; rel=\"next\""))
        .unwrap()
        .0;
    assert!(
        target.contains("limit=10") && target.contains("sort=-wide"),
        "{link}"
    );
    let second = chief.get(target);
    second.expect(200);
    assert_eq!(second.json()["data"][0]["wide"], "2");
    let last = chief.get("/samples?limit=100");
    assert_eq!(last.header("link"), "");
    assert!(last.json()["next_cursor"].is_null());
}

#[test]
fn a_cursor_fits_its_caller_route_filters_and_sort_only() {
    let (service, _) = workshop_with_samples();
    let chief = service.administrator();
    let cursor = chief.get("/samples?limit=5&sort=wide&flag=true").json()["next_cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    chief
        .get(&format!(
            "/samples?limit=5&sort=wide&flag=true&cursor={cursor}"
        ))
        .expect(200);
    chief
        .get(&format!(
            "/samples?limit=9&sort=wide&flag=true&cursor={cursor}"
        ))
        .expect(200);
    let refused = |client: &Client<'_>, path: &str| {
        client.get(path).expect_problem(400, "malformed_parameter");
    };
    for query in [
        "sort=-wide&flag=true",
        "sort=wide&flag=false",
        "sort=wide",
        "flag=true",
        "sort=wide&flag=true&size=small",
    ] {
        refused(&chief, &format!("/samples?limit=5&{query}&cursor={cursor}"));
    }
    refused(&chief, &format!("/countries?cursor={cursor}"));
    // Another chief, who may see all the same rows.
    let body =
        json!({ "email": "other@example.com", "badge": 2, "rank": "chief", "password": PASSWORD });
    chief.post("/members", &body).expect(201);
    let other = service.login("other@example.com", PASSWORD);
    refused(
        &other,
        &format!("/samples?limit=5&sort=wide&flag=true&cursor={cursor}"),
    );
    // Any byte changed.
    for place in [0, cursor.len() / 2, cursor.len() - 1] {
        let mut changed = cursor.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        refused(
            &chief,
            &format!("/samples?limit=5&sort=wide&flag=true&cursor={changed}"),
        );
    }
    for cursor in ["", "x", "eyJpZCI6MX0", "%00", &"A".repeat(4000)] {
        refused(
            &chief,
            &format!("/samples?limit=5&sort=wide&flag=true&cursor={cursor}"),
        );
    }
}

#[test]
fn a_cursor_tells_nothing() {
    let (service, rows) = workshop_with_samples();
    let chief = service.administrator();
    let cursor = |query: &str| {
        chief.get(query).json()["next_cursor"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let one = cursor("/samples?limit=5&sort=line");
    use base64::Engine;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(&one)
        .expect("a cursor is base64url");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    for row in &rows {
        assert!(
            !text.contains(row["line"].as_str().unwrap())
                && !text.contains(row["id"].as_str().unwrap())
        );
    }
    // Sealed with a fresh nonce each time.
    assert_ne!(one, cursor("/samples?limit=5&sort=line"));
}

#[test]
fn rows_added_during_a_walk_repeat_and_lose_none_of_the_old() {
    let service = users().start();
    let admin = service.administrator();
    for n in 0..9 {
        registered(&service, &format!("u{n}@example.com"));
    }
    let before = column(&walk(&admin, "/users", 100), "id");
    let first = admin.get("/users?limit=5").json();
    for n in 9..12 {
        registered(&service, &format!("u{n}@example.com"));
    }
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = admin
        .get(&format!("/users?limit=100&cursor={cursor}"))
        .json();
    let mut seen = column(first["data"].as_array().unwrap(), "id");
    seen.extend(column(rest["data"].as_array().unwrap(), "id"));
    let count = seen.len();
    seen.sort_by_key(Value::to_string);
    seen.dedup();
    assert_eq!(seen.len(), count, "no row came twice");
    assert!(
        before.iter().all(|id| seen.contains(id)),
        "no old row was lost"
    );
}

/// What every test service has as its secret.
const SECRET: &str = "dGVzdC1vbmx5LXNlY3JldC0wMTIzNDU2Nzg5LWFiY2RlZg==";

static POSTS: Listing = Listing {
    select: "",
    columns: &[Column::new("id", "\"id\"", Kind::Uuid)],
    references: || &[],
};

/// The same cursor of the list of posts, as the service would have made it so long ago.
fn aged(cursor: &str, milliseconds: i64) -> String {
    let key = CursorKey::ring(&Secrets::parse(SECRET).unwrap().derive_all("cursor"));
    let binding = b"anonymous\n/posts";
    let query = format!("cursor={cursor}");
    let now = Timestamp::now();
    let list = ListQuery::parse(&POSTS, &query, &|_| false, &key, binding, now).unwrap();
    let then = now.plus_millis(-milliseconds);
    list.seal(list.after().unwrap(), &key, then).unwrap()
}

#[test]
fn a_cursor_is_good_for_a_day() {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let service = board().launch().set("SECAPI_SECRET", SECRET).start();
    let caller = service.anonymous();
    for title in ["one", "two"] {
        caller
            .post("/posts", &json!({ "title": title }))
            .expect(201);
    }
    let first = caller.get("/posts?limit=1").json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let continued = |cursor: &str| caller.get(&format!("/posts?limit=1&cursor={cursor}"));
    // A minute to spare on either side, for a machine that is slow.
    let young = continued(&aged(cursor, DAY - 60_000));
    young.expect(200);
    assert_eq!(young.json()["data"][0]["title"], "two");
    let old = continued(&aged(cursor, DAY + 60_000));
    old.expect_problem(400, "malformed_parameter");
    assert_eq!(old.json()["errors"][0]["code"], "cursor");
    // Nor is one from the future, which no clock of ours has made.
    continued(&aged(cursor, -10 * 60_000)).expect_problem(400, "malformed_parameter");
}

#[test]
fn the_next_page_is_linked_however_the_cursor_is_spelled() {
    let service = board().start();
    let caller = service.anonymous();
    for n in 0..3 {
        caller
            .post("/posts", &json!({ "title": format!("post {n}") }))
            .expect(201);
    }
    let first = caller.get("/posts?limit=1").json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = caller.get(&format!("/posts?%63ursor={cursor}&limit=1"));
    second.expect(200);
    let link = second.header("link").to_owned();
    let target = link.trim_start_matches('<').split_once('>').unwrap().0;
    let third = caller.get(target);
    third.expect(200);
    assert_eq!(third.json()["data"][0]["title"], "post 2");
    // A client may write brackets, which the link has escaped (RFC 3986, 3.4), and it leads on.
    let first = caller.get("/posts?title[contains]=post&limit=2");
    let link = first.header("link").to_owned();
    let target = link.trim_start_matches('<').split_once('>').unwrap().0;
    assert!(
        target.contains("title%5Bcontains%5D=post") && !target.contains(['[', ']']),
        "{link}"
    );
    let last = caller.get(target);
    assert_eq!(last.json()["data"][0]["title"], "post 2");
}
