//! The view of the identity as an account: `src/generated/_resource_/account.rs`.

use serde::Serialize;
use serde_json::{Map, Value};

use super::resource;
use crate::model::{Auth, Relation, Resource, Service};
use crate::render::code::Rust;
use crate::render::{sample, sql};

#[derive(Debug, Serialize)]
pub(crate) struct AccountView {
    name: Rust,
    word: Rust,
    words: Rust,
    kind: Rust,
    path: Rust,
    imports: Rust,
    by_id: Rust,
    by_email: Rust,
    role_field: Rust,
    admin_role: Rust,
    other_administrators: Rust,
    promote: Rust,
    filler: Rust,
    role: Rust,
    memberships: Option<MembershipsView>,
}

/// What accounts can be members of.
#[derive(Debug, Serialize)]
struct MembershipsView {
    kinds: Vec<Rust>,
    select: Rust,
}

impl AccountView {
    pub(crate) fn new(service: &Service, auth: &Auth, identity: &Resource) -> Self {
        let role = resource::role_field(service, identity);
        let admin = auth.admin_role.as_deref();
        let is_admin = role
            .zip(admin)
            .map(|(field, value)| format!("{} = {}", sql::quote(&field.column), sql::text(value)));
        let kind = &identity.struct_name;
        Self {
            name: Rust::text(&identity.name),
            word: Rust::name(&identity.name),
            words: Rust::doc(&identity.words),
            kind: Rust::name(kind),
            path: Rust::name(&identity.path),
            imports: Rust::code(format!("{{{kind}, {kind}Create, store}}")),
            by_id: Rust::raw(&sql::select_by(identity, "id")),
            by_email: Rust::raw(&sql::select_by(identity, "email")),
            role_field: Rust::code(role.map_or("None".into(), |field| {
                format!("Some({})", Rust::text(&field.name).as_str())
            })),
            admin_role: Rust::code(admin.map_or("None".into(), |role| {
                format!("Some({})", Rust::text(role).as_str())
            })),
            other_administrators: Rust::raw(&other_administrators(identity, is_admin.as_deref())),
            promote: Rust::raw(&promote(identity, is_admin.as_deref())),
            filler: Rust::raw(&filler(auth, identity)),
            role: Rust::code(role.map_or("None".into(), |field| {
                format!("Some(row.{}.as_str())", field.rust_ident)
            })),
            memberships: MembershipsView::new(service),
        }
    }
}

impl MembershipsView {
    fn new(service: &Service) -> Option<Self> {
        let all = service.resources.iter().flat_map(|it| &it.relations);
        let all: Vec<&Relation> = all.filter(|it| it.membership().is_some()).collect();
        let kinds = all.iter().filter_map(|relation| relation.membership());
        (!all.is_empty()).then(|| Self {
            kinds: kinds.map(Rust::text).collect(),
            select: Rust::raw(&sql::memberships(&all)),
        })
    }
}

/// Without a role field every account counts as an administrator of itself, and none is the last. One that is disabled
/// administers nothing.
fn other_administrators(identity: &Resource, is_admin: Option<&str>) -> String {
    let table = sql::quote(&identity.table);
    let is_admin = is_admin
        .map(|is_admin| format!("{is_admin} AND "))
        .unwrap_or_default();
    format!(
        "SELECT count(*) FROM {table} WHERE {is_admin}\"id\" <> ?1 AND \"id\" IN \
         (SELECT account FROM secapi_credentials WHERE disabled_at IS NULL)"
    )
}

fn promote(identity: &Resource, is_admin: Option<&str>) -> String {
    let set = is_admin
        .map(|is_admin| format!("{is_admin}, "))
        .unwrap_or_default();
    format!(
        "UPDATE {} SET {set}\"version\" = \"version\" + 1, \"updated_at\" = ?2 WHERE \"id\" = ?1",
        sql::quote(&identity.table)
    )
}

/// A legal value for every field that a creation demands, apart from those that `create-admin` sets.
fn filler(auth: &Auth, identity: &Resource) -> String {
    let values = sample::of_administrator(auth, identity);
    let values = values.filter_map(|(field, value)| Some((field.name.clone(), value?)));
    Value::Object(values.collect::<Map<_, _>>()).to_string()
}
