// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a loan.

use super::Loan;
use secapi_runtime::prelude::*;

/// The JSON of a loan; a guarded field that the caller may not read is left out.
pub(super) fn view(loan: &Loan, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &loan.id)
        .field("book", &loan.book)
        .field("reader", &loan.reader)
        .field("created_at", &loan.created_at)
        .field("updated_at", &loan.updated_at)
        .field("version", &loan.version)
        .finish()
}
