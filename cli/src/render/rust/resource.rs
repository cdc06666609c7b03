//! The view of one resource: what the templates under `src/generated/_resource_/` are filled in with.

use std::collections::BTreeSet;

use serde::Serialize;

use super::action::{self, ActionView};
use super::columns::{ColumnView, columns};
use super::field::FieldView;
use super::limits::OperationLimits;
use super::relation::RelationView;
use super::service::number;
use super::sweep::Way;
use super::{deletion, filling, unlink};
use crate::model::{Concurrency, Field, FieldKind, Method, Operation, Resource, Service};
use crate::render::code::Rust;
use crate::render::sql;

#[derive(Debug, Serialize)]
pub(crate) struct ResourceView {
    name: Rust,
    word: Rust,
    words: Rust,
    plural_words: Rust,
    article: Rust,
    description: Rust,
    module: Rust,
    kind: Rust,
    kind_text: Rust,
    path: Rust,
    path_text: Rust,
    table: Rust,
    table_text: Rust,
    /// The local variable that holds a row.
    row: Rust,
    fields: Vec<FieldView>,
    enums: Vec<EnumView>,
    guarded: Vec<Rust>,
    actions: Vec<ActionView>,
    /// The rule that fills in the caller's account, where the spec asks for one and lets nobody send it.
    before_create: Option<Rust>,
    relations: Vec<RelationView>,
    soft_delete: Option<PurgeView>,
    /// Where the time of deletion stands in a row that can be restored.
    deleted_position: Rust,
    /// The fields of any JSON, into which updates are merged.
    merged: Vec<Rust>,
    /// The encrypted fields.
    encrypted: Vec<FieldView>,
    has: Operations,
    limits: OperationLimits,
    is_identity: bool,
    registers: bool,
    role: Option<Rust>,
    precondition_required: bool,
    locals: Locals,
    imports: Imports,
    sql: Statements,
    columns: Vec<ColumnView>,
    /// Whether an update can change anything.
    changes: bool,
    refers: Refers,
    /// What finds a row that keeps another from being deleted.
    held: Vec<Rust>,
    /// What empties references to a row before it is deleted.
    unlinks: Vec<Rust>,
    /// What marks the rows that go with one that is marked.
    marks: Vec<Rust>,
}

/// Which bodies can name rows of other resources, and whether answers can carry them.
#[derive(Debug, Serialize)]
struct Refers {
    /// Some field is a `ref`.
    any: bool,
    create: bool,
    register: bool,
    update: bool,
    include: bool,
    /// Some field or relation of some resource points here.
    here: bool,
}

impl Refers {
    fn new(resource: &Resource) -> Self {
        let some = |taken: fn(&Field) -> bool| resource.references().any(|(field, _)| taken(field));
        Self {
            any: some(|_| true),
            create: some(|field| !field.read_only),
            register: some(|field| !field.read_only && !field.guarded),
            update: some(|field| !field.read_only && !field.immutable),
            include: resource.includable().next().is_some(),
            here: !resource.referrers.is_empty() || resource.related.named,
        }
    }
}

