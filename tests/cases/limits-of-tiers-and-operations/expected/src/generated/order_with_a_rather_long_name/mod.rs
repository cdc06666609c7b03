// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `order_with_a_rather_long_name`: an order with a rather long name.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What an order with a rather long name means stands in `src/order_with_a_rather_long_name.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../order_with_a_rather_long_name.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::OrderWithARatherLongName;
pub use input::{OrderWithARatherLongNameCreate, OrderWithARatherLongNameUpdate};

/// What `src/order_with_a_rather_long_name.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new order with a rather long name is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        order_with_a_rather_long_name: &mut OrderWithARatherLongName,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new order with a rather long name is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        order_with_a_rather_long_name: &OrderWithARatherLongName,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed order with a rather long name is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &OrderWithARatherLongName,
        resulting: &mut OrderWithARatherLongName,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed order with a rather long name is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        order_with_a_rather_long_name: &OrderWithARatherLongName,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before an order with a rather long name is deleted.
    fn before_delete(
        scope: &mut Scope,
        order_with_a_rather_long_name: &OrderWithARatherLongName,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After an order with a rather long name is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        order_with_a_rather_long_name: &OrderWithARatherLongName,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `order_with_a_rather_long_name`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<OrderWithARatherLongName, _>(
            "/order-with-a-rather-long-names",
            endpoints::list,
        )
        .limited(5, 1),
        Route::create::<OrderWithARatherLongName, _, _>(
            "/order-with-a-rather-long-names",
            endpoints::create,
            endpoints::repeat,
        )
        .limited(10, 60),
        Route::get::<Read, OrderWithARatherLongName, _>(
            "/order-with-a-rather-long-names/{id}",
            endpoints::read,
        ),
        Route::patch::<Update, OrderWithARatherLongName, _>(
            "/order-with-a-rather-long-names/{id}",
            endpoints::update,
        ),
        Route::delete::<Delete, OrderWithARatherLongName, _>(
            "/order-with-a-rather-long-names/{id}",
            endpoints::delete,
        ),
    ]
}
