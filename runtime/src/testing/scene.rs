//! Callers and rows, for whatever a project's policies say about them.

use super::client::{Answer, Client};
use super::decided::Decided;
use super::launch::Launch;
use super::policies::OwnPolicies;
use super::service::{PASSWORD, TestService};
use serde_json::{Value, json};

/// Everybody may do everything: the rows of a test can be made whatever the project's policies say about making them.
const OPEN: &str = "@id(\"open\") permit (principal, action, resource);\n\
    @id(\"scope\") forbid (principal, action, resource) unless { context.in_scope };";

/// Whatever version a row has: some resources want one named.
pub(super) const ANY: &[(&str, &str)] = &[("If-Match", "*")];

/// A short page, so that a few rows make several.
const PAGE: usize = 2;

/// More pages than any of these tests fills: a cursor that leads nowhere ends a test.
const MOST_PAGES: usize = 1_000;

/// A service with callers and rows, whose answers are held against its policies.
///
/// Rows are made while everybody may do everything. Then the project's own policies are put in force, and each caller asks for
/// lists and rows, and changes and deletes them. What they decide is found out of the same policies, so no edit of one makes the
/// test fail.
#[derive(Debug)]
pub struct Scene {
    pub(super) service: TestService,
    pub(super) in_force: OwnPolicies,
    accounts: Option<Accounts>,
    /// Nobody, and everybody who was named.
    pub(super) callers: Vec<Caller>,
    variety: Vec<(String, Vec<Value>)>,
}

/// Where accounts are made, and the field that names their role.
#[derive(Debug)]
struct Accounts {
    path: String,
    role: Option<String>,
}

#[derive(Debug)]
pub(super) struct Caller {
    pub(super) name: String,
    token: Option<String>,
    pub(super) id: Option<String>,
}

impl Caller {
    /// Whether it has signed in.
    pub(super) fn is_known(&self) -> bool {
        self.token.is_some()
    }
}

impl Scene {
    /// Starts the project's binary, as [`TestService::start`]. Nobody is known yet but the anonymous caller.
    #[must_use]
    pub fn start(binary: &str) -> Self {
        let in_force = OwnPolicies::new(OPEN);
        let folder = in_force.folder().display().to_string();
        let nobody = Caller {
            name: "a caller without token".to_owned(),
            token: None,
            id: None,
        };
        Self {
            service: Launch::new(binary).set("SECAPI_POLICY_DIR", folder).start(),
            in_force,
            accounts: None,
            callers: vec![nobody],
            variety: Vec::new(),
        }
    }

    /// Says where accounts are and which field names their role, and makes the first administrator a caller.
    pub fn accounts(&mut self, path: &str, role: Option<&str>) {
        let administrator = self.service.administrator();
        let me = administrator.get(&format!("{path}/me"));
        let id = me
            .expect(200)
            .json()
            .get("id")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let token = administrator.token().map(str::to_owned);
        self.callers.push(Caller {
            name: "the administrator".to_owned(),
            token,
            id,
        });
        self.accounts = Some(Accounts {
            path: path.to_owned(),
            role: role.map(str::to_owned),
        });
    }