/// Which parts a resource has.
#[derive(Debug, Serialize)]
pub(crate) struct Operations {
    list: bool,
    /// Some relation lists its rows.
    listed: bool,
    read: bool,
    create: bool,
    update: bool,
    delete: bool,
    /// Some operation changes rows, so there are rules for it.
    pub(crate) rules: bool,
    /// A keyed creation is answered twice: there are callers, to whom keys can belong.
    repeat: bool,
    /// An action of its own may change a row.
    act: bool,
    /// Some rule has a default.
    defaults: bool,
    /// A deletion can be undone.
    restore: bool,
    /// A keyed action on a row is answered twice.
    act_again: bool,
    /// A keyed action on the whole resource is answered twice.
    done_again: bool,
    /// A row can be looked up by its id.
    find: bool,
    /// A row can be made from a body.
    pub(crate) make: bool,
    /// A row is read from the database.
    row: bool,
    /// Some body is read, so there are rules for its fields.
    pub(crate) input: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct EnumView {
    type_name: Rust,
    field: Rust,
    choices: Vec<ChoiceView>,
}

#[derive(Debug, Serialize)]
struct ChoiceView {
    word: Rust,
    text: Rust,
    variant: Rust,
}

/// Names that a field could have as well, and the ones that are free instead.
#[derive(Debug, Serialize)]
struct Locals {
    input: Rust,
    named: Rust,
    references: Rust,
    password: Rust,
}

/// The names that each file takes from its own resource.
#[derive(Debug, Serialize)]
struct Imports {
    entities: Rust,
    inputs: Rust,
    endpoints: Rust,
    relations: Rust,
    account: Rust,
    for_input: Rust,
    /// What the file of the project begins with.
    yours: Rust,
}

/// When deleted rows go for good.
#[derive(Debug, Serialize)]
struct PurgeView {
    after: Rust,
    due: Rust,
    remove: Rust,
    /// What finds a row that keeps a deleted one from going for good.
    held: Vec<Rust>,
    restore: Rust,
    find_deleted: Rust,
    /// What finds something deleted that a restored row would refer to.
    lost: Vec<Rust>,
    /// What brings back the rows that went along.
    others: Vec<Rust>,
}

impl PurgeView {
    fn new(service: &Service, resource: &Resource) -> Option<Self> {
        let soft = resource.soft_delete?;
        let back = deletion::Return::of(service, resource);
        Some(Self {
            after: number(soft.purge_after.as_secs()),
            due: Rust::raw(&sql::due(resource)),
            remove: Rust::raw(&sql::remove(resource)),
            restore: Rust::raw(&sql::restore(resource)),
            find_deleted: Rust::raw(&sql::select_by(resource, "id")),
            held: raw(&deletion::held(service, resource, Way::Removed)),
            lost: raw(&back.lost),
            others: raw(&back.others),
        })
    }
}

fn raw(statements: &[String]) -> Vec<Rust> {
    let statements = statements.iter();
    statements.map(|statement| Rust::raw(statement)).collect()
}

#[derive(Debug, Serialize)]
struct Statements {
    select: Rust,
    find: Rust,
    several: Rust,
    insert: Rust,
    update: Rust,
    delete: Rust,
}

impl ResourceView {
    pub(crate) fn new(service: &Service, resource: &Resource) -> Self {
        let has = Operations::new(service, resource);
        let registers = service.registers(resource);
        let fields = resource.fields.iter().enumerate();
        let fields: Vec<FieldView> = fields
            .map(|(index, field)| FieldView::new(index, field, &has))
            .collect();
        Self {
            name: Rust::text(&resource.name),
            word: Rust::name(&resource.name),
            words: Rust::doc(&resource.words),
            plural_words: Rust::doc(&resource.plural_words),
            article: Rust::name(article(&resource.words)),
            description: description(resource),
            module: Rust::name(&resource.module),
            kind: Rust::name(&resource.struct_name),
            kind_text: Rust::text(&resource.kind),
            path: Rust::name(&resource.path),
            path_text: Rust::text(&resource.path),
            table: Rust::name(&resource.table),
            table_text: Rust::text(&resource.table),
            row: Rust::name(row_name(resource)),
            encrypted: fields
                .iter()
                .filter(|field| field.encrypted)
                .cloned()
                .collect(),
            fields,
            enums: resource.fields.iter().filter_map(EnumView::new).collect(),
            guarded: resource
                .fields
                .iter()
                .filter(|field| field.guarded && !field.write_only)
                .map(|field| Rust::text(&field.name))
                .collect(),
            actions: resource
                .actions
                .iter()
                .map(|action| ActionView::new(service, resource, action, &has))
                .collect(),
            before_create: filling::of_new_file(service, resource).map(Rust::code),
            relations: RelationView::all(resource),
            soft_delete: PurgeView::new(service, resource),
            deleted_position: Rust::code((resource.fields.len() + sql::FIXED.len()).to_string()),
            merged: merged(resource),
            limits: OperationLimits::new(resource),
            is_identity: resource.is_identity,
            registers,
            role: role_field(service, resource).map(|field| Rust::name(&field.rust_ident)),
            precondition_required: resource.concurrency == Concurrency::Required,
            locals: Locals::new(resource),
            imports: Imports::new(service, resource, &has, registers),
            sql: Statements::new(resource),
            columns: columns(service, resource),
            refers: Refers::new(resource),
            held: raw(&deletion::held(service, resource, Way::of(resource))),
            unlinks: raw(&unlink::statements(service, resource)),
            marks: raw(&deletion::marks(service, resource)),
            changes: resource
                .fields
                .iter()
                .any(|field| !field.read_only && !field.immutable),
            has,
        }
    }
}

impl Operations {
    pub(crate) fn new(service: &Service, resource: &Resource) -> Self {
        let has = |operation| resource.has(operation);
        let (create, update, delete) = (
            has(Operation::Create),
            has(Operation::Update),
            has(Operation::Delete),
        );
        let (list, read) = (has(Operation::List), has(Operation::Read));
        let make = create || resource.is_identity;
        let repeat = create && service.auth.is_some();
        let restore = resource.soft_delete.is_some();
        let posts = |on_item: bool| {
            let mut actions = resource.actions.iter();
            service.auth.is_some()
                && actions
                    .any(|action| action.method == Method::Post && action.is_on_item() == on_item)
        };
        let act_again = posts(true) || restore && service.auth.is_some();
        let on_rows = resource.actions.iter().any(|action| action.is_on_item());
        let relates = !resource.relations.is_empty();
        let find = read || update || delete || repeat || on_rows || relates || resource.is_identity;
        let related = resource.related;
        Self {
            list,
            listed: related.listed,
            read,
            create,
            update,
            delete,
            act: resource.acts(),
            defaults: make || update || delete,
            restore,
            act_again,
            done_again: posts(false),
            rules: make || update || delete || !resource.actions.is_empty(),
            repeat,
            find,
            make,
            row: find || list || related.listed || related.named || !resource.referrers.is_empty(),
            input: make || update,
        }
    }

