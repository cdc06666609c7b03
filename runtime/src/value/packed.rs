//! Values as bytes: what stands in a cursor, and what an encrypted field seals.

use super::SqlValue;

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const REAL: u8 = 2;
const TEXT: u8 = 3;
const BLOB: u8 = 4;

impl SqlValue {
    /// Adds the value, its type before it.
    pub(crate) fn pack(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Null => bytes.push(NULL),
            Self::Integer(number) => put(bytes, INTEGER, &number.to_be_bytes()),
            Self::Real(number) => put(bytes, REAL, &number.to_be_bytes()),
            Self::Text(text) => put_long(bytes, TEXT, text.as_bytes()),
            Self::Blob(blob) => put_long(bytes, BLOB, blob),
        }
    }

    /// Takes the first value off; `None` where there is none.
    pub(crate) fn take(bytes: &mut &[u8]) -> Option<Self> {
        let (tag, rest) = bytes.split_first()?;
        *bytes = rest;
        Some(match *tag {
            NULL => Self::Null,
            INTEGER => Self::Integer(i64::from_be_bytes(take_eight(bytes)?)),
            REAL => Self::Real(f64::from_be_bytes(take_eight(bytes)?)),
            TEXT => Self::Text(String::from_utf8(take_long(bytes)?).ok()?),
            BLOB => Self::Blob(take_long(bytes)?),
            _ => return None,
        })
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
