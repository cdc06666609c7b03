//! `openapi`: prints the document.

use super::{Failure, say};
use crate::service::Service;

pub(super) fn run(service: &Service) -> Result<(), Failure> {
    say(service.definition.openapi.trim_end())
}
