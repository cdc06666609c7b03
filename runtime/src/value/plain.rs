//! Scalars that Rust already has a type for.

use std::net::IpAddr;

use serde_json::Value;

use super::{Scalar, SqlValue, mismatch};
use crate::Error;
use crate::authz::Attribute;

impl Scalar for String {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Text(self.clone())
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match value {
            SqlValue::Text(text) => Ok(text),
            other => Err(mismatch("text", &other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::String(self.clone())
    }

    fn to_cedar(&self) -> Option<Attribute> {
        Some(Attribute::String(self.clone()))
    }
}

impl Scalar for i64 {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Integer(*self)
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match value {
            SqlValue::Integer(number) => Ok(number),
            other => Err(mismatch("an integer", &other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::from(*self)
    }

    fn to_cedar(&self) -> Option<Attribute> {
        Some(Attribute::Long(*self))
    }
}

impl Scalar for bool {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Integer(i64::from(*self))
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match value {
            SqlValue::Integer(0) => Ok(false),
            SqlValue::Integer(1) => Ok(true),
            other => Err(mismatch("0 or 1", &other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }

    fn to_cedar(&self) -> Option<Attribute> {
        Some(Attribute::Bool(*self))
    }
}

impl Scalar for f64 {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Real(*self)
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match value {
            SqlValue::Real(number) => Ok(number),
            other => Err(mismatch("a real", &other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::from(*self)
    }

    fn from_element(text: String) -> Result<Self, Error> {
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| mismatch("a real", &SqlValue::Text(text)))
    }

    /// Cedar has no floating point numbers: policies do not see the field.
    fn to_cedar(&self) -> Option<Attribute> {
        None
    }
}

/// Reads an address in its one spelling: an IPv4 address in IPv6 form is the IPv4 address.
pub(crate) fn parse_ip(text: &str) -> Option<IpAddr> {
    text.parse()
        .ok()
        .map(|address: IpAddr| address.to_canonical())
}

impl Scalar for IpAddr {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Text(self.to_string())
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match &value {
            SqlValue::Text(text) => text.parse().map_err(|_| mismatch("an ip address", &value)),
            other => Err(mismatch("an ip address", other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::String(self.to_string())
    }

    fn to_cedar(&self) -> Option<Attribute> {
        Some(Attribute::Ip(*self))
    }
}

/// An unset optional: `NULL`, `null`, no attribute.
impl<T: Scalar> Scalar for Option<T> {
    fn to_sql(&self) -> SqlValue {
        self.as_ref().map_or(SqlValue::Null, Scalar::to_sql)
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match value {
            SqlValue::Null => Ok(None),
            other => T::from_sql(other).map(Some),
        }
    }

    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, Scalar::to_json)
    }

    fn to_cedar(&self) -> Option<Attribute> {
        self.as_ref().and_then(Scalar::to_cedar)
    }
}
