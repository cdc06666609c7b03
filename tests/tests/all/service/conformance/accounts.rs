//! What is done to an account, and quotas that are used up: answers by the document.

use super::{ABSENT, Contract};
use crate::support::users;
use secapi_runtime::testing::Client;

/// Disabling, enabling and the sessions of an account: by one who may, to nobody, by a stranger, to the last administrator.
pub(super) fn supervision(
    contract: &Contract,
    (may, stranger): (&Client<'_>, &Client<'_>),
    path: &str,
    last_administrator: &str,
) {
    let (collection, _) = path.rsplit_once('/').unwrap();
    for (method, end, status) in [
        ("POST", "disable", 204),
        ("POST", "enable", 204),
        ("GET", "sessions", 200),
        ("DELETE", "sessions", 204),
    ] {
        let send =
            |caller, row: &str| contract.send(caller, (method, &format!("{row}/{end}")), &[], None);
        send(may, path).expect(status);
        send(may, &format!("{collection}/{ABSENT}")).expect(404);
        send(may, &format!("{collection}/nonsense")).expect(400);
        send(stranger, path).expect(401);
    }
    let disable = format!("{last_administrator}/disable");
    contract
        .send(may, ("POST", &disable), &[], None)
        .expect(409);
}

#[test]
fn a_used_up_quota_is_answered_as_the_document_says() {
    let service = users()
        .launch()
        .set("SECAPI_RATE_LIMITS__AUTH", "1/1h")
        .set("SECAPI_RATE_LIMITS__WRITE", "1/1h")
        .set("SECAPI_RATE_LIMITS__READ", "1/1h")
        .start();
    let contract = Contract::of(&service);
    let anonymous = service.anonymous();
    let is_quota = |answer: &String| answer.ends_with(" 429");
    let declared = contract.unseen().into_iter().filter(is_quota).count();
    for (method, template) in contract.operations() {
        let path = super::instance(&template);
        for _ in 0..2 {
            contract.send(&anonymous, (&method, &path), &[], None);
        }
    }
    let unseen: Vec<String> = contract.unseen().into_iter().filter(is_quota).collect();
    assert_eq!(unseen, Vec::<String>::new(), "declared and never answered");
    assert!(declared >= 15, "{declared}");
}
