// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `letter`: a letter.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a letter means stands in `src/letter.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../letter.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Letter;
pub use input::LetterUpdate;

/// What `src/letter.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a changed letter is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Letter,
        resulting: &mut Letter,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed letter is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        letter: &Letter,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a letter is deleted.
    fn before_delete(
        scope: &mut Scope,
        letter: &Letter,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a letter is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        letter: &Letter,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `letter`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get::<Read, Letter, _>("/letters/{id}", endpoints::read),
        Route::patch::<Update, Letter, _>("/letters/{id}", endpoints::update),
        Route::delete::<Delete, Letter, _>("/letters/{id}", endpoints::delete),
    ]
}
