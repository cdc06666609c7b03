// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `project`: a project.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a project means stands in `src/project.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../project.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::{Project, ProjectStates};
pub use input::{ProjectCreate, ProjectUpdate};

/// What `src/project.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new project is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        project: &mut Project,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new project is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        project: &Project,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed project is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Project,
        resulting: &mut Project,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed project is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        project: &Project,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a project is deleted.
    fn before_delete(
        scope: &mut Scope,
        project: &Project,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a project is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        project: &Project,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `project`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Project, _>("/projects", endpoints::list),
        Route::post::<Create, Project, _>("/projects", endpoints::create),
        Route::get::<Read, Project, _>("/projects/{id}", endpoints::read),
        Route::patch::<Update, Project, _>("/projects/{id}", endpoints::update),
        Route::delete::<Delete, Project, _>("/projects/{id}", endpoints::delete),
    ]
}
