// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `type`: a type.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a type means stands in `src/type_.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../type_.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Type;
pub use input::TypeCreate;
pub use store::RELATED;

/// What `src/type_.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new type is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        type_: &mut Type,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new type is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        type_: &Type,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `type`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![Route::create::<Type, _, _>(
        "/kinds",
        endpoints::create,
        endpoints::repeat,
    )]
}
