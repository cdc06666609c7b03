// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `project`: Something that the members of an organization do together.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a project means stands in `src/project.rs`.

mod actions;
mod endpoints;
mod entity;
mod input;
#[path = "../../project.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use actions::*;
pub use entity::{Project, ProjectStatus};
pub use input::{ProjectCreate, ProjectUpdate};
pub use store::RELATED;

/// What `src/project.rs` may do around each operation. Every rule has a default that accepts.
///
/// What an action does has none: `src/project.rs` says it. It may change the row that it gets, which is then decided
/// on once more and stored.
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

    /// `POST /projects/{id}/archive`: Cedar action `project:archive`. Ends the project.
    fn archive(
        scope: &mut Scope,
        project: &mut Project,
        input: ProjectArchiveInput,
    ) -> impl Future<Output = Result<(), Error>> + Send;
}

/// The routes of `project`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Project, _>("/projects", endpoints::list),
        Route::create::<Project, _, _>("/projects", endpoints::create, endpoints::repeat),
        Route::get_including::<Read, Project, _>("/projects/{id}", endpoints::read),
        Route::patch::<Update, Project, _>("/projects/{id}", endpoints::update),
        Route::delete::<Delete, Project, _>("/projects/{id}", endpoints::delete),
        Route::post::<ProjectArchiveAction, Project, _>(
            "/projects/{id}/archive",
            endpoints::archive,
        )
        .repeated(endpoints::act_again::<ProjectArchiveAction>),
    ]
}
