//! The place of a row in the order of a list.

use std::fmt::{self, Debug, Formatter};

use crate::value::SqlValue;

/// The values of the fields that a list is ordered by, for one row.
#[derive(Clone, PartialEq)]
pub struct Position(pub(super) Vec<SqlValue>);

/// Rows hold personal data, so the values stay out of logs.
impl Debug for Position {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "Position({} fields)", self.0.len())
    }
}

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const REAL: u8 = 2;
const TEXT: u8 = 3;
const BLOB: u8 = 4;

impl Position {
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        for value in &self.0 {
            match value {
                SqlValue::Null => bytes.push(NULL),
                SqlValue::Integer(number) => put(bytes, INTEGER, &number.to_be_bytes()),
                SqlValue::Real(number) => put(bytes, REAL, &number.to_be_bytes()),
                SqlValue::Text(text) => put_long(bytes, TEXT, text.as_bytes()),
                SqlValue::Blob(blob) => put_long(bytes, BLOB, blob),
            }
        }
    }

    /// Reads `count` values that fill the bytes.
    pub(super) fn read(mut bytes: &[u8], count: usize) -> Option<Self> {
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(take(&mut bytes)?);
        }
        bytes.is_empty().then_some(Self(values))
    }
}

fn put(bytes: &mut Vec<u8>, tag: u8, value: &[u8]) {
    bytes.push(tag);
    bytes.extend_from_slice(value);
}

fn put_long(bytes: &mut Vec<u8>, tag: u8, value: &[u8]) {
    let length = u64::try_from(value.len()).unwrap_or(u64::MAX);
    put(bytes, tag, &length.to_be_bytes());
    bytes.extend_from_slice(value);
}

fn take(bytes: &mut &[u8]) -> Option<SqlValue> {
    let (tag, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(match *tag {
        NULL => SqlValue::Null,
        INTEGER => SqlValue::Integer(i64::from_be_bytes(take_eight(bytes)?)),
        REAL => SqlValue::Real(f64::from_be_bytes(take_eight(bytes)?)),
        TEXT => SqlValue::Text(String::from_utf8(take_long(bytes)?).ok()?),
        BLOB => SqlValue::Blob(take_long(bytes)?),
        _ => return None,
    })
}

fn take_eight(bytes: &mut &[u8]) -> Option<[u8; 8]> {
    let (eight, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*eight)
}

fn take_long(bytes: &mut &[u8]) -> Option<Vec<u8>> {
    let length = usize::try_from(u64::from_be_bytes(take_eight(bytes)?)).ok()?;
    let (value, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(value.to_vec())
}
