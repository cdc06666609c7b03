//! What policies decide on rows, and whether the service does it: for each caller, each row and each guarded field.

use super::client::{Answer, Client};
use super::scene::{ANY, Caller, Scene, listed};
use serde_json::{Value, json};

/// The rows of one resource under the project's policies.
///
/// Callers, rows and decisions make a matrix: whoever signed in with whatever role, with rows of its own, of others and of groups that
/// it is in. Where a policy allows something to nobody, nobody gets it; where it allows it to some, they get it.
#[derive(Debug)]
pub struct Decided<'a> {
    pub(super) scene: &'a Scene,
    pub(super) resource: &'a str,
    pub(super) path: &'a str,
    /// Each row as it was seen while everybody might do everything.
    pub(super) rows: Vec<Row>,
    /// What single reads show.
    pub(super) readable: Vec<Allowed>,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: String,
    whole: Value,
}

impl Row {
    /// What the row has in a field; nothing where it is unset.
    fn value(&self, field: &str) -> Option<&Value> {
        set(&self.whole, field)
    }
}

/// What is done, or refused by a rule of the project, which policies know nothing about.
pub(super) const DONE: &[u16] = &[200, 204, 409, 422];

/// As [`DONE`], where the policies may refuse what comes of it.
pub(super) const TRIED: &[u16] = &[200, 204, 403, 409, 422];

/// How policies refuse what is asked of a row. Those who could see no such row at all are told so before one is looked up.
pub(super) fn refusals(caller: &Caller, may_read: bool) -> &'static [u16] {
    match (may_read, caller.is_known()) {
        (true, true) => &[403],
        (true, false) => &[401],
        (false, _) => &[401, 403, 404],
    }
}

/// Whether a caller may do something to a row, for each row.
pub(super) type Allowed = Vec<bool>;

impl<'a> Decided<'a> {
    pub(super) fn new(scene: &'a Scene, resource: &'a str, path: &'a str) -> Self {
        scene.open();
        let maker = scene.maker(0);
        let rows = scene.all(path).into_iter().map(|id| Row {
            whole: maker.get(&format!("{path}/{id}")).expect(200).json(),
            id,
        });
        let mut decided = Self {
            scene,
            resource,
            path,
            rows: rows.collect(),
            readable: Vec::new(),
        };
        scene.under_the_project();
        decided.readable = decided.shown(|_| true);
        decided
    }

    /// Fails the test unless each caller's list, over all its pages, holds the rows that it may list and read, each once, and
    /// counts them.
    pub fn lists(&self) {
        let listable = self.allowed("list");
        self.scene.under_the_project();
        for ((caller, readable), listable) in self.callers().zip(&self.readable).zip(&listable) {
            let both = readable
                .iter()
                .zip(listable)
                .map(|(read, list)| *read && *list);
            let rows = self.rows.iter().zip(both);
            let expected: Vec<&String> = rows
                .filter_map(|(row, may)| may.then_some(&row.id))
                .collect();
            let (client, name, path) = (self.scene.client(caller), &caller.name, self.path);
            let found = listed(&client, path);
            assert_eq!(
                found.iter().collect::<Vec<_>>(),
                expected,
                "left: what {name} is listed of {path}; right: what it may list and read"
            );
            let counted = client.get(&format!("{path}?limit=1&count=true")).json();
            let counted = counted.get("total").and_then(Value::as_u64).unwrap_or(0);
            assert_eq!(
                usize::try_from(counted),
                Ok(expected.len()),
                "left: how many rows of {path} {name} is told there are"
            );
        }
    }

