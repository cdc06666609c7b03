// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `appointment`: When a patient comes, and to whom.
//!
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers. What an appointment means stands in `src/appointment.rs`.

mod endpoints;
mod entity;
mod input;
#[path = "../../appointment.rs"]
mod rules;
mod store;
mod view;

use secapi_runtime::prelude::*;

pub use entity::{Appointment, AppointmentState};
pub use input::{AppointmentCreate, AppointmentUpdate};
pub use store::ENCRYPTED;
pub use store::PURGE;

/// What `src/appointment.rs` may do around each operation. Every rule has a default that accepts.
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
#[expect(unused_variables, reason = "the defaults look at nothing")]
pub trait Rules {
    /// Before a new appointment is authorized and stored; may fill in.
    fn before_create(
        scope: &mut Scope,
        appointment: &mut Appointment,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new appointment is stored, in the same transaction.
    fn after_create(
        scope: &mut Scope,
        appointment: &Appointment,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a changed appointment is authorized and stored; may fill in.
    fn before_update(
        scope: &mut Scope,
        stored: &Appointment,
        resulting: &mut Appointment,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed appointment is stored, in the same transaction.
    fn after_update(
        scope: &mut Scope,
        appointment: &Appointment,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before an appointment is deleted.
    fn before_delete(
        scope: &mut Scope,
        appointment: &Appointment,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After an appointment is deleted, in the same transaction.
    fn after_delete(
        scope: &mut Scope,
        appointment: &Appointment,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// Before a deleted appointment is brought back.
    fn before_restore(
        scope: &mut Scope,
        appointment: &Appointment,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a deleted appointment is brought back, in the same transaction.
    fn after_restore(
        scope: &mut Scope,
        appointment: &Appointment,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
}

/// The routes of `appointment`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    vec![
        Route::list::<Appointment, _>("/appointments", endpoints::list),
        Route::create::<Appointment, _, _>("/appointments", endpoints::create, endpoints::repeat),
        Route::get_including::<Read, Appointment, _>("/appointments/{id}", endpoints::read),
        Route::patch::<Update, Appointment, _>("/appointments/{id}", endpoints::update),
        Route::delete::<Delete, Appointment, _>("/appointments/{id}", endpoints::delete),
        Route::post::<Restore, Appointment, _>("/appointments/{id}/restore", endpoints::restore)
            .repeated(endpoints::act_again::<Restore>),
    ]
}
