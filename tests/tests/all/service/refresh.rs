//! Refresh tokens: rotated on every use, a used one again ends the family, of parallel uses at most one wins.

use super::{Pair, login, registered};
use crate::support::users;
use secapi_runtime::testing::{Answer, TestService};
use serde_json::json;

fn refresh(service: &TestService, token: &str) -> Answer {
    service
        .anonymous()
        .post("/auth/refresh", &json!({ "refresh_token": token }))
}

#[test]
fn a_refresh_gives_a_new_pair() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let first = login(&service, "ada@example.com");
    let answer = refresh(&service, &first.refresh);
    let second = Pair::of(&answer);
    assert_ne!(first.refresh, second.refresh);
    assert_ne!(first.access, second.access);
    let body = answer.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 900);
    service.bearer(&second.access).get("/users/me").expect(200);
    // It goes on from the new one.
    Pair::of(&refresh(&service, &second.refresh));
}

#[test]
fn a_used_token_again_revokes_the_whole_family() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let first = login(&service, "ada@example.com");
    let other_session = login(&service, "ada@example.com");
    let second = Pair::of(&refresh(&service, &first.refresh));
    refresh(&service, &first.refresh).expect(401);
    // The thief's and the victim's tokens are both dead.
    refresh(&service, &second.refresh).expect(401);
    service
        .bearer(&second.access)
        .get("/users/me")
        .expect_problem(401, "token_invalid");
    // Another session of the same account is not touched.
    service
        .bearer(&other_session.access)
        .get("/users/me")
        .expect(200);
    Pair::of(&refresh(&service, &other_session.refresh));
}

#[test]
fn of_twenty_parallel_uses_at_most_one_wins() {
    let service = users().start();
    registered(&service, "ada@example.com");
    for _ in 0..3 {
        let pair = login(&service, "ada@example.com");
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let uses: Vec<_> = (0..20)
                .map(|_| scope.spawn(|| refresh(&service, &pair.refresh)))
                .collect();
            uses.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let winners: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status() == 200)
            .collect();
        assert!(winners.len() <= 1, "{} winners", winners.len());
        assert!(
            answers
                .iter()
                .all(|answer| [200, 401, 503].contains(&answer.status()))
        );
        // The others were a reuse: whoever won holds a family that is revoked.
        for winner in winners {
            let won = Pair::of(winner);
            refresh(&service, &won.refresh).expect(401);
            service.bearer(&won.access).get("/users/me").expect(401);
        }
    }
}

#[test]
fn what_is_no_refresh_token_is_refused_alike() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let pair = login(&service, "ada@example.com");
    let mut changed = pair.refresh.clone();
    let last = if changed.pop() == Some('A') { 'B' } else { 'A' };
    changed.push(last);
    for token in [
        "",
        "x",
        changed.as_str(),
        pair.access.as_str(),
        &"A".repeat(10_000),
    ] {
        let answer = refresh(&service, token);
        assert!(
            [401, 422].contains(&answer.status()),
            "{} for {token}",
            answer.status()
        );
    }
    // None of these attempts cost the holder its session.
    Pair::of(&refresh(&service, &pair.refresh));
}

#[test]
fn tokens_are_hashed_at_rest() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let pair = login(&service, "ada@example.com");
    let dump = super::sqlite(service.folder(), ".dump");
    assert!(
        dump.contains("secapi_refresh_tokens"),
        "the dump is of this database"
    );
    for secret in [pair.refresh.as_str(), pair.access.as_str(), super::PASSWORD] {
        assert!(!dump.contains(secret));
        let bytes = secret.as_bytes();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!dump.to_lowercase().contains(&hex));
    }
    // argon2id with at least 19 MiB, two passes and one lane.
    let (_, parameters) = dump
        .split_once("$argon2id$v=19$")
        .expect("a hash of argon2id");
    let numbers: Vec<u32> = parameters
        .split('$')
        .next()
        .unwrap()
        .split(',')
        .map(|parameter| parameter.split_once('=').unwrap().1.parse().unwrap())
        .collect();
    assert!(
        numbers[0] >= 19 * 1024 && numbers[1] >= 2 && numbers[2] >= 1,
        "m, t and p are {numbers:?}"
    );
}

#[test]
fn a_family_survives_a_restart() {
    let mut service = users().start();
    registered(&service, "ada@example.com");
    let first = login(&service, "ada@example.com");
    let second = Pair::of(&refresh(&service, &first.refresh));
    service.restart();
    service.bearer(&second.access).get("/users/me").expect(200);
    refresh(&service, &first.refresh).expect(401);
    refresh(&service, &second.refresh).expect(401);
}
