// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of an order with a rather long name.

use super::OrderWithARatherLongName;
use secapi_runtime::prelude::*;

/// The JSON of an order with a rather long name; a guarded field that the caller may not read is left out.
pub(super) fn view(
    order_with_a_rather_long_name: &OrderWithARatherLongName,
    visible: &Visible,
) -> Object {
    View::new(visible)
        .field("id", &order_with_a_rather_long_name.id)
        .field("title", &order_with_a_rather_long_name.title)
        .field("created_at", &order_with_a_rather_long_name.created_at)
        .field("updated_at", &order_with_a_rather_long_name.updated_at)
        .field("version", &order_with_a_rather_long_name.version)
        .finish()
}
