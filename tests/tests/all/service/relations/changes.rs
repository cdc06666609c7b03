//! Adding and removing: who may, what it takes, and that a second time changes nothing.

use super::{ABSENT, founded, id_of, looks, names, put, somebody, start};
use crate::service::sqlite;
use serde_json::json;

#[test]
fn members_are_added_and_removed_and_a_second_time_changes_nothing() {
    let service = start();
    let ((ann, _), (_, bob)) = (somebody(&service, "Ann"), somebody(&service, "Bob"));
    let path = founded(&ann, "acme");
    let (members, member) = (format!("{path}/members"), format!("{path}/members/{bob}"));
    assert_eq!(names(&ann, &members), ["Ann"]);
    let before = ann.get(&path);
    for _ in 0..2 {
        let answer = put(&ann, &member);
        assert!(answer.expect(204).body().is_empty());
        assert_eq!(names(&ann, &members), ["Ann", "Bob"]);
    }
    for _ in 0..2 {
        ann.delete(&member).expect(204);
        assert_eq!(names(&ann, &members), ["Ann"]);
    }
    // Who is a member is no part of the row: nobody's entity tag gets old by it.
    let after = ann.get(&path);
    assert_eq!(after.header("etag"), before.header("etag"));
    assert_eq!(after.json(), before.json());
}

#[test]
fn nobody_but_the_owner_says_who_is_a_member() {
    let service = start();
    let (ann, _) = somebody(&service, "Ann");
    let (bob, bob_id) = somebody(&service, "Bob");
    let (eve, eve_id) = somebody(&service, "Eve");
    let path = founded(&ann, "acme");
    put(&ann, &format!("{path}/members/{bob_id}")).expect(204);
    let own = format!("{path}/members/{eve_id}");
    let stranger = service.anonymous();
    for (method, place) in [
        ("PUT", &own),
        ("DELETE", &format!("{path}/members/{bob_id}")),
    ] {
        let send =
            |caller: &secapi_runtime::testing::Client<'_>| caller.send(method, place, &[], None);
        send(&stranger).expect_problem(401, "token_missing");
        send(&service.bearer("x")).expect_problem(401, "token_invalid");
        // A member reads the organization, so it is told that it may not; to whom it is hidden, it is not there.
        send(&bob).expect_problem(403, "forbidden");
        send(&eve).expect_problem(404, "not_found");
        assert_eq!(names(&ann, &format!("{path}/members")), ["Ann", "Bob"]);
    }
    put(&ann, &own).expect(204);
    assert_eq!(
        names(&ann, &format!("{path}/members")),
        ["Ann", "Bob", "Eve"]
    );
}

#[test]
fn what_is_not_there_and_what_cannot_be_read_look_alike() {
    let service = start();
    let (ann, _) = somebody(&service, "Ann");
    let (bob, bob_id) = somebody(&service, "Bob");
    let (own, foreign) = (founded(&ann, "acme"), founded(&bob, "other"));
    let missing = format!("/organizations/{ABSENT}");
    for method in ["PUT", "DELETE"] {
        let send = |place: &str| {
            let answer = ann.send(method, place, &[], None);
            answer.expect_problem(404, "not_found");
            looks(&answer)
        };
        let hidden = send(&format!("{foreign}/members/{bob_id}"));
        assert_eq!(hidden, send(&format!("{missing}/members/{bob_id}")));
        send(&format!("{own}/members/{ABSENT}"));
        for bad in [
            format!("{own}/members/x"),
            format!("/organizations/x/members/{bob_id}"),
        ] {
            let answer = ann.send(method, &bad, &[], None);
            answer.expect_problem(400, "malformed_parameter");
        }
        let asked = format!("{own}/members/{bob_id}?force=1");
        let answer = ann.send(method, &asked, &[], None);
        answer.expect_problem(400, "malformed_parameter");
    }
    assert_eq!(names(&ann, &format!("{own}/members")), ["Ann"]);
    assert_eq!(names(&bob, &format!("{foreign}/members")), ["Bob"]);
    for (method, path) in [
        ("POST", "members"),
        ("PATCH", "members"),
        ("GET", "members/x"),
    ] {
        let answer = ann.send(method, &format!("{own}/{path}"), &[], Some(&json!({})));
        answer.expect_problem(405, "method_not_allowed");
    }
}

#[test]
fn a_membership_goes_with_either_of_its_rows() {
    let service = start();
    let (ann, _) = somebody(&service, "Ann");
    let ((_, bob), (_, eve)) = (somebody(&service, "Bob"), somebody(&service, "Eve"));
    let (first, second) = (founded(&ann, "first"), founded(&ann, "second"));
    for (path, member) in [(&first, &bob), (&second, &bob), (&second, &eve)] {
        put(&ann, &format!("{path}/members/{member}")).expect(204);
    }
    let pairs = || {
        sqlite(
            service.folder(),
            "SELECT count(*) FROM organization_members",
        )
    };
    assert_eq!(pairs(), "5");
    ann.delete(&first).expect(204);
    assert_eq!(pairs(), "3");
    service
        .administrator()
        .delete(&format!("/users/{bob}"))
        .expect(204);
    assert_eq!(pairs(), "2");
    assert_eq!(names(&ann, &format!("{second}/members")), ["Ann", "Eve"]);
    let left = format!(
        "SELECT count(*) FROM organization_members WHERE from_id = '{}'",
        id_of(&second)
    );
    assert_eq!(sqlite(service.folder(), &left), "2");
}

#[test]
fn a_change_of_members_is_told_as_a_change_of_rights() {
    let service = start();
    let ((ann, ann_id), (_, bob)) = (somebody(&service, "Ann"), somebody(&service, "Bob"));
    let path = founded(&ann, "acme");
    let told = || {
        let lines = service.log();
        let lines = lines
            .iter()
            .filter(|line| line.contains("authz_change") && line.contains(&bob));
        lines.filter(|line| line.contains(&ann_id)).count()
    };
    let member = format!("{path}/members/{bob}");
    ann.delete(&member).expect(204);
    assert_eq!(told(), 0);
    for expected in [1, 1] {
        put(&ann, &member).expect(204);
        assert_eq!(told(), expected);
    }
    ann.delete(&member).expect(204);
    assert_eq!(told(), 2);
}
