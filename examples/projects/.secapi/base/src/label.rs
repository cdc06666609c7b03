//! The meaning of a label. This file is yours.
//!
//! Each rule of [`Rules`] has a default that accepts everything; write the ones you need. A rule
//! may refuse or fill in, and never permit: who may do what stands in `policies/`.

use super::Rules;

/// The rules of `label`.
#[derive(Debug)]
pub struct LabelRules;

impl Rules for LabelRules {
    // For example, with `use super::Label;` and `use secapi_runtime::prelude::*;` above:
    //
    // async fn before_create(_scope: &mut Scope, label: &mut Label) -> Result<(), Error> {
    //     if label.created_at.as_millis() < 0 {
    //         return Err(Error::invalid("created_at", "too_early", "must not be before 1970"));
    //     }
    //     Ok(())
    // }
}
