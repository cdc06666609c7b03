// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Each caller gets what `policies/` say, whatever that is: lists and counts hold the rows that it may list and read, rows show
//! the guarded fields that it may read, and it creates, changes, relates, deletes and restores what it may and nothing else. The
//! policies are asked while the test runs, and rows are made on both sides of what they ask for, so nothing here changes when they do.

use super::bodies;
use secapi_runtime::testing::Scene;

const BINARY: &str = env!("CARGO_BIN_EXE_todo-list");

/// An administrator and somebody of each role; everybody may do everything until the policies are asked.
fn scene() -> Scene {
    let mut scene = Scene::start(BINARY);
    scene.place("user", "/users");
    scene.place("todo", "/todos").refers("owner", "user");
    scene.accounts("/users", Some("role"));
    scene.account("user", &bodies::user(1));
    scene.account("user", &bodies::user(2));
    scene
}

#[test]
fn hold_for_rows_of_user() {
    let scene = scene();
    scene.creations("user", "/users", &["role"]);
    let decided = scene.decide("user", "/users");
    decided.lists();
    decided.fields(&["role"]);
    decided.changes(&["role"]);
    decided.deletions();
}

#[test]
fn hold_for_rows_of_todo() {
    let mut scene = scene();
    scene.vary("done", &[true, false]);
    scene.vary("priority", &[1, 5]);
    scene.rows(
        "/todos",
        &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
        bodies::todo,
    );
    scene.creations("todo", "/todos", &[]);
    let decided = scene.decide("todo", "/todos");
    decided.lists();
    decided.changes(&[]);
    decided.deletions();
}