    /// Whether an endpoint names the type of the rows.
    fn names_rows(&self) -> bool {
        self.list || self.read || self.update || self.delete || self.restore
    }
}

fn merged(resource: &Resource) -> Vec<Rust> {
    let merged = resource.fields.iter().filter(|field| {
        matches!(field.kind, FieldKind::Json { .. }) && !field.read_only && !field.immutable
    });
    merged.map(|field| Rust::text(&field.name)).collect()
}

/// The identity's field that names the role.
pub(crate) fn role_field<'a>(service: &Service, resource: &'a Resource) -> Option<&'a Field> {
    let auth = service.auth.as_ref().filter(|_| resource.is_identity)?;
    resource.field(auth.role_field.as_deref()?)
}

fn article(words: &str) -> &'static str {
    if words.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    }
}

/// The resource's own words after its name; its description starts in lower case there.
fn description(resource: &Resource) -> Rust {
    let given = resource.description.as_deref().map(Rust::doc);
    given
        .filter(|words| !words.as_str().is_empty())
        .unwrap_or_else(|| Rust::doc(&format!("{} {}.", article(&resource.words), resource.words)))
}

/// Names that an endpoint or a store function already gives to something else.
const TAKEN: [&str; 26] = [
    "body", "call", "changes", "earlier", "held", "id", "include", "input", "lost", "mark",
    "named", "now", "others", "output", "page", "password", "permit", "query", "reply", "row",
    "scope", "sql", "store", "stored", "unlink", "version",
];

pub(crate) fn row_name(resource: &Resource) -> &str {
    if TAKEN.contains(&resource.module.as_str()) {
        "row"
    } else {
        &resource.module
    }
}

