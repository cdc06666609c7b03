// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `desk`: a desk.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a desk means stands in `src/desk.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../desk.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Desk;
pub use input::{DeskCreate, DeskUpdate};
pub use store::RELATED;

/// What `src/desk.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new desk is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        desk: &mut Desk,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new desk is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        desk: &Desk,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed desk is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Desk,
        resulting: &mut Desk,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed desk is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        desk: &Desk,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a desk is deleted.
    fn before_delete(
        scope: &mut Scope,
        desk: &Desk,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a desk is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        desk: &Desk,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `desk`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Desk, _>("/desks", endpoints::list),
        Route::create::<Desk, _, _>("/desks", endpoints::create, endpoints::repeat),
        Route::get_including::<Read, Desk, _>("/desks/{id}", endpoints::read),
        Route::patch::<Update, Desk, _>("/desks/{id}", endpoints::update),
        Route::delete::<Delete, Desk, _>("/desks/{id}", endpoints::delete),
    ]
}
