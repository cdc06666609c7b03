//! The tests of one resource: which there are, and the statements of each.

mod accounts;
mod actions;
mod registration;
mod relations;

use std::cell::OnceCell;

use serde::Serialize;

use super::ingredients::ingredients;
use super::oracle::{Caller, Oracle, Outcome};
use crate::model::{AccountOperation, Concurrency, Operation, Resource, Service};
use crate::render::code::Rust;

/// One test.
#[derive(Debug, Serialize)]
pub(super) struct Test {
    name: Rust,
    statements: Vec<Rust>,
}

impl Test {
    pub(super) fn new(name: String, statements: Vec<String>) -> Self {
        Self {
            name: Rust::code(name),
            statements: statements.into_iter().map(Rust::code).collect(),
        }
    }

    /// The functions of `bodies.rs` that it calls.
    pub(super) fn bodies(&self) -> impl Iterator<Item = String> {
        self.statements.iter().flat_map(bodies_in)
    }
}

/// The functions of `bodies.rs` that a statement names.
pub(super) fn bodies_in(statement: &Rust) -> impl Iterator<Item = String> {
    let named = statement.as_str().split("bodies::").skip(1);
    let ends = |c: char| !(c.is_alphanumeric() || c == '_');
    named
        .filter_map(move |rest| rest.split(ends).next())
        .map(str::to_owned)
}

/// The tests of what can be done to the rows of any resource.
pub(super) fn of(service: &Service, resource: &Resource, oracle: &Oracle<'_>) -> Vec<Test> {
    let mut cases = Cases::new(service, resource, oracle);
    for operation in &resource.operations {
        match operation {
            Operation::List => cases.list(),
            Operation::Create => cases.create(),
            Operation::Read | Operation::Update | Operation::Delete => cases.item(*operation),
        }
    }
    if resource.soft_delete.is_some() {
        cases.restore();
    }
    for action in &resource.actions {
        cases.action(action);
    }
    for relation in &resource.relations {
        cases.relation(relation);
    }
    cases.tests
}

/// The tests of what the identity has beside that: registering, one's own row, and what is done to an account.
pub(super) fn of_accounts(
    service: &Service,
    identity: &Resource,
    oracle: &Oracle<'_>,
) -> Vec<Test> {
    let mut cases = Cases::new(service, identity, oracle);
    cases.register();
    cases.me();
    for operation in AccountOperation::ALL {
        cases.account(operation);
    }
    cases.tests
}

struct Cases<'a> {
    service: &'a Service,
    resource: &'a Resource,
    oracle: &'a Oracle<'a>,
    /// The statements that make a row, with which most tests begin.
    row: OnceCell<Option<Vec<String>>>,
    tests: Vec<Test>,
}

/// The callers that the policies may refuse, each with the words for its tests.
const OTHERS: [(Caller, &str); 2] = [
    (Caller::Anonymous, "a_caller_without_token"),
    (Caller::Account, "the_wrong_user"),
];

impl<'a> Cases<'a> {
    fn new(service: &'a Service, resource: &'a Resource, oracle: &'a Oracle<'a>) -> Self {
        Self {
            service,
            resource,
            oracle,
            row: OnceCell::new(),
            tests: Vec::new(),
        }
    }

    fn add(&mut self, name: String, statements: Vec<String>) {
        self.tests.push(Test::new(name, statements));
    }

    fn path(&self) -> &str {
        &self.resource.path
    }

    /// An expression for a caller; a plain account is made by an administrator first.
    fn caller(&self, caller: Caller) -> String {
        let identity = self.service.identity();
        match (caller, identity) {
            (Caller::Administrator, _) => "service.administrator()".into(),
            (Caller::Account, Some(identity)) => {
                format!(
                    "service.account(\"{}\", &bodies::{}(1))",
                    identity.path, identity.module
                )
            }
            (Caller::Account | Caller::Anonymous, _) => "service.anonymous()".into(),
        }
    }

    /// Whether tests can sign in as this caller.
    fn can_be(&self, caller: Caller) -> bool {
        let has_body = |resource: &Resource| ingredients(self.service, resource).is_some();
        let account = || {
            let creates = |identity: &Resource| {
                self.oracle.right_caller(identity, "create") == Some(Caller::Administrator)
            };
            self.service
                .identity()
                .is_some_and(|identity| has_body(identity) && creates(identity))
        };
        self.oracle.has(caller) && (caller != Caller::Account || account())
    }

    fn right_caller(&self, verb: &str) -> Option<Caller> {
        self.oracle
            .right_caller(self.resource, verb)
            .filter(|caller| self.can_be(*caller))
    }

    /// The refusals that the policies give to the other callers, with their words.
    fn refusals(&self, verb: &str) -> Vec<(Caller, &'static str, u16, &'static str)> {
        let others = OTHERS
            .into_iter()
            .filter(|(caller, _)| self.can_be(*caller));
        others
            .filter_map(
                |(caller, words)| match self.oracle.outcome(caller, self.resource, verb) {
                    Outcome::Refused(status, code) => Some((caller, words, status, code)),
                    Outcome::Allowed | Outcome::Unknown => None,
                },
            )
            .collect()
    }

