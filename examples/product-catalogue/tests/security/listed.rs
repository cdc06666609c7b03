// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Each list holds exactly the rows that its caller may list and read, over all its pages, and counts them.
//! Nothing else is expected: this holds whatever `policies/` say, and needs no change when they do.

use super::bodies;
use secapi_runtime::testing::Lists;

const BINARY: &str = env!("CARGO_BIN_EXE_product-catalogue");

/// An administrator and somebody of each role; until lists are asked for, everybody may do everything.
fn lists() -> Lists {
    let mut lists = Lists::start(BINARY);
    lists.accounts("/users", Some("role"));
    lists.account("editor", &bodies::user(1));
    lists.account("editor", &bodies::user(2));
    lists
}

#[test]
fn user_rows_are_those_that_may_be_listed_and_read() {
    let lists = lists();
    lists.agree("user", "/users");
}
