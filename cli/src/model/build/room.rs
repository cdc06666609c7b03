//! Whether a body has room for what has to be in it: with a smaller one nobody could ever send it.

use crate::diagnostic::{Diagnostics, Span, spec as code};
use crate::model::value::lengths_of_pattern;
use crate::model::{Auth, Field, FieldKind, Operation, Registration, Resource, Service};
use crate::spec::{self, Spec, Text};

/// The greatest limit that a spec may set.
const MOST: u64 = 64 << 20;
const KIBIBYTE: u64 = 1 << 10;

pub(super) fn check(raw: &Spec, service: &Service, diagnostics: &mut Diagnostics) {
    let limit = service.http.body_limit;
    // One that is out of range is reported where it stands.
    if !(KIBIBYTE..=MOST).contains(&limit) {
        return;
    }
    for resource in &service.resources {
        let Some(raw) = raw
            .resources
            .iter()
            .find(|it| it.name.value == resource.name)
        else {
            continue;
        };
        let auth = service.auth.as_ref().filter(|_| resource.is_identity);
        let mut bodies = vec![Body::of_row(raw, resource, auth)];
        bodies.extend(resource.actions.iter().filter_map(|action| {
            let raw = raw.actions.iter().find(|it| it.name.value == action.name)?;
            Some(Body {
                path: format!("{}.actions.{}.input", resource.name, action.name),
                named: &raw.name,
                raw: raw.input.as_ref().map_or(&[], |input| &input.value),
                fields: action.input.iter().collect(),
                is_made_of_them: true,
                further: 0,
            })
        }));
        for body in bodies {
            body.check(limit, diagnostics);
        }
    }
}

/// The fields that may stand in one body.
struct Body<'a> {
    path: String,
    /// Where they are declared together.
    named: &'a Text,
    raw: &'a [spec::Field],
    fields: Vec<&'a Field>,
    /// Whether a body has to have all that are required.
    is_made_of_them: bool,
    /// The bytes of what is no field.
    further: u64,
}

impl<'a> Body<'a> {
    /// Of what makes a row, and of what changes it.
    fn of_row(raw: &'a spec::Resource, resource: &'a Resource, auth: Option<&Auth>) -> Self {
        let registers = auth.is_some_and(|auth| auth.registration == Registration::Open);
        let makes = resource.has(Operation::Create) || registers;
        let is_sent = makes || resource.has(Operation::Update);
        let fields = resource.fields.iter();
        let password = |auth: &Auth| member("password", 2 + u64::from(auth.passwords.min_length));
        Self {
            path: resource.name.clone(),
            named: &raw.name,
            raw: &raw.fields,
            fields: fields.filter(|it| is_sent && !it.read_only).collect(),
            is_made_of_them: makes,
            further: auth.map_or(0, password),
        }
    }

    fn check(&self, limit: u64, diagnostics: &mut Diagnostics) {
        let mut fits = true;
        for field in &self.fields {
            let needs = BRACES + of_field(field);
            if needs > limit {
                fits = false;
                let message = format!(
                    "nobody could ever send `{}.{}`: a body with it has {needs} bytes at least, and {}",
                    self.path,
                    field.name,
                    allowed(limit)
                );
                let span = self.place(field);
                diagnostics.error(
                    &code::BODY_LIMIT,
                    span,
                    message,
                    way_out(needs, "its `min`"),
                );
            }
        }
        let required = self.fields.iter().filter(|field| field.is_required());
        let sizes = required.map(|field| of_field(field)).chain([self.further]);
        let sizes: Vec<u64> = sizes.filter(|size| *size > 0).collect();
        let commas = u64::try_from(sizes.len().saturating_sub(1)).unwrap_or_default();
        let needs = BRACES + commas + sizes.iter().sum::<u64>();
        if fits && self.is_made_of_them && needs > limit {
            let message = format!(
                "nobody could ever send what `{}` requires: a body with all of it has {needs} bytes at least, and {}",
                self.path,
                allowed(limit)
            );
            let help = way_out(needs, "the `min` of its fields");
            diagnostics.error(&code::BODY_LIMIT, self.named.span, message, help);
        }
    }

    fn place(&self, field: &Field) -> Span {
        let raw = self.raw.iter().find(|raw| raw.name.value == field.name);
        let limit = raw.and_then(|raw| raw.min.as_ref()).map(|min| min.span);
        limit
            .or(raw.map(|raw| raw.name.span))
            .unwrap_or(self.named.span)
    }
}

fn allowed(limit: u64) -> String {
    format!("`http.body_limit` allows {limit}")
}

fn way_out(needs: u64, other: &str) -> String {
    match needs <= MOST {
        true => format!(
            "write `body_limit: {}KiB` or more under `http`, or lower {other}",
            needs.div_ceil(KIBIBYTE)
        ),
        false => format!("lower {other}: no body is over 64 MiB"),
    }
}

/// `{}`
const BRACES: u64 = 2;

/// `"name":value`
fn of_field(field: &Field) -> u64 {
    member(&field.name, least(&field.kind))
}

fn member(name: &str, value: u64) -> u64 {
    let name = u64::try_from(name.len()).unwrap_or(u64::MAX);
    name.saturating_add(3).saturating_add(value)
}

/// The fewest bytes of a value in JSON, or fewer: nothing that could be sent is refused for them.
fn least(kind: &FieldKind) -> u64 {
    match kind {
        FieldKind::Text(rule) => {
            let matching = rule.pattern.as_deref().and_then(lengths_of_pattern);
            let least = matching.map_or(0, |(least, _)| least).max(rule.min);
            2 + u64::from(least)
        }
        FieldKind::Enum(enumeration) => {
            let lengths = enumeration.choices.iter().map(|it| it.value.len());
            2 + u64::try_from(lengths.min().unwrap_or_default()).unwrap_or_default()
        }
        // Without hyphens, and the rest as short as any of its kind.
        FieldKind::Uuid | FieldKind::Reference(_) => 34,
        FieldKind::Date(_) | FieldKind::Datetime(_) => 12,
        FieldKind::Boolean | FieldKind::Ip => 4,
        FieldKind::WideInteger(_) | FieldKind::Decimal { .. } => 3,
        FieldKind::Time(_) | FieldKind::Duration(_) => 3,
        FieldKind::Bytes { .. } | FieldKind::List(_) => 2,
        FieldKind::Integer(_) | FieldKind::Number(_) | FieldKind::Json { .. } => 1,
    }
}
