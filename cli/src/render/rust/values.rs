//! Types, rules and values of fields as Rust writes them.

use std::net::IpAddr;

use crate::model::{
    Enumeration, Field, FieldKind, Format, Literal, Moment, Presence, Range, TextRule, TextShape,
};
use crate::render::code::Rust;
use crate::render::sample;

/// The type of the value, without the `Option` of an optional field.
pub(crate) fn base_type(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Text(_) => "String".into(),
        FieldKind::Integer(_) => "i64".into(),
        FieldKind::WideInteger(_) => "WideInteger".into(),
        FieldKind::Number(_) => "f64".into(),
        FieldKind::Decimal { .. } => "Decimal".into(),
        FieldKind::Boolean => "bool".into(),
        FieldKind::Uuid | FieldKind::Reference(_) => "Id".into(),
        FieldKind::Date(_) => "Date".into(),
        FieldKind::Time(_) => "TimeOfDay".into(),
        FieldKind::Datetime(_) => "Timestamp".into(),
        FieldKind::Duration(_) => "Span".into(),
        FieldKind::Ip => "IpAddr".into(),
        FieldKind::Enum(choices) => choices.type_name.clone(),
        FieldKind::Bytes { .. } => "Bytes".into(),
        FieldKind::List(rule) => format!("Vec<{}>", base_type(&rule.of)),
        FieldKind::Json { .. } => "Json".into(),
    }
}

/// The type of the field in a stored row.
pub(crate) fn row_type(field: &Field) -> String {
    let base = base_type(&field.kind);
    if field.is_nullable() {
        format!("Option<{base}>")
    } else {
        base
    }
}

/// The type of the static that checks the field.
pub(crate) fn rule_type(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Text(_) => "Text".into(),
        FieldKind::Integer(_) => "Whole".into(),
        FieldKind::WideInteger(_) => "WideWhole".into(),
        FieldKind::Number(_) => "Number".into(),
        FieldKind::Decimal { .. } => "DecimalRule".into(),
        FieldKind::Boolean => "Flag".into(),
        FieldKind::Uuid | FieldKind::Reference(_) => "Uuid".into(),
        FieldKind::Date(_) => "DateRule".into(),
        FieldKind::Time(_) => "TimeRule".into(),
        FieldKind::Datetime(_) => "DatetimeRule".into(),
        FieldKind::Duration(_) => "DurationRule".into(),
        FieldKind::Ip => "IpRule".into(),
        FieldKind::Enum(choices) => format!("Choices<{}>", choices.type_name),
        FieldKind::Bytes { .. } => "BytesRule".into(),
        FieldKind::List(rule) => format!("ListRule<{}>", rule_type(&rule.of)),
        FieldKind::Json { .. } => "JsonRule".into(),
    }
}

/// The value of the static that checks the field.
pub(crate) fn rule(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Text(rule) => text_rule(rule),
        FieldKind::Integer(range) => limited("Whole::new()", range, |n| integer(*n)),
        FieldKind::WideInteger(range) => limited("WideWhole::new()", range, |n| integer(*n)),
        FieldKind::Number(range) => limited("Number::new()", range, |n| number(*n)),
        FieldKind::Decimal { scale, range } => {
            limited(&format!("DecimalRule::new({scale})"), range, |value| {
                quoted(&value.wire)
            })
        }
        FieldKind::Boolean => "Flag".into(),
        FieldKind::Uuid | FieldKind::Reference(_) => "Uuid".into(),
        FieldKind::Ip => "IpRule".into(),
        FieldKind::Date(range) => moments("DateRule", range),
        FieldKind::Time(range) => moments("TimeRule", range),
        FieldKind::Datetime(range) => moments("DatetimeRule", range),
        FieldKind::Duration(range) => moments("DurationRule", range),
        FieldKind::Enum(_) => "Choices::new()".into(),
        FieldKind::List(list) => {
            let (of, max) = (rule(&list.of), integer(list.max_items.into()));
            format!("ListRule::new({of}, {max})")
        }
        FieldKind::Json { max_bytes } => {
            let max = integer(i64::try_from(*max_bytes).unwrap_or(i64::MAX));
            format!("JsonRule::new({max})")
        }
        FieldKind::Bytes { max } => {
            format!(
                "BytesRule::new().max({})",
                integer(i64::try_from(*max).unwrap_or(i64::MAX))
            )
        }
    }
}

