//! The views of generated Rust: what the templates under `src/` and `tests/` are filled in with.

pub(crate) mod account;
pub(crate) mod action;
mod columns;
mod deletion;
mod field;
pub(crate) mod filling;
mod limits;
pub(crate) mod relation;
pub(crate) mod resource;
pub(crate) mod service;
mod sweep;
mod unlink;
mod values;
