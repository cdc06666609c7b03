// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `person`: Someone who works here.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a person means stands in `src/person.rs`.

mod account;
mod endpoints;
mod entity;
mod input;
#[path = "../../person.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use account::ACCOUNTS;
pub use entity::{Person, PersonRole};
pub use input::{PersonCreate, PersonUpdate};

/// What `src/person.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new person is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        person: &mut Person,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new person is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        person: &Person,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed person is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Person,
        resulting: &mut Person,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed person is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        person: &Person,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a person is deleted.
    fn before_delete(
        scope: &mut Scope,
        person: &Person,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a person is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        person: &Person,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `person`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get::<Read, Person, _>("/people/me", endpoints::me),
        Route::list::<Person, _>("/people", endpoints::list),
        Route::create::<Person, _, _>("/people", endpoints::create, endpoints::repeat),
        Route::get::<Read, Person, _>("/people/{id}", endpoints::read),
        Route::patch::<Update, Person, _>("/people/{id}", endpoints::update),
        Route::delete::<Delete, Person, _>("/people/{id}", endpoints::delete),
        Route::post::<Disable, Person, _>("/people/{id}/disable", endpoints::disable),
        Route::post::<Enable, Person, _>("/people/{id}/enable", endpoints::enable),
        Route::get::<ReadSessions, Person, _>("/people/{id}/sessions", endpoints::sessions),
        Route::delete::<RevokeSessions, Person, _>(
            "/people/{id}/sessions",
            endpoints::revoke_sessions,
        ),
    ]
}
