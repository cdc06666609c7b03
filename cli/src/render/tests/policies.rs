//! The view of `tests/security/policies.rs`: rows of several makers and values, and the question whether each caller gets what
//! the policies say. Nothing here asks them: the test is the same under all of them.

mod statements;

use serde::Serialize;

use super::cases::Test;
use super::ingredients::{Ingredient, ingredients, rows};
use crate::model::{Field, FieldKind, Operation, Relation, Resource, Service};
use crate::render::code::Rust;
use crate::render::sample::{self, Sample};
use statements::{action, creations, given, guarded, joined, place, variety};

/// How many roles have somebody, beside the administrator's. Of the first of them there are two.
const MOST_ROLES: usize = 4;
/// How many rows a test makes: several pages of two.
const ROWS: usize = 6;
/// How many rows more it makes at most, on both sides of what the policies ask for.
const ROWS_ASKED_FOR: usize = 10;
/// How many rows are there for relations to hold.
const ROWS_TO_RELATE: usize = 3;

#[derive(Serialize)]
pub(super) struct PoliciesView {
    binary: Rust,
    uses_bodies: bool,
    /// Statements that say where rows are, and make the callers.
    scene: Vec<Rust>,
    /// Whether anybody signs in.
    has_accounts: bool,
    tests: Vec<Test>,
}

impl PoliciesView {
    /// For each resource whose rows can be listed, read and made.
    pub(super) fn new(service: &Service) -> Self {
        let people = People::new(service);
        // Whoever else is there is made by an administrator.
        let can_begin = service.identity().is_none() || sample::has_administrator(service);
        let resources = service.resources.iter().filter(|_| can_begin);
        let tests: Vec<Test> = resources
            .filter_map(|resource| people.test(resource))
            .collect();
        let places = service.resources.iter().map(place);
        let scene = places.chain(people.statements());
        let mut view = Self {
            binary: Rust::text(&format!("CARGO_BIN_EXE_{}", service.name)),
            uses_bodies: false,
            scene: scene.map(Rust::code).collect(),
            has_accounts: service.identity().is_some(),
            tests,
        };
        view.uses_bodies = !view.bodies().is_empty();
        view
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// The functions of `bodies.rs` that it calls.
    pub(super) fn bodies(&self) -> Vec<String> {
        if self.is_empty() {
            return Vec::new();
        }
        let scene = self.scene.iter().flat_map(super::cases::bodies_in);
        scene
            .chain(self.tests.iter().flat_map(Test::bodies))
            .collect()
    }
}

/// Who is there to ask.
struct People<'a> {
    service: &'a Service,
    /// The field of an account that names its role.
    role: Option<&'a Field>,
    /// The roles of the accounts that an administrator makes, by the numbers of their bodies.
    accounts: Vec<String>,
}

impl<'a> People<'a> {
    fn new(service: &'a Service) -> Self {
        let identity = service.identity();
        let role = identity.and_then(|identity| {
            let name = service.auth.as_ref()?.role_field.as_deref()?;
            identity.field(name).filter(|field| !field.read_only)
        });
        let can_be_made =
            |it: &&Resource| it.has(Operation::Create) && ingredients(service, it).is_some();
        let accounts = match identity.filter(can_be_made) {
            Some(_) => roles(service, role),
            None => Vec::new(),
        };
        Self {
            service,
            role,
            accounts,
        }
    }

    fn statements(&self) -> Vec<String> {
        let Some(identity) = self.service.identity() else {
            return Vec::new();
        };
        let role = self.role.map_or_else(
            || "None".to_owned(),
            |field| format!("Some({})", Rust::text(&field.name).as_str()),
        );
        let path = Rust::text(&identity.path);
        let mut statements = vec![format!("scene.accounts({}, {role});", path.as_str())];
        for (number, role) in (1..).zip(&self.accounts) {
            let (role, body) = (Rust::text(role), &identity.module);
            let role = role.as_str();
            statements.push(format!("scene.account({role}, &bodies::{body}({number}));"));
        }
        statements
    }

