//! The meaning of a project. This file is yours.

use super::{Project, ProjectArchiveInput, ProjectStatus, Rules};
use secapi_runtime::prelude::*;

/// The rules of `project`.
#[derive(Debug)]
pub struct ProjectRules;

impl Rules for ProjectRules {
    /// Whoever begins it leads it.
    async fn before_create(scope: &mut Scope, project: &mut Project) -> Result<(), Error> {
        project.lead = scope.account_id()?;
        Ok(())
    }

    /// `POST /projects/{id}/archive`. A project is archived once, and for a reason.
    async fn archive(
        _scope: &mut Scope,
        project: &mut Project,
        input: ProjectArchiveInput,
    ) -> Result<(), Error> {
        if project.status == ProjectStatus::Archived {
            return Err(Error::conflict("status", "it is archived already"));
        }
        project.status = ProjectStatus::Archived;
        project.archived_because = Some(input.reason);
        Ok(())
    }
}
