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

impl Position {
    /// The place of a row of which these values are known: for who asks another database than the store.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn of_values(values: Vec<SqlValue>) -> Self {
        Self(values)
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        self.0.iter().for_each(|value| value.pack(bytes));
    }

    /// Reads `count` values that fill the bytes, but for zeros behind them.
    pub(super) fn read(mut bytes: &[u8], count: usize) -> Option<Self> {
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(SqlValue::take(&mut bytes)?);
        }
        let is_whole = bytes.iter().all(|byte| *byte == 0);
        is_whole.then_some(Self(values))
    }
}
