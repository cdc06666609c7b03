//! `check-config`: what production would refuse, without starting or making anything.

use std::io::Write as _;

use super::{Failure, say};
use crate::config::{self, Purpose, Sources};
use crate::service::Service;

pub(super) fn run(service: &Service) -> Result<(), Failure> {
    let loaded = config::load(
        &Sources::of_process(),
        &service.definition,
        Purpose::Inspect,
    );
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
