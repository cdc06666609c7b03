// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Each caller gets what `policies/` say, whatever that is: lists and counts hold the rows that it may list and read, rows show
//! the guarded fields that it may read, and it creates, changes, relates, deletes and restores what it may and nothing else. The
//! policies are asked while the test runs, and rows are made on both sides of what they ask for, so nothing here changes when they do.

use super::bodies;
use secapi_runtime::testing::Scene;

const BINARY: &str = env!("CARGO_BIN_EXE_projects");

/// An administrator and somebody of each role; everybody may do everything until the policies are asked.
fn scene() -> Scene {
    let mut scene = Scene::start(BINARY);
    scene.place("user", "/users");
    scene
        .place("organization", "/organizations")
        .refers("owner", "user")
        .relates("members", "members");
    scene
        .place("project", "/projects")
        .refers("organization", "organization")
        .refers("lead", "user");
    scene
        .place("task", "/tasks")
        .refers("project", "project")
        .refers("organization", "organization")
        .refers("assignee", "user")
        .relates("labels", "labels");
    scene.place("label", "/labels");
    scene.accounts("/users", Some("role"));
    scene.account("user", &bodies::user(1));
    scene.account("user", &bodies::user(2));
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
    decided.related("organizations", "organizations", "/organizations");
    decided.deletions();
}

#[test]
fn hold_for_rows_of_organization() {
    let scene = scene();
    scene.rows(
        "/organizations",
        &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
        bodies::organization,
    );
    scene.creations("organization", "/organizations", &[]);
    scene.join("/organizations", "members");
    let decided = scene.decide("organization", "/organizations");
    decided.lists();
    decided.changes(&[]);
    decided.related("members", "members", "/users");
    decided.relations("members", "members", "/users");
    decided.deletions();
}

#[test]
fn hold_for_rows_of_project() {
    let mut scene = scene();
    scene.vary("status", &["draft", "active", "archived"]);
    scene.rows_of_rows(
        "/projects",
        &[1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31],
        bodies::project,
    );
    scene.join("/organizations", "members");
    scene.creations("project", "/projects", &["budget"]);
    scene.give("/projects", "budget", "0.00");
    let decided = scene.decide("project", "/projects");
    decided.lists();
    decided.fields(&["budget"]);
    decided.changes(&["budget"]);
    decided.action(
        "archive",
        "POST",
        "archive",
        Some(&bodies::project_archive_input()),
    );
    decided.deletions();
}

#[test]
fn hold_for_rows_of_task() {
    let mut scene = scene();
    scene.rows("/labels", &[1, 2, 3], bodies::label);
    scene.vary_caller("assignee");
    scene.vary("done", &[true, false]);
    scene.rows_of_rows(
        "/tasks",
        &[1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34, 37, 40, 43, 46],
        bodies::task,
    );
    scene.join("/organizations", "members");
    scene.creations("task", "/tasks", &[]);
    let decided = scene.decide("task", "/tasks");
    decided.lists();
    decided.changes(&[]);
    decided.related("labels", "labels", "/labels");
    decided.relations("labels", "labels", "/labels");
    decided.action("finish", "POST", "finish", None);
    decided.deletions();
}

#[test]
fn hold_for_rows_of_label() {
    let scene = scene();
    scene.rows(
        "/labels",
        &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
        bodies::label,
    );
    scene.creations("label", "/labels", &[]);
    let decided = scene.decide("label", "/labels");
    decided.lists();
    decided.changes(&[]);
    decided.deletions();
}
