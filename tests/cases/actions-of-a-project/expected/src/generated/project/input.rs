// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a project. Every violation of a body is reported at once.

use super::{Project, ProjectStatus};
use secapi_runtime::prelude::*;

static TITLE: Text = Text::string().max(200);
static CODE: Text = Text::string().max(255).pattern("[A-Z]{2,5}-[0-9]+");
static OWNER: Uuid = Uuid;
static STATUS: Choices<ProjectStatus> = Choices::new();

/// The body of `POST /projects`.
#[derive(Debug)]
pub struct ProjectCreate {
    /// `title`.
    pub title: String,
    /// `code`, unique.
    pub code: String,
    /// `owner`, set at creation only.
    pub owner: Id,
    /// `status`.
    pub status: ProjectStatus,
    named: Named,
}

impl ProjectCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let title = input.required("title", &TITLE);
        let code = input.required("code", &CODE);
        let owner = input.required("owner", &OWNER);
        let status = input.defaulted("status", &STATUS, || ProjectStatus::Draft);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            title: title?,
            code: code?,
            owner: owner?,
            status: status?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_project(self, id: Id, now: Timestamp) -> (Project, Named) {
        let row = Project {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            title: self.title,
            code: self.code,
            owner: self.owner,
            status: self.status,
            deleted_at: None,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /projects/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct ProjectUpdate {
    /// `title`.
    pub title: Option<String>,
    /// `code`, unique.
    pub code: Option<String>,
    /// `status`.
    pub status: Option<ProjectStatus>,
    named: Named,
}

impl ProjectUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let title = input.changed("title", &TITLE);
        let code = input.changed("code", &CODE);
        input.refused("owner", Refusal::Immutable);
        let status = input.changed("status", &STATUS);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            title: title?,
            code: code?,
            status: status?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Project) -> (Project, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.title {
            row.title = value;
        }
        if let Some(value) = self.code {
            row.code = value;
        }
        if let Some(value) = self.status {
            row.status = value;
        }
        (row, self.named)
    }
}
