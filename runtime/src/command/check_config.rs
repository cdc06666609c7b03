//! `check-config`: what production would refuse, without starting or making anything.

use std::io::Write as _;

use tokio::runtime;

use super::{Failure, say, start};
use crate::config::Purpose;
use crate::service::Service;

pub(super) fn run(service: &Service) -> Result<(), Failure> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let loaded = runtime
        .map_err(Failure::broken)?
        .block_on(start::load(&service.definition, Purpose::Inspect));
    for warning in &loaded.warnings {
        // A warning that cannot be shown changes nothing about the answer.
        let _ = writeln!(std::io::stderr(), "warning: {warning}");
    }
    match loaded.config {
        Ok(_) => say("production would start"),
        Err(refusals) => {
            for refusal in &refusals {
                say(refusal)?;
            }
            Err(Failure::refused(Vec::new()))
        }
    }
}
