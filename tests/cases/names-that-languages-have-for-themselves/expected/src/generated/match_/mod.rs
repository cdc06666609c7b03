// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `match`: a match.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a match means stands in `src/match_.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../match_.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Match;
pub use input::{MatchCreate, MatchUpdate};

/// What `src/match_.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new match is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        match_: &mut Match,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new match is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        match_: &Match,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed match is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Match,
        resulting: &mut Match,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed match is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        match_: &Match,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a match is deleted.
    fn before_delete(
        scope: &mut Scope,
        match_: &Match,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a match is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        match_: &Match,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `match`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Match, _>("/matches", endpoints::list),
        Route::post::<Create, Match, _>("/matches", endpoints::create),
        Route::get::<Read, Match, _>("/matches/{id}", endpoints::read),
        Route::patch::<Update, Match, _>("/matches/{id}", endpoints::update),
        Route::delete::<Delete, Match, _>("/matches/{id}", endpoints::delete),
    ]
}
