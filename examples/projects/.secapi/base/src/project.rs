//! The meaning of a project. This file is yours.
//!
//! Each rule of [`Rules`] has a default that accepts everything; write the ones you need. A rule
//! may refuse or fill in, and never permit: who may do what stands in `policies/`.

use super::{Project, ProjectArchiveInput, Rules};
use secapi_runtime::prelude::*;

/// The rules of `project`.
#[derive(Debug)]
pub struct ProjectRules;

impl Rules for ProjectRules {
    /// `POST /projects/{id}/archive`. Nothing is changed yet: the answer is the row as it stands.
    async fn archive(
        _scope: &mut Scope,
        _project: &mut Project,
        input: ProjectArchiveInput,
    ) -> Result<(), Error> {
        let ProjectArchiveInput { reason: _reason } = input;
        Ok(())
    }

    // For example, with `Project` among the imports above:
    //
    // async fn before_create(_scope: &mut Scope, project: &mut Project) -> Result<(), Error> {
    //     if project.created_at.as_millis() < 0 {
    //         return Err(Error::invalid("created_at", "too_early", "must not be before 1970"));
    //     }
    //     Ok(())
    // }
}
