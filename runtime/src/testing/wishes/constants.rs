//! Constants of policies as bodies have them, with what lies next to them.

use super::Given;
use crate::value::{Date, Decimal, Span, Timestamp};
use cedar_policy::pst::{BinaryOp, Expr, Literal, PatternElem, UnaryOp};
use serde_json::Value;

const DAY: i64 = 86_400_000;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constant {
    Bool(bool),
    Long(i64),
    Text(String),
    /// Ten-thousandths.
    Decimal(i64),
    /// Milliseconds since 1970.
    Moment(i64),
    /// Milliseconds.
    Span(i64),
    Ip(String),
}

impl Constant {
    /// The forms that it can have in a body: which of them a field takes, its type says.
    pub(super) fn forms(&self) -> Vec<Value> {
        match self {
            Self::Bool(value) => vec![(*value).into()],
            // As a number, or wide.
            Self::Long(value) => vec![(*value).into(), value.to_string().into()],
            Self::Text(text) | Self::Ip(text) => vec![text.as_str().into()],
            Self::Decimal(value) => vec![decimal(*value).into()],
            Self::Moment(at) => [moment(*at), day(*at)].into_iter().flatten().collect(),
            Self::Span(length) => span(*length).into_iter().collect(),
        }
    }

    /// The next value below (-1) or above (1), by the smallest step that a field may have first; nothing, where values have no order.
    pub(super) fn neighbours(&self, step: i64) -> Vec<Value> {
        let next = |value: i64, steps: &[i64]| -> Vec<i64> {
            let next = steps.iter().map(|it| value.checked_add(step * it));
            next.flatten().collect()
        };
        match self {
            Self::Bool(_) | Self::Text(_) | Self::Ip(_) => Vec::new(),
            Self::Long(value) => {
                let next = next(*value, &[1]).into_iter();
                next.flat_map(|it| Self::Long(it).forms()).collect()
            }
            Self::Decimal(value) => {
                let next = next(*value, &[1, 10, 100, 1_000, 10_000]).into_iter();
                next.map(|it| decimal(it).into()).collect()
            }
            Self::Moment(at) => {
                let millisecond = next(*at, &[1]).into_iter().filter_map(moment);
                millisecond
                    .chain(next(*at, &[DAY]).into_iter().filter_map(day))
                    .collect()
            }
            Self::Span(length) => {
                let next = next(*length, &[1, 1_000, 60_000]).into_iter();
                next.filter_map(span).collect()
            }
        }
    }

    /// Values that are not this one, where values have no order.
    pub(super) fn others(&self) -> Vec<Given> {
        match self {
            Self::Bool(value) => vec![Given::OneOf(vec![(!value).into()])],
            _ => self
                .forms()
                .into_iter()
                .take(1)
                .map(Given::AnyBut)
                .collect(),
        }
    }
}

