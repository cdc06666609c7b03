// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `order`: an order.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What an order means stands in `src/order.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../order.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::{Order, OrderType};
pub use input::{OrderCreate, OrderUpdate};

/// What `src/order.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new order is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        order: &mut Order,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new order is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        order: &Order,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed order is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Order,
        resulting: &mut Order,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed order is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        order: &Order,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before an order is deleted.
    fn before_delete(
        scope: &mut Scope,
        order: &Order,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After an order is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        order: &Order,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `order`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Order, _>("/orders", endpoints::list),
        Route::post::<Create, Order, _>("/orders", endpoints::create),
        Route::get::<Read, Order, _>("/orders/{id}", endpoints::read),
        Route::patch::<Update, Order, _>("/orders/{id}", endpoints::update),
        Route::delete::<Delete, Order, _>("/orders/{id}", endpoints::delete),
    ]
}