    fn list(&mut self) {
        let path = self.path().to_owned();
        if let Some(right) = self.right_caller("list") {
            let caller = self.caller(right);
            self.add(
                format!("list_answers_{}", word(right)),
                vec![format!("{caller}.get(\"{path}\").expect(200);")],
            );
            let bad = format!("{caller}.get(\"{path}?unknown=1\")");
            self.add(
                "list_refuses_bad_input".into(),
                vec![format!(
                    "{bad}.expect_problem(400, \"malformed_parameter\");"
                )],
            );
        }
        for (caller, words, status, code) in self.refusals("list") {
            let call = format!("{}.get(\"{path}\")", self.caller(caller));
            self.add(
                format!("list_refuses_{words}"),
                vec![format!("{call}.expect_problem({status}, \"{code}\");")],
            );
        }
        for (caller, words) in OTHERS {
            self.hidden_in_list(caller, words);
        }
    }

    /// A caller that may list, and not see this row.
    fn hidden_in_list(&mut self, caller: Caller, words: &str) {
        let may_list = self.oracle.outcome(caller, self.resource, "list") == Outcome::Allowed;
        let Some(mut statements) = self.with_row().filter(|_| {
            may_list && self.can_be(caller) && !self.oracle.lists(caller, self.resource)
        }) else {
            return;
        };
        statements.extend([
            "let id = path.rsplit('/').next().unwrap_or_default();".to_owned(),
            format!(
                "let list = {}.get(\"{}\");",
                self.caller(caller),
                self.path()
            ),
            "list.expect(200);".to_owned(),
            "assert!(!String::from_utf8_lossy(list.body()).contains(id));".to_owned(),
        ]);
        self.add(format!("list_hides_the_row_from_{words}"), statements);
    }

    fn create(&mut self) {
        let (path, body) = (self.path().to_owned(), self.legal_body(2));
        let counted = self.right_caller("list");
        let unchanged = |call: String| -> Vec<String> {
            let Some(counter) = counted else {
                return vec![call];
            };
            let count = format!("{}.count(\"{path}\")", self.caller(counter));
            vec![
                format!("let before = {count};"),
                call,
                format!("assert_eq!({count}, before);"),
            ]
        };
        let mut tests = Vec::new();
        if let Some(right) = self.right_caller("create") {
            let caller = self.caller(right);
            if let Some(body) = &body {
                tests.push((
                    format!("create_answers_{}", word(right)),
                    vec![format!("{caller}.post(\"{path}\", {body}).expect(201);")],
                ));
            }
            let bad = format!("caller.post(\"{path}\", &bodies::unknown())");
            let mut statements = vec![format!("let caller = {caller};")];
            statements.extend(unchanged(format!(
                "{bad}.expect_problem(422, \"validation_failed\");"
            )));
            tests.push(("create_refuses_bad_input".into(), statements));
        }
        for (caller, words, status, code) in self
            .refusals("create")
            .into_iter()
            .filter(|_| body.is_some())
        {
            let body = body.as_deref().unwrap_or_default();
            let mut statements = vec![format!("let caller = {};", self.caller(caller))];
            let call = format!("caller.post(\"{path}\", {body})");
            statements.extend(unchanged(format!(
                "{call}.expect_problem({status}, \"{code}\");"
            )));
            tests.push((format!("create_refuses_{words}"), statements));
        }
        for (name, statements) in tests {
            self.add(name, statements);
        }
    }

    /// An expression for a body that the right caller can send; `None` where there is none.
    fn legal_body(&self, number: u32) -> Option<String> {
        let made = ingredients(self.service, self.resource)?;
        let module = &self.resource.module;
        let mut open: Vec<&Resource> = made.iter().filter_map(|(_, made)| made.row()).collect();
        if open.is_empty() {
            return Some(format!("&bodies::{module}({number})"));
        }
        // One caller makes all that the body refers to.
        let maker = self.oracle.right_caller(open.first()?, "create")?;
        while let Some(resource) = open.pop() {
            let makes = self.oracle.right_caller(resource, "create") == Some(maker);
            if !makes || maker == Caller::Account || !resource.has(Operation::Create) {
                return None;
            }
            let made = ingredients(self.service, resource)?;
            open.extend(made.iter().filter_map(|(_, made)| made.row()));
        }
        let maker = self.caller(maker);
        Some(format!("&bodies::{module}(&{maker}, {number})"))
    }

    /// Statements that make a row and name its path; `None` where tests cannot make one.
    fn with_row(&self) -> Option<Vec<String>> {
        self.row.get_or_init(|| self.making_a_row()).clone()
    }

