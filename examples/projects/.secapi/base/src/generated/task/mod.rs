// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `task`: One thing to do in a project.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a task means stands in `src/task.rs`.

mod actions;
mod endpoints;
mod entity;
mod input;
mod relations;
#[path = "../../task.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use actions::*;
pub use entity::Task;
pub use input::{TaskCreate, TaskUpdate};

/// What `src/task.rs` may do around each operation. Every rule has a default that accepts.
///
/// What an action does has none: `src/task.rs` says it. It may change the row that it gets, which is then decided
/// on once more and stored.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new task is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        task: &mut Task,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new task is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        task: &Task,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed task is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Task,
        resulting: &mut Task,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed task is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        task: &Task,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a task is deleted.
    fn before_delete(
        scope: &mut Scope,
        task: &Task,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a task is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        task: &Task,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// `POST /tasks/{id}/finish`: Cedar action `task:finish`. Marks it as done.
    fn finish(scope: &mut Scope, task: &mut Task)
    -> impl Future<Output = Result<(), Error>> + Send;
}

/// The routes of `task`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::list::<Task, _>("/tasks", endpoints::list),
        Route::create::<Task, _, _>("/tasks", endpoints::create, endpoints::repeat),
        Route::get_including::<Read, Task, _>("/tasks/{id}", endpoints::read),
        Route::patch::<Update, Task, _>("/tasks/{id}", endpoints::update),
        Route::delete::<Delete, Task, _>("/tasks/{id}", endpoints::delete),
        Route::post::<TaskFinishAction, Task, _>("/tasks/{id}/finish", endpoints::finish)
            .repeated(endpoints::act_again::<TaskFinishAction>),
    ];
    routes.extend(relations::routes());
    routes
}
