//! The tests of actions and of restoring: the right caller, those that are refused, bad input, an id that is none.

use super::{Cases, OTHERS, word};
use crate::model::{Action, Operation, SoftDelete, Target};
use crate::render::tests::bodies;
use crate::render::tests::oracle::{Caller, Outcome};

impl Cases<'_> {
    /// One action.
    pub(super) fn action(&mut self, action: &Action) {
        match action.on {
            Target::Item => self.on_item(action),
            Target::Collection => self.on_collection(action),
        }
    }

    fn on_item(&mut self, action: &Action) {
        let name = &action.name;
        let right = self.right_caller(name);
        if let Some(right) = right {
            let bad = format!("\"{}/not-an-id/{}\"", self.path(), action.end);
            let call = send(&self.caller(right), action, &bad, Tag::None, "None");
            let refused = format!("{call}.expect_problem(400, \"malformed_parameter\");");
            self.add(format!("{name}_refuses_a_bad_id"), vec![refused]);
        }
        if let (Some(right), Some(mut statements)) = (right, self.with_row()) {
            statements.push(format!("let caller = {};", self.caller(right)));
            let tag = self.tag_of(action, &mut statements);
            let bad = statements.clone();
            if let Some(body) = self.body_of(action) {
                let call = send("caller", action, &place(&action.end), tag, &body);
                statements.push(format!("{call}.expect_handled();"));
                self.add(format!("{name}_answers_{}", word(right)), statements);
            }
            self.bad_input(action, tag, bad);
        }
        for (caller, words, status, code) in self.refusals(name) {
            let (Some(mut statements), Some(body)) = (self.with_row(), self.body_of(action)) else {
                continue;
            };
            statements.push(format!("let caller = {};", self.caller(caller)));
            let call = send("caller", action, &place(&action.end), Tag::None, &body);
            let refused = format!("{call}.expect_problem({status}, \"{code}\");");
            statements.extend(self.unchanged(refused));
            let what = match status {
                404 => "hides_the_row_from",
                _ => "refuses",
            };
            self.add(format!("{name}_{what}_{words}"), statements);
        }
    }

    fn bad_input(&mut self, action: &Action, tag: Tag, mut statements: Vec<String>) {
        if action.input.is_empty() {
            return;
        }
        let unknown = "Some(&bodies::unknown())";
        let call = send("caller", action, &place(&action.end), tag, unknown);
        let refused = format!("{call}.expect_problem(422, \"validation_failed\");");
        statements.extend(self.unchanged(refused));
        self.add(format!("{}_refuses_bad_input", action.name), statements);
    }

    fn on_collection(&mut self, action: &Action) {
        let name = &action.name;
        let place = format!("\"{}/{}\"", self.path(), action.end);
        let callers = [Caller::Administrator, Caller::Account, Caller::Anonymous];
        let outcome = |caller: &Caller| self.oracle.whole(*caller, self.resource, name);
        let may = |caller: &Caller| self.can_be(*caller) && outcome(caller) == Outcome::Allowed;
        let right = callers.into_iter().find(may);
        let body = self.body_of(action);
        if let (Some(right), Some(body)) = (right, &body) {
            let call = send(&self.caller(right), action, &place, Tag::None, body);
            self.add(
                format!("{name}_answers_{}", word(right)),
                vec![format!("{call}.expect_handled();")],
            );
        }
        if let (Some(right), false) = (right, action.input.is_empty()) {
            let unknown = "Some(&bodies::unknown())";
            let call = send(&self.caller(right), action, &place, Tag::None, unknown);
            let refused = format!("{call}.expect_problem(422, \"validation_failed\");");
            self.add(format!("{name}_refuses_bad_input"), vec![refused]);
        }
        for (caller, words) in OTHERS {
            let outcome = self.oracle.whole(caller, self.resource, name);
            let (Outcome::Refused(status, code), Some(body)) = (outcome, &body) else {
                continue;
            };
            if self.can_be(caller) {
                let call = send(&self.caller(caller), action, &place, Tag::None, body);
                let refused = format!("{call}.expect_problem({status}, \"{code}\");");
                self.add(format!("{name}_refuses_{words}"), vec![refused]);
            }
        }
    }

    /// A row that is deleted and brought back, and those who may not.
    pub(super) fn restore(&mut self) {
        let verb = SoftDelete::RESTORE;
        let (right, deleter) = (self.right_caller(verb), self.right_caller("delete"));
        if let (Some(right), Some(deleter), Some(mut statements)) =
            (right, deleter, self.with_row())
        {
            statements.push(format!("let caller = {};", self.caller(right)));
            let tag = match self.needs_a_tag(Operation::Delete) {
                true => "&tag",
                false => "&[]",
            };
            statements.extend(self.tag(Operation::Delete, "caller"));
            let deleter = self.caller(deleter);
            statements.push(format!(
                "{deleter}.send(\"DELETE\", &path, {tag}, None).expect(204);"
            ));
            if self.resource.has(Operation::Read) {
                statements.push("caller.get(&path).expect_problem(404, \"not_found\");".into());
            }
            let place = place(verb);
            statements.push(format!(
                "caller.send(\"POST\", {place}, {tag}, None).expect(200);"
            ));
            self.add(format!("{verb}_answers_{}", word(right)), statements);
        }
        for (caller, words, status, code) in self.refusals(verb) {
            let Some(mut statements) = self.with_row() else {
                return;
            };
            let call = format!(
                "{}.send(\"POST\", {}, &[], None)",
                self.caller(caller),
                place(verb)
            );
            statements.push(format!("{call}.expect_problem({status}, \"{code}\");"));
            let what = match status {
                404 => "hides_the_row_from",
                _ => "refuses",
            };
            self.add(format!("{verb}_{what}_{words}"), statements);
        }
    }

    /// The body of a call that succeeds; `None` where it cannot be guessed.
    fn body_of(&self, action: &Action) -> Option<String> {
        if action.input.is_empty() {
            return Some("None".to_owned());
        }
        bodies::samples_of(&action.input)?;
        let name = bodies::input_name(self.resource, action);
        Some(format!("Some(&bodies::{name}())"))
    }

    /// Where a version has to be named, statements that find it out.
    fn tag_of(&self, action: &Action, statements: &mut Vec<String>) -> Tag {
        if !action.writes() || !self.needs_a_tag(Operation::Update) {
            return Tag::None;
        }
        statements.extend(self.tag(Operation::Update, "caller"));
        Tag::Current
    }
}

/// Whether a call names the version that it is about.
#[derive(Clone, Copy)]
enum Tag {
    None,
    Current,
}

/// An expression for a route under the row that stands in `path`.
fn place(end: &str) -> String {
    format!("&format!(\"{{path}}/{end}\")")
}

fn send(caller: &str, action: &Action, place: &str, tag: Tag, body: &str) -> String {
    let method = action.method.as_str();
    let headers = match tag {
        Tag::None => "&[]",
        Tag::Current => "&tag",
    };
    format!("{caller}.send(\"{method}\", {place}, {headers}, {body})")
}
