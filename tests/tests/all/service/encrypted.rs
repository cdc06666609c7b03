//! Encrypted fields: only the service with its keys reads them, and only where they belong.

use super::commands::log_with;
use super::lists_of_values::member;
use super::{expect_violations, sqlite, walk};
use crate::support::{Finished, run, workshop};
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};
use std::path::Path;

const OLD: &str = "2026-01:q8rBYh4Vb0mJ2yFqU1c0dQp3r9sX5zT7wK6nL4eA1gM=";
const NEW: &str = "2026-02:T7wK6nL4eA1gMq8rBYh4Vb0mJ2yFqU1c0dQp3r9sX5w=";
const KEYS: &str = "SECAPI_ENCRYPTION_KEYS";

fn service() -> TestService {
    workshop().launch().set(KEYS, OLD).start()
}

/// A patient with every encrypted field, each value marked so that it can be looked for.
fn patient(name: &str) -> Value {
    json!({
        "name": name, "phone": "+4930777123", "diagnosis": format!("MARKdiagnosis of {name}"), "weight": "77.7",
        "allergies": ["MARKnuts"], "history": { "MARKyear": ["MARKevent", 1] }, "level": "high", "insured": true,
        "born": "1990-02-03", "scan": "TUFSS3NjYW4=",
    })
}

#[test]
fn values_come_back_as_they_were_sent() {
    let service = service();
    let chief = service.administrator();
    let created = chief.post("/patients", &patient("Ann"));
    created.expect(201);
    let path = created.location();
    for (field, value) in patient("Ann").as_object().unwrap() {
        assert_eq!(&created.json()[field], value, "{field}");
        assert_eq!(&chief.get(&path).json()[field], value, "{field}");
    }
    assert_eq!(walk(&chief, "/patients", 10), [chief.get(&path).json()]);
    let change = json!({ "weight": null, "history": { "MARKyear": null, "a": 1 }, "allergies": [], "phone": "+4930777124" });
    let row = chief.patch(&path, &change).json();
    assert_eq!(row["weight"], Value::Null);
    assert_eq!(row["history"], json!({ "a": 1 }));
    assert_eq!(row["phone"], "+4930777124");
    assert_eq!(row["diagnosis"], "MARKdiagnosis of Ann");
    // Rules hold before anything is encrypted; defaults and unset ones are as ever.
    let wrong = json!({ "name": "x", "diagnosis": 1, "level": "medium", "allergies": ["a", 1] });
    let expected = [
        ("/diagnosis", "type"),
        ("/level", "choice"),
        ("/allergies/1", "type"),
    ];
    expect_violations(
        &chief.post("/patients", &wrong),
        422,
        "validation_failed",
        &expected,
    );
    let least = chief
        .post("/patients", &json!({ "name": "Bob", "diagnosis": "" }))
        .json();
    assert_eq!(
        (
            &least["level"],
            &least["insured"],
            &least["phone"],
            &least["allergies"]
        ),
        (&json!("low"), &json!(false), &Value::Null, &json!([]))
    );
    assert_eq!(
        sqlite(
            service.folder(),
            "SELECT count(*) FROM patients WHERE phone IS NULL"
        ),
        "1"
    );
    // Guarded as well: not for members.
    let member = member(&service);
    let seen = member.get(&path).json();
    assert!(seen.get("phone").is_none() && seen["diagnosis"] == "MARKdiagnosis of Ann");
}

