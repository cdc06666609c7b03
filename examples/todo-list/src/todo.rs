//! The meaning of a to-do. This file is yours.

use super::{Rules, Todo};
use secapi_runtime::prelude::*;

/// The rules of `todo`.
#[derive(Debug)]
pub struct TodoRules;

impl Rules for TodoRules {
    /// A thing to do belongs to whoever writes it down.
    async fn before_create(scope: &mut Scope, todo: &mut Todo) -> Result<(), Error> {
        todo.owner = scope.account_id()?;
        Ok(())
    }
}
