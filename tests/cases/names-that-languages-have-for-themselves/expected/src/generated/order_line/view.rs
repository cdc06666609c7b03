// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of an order line.

use super::OrderLine;
use secapi_runtime::prelude::*;

/// The JSON of an order line; a guarded field that the caller may not read is left out.
pub(super) fn view(order_line: &OrderLine, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &order_line.id)
        .field("table", &order_line.table)
        .field("created_at", &order_line.created_at)
        .field("updated_at", &order_line.updated_at)
        .field("version", &order_line.version)
        .finish()
}
