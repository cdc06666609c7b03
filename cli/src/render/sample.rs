//! Legal values for fields: what a first administrator is filled up with, and what generated tests send.

use serde_json::Value;

use crate::model::{
    Auth, Field, FieldKind, Moment, Range, Resource, Service, TextRule, TextShape, address, fits,
    texts_of,
};

/// A legal value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sample {
    /// The same every time.
    Fixed(Value),
    /// Text in which a number makes the difference.
    Numbered { before: String, after: String },
    /// A whole number, counted on from here.
    Counted(i64),
}

/// A legal value of the field; for a unique field one that differs by a number. `None` where the
/// rules are too intricate to meet them by guessing.
pub(crate) fn of(field: &Field) -> Option<Sample> {
    if field.unique {
        return numbered(field);
    }
    fixed(field).map(Sample::Fixed)
}

/// A legal value for a field of a resource: one that differs by a number where no two rows may share the field, or a set of
/// fields with it.
pub(crate) fn within(resource: &Resource, field: &Field) -> Option<Sample> {
    let in_a_set = resource
        .unique
        .iter()
        .any(|set| set.contains(&field.column));
    let numbered = || numbered(field).filter(|_| in_a_set);
    numbered().or_else(|| of(field))
}

/// A legal value that is the same every time.
pub(crate) fn fixed(field: &Field) -> Option<Value> {
    let stated = field.example.as_ref().or(field.default());
    match stated {
        Some(literal) => Some(literal.wire()),
        None => of_kind(&field.kind),
    }
}

/// A legal value of a type with its limits.
pub(crate) fn of_kind(kind: &FieldKind) -> Option<Value> {
    Some(match kind {
        FieldKind::Text(rule) => Value::from(text(rule, &["Admin", "Aa"])?),
        FieldKind::Integer(range) => Value::from(near(range, 1)),
        FieldKind::WideInteger(range) => Value::from(near(range, 1).to_string()),
        FieldKind::Number(range) => Value::from(range.min.or(range.max).unwrap_or(1.5)),
        FieldKind::Decimal { scale, range } => {
            let limit = range.min.as_ref().or(range.max.as_ref());
            let one = || {
                if *scale == 0 {
                    "1".into()
                } else {
                    format!("1.{}", "0".repeat((*scale).into()))
                }
            };
            Value::from(limit.map_or_else(one, |value| value.wire.clone()))
        }
        FieldKind::Boolean => Value::from(true),
        FieldKind::Uuid => Value::from("00000000-0000-7000-8000-000000000001"),
        FieldKind::Date(range) => moment(range, "2026-01-31"),
        FieldKind::Time(range) => moment(range, "12:30:00"),
        FieldKind::Datetime(range) => moment(range, "2026-01-31T12:30:00.000Z"),
        FieldKind::Duration(range) => moment(range, "PT15M"),
        FieldKind::Ip => Value::from("192.0.2.1"),
        FieldKind::Enum(choices) => Value::from(choices.choices.first()?.value.as_str()),
        FieldKind::List(rule) => Value::Array(vec![of_kind(&rule.of)?]),
        FieldKind::Json { .. } => Value::Object(serde_json::Map::new()),
        FieldKind::Bytes { max } => Value::from(if *max < 3 { "" } else { "YWJj" }),
        // An id that no row has is legal in form alone.
        FieldKind::Reference(_) => return None,
    })
}

fn moment(range: &Range<Moment>, plain: &str) -> Value {
    let limit = range.min.as_ref().or(range.max.as_ref());
    Value::from(limit.map_or(plain, |moment| moment.wire.as_str()))
}

fn near(range: &Range<i64>, wish: i64) -> i64 {
    let least = range.min.map_or(wish, |min| min.max(wish));
    range.max.map_or(least, |max| max.min(least))
}

/// What a first administrator is made of beside its address, its role and its password: a legal value for each field that a
/// creation demands, where one can be guessed.
pub(crate) fn of_administrator<'a>(
    auth: &'a Auth,
    identity: &'a Resource,
) -> impl Iterator<Item = (&'a Field, Option<Value>)> {
    let set = |name: &str| name == "email" || Some(name) == auth.role_field.as_deref();
    let fields = identity.fields.iter();
    let wanted = fields.filter(move |it| it.is_required() && !it.read_only && !set(&it.name));
    wanted.map(|field| (field, fixed(field)))
}

