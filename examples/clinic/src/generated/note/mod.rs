// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `note`: What a practitioner writes down about a patient. It is never changed; another one corrects it.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a note means stands in `src/note.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../note.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::{Note, NoteKind};
pub use input::NoteCreate;
pub use store::ENCRYPTED;
pub use store::PURGE;

/// What `src/note.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new note is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        note: &mut Note,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new note is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        note: &Note,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a note is deleted.
    fn before_delete(
        scope: &mut Scope,
        note: &Note,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a note is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        note: &Note,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a deleted note is brought back.
    fn before_restore(
        scope: &mut Scope,
        note: &Note,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a deleted note is brought back, in the same transaction.
    fn after_restore(
        scope: &mut Scope,
        note: &Note,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `note`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Note, _>("/notes", endpoints::list),
        Route::create::<Note, _, _>("/notes", endpoints::create, endpoints::repeat),
        Route::get_including::<Read, Note, _>("/notes/{id}", endpoints::read),
        Route::delete::<Delete, Note, _>("/notes/{id}", endpoints::delete),
        Route::post::<Restore, Note, _>("/notes/{id}/restore", endpoints::restore)
            .repeated(endpoints::act_again::<Restore>),
    ]
}
