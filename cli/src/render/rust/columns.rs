//! The columns that a list of the runtime knows.

use serde::Serialize;

use super::resource::role_field;
use super::values;
use crate::model::{Field, FieldKind, Resource, Service, is_attribute};
use crate::render::code::Rust;
use crate::render::sql;

/// One column.
#[derive(Debug, Serialize)]
pub(super) struct ColumnView {
    /// `Column::new(…)` with what follows it.
    code: Rust,
}

/// What a list can filter and sort by, and what policies look at.
pub(super) fn columns(service: &Service, resource: &Resource) -> Vec<ColumnView> {
    let role = role_field(service, resource).map(|field| field.name.as_str());
    let fixed = [
        ("id", "Kind::Uuid"),
        ("created_at", "Kind::Datetime"),
        ("updated_at", "Kind::Datetime"),
    ];
    let fixed = fixed
        .into_iter()
        .map(|(name, kind)| column(name, name, kind, ""));
    let own = resource
        .fields
        .iter()
        .filter(|field| field.is_comparable() || is_attribute(field))
        .filter_map(|field| {
            let kind = values::list_kind(&field.kind)?;
            let is_role = role == Some(field.name.as_str());
            let marks = marks(field, is_role);
            Some(column(&field.name, &field.column, &kind, &marks))
        });
    let sets = resource.sets().map(|relation| {
        let name = &relation.name;
        column(name, name, "Kind::Reference", ".list().hidden()")
    });
    fixed.chain(own).chain(sets).collect()
}

/// What the runtime has to know of a column beside its type.
fn marks(field: &Field, is_role: bool) -> String {
    let marks = [
        (field.guarded, ".guarded()"),
        (field.is_nullable(), ".nullable()"),
        (
            matches!(&field.kind, FieldKind::Text(rule) if rule.is_long()),
            ".long()",
        ),
        (field.search, ".searched()"),
        (matches!(field.kind, FieldKind::List(_)), ".list()"),
        (!field.is_comparable(), ".hidden()"),
        (is_role, ".role()"),
    ];
    let held = marks.iter().filter(|(holds, _)| *holds);
    held.map(|(_, mark)| *mark).collect()
}

fn column(name: &str, column: &str, kind: &str, marks: &str) -> ColumnView {
    let (name, column) = (values::quoted(name), Rust::raw(&sql::quote(column)));
    ColumnView {
        code: Rust::code(format!(
            "Column::new({name}, {}, {kind}){marks}",
            column.as_str()
        )),
    }
}
