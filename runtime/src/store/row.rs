//! One row of an answer.

use std::fmt::{self, Debug, Formatter};

use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row as _, Sqlite, TypeInfo as _, ValueRef as _};

use crate::Error;
use crate::value::{Scalar, SqlValue};

/// The values of a row, by position.
#[derive(Clone, PartialEq)]
pub struct Row(Vec<SqlValue>);

impl Row {
    /// The value of a column, counted from 0.
    ///
    /// # Errors
    /// An internal error where there is no such column or it holds another type.
    pub fn get<T: Scalar>(&self, index: usize) -> Result<T, Error> {
        let value = self.0.get(index).cloned();
        T::from_sql(value.ok_or_else(|| Error::internal(format!("no column {index} in the row")))?)
    }

    /// The stored value of a column, counted from 0.
    #[must_use]
    pub fn value(&self, index: usize) -> Option<&SqlValue> {
        self.0.get(index)
    }

    /// How many columns it has.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The row without its last column.
    pub(crate) fn without_last(mut self) -> Self {
        self.0.pop();
        self
    }

    /// The last values of the row.
    pub(crate) fn last(&self, count: usize) -> Option<&[SqlValue]> {
        self.0.get(self.0.len().checked_sub(count)?..)
    }

    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        (0..row.len())
            .map(|index| read_value(row, index))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// Rows hold personal data and password hashes, so their values stay out of logs.
impl Debug for Row {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "Row({} columns)", self.0.len())
    }
}

fn read_value(row: &SqliteRow, index: usize) -> Result<SqlValue, sqlx::Error> {
    let value = row.try_get_raw(index)?;
    if value.is_null() {
        return Ok(SqlValue::Null);
    }
    let name = value.type_info().name().to_owned();
    let decoded = match name.as_str() {
        "TEXT" => <String as Decode<Sqlite>>::decode(value).map(SqlValue::Text),
        "REAL" => <f64 as Decode<Sqlite>>::decode(value).map(SqlValue::Real),
        "BLOB" => <Vec<u8> as Decode<Sqlite>>::decode(value).map(SqlValue::Blob),
        _ => <i64 as Decode<Sqlite>>::decode(value).map(SqlValue::Integer),
    };
    decoded.map_err(sqlx::Error::Decode)
}