#[test]
fn every_way_of_writing_seals() {
    let service = service();
    let chief = service.administrator();
    let keyed = [("Idempotency-Key", "k")];
    let body = patient("Ann");
    let created = chief.send("POST", "/patients", &keyed, Some(&body));
    let path = created.expect(201).location();
    let again = chief.send("POST", "/patients", &keyed, Some(&body));
    assert_eq!(again.expect(201).json(), created.json());
    let before = chief.get(&path);
    let treat = format!("{path}/treat");
    let treated = chief.post(&treat, &json!({ "diagnosis": "MARKtreated" }));
    assert_eq!(treated.expect(200).json()["diagnosis"], "MARKtreated");
    assert_eq!(
        chief.get(&format!("{path}/weigh")).json(),
        json!({ "weight": "77.7" })
    );
    // The tag is that of the row as it is read, and not of what is stored, which is never the same twice.
    let same = chief.post(&treat, &json!({ "diagnosis": "MARKtreated" }));
    assert_eq!(same.expect(200).header("etag"), treated.header("etag"));
    let stale = [("If-Match", before.header("etag"))];
    let change = json!({ "diagnosis": "MARKstale" });
    chief
        .send("PATCH", &path, &stale, Some(&change))
        .expect_problem(412, "precondition_failed");
    chief.delete(&path).expect(204);
    let restored = chief.send("POST", &format!("{path}/restore"), &[], None);
    let mut restored = restored.expect(200).json();
    for field in ["version", "updated_at"] {
        restored[field] = treated.json()[field].clone();
    }
    assert_eq!(restored, treated.json());
    let plain =
        "SELECT count(*) FROM patients WHERE instr(CAST(hex(diagnosis) AS TEXT), hex('MARK')) > 0";
    assert_eq!(sqlite(service.folder(), plain), "0");
    // A database that is written by hand does not take plain text either.
    let mut sqlite3 = std::process::Command::new("sqlite3");
    let forge = "UPDATE patients SET diagnosis = 'MARKplain'";
    sqlite3.arg(service.folder().join("test.sqlite")).arg(forge);
    assert!(run(&mut sqlite3, "").stderr.contains("cannot store TEXT"));
    assert_eq!(chief.get(&path).json()["diagnosis"], "MARKtreated");
}

