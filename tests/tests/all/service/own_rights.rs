//! Changes of one's own rights: the answer is what the next request would be told.

use super::PASSWORD;
use super::presets::somebody;
use crate::support::{Folder, agency, team};
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};

/// A second administrator, and the path of its row.
fn deputy(service: &TestService) -> (Client<'_>, String) {
    let (email, name) = ("deputy@example.com", "Deputy");
    let body = json!({ "email": email, "name": name, "role": "admin", "motto": "mine", "password": PASSWORD });
    let path = service.administrator().post("/users", &body).location();
    (service.login(email, PASSWORD), path)
}

/// What an answer shows is what the next read does, under the same entity tag.
#[track_caller]
fn assert_same(written: &Answer, read: &Answer) {
    read.expect(200);
    assert_eq!(written.json(), read.json());
    assert_eq!(written.header("etag"), read.header("etag"));
}

fn has(answer: &Answer, field: &str) -> bool {
    answer.json().get(field).is_some()
}

#[test]
fn who_gives_its_role_away_is_answered_as_who_it_is_then() {
    let service = agency().start();
    let (deputy, own) = deputy(&service);
    // The control: an administrator that stays one sees its guarded fields, in this answer and the next.
    let kept = deputy.patch(&own, &json!({ "name": "The deputy" }));
    kept.expect(200);
    assert!(has(&kept, "role") && has(&kept, "motto"), "{}", kept.json());
    assert_same(&kept, &deputy.get(&own));
    let given = deputy.patch(&own, &json!({ "role": "user", "motto": "not mine" }));
    given.expect(200);
    assert!(
        !has(&given, "role") && !has(&given, "motto"),
        "{}",
        given.json()
    );
    assert_same(&given, &deputy.get(&own));
    let row = service.administrator().get(&own).json();
    assert_eq!(
        (&row["role"], &row["motto"]),
        (&json!("user"), &json!("not mine"))
    );
}

#[test]
fn a_change_of_somebody_elses_rights_is_answered_as_before() {
    let service = agency().start();
    let (_, path) = deputy(&service);
    let chief = service.administrator();
    let changed = chief.patch(&path, &json!({ "role": "user" }));
    changed.expect(200);
    assert_eq!(changed.json()["role"], "user");
    assert_same(&changed, &chief.get(&path));
}

/// What the preset leaves to the project.
const LEAVE: &str = r#"@id("club-leave")
permit (principal is Team::User, action == Team::Action::"club:leave", resource is Team::Club)
when { principal in resource.members || resource.owner == principal };
"#;

#[test]
fn who_ends_its_membership_by_an_action_is_answered_as_who_it_is_then() {
    let policies = Folder::new();
    for entry in std::fs::read_dir(team().folder.join("policies")).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            std::fs::copy(entry.path(), policies.join(entry.file_name())).unwrap();
        }
    }
    policies.write("leave.cedar", LEAVE);
    let path = policies.path().display().to_string();
    let service = team().launch().set("SECAPI_POLICY_DIR", path).start();
    let (ann, ann_id) = somebody(&service, "ann@example.com");
    let (bob, bob_id) = somebody(&service, "bob@example.com");
    let club = ann.post("/clubs", &json!({ "owner": ann_id, "name": "chess" }));
    let place = club.location();
    // Whom a founder does not see, an administrator puts there.
    for (caller, id) in [(&ann, &ann_id), (&service.administrator(), &bob_id)] {
        let member = format!("{place}/members/{}", id.as_str().unwrap());
        caller.send("PUT", &member, &[], None).expect(204);
    }
    bob.get(&place).expect(200);
    // The only statement of the request; the club stays the version that it was.
    let left = bob.send("POST", &format!("{place}/leave"), &[], None);
    left.expect(204);
    assert_eq!(left.body(), b"");
    bob.get(&place).expect_problem(404, "not_found");
    // The control: who owns it reads it without being a member.
    let left = ann.send("POST", &format!("{place}/leave"), &[], None);
    assert_same(&left, &ann.get(&place));
    assert_eq!(ann.count(&format!("{place}/members")), 0);
}

#[test]
fn the_answer_to_a_write_has_the_tag_of_the_next_read() {
    let service = agency().start();
    let chief = service.administrator();
    let (_, owner) = deputy(&service);
    let owner = owner.rsplit('/').next().unwrap();
    let organization = chief.post("/organizations", &json!({ "name": "acme", "owner": owner }));
    let place = organization.location();
    assert_same(&organization, &chief.get(&place));
    let renamed = chief.patch(&place, &json!({ "name": "Acme" }));
    assert_same(&renamed, &chief.get(&place));
    let body = json!({ "organization": organization.id(), "title": "Discreet", "sponsor": owner });
    let project = chief.post("/projects", &body);
    let place = project.location();
    // A field that even administrators do not read.
    assert_eq!(project.json().get("sponsor"), None::<&Value>);
    assert_same(&project, &chief.get(&place));
    let opened = chief.patch(&place, &json!({ "title": "Open" }));
    assert_eq!(opened.json()["sponsor"], owner);
    assert_same(&opened, &chief.get(&place));
    let folder = chief.post("/folders", &json!({ "name": "old" })).location();
    chief.delete(&folder).expect(204);
    let restored = chief.send("POST", &format!("{folder}/restore"), &[], None);
    restored.expect(200);
    assert_same(&restored, &chief.get(&folder));
}
