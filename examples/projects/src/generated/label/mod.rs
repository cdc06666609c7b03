// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `label`: A word that tasks of every organization can be marked with.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a label means stands in `src/label.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../label.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Label;
pub use input::{LabelCreate, LabelUpdate};
pub use store::RELATED;
pub(super) use store::{LISTING, page};

/// What `src/label.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new label is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        label: &mut Label,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new label is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        label: &Label,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed label is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Label,
        resulting: &mut Label,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed label is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        label: &Label,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a label is deleted.
    fn before_delete(
        scope: &mut Scope,
        label: &Label,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a label is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        label: &Label,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `label`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Label, _>("/labels", endpoints::list),
        Route::create::<Label, _, _>("/labels", endpoints::create, endpoints::repeat),
        Route::get::<Read, Label, _>("/labels/{id}", endpoints::read),
        Route::patch::<Update, Label, _>("/labels/{id}", endpoints::update),
        Route::delete::<Delete, Label, _>("/labels/{id}", endpoints::delete),
    ]
}
