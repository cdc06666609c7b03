//! Callers and rows, for whatever a project's policies say about them.

use super::asked_as_read::ProjectPolicies;
use super::client::Client;
use super::decided::Decided;
use super::launch::Launch;
use super::place::Place;
use super::policies::OwnPolicies;
use super::rows::{Between, Made};
use super::service::{PASSWORD, TestService};
use super::wishes::{Given, Wish};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Everybody may do everything: the rows of a test can be made whatever the project's policies say about making them.
const OPEN: &str = "@id(\"open\") permit (principal, action, resource);\n\
    @id(\"scope\") forbid (principal, action, resource) unless { context.in_scope };";

/// What no set may lack, and one that is about a single action does.
const WITHIN_SCOPE: &str =
    "@id(\"within-scope\") forbid (principal, action, resource) unless { context.in_scope };";

/// Whatever version a row has: some resources want one named.
pub(super) const ANY: &[(&str, &str)] = &[("If-Match", "*")];

/// A short page, so that a few rows make several.
const PAGE: usize = 2;

/// More pages than any of these tests fills: a cursor that leads nowhere ends a test.
const MOST_PAGES: usize = 1_000;

/// A service with callers and rows, whose answers are held against its policies.
///
/// Rows are made while everybody may do everything: as they come, and on both sides of what the project's policies ask for. Then the
/// project's own policies are put in force, and each caller asks for lists and rows, and changes and deletes them. What they decide
/// is found out of the same policies, so no edit of one makes the test fail.
#[derive(Debug)]
pub struct Scene {
    pub(super) service: TestService,
    pub(super) in_force: OwnPolicies,
    pub(super) project: ProjectPolicies,
    places: Vec<Place>,
    accounts: Option<Accounts>,
    /// Nobody, and everybody who was named.
    pub(super) callers: Vec<Caller>,
    variety: Vec<(String, Vec<Value>)>,
    pub(super) made: RefCell<Vec<Made>>,
    /// The rows whose relations are as a wish wants them.
    pub(super) arranged: RefCell<BTreeSet<String>>,
}

/// Where accounts are made, and the field that names their role.
#[derive(Debug)]
pub(super) struct Accounts {
    pub(super) path: String,
    role: Option<String>,
}

