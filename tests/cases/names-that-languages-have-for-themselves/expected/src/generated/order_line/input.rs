// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of an order line. Every violation of a body is reported at once.

use super::OrderLine;
use secapi_runtime::prelude::*;

static TABLE: Whole = Whole::new();

/// The body of `POST /order-lines`.
#[derive(Debug)]
pub struct OrderLineCreate {
    /// `table`.
    pub table: i64,
    named: Named,
}

impl OrderLineCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let table = input.required("table", &TABLE);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            table: table?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_order_line(self, id: Id, now: Timestamp) -> (OrderLine, Named) {
        let row = OrderLine {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            table: self.table,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /order-lines/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct OrderLineUpdate {
    /// `table`.
    pub table: Option<i64>,
    named: Named,
}

impl OrderLineUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let table = input.changed("table", &TABLE);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            table: table?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &OrderLine) -> (OrderLine, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.table {
            row.table = value;
        }
        (row, self.named)
    }
}
