//! Authorization: one set of Cedar policies decides everything.
//!
//! [`Engine`] holds the policies in force. For each request it makes a [`Subject`] ready once and then answers two
//! questions: before a row is looked up, whether any row of its kind could be allowed ([`Engine::gate`]); and, for a
//! row, whether it is ([`Engine::decide`]). A list asks the second one of all rows at once ([`Engine::condition`]). Nothing is allowed by default, and whatever fails is refused.
//!
//! This module needs none of the features of a running service: the compiler checks policies with the same code.

mod behind;
pub mod cases;
mod check;
pub mod condition;
mod decide;
mod decision;
mod engine;
mod every_row;
mod facts;
mod finding;
mod gate;
mod index;
mod inspect;
mod look;
mod membership;
mod names;
mod nesting;
mod open;
mod parallel;
mod partial;
mod patterns;
mod policies;
mod reach;
mod room;
mod row_test;
mod schema;
mod schema_model;
mod shape;
mod slice;
mod statements;
mod subject;
mod tautology;

pub use behind::{Behind, RowName};
pub use check::{check, check_text, unscoped};
pub use condition::{Condition, Lists, Unsayable, unsayable_lists};
pub use decision::Decision;
pub use engine::Engine;
pub use facts::{Attribute, Context, Credential, Entity};
pub use finding::{Finding, Position, Severity, Unknown};
pub use gate::Gate;
pub use inspect::{Inspection, inspect, inspect_again};
pub use membership::membership_kind;
pub use names::EngineError;
pub use open::{may_open, over_broad};
pub use policies::{PolicySource, parsed};
pub use room::{ROOM_TO_DECIDE, spawn as spawn_with_room, with_room};
pub use schema::schema_text;
pub use schema_model::{
    AttributeKind, AttributeModel, GuardedModel, IdentityModel, RESERVED_KINDS, RESERVED_RESOURCES,
    ResourceModel, SchemaModel,
};
pub use statements::statements;
pub use subject::Subject;

#[cfg(test)]
mod tests;