    fn test(&self, resource: &'a Resource) -> Option<Test> {
        if !resource.has(Operation::List) || !resource.has(Operation::Read) {
            return None;
        }
        let vary = match resource.is_identity {
            true => Vec::new(),
            false => variety(self.service, resource),
        };
        let binding = if vary.is_empty() {
            "scene"
        } else {
            "mut scene"
        };
        let mut statements = vec![format!("let {binding} = scene();")];
        // They are all alike: what follows is about the rows of the resource.
        statements.extend(self.to_relate(resource));
        statements.extend(vary);
        // The rows of the identity are the callers.
        match resource.is_identity {
            true => statements.extend((!self.accounts.is_empty()).then(|| creations(resource))),
            false => statements.extend(self.rows(resource)?),
        }
        statements.extend(given(resource));
        statements.extend(self.decided(resource));
        let module = &resource.module;
        Some(Test::new(format!("hold_for_rows_of_{module}"), statements))
    }

    /// Statements that make rows, and let callers into what their policies may be about.
    fn rows(&self, resource: &'a Resource) -> Option<Vec<String>> {
        let made = made_of(self.service, resource)?;
        let numbers = self.numbers(resource, &made)?;
        let function = match made.len() {
            1 => "rows",
            _ => "rows_of_rows",
        };
        let (path, module) = (Rust::text(&resource.path), &resource.module);
        let path = path.as_str();
        let mut statements = vec![format!(
            "scene.{function}({path}, &{numbers:?}, bodies::{module});"
        )];
        let listed = made.iter().filter(|made| made.has(Operation::List));
        let (own, others): (Vec<&&Resource>, Vec<&&Resource>) =
            listed.partition(|made| made.name == resource.name);
        statements.extend(others.into_iter().flat_map(|it| joined(it)));
        // A row that is created is in no relation yet.
        statements.push(creations(resource));
        statements.extend(own.into_iter().flat_map(|it| joined(it)));
        Some(statements)
    }

    /// Statements that make rows for the relations of a resource to hold, where there are none yet.
    fn to_relate(&self, resource: &'a Resource) -> Vec<String> {
        let made = made_of(self.service, resource).unwrap_or_default();
        let known = resource.relations.iter().filter(|it| it.known().is_some());
        let others = known.filter_map(|relation| self.service.resource(&relation.to));
        let missing = |other: &&Resource| {
            !other.is_identity && made.iter().all(|made| made.name != other.name)
        };
        let rows = others.filter(missing).filter_map(|other| {
            let rows_of_it = made_of(self.service, other)?;
            // Of rows that are made already no two may be alike.
            let is_apart = |it: &&Resource| made.iter().all(|made| made.name != it.name);
            let function = match rows_of_it.len() {
                _ if !rows_of_it.iter().all(is_apart) => return None,
                1 => "rows",
                _ => "rows_of_rows",
            };
            let numbers = self.numbers(other, &rows_of_it)?;
            let few = numbers.get(..ROWS_TO_RELATE.min(numbers.len()))?;
            let (path, module) = (Rust::text(&other.path), &other.module);
            let path = path.as_str();
            Some(format!(
                "scene.{function}({path}, &{few:?}, bodies::{module});"
            ))
        });
        let mut rows: Vec<String> = rows.collect();
        rows.dedup();
        rows
    }

    /// The numbers of the rows' bodies, so that no two rows share what they must not, nor an account with one of them.
    fn numbers(&self, resource: &Resource, made: &[&Resource]) -> Option<Vec<usize>> {
        let first = match made.iter().any(|made| made.is_identity) {
            true => self.accounts.len() + 1,
            false => 1,
        };
        let step = rows(self.service, resource)?;
        let wide = made.iter().all(|made| takes_two_digits(self.service, made));
        let most = if wide { 99 } else { 9 };
        let numbers = (first..).step_by(step).take(ROWS + ROWS_ASKED_FOR);
        let numbers: Vec<usize> = numbers
            .take_while(|number| number + step - 1 <= most)
            .collect();
        (!numbers.is_empty()).then_some(numbers)
    }

