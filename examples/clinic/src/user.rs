//! The meaning of a user. This file is yours.
//!
//! Each rule of [`Rules`] has a default that accepts everything; write the ones you need. A rule
//! may refuse or fill in, and never permit: who may do what stands in `policies/`.

use super::Rules;

/// The rules of `user`.
#[derive(Debug)]
pub struct UserRules;

impl Rules for UserRules {
    // For example, with `use super::User;` and `use secapi_runtime::prelude::*;` above:
    //
    // async fn before_create(_scope: &mut Scope, user: &mut User) -> Result<(), Error> {
    //     if user.created_at.as_millis() < 0 {
    //         return Err(Error::invalid("created_at", "too_early", "must not be before 1970"));
    //     }
    //     Ok(())
    // }
}
