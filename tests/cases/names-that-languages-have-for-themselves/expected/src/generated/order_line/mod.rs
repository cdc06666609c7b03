// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `order_line`: an order line.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What an order line means stands in `src/order_line.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../order_line.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::OrderLine;
pub use input::{OrderLineCreate, OrderLineUpdate};

/// What `src/order_line.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new order line is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        order_line: &mut OrderLine,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new order line is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        order_line: &OrderLine,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed order line is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &OrderLine,
        resulting: &mut OrderLine,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed order line is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        order_line: &OrderLine,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before an order line is deleted.
    fn before_delete(
        scope: &mut Scope,
        order_line: &OrderLine,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After an order line is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        order_line: &OrderLine,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `order_line`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<OrderLine, _>("/order-lines", endpoints::list),
        Route::post::<Create, OrderLine, _>("/order-lines", endpoints::create),
        Route::get::<Read, OrderLine, _>("/order-lines/{id}", endpoints::read),
        Route::patch::<Update, OrderLine, _>("/order-lines/{id}", endpoints::update),
        Route::delete::<Delete, OrderLine, _>("/order-lines/{id}", endpoints::delete),
    ]
}
