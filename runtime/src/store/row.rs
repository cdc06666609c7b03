//! One row of an answer.

use std::fmt::{self, Debug, Formatter};

use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row as _, Sqlite, TypeInfo as _, ValueRef as _};

use crate::Error;
use crate::encryption::{EncryptedField, EncryptionKeys};
use crate::value::{Scalar, SqlValue};

/// The values of a row, by position.
#[derive(Clone)]
pub struct Row {
    values: Vec<SqlValue>,
    /// The keys of encrypted fields.
    keys: Option<EncryptionKeys>,
}

/// Rows of the same values, whoever reads them.
impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl Row {
    /// The value of a column, counted from 0.
    ///
    /// # Errors
    /// An internal error where there is no such column or it holds another type.
    pub fn get<T: Scalar>(&self, index: usize) -> Result<T, Error> {
        T::from_sql(self.stored(index)?.clone())
    }

    /// The value of an encrypted column, counted from 0, of a row whose first column is its id.
    ///
    /// # Errors
    /// As [`Row::get`], and where the value was changed, moved from another place, or is of a key that is not there;
    /// that is told of as a security event.
    pub fn open<T: Scalar>(&self, index: usize, field: &EncryptedField) -> Result<T, Error> {
        let opened = field.open(self.keys.as_ref(), self.get(0)?, self.stored(index)?)?;
        T::from_sql(opened)
    }

    fn stored(&self, index: usize) -> Result<&SqlValue, Error> {
        let missing = || Error::internal(format!("no column {index} in the row"));
        self.values.get(index).ok_or_else(missing)
    }

    /// The same row, whose encrypted values these keys open.
    pub(super) fn with_keys(self, keys: Option<EncryptionKeys>) -> Self {
        Self { keys, ..self }
    }

    /// The stored value of a column, counted from 0.
    #[must_use]
    pub fn value(&self, index: usize) -> Option<&SqlValue> {
        self.values.get(index)
    }

    /// How many columns it has.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// The row without its last column.
    pub(crate) fn without_last(mut self) -> Self {
        self.values.pop();
        self
    }

    /// The last values of the row.
    pub(crate) fn last(&self, count: usize) -> Option<&[SqlValue]> {
        self.values.get(self.values.len().checked_sub(count)?..)
    }

    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        (0..row.len())
            .map(|index| read_value(row, index))
            .collect::<Result<_, _>>()
            .map(|values| Self { values, keys: None })
    }
}

/// Rows hold personal data and password hashes, so their values stay out of logs.
impl Debug for Row {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "Row({} columns)", self.values.len())
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
