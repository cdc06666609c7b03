// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `record`: a record.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a record means stands in `src/record.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../record.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::{RecordItem, RecordItemLevel};
pub use input::RecordItemCreate;
pub use store::ENCRYPTED;

/// What `src/record.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new record is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        record: &mut RecordItem,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new record is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        record: &RecordItem,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `record`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::create::<RecordItem, _, _>("/records", endpoints::create, endpoints::repeat),
        Route::get::<Read, RecordItem, _>("/records/{id}", endpoints::read),
    ]
}