impl EnumView {
    pub(super) fn new(field: &Field) -> Option<Self> {
        let enumeration = field.kind.enumeration()?;
        let choices = enumeration.choices.iter().map(|choice| ChoiceView {
            word: Rust::doc(&choice.value),
            text: Rust::text(&choice.value),
            variant: Rust::name(&choice.variant),
        });
        Some(Self {
            type_name: Rust::name(&enumeration.type_name),
            field: Rust::name(&field.name),
            choices: choices.collect(),
        })
    }
}

impl Locals {
    fn new(resource: &Resource) -> Self {
        let free = |name: &str| {
            let mut name = name.to_owned();
            while resource.fields.iter().any(|field| field.rust_ident == name) {
                name.push('_');
            }
            Rust::code(name)
        };
        Self {
            input: free("input"),
            named: free("named"),
            references: free("references"),
            password: free("password"),
        }
    }
}

impl Imports {
    fn new(service: &Service, resource: &Resource, has: &Operations, registers: bool) -> Self {
        let kind = resource.struct_name.as_str();
        let input = |wanted: bool, end: &str| wanted.then(|| format!("{kind}{end}"));
        let bodies: Vec<String> = [
            input(has.make, "Create"),
            input(registers, "Register"),
            input(has.update, "Update"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let used: Vec<String> = [
            input(has.create, "Create"),
            input(registers, "Register"),
            input(has.update, "Update"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let enums = |used: &dyn Fn(&&Field) -> bool| -> Vec<String> {
            resource
                .fields
                .iter()
                .filter(used)
                .filter_map(enum_name)
                .collect()
        };
        // A creation never names the type of its rows.
        let names_rows = has.names_rows() || !resource.actions.is_empty();
        let mut endpoints: Vec<String> = names_rows.then(|| kind.to_owned()).into_iter().collect();
        endpoints.extend(used);
        endpoints.extend(action::in_endpoints(resource));
        endpoints.extend(has.rules.then(|| "Rules".to_owned()));
        endpoints.extend((has.row || has.create).then(|| "store".to_owned()));
        let named_in_input = |field: &&Field| {
            !field.read_only
                || matches!(
                    field.presence,
                    crate::model::Presence::Default(_) | crate::model::Presence::Required
                )
        };
        Self {
            entities: braced(
                std::iter::once(kind.to_owned())
                    .chain(enums(&|_| true))
                    .collect(),
            ),
            inputs: braced(bodies),
            endpoints: braced(endpoints),
            relations: braced(vec![kind.to_owned(), "store".to_owned()]),
            account: braced(vec![
                kind.to_owned(),
                format!("{kind}Create"),
                "store".to_owned(),
            ]),
            yours: braced(
                std::iter::once("Rules".to_owned())
                    .chain(action::imports(resource))
                    .chain(filling::imports(service, resource))
                    .collect(),
            ),
            for_input: braced(
                std::iter::once(kind.to_owned())
                    .chain(enums(&named_in_input))
                    .collect(),
            ),
        }
    }
}

fn enum_name(field: &Field) -> Option<String> {
    let enumeration = field.kind.enumeration()?;
    Some(enumeration.type_name.clone())
}

/// The tail of an import: one name, or several in braces, in rustfmt's order.
pub(super) fn braced(names: Vec<String>) -> Rust {
    let mut names: Vec<String> = names
        .into_iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    names.sort_by(|a, b| order(a).cmp(&order(b)));
    match names.as_slice() {
        [only] => Rust::name(only),
        _ => Rust::code(format!("{{{}}}", names.join(", "))),
    }
}

/// Types before modules.
fn order(name: &str) -> (bool, &str) {
    (name.starts_with(|c: char| c.is_ascii_lowercase()), name)
}

impl Statements {
    fn new(resource: &Resource) -> Self {
        Self {
            select: Rust::raw(&sql::select_live(resource)),
            find: Rust::raw(&sql::find(resource)),
            several: Rust::raw(&sql::select_several(resource)),
            insert: Rust::raw(&sql::insert(resource)),
            update: Rust::raw(&sql::update(resource)),
            delete: Rust::raw(&sql::delete(resource)),
        }
    }
}
