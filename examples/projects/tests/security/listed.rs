// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Each list holds exactly the rows that its caller may list and read, over all its pages, and counts them.
//! Nothing else is expected: this holds whatever `policies/` say, and needs no change when they do.

use super::bodies;
use secapi_runtime::testing::Lists;

const BINARY: &str = env!("CARGO_BIN_EXE_projects");

/// An administrator and somebody of each role; until lists are asked for, everybody may do everything.
fn lists() -> Lists {
    let mut lists = Lists::start(BINARY);
    lists.accounts("/users", Some("role"));
    lists.account("user", &bodies::user(1));
    lists.account("user", &bodies::user(2));
    lists
}

#[test]
fn user_rows_are_those_that_may_be_listed_and_read() {
    let lists = lists();
    lists.agree("user", "/users");
}

#[test]
fn organization_rows_are_those_that_may_be_listed_and_read() {
    let lists = lists();
    lists.rows("/organizations", &[1, 2, 3, 4, 5, 6], bodies::organization);
    lists.join("/organizations", "members");
    lists.agree("organization", "/organizations");
}

#[test]
fn project_rows_are_those_that_may_be_listed_and_read() {
    let mut lists = lists();
    lists.vary("status", &["draft", "active", "archived"]);
    lists.rows_of_rows("/projects", &[1, 3, 5, 7, 9, 11], bodies::project);
    lists.join("/organizations", "members");
    lists.agree("project", "/projects");
}

#[test]
fn task_rows_are_those_that_may_be_listed_and_read() {
    let mut lists = lists();
    lists.vary_caller("assignee");
    lists.vary("done", &[true, false]);
    lists.rows_of_rows("/tasks", &[1, 4, 7, 10, 13, 16], bodies::task);
    lists.join("/organizations", "members");
    lists.agree("task", "/tasks");
}

#[test]
fn label_rows_are_those_that_may_be_listed_and_read() {
    let lists = lists();
    lists.rows("/labels", &[1, 2, 3, 4, 5, 6], bodies::label);
    lists.agree("label", "/labels");
}
