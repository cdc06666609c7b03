// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a product.

use super::Product;
use secapi_runtime::prelude::*;

/// The JSON of a product; a guarded field that the caller may not read is left out.
pub(super) fn view(product: &Product, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &product.id)
        .field("sku", &product.sku)
        .field("name", &product.name)
        .field("description", &product.description)
        .decimal("price", product.price, 2)
        .guarded_decimal("purchase_price", product.purchase_price, 2)
        .field("status", &product.status)
        .field("homepage", &product.homepage)
        .field("weight", &product.weight)
        .field("available_from", &product.available_from)
        .field("created_at", &product.created_at)
        .field("updated_at", &product.updated_at)
        .field("version", &product.version)
        .finish()
}
