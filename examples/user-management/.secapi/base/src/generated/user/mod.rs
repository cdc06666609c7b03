// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `user`: A person who can sign in.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a user means stands in `src/user.rs`.

mod account;
mod endpoints;
mod entity;
mod input;
#[path = "../../user.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use account::ACCOUNTS;
pub use entity::{User, UserRole};
pub use input::{UserCreate, UserRegister, UserUpdate};
pub use store::ENCRYPTED;

/// What `src/user.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new user is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        user: &mut User,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new user is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        user: &User,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed user is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &User,
        resulting: &mut User,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed user is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        user: &User,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a user is deleted.
    fn before_delete(
        scope: &mut Scope,
        user: &User,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a user is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        user: &User,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `user`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::post::<Register, User, _>("/auth/register", endpoints::register),
        Route::get::<Read, User, _>("/users/me", endpoints::me),
        Route::list::<User, _>("/users", endpoints::list),
        Route::create::<User, _, _>("/users", endpoints::create, endpoints::repeat),
        Route::get::<Read, User, _>("/users/{id}", endpoints::read),
        Route::patch::<Update, User, _>("/users/{id}", endpoints::update),
        Route::delete::<Delete, User, _>("/users/{id}", endpoints::delete),
        Route::post::<Disable, User, _>("/users/{id}/disable", endpoints::disable),
        Route::post::<Enable, User, _>("/users/{id}/enable", endpoints::enable),
        Route::get::<ReadSessions, User, _>("/users/{id}/sessions", endpoints::sessions),
        Route::delete::<RevokeSessions, User, _>(
            "/users/{id}/sessions",
            endpoints::revoke_sessions,
        ),
    ]
}
