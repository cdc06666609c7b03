//! Relations of many rows to many: memberships, which policies rest on, and sets, which they look into.

mod changes;
mod lists;
mod memberships;
mod races;
mod sets;

use super::PASSWORD;
use crate::support::projects;
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};

/// An id that no row has.
const ABSENT: &str = "01890000-0000-7000-8000-000000000000";

/// Somebody with an account, signed in, and its id.
pub(super) fn somebody<'a>(service: &'a TestService, name: &str) -> (Client<'a>, String) {
    let email = format!("{}@example.com", name.replace(' ', ".").to_lowercase());
    let body = json!({ "email": email, "name": name, "password": PASSWORD });
    let id = service.administrator().post("/users", &body).id();
    (service.login(&email, PASSWORD), id)
}

/// The path of a new organization of this caller, who is its first member.
#[track_caller]
pub(super) fn founded(owner: &Client<'_>, name: &str) -> String {
    let answer = owner.post("/organizations", &json!({ "name": name }));
    answer.location()
}

pub(super) fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

#[track_caller]
pub(super) fn put(caller: &Client<'_>, path: &str) -> Answer {
    caller.send("PUT", path, &[], None)
}

/// The names in a list, sorted.
#[track_caller]
fn names(caller: &Client<'_>, path: &str) -> Vec<String> {
    let rows = super::walk(caller, path, 100);
    let name = |row: &Value| row["name"].as_str().unwrap_or_default().to_owned();
    let mut names: Vec<String> = rows.iter().map(name).collect();
    names.sort();
    names
}

/// What a caller sees of an answer that could tell rows apart: everything but what every request has of its own.
fn looks(answer: &Answer) -> (u16, Vec<(String, String)>, Value) {
    let own = ["x-request-id", "date", "ratelimit"];
    let headers = answer.headers().iter();
    let headers = headers.filter(|(name, _)| !own.contains(&name.as_str()));
    let mut body = answer.json();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (answer.status(), headers.cloned().collect(), body)
}

fn start() -> TestService {
    projects().start()
}
