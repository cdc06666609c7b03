//! The tests of registering and of one's own row, which only the identity has.

use super::super::ingredients::ingredients;
use super::super::oracle::{Caller, Outcome};
use super::Cases;
use crate::model::{Operation, Registration};

impl Cases<'_> {
    pub(super) fn register(&mut self) {
        let open = self
            .service
            .auth
            .as_ref()
            .is_some_and(|auth| auth.registration == Registration::Open);
        let allowed = self
            .oracle
            .outcome(Caller::Anonymous, self.resource, "register")
            == Outcome::Allowed;
        if !open || !allowed {
            return;
        }
        let call = |body: &str| format!("service.anonymous().post(\"/auth/register\", {body})");
        if self.registers_with_the_body() {
            let body = format!("&bodies::{}(1)", self.resource.module);
            self.add(
                "register_answers_a_stranger".into(),
                vec![format!("{}.expect(201);", call(&body))],
            );
        }
        self.add(
            "register_refuses_bad_input".into(),
            vec![format!(
                "{}.expect_problem(422, \"validation_failed\");",
                call("&bodies::unknown()")
            )],
        );
    }

    /// The body of a creation names no guarded field, so it is a registration's too.
    fn registers_with_the_body(&self) -> bool {
        let demanded = self
            .resource
            .fields
            .iter()
            .filter(|field| field.is_required() && !field.read_only);
        self.resource.has(Operation::Create)
            && ingredients(self.service, self.resource).is_some()
            && demanded.into_iter().all(|field| !field.guarded)
    }

    pub(super) fn me(&mut self) {
        let path = format!("\"{}/me\"", self.path());
        for caller in [Caller::Account, Caller::Administrator] {
            let sees = self.can_be(caller)
                && caller == Caller::Administrator
                && self.oracle.outcome(caller, self.resource, "read") == Outcome::Allowed;
            if sees {
                let call = format!("{}.get({path}).expect(200);", self.caller(caller));
                self.add("me_answers_an_administrator".into(), vec![call]);
                let bad = format!(
                    "{}.get(\"{}/me?unknown=1\")",
                    self.caller(caller),
                    self.path()
                );
                self.add(
                    "me_refuses_bad_input".into(),
                    vec![format!(
                        "{bad}.expect_problem(400, \"malformed_parameter\");"
                    )],
                );
            }
        }
        if let Outcome::Refused(401, code) =
            self.oracle
                .outcome(Caller::Anonymous, self.resource, "read")
        {
            let call = format!("service.anonymous().get({path}).expect_problem(401, \"{code}\");");
            self.add("me_refuses_a_caller_without_token".into(), vec![call]);
        }
    }
}
