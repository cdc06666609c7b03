//! The meaning of a task. This file is yours.

use super::{Rules, Task};
use secapi_runtime::prelude::*;

/// The rules of `task`.
#[derive(Debug)]
pub struct TaskRules;

impl Rules for TaskRules {
    /// A task is its creator's.
    async fn before_create(scope: &mut Scope, task: &mut Task) -> Result<(), Error> {
        // A rule that forgets to say whose it is.
        if task.title != "Nobody's" {
            task.creator = scope.account_id()?;
        }
        Ok(())
    }
}
