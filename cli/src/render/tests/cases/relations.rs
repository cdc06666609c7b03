//! The tests of relations: the right caller, those that are refused, bad input, a row that is not there.

use super::{Cases, word};
use crate::model::{Relation, Resource};
use crate::render::tests::oracle::{Caller, Outcome};

/// Names no row.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

impl Cases<'_> {
    /// One relation.
    pub(super) fn relation(&mut self, relation: &Relation) {
        let mut verbs = relation.actions.iter();
        if let (Some(read), Some(other)) = (verbs.next(), self.service.resource(&relation.to)) {
            self.list_of_related(relation, read, other);
        }
        for (verb, method) in verbs.zip(["PUT", "DELETE"]) {
            self.pair(relation, verb, method);
        }
    }

    fn list_of_related(&mut self, relation: &Relation, verb: &str, other: &Resource) {
        let name = stem(verb);
        // The rows of the list have policies of their own.
        let lists = |caller: Caller| self.oracle.outcome(caller, other, "list");
        let right = self.right_caller(verb);
        let right = right.filter(|right| lists(*right) == Outcome::Allowed);
        let place = format!("&format!(\"{{path}}/{}\")", relation.end);
        if let Some(right) = right {
            let caller = self.caller(right);
            let bad = format!("\"{}/not-an-id/{}\"", self.path(), relation.end);
            let refused =
                format!("{caller}.get({bad}).expect_problem(400, \"malformed_parameter\");");
            self.add(format!("{name}_refuses_a_bad_id"), vec![refused]);
            if let Some(mut statements) = self.with_row() {
                let caller = self.caller(right);
                statements.push(format!("let caller = {caller};"));
                statements.push(format!("let list = caller.get({place});"));
                statements.push("list.expect(200);".into());
                statements.push("assert!(list.json()[\"next_cursor\"].is_null());".into());
                self.add(format!("{name}_answers_{}", word(right)), statements);
            }
        }
        for (caller, words, status, code) in self.refusals(verb) {
            let Some(mut statements) = self.with_row() else {
                continue;
            };
            // Whoever may list no such row at all is told so before the row is looked up.
            let (status, code) = match lists(caller) {
                Outcome::Refused(status, code) => (status, code),
                Outcome::Allowed | Outcome::Unknown => (status, code),
            };
            let call = format!("{}.get({place})", self.caller(caller));
            statements.push(format!("{call}.expect_problem({status}, \"{code}\");"));
            self.add(format!("{name}_{}_{words}", what(status)), statements);
        }
    }

    fn pair(&mut self, relation: &Relation, verb: &str, method: &str) {
        let name = stem(verb);
        let right = self.right_caller(verb);
        let end = &relation.end;
        if let Some(right) = right {
            let caller = self.caller(right);
            let bad = format!("\"{}/{NOBODY}/{end}/not-an-id\"", self.path());
            let call = format!("{caller}.send(\"{method}\", {bad}, &[], None)");
            let refused = format!("{call}.expect_problem(400, \"malformed_parameter\");");
            self.add(format!("{name}_refuses_a_bad_id"), vec![refused]);
        }
        let nobody = format!("&format!(\"{{path}}/{end}/{NOBODY}\")");
        if let (Some(right), Some(mut statements)) = (right, self.with_row()) {
            statements.push(format!("let caller = {};", self.caller(right)));
            let call = format!("caller.send(\"{method}\", {nobody}, &[], None)");
            statements.push(format!("{call}.expect_problem(404, \"not_found\");"));
            self.add(format!("{name}_does_not_find_a_missing_row"), statements);
        }
        self.answered(relation, verb, method, right);
        for (caller, words, status, code) in self.refusals(verb) {
            let Some(mut statements) = self.with_row() else {
                continue;
            };
            let call = format!(
                "{}.send(\"{method}\", {nobody}, &[], None)",
                self.caller(caller)
            );
            statements.push(format!("{call}.expect_problem({status}, \"{code}\");"));
            self.add(format!("{name}_{}_{words}", what(status)), statements);
        }
    }

    /// An administrator adds and removes itself, twice, where it may look itself up.
    fn answered(&mut self, relation: &Relation, verb: &str, method: &str, right: Option<Caller>) {
        let identity = self.service.identity().filter(|it| it.name == relation.to);
        let (Some(Caller::Administrator), Some(identity)) = (right, identity) else {
            return;
        };
        if self.oracle.outcome(Caller::Administrator, identity, "read") != Outcome::Allowed {
            return;
        }
        let Some(mut statements) = self.with_row() else {
            return;
        };
        statements.extend([
            format!("let caller = {};", self.caller(Caller::Administrator)),
            format!("let me = caller.get(\"{}/me\").json();", identity.path),
            "let id = me[\"id\"].as_str().unwrap_or_default();".to_owned(),
            format!("let place = format!(\"{{path}}/{}/{{id}}\");", relation.end),
        ]);
        let call = format!("caller.send(\"{method}\", &place, &[], None).expect(204);");
        statements.extend([call.clone(), call]);
        let name = format!("{}_answers_an_administrator", stem(verb));
        self.add(name, statements);
    }
}

/// `members:add` as the beginning of a test's name.
fn stem(verb: &str) -> String {
    verb.replace(':', "_")
}

fn what(status: u16) -> &'static str {
    match status {
        404 => "hides_the_row_from",
        _ => "refuses",
    }
}
