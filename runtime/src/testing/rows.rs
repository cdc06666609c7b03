//! The rows of a scene: as they come, and as policies ask for them.

use super::client::{Answer, Client};
use super::place::Place;
use super::scene::{ANY, Caller, Scene};
use super::wishes::{Given, Wish};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// So many of the bodies make rows as they come. The others are for what policies ask for.
const AS_THEY_COME: usize = 6;

/// How often a body is changed until the service takes it.
const MOST_TRIES: usize = 16;

/// A row that was made, by whom and of what.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) path: String,
    /// The place of its maker among the callers.
    pub(super) maker: usize,
    pub(super) body: Value,
    pub(super) id: String,
    pub(super) wish: Option<(Wish, Between)>,
}

/// Whom a wish means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Between {
    the_caller: usize,
    another: usize,
}

impl Between {
    /// Where nobody is meant.
    pub(super) fn nobody() -> Self {
        Self {
            the_caller: 0,
            another: 0,
        }
    }
}

impl Scene {
    /// Makes rows of the bodies with these numbers: six, by each caller in its turn, and of the others as many as it takes to stand on
    /// both sides of what the policies ask for. A rule of the project may refuse some of them.
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
        let (plain, others) = numbers.split_at(numbers.len().min(AS_THEY_COME));
        let made = plain.iter().enumerate().map(|(at, number)| {
            let maker = self.maker(at);
            let body = self.varied(body(&maker, *number), at);
            let answer = maker.post(path, &body);
            assert!(answer.status() < 500, "{answer:?}");
            if answer.status() == 201 {
                self.made.borrow_mut().push(Made {
                    path: path.to_owned(),
                    maker: self.maker_of(at),
                    body,
                    id: answer.id(),
                    wish: None,
                });
            }
            answer
        });
        let made: Vec<Answer> = made.collect();
        assert!(
            made.iter().any(|answer| answer.status() == 201),
            "a rule of the project refuses each of these rows: {made:?}"
        );
        let Some(place) = self.place_of(path) else {
            return;
        };
        for ((at, wish), number) in self.wishes_at(path).into_iter().enumerate().zip(others) {
            self.row_as_wished(place, (at, wish), |maker| body(maker, *number));
        }
    }

    fn row_as_wished(
        &self,
        place: &Place,
        (at, wish): (usize, Wish),
        body: impl Fn(&Client<'_>) -> Value,
    ) {
        let between = self.between(&wish, at);
        let given: Vec<&Given> = wish.row.values().collect();
        let is_for_another =
            given.contains(&&Given::AnotherCaller) && !given.contains(&&Given::TheCaller);
        // A field that rules fill in has its maker.
        let number = match is_for_another {
            true => between.another,
            false => between.the_caller,
        };
        let Some(maker) = self.callers.get(number).map(|maker| self.client(maker)) else {
            return;
        };
        let own = wish
            .row
            .iter()
            .filter_map(|(names, given)| match names.as_slice() {
                [field] if place.relation(field).is_none() => Some((field.clone(), given.clone())),
                _ => None,
            });
        let wished: BTreeMap<String, Given> = own
            .map(|(field, given)| {
                let given = self.meant(&field, &given, between);
                (field, given)
            })
            .collect();
        let body = self.varied(body(&maker), at);
        let (body, id) = self.made_as_wished(&maker, &place.path, &body, wished);
        let Some(id) = id else {
            return;
        };
        for (names, given) in wish.row.iter().filter(|(names, _)| names.len() > 1) {
            self.arrange(place, &id, names, given, between);
        }
        self.made.borrow_mut().push(Made {
            path: place.path.clone(),
            maker: number,
            body,
            id,
            wish: Some((wish, between)),
        });
    }

    /// A row with these values in its fields, as far as the service takes them: what it refuses gets the next value, and in the end the
    /// one that the body had. The body that was taken, and the row's id.
    pub(super) fn made_as_wished(
        &self,
        maker: &Client<'_>,
        path: &str,
        body: &Value,
        mut wished: BTreeMap<String, Given>,
    ) -> (Value, Option<String>) {
        for _ in 0..MOST_TRIES {
            let tried = with(body, &wished);
            let answer = maker.post(path, &tried);
            assert!(answer.status() < 500, "{answer:?}");
            if answer.status() == 201 {
                return (tried, Some(answer.id()));
            }
            let refused: Vec<String> = wished
                .keys()
                .filter(|it| names(&answer, it))
                .cloned()
                .collect();
            if refused.is_empty() && wished.is_empty() {
                break;
            }
            match refused.is_empty() {
                // Whatever it is that is wrong with it: a body without wishes is not.
                true => wished.clear(),
                false => refused
                    .iter()
                    .for_each(|field| next_value(&mut wished, field)),
            }
        }
        (body.clone(), None)
    }

    /// Whom a wish means: somebody of the role that it is for, another one for each wish, who has what it wants of a caller.
    fn between(&self, wish: &Wish, at: usize) -> Between {
        let suits = |caller: &Caller| {
            let has = |(field, given): (&String, &Given)| match (given, caller.whole.get(field)) {
                (Given::OneOf(values), Some(value)) => values.contains(value),
                (Given::AnyBut(other), value) => value != Some(other),
                (Given::Nothing, value) => value.is_none_or(Value::is_null),
                _ => true,
            };
            let is_of_role = wish.role.is_none() || caller.role == wish.role;
            caller.is_known() && is_of_role && wish.caller.iter().all(has)
        };
        let all = self.callers.iter().enumerate();
        let suited: Vec<usize> = all.filter(|(_, it)| suits(it)).map(|(at, _)| at).collect();
        let the_caller = suited
            .into_iter()
            .cycle()
            .nth(at / 2)
            .unwrap_or(self.maker_of(at));
        let another = (0..)
            .map(|after| self.maker_of(the_caller + after))
            .take(self.callers.len());
        let another = another.into_iter().find(|it| *it != the_caller);
        Between {
            the_caller,
            another: another.unwrap_or(the_caller),
        }
    }

    /// What a wish means for a field of a row, in values.
    pub(super) fn meant(&self, field: &str, given: &Given, between: Between) -> Given {
        let of = |number: usize| self.callers.get(number);
        let id = |number| of(number).and_then(|it| it.id.clone()).map(Value::from);
        let own = |number, name: &String| of(number).and_then(|it| it.whole.get(name).cloned());
        let values = match given {
            Given::TheCaller => id(between.the_caller).into_iter().collect(),
            Given::AnotherCaller => id(between.another).into_iter().collect(),
            Given::AsTheCaller(name) => own(between.the_caller, name).into_iter().collect(),
            Given::AsAnother(name) => own(between.another, name).into_iter().collect(),
            Given::AnyBut(value) => {
                let mut others = self.variety_of(field);
                others.retain(|other| other != value);
                others.extend(value.as_str().map(|text| Value::from(format!("{text}x"))));
                others
            }
            Given::OneOf(values) => values.clone(),
            Given::Nothing => return Given::Nothing,
        };
        Given::OneOf(values)
    }

    /// Gives what a row leads to a value, as far as the service takes it. Accounts stay as they are: they are the callers.
    fn arrange(&self, place: &Place, id: &str, names: &[String], given: &Given, between: Between) {
        let row = format!("{}/{id}", place.path);
        match names {
            [] => {}
            [relation] if place.relation(relation).is_some() => {
                self.relate(place, id, relation, given, between);
            }
            [field] => {
                let Given::OneOf(values) = self.meant(field, given, between) else {
                    let change = json!({ field: null });
                    let answer = self.maker(0).send("PATCH", &row, ANY, Some(&change));
                    assert!(answer.status() < 500, "{answer:?}");
                    return;
                };
                let mut values = values.into_iter();
                values.find(|value| {
                    let change = json!({ field: value });
                    self.maker(0)
                        .send("PATCH", &row, ANY, Some(&change))
                        .status()
                        == 200
                });
            }
            [reference, rest @ ..] => {
                let whole = self.maker(0).get(&row).json();
                let id = whole.get(reference).and_then(Value::as_str);
                let referred = place.referred(reference);
                let referred = referred.and_then(|it| self.place_of_resource(it));
                let referred = referred.filter(|it| !self.are_accounts(&it.path));
                if let Some((referred, id)) = referred.zip(id) {
                    self.arrange(referred, id, rest, given, between);
                }
            }
        }
    }

    /// Puts the caller into a relation, or keeps it out of it and puts somebody else in.
    fn relate(&self, place: &Place, id: &str, relation: &str, given: &Given, between: Between) {
        let Some(end) = place.relation(relation) else {
            return;
        };
        let all = format!("{}/{id}/{end}", place.path);
        let send = |method, number: usize| {
            let other = self.callers.get(number).and_then(|it| it.id.as_ref());
            if let Some(other) = other {
                let place = format!("{all}/{other}");
                let answer = self.maker(0).send(method, &place, &[], None);
                assert!(answer.status() < 500, "{answer:?}");
            }
        };
        match given {
            Given::TheCaller => send("PUT", between.the_caller),
            Given::AnotherCaller => {
                send("PUT", between.another);
                send("DELETE", between.the_caller);
            }
            _ => return,
        }
        self.arranged.borrow_mut().insert(all);
    }

    /// Makes each row's relation hold another caller, beside those whom the project's rules have put there; or those whom a policy asks
    /// for.
    pub fn join(&self, path: &str, end: &str) {
        let place = self.place_of(path);
        let relation = place.and_then(|it| it.relations.iter().find(|(_, known)| *known == end));
        if let Some((place, (name, _))) = place.zip(relation) {
            let made = self.made.borrow().clone();
            for (row, (wish, between)) in made.iter().filter_map(|it| Some((it, it.wish.as_ref()?)))
            {
                let given = wish.row.get(std::slice::from_ref(name));
                if let Some(given) = given.filter(|_| row.path == path) {
                    self.relate(place, &row.id, name, given, *between);
                }
            }
        }
        let ids: Vec<&String> = self
            .callers
            .iter()
            .filter_map(|it| it.id.as_ref())
            .collect();
        for (row, id) in self.all(path).iter().zip(ids.iter().cycle().skip(1)) {
            let all = format!("{path}/{row}/{end}");
            if !self.arranged.borrow().contains(&all) {
                let answer = self.maker(0).send("PUT", &format!("{all}/{id}"), &[], None);
                assert!(answer.status() < 500, "{answer:?}");
            }
        }
    }

    /// Gives each row there is this value in a field, where the project's rules let it.
    pub fn give(&self, path: &str, field: &str, value: impl Into<Value>) {
        let change = json!({ field: value.into() });
        for row in self.all(path) {
            let place = format!("{path}/{row}");
            // What a policy asks for is there already.
            let whole = self.maker(0).get(&place).json();
            if whole.get(field).is_some_and(|value| !value.is_null()) {
                continue;
            }
            let answer = self.maker(0).send("PATCH", &place, ANY, Some(&change));
            assert!(answer.status() < 500, "{answer:?}");
        }
    }
}

