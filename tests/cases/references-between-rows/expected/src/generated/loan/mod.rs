// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `loan`: a loan.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a loan means stands in `src/loan.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../loan.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Loan;
pub use input::{LoanCreate, LoanUpdate};

/// What `src/loan.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new loan is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        loan: &mut Loan,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new loan is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        loan: &Loan,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed loan is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Loan,
        resulting: &mut Loan,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed loan is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        loan: &Loan,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a loan is deleted.
    fn before_delete(
        scope: &mut Scope,
        loan: &Loan,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a loan is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        loan: &Loan,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `loan`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Loan, _>("/loans", endpoints::list),
        Route::create::<Loan, _, _>("/loans", endpoints::create, endpoints::repeat),
        Route::get_including::<Read, Loan, _>("/loans/{id}", endpoints::read),
        Route::patch::<Update, Loan, _>("/loans/{id}", endpoints::update),
        Route::delete::<Delete, Loan, _>("/loans/{id}", endpoints::delete),
    ]
}
