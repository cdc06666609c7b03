// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a project. Every violation of a body is reported at once.

use super::{Project, ProjectStatus};
use secapi_runtime::prelude::*;

static ORGANIZATION: Uuid = Uuid;
static TITLE: Text = Text::string().min(1).max(200).trim();
static CODE: Text = Text::string().max(20).pattern("[A-Z]{2,5}-[0-9]+");
static STATUS: Choices<ProjectStatus> = Choices::new();
static BUDGET: DecimalRule = DecimalRule::new(2).min("0.00");
static DUE: DateRule = DateRule::new();

/// The body of `POST /projects`.
#[derive(Debug)]
pub struct ProjectCreate {
    /// `organization`, set at creation only.
    pub organization: Id,
    /// `title`.
    pub title: String,
    /// `code`, optional.
    pub code: Option<String>,
    /// `status`.
    pub status: ProjectStatus,
    /// `budget`, optional, guarded.
    pub budget: Option<Decimal>,
    /// `due`, optional.
    pub due: Option<Date>,
    named: Named,
}

impl ProjectCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let organization = input.required("organization", &ORGANIZATION);
        input.refused("lead", Refusal::ReadOnly);
        let title = input.required("title", &TITLE);
        let code = input.optional("code", &CODE);
        let status = input.defaulted("status", &STATUS, || ProjectStatus::Draft);
        let budget = input.optional("budget", &BUDGET);
        let due = input.optional("due", &DUE);
        input.refused("archived_because", Refusal::ReadOnly);
        let named = input.named(&["budget"]);
        let references = input.present(&["organization"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            organization: organization?,
            title: title?,
            code: code?,
            status: status?,
            budget: budget?,
            due: due?,
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
            organization: self.organization,
            lead: Id::default(),
            title: self.title,
            code: self.code,
            status: self.status,
            budget: self.budget,
            due: self.due,
            archived_because: None,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /projects/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct ProjectUpdate {
    /// `title`.
    pub title: Option<String>,
    /// `code`, optional. `Some(None)` removes it.
    pub code: Option<Option<String>>,
    /// `status`.
    pub status: Option<ProjectStatus>,
    /// `budget`, optional, guarded. `Some(None)` removes it.
    pub budget: Option<Option<Decimal>>,
    /// `due`, optional. `Some(None)` removes it.
    pub due: Option<Option<Date>>,
    named: Named,
}

impl ProjectUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        input.refused("organization", Refusal::Immutable);
        input.refused("lead", Refusal::ReadOnly);
        let title = input.changed("title", &TITLE);
        let code = input.changed_optional("code", &CODE);
        let status = input.changed("status", &STATUS);
        let budget = input.changed_optional("budget", &BUDGET);
        let due = input.changed_optional("due", &DUE);
        input.refused("archived_because", Refusal::ReadOnly);
        let named = input.named(&["budget"]);
        input.finish()?;
        Ok(Self {
            title: title?,
            code: code?,
            status: status?,
            budget: budget?,
            due: due?,
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
        if let Some(value) = self.budget {
            row.budget = value;
        }
        if let Some(value) = self.due {
            row.due = value;
        }
        (row, self.named)
    }
}
