// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Each list holds exactly the rows that its caller may list and read, over all its pages, and counts them.
//! Nothing else is expected: this holds whatever `policies/` say, and needs no change when they do.

use super::bodies;
use secapi_runtime::testing::Lists;

const BINARY: &str = env!("CARGO_BIN_EXE_clinic");

/// An administrator and somebody of each role; until lists are asked for, everybody may do everything.
fn lists() -> Lists {
    let mut lists = Lists::start(BINARY);
    lists.accounts("/users", Some("role"));
    lists.account("visitor", &bodies::user(1));
    lists.account("reception", &bodies::user(2));
    lists.account("practitioner", &bodies::user(3));
    lists.account("visitor", &bodies::user(4));
    lists
}

#[test]
fn user_rows_are_those_that_may_be_listed_and_read() {
    let lists = lists();
    lists.agree("user", "/users");
}

#[test]
fn patient_rows_are_those_that_may_be_listed_and_read() {
    let mut lists = lists();
    lists.vary_caller("account");
    lists.rows("/patients", &[1, 2, 3, 4, 5, 6], bodies::patient);
    lists.agree("patient", "/patients");
}

#[test]
fn appointment_rows_are_those_that_may_be_listed_and_read() {
    let mut lists = lists();
    lists.vary_caller("practitioner");
    lists.vary("state", &["planned", "held", "missed"]);
    lists.rows_of_rows(
        "/appointments",
        &[5, 8, 11, 14, 17, 20],
        bodies::appointment,
    );
    lists.agree("appointment", "/appointments");
}

#[test]
fn note_rows_are_those_that_may_be_listed_and_read() {
    let mut lists = lists();
    lists.vary("kind", &["observation", "diagnosis", "therapy"]);
    lists.rows_of_rows("/notes", &[1, 3, 5, 7, 9, 11], bodies::note);
    lists.agree("note", "/notes");
}
