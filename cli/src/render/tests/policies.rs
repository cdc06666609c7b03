//! The view of `tests/security/policies.rs`: rows of several makers and values, and the question whether each caller gets what
//! the policies say. Nothing here asks them: the test is the same under all of them.

use serde::Serialize;
use serde_json::Value;

use super::bodies;
use super::cases::Test;
use super::ingredients::{Ingredient, ingredients, rows};
use crate::model::{Action, Field, FieldKind, Known, Operation, Resource, Service, Target};
use crate::render::code::Rust;
use crate::render::sample::{self, Sample};

/// How many roles have somebody, beside the administrator's. Of the first of them there are two.
const MOST_ROLES: usize = 4;
/// How many rows a test makes: several pages of two.
const ROWS: usize = 6;
/// How many values of a field the rows have.
const MOST_VALUES: usize = 5;

#[derive(Serialize)]
pub(super) struct PoliciesView {
    binary: Rust,
    uses_bodies: bool,
    /// Statements that make the callers; none where nobody signs in.
    people: Vec<Rust>,
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
        let callers = people.statements();
        let mut view = Self {
            binary: Rust::text(&format!("CARGO_BIN_EXE_{}", service.name)),
            uses_bodies: false,
            people: callers.into_iter().map(Rust::code).collect(),
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
        let people = self.people.iter().flat_map(super::cases::bodies_in);
        people
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
        let start = match self.service.identity() {
            Some(_) => "scene()",
            None => "Scene::start(BINARY)",
        };
        let binding = if vary.is_empty() {
            "scene"
        } else {
            "mut scene"
        };
        let mut statements = vec![format!("let {binding} = {start};")];
        statements.extend(vary);
        // The rows of the identity are the callers.
        if !resource.is_identity {
            statements.extend(self.rows(resource)?);
        }
        statements.extend(given(resource));
        statements.extend(decided(resource));
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
        for joined in listed {
            let relations = joined.relations.iter();
            let members = relations.filter(|it| matches!(it.known(), Some(Known::Members(_))));
            statements.extend(members.map(|relation| {
                let (path, end) = (Rust::text(&joined.path), Rust::text(&relation.end));
                format!("scene.join({}, {});", path.as_str(), end.as_str())
            }));
        }
        Some(statements)
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
        let numbers = (first..).step_by(step).take(ROWS);
        let numbers: Vec<usize> = numbers
            .take_while(|number| number + step - 1 <= most)
            .collect();
        (!numbers.is_empty()).then_some(numbers)
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

/// Statements that give the rows different values, where a policy may ask for them.
fn variety(service: &Service, resource: &Resource) -> Vec<String> {
    let identity = service.identity().map(|identity| &identity.name);
    let in_a_set = |field: &Field| {
        let mut sets = resource.unique.iter();
        sets.any(|set| set.contains(&field.column))
    };
    let free = |field: &&Field| !(field.read_only || field.write_only || field.unique);
    let fields = resource.fields.iter().filter(free);
    fields
        .filter(|field| !in_a_set(field))
        .filter_map(|field| vary(field, identity))
        .collect()
}

fn vary(field: &Field, identity: Option<&String>) -> Option<String> {
    let name = Rust::text(&field.name);
    let name = name.as_str();
    let values: Vec<String> = match &field.kind {
        FieldKind::Reference(to) if Some(&to.to) == identity => {
            return Some(format!("scene.vary_caller({name});"));
        }
        FieldKind::Boolean => vec!["true".into(), "false".into()],
        FieldKind::Enum(choices) => {
            let values = choices.choices.iter().take(MOST_VALUES);
            let text = |value: &str| Rust::text(value).as_str().to_owned();
            values.map(|choice| text(&choice.value)).collect()
        }
        FieldKind::Integer(range) => {
            let small = |limit: Option<i64>| limit.and_then(|it| i32::try_from(it).ok());
            let (least, most) = (small(range.min)?, small(range.max)?);
            [least, most]
                .map(|it| Rust::integer(it.into()).as_str().to_owned())
                .into()
        }
        _ => return None,
    };
    Some(format!("scene.vary({name}, &[{}]);", values.join(", ")))
}

/// Statements that set guarded fields which may be left out: those who may not read one see no difference else.
fn given(resource: &Resource) -> Vec<String> {
    let fields = resource.fields.iter().filter(|field| {
        field.guarded && !field.is_required() && !field.read_only && !field.immutable
    });
    let fields = fields.filter(|field| {
        resource.has(Operation::Update)
            && !field.unique
            && !field.write_only
            && field.default().is_none()
    });
    let path = Rust::text(&resource.path);
    let give = |field: &Field| {
        let (name, value) = (Rust::text(&field.name), sample::fixed(field)?);
        let value = match value {
            Value::String(text) => Rust::text(&text).as_str().to_owned(),
            Value::Bool(value) => value.to_string(),
            _ => return None,
        };
        let (path, name) = (path.as_str(), name.as_str());
        Some(format!("scene.give({path}, {name}, {value});"))
    };
    fields.filter_map(give).collect()
}

/// Statements that hold each answer against the policies.
fn decided(resource: &Resource) -> Vec<String> {
    let (name, path) = (Rust::text(&resource.name), Rust::text(&resource.path));
    let guarded = |keep: fn(&Field) -> bool| -> Vec<String> {
        let fields = resource.fields.iter().filter(|field| field.guarded);
        let names = fields
            .filter(|field| keep(field))
            .map(|field| Rust::text(&field.name));
        names.map(|name| name.as_str().to_owned()).collect()
    };
    let readable = guarded(|field| !field.write_only);
    let writable = guarded(|field| !field.write_only && !field.read_only && !field.immutable);
    let (name, path) = (name.as_str(), path.as_str());
    let mut statements = vec![
        format!("let decided = scene.decide({name}, {path});"),
        "decided.lists();".to_owned(),
    ];
    if !readable.is_empty() {
        statements.push(format!("decided.fields(&[{}]);", readable.join(", ")));
    }
    if resource.has(Operation::Update) {
        statements.push(format!("decided.changes(&[{}]);", writable.join(", ")));
    }
    statements.extend(
        resource
            .actions
            .iter()
            .filter_map(|it| action(resource, it)),
    );
    if resource.has(Operation::Delete) {
        statements.push("decided.deletions();".to_owned());
    }
    statements
}

/// The statement about an action on a row; none where no body of it can be guessed.
fn action(resource: &Resource, action: &Action) -> Option<String> {
    let body = match action.input.is_empty() {
        true => "None".to_owned(),
        false => {
            bodies::samples_of(&action.input)?;
            format!("Some(&bodies::{}())", bodies::input_name(resource, action))
        }
    };
    let (name, end) = (Rust::text(&action.name), Rust::text(&action.end));
    let (name, end, method) = (name.as_str(), end.as_str(), action.method.as_str());
    let is_of_a_row = action.on == Target::Item;
    is_of_a_row.then(|| format!("decided.action({name}, \"{method}\", {end}, {body});"))
}
