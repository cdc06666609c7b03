//! More logins than the hasher takes: 503 at once for those, an answer for the others, and a log that stays readable.

use super::{PASSWORD, registered};
use crate::support::users;
use secapi_runtime::testing::Answer;
use serde_json::json;

#[test]
fn a_full_queue_is_503_and_one_line_in_the_log() {
    let service = users().start();
    let (ada, path) = registered(&service, "ada@example.com");
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let login = || service.anonymous().post("/auth/login", &body);
        // Fewer than the connections that one network may have open, whose gate has an answer of its own.
        let logins: Vec<_> = (0..200).map(|_| scope.spawn(login)).collect();
        // Reads go on meanwhile.
        for _ in 0..10 {
            ada.get(&path).expect(200);
        }
        logins
            .into_iter()
            .map(|login| login.join().unwrap())
            .collect()
    });
    let (served, refused): (Vec<&Answer>, Vec<&Answer>) =
        answers.iter().partition(|answer| answer.status() == 200);
    assert!(
        !served.is_empty() && !refused.is_empty(),
        "{}",
        refused.len()
    );
    let (sent_away, late): (Vec<&Answer>, Vec<&Answer>) = refused
        .iter()
        .copied()
        .partition(|answer| answer.json()["code"] == "overloaded");
    assert!(
        !sent_away.is_empty(),
        "{} of {} were late",
        late.len(),
        refused.len()
    );
    for answer in &sent_away {
        answer.expect_problem(503, "overloaded");
        assert_eq!(answer.header("retry-after"), "2");
    }
    // On a machine that has much else to do, a login may wait in the queue for longer than a request may take.
    for answer in &late {
        answer.expect_problem(503, "unavailable");
        assert!(!answer.header("retry-after").is_empty());
    }
    let log = service.log();
    let lines = |text: &str| log.iter().filter(|line| line.contains(text)).count();
    let errors: Vec<_> = log
        .iter()
        .filter(|line| line.contains("\"level\":\"ERROR\""))
        .take(3)
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let told = lines("the password hashing queue is full");
    assert!(
        (1..10).contains(&told),
        "{told} lines for {} refusals",
        refused.len()
    );
    // No refusal is a failure of the account.
    let failures = super::sqlite(service.folder(), "SELECT count(*) FROM secapi_lockouts");
    assert_eq!(failures, "0");
    service.anonymous().post("/auth/login", &body).expect(200);
}
