// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `todo`: One thing to do; it belongs to whoever wrote it down.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a todo means stands in `src/todo.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../todo.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Todo;
pub use input::{TodoCreate, TodoUpdate};

/// What `src/todo.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new todo is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        todo: &mut Todo,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new todo is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        todo: &Todo,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed todo is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Todo,
        resulting: &mut Todo,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed todo is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        todo: &Todo,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a todo is deleted.
    fn before_delete(
        scope: &mut Scope,
        todo: &Todo,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a todo is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        todo: &Todo,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `todo`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Todo, _>("/todos", endpoints::list),
        Route::create::<Todo, _, _>("/todos", endpoints::create, endpoints::repeat),
        Route::get_including::<Read, Todo, _>("/todos/{id}", endpoints::read),
        Route::patch::<Update, Todo, _>("/todos/{id}", endpoints::update),
        Route::delete::<Delete, Todo, _>("/todos/{id}", endpoints::delete),
    ]
}
