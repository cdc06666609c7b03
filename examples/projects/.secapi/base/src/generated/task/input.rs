// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a task. Every violation of a body is reported at once.

use super::Task;
use secapi_runtime::prelude::*;

static PROJECT: Uuid = Uuid;
static TITLE: Text = Text::string().min(1).max(200).trim();
static ASSIGNEE: Uuid = Uuid;
static DONE: Flag = Flag;

/// The body of `POST /tasks`.
#[derive(Debug)]
pub struct TaskCreate {
    /// `project`, set at creation only.
    pub project: Id,
    /// `title`.
    pub title: String,
    /// `assignee`, optional.
    pub assignee: Option<Id>,
    /// `done`.
    pub done: bool,
    named: Named,
}

impl TaskCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let project = input.required("project", &PROJECT);
        input.refused("organization", Refusal::ReadOnly);
        let title = input.required("title", &TITLE);
        let assignee = input.optional("assignee", &ASSIGNEE);
        let done = input.defaulted("done", &DONE, || false);
        let named = input.named(&[]);
        let references = input.present(&["project", "assignee"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            project: project?,
            title: title?,
            assignee: assignee?,
            done: done?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_task(self, id: Id, now: Timestamp) -> (Task, Named) {
        let row = Task {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            project: self.project,
            organization: Id::default(),
            title: self.title,
            assignee: self.assignee,
            done: self.done,
            labels: Vec::new(),
        };
        (row, self.named)
    }
}

/// The body of `PATCH /tasks/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct TaskUpdate {
    /// `title`.
    pub title: Option<String>,
    /// `assignee`, optional. `Some(None)` removes it.
    pub assignee: Option<Option<Id>>,
    /// `done`.
    pub done: Option<bool>,
    named: Named,
}

impl TaskUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        input.refused("project", Refusal::Immutable);
        input.refused("organization", Refusal::ReadOnly);
        let title = input.changed("title", &TITLE);
        let assignee = input.changed_optional("assignee", &ASSIGNEE);
        let done = input.changed("done", &DONE);
        let named = input.named(&[]);
        let references = input.present(&["assignee"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            title: title?,
            assignee: assignee?,
            done: done?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Task) -> (Task, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.title {
            row.title = value;
        }
        if let Some(value) = self.assignee {
            row.assignee = value;
        }
        if let Some(value) = self.done {
            row.done = value;
        }
        (row, self.named)
    }
}
