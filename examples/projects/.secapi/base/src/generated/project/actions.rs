// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What can be done with a project beyond the five operations: what each action takes and answers with.
//! What it does stands in `src/project.rs`.

use secapi_runtime::prelude::*;

/// `POST /projects/{id}/archive`: Cedar action `project:archive`. Ends the project.
#[derive(Debug)]
pub enum ProjectArchiveAction {}

impl Action for ProjectArchiveAction {
    const VERB: &'static str = "archive";
}

impl CustomAction for ProjectArchiveAction {}

/// The body of `POST /projects/{id}/archive`.
#[derive(Debug)]
pub struct ProjectArchiveInput {
    /// `reason`.
    pub reason: String,
}

impl ProjectArchiveInput {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        static REASON: Text = Text::string().min(1).max(500);
        let mut input = Input::new(body);
        let reason = input.required("reason", &REASON);
        input.finish()?;
        Ok(Self { reason: reason? })
    }
}
