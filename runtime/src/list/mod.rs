//! Lists: what a client may ask for, keyset pages, and cursors that only this service can read.
//!
//! A list is ordered by up to four fields and then by id, so every row has one place. A page begins behind the place
//! of the last row before it; rows that come or go meanwhile neither repeat others nor hide them. Unset values come
//! last in both directions. Text is ordered by code points, of its first 256 characters, and `contains` ignores case by Unicode's simple folding
//! (`ß` does not find `SS`). `q` is a `contains` for each of its words over all searched fields together.

mod columns;
mod cursor;
mod encoding;
mod filter;
mod include;
mod page;
mod position;
mod query;
mod search;
mod sort;
mod visible;

pub use columns::{Column, Kind, Listing, ORDERED_CHARACTERS};
pub use cursor::CursorKey;
pub(crate) use encoding::without_parameter;
pub use include::Include;
pub use position::Position;
pub(crate) use query::Known;
pub use query::ListQuery;

#[cfg(test)]
mod joint;
#[cfg(test)]
mod masked;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod tests;