/// A field that every administrator must have, and of which no legal value can be guessed. Without a role nobody is one.
#[must_use]
pub fn unknown_of_administrator(service: &Service) -> Option<&Field> {
    let (auth, identity) = service.auth.as_ref().zip(service.identity())?;
    auth.admin_role.as_ref()?;
    let mut unknown = of_administrator(auth, identity).filter(|(_, value)| value.is_none());
    unknown.next().map(|(field, _)| field)
}

/// Whether tests can make themselves a first administrator.
pub(crate) fn has_administrator(service: &Service) -> bool {
    let role = service
        .auth
        .as_ref()
        .and_then(|auth| auth.admin_role.as_ref());
    let email = service.identity().and_then(|it| it.field("email"));
    let email = email.and_then(address::of_tests);
    role.is_some() && email.is_some() && unknown_of_administrator(service).is_none()
}

fn numbered(field: &Field) -> Option<Sample> {
    match &field.kind {
        FieldKind::Text(rule) if rule.shape == TextShape::Email => {
            let (before, after) = address::numbered(field)?;
            Some(Sample::Numbered { before, after })
        }
        FieldKind::Text(rule) => numbered_text(rule),
        FieldKind::Integer(range) => {
            let start = near(range, 1);
            let room = range
                .max
                .is_none_or(|max| max.saturating_sub(start) > 1_000);
            room.then_some(Sample::Counted(start))
        }
        FieldKind::Uuid => Some(parts("00000000-0000-7000-8000-00000000000", "")),
        FieldKind::Ip => Some(parts("192.0.2.", "")),
        _ => None,
    }
}

fn numbered_text(rule: &TextRule) -> Option<Sample> {
    let before = match rule.shape {
        TextShape::Url => "https://example.com/",
        TextShape::Phone => "+1202555010",
        _ => "value ",
    };
    let shortest = before.chars().count() + 1;
    let padding = usize::try_from(rule.min).ok()?.saturating_sub(shortest);
    let before = match rule.shape {
        TextShape::Url => format!("{before}{}", "a".repeat(padding)),
        _ => format!("{}{before}", "a".repeat(padding)),
    };
    let fits = |number: &&str| fits(rule, &format!("{before}{number}"));
    let all_fit = ["1", "2", "9"].iter().all(fits);
    all_fit.then(|| parts(&before, ""))
}

/// Whether the numbers of a sample may have a second digit.
pub(crate) fn takes_two_digits(kind: &FieldKind, before: &str, after: &str) -> bool {
    match kind {
        FieldKind::Text(rule) => ["10", "99"]
            .iter()
            .all(|n| fits(rule, &format!("{before}{n}{after}"))),
        FieldKind::Uuid => false,
        _ => true,
    }
}

fn parts(before: &str, after: &str) -> Sample {
    Sample::Numbered {
        before: before.to_owned(),
        after: after.to_owned(),
    }
}

/// A text that the rule accepts: one of the wishes, a guess, or one that its pattern was read for.
fn text(rule: &TextRule, wishes: &[&str]) -> Option<String> {
    let long = "a".repeat(usize::try_from(rule.min).ok()?.min(10_000));
    let plain: &[&str] = match rule.shape {
        TextShape::Email => &["someone@example.com", "a@b.co", "a@b"],
        TextShape::Url => &["https://example.com/", "http://a"],
        TextShape::Phone => &["+12025550100"],
        TextShape::String | TextShape::Text => wishes,
    };
    let guesses = [
        "a", "A", "1", "a1", "A1", "abc", "ABC", "123", "12345", "AB-1", "ABC-123", "abc-def",
        "a_b", "#aabbcc", "1.0.0",
    ];
    let all = plain.iter().chain(&guesses).copied().chain([long.as_str()]);
    let guessed = all.into_iter().find(|guess| fits(rule, guess));
    let read = || {
        let mut texts = texts_of(rule.pattern.as_deref()?);
        texts.find(|text| fits(rule, text))
    };
    guessed.map(str::to_owned).or_else(read)
}