    /// A caller with an account of this role, which the administrator makes of this body.
    pub fn account(&mut self, role: &str, body: &Value) {
        let accounts = self
            .accounts
            .as_ref()
            .expect("it is known where accounts are");
        let email = body.get("email").and_then(Value::as_str);
        let email = email.unwrap_or_default().to_owned();
        let mut body = body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.insert("password".to_owned(), PASSWORD.into());
            fields.extend(accounts.role.clone().map(|field| (field, role.into())));
        }
        let id = self.maker(0).post(&accounts.path, &body).id();
        let token = self
            .service
            .login(&email, PASSWORD)
            .token()
            .map(str::to_owned);
        let name = format!("{email}, {role}");
        self.callers.push(Caller {
            name,
            token,
            id: Some(id),
        });
    }

    /// Gives each row that is made from here on another one of these values in a field.
    pub fn vary<T: Into<Value> + Clone>(&mut self, field: &str, values: &[T]) {
        let values = values.iter().cloned().map(Into::into).collect();
        self.variety.push((field.to_owned(), values));
    }

    /// Lets each row that is made from here on refer to another caller in a field.
    pub fn vary_caller(&mut self, field: &str) {
        let ids = self.callers.iter().filter_map(|caller| caller.id.clone());
        let ids: Vec<String> = ids.collect();
        self.vary(field, &ids);
    }

    /// Makes rows of the bodies with these numbers, each caller in its turn. A rule of the project may refuse some of them.
    pub fn rows(&self, path: &str, numbers: &[u32], body: impl Fn(u32) -> Value) {
        self.rows_of_rows(path, numbers, |_, number| body(number));
    }

    /// As [`Scene::rows`], of bodies for which the same caller makes the rows that they refer to.
    pub fn rows_of_rows(
        &self,
        path: &str,
        numbers: &[u32],
        body: impl Fn(&Client<'_>, u32) -> Value,
    ) {
        let made = numbers.iter().enumerate().map(|(at, number)| {
            let maker = self.maker(at);
            let answer = maker.post(path, &self.varied(body(&maker, *number), at));
            assert!(answer.status() < 500, "{answer:?}");
            answer
        });
        let made: Vec<Answer> = made.collect();
        assert!(
            made.iter().any(|answer| answer.status() == 201),
            "a rule of the project refuses each of these rows: {made:?}"
        );
    }

    /// Makes each row's relation hold another caller, beside those whom the project's rules have put there.
    pub fn join(&self, path: &str, relation: &str) {
        let ids: Vec<&String> = self
            .callers
            .iter()
            .filter_map(|it| it.id.as_ref())
            .collect();
        for (row, id) in self.all(path).iter().zip(ids.iter().cycle().skip(1)) {
            let place = format!("{path}/{row}/{relation}/{id}");
            let answer = self.maker(0).send("PUT", &place, &[], None);
            assert!(answer.status() < 500, "{answer:?}");
        }
    }

    /// Gives each row there is this value in a field, where the project's rules let it.
    pub fn give(&self, path: &str, field: &str, value: impl Into<Value>) {
        let change = json!({ field: value.into() });
        for row in self.all(path) {
            let place = format!("{path}/{row}");
            let answer = self.maker(0).send("PATCH", &place, ANY, Some(&change));
            assert!(answer.status() < 500, "{answer:?}");
        }
    }

    /// Puts the project's policies in force, and asks what they decide on the rows that were made.
    #[must_use]
    pub fn decide<'a>(&'a self, resource: &'a str, path: &'a str) -> Decided<'a> {
        Decided::new(self, resource, path)
    }

    /// Every row there is, as a list has them while everybody may do everything.
    pub(super) fn all(&self, path: &str) -> Vec<String> {
        let all = listed(&self.maker(0), path);
        assert!(!all.is_empty(), "there is no row under {path}");
        all
    }

    /// Those who are signed in make rows in turn, the administrator first; where there are no accounts, nobody in particular.
    pub(super) fn maker(&self, number: usize) -> Client<'_> {
        let signed_in: Vec<&Caller> = self
            .callers
            .iter()
            .filter(|it| it.token.is_some())
            .collect();
        let mut makers = signed_in.into_iter().cycle();
        match makers.nth(number) {
            Some(maker) => self.client(maker),
            None => self.service.anonymous(),
        }
    }

    pub(super) fn client(&self, caller: &Caller) -> Client<'_> {
        match &caller.token {
            Some(token) => self.service.bearer(token),
            None => self.service.anonymous(),
        }
    }

    /// The body with the values that are this row's. Each field has a rhythm of its own, so that values meet one another.
    fn varied(&self, mut body: Value, row: usize) -> Value {
        for (place, (field, values)) in self.variety.iter().enumerate() {
            let mut values = values.iter().cycle();
            if let Some((fields, value)) = body.as_object_mut().zip(values.nth(row + place)) {
                fields.insert(field.clone(), value.clone());
            }
        }
        body
    }
}

/// The rows on all pages of a list, sorted; none for a caller who is refused the list.
pub(super) fn listed(client: &Client<'_>, path: &str) -> Vec<String> {
    let mut rows = Vec::new();
    let mut place = format!("{path}?limit={PAGE}");
    for _ in 0..MOST_PAGES {
        let answer = client.get(&place);
        if rows.is_empty() && matches!(answer.status(), 401 | 403) {
            return rows;
        }
        let page = answer.expect(200).json();
        let data = page.get("data").and_then(Value::as_array);
        let ids = data.into_iter().flatten().filter_map(|row| row.get("id"));
        rows.extend(ids.filter_map(Value::as_str).map(str::to_owned));
        match page.get("next_cursor").and_then(Value::as_str) {
            Some(cursor) => place = format!("{path}?limit={PAGE}&cursor={cursor}"),
            None => {
                rows.sort_unstable();
                return rows;
            }
        }
    }
    panic!("{path} has no last page");
}