fn text_rule(rule: &TextRule) -> String {
    let shape = match rule.shape {
        TextShape::String => "string",
        TextShape::Text => "text",
        TextShape::Email => "email",
        TextShape::Url => "url",
        TextShape::Phone => "phone",
    };
    let mut out = format!("Text::{shape}()");
    if rule.min > 0 {
        out += &format!(".min({})", integer(rule.min.into()));
    }
    out += &format!(".max({})", integer(rule.max.into()));
    if rule.trim {
        out += ".trim()";
    }
    if let Some(pattern) = &rule.pattern {
        out += &format!(".pattern({})", quoted(pattern));
    }
    match rule.format {
        Some(Format::PersonName) => out + ".format(Format::PersonName)",
        None => out,
    }
}

fn moments(rule: &str, range: &Range<Moment>) -> String {
    limited(&format!("{rule}::new()"), range, |moment| {
        quoted(&moment.wire)
    })
}

fn limited<T>(start: &str, range: &Range<T>, write: impl Fn(&T) -> String) -> String {
    let min = range
        .min
        .as_ref()
        .map(|value| format!(".min({})", write(value)));
    let max = range
        .max
        .as_ref()
        .map(|value| format!(".max({})", write(value)));
    format!(
        "{start}{}{}",
        min.unwrap_or_default(),
        max.unwrap_or_default()
    )
}

/// A checked value of the spec as an expression of the field's own type.
pub(crate) fn literal(literal: &Literal, kind: &FieldKind) -> String {
    match literal {
        Literal::Text(text) => format!("{}.to_owned()", quoted(text)),
        Literal::Integer(value) => integer(*value),
        Literal::WideInteger(value) => format!("WideInteger({})", integer(*value)),
        Literal::Number(value) => number(*value),
        Literal::Decimal(value) => {
            format!("Decimal::from_ten_thousandths({})", integer(value.units))
        }
        Literal::Boolean(value) => value.to_string(),
        Literal::Uuid(text) => parsed("Id", text),
        Literal::Date(moment) => parsed("Date", &moment.wire),
        Literal::Time(moment) => parsed("TimeOfDay", &moment.wire),
        Literal::Datetime(moment) => format!("Timestamp::from_millis({})", integer(moment.ms)),
        Literal::Duration(moment) => parsed("Span", &moment.wire),
        Literal::Ip(text) => address(text),
        Literal::Choice(choice) => format!("{}::{}", base_type(kind), choice.variant),
        Literal::Bytes { bytes, .. } => {
            let bytes: Vec<String> = bytes.iter().map(u8::to_string).collect();
            format!("Bytes(vec![{}])", bytes.join(", "))
        }
        Literal::List(items) => {
            let of = match kind {
                FieldKind::List(rule) => &rule.of,
                other => other,
            };
            let items: Vec<String> = items.iter().map(|item| self::literal(item, of)).collect();
            format!("vec![{}]", items.join(", "))
        }
        Literal::Json(value) => parsed("Json", &value.to_string()),
    }
}

/// The spec's value was parsed before it got here; the default is never taken.
fn parsed(name: &str, text: &str) -> String {
    format!("{name}::parse({}).unwrap_or_default()", quoted(text))
}

fn address(text: &str) -> String {
    match text.parse() {
        Ok(IpAddr::V4(address)) => format!("IpAddr::from({:?})", address.octets()),
        Ok(IpAddr::V6(address)) => format!("IpAddr::from({:?})", address.segments()),
        Err(_) => "IpAddr::from([0, 0, 0, 0])".into(),
    }
}

/// What a field holds that nobody may send: its default, nothing, or the type's zero, which a rule of
/// the project replaces.
pub(crate) fn initial(field: &Field) -> String {
    match &field.presence {
        Presence::Default(value) => literal(value, &field.kind),
        Presence::Optional => "None".into(),
        Presence::Required => zero(&field.kind),
    }
}

/// What a project's own action answers with before it is written: nothing, where nothing is legal; else the zero of the
/// type, or a legal value where the field's rules refuse the zero.
pub(crate) fn placeholder(field: &Field) -> String {
    if field.is_nullable() {
        return "None".into();
    }
    let zero = zero(&field.kind);
    match sample::of_kind(&field.kind).filter(|_| !takes_zero(&field.kind)) {
        Some(sample) => from_wire(&field.kind, &sample).unwrap_or(zero),
        None => zero,
    }
}

