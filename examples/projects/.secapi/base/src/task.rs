//! The meaning of a task. This file is yours.
//!
//! Each rule of [`Rules`] has a default that accepts everything; write the ones you need. A rule
//! may refuse or fill in, and never permit: who may do what stands in `policies/`.

use super::{Rules, Task};
use secapi_runtime::prelude::*;

/// The rules of `task`.
#[derive(Debug)]
pub struct TaskRules;

impl Rules for TaskRules {
    /// `POST /tasks/{id}/finish`. Nothing is changed yet: the answer is the row as it stands.
    async fn finish(_scope: &mut Scope, _task: &mut Task) -> Result<(), Error> {
        Ok(())
    }

    // For example, with `Task` among the imports above:
    //
    // async fn before_create(_scope: &mut Scope, task: &mut Task) -> Result<(), Error> {
    //     if task.created_at.as_millis() < 0 {
    //         return Err(Error::invalid("created_at", "too_early", "must not be before 1970"));
    //     }
    //     Ok(())
    // }
}
