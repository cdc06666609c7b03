//! What generated projects test their policies with: rows stand on both sides of what policies ask for, whatever that is.

use crate::support::{Folder, Project, projects, workshop};
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

/// A project under policies of the test's own.
fn under(project: &Project, text: &str, policies: &Folder) -> Scene {
    let schema = project.folder.join("policies/schema.cedarschema");
    std::fs::copy(schema, policies.join("schema.cedarschema")).unwrap();
    policies.write("all.cedar", text);
    if !text.contains("unless { context.in_scope }") {
        policies.write("scope.cedar", super::SCOPE);
    }
    Scene::launched(project.launch(), policies.path())
}

/// Callers and projects under the policies above.
fn scene(policies: &Folder) -> Scene {
    let mut scene = under(projects(), POLICIES, policies);
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

/// What has to be unique is taken by the rows that a creation repeats: without other values nothing would ever be created there, and
/// refusals alone tell little.
#[test]
fn what_has_to_be_unique_is_created_all_the_same() {
    let policies = Folder::new();
    let scene = scene(&policies);
    scene.rows(
        "/organizations",
        &[1, 2, 3, 4, 5, 6],
        |number| json!({ "name": format!("organization {number}") }),
    );
    // Each maker does it, and somebody else after it where that is nobody's own row.
    assert!(scene.creations("organization", "/organizations", &[]) >= 6);
    assert!(scene.creations("user", "/users", &["role", "phone"]) >= 2);
    scene.decide("organization", "/organizations").lists();
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

/// What is done to parcels as a whole hangs on a row, as creating one and bringing it back do.
const OF_PARCELS: &str = r#"
@id("scope") forbid (principal, action, resource) unless { context.in_scope };
@id("members") permit (principal is Workshop::Member, action, resource is Workshop::Member);
@id("parcels") permit (
  principal is Workshop::Member,
  action in [Workshop::Action::"parcel:list", Workshop::Action::"parcel:read", Workshop::Action::"parcel:totals"],
  resource is Workshop::Parcel
);
@id("create") permit (principal is Workshop::Member, action == Workshop::Action::"parcel:create", resource is Workshop::Parcel)
  when { resource.state != "sent" };
@id("send") permit (principal is Workshop::Member, action == Workshop::Action::"parcel:send_all", resource is Workshop::Parcel)
  when { resource.state == "open" };
@id("restore") permit (principal is Workshop::Member, action == Workshop::Action::"parcel:restore", resource is Workshop::Parcel)
  when { resource.public };
"#;

#[test]
fn creations_restorations_and_actions_on_the_whole_are_held_to_the_policies() {
    let policies = Folder::new();
    let mut scene = under(workshop(), OF_PARCELS, &policies);
    scene.place("member", "/members");
    scene.place("parcel", "/parcels");
    scene.accounts("/members", Some("rank"));
    let password = "Violet-Kettle-93-drifts";
    let worker = json!({ "email": "user1@example.com", "badge": 1, "password": password });
    scene.account("worker", &worker);
    scene.vary("state", &["open", "sealed", "sent"]);
    scene.vary("public", &[true, false]);
    let numbers: Vec<u32> = (1..=10).collect();
    scene.rows("/parcels", &numbers, |number| {
        let nobody = "00000000-0000-7000-8000-000000000001";
        json!({ "keeper": nobody, "maker": nobody, "code": format!("parcel {number}") })
    });
    scene.creations("parcel", "/parcels", &[]);
    let decided = scene.decide("parcel", "/parcels");
    for verb in ["create", "send_all", "restore"] {
        let (allowed, refused) = decided.sides(verb);
        assert!(
            allowed > 0 && refused > 0,
            "{verb}: {allowed} and {refused}"
        );
    }
    let reason = json!({ "reason": "done" });
    decided.whole_action("send_all", "POST", "send-all", Some(&reason));
    // The control: what hangs on no row is open to whoever signs in.
    decided.whole_action("totals", "GET", "totals", None);
    decided.restorations();
}
