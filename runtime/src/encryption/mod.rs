//! Fields that are encrypted in the database.
//!
//! A value is sealed when its statement is run and opened when its row is read, both by the transaction, which has the
//! keys; endpoints and rules only see plain values. Each value is bound to its resource, its row and its field: one that
//! was flipped, swapped or moved does not open. The name of its key stands before it, so that a ring reads what its
//! older keys sealed.
//!
//! What remains visible to whoever reads the database: whether an optional field is set, how long a value is in
//! steps of 32 bytes, and which key sealed it. Whoever writes to the database can bring back an older value of the same row, or unset one.

mod field;
mod ring;

pub use field::EncryptedField;
pub(crate) use field::header;
pub use ring::{EncryptionKeys, RingProblem};
