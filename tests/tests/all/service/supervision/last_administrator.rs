//! The last administrator that can sign in stays one, whoever tries what at once.

use super::*;

#[test]
fn the_last_administrator_cannot_be_disabled() {
    let service = users().start();
    let admin = service.administrator();
    let own = own_path(&admin);
    disable(&admin, &own).expect_problem(409, "conflict");
    admin.get("/users/me").expect(200);
    // The control: of two, each may disable the other, or itself.
    let (second, _) = second_administrator(&service, &admin);
    disable(&admin, &second).expect(204);
    // A disabled administrator is none: the first is the last one again, whatever is tried.
    for refused in [
        disable(&admin, &own),
        admin.delete(&own),
        admin.patch(&own, &json!({ "role": "user" })),
    ] {
        refused.expect_problem(409, "conflict");
    }
    // The disabled one may be demoted and removed.
    admin.patch(&second, &json!({ "role": "user" })).expect(200);
    admin
        .patch(&second, &json!({ "role": "admin" }))
        .expect(200);
    enable(&admin, &second).expect(204);
    disable(&admin, &own).expect(204);
    admin.get("/users/me").expect_problem(401, "token_invalid");
    let second_admin = service.login("second@example.com", PASSWORD);
    second_admin.delete(&second).expect_problem(409, "conflict");
    enable(&second_admin, &own).expect(204);
    service.administrator().get("/users/me").expect(200);
}

#[test]
fn two_administrators_that_disable_each_other_leave_one() {
    for remove in [false, true] {
        let service = users().start();
        let admin = service.administrator();
        let first = own_path(&admin);
        let (second, other) = second_administrator(&service, &admin);
        let (one, two) = std::thread::scope(|scope| {
            let one = scope.spawn(|| disable(&admin, &second).status());
            let two = scope.spawn(|| match remove {
                true => other.delete(&first).status(),
                false => disable(&other, &first).status(),
            });
            (one.join().unwrap(), two.join().unwrap())
        });
        let statuses = [one, two];
        assert_eq!(
            statuses.iter().filter(|status| **status == 204).count(),
            1,
            "{statuses:?}"
        );
        // The other was nobody any more when its turn came.
        assert!(statuses.contains(&401), "{statuses:?}");
        let left = sqlite(
            service.folder(),
            "SELECT count(*) FROM users JOIN secapi_credentials ON account = id WHERE role = 'admin' AND disabled_at IS NULL",
        );
        assert_eq!(left, "1");
    }
}

#[test]
fn eight_that_disable_themselves_leave_one() {
    let service = users().start();
    let admin = service.administrator();
    let mut callers = vec![(own_path(&admin), admin)];
    for number in 1..8 {
        let email = format!("admin{number}@example.com");
        let mut body = person(&email);
        body["role"] = json!("admin");
        let path = callers[0].1.post("/users", &body).location();
        callers.push((path, service.login(&email, PASSWORD)));
    }
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = callers
            .iter()
            .map(|(path, caller)| scope.spawn(move || disable(caller, path).status()))
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let count = |status: u16| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((count(204), count(409)), (7, 1), "{statuses:?}");
}
