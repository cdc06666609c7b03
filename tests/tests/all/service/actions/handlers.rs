//! What the project's own code can do in an action, and what it cannot.

use super::{NOBODY, member, parcel, row, seal};
use crate::service::{expect_violations, sqlite};
use crate::support::workshop;
use secapi_runtime::testing::Answer;
use serde_json::json;

#[test]
fn a_handler_refuses_and_nothing_of_it_stays() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({}));
    let before = row(&ann.client, &path);
    // It had written already.
    let ugly = seal(&ann.client, &path, &json!({ "reason": "ugly" }));
    expect_violations(&ugly, 422, "validation_failed", &[("/reason", "ugly")]);
    assert_eq!(row(&ann.client, &path), before);
    let chief = service.administrator();
    chief
        .post("/parcels/send-all", &json!({ "reason": "due" }))
        .expect(200);
    let sent = seal(&ann.client, &path, &json!({ "reason": "full" }));
    expect_violations(&sent, 409, "conflict", &[("/state", "conflict")]);
    assert_eq!(row(&ann.client, &path)["state"], "sent");
    chief
        .post("/parcels/send-all", &json!({ "reason": "never" }))
        .expect_problem(409, "conflict");
    assert_eq!(row(&ann.client, &path)["reason"], "due");
}

#[test]
fn what_the_service_sets_is_not_a_handlers_to_change() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({}));
    let before = row(&ann.client, &path);
    let sealed = seal(&ann.client, &path, &json!({ "reason": "full" }))
        .expect(200)
        .json();
    for name in ["id", "created_at", "maker"] {
        assert_eq!(sealed[name], before[name], "{name}");
    }
    assert_eq!(sealed["version"], 2);
    assert_eq!(sealed["maker"], NOBODY);
    // It said that the row was deleted, which only a deletion says.
    assert_eq!(row(&ann.client, &path), sealed);
    let marked = sqlite(
        service.folder(),
        "SELECT count(*) FROM parcels WHERE deleted_at IS NOT NULL",
    );
    assert_eq!(marked, "0");
}

#[test]
fn an_action_that_reads_cannot_write() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({ "code": "writes" }));
    let before = row(&ann.client, &path);
    let answer = ann.client.get(&format!("{path}/track"));
    assert!(answer.status() >= 500, "{}", answer.status());
    expect_silence(&answer);
    assert_eq!(row(&ann.client, &path), before);
}

#[test]
fn an_answer_that_breaks_its_own_rule_is_not_given_and_nothing_is_stored() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({ "code": "helium" }));
    let before = row(&ann.client, &path);
    let answer = ann.client.post(&format!("{path}/weigh"), &json!({}));
    answer.expect_problem(500, "internal");
    expect_silence(&answer);
    assert_eq!(row(&ann.client, &path), before);
    let path = parcel(&ann, &json!({ "code": "lead" }));
    let answer = ann.client.send("POST", &format!("{path}/weigh"), &[], None);
    let expected = json!({ "grams": 250, "price": "3.50", "note": null });
    assert_eq!(answer.expect(200).json(), expected);
    assert_eq!(row(&ann.client, &path)["runs"], 1);
}

/// Nothing internal is told.
#[track_caller]
fn expect_silence(answer: &Answer) {
    let text = String::from_utf8_lossy(answer.body()).to_lowercase();
    for word in ["grams", "sql", "parcel", "readonly", "rule"] {
        assert!(!text.contains(word), "{text}");
    }
}
