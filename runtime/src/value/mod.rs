//! The types of a spec's fields: how each looks in the database, on the wire and to the policies.
//!
//! | type | stored | on the wire | to policies |
//! | --- | --- | --- | --- |
//! | text of any kind, enum | TEXT | string | String |
//! | `uuid` | TEXT, lower case | string | String |
//! | `integer` · `wide` | INTEGER | number · string | Long |
//! | `number` | REAL | number | not visible |
//! | `decimal` | INTEGER, times 10 000 | string | decimal |
//! | `boolean` | INTEGER, 0 or 1 | boolean | Bool |
//! | `date`, `datetime` | INTEGER, milliseconds since 1970 in UTC | string | datetime |
//! | `time` | TEXT, `HH:MM:SS` or `HH:MM:SS.mmm`, which sorts as it counts | string | not visible |
//! | `duration` | INTEGER, milliseconds | string | duration |
//! | `ip` | TEXT | string | ipaddr |
//! | `bytes` | BLOB | string, base64 | not visible |
//! | `list` | TEXT, a JSON array of what is stored of its elements | array | Set of what its elements are |
//! | `json` | TEXT, compact JSON | any JSON | not visible |

mod bytes;
mod calendar;
mod choice;
mod date;
mod decimal;
mod id;
mod json;
mod list;
mod packed;
mod plain;
mod scan;
mod span;
mod sql;
mod time_of_day;
mod timestamp;
mod wide;

pub use bytes::Bytes;
pub use choice::Choice;
pub use date::Date;
pub(crate) use decimal::NotDecimal;
pub use decimal::{Decimal, decimal_json};
pub use id::Id;
pub use json::Json;
pub(crate) use json::merged;
pub(crate) use plain::parse_ip;
pub use span::Span;
pub use sql::SqlValue;
pub use time_of_day::TimeOfDay;
pub use timestamp::Timestamp;
pub use wide::WideInteger;

use serde_json::Value;

use crate::Error;
use crate::authz::Attribute;

/// One value of a field.
pub trait Scalar: Sized {
    /// What is stored.
    fn to_sql(&self) -> SqlValue;

    /// Reads what was stored.
    ///
    /// # Errors
    /// An internal error where the column holds something else: the database was changed by other hands.
    fn from_sql(value: SqlValue) -> Result<Self, Error>;

    /// What a client sees.
    fn to_json(&self) -> Value;

    /// Reads what was stored as text among the elements of a list.
    ///
    /// # Errors
    /// As [`Scalar::from_sql`].
    fn from_element(text: String) -> Result<Self, Error> {
        Self::from_sql(SqlValue::Text(text))
    }

    /// What the policies see; `None` where the entity lacks the attribute.
    fn to_cedar(&self) -> Option<Attribute>;
}

/// The error of a column that does not hold what its type says. It never quotes the value.
fn mismatch(expected: &str, found: &SqlValue) -> Error {
    Error::internal(format!(
        "a column that should hold {expected} holds {}",
        found.kind()
    ))
}