    /// Fails the test unless a row shows each of these guarded fields to exactly those who may read it.
    pub fn fields(&self, fields: &[&str]) {
        let asked = fields
            .iter()
            .map(|field| (*field, self.allowed(&format!("read:{field}"))));
        let asked: Vec<(&str, Vec<Allowed>)> = asked.collect();
        self.scene.under_the_project();
        self.each(|caller, at, row, may_read| {
            let answer = self.scene.client(caller).get(&self.place(row));
            let expected = if may_read {
                &[200]
            } else {
                refusals(caller, false)
            };
            self.expect(&answer, expected, caller, row);
            for (field, allowed) in asked.iter().filter(|_| may_read) {
                let expected = row.value(field).filter(|_| is(allowed, at));
                let (name, view) = (&caller.name, answer.json());
                let place = self.place(row);
                assert_eq!(
                    set(&view, field),
                    expected,
                    "left: what {name} sees in `{field}` of {place}; right: what it may"
                );
            }
        });
    }

    /// Fails the test unless exactly those who may change a row can do so, and each of these guarded fields in it. Rows are given
    /// what they have already, so that nobody becomes somebody else.
    pub fn changes(&self, fields: &[&str]) {
        let changeable = self.allowed("update");
        let asked = fields
            .iter()
            .map(|field| (*field, self.allowed(&format!("write:{field}"))));
        let asked: Vec<(&str, Vec<Allowed>)> = asked.collect();
        self.scene.under_the_project();
        self.each(|caller, at, row, may_read| {
            let may_change = is(&changeable, at);
            self.change(caller, row, &json!({}), (may_read, may_change));
            for (field, allowed) in &asked {
                if let Some(value) = row.value(field) {
                    let may_write = may_change && is(allowed, at);
                    let change = json!({ *field: value });
                    self.change(caller, row, &change, (may_read, may_write));
                }
            }
        });
    }

    /// Fails the test unless those who may not carry out an action on a row are refused. One of those who may tries it: whether it
    /// may also have what comes of it, the policies decide on the resulting row.
    pub fn action(&self, verb: &str, method: &str, end: &str, body: Option<&Value>) {
        let version = if method == "GET" { &[] } else { ANY };
        self.refused_or_done(verb, TRIED, |client, row| {
            client.send(method, &format!("{row}/{end}"), version, body)
        });
    }

    /// Fails the test unless those who may not delete a row are refused, and one of those who may can.
    pub fn deletions(&self) {
        self.refused_or_done("delete", DONE, |client, row| {
            client.send("DELETE", row, ANY, None)
        });
    }

    /// Everybody tries who may not, on each row; then somebody who may, on one that is not itself.
    fn refused_or_done(
        &self,
        verb: &str,
        done: &[u16],
        call: impl Fn(&Client<'_>, &str) -> Answer,
    ) {
        let allowed = self.allowed(verb);
        self.scene.under_the_project();
        let call = |caller, row| call(&self.scene.client(caller), &self.place(row));
        let mut control = None;
        self.each(|caller, at, row, may_read| {
            if !may_read || !is(&allowed, at) {
                self.unchanged(caller, row, may_read, || call(caller, row));
            } else if caller.id.as_ref() != Some(&row.id) {
                control = Some((caller, row));
            }
        });
        match control {
            Some((caller, row)) => self.expect(&call(caller, row), done, caller, row),
            None => self.scene.without_control(self.resource, verb),
        }
    }

    /// On how many rows the policies allow this to some caller that can read them, and on how many they refuse it, each caller by
    /// itself.
    #[must_use]
    pub fn sides(&self, verb: &str) -> (usize, usize) {
        let allowed = self.allowed(verb);
        let (mut yes, mut no) = (0, 0);
        self.each(|_, at, _, may_read| match is(&allowed, at) {
            true => yes += 1,
            false => no += usize::from(may_read),
        });
        (yes, no)
    }

    /// A change that is made or refused; `may`: whether the caller may read the row, and whether it may make the change.
    fn change(&self, caller: &Caller, row: &Row, change: &Value, may: (bool, bool)) {
        let place = self.place(row);
        let client = self.scene.client(caller);
        let send = || client.send("PATCH", &place, ANY, Some(change));
        match may {
            (true, true) => self.expect(&send(), self.done(), caller, row),
            // A guarded reference is looked at before: one to a row that the caller may not read leads nowhere.
            (true, false) if self.refers(change) => {
                self.unchanged_as(&[401, 403, 422], caller, row, true, send);
            }
            (may_read, _) => self.unchanged(caller, row, may_read, send),
        }
    }

    fn refers(&self, change: &Value) -> bool {
        let place = self.scene.place_of(self.path);
        let fields = change.as_object().into_iter().flat_map(|it| it.keys());
        let mut fields = fields.filter_map(|field| place?.referred(field));
        fields.next().is_some()
    }

    /// What may become of a change that the policies allow on the stored row. They decide on the resulting one too, which differs in
    /// the time of its change.
    fn done(&self) -> &'static [u16] {
        match self.scene.project.text().contains("updated_at") {
            true => TRIED,
            false => DONE,
        }
    }