#[derive(Debug)]
pub(super) struct Caller {
    pub(super) name: String,
    token: Option<String>,
    pub(super) id: Option<String>,
    pub(super) role: Option<String>,
    /// Its own row, as it is while everybody may do everything.
    pub(super) whole: Value,
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
        Self::launched(Launch::new(binary), &project_folder())
    }

    /// As [`Scene::start`], with a launch of one's own and the policies of this folder.
    #[must_use]
    pub fn launched(launch: Launch, policies: &Path) -> Self {
        let in_force = OwnPolicies::new(OPEN);
        let folder = in_force.folder().display().to_string();
        let nobody = Caller {
            name: "a caller without token".to_owned(),
            token: None,
            id: None,
            role: None,
            whole: Value::Null,
        };
        Self {
            service: launch.set("SECAPI_POLICY_DIR", folder).start(),
            in_force,
            project: ProjectPolicies::read(policies),
            places: Vec::new(),
            accounts: None,
            callers: vec![nobody],
            variety: Vec::new(),
            made: RefCell::default(),
            arranged: RefCell::default(),
        }
    }

    /// Says where the rows of a resource are.
    pub fn place(&mut self, resource: &str, path: &str) -> &mut Place {
        self.places.push(Place::new(resource, path));
        self.places.last_mut().expect("it was added")
    }

    /// Says where accounts are and which field names their role, and makes the first administrator a caller.
    pub fn accounts(&mut self, path: &str, role: Option<&str>) {
        let administrator = self.service.administrator();
        let whole = administrator.get(&format!("{path}/me")).expect(200).json();
        let text = |field: &str| whole.get(field).and_then(Value::as_str).map(str::to_owned);
        let token = administrator.token().map(str::to_owned);
        self.callers.push(Caller {
            name: "the administrator".to_owned(),
            token,
            id: text("id"),
            role: role.and_then(text),
            whole,
        });
        self.accounts = Some(Accounts {
            path: path.to_owned(),
            role: role.map(str::to_owned),
        });
    }

    /// A caller with an account of this role, which the administrator makes of this body. Each one has another of the values that the
    /// policies ask for in a caller.
    pub fn account(&mut self, role: &str, body: &Value) {
        let accounts = self
            .accounts
            .as_ref()
            .expect("it is known where accounts are");
        let (path, role_field) = (accounts.path.clone(), accounts.role.clone());
        let email = body.get("email").and_then(Value::as_str);
        let email = email.unwrap_or_default().to_owned();
        let mut body = body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.insert("password".to_owned(), PASSWORD.into());
            fields.extend(role_field.clone().map(|field| (field, role.into())));
        }
        let mut wished = self.wished_of_account(self.callers.len());
        let settled = ["email".to_owned(), "password".to_owned()];
        for field in settled.into_iter().chain(role_field) {
            wished.remove(&field);
        }
        let maker = self.maker(0);
        let (body, id) = self.made_as_wished(&maker, &path, &body, wished);
        let id = id.expect("an administrator makes an account of this body");
        let whole = maker.get(&format!("{path}/{id}")).expect(200).json();
        let token = self
            .service
            .login(&email, PASSWORD)
            .token()
            .map(str::to_owned);
        let administrator = self.maker_of(0);
        self.made.borrow_mut().push(Made {
            path,
            maker: administrator,
            body,
            id: id.clone(),
            wish: None,
        });
        self.callers.push(Caller {
            name: format!("{email}, {role}"),
            token,
            id: Some(id),
            role: Some(role.to_owned()),
            whole,
        });
    }

    /// What policies ask for in callers, and in the rows that these are: the wish of one of them.
    fn wished_of_account(&self, number: usize) -> BTreeMap<String, Given> {
        let identity = self
            .accounts
            .as_ref()
            .and_then(|it| self.place_of(&it.path));
        let of_rows = identity.map(|place| self.project.wishes(&place.resource));
        let as_caller = |row: BTreeMap<Vec<String>, Given>| {
            let own = row.into_iter().filter_map(|(path, given)| {
                let [field]: [String; 1] = path.try_into().ok()?;
                Some((field, given))
            });
            own.collect::<BTreeMap<String, Given>>()
        };
        let of_rows = of_rows
            .into_iter()
            .flatten()
            .map(|wish| as_caller(wish.row));
        let all = self
            .places
            .iter()
            .flat_map(|place| self.project.wishes(&place.resource));
        let of_callers = all.map(|wish| wish.caller);
        let mut wishes: Vec<_> = of_callers
            .chain(of_rows)
            .filter(|it| !it.is_empty())
            .collect();
        wishes.dedup();
        let wish = wishes.into_iter().cycle().nth(number).unwrap_or_default();
        let meant = wish.into_iter().map(|(field, given)| {
            let given = self.meant(&field, &given, Between::nobody());
            (field, given)
        });
        meant.collect()
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

    /// Puts the project's policies in force, and asks what they decide on the rows that were made.
    #[must_use]
    pub fn decide<'a>(&'a self, resource: &'a str, path: &'a str) -> Decided<'a> {
        Decided::new(self, resource, path)
    }

    pub(super) fn place_of(&self, path: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.path == path)
    }

    pub(super) fn place_of_resource(&self, resource: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.resource == resource)
    }

    /// Whether the rows there are accounts.
    pub(super) fn are_accounts(&self, path: &str) -> bool {
        self.accounts.as_ref().is_some_and(|it| it.path == path)
    }

    /// What the policies about the rows there ask for.
    pub(super) fn wishes_at(&self, path: &str) -> Vec<Wish> {
        let place = self.place_of(path);
        place
            .map(|it| self.project.wishes(&it.resource))
            .unwrap_or_default()
    }

    /// Everybody may do everything again.
    pub(super) fn open(&self) {
        self.in_force.put(&self.service, OPEN);
    }

    /// The project's policies are in force.
    pub(super) fn under_the_project(&self) {
        self.in_force.put(&self.service, self.project.text());
    }

    /// What the policies say of an action is what they say of reading a row.
    pub(super) fn asked_as_read(&self, resource: &str, verb: &str) {
        let asked = self.project.asked_as_read(resource, verb);
        self.in_force
            .put(&self.service, &format!("{asked}\n{WITHIN_SCOPE}"));
    }

    /// Refusals alone tell little. Whether anybody in a test can fulfil a policy is for the policy to say, so it is told and no failure.
    pub(super) fn without_control(&self, resource: &str, verb: &str) {
        if self.project.permit(resource, verb) {
            println!(
                "a policy permits `{resource}:{verb}`, but to none of these callers on any of these rows: only refusals were tried"
            );
        }
    }

    /// Every row there is, as a list has them while everybody may do everything.
    pub(super) fn all(&self, path: &str) -> Vec<String> {
        let all = listed(&self.maker(0), path);
        assert!(!all.is_empty(), "there is no row under {path}");
        all
    }

    /// Those who are signed in make rows in turn, the administrator first; where there are no accounts, nobody in particular.
    pub(super) fn maker(&self, number: usize) -> Client<'_> {
        let maker = self.callers.get(self.maker_of(number));
        maker.map_or_else(|| self.service.anonymous(), |maker| self.client(maker))
    }

    /// Its place among the callers.
    pub(super) fn maker_of(&self, number: usize) -> usize {
        let signed_in = self.callers.iter().enumerate();
        let signed_in = signed_in.filter(|(_, caller)| caller.is_known());
        let signed_in: Vec<usize> = signed_in.map(|(place, _)| place).collect();
        signed_in
            .into_iter()
            .cycle()
            .nth(number)
            .unwrap_or_default()
    }

    pub(super) fn client(&self, caller: &Caller) -> Client<'_> {
        match &caller.token {
            Some(token) => self.service.bearer(token),
            None => self.service.anonymous(),
        }
    }

    /// The body with the values that are this row's. Each field has a rhythm of its own, so that values meet one another.
    pub(super) fn varied(&self, mut body: Value, row: usize) -> Value {
        for (place, (field, values)) in self.variety.iter().enumerate() {
            let mut values = values.iter().cycle();
            if let Some((fields, value)) = body.as_object_mut().zip(values.nth(row + place)) {
                fields.insert(field.clone(), value.clone());
            }
        }
        body
    }

    /// The values that rows are given in a field.
    pub(super) fn variety_of(&self, field: &str) -> Vec<Value> {
        let mut varied = self.variety.iter().filter(|(name, _)| name == field);
        varied
            .next()
            .map(|(_, values)| values.clone())
            .unwrap_or_default()
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

/// Where the project's policies are, seen from where its tests run.
fn project_folder() -> PathBuf {
    let folder = std::env::var_os("SECAPI_POLICY_DIR").filter(|folder| !folder.is_empty());
    folder.map_or_else(|| PathBuf::from("policies"), PathBuf::from)
}
