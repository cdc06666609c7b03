//! What the clinic promises: who reads what of a patient, what the database shows of it, and what comes back. This file is
//! yours.

use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_clinic");

/// Somebody of this role, signed in.
fn person<'a>(service: &'a TestService, role: &str, name: &str) -> Client<'a> {
    let email = format!("{name}@example.com");
    service.account(
        "/users",
        &json!({ "email": email, "name": name, "role": role }),
    )
}

fn id(client: &Client<'_>) -> Value {
    client.get("/users/me").expect(200).json()["id"].clone()
}

/// The file of a patient with this account.
fn file(reception: &Client<'_>, account: &Value) -> String {
    let body = json!({
        "name": "Pat Smith", "account": account, "born": "1980-05-06", "phone": "+4930123456",
        "insurance_number": "K123456789",
    });
    reception.post("/patients", &body).location()
}

fn change(client: &Client<'_>, path: &str, body: &Value) -> Answer {
    let read = client.get(path);
    client.send(
        "PATCH",
        path,
        &[("If-Match", read.header("etag"))],
        Some(body),
    )
}

fn delete(client: &Client<'_>, path: &str) -> Answer {
    let read = client.get(path);
    client.send("DELETE", path, &[("If-Match", read.header("etag"))], None)
}

fn appointment(patient: &str, practitioner: &Value) -> Value {
    let patient = patient.rsplit('/').next();
    json!({
        "patient": patient, "practitioner": practitioner, "starts_at": "2031-01-02T09:00:00Z",
        "lasts": "PT20M", "reason": "a cough",
    })
}

#[test]
fn what_is_medical_is_for_practitioners_and_the_patient() {
    let service = TestService::start(BINARY);
    let doctor = person(&service, "practitioner", "doctor");
    let reception = person(&service, "reception", "reception");
    let (pat, other) = (
        person(&service, "visitor", "pat"),
        person(&service, "visitor", "other"),
    );
    let path = file(&reception, &id(&pat));
    let medical = json!({ "allergies": ["penicillin"], "history": "asthma" });
    change(&reception, &path, &medical).expect_problem(403, "forbidden");
    change(&pat, &path, &medical).expect_problem(403, "forbidden");
    change(&doctor, &path, &medical).expect(200);
    let sees = |client: &Client<'_>| -> Vec<bool> {
        let row = client.get(&path).expect(200).json();
        let fields = ["born", "insurance_number", "allergies", "history"];
        fields
            .iter()
            .map(|field| row.get(*field).is_some())
            .collect()
    };
    assert_eq!(sees(&doctor), [true, false, true, true]);
    assert_eq!(sees(&reception), [true, true, false, false]);
    assert_eq!(sees(&pat), [true, true, true, true]);
    assert_eq!(sees(&service.administrator()), [true, true, false, false]);
    other.get(&path).expect_problem(404, "not_found");
    assert_eq!((pat.count("/patients"), other.count("/patients")), (1, 0));
}

