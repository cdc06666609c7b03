//! The conditions of a list.

use serde_json::Value;

use super::{Column, Kind};
use crate::json;
use crate::rule::{Number, Rule as _, Whole};
use crate::value::{
    Date, Decimal, Id, Scalar, Span, SqlValue, TimeOfDay, Timestamp, WideInteger, parse_ip,
};

/// How many values `in` takes.
const MOST_VALUES: usize = 100;

/// How long a text to search for may be, in characters.
pub(super) const LONGEST_SEARCH: usize = 200;

/// How a column is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operator {
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
    In,
    Contains,
}

impl Operator {
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "lt" => Self::Lt,
            "lte" => Self::Lte,
            "gt" => Self::Gt,
            "gte" => Self::Gte,
            "in" => Self::In,
            "contains" => Self::Contains,
            _ => return None,
        })
    }

    fn suits(self, column: &Column) -> bool {
        match self {
            Self::Contains => column.list || matches!(column.kind, Kind::Text | Kind::Email),
            _ if column.list => false,
            Self::Eq | Self::Ne | Self::In => true,
            Self::Lt | Self::Lte | Self::Gt | Self::Gte => !matches!(
                column.kind,
                Kind::Boolean | Kind::Ip | Kind::Reference | Kind::Choice(_)
            ),
        }
    }
}

/// One condition, with values of the column's type.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub(super) column: &'static Column,
    pub(super) operator: Operator,
    pub(super) values: Vec<SqlValue>,
}

/// Why a condition is refused.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) code: &'static str,
    pub(super) detail: String,
}

impl Filter {
    pub(super) fn read(
        column: &'static Column,
        operator: Operator,
        text: &str,
    ) -> Result<Self, Refused> {
        if !operator.suits(column) {
            return Err(refused(
                "operator",
                "this operator does not suit the field's type",
            ));
        }
        let values = match operator {
            Operator::In => several(column.kind, text)?,
            Operator::Contains if column.list => vec![element(column.kind, text)?],
            Operator::Contains => vec![search(text)?],
            _ => vec![value(column.kind, text)?],
        };
        Ok(Self {
            column,
            operator,
            values,
        })
    }
}

fn several(kind: Kind, text: &str) -> Result<Vec<SqlValue>, Refused> {
    let items: Vec<_> = text.split(',').collect();
    if items.len() > MOST_VALUES {
        return Err(refused(
            "max_items",
            format!("must list at most {MOST_VALUES} values"),
        ));
    }
    items.into_iter().map(|item| value(kind, item)).collect()
}

/// A value as an element of a stored list.
fn element(kind: Kind, text: &str) -> Result<SqlValue, Refused> {
    Ok(match value(kind, text)? {
        SqlValue::Real(number) => SqlValue::Text(format!("{number:?}")),
        other => other,
    })
}

/// A regular expression that finds the text itself, in any case.
fn search(text: &str) -> Result<SqlValue, Refused> {
    if text.chars().count() > LONGEST_SEARCH {
        return Err(refused(
            "max_length",
            format!("must be at most {LONGEST_SEARCH} characters long"),
        ));
    }
    Ok(SqlValue::Text(format!("(?i){}", regex::escape(text))))
}

fn value(kind: Kind, text: &str) -> Result<SqlValue, Refused> {
    let read = match kind {
        Kind::Text => Some(SqlValue::from(text)),
        Kind::Email => Some(SqlValue::Text(text.to_ascii_lowercase())),
        Kind::Integer => integer(text),
        Kind::WideInteger => sql(WideInteger::parse(text)),
        Kind::Number => number(text),
        Kind::Decimal => sql(Decimal::parse(text)),
        Kind::Boolean => boolean(text),
        Kind::Uuid | Kind::Reference => sql(Id::parse(text)),
        Kind::Date => sql(Date::parse(text)),
        Kind::Time => sql(TimeOfDay::parse(text)),
        Kind::Datetime => sql(Timestamp::parse(text)),
        Kind::Duration => sql(Span::parse(text)),
        Kind::Ip => sql(parse_ip(text)),
        Kind::Choice(words) => words.contains(&text).then(|| SqlValue::from(text)),
    };
    read.ok_or_else(|| misread(kind))
}

/// What a value of the type looks like.
fn misread(kind: Kind) -> Refused {
    let (code, detail) = match kind {
        Kind::Text | Kind::Email => ("type", "must be text"),
        Kind::Integer => ("type", "must be an integer"),
        Kind::WideInteger => ("type", "must be an integer of 64 bits"),
        Kind::Number => ("type", "must be a number"),
        Kind::Decimal => ("decimal", "must be a decimal number"),
        Kind::Boolean => ("type", "must be true or false"),
        Kind::Uuid | Kind::Reference => ("uuid", "must be a UUID"),
        Kind::Date => ("date", "must be a date such as 2026-01-31"),
        Kind::Time => ("time", "must be a time such as 23:59:00"),
        Kind::Datetime => ("datetime", "must be an RFC 3339 date and time"),
        Kind::Duration => ("duration", "must be an ISO 8601 duration"),
        Kind::Ip => ("ip", "must be an IP address"),
        Kind::Choice(words) => {
            return refused("choice", format!("must be one of: {}", words.join(", ")));
        }
    };
    refused(code, detail)
}

fn sql<T: Scalar>(value: Option<T>) -> Option<SqlValue> {
    value.as_ref().map(Scalar::to_sql)
}

fn integer(text: &str) -> Option<SqlValue> {
    let WideInteger(number) = WideInteger::parse(text)?;
    sql(Whole::new().check(&Value::from(number)).ok())
}

/// In the grammar of JSON, so that a filter takes what a body takes.
fn number(text: &str) -> Option<SqlValue> {
    let number = json::parse(text.as_bytes()).ok()?;
    sql(Number::new().check(&number).ok())
}

fn boolean(text: &str) -> Option<SqlValue> {
    match text {
        "true" => Some(SqlValue::from(true)),
        "false" => Some(SqlValue::from(false)),
        _ => None,
    }
}

fn refused(code: &'static str, detail: impl Into<String>) -> Refused {
    Refused {
        code,
        detail: detail.into(),
    }
}