    /// A call that is refused, between two looks of a caller who may look.
    pub(super) fn unchanged(
        &self,
        caller: &Caller,
        row: &Row,
        may_read: bool,
        call: impl Fn() -> Answer,
    ) {
        let expected = refusals(caller, may_read);
        self.unchanged_as(expected, caller, row, may_read, call);
    }

    fn unchanged_as(
        &self,
        expected: &[u16],
        caller: &Caller,
        row: &Row,
        may_read: bool,
        call: impl Fn() -> Answer,
    ) {
        let look = || {
            let answer = self.scene.client(caller).get(&self.place(row));
            (answer.header("etag").to_owned(), answer.json())
        };
        let before = may_read.then(look);
        self.expect(&call(), expected, caller, row);
        let after = may_read.then(look);
        assert_eq!(
            after, before,
            "{} was refused, and it happened",
            caller.name
        );
    }

    pub(super) fn expect(&self, answer: &Answer, expected: &[u16], caller: &Caller, row: &Row) {
        let (name, place, status) = (&caller.name, self.place(row), answer.status());
        let body = String::from_utf8_lossy(answer.body());
        assert!(
            expected.contains(&status),
            "{name} at {place} should be answered one of {expected:?}, and is {status}: {body}"
        );
    }

    /// What the project's policies say about an action, for each caller and each row that it may read: of others it makes no
    /// difference.
    pub(super) fn allowed(&self, verb: &str) -> Vec<Allowed> {
        self.scene.asked_as_read(self.resource, verb);
        self.shown(|at| is(&self.readable, at))
    }

    /// The rows that single reads show to each caller, of those that are worth asking for.
    fn shown(&self, worth: impl Fn((usize, usize)) -> bool) -> Vec<Allowed> {
        let shows = |caller: &Caller, row: &Row| {
            let answer = self.scene.client(caller).get(&self.place(row));
            match answer.status() {
                200 => true,
                401 | 403 | 404 => false,
                _ => panic!("{answer:?}"),
            }
        };
        let of_caller = |(number, caller)| {
            let rows = self.rows.iter().enumerate();
            rows.map(|(at, row)| worth((number, at)) && shows(caller, row))
                .collect()
        };
        self.callers().enumerate().map(of_caller).collect()
    }

    pub(super) fn callers(&self) -> impl Iterator<Item = &'a Caller> {
        self.scene.callers.iter()
    }

    /// Every caller with every row, their places, and whether the caller may read the row.
    pub(super) fn each<'b>(
        &'b self,
        mut ask: impl FnMut(&'b Caller, (usize, usize), &'b Row, bool),
    ) {
        for (number, caller) in self.callers().enumerate() {
            for (at, row) in self.rows.iter().enumerate() {
                ask(caller, (number, at), row, is(&self.readable, (number, at)));
            }
        }
    }

    pub(super) fn place(&self, row: &Row) -> String {
        format!("{}/{}", self.path, row.id)
    }
}

pub(super) fn is(allowed: &[Allowed], (caller, row): (usize, usize)) -> bool {
    let rows = allowed.get(caller);
    rows.and_then(|rows| rows.get(row))
        .copied()
        .unwrap_or_default()
}

fn set<'v>(row: &'v Value, field: &str) -> Option<&'v Value> {
    row.get(field).filter(|value| !value.is_null())
}
