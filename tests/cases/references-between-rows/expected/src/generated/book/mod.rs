// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `book`: a book.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a book means stands in `src/book.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../book.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Book;
pub use input::{BookCreate, BookUpdate};
pub use store::RELATED;

/// What `src/book.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new book is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        book: &mut Book,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new book is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        book: &Book,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed book is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Book,
        resulting: &mut Book,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed book is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        book: &Book,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a book is deleted.
    fn before_delete(
        scope: &mut Scope,
        book: &Book,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a book is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        book: &Book,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `book`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Book, _>("/books", endpoints::list),
        Route::create::<Book, _, _>("/books", endpoints::create, endpoints::repeat),
        Route::get_including::<Read, Book, _>("/books/{id}", endpoints::read),
        Route::patch::<Update, Book, _>("/books/{id}", endpoints::update),
        Route::delete::<Delete, Book, _>("/books/{id}", endpoints::delete),
    ]
}