    /// Statements that hold each answer against the policies.
    fn decided(&self, resource: &Resource) -> Vec<String> {
        let (name, path) = (Rust::text(&resource.name), Rust::text(&resource.path));
        let readable = guarded(resource, |field| !field.write_only);
        let is_writable = |field: &Field| !field.write_only && !field.read_only && !field.immutable;
        let writable = guarded(resource, is_writable);
        let (name, path) = (name.as_str(), path.as_str());
        let mut statements = vec![
            format!("let decided = scene.decide({name}, {path});"),
            "decided.lists();".to_owned(),
        ];
        if !readable.is_empty() {
            statements.push(format!("decided.fields(&[{readable}]);"));
        }
        if resource.has(Operation::Update) {
            statements.push(format!("decided.changes(&[{writable}]);"));
        }
        let relations = resource.relations.iter();
        statements.extend(relations.flat_map(|it| self.related(it)));
        let actions = resource.actions.iter();
        statements.extend(actions.filter_map(|it| action(resource, it)));
        if resource.has(Operation::Delete) {
            statements.extend(
                resource
                    .soft_delete
                    .map(|_| "decided.restorations();".to_owned()),
            );
            statements.push("decided.deletions();".to_owned());
        }
        statements
    }

    /// Those about a relation, whose rows can be found to be added and removed.
    fn related(&self, relation: &Relation) -> Vec<String> {
        let Some(other) = self.service.resource(&relation.to) else {
            return Vec::new();
        };
        let words = [&relation.name, &relation.end, &other.path].map(|it| Rust::text(it));
        let arguments = words.map(|it| it.as_str().to_owned()).join(", ");
        let mut statements = vec![format!("decided.related({arguments});")];
        let changes = relation.known().is_some();
        if changes && other.has(Operation::List) && other.has(Operation::Read) {
            statements.push(format!("decided.relations({arguments});"));
        }
        statements
    }
}

/// The roles of the accounts: each but the administrator's, and the first once more.
fn roles(service: &Service, field: Option<&Field>) -> Vec<String> {
    let administrator = service
        .auth
        .as_ref()
        .and_then(|auth| auth.admin_role.as_ref());
    let Some(FieldKind::Enum(choices)) = field.map(|field| &field.kind) else {
        return vec!["account".to_owned(); 2];
    };
    let values = choices.choices.iter().map(|choice| &choice.value);
    let others = values.filter(|value| Some(*value) != administrator);
    let mut roles: Vec<String> = others.take(MOST_ROLES).cloned().collect();
    roles.extend(roles.first().cloned());
    roles
}

/// The resource and all whose rows its rows are made of; `None` where a row cannot be made of what can be guessed.
fn made_of<'a>(service: &'a Service, resource: &'a Resource) -> Option<Vec<&'a Resource>> {
    let mut made: Vec<&Resource> = Vec::new();
    let mut open = vec![resource];
    while let Some(resource) = open.pop() {
        if !resource.has(Operation::Create) {
            return None;
        }
        if made.iter().all(|known| known.name != resource.name) {
            let ingredients = ingredients(service, resource)?;
            open.extend(ingredients.iter().filter_map(|(_, made)| made.row()));
            made.push(resource);
        }
    }
    Some(made)
}

fn takes_two_digits(service: &Service, resource: &Resource) -> bool {
    let made = ingredients(service, resource).into_iter().flatten();
    made.into_iter().all(|(field, made)| match made {
        Ingredient::Value(Sample::Numbered { before, after }) => {
            sample::takes_two_digits(&field.kind, &before, &after)
        }
        Ingredient::Value(_) | Ingredient::Row { .. } => true,
    })
}
