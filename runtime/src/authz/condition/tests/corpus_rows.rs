//! Rows of any schema: where a condition looks at a column, the row's value is bound as a column of a service would hold it.

use super::super::shapes::{Shapes, Type};
use super::super::{Field, Output, Parameter};
use crate::store::{Sql, SqlBuilder};
use crate::value::SqlValue;
use cedar_policy::{Entities, EntityId, EntityTypeName, EntityUid, EvalResult};
use serde_json::Value;
use std::str::FromStr;

/// One row, and those that it refers to.
pub(super) struct Rows<'a> {
    entities: &'a Entities,
    shapes: &'a Shapes,
    row: EntityUid,
}

impl<'a> Rows<'a> {
    pub(super) fn new(entities: &'a Entities, shapes: &'a Shapes, row: EntityUid) -> Self {
        Self {
            entities,
            shapes,
            row,
        }
    }

    /// `None` where no column would hold it.
    fn value(&self, of: &EntityUid, field: &Field) -> Option<SqlValue> {
        match field {
            Field::Behind(reference, field) => match self.referred(of, reference)? {
                Some(other) => self.value(&other, field),
                None => Some(SqlValue::Null),
            },
            Field::Role => None,
            Field::Attribute(name) => {
                let Some(entity) = self.entities.get(of) else {
                    return Some(SqlValue::Null);
                };
                match (&**name, entity.attr(name)) {
                    // None of the corpus has an attribute of this name.
                    ("id", _) => text(of.id().unescaped()),
                    (_, None) => Some(SqlValue::Null),
                    (_, Some(value)) => stored(&value.ok()?),
                }
            }
        }
    }

    /// The row that a field refers to, if it refers to any.
    fn referred(&self, of: &EntityUid, reference: &Field) -> Option<Option<EntityUid>> {
        let (of, name) = match reference {
            Field::Behind(before, last) => match self.referred(of, before)? {
                Some(other) => (other, last),
                None => return Some(None),
            },
            own => (of.clone(), &std::sync::Arc::new(own.clone())),
        };
        let Field::Attribute(name) = &**name else {
            return None;
        };
        let SqlValue::Text(id) = self.value(&of, &Field::Attribute(name.clone()))? else {
            return Some(None);
        };
        let shape = self.shapes.attribute(&of.type_name().to_string(), name)?;
        let Some(Type::Entity(kind)) = &shape.kind else {
            return None;
        };
        let kind = EntityTypeName::from_str(kind).ok()?;
        let id = EntityId::new(id);
        Some(Some(EntityUid::from_type_name_and_id(kind, id)))
    }
}

fn text(text: &str) -> Option<SqlValue> {
    (!text.contains('\0')).then(|| SqlValue::Text(text.to_owned()))
}

/// As a column of a service holds a value.
fn stored(value: &EvalResult) -> Option<SqlValue> {
    match value {
        EvalResult::Bool(value) => Some(SqlValue::Integer(i64::from(*value))),
        EvalResult::Long(value) => Some(SqlValue::Integer(*value)),
        EvalResult::String(value) => text(value),
        EvalResult::EntityUid(uid) => text(uid.id().unescaped()),
        EvalResult::ExtensionValue(written) => extension(written).map(SqlValue::Integer),
        EvalResult::Set(elements) => {
            let elements = elements.iter().map(|element| match stored(element)? {
                SqlValue::Integer(number) => Some(Value::from(number)),
                SqlValue::Text(text) => Some(Value::from(text)),
                _ => None,
            });
            let elements: Option<Vec<Value>> = elements.collect();
            Some(SqlValue::Text(Value::Array(elements?).to_string()))
        }
        _ => None,
    }
}

/// `decimal("1.5000")`, `duration("5ms")` or `(datetime("1970-01-01")).offset(duration("5ms"))`: Cedar has one form for each.
/// Addresses are left out, since a service keeps none with a range.
fn extension(written: &str) -> Option<i64> {
    let constants: Vec<&str> = written.split('"').collect();
    match constants.as_slice() {
        [call, number, _] if call.ends_with("decimal(") => {
            let (whole, behind) = number.split_once('.')?;
            format!("{whole}{behind:0<4}").parse().ok()
        }
        [call, number, _] if call.ends_with("duration(") => number.strip_suffix("ms")?.parse().ok(),
        [call, "1970-01-01", _] if call.ends_with("datetime(") => Some(0),
        [call, "1970-01-01", offset, number, _]
            if call.ends_with("datetime(") && offset.ends_with("offset(duration(") =>
        {
            number.strip_suffix("ms")?.parse().ok()
        }
        _ => None,
    }
}

/// A select of one truth.
pub(super) struct Selected<'a> {
    rows: Rows<'a>,
    sql: SqlBuilder,
    is_whole: bool,
}

impl<'a> Selected<'a> {
    pub(super) fn new(rows: Rows<'a>) -> Self {
        let mut sql = SqlBuilder::new();
        sql.push("SELECT ");
        Self {
            rows,
            sql,
            is_whole: true,
        }
    }

    /// `None` where some value could not be bound.
    pub(super) fn finish(self) -> Option<Sql> {
        self.is_whole.then(|| self.sql.build())
    }
}

impl Output for Selected<'_> {
    fn text(&mut self, piece: &'static str) {
        self.sql.push(piece);
    }

    fn parameter(&mut self, value: &Parameter) {
        match value {
            Parameter::Integer(value) => self.sql.bind(*value),
            Parameter::Text(text) => {
                self.is_whole &= !text.contains('\0');
                self.sql.bind(text.as_str())
            }
        };
    }

    fn column(&mut self, field: &Field) {
        let value = self.rows.value(&self.rows.row, field);
        self.is_whole &= value.is_some();
        self.sql.bind(value.unwrap_or(SqlValue::Null));
    }
}
