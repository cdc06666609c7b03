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

    /// The last task of a project closes it.
    async fn before_update(
        scope: &mut Scope,
        _stored: &Task,
        resulting: &mut Task,
    ) -> Result<(), Error> {
        if resulting.title == "The last one" {
            let close = r#"UPDATE "projects" SET "title" = 'Closed by its last task' WHERE "id" = ?1"#;
            scope.execute(Sql::new(close).bind(&resulting.project)).await?;
        }
        Ok(())
    }
}
