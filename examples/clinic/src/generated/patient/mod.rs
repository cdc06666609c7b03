// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `patient`: The file of one patient.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What a patient means stands in `src/patient.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../patient.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::Patient;
pub use input::{PatientCreate, PatientUpdate};
pub use store::ENCRYPTED;
pub use store::PURGE;
pub use store::RELATED;

/// What `src/patient.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new patient is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        patient: &mut Patient,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new patient is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        patient: &Patient,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed patient is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Patient,
        resulting: &mut Patient,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed patient is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        patient: &Patient,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a patient is deleted.
    fn before_delete(
        scope: &mut Scope,
        patient: &Patient,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a patient is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        patient: &Patient,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a deleted patient is brought back.
    fn before_restore(
        scope: &mut Scope,
        patient: &Patient,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a deleted patient is brought back, in the same transaction.
    fn after_restore(
        scope: &mut Scope,
        patient: &Patient,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `patient`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Patient, _>("/patients", endpoints::list),
        Route::create::<Patient, _, _>("/patients", endpoints::create, endpoints::repeat),
        Route::get_including::<Read, Patient, _>("/patients/{id}", endpoints::read),
        Route::patch::<Update, Patient, _>("/patients/{id}", endpoints::update),
        Route::delete::<Delete, Patient, _>("/patients/{id}", endpoints::delete),
        Route::post::<Restore, Patient, _>("/patients/{id}/restore", endpoints::restore)
            .repeated(endpoints::act_again::<Restore>),
    ]
}