#[test]
fn the_database_shows_nothing_of_it() {
    let service = TestService::start(BINARY);
    let doctor = person(&service, "practitioner", "doctor");
    let reception = person(&service, "reception", "reception");
    let path = file(&reception, &Value::Null);
    change(&doctor, &path, &json!({ "history": "asthma" })).expect(200);
    let patient = path.rsplit('/').next();
    let note = json!({ "patient": patient, "text": "wheezes", "kind": "diagnosis" });
    doctor.post("/notes", &note).expect(201);
    let mut found_name = false;
    for entry in std::fs::read_dir(service.folder()).unwrap() {
        let file = entry.unwrap().path();
        if !file.is_file() {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        let holds = |text: &str| {
            bytes
                .windows(text.len())
                .any(|bytes| bytes == text.as_bytes())
        };
        for secret in [
            "asthma",
            "wheezes",
            "+4930123456",
            "K123456789",
            "1980-05-06",
        ] {
            assert!(!holds(secret), "{secret} is in {}", file.display());
        }
        found_name |= holds("Pat Smith");
    }
    assert!(found_name, "what is not encrypted is there");
}

#[test]
fn a_note_is_its_authors_and_never_changed() {
    let service = TestService::start(BINARY);
    let doctor = person(&service, "practitioner", "doctor");
    let colleague = person(&service, "practitioner", "colleague");
    let reception = person(&service, "reception", "reception");
    let patient = file(&reception, &Value::Null);
    let note = json!({ "patient": patient.rsplit('/').next(), "text": "wheezes" });
    reception
        .post("/notes", &note)
        .expect_problem(403, "forbidden");
    let admin = service.administrator();
    admin.post("/notes", &note).expect_problem(403, "forbidden");
    let created = doctor.post("/notes", &note);
    assert_eq!(created.expect(201).json()["author"], id(&doctor));
    let path = created.location();
    colleague.get(&path).expect(200);
    for stranger in [&reception, &admin] {
        stranger.get(&path).expect_problem(403, "forbidden");
    }
    colleague.delete(&path).expect_problem(403, "forbidden");
    doctor
        .patch(&path, &json!({ "text": "x" }))
        .expect_problem(405, "method_not_allowed");
    doctor.delete(&path).expect(204);
    let restore = format!("{path}/restore");
    colleague
        .send("POST", &restore, &[], None)
        .expect_problem(404, "not_found");
    doctor.send("POST", &restore, &[], None).expect(200);
}

#[test]
fn a_file_goes_and_comes_back_with_all_that_belongs_to_it() {
    let service = TestService::start(BINARY);
    let doctor = person(&service, "practitioner", "doctor");
    let reception = person(&service, "reception", "reception");
    let pat = person(&service, "visitor", "pat");
    let admin = service.administrator();
    let patient = file(&reception, &id(&pat));
    let visit = reception
        .post("/appointments", &appointment(&patient, &id(&doctor)))
        .location();
    let note = json!({ "patient": patient.rsplit('/').next(), "text": "wheezes" });
    let note = doctor.post("/notes", &note).location();
    pat.get(&visit).expect(200);
    // What a practitioner is planned for keeps the account.
    let doctors = format!("/users/{}", id(&doctor).as_str().unwrap());
    admin.delete(&doctors).expect_problem(409, "conflict");
    delete(&reception, &patient).expect_problem(403, "forbidden");
    let tag = admin.get(&patient).header("etag").to_owned();
    delete(&admin, &patient).expect(204);
    for (client, path) in [(&doctor, &patient), (&doctor, &note), (&pat, &visit)] {
        client.get(path).expect_problem(404, "not_found");
    }
    let restore = format!("{patient}/restore");
    admin
        .send("POST", &restore, &[("If-Match", &tag)], None)
        .expect(200);
    assert_eq!(doctor.get(&note).expect(200).json()["text"], "wheezes");
    assert_eq!(pat.get(&visit).expect(200).json()["reason"], "a cough");
}

#[test]
fn people_keep_their_own_telephone_number() {
    let service = TestService::start(BINARY);
    let (pat, other) = (
        person(&service, "visitor", "pat"),
        person(&service, "visitor", "other"),
    );
    let path = format!("/users/{}", id(&pat).as_str().unwrap());
    pat.patch(&path, &json!({ "phone": "+4930123456" }))
        .expect(200);
    assert_eq!(pat.get("/users/me").json()["phone"], "+4930123456");
    pat.patch(&path, &json!({ "role": "admin" }))
        .expect_problem(403, "forbidden");
    other
        .patch(&path, &json!({ "phone": null }))
        .expect_problem(404, "not_found");
    // The reception finds visitors, and sees no number.
    let reception = person(&service, "reception", "reception");
    assert!(
        reception
            .get(&path)
            .expect(200)
            .json()
            .get("phone")
            .is_none()
    );
}
