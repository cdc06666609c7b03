//! The tests of what is done to an account: disabled, enabled, its sessions listed and ended.

use super::{Cases, word};
use crate::model::AccountOperation;

impl Cases<'_> {
    /// The right caller, those that are refused, and an id that is none.
    pub(super) fn account(&mut self, operation: AccountOperation) {
        let action = operation.action();
        let name = action.replace(':', "_");
        let right = self.right_caller(action);
        if let Some(right) = right {
            let bad = format!("\"{}/not-an-id/{}\"", self.path(), operation.end());
            let call = call(operation, &self.caller(right), &bad);
            self.add(
                format!("{name}_refuses_a_bad_id"),
                vec![format!(
                    "{call}.expect_problem(400, \"malformed_parameter\");"
                )],
            );
        }
        if let (Some(right), Some(mut statements)) = (right, self.with_row()) {
            let call = call(operation, &self.caller(right), &place(operation));
            statements.push(format!("{call}.expect({});", success(operation)));
            self.add(format!("{name}_answers_{}", word(right)), statements);
        }
        for (caller, words, status, code) in self.refusals(action) {
            let Some(mut statements) = self.with_row() else {
                return;
            };
            statements.push(format!("let caller = {};", self.caller(caller)));
            let call = call(operation, "caller", &place(operation));
            let refused = format!("{call}.expect_problem({status}, \"{code}\");");
            statements.extend(self.unchanged(refused));
            let what = match status {
                404 => "hides_the_row_from",
                _ => "refuses",
            };
            self.add(format!("{name}_{what}_{words}"), statements);
        }
    }
}

/// An expression for the route of the row that stands in `path`.
fn place(operation: AccountOperation) -> String {
    format!("&format!(\"{{path}}/{}\")", operation.end())
}

fn call(operation: AccountOperation, caller: &str, path: &str) -> String {
    match operation {
        AccountOperation::Disable | AccountOperation::Enable => {
            format!("{caller}.send(\"POST\", {path}, &[], None)")
        }
        AccountOperation::ReadSessions => format!("{caller}.get({path})"),
        AccountOperation::RevokeSessions => format!("{caller}.delete({path})"),
    }
}

fn success(operation: AccountOperation) -> u16 {
    match operation {
        AccountOperation::ReadSessions => 200,
        AccountOperation::Disable | AccountOperation::Enable | AccountOperation::RevokeSessions => {
            204
        }
    }
}
