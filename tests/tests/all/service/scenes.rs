//! What generated projects test their policies with: rows stand on both sides of what policies ask for, whatever that is.

use crate::support::{Folder, projects};
use secapi_runtime::testing::{Client, Scene};
use serde_json::{Value, json};

/// Each action of a project asks for something else, and everything around projects is open.
const POLICIES: &str = r#"
@id("scope") forbid (principal, action, resource) unless { context.in_scope };
@id("users") permit (principal is Projects::User, action, resource is Projects::User);
@id("organizations") permit (principal is Projects::User, action, resource is Projects::Organization) when { resource.name != "closed" };
@id("read") permit (principal is Projects::User, action in [Projects::Action::"project:list", Projects::Action::"project:read"], resource is Projects::Project);
@id("create") permit (principal is Projects::User, action == Projects::Action::"project:create", resource is Projects::Project)
  when { resource.status == "draft" || resource.lead.role == "admin" };
@id("update") permit (principal is Projects::User, action == Projects::Action::"project:update", resource is Projects::Project)
  when { resource has budget && resource.budget.lessThan(decimal("100.5")) };
@id("archive") permit (principal is Projects::User, action == Projects::Action::"project:archive", resource is Projects::Project)
  when { principal in resource.organization.members && resource has due && resource.due >= datetime("2026-06-01") };
@id("delete") permit (principal is Projects::User, action == Projects::Action::"project:delete", resource is Projects::Project)
  when { resource has code && resource.code like "AB-*" };
@id("keep") forbid (principal, action == Projects::Action::"project:delete", resource is Projects::Project)
  when { resource.organization.name == "kept" };
@id("see") permit (principal is Projects::User, action == Projects::Action::"project:read:budget", resource is Projects::Project)
  when { resource.status == "active" };
@id("set") permit (principal is Projects::User, action == Projects::Action::"project:write:budget", resource is Projects::Project)
  unless { resource.lead == principal && resource.status == "archived" };
"#;

fn user(number: u32) -> Value {
    json!({ "email": format!("user{number}@example.com"), "name": "Ann", "password": "Violet-Kettle-93-drifts" })
}

fn project(creator: &Client<'_>, number: u32) -> Value {
    let name = format!("organization {number}");
    let organization = creator
        .post("/organizations", &json!({ "name": name }))
        .id();
    json!({ "organization": organization, "title": format!("project {number}") })
}

/// Callers and projects under the policies above.
fn scene(policies: &Folder) -> Scene {
    let schema = projects().folder.join("policies/schema.cedarschema");
    std::fs::copy(schema, policies.join("schema.cedarschema")).unwrap();
    policies.write("all.cedar", POLICIES);
    let mut scene = Scene::launched(projects().launch(), policies.path());
    scene.place("user", "/users");
    let organizations = scene.place("organization", "/organizations");
    organizations
        .refers("owner", "user")
        .relates("members", "members");
    let place = scene.place("project", "/projects");
    place
        .refers("organization", "organization")
        .refers("lead", "user");
    scene.accounts("/users", Some("role"));
    scene.account("user", &user(1));
    scene.account("user", &user(2));
    scene
}

#[test]
fn rows_stand_on_both_sides_of_what_policies_ask_for() {
    let policies = Folder::new();
    let scene = scene(&policies);
    // None of them has a budget, a code or a day by itself.
    let numbers: Vec<u32> = (1..=24).collect();
    scene.rows_of_rows("/projects", &numbers, project);
    scene.creations("project", "/projects", &["budget"]);
    let decided = scene.decide("project", "/projects");
    for verb in [
        "create",
        "update",
        "archive",
        "delete",
        "read:budget",
        "write:budget",
    ] {
        let (allowed, refused) = decided.sides(verb);
        assert!(
            allowed > 0 && refused > 0,
            "{verb}: {allowed} and {refused}"
        );
    }
    decided.lists();
    decided.fields(&["budget"]);
    decided.changes(&["budget"]);
    let reason = json!({ "reason": "done" });
    decided.action("archive", "POST", "archive", Some(&reason));
    decided.deletions();
}

#[test]
fn a_control_without_wishes_stands_on_one_side() {
    let policies = Folder::new();
    let scene = scene(&policies);
    // As many as come without a look at the policies.
    scene.rows_of_rows("/projects", &[1, 2, 3, 4, 5, 6], project);
    let decided = scene.decide("project", "/projects");
    assert_eq!(decided.sides("delete").0, 0);
    assert_eq!(decided.sides("archive").0, 0);
}
