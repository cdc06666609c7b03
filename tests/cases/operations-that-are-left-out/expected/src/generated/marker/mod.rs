// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `marker`: a marker.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a marker means stands in `src/marker.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../marker.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Marker;
pub use input::{MarkerCreate, MarkerUpdate};

/// What `src/marker.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new marker is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        marker: &mut Marker,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new marker is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        marker: &Marker,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed marker is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Marker,
        resulting: &mut Marker,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed marker is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        marker: &Marker,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a marker is deleted.
    fn before_delete(
        scope: &mut Scope,
        marker: &Marker,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a marker is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        marker: &Marker,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `marker`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Marker, _>("/markers", endpoints::list),
        Route::post::<Create, Marker, _>("/markers", endpoints::create),
        Route::get::<Read, Marker, _>("/markers/{id}", endpoints::read),
        Route::patch::<Update, Marker, _>("/markers/{id}", endpoints::update),
        Route::delete::<Delete, Marker, _>("/markers/{id}", endpoints::delete),
    ]
}
