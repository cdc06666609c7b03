// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of an order with a rather long name. Every violation of a body is reported at once.

use super::OrderWithARatherLongName;
use secapi_runtime::prelude::*;

static TITLE: Text = Text::string().max(255);

/// The body of `POST /order-with-a-rather-long-names`.
#[derive(Debug)]
pub struct OrderWithARatherLongNameCreate {
    /// `title`.
    pub title: String,
    named: Named,
}

impl OrderWithARatherLongNameCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let title = input.required("title", &TITLE);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            title: title?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_order_with_a_rather_long_name(
        self,
        id: Id,
        now: Timestamp,
    ) -> (OrderWithARatherLongName, Named) {
        let row = OrderWithARatherLongName {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            title: self.title,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /order-with-a-rather-long-names/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct OrderWithARatherLongNameUpdate {
    /// `title`.
    pub title: Option<String>,
    named: Named,
}

impl OrderWithARatherLongNameUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let title = input.changed("title", &TITLE);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            title: title?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &OrderWithARatherLongName) -> (OrderWithARatherLongName, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.title {
            row.title = value;
        }
        (row, self.named)
    }
}
