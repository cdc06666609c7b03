//! The meaning of a task. This file is yours.

use super::{Rules, Task};
use secapi_runtime::prelude::*;

/// The rules of `task`.
#[derive(Debug)]
pub struct TaskRules;

impl Rules for TaskRules {
    /// A task belongs to the organization of its project, whose members its policies ask for.
    async fn before_create(scope: &mut Scope, task: &mut Task) -> Result<(), Error> {
        let sql = Sql::new(r#"SELECT "organization" FROM "projects" WHERE "id" = ?1"#);
        let found = scope
            .query(sql.bind(&task.project), |row| row.get(0))
            .await?;
        // The runtime has looked the project up already; without one there is nothing that a policy would allow.
        task.organization = found.first().copied().unwrap_or_default();
        Ok(())
    }

    /// `POST /tasks/{id}/finish`. A second time changes nothing.
    async fn finish(_scope: &mut Scope, task: &mut Task) -> Result<(), Error> {
        task.done = true;
        Ok(())
    }
}
