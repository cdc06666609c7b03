//! Rows as the policies see them, made from the same samples as the bodies of the tests.

use secapi_runtime::authz::{Attribute, Entity};
use serde_json::Value;

use super::oracle::REFERRED;
use crate::model::{Field, FieldKind, Known, Literal, Presence, Reference, Resource, Stored};
use crate::render::sample::{self, Sample};

/// 2026-01-31T00:00:00Z, the day of every sample.
const DAY: i64 = 1_769_817_600_000;
/// 2026-01-31T12:30:00Z, the moment of every sample.
pub(super) const NOW: i64 = DAY + 45_000_000;
const QUARTER_OF_AN_HOUR: i64 = 900_000;

/// A row that was made from a sample body, with this id and, for an identity, this role.
pub(super) fn row(resource: &Resource, id: &str, role: Option<(&str, &str)>) -> Entity {
    let mut attributes = vec![
        ("id", Attribute::String(id.to_owned())),
        ("created_at", Attribute::Datetime(NOW)),
        ("updated_at", Attribute::Datetime(NOW)),
    ];
    for field in resource.fields.iter().filter(|field| !field.write_only) {
        let given = role
            .filter(|(name, _)| *name == field.name)
            .map(|(_, role)| Attribute::String(role.to_owned()));
        attributes.extend(
            given
                .or_else(|| attribute(resource, field))
                .map(|value| (lasting(&field.name), value)),
        );
    }
    attributes.extend(resource.relations.iter().filter_map(|relation| {
        let value = match relation.known()? {
            Known::Members(kind) => Attribute::Entity {
                kind: lasting(kind),
                id: id.to_owned(),
            },
            Known::Set(_) => Attribute::Set(Vec::new()),
        };
        Some((lasting(&relation.name), value))
    }));
    let parents = role
        .map(|(_, role)| ("Role", role.to_owned()))
        .into_iter()
        .collect();
    Entity {
        kind: lasting(&resource.kind),
        id: id.to_owned(),
        attributes,
        parents,
    }
}

/// The engine takes names that live as long as the program, as generated code has them. There are few, and the
/// compiler's run is short.
fn lasting(name: &str) -> &'static str {
    name.to_owned().leak()
}

/// What the attribute is after a creation that names the demanded fields alone.
fn attribute(resource: &Resource, field: &Field) -> Option<Attribute> {
    match &field.presence {
        Presence::Optional => None,
        Presence::Default(literal) => of_literal(literal),
        Presence::Required if field.read_only => zero(&field.kind),
        Presence::Required => of_sample(resource, field),
    }
}

fn of_sample(resource: &Resource, field: &Field) -> Option<Attribute> {
    if let Some(reference) = field.reference() {
        return Some(somebody_elses(reference));
    }
    let value = match sample::within(resource, field)? {
        Sample::Fixed(_) if field.example.is_some() => {
            return field.example.as_ref().and_then(of_literal);
        }
        Sample::Fixed(value) => value,
        Sample::Numbered { before, after } => Value::from(format!("{before}1{after}")),
        Sample::Counted(start) => Value::from(start + 1),
    };
    of_wire(&field.kind, &value)
}

