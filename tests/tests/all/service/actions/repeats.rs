//! `Idempotency-Key` on actions: carried out once, answered from what stands there now.

use super::{NOBODY, member, parcel, row};
use crate::support::workshop;
use secapi_runtime::testing::{Answer, Client};
use serde_json::{Value, json};

fn keyed(client: &Client<'_>, path: &str, key: &str, body: Option<&Value>) -> Answer {
    client.send("POST", path, &[("Idempotency-Key", key)], body)
}

#[test]
fn a_keyed_action_is_carried_out_once() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({}));
    let (seal, full) = (format!("{path}/seal"), json!({ "reason": "full" }));
    let first = keyed(&ann.client, &seal, "k", Some(&full));
    assert_eq!(first.expect(200).json()["runs"], 1);
    let again = keyed(&ann.client, &seal, "k", Some(&full));
    assert_eq!(again.expect(200).json(), first.json());
    assert_eq!(again.header("etag"), first.header("etag"));
    let other = json!({ "reason": "fuller" });
    keyed(&ann.client, &seal, "k", Some(&other)).expect_problem(422, "idempotency_key_reused");
    assert_eq!(row(&ann.client, &path)["runs"], 1);
    // An id is the same in either case.
    let (head, id) = path.rsplit_once('/').unwrap();
    let loud = format!("{head}/{}/seal", id.to_ascii_uppercase());
    assert_eq!(
        keyed(&ann.client, &loud, "k", Some(&full))
            .expect(200)
            .json(),
        first.json()
    );
    // The controls: another key, another row.
    keyed(&ann.client, &seal, "l", Some(&full)).expect(200);
    assert_eq!(row(&ann.client, &path)["runs"], 2);
    let second = parcel(&ann, &json!({ "code": "A-2" }));
    keyed(&ann.client, &format!("{second}/seal"), "k", Some(&full)).expect(200);
    assert_eq!(row(&ann.client, &second)["runs"], 1);
    // A refusal is not remembered.
    let ugly = json!({ "reason": "ugly" });
    for _ in 0..2 {
        keyed(&ann.client, &seal, "m", Some(&ugly)).expect_problem(422, "validation_failed");
    }
}

#[test]
fn a_repetition_is_decided_and_shown_anew() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let chief = service.administrator();
    let path = parcel(&ann, &json!({}));
    let (seal, full) = (format!("{path}/seal"), json!({ "reason": "full" }));
    keyed(&ann.client, &seal, "k", Some(&full)).expect(200);
    chief
        .patch(&path, &json!({ "public": true, "code": "B-1" }))
        .expect(200);
    let shown = keyed(&ann.client, &seal, "k", Some(&full));
    assert_eq!(shown.expect(200).json(), row(&ann.client, &path));
    assert_eq!(shown.json()["code"], "B-1");
    // It may still read the row, and would not be allowed to seal it any more.
    chief.patch(&path, &json!({ "keeper": NOBODY })).expect(200);
    keyed(&ann.client, &seal, "k", Some(&full)).expect_problem(403, "forbidden");
    chief.patch(&path, &json!({ "public": false })).expect(200);
    keyed(&ann.client, &seal, "k", Some(&full)).expect_problem(404, "not_found");
    assert_eq!(row(&chief, &path)["runs"], 1);
}

#[test]
fn of_an_answer_with_an_output_nothing_is_kept_but_that_it_was_given() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let chief = service.administrator();
    let path = parcel(&ann, &json!({}));
    let weigh = format!("{path}/weigh");
    assert_eq!(
        keyed(&ann.client, &weigh, "k", None).expect(200).json()["grams"],
        250
    );
    assert!(
        keyed(&ann.client, &weigh, "k", None)
            .expect(204)
            .body()
            .is_empty()
    );
    assert_eq!(row(&ann.client, &path)["runs"], 1);
    let due = json!({ "reason": "due" });
    keyed(&chief, "/parcels/send-all", "k", Some(&due)).expect(200);
    keyed(&chief, "/parcels/send-all", "k", Some(&due)).expect(204);
    assert_eq!(row(&ann.client, &path)["runs"], 2);
    for _ in 0..2 {
        keyed(&chief, "/parcels/sweep", "k", None).expect(204);
    }
    assert_eq!(row(&ann.client, &path)["runs"], 3);
    // Other methods may be repeated by themselves.
    let again = ann.client.send(
        "DELETE",
        &format!("{path}/unseal"),
        &[("Idempotency-Key", "k")],
        None,
    );
    again.expect(200);
}