/// Whether the zero of the type is legal under these limits.
fn takes_zero(kind: &FieldKind) -> bool {
    let within = |min: Option<i64>, max: Option<i64>| {
        min.is_none_or(|min| min <= 0) && max.is_none_or(|max| max >= 0)
    };
    match kind {
        FieldKind::Text(rule) => {
            let plain = matches!(rule.shape, TextShape::String | TextShape::Text);
            plain && rule.min == 0 && rule.pattern.is_none()
        }
        FieldKind::Integer(range) | FieldKind::WideInteger(range) => within(range.min, range.max),
        FieldKind::Number(range) => {
            range.min.is_none_or(|min| min <= 0.0) && range.max.is_none_or(|max| max >= 0.0)
        }
        FieldKind::Decimal { range, .. } => within(
            range.min.as_ref().map(|value| value.units),
            range.max.as_ref().map(|value| value.units),
        ),
        FieldKind::Date(range)
        | FieldKind::Time(range)
        | FieldKind::Datetime(range)
        | FieldKind::Duration(range) => within(
            range.min.as_ref().map(|moment| moment.ms),
            range.max.as_ref().map(|moment| moment.ms),
        ),
        _ => true,
    }
}

/// A legal value as an expression of the field's own type.
fn from_wire(kind: &FieldKind, value: &serde_json::Value) -> Option<String> {
    let text = || value.as_str().map(quoted);
    Some(match kind {
        FieldKind::Text(_) => format!("{}.to_owned()", text()?),
        FieldKind::Integer(_) => integer(value.as_i64()?),
        FieldKind::WideInteger(_) => {
            format!("WideInteger({})", integer(value.as_str()?.parse().ok()?))
        }
        FieldKind::Number(_) => number(value.as_f64()?),
        FieldKind::Date(_)
        | FieldKind::Time(_)
        | FieldKind::Datetime(_)
        | FieldKind::Duration(_) => {
            format!(
                "{}::parse({}).unwrap_or_default()",
                base_type(kind),
                text()?
            )
        }
        FieldKind::Decimal { range, .. } => {
            let limit = range.min.as_ref().or(range.max.as_ref())?;
            format!("Decimal::from_ten_thousandths({})", integer(limit.units))
        }
        _ => return None,
    })
}

fn zero(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Text(_) => "String::new()".into(),
        FieldKind::Integer(_) => "0".into(),
        FieldKind::Number(_) => "0.0".into(),
        FieldKind::Boolean => "false".into(),
        FieldKind::WideInteger(_) => "WideInteger(0)".into(),
        FieldKind::Decimal { .. } => "Decimal::from_ten_thousandths(0)".into(),
        FieldKind::Datetime(_) => "Timestamp::from_millis(0)".into(),
        FieldKind::Ip => "IpAddr::from([0, 0, 0, 0])".into(),
        FieldKind::Bytes { .. } => "Bytes(Vec::new())".into(),
        FieldKind::List(_) => "Vec::new()".into(),
        FieldKind::Json { .. } => "Json::default()".into(),
        FieldKind::Enum(choices) => first_choice(choices),
        FieldKind::Uuid
        | FieldKind::Reference(_)
        | FieldKind::Date(_)
        | FieldKind::Time(_)
        | FieldKind::Duration(_) => {
            format!("{}::default()", base_type(kind))
        }
    }
}

fn first_choice(choices: &Enumeration) -> String {
    let variant = choices.choices.first().map_or("", |choice| &choice.variant);
    format!("{}::{variant}", choices.type_name)
}

/// How a list filters and sorts by the field; `None` where it cannot.
pub(crate) fn list_kind(kind: &FieldKind) -> Option<String> {
    let kind = match kind {
        FieldKind::Text(rule) if rule.shape == TextShape::Email => "Email".into(),
        FieldKind::Text(_) => "Text".into(),
        FieldKind::Integer(_) => "Integer".into(),
        FieldKind::WideInteger(_) => "WideInteger".into(),
        FieldKind::Number(_) => "Number".into(),
        FieldKind::Decimal { .. } => "Decimal".into(),
        FieldKind::Boolean => "Boolean".into(),
        FieldKind::Uuid => "Uuid".into(),
        FieldKind::Reference(_) => "Reference".into(),
        FieldKind::Date(_) => "Date".into(),
        FieldKind::Time(_) => "Time".into(),
        FieldKind::Datetime(_) => "Datetime".into(),
        FieldKind::Duration(_) => "Duration".into(),
        FieldKind::Ip => "Ip".into(),
        FieldKind::Enum(choices) => {
            let values: Vec<String> = choices
                .choices
                .iter()
                .map(|choice| quoted(&choice.value))
                .collect();
            format!("Choice(&[{}])", values.join(", "))
        }
        FieldKind::List(rule) => return list_kind(&rule.of),
        FieldKind::Bytes { .. } | FieldKind::Json { .. } => return None,
    };
    Some(format!("Kind::{kind}"))
}

pub(crate) fn quoted(text: &str) -> String {
    Rust::text(text).as_str().to_owned()
}

fn integer(number: i64) -> String {
    Rust::integer(number).as_str().to_owned()
}

fn number(number: f64) -> String {
    Rust::number(number).as_str().to_owned()
}
