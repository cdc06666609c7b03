//! Relations: what they relate, on both sides, and the names that they bring along.

use std::collections::{BTreeSet, HashMap};

use secapi_runtime::authz::{RESERVED_KINDS, membership_kind};

use super::former;
use super::reference::Targets;
use super::resource::{is_name, taken};
use crate::diagnostic::{Diagnostics, Span, brief, spec as code};
use crate::model::{InRelations, Known, Relation, Resource, Side, name, reserved};
use crate::spec::{self, Text};

/// The most rows in a set that policies see, and where the spec says nothing.
const MOST: i64 = 1_000;
const DEFAULT: u32 = 100;

/// Names of tables are cut by PostgreSQL beyond this.
const LONGEST_TABLE: usize = 63;

/// Gives every resource the relations that it declares, and those that others declare with an `inverse` there.
pub(super) fn relations(
    raw: &[spec::Resource],
    resources: &mut [Resource],
    targets: &Targets<'_>,
    diagnostics: &mut Diagnostics,
) {
    let mut made: Vec<Made<'_>> = Vec::new();
    for raw in raw {
        // One that is none of the model was reported where it stands, and so was a target that is none.
        let resource = resources.iter().find(|made| made.name == raw.name.value);
        for written in &raw.relations {
            let named = is_named(written, &raw.name.value, diagnostics);
            let to = written.many_to_many.as_ref();
            let to = to.filter(|to| targets.find(to, diagnostics).is_some());
            let other = to.and_then(|to| resources.iter().find(|other| other.name == *to.value));
            let (Some(resource), Some(other)) = (resource, other) else {
                continue;
            };
            let declared = declared(written, resource, other, diagnostics);
            if named {
                made.push(declared);
                made.extend(inverse(written, resource, other));
            }
        }
        let renamed = raw.relations.iter();
        let renamed: Vec<_> = renamed
            .filter_map(|raw| Some((&raw.name, raw.renamed_from.as_ref()?)))
            .collect();
        let what = format!("relation of `{}`", brief(&raw.name.value));
        former::check(&renamed, &what, diagnostics);
    }
    let made = put(made, resources, diagnostics);
    tables(&made, resources, diagnostics);
    kinds(&made, resources, diagnostics);
}

/// A relation on one side, and where it was written.
struct Made<'a> {
    on: String,
    relation: Relation,
    name: &'a Text,
}

/// Whether its names on both sides can be some.
fn is_named(written: &spec::Relation, resource: &str, diagnostics: &mut Diagnostics) -> bool {
    let named = is_name(&written.name, "relation", diagnostics);
    let inverse = written.inverse.as_ref();
    let inverse = inverse.is_none_or(|name| is_name(name, "relation", diagnostics));
    let table = table(resource, &written.name.value);
    if named && table.len() > LONGEST_TABLE {
        let message = format!("the table `{table}` is over {LONGEST_TABLE} characters long");
        let help = "give the relation, or its resource, a shorter name";
        diagnostics.error(&code::NAME, written.name.span, message, help);
    }
    named && inverse
}

fn table(resource: &str, relation: &str) -> String {
    format!("{resource}_{relation}")
}

fn declared<'a>(
    written: &'a spec::Relation,
    resource: &Resource,
    other: &Resource,
    diagnostics: &mut Diagnostics,
) -> Made<'a> {
    let name = &written.name.value;
    let known = known(written, resource, other, diagnostics);
    let mut relation = side(name, resource, other, Side::Declared(known));
    let (camel, pascal) = (name::camel(name), name::pascal(name));
    let kind = &resource.struct_name;
    relation.table = table(&resource.name, name);
    relation.operations = vec![
        format!("{camel}Of{kind}"),
        format!("addTo{pascal}Of{kind}"),
        format!("removeFrom{pascal}Of{kind}"),
    ];
    let verbs = ["read", "add", "remove"];
    relation.actions = verbs.map(|verb| format!("{name}:{verb}")).to_vec();
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    relation.description = text(&written.description);
    relation.renamed_from = text(&written.renamed_from);
    Made {
        on: resource.name.clone(),
        relation,
        name: &written.name,
    }
}

/// The other side can look, and change nothing: there is one action that decides who becomes a member.
fn inverse<'a>(
    written: &'a spec::Relation,
    resource: &Resource,
    other: &Resource,
) -> Option<Made<'a>> {
    let name = written.inverse.as_ref()?;
    let mut relation = side(&name.value, other, resource, Side::Inverse);
    relation.table = table(&resource.name, &written.name.value);
    relation.operations = vec![format!(
        "{}Of{}",
        name::camel(&name.value),
        other.struct_name
    )];
    relation.actions = vec![format!("{}:read", name.value)];
    Some(Made {
        on: other.name.clone(),
        relation,
        name,
    })
}

/// A relation without what only one of its sides has.
fn side(name: &str, resource: &Resource, other: &Resource, side: Side) -> Relation {
    Relation {
        name: name.to_owned(),
        words: name::words(name),
        end: name.replace('_', "-"),
        parameter: format!("{}_id", other.name),
        type_name: format!("{}{}Relation", resource.struct_name, name::pascal(name)),
        rust_ident: name::rust_ident(name),
        operations: Vec::new(),
        actions: Vec::new(),
        to: other.name.clone(),
        module: other.module.clone(),
        kind: other.struct_name.clone(),
        plural_words: other.plural_words.clone(),
        to_words: other.words.clone(),
        to_table: other.table.clone(),
        table: String::new(),
        side,
        description: None,
        renamed_from: None,
    }
}

