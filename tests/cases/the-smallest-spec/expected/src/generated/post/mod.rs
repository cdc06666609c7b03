// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `post`: a post.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a post means stands in `src/post.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../post.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Post;
pub use input::{PostCreate, PostUpdate};

/// What `src/post.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new post is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        post: &mut Post,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new post is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        post: &Post,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed post is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Post,
        resulting: &mut Post,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed post is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        post: &Post,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a post is deleted.
    fn before_delete(
        scope: &mut Scope,
        post: &Post,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a post is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        post: &Post,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `post`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Post, _>("/posts", endpoints::list),
        Route::post::<Create, Post, _>("/posts", endpoints::create),
        Route::get::<Read, Post, _>("/posts/{id}", endpoints::read),
        Route::patch::<Update, Post, _>("/posts/{id}", endpoints::update),
        Route::delete::<Delete, Post, _>("/posts/{id}", endpoints::delete),
    ]
}
