// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `member`: a member.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a member means stands in `src/member.rs`.

mod account;
mod endpoints;
mod entity;
mod input;
#[path = "../../member.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use account::ACCOUNTS;
pub use entity::{Member, MemberRank};
pub use input::{MemberCreate, MemberRegister, MemberUpdate};

/// What `src/member.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new member is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        member: &mut Member,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new member is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        member: &Member,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed member is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Member,
        resulting: &mut Member,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed member is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        member: &Member,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a member is deleted.
    fn before_delete(
        scope: &mut Scope,
        member: &Member,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a member is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        member: &Member,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `member`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::post::<Register, Member, _>("/auth/register", endpoints::register),
        Route::get::<Read, Member, _>("/members/me", endpoints::me),
        Route::list::<Member, _>("/members", endpoints::list),
        Route::create::<Member, _, _>("/members", endpoints::create, endpoints::repeat),
        Route::get::<Read, Member, _>("/members/{id}", endpoints::read),
        Route::patch::<Update, Member, _>("/members/{id}", endpoints::update),
        Route::delete::<Delete, Member, _>("/members/{id}", endpoints::delete),
        Route::post::<Disable, Member, _>("/members/{id}/disable", endpoints::disable),
        Route::post::<Enable, Member, _>("/members/{id}/enable", endpoints::enable),
        Route::get::<ReadSessions, Member, _>("/members/{id}/sessions", endpoints::sessions),
        Route::delete::<RevokeSessions, Member, _>(
            "/members/{id}/sessions",
            endpoints::revoke_sessions,
        ),
    ]
}