fn known(
    written: &spec::Relation,
    resource: &Resource,
    other: &Resource,
    diagnostics: &mut Diagnostics,
) -> Known {
    let path = format!(
        "resources.{}.relations.{}.max_items",
        brief(&resource.name),
        brief(&written.name.value)
    );
    if other.is_identity {
        if let Some(most) = written.max_items {
            let message = format!("`{path}` has no meaning for a relation to `{}`", other.name);
            let help =
                "remove it: policies know whether the caller is a member, and not who else is";
            diagnostics.error(&code::MISPLACED_KEY, most.span, message, help);
        }
        return Known::Members(membership_kind(&resource.kind, &written.name.value));
    }
    let Some(most) = written.max_items else {
        return Known::Set(DEFAULT);
    };
    if !(1..=MOST).contains(&most.value) {
        let message = format!("`{path}` is from 1 to {MOST}");
        let help = "policies see every row of the set in every decision";
        diagnostics.error(&code::RANGE, most.span, message, help);
    }
    Known::Set(u32::try_from(most.value).unwrap_or(DEFAULT))
}

/// Gives each resource its relations, its own first, and reports those whose names it has for something else.
fn put<'a>(
    made: Vec<Made<'a>>,
    resources: &mut [Resource],
    diagnostics: &mut Diagnostics,
) -> Vec<(Relation, Span)> {
    let (declared, inverse): (Vec<Made<'a>>, Vec<Made<'a>>) = made
        .into_iter()
        .partition(|made| made.relation.is_declared());
    let mut out = Vec::new();
    for made in declared.into_iter().chain(inverse) {
        let to = made.relation.to.clone();
        let is_declared = made.relation.is_declared();
        if let Some(other) = resources.iter_mut().find(|other| other.name == to) {
            other.related = InRelations {
                listed: true,
                named: other.related.named || is_declared,
            };
        }
        let Some(resource) = resources.iter_mut().find(|it| it.name == made.on) else {
            continue;
        };
        if free(&made, resource, diagnostics) {
            out.push((made.relation.clone(), made.name.span));
            resource.relations.push(made.relation);
        }
    }
    out
}

/// A relation is an attribute in policies, as a field is, and a route beside those of actions. False where it has the name of
/// one of them.
fn free(made: &Made<'_>, resource: &Resource, diagnostics: &mut Diagnostics) -> bool {
    let (name, span) = (made.name.value.as_str(), made.name.span);
    let has = reserved::Has {
        accounts: resource.is_identity,
        restore: resource.soft_delete.is_some(),
    };
    if let Some(reason) = reserved::relation(name, has) {
        let help = format!("choose another, such as `{name}_{}`", resource.name);
        taken(&code::RESERVED_NAME, made.name, reason, &help, diagnostics);
    }
    let field = resource.field(name).map(|_| "a field");
    let action = resource.actions.iter().find(|action| action.name == name);
    let relation = resource.relations.iter().find(|it| it.name == name);
    let other = field
        .or(action.map(|_| "an action"))
        .or(relation.map(|_| "a relation"));
    if let Some(other) = other {
        let message = format!("`{}` has {other} `{name}` as well", resource.name);
        diagnostics.error(&code::COLLISION, span, message, "rename one of them");
        return false;
    }
    let enums = resource.fields.iter().filter_map(|field| {
        let enumeration = field.kind.enumeration()?;
        Some(enumeration.type_name.as_str())
    });
    let types = resource.actions.iter();
    let types = types.flat_map(|it| [&it.type_name, &it.input_type, &it.output_type]);
    let own = &made.relation.type_name;
    if enums.chain(types.map(String::as_str)).any(|it| it == own) {
        let message = format!(
            "`{name}` gets the type `{own}`, which `{}` has",
            resource.name
        );
        diagnostics.error(&code::COLLISION, span, message, "rename one of them");
    }
    true
}

/// The tables of pairs against those of resources, and their indexes among each other.
fn tables(made: &[(Relation, Span)], resources: &[Resource], diagnostics: &mut Diagnostics) {
    let mut taken: HashMap<String, String> = resources
        .iter()
        .map(|resource| (resource.table.clone(), format!("`{}`", resource.name)))
        .collect();
    for (relation, span) in made.iter().filter(|(relation, _)| relation.is_declared()) {
        let index = name::index(&relation.table, Relation::TO, false);
        for name in [relation.table.clone(), index] {
            let what = format!("the relation `{}`", relation.name);
            if let Some(other) = taken.insert(name.clone(), what) {
                let message = format!(
                    "the relation `{}` and {other} both get the table `{name}`",
                    relation.name
                );
                let help = "rename one of them, or give the resource another `plural`";
                diagnostics.error(&code::COLLISION, *span, message, help);
            }
        }
    }
}

/// The entity types of memberships against all others, and the operations among each other.
fn kinds(made: &[(Relation, Span)], resources: &[Resource], diagnostics: &mut Diagnostics) {
    let mut kinds: BTreeSet<&str> = RESERVED_KINDS.iter().copied().collect();
    kinds.extend(resources.iter().map(|resource| resource.kind.as_str()));
    let mut operations: BTreeSet<&str> = BTreeSet::new();
    for (relation, span) in made {
        if let Some(kind) = relation.membership().filter(|kind| !kinds.insert(kind)) {
            let message = format!(
                "`{}` gets the entity type `{kind}`, which policies have for something else",
                relation.name
            );
            diagnostics.error(&code::COLLISION, *span, message, "rename one of them");
        }
        let names = relation.operations.iter();
        for name in names.filter(|name| !operations.insert(name)) {
            let message = format!(
                "`{}` and another relation both get the operation `{name}`",
                relation.name
            );
            diagnostics.error(&code::COLLISION, *span, message, "rename one of them");
        }
    }
}
