//! Actions on a resource as a whole: only for callers whom the policies would allow them on every row.

use super::{member, parcel, row};
use crate::support::workshop;
use serde_json::json;

#[test]
fn a_policy_with_a_condition_on_the_row_does_not_open_it() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({}));
    let before = row(&ann.client, &path);
    let due = json!({ "reason": "due" });
    // Its own policy names the action, for its own rows.
    let refused = ann.client.post("/parcels/send-all", &due);
    refused.expect_problem(403, "forbidden");
    ann.client
        .get("/parcels/totals")
        .expect_problem(403, "forbidden");
    // Before a body is read.
    let unread = ann
        .client
        .send_bytes("POST", "/parcels/send-all", &[], b"not json");
    unread.expect_problem(403, "forbidden");
    service
        .anonymous()
        .post("/parcels/send-all", &due)
        .expect_problem(401, "token_missing");
    assert_eq!(row(&ann.client, &path), before);
    let chief = service.administrator();
    assert_eq!(
        chief.get("/parcels/totals").expect(200).json(),
        json!({ "parcels": 1 })
    );
    assert_eq!(
        chief.post("/parcels/send-all", &due).expect(200).json(),
        json!({ "sent": 1 })
    );
    assert_eq!(row(&ann.client, &path)["state"], "sent");
    chief
        .post("/parcels/send-all", &json!({}))
        .expect_problem(422, "validation_failed");
    chief
        .get("/parcels/totals?limit=1")
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn one_that_has_nothing_to_say_answers_204() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({}));
    ann.client
        .send("POST", "/parcels/sweep", &[], None)
        .expect_problem(403, "forbidden");
    assert_eq!(row(&ann.client, &path)["runs"], 0);
    let done = service
        .administrator()
        .send("POST", "/parcels/sweep", &[], None);
    assert!(done.expect(204).body().is_empty());
    assert_eq!(row(&ann.client, &path)["runs"], 1);
    // It is no row, and the word is no id.
    service
        .administrator()
        .get("/parcels/sweep")
        .expect_problem(405, "method_not_allowed");
}
