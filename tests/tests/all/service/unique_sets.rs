//! Sets of fields that no two rows share.

use super::expect_violations;
use super::scalars::sample;
use crate::support::workshop;
use serde_json::{Value, json};

fn with(code: &str, phone: &str, address: &str) -> Value {
    let mut body = sample(code);
    body["phone"] = json!(phone);
    body["address"] = json!(address);
    body
}

#[test]
fn a_taken_set_is_a_conflict_in_all_of_its_fields() {
    let service = workshop().start();
    let chief = service.administrator();
    let (one, other) = ("+431234567", "+431234568");
    let (here, there) = ("192.0.2.1", "192.0.2.2");
    chief.post("/samples", &with("AA-1", one, here)).expect(201);
    // Each alone may be shared.
    chief
        .post("/samples", &with("AA-2", one, there))
        .expect(201);
    let third = chief.post("/samples", &with("AA-3", other, here));
    let third = third.location();
    let count = || chief.get("/samples?count=true").json()["total"].clone();
    let before = count();
    let taken = [("/phone", "conflict"), ("/address", "conflict")];
    let again = chief.post("/samples", &with("AA-4", one, here));
    expect_violations(&again, 409, "conflict", &taken);
    assert_eq!(count(), before);
    let change = chief.patch(&third, &json!({ "phone": one }));
    expect_violations(&change, 409, "conflict", &taken);
    assert_eq!(chief.get(&third).json()["phone"], other);
    // The control: a free set.
    chief
        .patch(&third, &json!({ "phone": "+431234569" }))
        .expect(200);
}

#[test]
fn rows_without_a_value_share_with_none() {
    let service = workshop().start();
    let chief = service.administrator();
    for code in ["AA-1", "AA-2"] {
        let mut body = sample(code);
        body["phone"] = json!("+431234567");
        chief.post("/samples", &body).expect(201);
    }
}
