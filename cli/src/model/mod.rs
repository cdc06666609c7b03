//! The service as the rest of the compiler sees it: complete, checked, and with every name derived.
//!
//! INVARIANT: a [`Service`] comes from [`compile`] alone. Later stages read it and never check again what
//! is promised here: names are legal and distinct in every place where they are used (Rust, SQL, Cedar,
//! routes), defaults obey their own limits, indexes are in range.

mod action;
pub(crate) mod address;
mod build;
mod cedar;
mod field;
mod filling;
mod keyword;
mod limit;
mod literal;
pub(crate) mod name;
mod plural;
mod relation;
mod reserved;
mod resource;
mod service;
mod value;

pub use action::{Action, Method, SoftDelete, Target};
#[cfg(test)]
pub(crate) use build::link;
pub use build::{compile, compile_files, package_name};
pub(crate) use cedar::is_attribute;
pub use cedar::schema_model;
pub use field::{
    Choice, DecimalValue, Enumeration, Field, FieldKind, Format, ListRule, Moment, OnDelete,
    Presence, Range, Reference, TextRule, TextShape,
};
pub use limit::{Delay, LimitKey, Lockout, Quota, RateLimits, Tier};
pub use literal::{Literal, Stored};
pub use relation::{Known, Relation, Side};
pub use resource::{AccountOperation, Concurrency, InRelations, Operation, Referrer, Resource};
pub use service::{
    Auth, Database, Docs, Http, Https, Lists, Passwords, Profile, Registration, Service,
};
pub(crate) use value::{date_of, datetime_of, decimal_of, duration_of, fits, texts_of};
