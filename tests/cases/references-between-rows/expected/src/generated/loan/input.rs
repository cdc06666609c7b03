// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a loan. Every violation of a body is reported at once.

use super::Loan;
use secapi_runtime::prelude::*;

static BOOK: Uuid = Uuid;

/// The body of `POST /loans`.
#[derive(Debug)]
pub struct LoanCreate {
    /// `book`.
    pub book: Id,
    named: Named,
}

impl LoanCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let book = input.required("book", &BOOK);
        input.refused("reader", Refusal::ReadOnly);
        let named = input.named(&[]);
        let references = input.present(&["book"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self { book: book?, named })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_loan(self, id: Id, now: Timestamp) -> (Loan, Named) {
        let row = Loan {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            book: self.book,
            reader: Id::default(),
        };
        (row, self.named)
    }
}

/// The body of `PATCH /loans/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct LoanUpdate {
    /// `book`.
    pub book: Option<Id>,
    named: Named,
}

impl LoanUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let book = input.changed("book", &BOOK);
        input.refused("reader", Refusal::ReadOnly);
        let named = input.named(&[]);
        let references = input.present(&["book"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self { book: book?, named })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Loan) -> (Loan, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.book {
            row.book = value;
        }
        (row, self.named)
    }
}
