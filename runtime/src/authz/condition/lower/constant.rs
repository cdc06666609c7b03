//! Constants: literals, and what partial evaluation writes for values of Cedar's extensions.

use super::{Caller, Gap, Lowering, Term, gap, later, parameter};
use crate::authz::condition::shapes::Type;
use crate::authz::condition::truth::{Operand, Parameter, Truth};
use cedar_policy::pst::{Expr, Literal, UnaryOp};
use std::net::IpAddr;

pub(super) fn literal(literal: &Literal) -> Result<Term, Gap> {
    let Some(value) = parameter(literal) else {
        return gap("a kind of constant that is not known");
    };
    // No row has a NUL, and PostgreSQL takes none.
    if matches!(&value, Parameter::Text(text) if text.contains('\0')) {
        return gap("a text with a NUL in it");
    }
    let kind = match literal {
        Literal::Bool(value) => return Ok(Term::Truth(Truth::Known(*value))),
        Literal::Long(_) => Type::Long,
        Literal::String(_) => Type::String,
        Literal::EntityUID(uid) => Type::Entity(uid.ty.to_string().into()),
        _ => return gap("a kind of constant that is not known"),
    };
    Ok(Term::Scalar(kind, Operand::Given(value)))
}

impl Lowering<'_> {
    /// `decimal("1.5")` and its like.
    pub(super) fn constant(&self, op: UnaryOp, of: &Expr) -> Result<Term, Gap> {
        let kind = match op {
            UnaryOp::Decimal => Type::Decimal,
            UnaryOp::Datetime => Type::Datetime,
            UnaryOp::Duration => Type::Duration,
            _ => Type::Ip,
        };
        let Expr::Literal(Literal::String(text)) = of else {
            return gap(format!("`{op}` of what is no constant"));
        };
        if matches!(self.caller, Caller::OfKind { .. }) {
            // The validator has read it, and partial evaluation will write it in its one form.
            return Ok(later(kind));
        }
        let value = match op {
            UnaryOp::Decimal => decimal(text).map(Parameter::Integer),
            UnaryOp::Duration => text.strip_suffix("ms").and_then(integer),
            // Every other moment is written as one that is so much later.
            UnaryOp::Datetime => (text == "1970-01-01").then_some(Parameter::Integer(0)),
            _ => address(text).map(Parameter::Text),
        };
        match value {
            Some(value) => Ok(Term::Scalar(kind, Operand::Given(value))),
            None => gap(format!("a constant that `{op}` makes")),
        }
    }
}

fn integer(text: &str) -> Option<Parameter> {
    text.parse().ok().map(Parameter::Integer)
}

/// The ten-thousandths of a decimal with one to four digits behind its point.
fn decimal(text: &str) -> Option<i64> {
    let (whole, behind) = text.split_once('.')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    let fits = (1..=4).contains(&behind.len()) && !unsigned.is_empty();
    if !(fits && digits(unsigned) && digits(behind)) {
        return None;
    }
    let count: i128 = format!("{unsigned}{behind:0<4}").parse().ok()?;
    i64::try_from(if unsigned == whole { count } else { -count }).ok()
}

/// An address as it is stored. A network of more than one address equals none, which no stored text says.
fn address(text: &str) -> Option<String> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let whole = if address.is_ipv4() { 32 } else { 128 };
    Some(match prefix {
        Some(prefix) if prefix < whole => format!("{address}/{prefix}"),
        _ => address.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_counted_exactly() {
        for (text, count) in [
            ("1.5", Some(15_000)),
            ("-0.0001", Some(-1)),
            ("922337203685477.5807", Some(i64::MAX)),
            ("-922337203685477.5808", Some(i64::MIN)),
            ("922337203685477.5808", None),
            ("1", None),
            (".5", None),
            ("1.", None),
            ("1.00000", None),
            ("--1.0", None),
        ] {
            assert_eq!(decimal(text), count, "{text}");
        }
    }

    #[test]
    fn an_address_is_written_as_it_is_stored() {
        for (text, stored) in [
            ("10.0.0.1", "10.0.0.1"),
            ("10.0.0.1/32", "10.0.0.1"),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("2001:DB8:0::1/128", "2001:db8::1"),
        ] {
            assert_eq!(address(text).as_deref(), Some(stored));
        }
        assert_eq!(address("nowhere"), None);
    }
}