    fn making_a_row(&self) -> Option<Vec<String>> {
        let creator = self
            .right_caller("create")
            .filter(|_| self.resource.has(Operation::Create))?;
        let body = self.legal_body(2)?;
        Some(vec![
            format!("let creator = {};", self.caller(creator)),
            format!(
                "let path = creator.post(\"{}\", {body}).location();",
                self.path()
            ),
        ])
    }

    fn item(&mut self, operation: Operation) {
        let verb = operation.as_str();
        let right = self.right_caller(verb);
        if let (Some(right), false) = (right, self.needs_a_tag(operation)) {
            let call = self.call(operation, "/not-an-id", "unknown");
            let statements = vec![
                format!("let caller = {};", self.caller(right)),
                format!("{call}.expect_problem(400, \"malformed_parameter\");"),
            ];
            self.add(format!("{verb}_refuses_a_bad_id"), statements);
        }
        if let (Some(right), Some(mut statements)) = (right, self.with_row()) {
            statements.push(format!("let caller = {};", self.caller(right)));
            statements.extend(self.tag(operation, "caller"));
            statements.push(format!(
                "{}.expect({});",
                self.call(operation, "", "change"),
                success(operation)
            ));
            if operation == Operation::Delete && self.resource.has(Operation::Read) {
                statements.push("caller.get(&path).expect_problem(404, \"not_found\");".into());
            }
            self.add(format!("{verb}_answers_{}", word(right)), statements);
            self.bad_body(operation, right);
        }
        for (caller, words, status, code) in self.refusals(verb) {
            self.refusal(operation, caller, words, (status, code));
        }
    }

    fn bad_body(&mut self, operation: Operation, right: Caller) {
        let Some(mut statements) = self.with_row().filter(|_| operation == Operation::Update)
        else {
            return;
        };
        statements.push(format!("let caller = {};", self.caller(right)));
        statements.extend(self.tag(operation, "caller"));
        let call = format!(
            "{}.expect_problem(422, \"validation_failed\");",
            self.call(operation, "", "unknown")
        );
        statements.extend(self.unchanged(call));
        self.add("update_refuses_bad_input".into(), statements);
    }

    fn refusal(
        &mut self,
        operation: Operation,
        caller: Caller,
        words: &str,
        (status, code): (u16, &str),
    ) {
        let Some(mut statements) = self.with_row() else {
            return;
        };
        statements.push(format!("let caller = {};", self.caller(caller)));
        // A tag is only looked at after the caller was.
        let call = format!(
            "{}.expect_problem({status}, \"{code}\");",
            self.plain_call(operation, "", "change")
        );
        statements.extend(self.unchanged(call));
        let what = if status == 404 {
            "hides_the_row_from"
        } else {
            "refuses"
        };
        self.add(format!("{}_{what}_{words}", operation.as_str()), statements);
    }

    /// The call between two looks at the row, where its creator may look.
    fn unchanged(&self, call: String) -> Vec<String> {
        let sees = self.resource.has(Operation::Read)
            && self.right_caller("create") == self.right_caller("read");
        if !sees {
            return vec![call];
        }
        vec![
            "let before = creator.get(&path).json();".into(),
            call,
            "assert_eq!(creator.get(&path).json(), before);".into(),
        ]
    }

    fn needs_a_tag(&self, operation: Operation) -> bool {
        self.resource.concurrency == Concurrency::Required && operation != Operation::Read
    }

    fn tag(&self, operation: Operation, caller: &str) -> Vec<String> {
        if !self.needs_a_tag(operation) {
            return Vec::new();
        }
        vec![
            format!("let answer = {caller}.get(&path);"),
            "let tag = [(\"If-Match\", answer.header(\"etag\"))];".into(),
        ]
    }

    fn call(&self, operation: Operation, below: &str, body: &str) -> String {
        if !self.needs_a_tag(operation) {
            return self.plain_call(operation, below, body);
        }
        let body = self.body(body);
        match operation {
            Operation::Update => format!("caller.send(\"PATCH\", &path, &tag, Some({body}))"),
            _ => "caller.send(\"DELETE\", &path, &tag, None)".into(),
        }
    }

    fn plain_call(&self, operation: Operation, below: &str, body: &str) -> String {
        let path = if below.is_empty() {
            "&path".to_owned()
        } else {
            format!("\"{}{below}\"", self.path())
        };
        match operation {
            Operation::Update => format!("caller.patch({path}, {})", self.body(body)),
            Operation::Delete => format!("caller.delete({path})"),
            Operation::List | Operation::Create | Operation::Read => format!("caller.get({path})"),
        }
    }

    fn body(&self, word: &str) -> String {
        match word {
            "change" => format!("&bodies::{}_change()", self.resource.name),
            _ => "&bodies::unknown()".into(),
        }
    }
}

fn word(caller: Caller) -> &'static str {
    match caller {
        Caller::Administrator => "an_administrator",
        Caller::Account => "an_account",
        Caller::Anonymous => "everyone",
    }
}

fn success(operation: Operation) -> u16 {
    if operation == Operation::Delete {
        204
    } else {
        200
    }
}
