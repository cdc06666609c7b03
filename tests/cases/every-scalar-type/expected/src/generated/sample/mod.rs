// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `sample`: One field of every type.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a sample means stands in `src/sample.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../sample.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::{Sample, SampleSize};
pub use input::{SampleCreate, SampleUpdate};

/// What `src/sample.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new sample is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        sample: &mut Sample,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new sample is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        sample: &Sample,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed sample is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Sample,
        resulting: &mut Sample,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed sample is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        sample: &Sample,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a sample is deleted.
    fn before_delete(
        scope: &mut Scope,
        sample: &Sample,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a sample is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        sample: &Sample,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `sample`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Sample, _>("/samples", endpoints::list),
        Route::post::<Create, Sample, _>("/samples", endpoints::create),
        Route::get::<Read, Sample, _>("/samples/{id}", endpoints::read),
        Route::patch::<Update, Sample, _>("/samples/{id}", endpoints::update),
        Route::delete::<Delete, Sample, _>("/samples/{id}", endpoints::delete),
    ]
}