/// Every byte of every file below a folder.
fn bytes_below(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bytes_below(&path, found);
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[test]
fn no_byte_of_a_value_is_in_database_log_or_wal() {
    let mut service = workshop()
        .launch()
        .set(KEYS, OLD)
        .set("RUST_LOG", "debug")
        .start();
    let chief = service.administrator();
    let path = chief.post("/patients", &patient("PLAINname")).location();
    chief
        .patch(&path, &json!({ "diagnosis": "MARKother" }))
        .expect(200);
    chief.get(&path).expect(200);
    chief.get("/patients").expect(200);
    chief
        .post(
            "/patients",
            &json!({ "name": "x", "diagnosis": "\u{1}MARKwrong" }),
        )
        .expect(422);
    let last = service.anonymous().get("/nothing");
    let log = log_with(&service, last.header("x-request-id")).join("\n");
    drop(chief);
    let secrets = ["MARK", "4930777123", "1990-02-03", "TUFSS3"];
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    // With the write-ahead log as it is, and after it was moved into the file.
    assert_hidden(&service, &secrets);
    service.terminate();
    service.wait();
    assert_hidden(&service, &secrets);
}

#[track_caller]
fn assert_hidden(service: &TestService, secrets: &[&str]) {
    let mut files = Vec::new();
    bytes_below(service.folder(), &mut files);
    let control = files.iter().any(|(_, bytes)| holds(bytes, "PLAINname"));
    assert!(control, "what is not encrypted is there");
    for (file, bytes) in &files {
        for secret in secrets {
            assert!(!holds(bytes, secret), "{secret} is in {file}");
        }
    }
}

/// The refusals of values that the log tells of, as field and row.
fn refusals(service: &TestService) -> Vec<(String, String)> {
    let last = service.anonymous().get("/nothing");
    let lines = log_with(service, last.header("x-request-id"));
    let lines = lines
        .iter()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    lines
        .filter(|line| line["event"] == "encrypted_value_refused")
        .map(|line| (text(&line, "field"), text(&line, "row")))
        .collect()
}

#[test]
fn a_value_that_was_touched_or_moved_fails_closed_and_is_told() {
    let service = service();
    let chief = service.administrator();
    let post = |name: &str| {
        let path = chief.post("/patients", &patient(name)).location();
        let id = path.rsplit('/').next().unwrap().to_owned();
        (path, id)
    };
    let ((ann, ann_id), (bob, bob_id)) = (post("Ann"), post("Bob"));
    let before = chief.get(&ann).json();
    let original = sqlite(
        service.folder(),
        &format!("SELECT hex(diagnosis) FROM patients WHERE id = '{ann_id}'"),
    );
    let other = format!("(SELECT diagnosis FROM patients WHERE id = '{bob_id}')");
    for (number, forged) in [
        // Flipped in the last byte, the first, and the name of the key.
        "substr(diagnosis, 1, length(diagnosis) - 1) || x'00'".to_owned(),
        "x'02' || substr(diagnosis, 2)".to_owned(),
        "substr(diagnosis, 1, 2) || x'33' || substr(diagnosis, 4)".to_owned(),
        "substr(diagnosis, 1, 30)".to_owned(),
        "x''".to_owned(),
        "CAST('MARKplain' AS BLOB)".to_owned(),
        // Of another row, and of another field of the same row.
        other,
        "history".to_owned(),
    ]
    .into_iter()
    .enumerate()
    {
        let set = |value: &str| {
            let sql = format!(
                "UPDATE patients SET diagnosis = CAST({value} AS BLOB) WHERE id = '{ann_id}'"
            );
            sqlite(service.folder(), &sql)
        };
        set(&forged);
        for answer in [
            chief.get(&ann),
            chief.get("/patients"),
            chief.patch(&ann, &json!({ "name": "x" })),
        ] {
            answer.expect_problem(500, "internal");
            let said = String::from_utf8_lossy(answer.body()).into_owned();
            assert!(
                !said.contains("diagnosis") && !said.contains("MARK"),
                "{said}"
            );
        }
        // Others are as they were.
        chief.get(&bob).expect(200);
        let told = refusals(&service);
        assert_eq!(told.len(), 3 * (number + 1), "{forged}");
        assert_eq!(told.last(), Some(&("diagnosis".to_owned(), ann_id.clone())));
        set(&format!("x'{original}'"));
        assert_eq!(chief.get(&ann).json(), before, "{forged}");
    }
    // Nothing of a value is told.
    assert!(!service.log().iter().any(|line| line.contains("MARK")));
}

/// The names of the keys that the values of a column begin with.
fn kids(service: &TestService, column: &str) -> String {
    let sql =
        format!("SELECT CAST(substr({column}, 3, 7) AS TEXT) FROM patients ORDER BY created_at");
    sqlite(service.folder(), &sql)
}

/// A start on the same data with another ring, which has to fail.
#[track_caller]
fn refused(service: &TestService, ring: &str) -> Finished {
    let mut command = service.command(&["serve"]);
    command.env(KEYS, ring).env("SECAPI_LISTEN", "127.0.0.1:0");
    let finished = run(&mut command, "").expect(1);
    let said = &finished.stderr;
    for key in [OLD, NEW] {
        let secret = key.split(':').nth(1).unwrap();
        assert!(!said.contains(secret), "{said}");
    }
    finished
}

#[test]
fn keys_rotate_and_data_is_read_before_and_after() {
    let mut service = service();
    let path = |service: &TestService, name: &str| {
        let chief = service.administrator();
        chief.post("/patients", &patient(name)).location()
    };
    let ann = path(&service, "Ann");
    let read = |service: &TestService, path: &str| {
        let answer = service.administrator().get(path);
        answer.expect(200);
        answer.json()
    };
    let before = read(&service, &ann);
    assert_eq!(kids(&service, "diagnosis"), "2026-01");
    service.kill();
    // The new key alone cannot read what is there, and the old name with other bytes is not the old key.
    let said = refused(&service, NEW).stderr;
    assert!(
        said.contains("no key `2026-01`") && said.contains("encryption keys of the data"),
        "{said}"
    );
    let impostor = NEW.replace("2026-02", "2026-01");
    let said = refused(&service, &impostor).stderr;
    assert!(
        said.contains("`2026-01`") && said.contains("is not the one"),
        "{said}"
    );
    // Both: the old is read, and the new one seals.
    service.restart_with(KEYS, format!("{NEW},{OLD}"));
    assert_eq!(read(&service, &ann), before);
    let bob = path(&service, "Bob");
    assert_eq!(kids(&service, "diagnosis"), "2026-01\n2026-02");
    assert_eq!(read(&service, &bob)["diagnosis"], "MARKdiagnosis of Bob");
    // Before the switch is over, an instance with the old order reads what the new key sealed.
    service.restart_with(KEYS, format!("{OLD},{NEW}"));
    assert_eq!(read(&service, &bob)["diagnosis"], "MARKdiagnosis of Bob");
    service.restart_with(KEYS, format!("{NEW},{OLD}"));
    service.kill();
    refused(&service, NEW);
    // A change seals anew what may change; what is set at creation only keeps its key.
    service.restart();
    let chief = service.administrator();
    chief.patch(&ann, &json!({ "name": "Ann B." })).expect(200);
    drop(chief);
    assert_eq!(kids(&service, "diagnosis"), "2026-02\n2026-02");
    assert_eq!(kids(&service, "born"), "2026-01\n2026-02");
    service.kill();
    refused(&service, NEW);
    // What no value needs any longer may go.
    service.restart();
    let chief = service.administrator();
    chief.delete(&ann).expect(204);
    drop(chief);
    service.kill();
    // A deleted row can come back, and needs its key like any other.
    refused(&service, NEW);
    sqlite(
        service.folder(),
        "DELETE FROM patients WHERE deleted_at IS NOT NULL",
    );
    service.restart_with(KEYS, NEW);
    assert_eq!(read(&service, &bob)["diagnosis"], "MARKdiagnosis of Bob");
    assert_eq!(
        sqlite(service.folder(), "SELECT kid FROM secapi_encryption_keys"),
        "2026-02"
    );
}

#[test]
fn nothing_looks_into_what_is_encrypted() {
    let service = service();
    let chief = service.administrator();
    chief.post("/patients", &patient("Ann")).expect(201);
    for (query, parameter, code) in [
        ("diagnosis=x", "diagnosis", "unknown_parameter"),
        (
            "allergies[contains]=MARKnuts",
            "allergies[contains]",
            "unknown_parameter",
        ),
        ("level=high", "level", "unknown_parameter"),
        ("sort=weight", "sort", "unknown_field"),
        ("q=MARK", "q", "unknown_parameter"),
    ] {
        let answer = chief.get(&format!("/patients?{query}"));
        expect_violations(&answer, 400, "malformed_parameter", &[(parameter, code)]);
    }
    let schema =
        std::fs::read_to_string(workshop().folder.join("policies/schema.cedarschema")).unwrap();
    let entity = schema
        .split("entity Patient = {")
        .nth(1)
        .unwrap()
        .split('}')
        .next()
        .unwrap();
    assert!(
        entity.contains("name: String") && !entity.contains("diagnosis"),
        "{entity}"
    );
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn development_makes_a_key_for_its_owner_alone_and_keeps_it() {
    let folder = crate::support::Folder::new();
    for name in ["config", "policies"] {
        let from = workshop().folder.join(name);
        std::fs::create_dir_all(folder.join(name)).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, folder.join(name).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    // An empty variable is an unset one.
    let launch = workshop().launch().directory(folder.path()).set(KEYS, "");
    let mut service = launch.start();
    let made = folder.join("data/encryption-keys");
    assert_eq!(mode(&made), 0o600);
    let text = std::fs::read_to_string(&made).unwrap();
    let chief = service.administrator();
    let path = chief.post("/patients", &patient("Ann")).location();
    drop(chief);
    service.restart();
    let read = |service: &TestService| -> Value { service.administrator().get(&path).json() };
    assert_eq!(read(&service)["diagnosis"], "MARKdiagnosis of Ann");
    assert_eq!(std::fs::read_to_string(&made).unwrap(), text);
    let _: Client<'_> = service.anonymous();
}
