// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `event`: an event.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What an event means stands in `src/event.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../event.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Event;
pub use input::EventCreate;

/// What `src/event.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new event is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        event: &mut Event,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new event is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        event: &Event,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `event`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![Route::post::<Create, Event, _>(
        "/events",
        endpoints::create,
    )]
}
