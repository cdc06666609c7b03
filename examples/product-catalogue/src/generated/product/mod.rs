// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `product`: Something that is for sale; the world reads what is published.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a product means stands in `src/product.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../product.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::{Product, ProductStatus};
pub use input::{ProductCreate, ProductUpdate};

/// What `src/product.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new product is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        product: &mut Product,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new product is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        product: &Product,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed product is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Product,
        resulting: &mut Product,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed product is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        product: &Product,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a product is deleted.
    fn before_delete(
        scope: &mut Scope,
        product: &Product,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a product is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        product: &Product,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `product`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Product, _>("/products", endpoints::list),
        Route::create::<Product, _, _>("/products", endpoints::create, endpoints::repeat),
        Route::get::<Read, Product, _>("/products/{id}", endpoints::read),
        Route::patch::<Update, Product, _>("/products/{id}", endpoints::update),
        Route::delete::<Delete, Product, _>("/products/{id}", endpoints::delete),
    ]
}
