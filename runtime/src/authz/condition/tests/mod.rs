//! Conditions against decisions: for random policies, callers and hostile rows, the rows that a database finds are those that
//! the engine allows. And emitters with a fault, each of which has to be found by that.

mod beside;
#[cfg(feature = "service")]
mod cached;
#[cfg(feature = "service")]
mod corpus;
#[cfg(feature = "service")]
mod corpus_rows;
#[cfg(feature = "service")]
mod dice;
#[cfg(feature = "service")]
mod differential;
#[cfg(feature = "service")]
mod masked;
mod meaning;
#[cfg(feature = "service")]
mod plans;
#[cfg(feature = "service")]
mod policies;
#[cfg(feature = "service")]
mod postgres;
mod sayable;
#[cfg(feature = "service")]
mod sqlite;
#[cfg(feature = "service")]
mod table;
#[cfg(feature = "service")]
mod things;
mod world;
#[cfg(feature = "service")]
mod written;
