//! The database. All of sqlx is in here, so the choice of driver and of database stays behind one module.
//!
//! SQLite in WAL with `synchronous=FULL`: what was acknowledged survives a crash of the process and of the machine.
//! One connection writes, several read; readers see a snapshot and never wait for the writer.

mod database;
mod failure;
mod history;
#[cfg(test)]
mod journal;
mod keys;
mod migration;
mod place;
mod readers;
mod row;
mod sql;
mod transaction;

#[cfg(test)]
pub(crate) use crate::scratch::Folder as ScratchFolder;
pub use database::Db;
pub(crate) use database::reader_count;
pub(crate) use failure::REFERENCE;
pub(crate) use keys::keys_against;
pub(crate) use migration::continues;
pub use migration::{Migration, Owner};
pub(crate) use place::file_of;
pub use row::Row;
pub use sql::{Bind, Borrowed, Given, Sql, SqlBuilder};
pub use transaction::Transaction;

#[cfg(test)]
mod tests;