fn of_wire(kind: &FieldKind, value: &Value) -> Option<Attribute> {
    let text = || value.as_str().map(str::to_owned);
    Some(match kind {
        FieldKind::Text(_) | FieldKind::Uuid | FieldKind::Enum(_) => Attribute::String(text()?),
        FieldKind::Integer(_) => Attribute::Long(value.as_i64()?),
        FieldKind::WideInteger(_) => Attribute::Long(text()?.parse().ok()?),
        FieldKind::Decimal { .. } => Attribute::Decimal(decimal(&text()?)),
        FieldKind::Boolean => Attribute::Bool(value.as_bool()?),
        FieldKind::Ip => Attribute::Ip(text()?.parse().ok()?),
        FieldKind::Date(range) => Attribute::Datetime(
            range
                .min
                .as_ref()
                .or(range.max.as_ref())
                .map_or(DAY, |limit| limit.ms),
        ),
        FieldKind::Datetime(range) => Attribute::Datetime(
            range
                .min
                .as_ref()
                .or(range.max.as_ref())
                .map_or(NOW, |limit| limit.ms),
        ),
        FieldKind::Duration(range) => Attribute::Duration(
            range
                .min
                .as_ref()
                .or(range.max.as_ref())
                .map_or(QUARTER_OF_AN_HOUR, |limit| limit.ms),
        ),
        FieldKind::List(rule) => {
            let items = value.as_array()?.iter();
            Attribute::Set(
                items
                    .map(|item| of_wire(&rule.of, item))
                    .collect::<Option<_>>()?,
            )
        }
        FieldKind::Number(_)
        | FieldKind::Time(_)
        | FieldKind::Bytes { .. }
        | FieldKind::Json { .. }
        | FieldKind::Reference(_) => return None,
    })
}

/// A row that was made for the test, and is neither of the callers.
fn somebody_elses(reference: &Reference) -> Attribute {
    Attribute::Entity {
        kind: lasting(&reference.kind),
        id: REFERRED.to_owned(),
    }
}

/// Cedar wants a point in every decimal.
fn decimal(text: &str) -> String {
    if text.contains('.') {
        text.to_owned()
    } else {
        format!("{text}.0")
    }
}

fn of_literal(literal: &Literal) -> Option<Attribute> {
    Some(match (literal, literal.stored()) {
        (Literal::List(items), _) => {
            Attribute::Set(items.iter().map(of_literal).collect::<Option<_>>()?)
        }
        (Literal::Number(_) | Literal::Time(_) | Literal::Bytes { .. } | Literal::Json(_), _) => {
            return None;
        }
        (Literal::Decimal(value), _) => Attribute::Decimal(decimal(&value.wire)),
        (Literal::Boolean(value), _) => Attribute::Bool(*value),
        (Literal::Ip(text), _) => Attribute::Ip(text.parse().ok()?),
        (Literal::Date(moment) | Literal::Datetime(moment), _) => Attribute::Datetime(moment.ms),
        (Literal::Duration(moment), _) => Attribute::Duration(moment.ms),
        (_, Stored::Integer(value)) => Attribute::Long(value),
        (_, Stored::Text(text)) => Attribute::String(text),
        (_, Stored::Real(_) | Stored::Blob(_)) => return None,
    })
}

/// What a field holds that only a rule of the project fills.
fn zero(kind: &FieldKind) -> Option<Attribute> {
    Some(match kind {
        FieldKind::Text(_) => Attribute::String(String::new()),
        FieldKind::Uuid => Attribute::String("00000000-0000-0000-0000-000000000000".into()),
        FieldKind::Enum(choices) => Attribute::String(choices.choices.first()?.value.clone()),
        FieldKind::Integer(_) | FieldKind::WideInteger(_) => Attribute::Long(0),
        FieldKind::Decimal { .. } => Attribute::Decimal("0.0".into()),
        FieldKind::Boolean => Attribute::Bool(false),
        FieldKind::Date(_) | FieldKind::Datetime(_) => Attribute::Datetime(0),
        FieldKind::Duration(_) => Attribute::Duration(0),
        FieldKind::Ip => Attribute::Ip([0, 0, 0, 0].into()),
        FieldKind::Reference(reference) => somebody_elses(reference),
        FieldKind::List(rule) => match *rule.of {
            FieldKind::Number(_) | FieldKind::Time(_) | FieldKind::Bytes { .. } => return None,
            _ => Attribute::Set(Vec::new()),
        },
        FieldKind::Number(_)
        | FieldKind::Time(_)
        | FieldKind::Bytes { .. }
        | FieldKind::Json { .. } => return None,
    })
}
