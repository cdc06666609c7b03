//! The meaning of an appointment. This file is yours.

use super::{Appointment, Rules};
use secapi_runtime::prelude::*;

/// The rules of `appointment`.
#[derive(Debug)]
pub struct AppointmentRules;

impl Rules for AppointmentRules {
    /// An appointment is seen by the account that the patient's file is tied to.
    async fn before_create(scope: &mut Scope, appointment: &mut Appointment) -> Result<(), Error> {
        let sql = Sql::new("SELECT account FROM patients WHERE id = ?1");
        let accounts = scope.query(sql.bind(appointment.patient), |row| row.get(0));
        appointment.account = accounts.await?.first().copied().flatten();
        Ok(())
    }
}
