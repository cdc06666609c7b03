//! The meaning of an appointment. This file is yours.
//!
//! Each rule of [`Rules`] has a default that accepts everything; write the ones you need. A rule
//! may refuse or fill in, and never permit: who may do what stands in `policies/`.

use super::Rules;

/// The rules of `appointment`.
#[derive(Debug)]
pub struct AppointmentRules;

impl Rules for AppointmentRules {
    // For example, with `use super::Appointment;` and `use secapi_runtime::prelude::*;` above:
    //
    // async fn before_create(_scope: &mut Scope, appointment: &mut Appointment) -> Result<(), Error> {
    //     if appointment.created_at.as_millis() < 0 {
    //         return Err(Error::invalid("created_at", "too_early", "must not be before 1970"));
    //     }
    //     Ok(())
    // }
}
