// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `option`: an option.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What an option means stands in `src/option.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../option.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::OptionItem;
pub use input::{OptionItemCreate, OptionItemUpdate};

/// What `src/option.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new option is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        option: &mut OptionItem,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new option is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        option: &OptionItem,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed option is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &OptionItem,
        resulting: &mut OptionItem,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed option is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        option: &OptionItem,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before an option is deleted.
    fn before_delete(
        scope: &mut Scope,
        option: &OptionItem,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After an option is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        option: &OptionItem,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `option`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<OptionItem, _>("/options", endpoints::list),
        Route::post::<Create, OptionItem, _>("/options", endpoints::create),
        Route::get::<Read, OptionItem, _>("/options/{id}", endpoints::read),
        Route::patch::<Update, OptionItem, _>("/options/{id}", endpoints::update),
        Route::delete::<Delete, OptionItem, _>("/options/{id}", endpoints::delete),
    ]
}