/// With as many digits as it takes: fields have a scale.
fn decimal(value: i64) -> String {
    let text = Decimal::from_ten_thousandths(value).to_string();
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn moment(at: i64) -> Option<Value> {
    let text = Timestamp::from_millis(at).to_string();
    Timestamp::parse(&text).map(|_| text.into())
}

/// The day of which it is the first millisecond.
fn day(at: i64) -> Option<Value> {
    let text = Timestamp::from_millis(at).to_string();
    let day = text.get(..10).filter(|_| at % DAY == 0)?;
    Date::parse(day).map(|_| day.into())
}

fn span(length: i64) -> Option<Value> {
    Span::from_millis(length).map(|span| span.to_string().into())
}

/// A constant, as policies write it.
pub(super) fn constant(expr: &Expr) -> Option<Constant> {
    match expr {
        Expr::Literal(Literal::Bool(value)) => Some(Constant::Bool(*value)),
        Expr::Literal(Literal::Long(value)) => Some(Constant::Long(*value)),
        Expr::Literal(Literal::String(text)) => Some(Constant::Text(text.to_string())),
        Expr::UnaryOp { op, expr } => match (op, constant(expr)?) {
            (UnaryOp::Neg, Constant::Long(value)) => value.checked_neg().map(Constant::Long),
            (UnaryOp::Decimal, Constant::Text(text)) => {
                ten_thousandths(&text).map(Constant::Decimal)
            }
            (UnaryOp::Datetime, Constant::Text(text)) => at(&text).map(Constant::Moment),
            (UnaryOp::Duration, Constant::Text(text)) => length(&text).map(Constant::Span),
            (UnaryOp::Ip, Constant::Text(text)) => Some(Constant::Ip(text)),
            _ => None,
        },
        _ => None,
    }
}

fn ten_thousandths(text: &str) -> Option<i64> {
    let (whole, behind) = text.split_once('.')?;
    format!("{whole}{behind:0<4}").parse().ok()
}

/// A day, or a moment.
fn at(text: &str) -> Option<i64> {
    match Date::parse(text) {
        Some(day) => Some(day.as_millis()),
        None => Timestamp::parse(text).map(Timestamp::as_millis),
    }
}

/// `1d2h3m4s5ms`, with or without a minus.
fn length(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let mut sum: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|it: char| !it.is_ascii_digit())?;
        let (count, behind) = rest.split_at_checked(digits)?;
        let units = [
            ("ms", 1),
            ("d", DAY),
            ("h", 3_600_000),
            ("m", 60_000),
            ("s", 1_000),
        ];
        let found = units
            .iter()
            .find_map(|(unit, length)| Some((length, behind.strip_prefix(unit)?)));
        let (unit, behind) = found?;
        sum = sum.checked_add(count.parse::<i64>().ok()?.checked_mul(*unit)?)?;
        rest = behind;
    }
    sum.checked_mul(sign)
}

/// The same comparison with its sides in the other order.
pub(super) fn turned(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessEq => BinaryOp::GreaterEq,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterEq => BinaryOp::LessEq,
        BinaryOp::DecimalLessThan => BinaryOp::DecimalGreater,
        BinaryOp::DecimalLessEq => BinaryOp::DecimalGreaterEq,
        BinaryOp::DecimalGreater => BinaryOp::DecimalLessThan,
        BinaryOp::DecimalGreaterEq => BinaryOp::DecimalLessEq,
        other => other,
    }
}

/// Texts that a pattern of `like` matches, with a letter or a digit for each star and with nothing; and texts that it just misses: with one
/// character less, with one more, and in another case.
pub(super) fn pattern(pattern: &[PatternElem]) -> (Vec<Vec<String>>, Vec<String>) {
    let with = |instead: &str| -> String {
        let pieces = pattern.iter().map(|it| match it {
            PatternElem::Char(char) => char.to_string(),
            PatternElem::Wildcard => instead.to_owned(),
        });
        pieces.collect()
    };
    let (bare, filled) = (with(""), vec![with("x"), with("1"), with("X")]);
    let mut missed = Vec::new();
    let ends_openly = pattern.last() == Some(&PatternElem::Wildcard);
    let begins_openly = pattern.first() == Some(&PatternElem::Wildcard);
    if !bare.is_empty() {
        let mut shorter = bare.clone();
        match ends_openly && !begins_openly {
            true => drop(shorter.pop()),
            false => drop(shorter.remove(0)),
        }
        missed.push(shorter);
        let other_case = match bare.to_uppercase() == bare {
            true => bare.to_lowercase(),
            false => bare.to_uppercase(),
        };
        missed.extend((other_case != bare).then_some(other_case));
        missed.extend((!ends_openly).then(|| format!("{bare}x")));
        missed.extend((!begins_openly).then(|| format!("x{bare}")));
    }
    let has_stars = pattern.contains(&PatternElem::Wildcard);
    let mut matched = vec![vec![bare]];
    if has_stars {
        matched.insert(0, filled);
    }
    (matched, missed)
}
