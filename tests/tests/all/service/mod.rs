//! What a running service promises on the wire: `wire-contract`, sentence by sentence.

mod accounts;
mod actions;
mod authorization;
mod bodies;
mod canonical;
mod commands;
mod concurrency;
mod conditions;
mod conformance;
mod connections;
mod create_admin;
mod credentials;
mod cursors;
mod decision_log;
mod documents;
mod durability;
mod encrypted;
mod events;
mod framing;
mod guarded;
mod headers;
mod idempotency;
mod json_values;
mod lifecycle;
mod limits;
mod list_conditions;
mod list_gaps;
mod lists;
mod lists_of_values;
mod lockout;
mod methods;
mod metrics;
mod open;
mod outage;
mod overload;
mod own_rights;
mod passwords;
mod presets;
mod production;
mod races;
mod refresh;
mod refs;
mod refusals;
mod relations;
mod reload;
mod rotation;
mod scalars;
mod scenes;
mod search;
mod sessions;
mod soft_delete;
mod statements;
mod stored;
mod supervision;
mod tokens;
mod told_policies;
mod traps;
mod unique_sets;

use crate::support::Folder;
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// Meets both password profiles.
const PASSWORD: &str = "Copper.Lantern-58-quietly";

/// The body with which a stranger registers at user management.
fn person(email: &str) -> Value {
    json!({ "email": email, "first_name": "Ada", "last_name": "Lovelace", "password": PASSWORD })
}

/// A stranger that has become a user, signed in, and the path of its row.
fn registered<'a>(service: &'a TestService, email: &str) -> (Client<'a>, String) {
    let path = service
        .anonymous()
        .post("/auth/register", &person(email))
        .location();
    (service.login(email, PASSWORD), path)
}

/// What a login or a refresh gives.
#[derive(Debug, Clone)]
struct Pair {
    access: String,
    refresh: String,
}

impl Pair {
    #[track_caller]
    fn of(answer: &Answer) -> Self {
        answer.expect(200);
        let body = answer.json();
        let text = |name: &str| {
            body[name]
                .as_str()
                .unwrap_or_else(|| panic!("{name} in {body}"))
                .to_owned()
        };
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
        }
    }
}

/// Signs in and keeps both tokens.
#[track_caller]
fn login(service: &TestService, email: &str) -> Pair {
    let body = json!({ "email": email, "password": PASSWORD });
    Pair::of(&service.anonymous().post("/auth/login", &body))
}

/// A problem with exactly these violations, in any order: where (pointer or parameter) and code.
#[track_caller]
fn expect_violations(answer: &Answer, status: u16, code: &str, expected: &[(&str, &str)]) {
    answer.expect_problem(status, code);
    let body = answer.json();
    let errors = body["errors"]
        .as_array()
        .unwrap_or_else(|| panic!("no errors in {body}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let place = |error: &Value| {
        text(
            error
                .get("pointer")
                .or(error.get("parameter"))
                .unwrap_or(&Value::Null),
        )
    };
    let mut found: Vec<_> = errors
        .iter()
        .map(|error| (place(error), text(&error["code"])))
        .collect();
    let owned = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    let mut expected: Vec<_> = expected.iter().map(owned).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{body}");
}

/// A query's value with every byte escaped, so that no character depends on how the query is read.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Asks SQLite itself, in the file of a service.
#[track_caller]
fn sqlite(folder: &Path, sql: &str) -> String {
    let file = folder.join("test.sqlite");
    let mut sqlite = Command::new("sqlite3");
    // The service may be writing just now.
    sqlite.args(["-cmd", ".timeout 5000"]).arg(file).arg(sql);
    let finished = crate::support::run(&mut sqlite, "").expect(0);
    finished.stdout.trim().to_owned()
}

/// The rows of a list, from its first page to its last.
#[track_caller]
fn walk(client: &Client<'_>, path: &str, limit: usize) -> Vec<Value> {
    let mut rows = Vec::new();
    let separator = if path.contains('?') { '&' } else { '?' };
    let first = format!("{path}{separator}limit={limit}");
    let mut next = first.clone();
    loop {
        let answer = client.get(&next);
        answer.expect(200);
        let page = answer.json();
        rows.extend(
            page["data"]
                .as_array()
                .expect("data is a list")
                .iter()
                .cloned(),
        );
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{first}&cursor={cursor}"),
            None => return rows,
        }
        assert!(rows.len() < 100_000, "the walk does not end");
    }
}

/// What every set of policies has to have.
const SCOPE: &str =
    "@id(\"within-scope\") forbid (principal, action, resource) unless { context.in_scope };";

/// A folder of policies for a service, instead of its project's. Those that do not keep credentials within their scopes do so by a
/// file of its own.
fn policies(text: &str) -> Folder {
    let folder = Folder::new();
    folder.write("all.cedar", text);
    if !text.contains("unless { context.in_scope }") {
        folder.write("scope.cedar", SCOPE);
    }
    folder
}
