//! Patients, whose actions read and write what is encrypted like anything else.

use super::{Patient, PatientTreatInput, PatientWeighOutput, Rules};
use secapi_runtime::prelude::*;

/// The rules of `patient`.
#[derive(Debug)]
pub struct PatientRules;

impl Rules for PatientRules {
    async fn treat(
        _scope: &mut Scope,
        patient: &mut Patient,
        input: PatientTreatInput,
    ) -> Result<(), Error> {
        patient.diagnosis = input.diagnosis;
        Ok(())
    }

    async fn weigh(_scope: &mut Scope, patient: &Patient) -> Result<PatientWeighOutput, Error> {
        Ok(PatientWeighOutput {
            weight: patient.weight,
        })
    }
}