/// The body with the first of the values that are wished for each field.
fn with(body: &Value, wished: &BTreeMap<String, Given>) -> Value {
    let mut body = body.clone();
    for (field, given) in wished {
        let fields = body.as_object_mut();
        match (given, fields) {
            (Given::OneOf(values), Some(fields)) => {
                fields.extend(values.first().map(|value| (field.clone(), value.clone())));
            }
            (Given::Nothing, Some(fields)) => {
                fields.remove(field);
            }
            _ => {}
        }
    }
    body
}

/// Whether a refusal is about a field.
fn names(answer: &Answer, field: &str) -> bool {
    let problem = answer.json();
    let errors = problem.get("errors").and_then(Value::as_array);
    let mut pointers = errors
        .into_iter()
        .flatten()
        .filter_map(|it| it.get("pointer")?.as_str());
    let field = format!("/{field}");
    pointers.any(|pointer| pointer == field || pointer.starts_with(&format!("{field}/")))
}

/// The next value for a field; after the last one the field is not wished for any more.
fn next_value(wished: &mut BTreeMap<String, Given>, field: &str) {
    match wished.get_mut(field) {
        Some(Given::OneOf(values)) if values.len() > 1 => drop(values.remove(0)),
        _ => drop(wished.remove(field)),
    }
}
