//! The meaning of a todo. This file is yours.
//!
//! Each rule of [`Rules`] has a default that accepts everything; write the ones you need. A rule
//! may refuse or fill in, and never permit: who may do what stands in `policies/`.

use super::Rules;

/// The rules of `todo`.
#[derive(Debug)]
pub struct TodoRules;

impl Rules for TodoRules {
    // For example, with `use super::Todo;` and `use secapi_runtime::prelude::*;` above:
    //
    // async fn before_create(_scope: &mut Scope, todo: &mut Todo) -> Result<(), Error> {
    //     if todo.created_at.as_millis() < 0 {
    //         return Err(Error::invalid("created_at", "too_early", "must not be before 1970"));
    //     }
    //     Ok(())
    // }
}
