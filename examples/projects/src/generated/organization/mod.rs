// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `organization`: A tenant. What belongs to it is seen by its members and by nobody else.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What an organization means stands in `src/organization.rs`.

mod endpoints;
mod entity;
mod input;
mod relations;
#[path = "../../organization.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Organization;
pub use input::{OrganizationCreate, OrganizationUpdate};
pub use store::RELATED;
pub(super) use store::{LISTING, page};

/// What `src/organization.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new organization is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        organization: &mut Organization,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new organization is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        organization: &Organization,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed organization is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Organization,
        resulting: &mut Organization,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed organization is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        organization: &Organization,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before an organization is deleted.
    fn before_delete(
        scope: &mut Scope,
        organization: &Organization,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After an organization is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        organization: &Organization,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `organization`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::list::<Organization, _>("/organizations", endpoints::list),
        Route::create::<Organization, _, _>("/organizations", endpoints::create, endpoints::repeat),
        Route::get_including::<Read, Organization, _>("/organizations/{id}", endpoints::read),
        Route::patch::<Update, Organization, _>("/organizations/{id}", endpoints::update),
        Route::delete::<Delete, Organization, _>("/organizations/{id}", endpoints::delete),
    ];
    routes.extend(relations::routes());
    routes
}
