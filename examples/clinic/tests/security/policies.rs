// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Each caller gets what `policies/` say, whatever that is: lists and counts hold the rows that it may list and read, rows show
//! the guarded fields that it may read, and it creates, changes, relates, deletes and restores what it may and nothing else. The
//! policies are asked while the test runs, and rows are made on both sides of what they ask for, so nothing here changes when they do.

use super::bodies;
use secapi_runtime::testing::Scene;

const BINARY: &str = env!("CARGO_BIN_EXE_clinic");

/// An administrator and somebody of each role; everybody may do everything until the policies are asked.
fn scene() -> Scene {
    let mut scene = Scene::start(BINARY);
    scene.place("user", "/users");
    scene
        .place("patient", "/patients")
        .refers("account", "user");
    scene
        .place("appointment", "/appointments")
        .refers("patient", "patient")
        .refers("practitioner", "user")
        .refers("account", "user");
    scene
        .place("note", "/notes")
        .refers("patient", "patient")
        .refers("author", "user");
    scene.accounts("/users", Some("role"));
    scene.account("visitor", &bodies::user(1));
    scene.account("reception", &bodies::user(2));
    scene.account("practitioner", &bodies::user(3));
    scene.account("visitor", &bodies::user(4));
    scene
}

#[test]
fn hold_for_rows_of_user() {
    let scene = scene();
    scene.creations("user", "/users", &["role", "phone"]);
    scene.give("/users", "phone", "+12025550100");
    let decided = scene.decide("user", "/users");
    decided.lists();
    decided.fields(&["role", "phone"]);
    decided.changes(&["role", "phone"]);
    decided.deletions();
}

#[test]
fn hold_for_rows_of_patient() {
    let mut scene = scene();
    scene.vary_caller("account");
    scene.rows(
        "/patients",
        &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
        bodies::patient,
    );
    scene.creations(
        "patient",
        "/patients",
        &["insurance_number", "allergies", "history"],
    );
    scene.give("/patients", "insurance_number", "Admin");
    scene.give("/patients", "history", "Admin");
    let decided = scene.decide("patient", "/patients");
    decided.lists();
    decided.fields(&["insurance_number", "allergies", "history"]);
    decided.changes(&["insurance_number", "allergies", "history"]);
    decided.restorations();
    decided.deletions();
}

#[test]
fn hold_for_rows_of_appointment() {
    let mut scene = scene();
    scene.vary_caller("practitioner");
    scene.vary("state", &["planned", "held", "missed"]);
    scene.rows_of_rows(
        "/appointments",
        &[5, 8, 11, 14, 17, 20, 23, 26, 29, 32, 35, 38, 41, 44, 47, 50],
        bodies::appointment,
    );
    scene.creations("appointment", "/appointments", &[]);
    let decided = scene.decide("appointment", "/appointments");
    decided.lists();
    decided.changes(&[]);
    decided.restorations();
    decided.deletions();
}

#[test]
fn hold_for_rows_of_note() {
    let mut scene = scene();
    scene.vary("kind", &["observation", "diagnosis", "therapy"]);
    scene.rows_of_rows(
        "/notes",
        &[1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31],
        bodies::note,
    );
    scene.creations("note", "/notes", &[]);
    let decided = scene.decide("note", "/notes");
    decided.lists();
    decided.restorations();
    decided.deletions();
}
