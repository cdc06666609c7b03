// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of an order.

use super::Order;
use secapi_runtime::prelude::*;

/// The JSON of an order; a guarded field that the caller may not read is left out.
pub(super) fn view(order: &Order, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &order.id)
        .field("type", &order.r#type)
        .field("select", &order.select)
        .field("self", &order.self_)
        .field("in", &order.r#in)
        .field("where", &order.r#where)
        .field("created_at", &order.created_at)
        .field("updated_at", &order.updated_at)
        .field("version", &order.version)
        .finish()
}
