// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a todo. Every violation of a body is reported at once.

use super::Todo;
use secapi_runtime::prelude::*;

static TITLE: Text = Text::string().min(1).max(200).trim();
static NOTES: Text = Text::text().max(4000);
static DONE: Flag = Flag;
static PRIORITY: Whole = Whole::new().min(1).max(5);
static DUE: DateRule = DateRule::new();

/// The body of `POST /todos`.
#[derive(Debug)]
pub struct TodoCreate {
    /// `title`.
    pub title: String,
    /// `notes`, optional.
    pub notes: Option<String>,
    /// `done`.
    pub done: bool,
    /// `priority`.
    pub priority: i64,
    /// `due`, optional.
    pub due: Option<Date>,
    named: Named,
}

impl TodoCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        input.refused("owner", Refusal::ReadOnly);
        let title = input.required("title", &TITLE);
        let notes = input.optional("notes", &NOTES);
        let done = input.defaulted("done", &DONE, || false);
        let priority = input.defaulted("priority", &PRIORITY, || 3);
        let due = input.optional("due", &DUE);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            title: title?,
            notes: notes?,
            done: done?,
            priority: priority?,
            due: due?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_todo(self, id: Id, now: Timestamp) -> (Todo, Named) {
        let row = Todo {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            owner: Id::default(),
            title: self.title,
            notes: self.notes,
            done: self.done,
            priority: self.priority,
            due: self.due,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /todos/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct TodoUpdate {
    /// `title`.
    pub title: Option<String>,
    /// `notes`, optional. `Some(None)` removes it.
    pub notes: Option<Option<String>>,
    /// `done`.
    pub done: Option<bool>,
    /// `priority`.
    pub priority: Option<i64>,
    /// `due`, optional. `Some(None)` removes it.
    pub due: Option<Option<Date>>,
    named: Named,
}

impl TodoUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        input.refused("owner", Refusal::ReadOnly);
        let title = input.changed("title", &TITLE);
        let notes = input.changed_optional("notes", &NOTES);
        let done = input.changed("done", &DONE);
        let priority = input.changed("priority", &PRIORITY);
        let due = input.changed_optional("due", &DUE);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            title: title?,
            notes: notes?,
            done: done?,
            priority: priority?,
            due: due?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Todo) -> (Todo, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.title {
            row.title = value;
        }
        if let Some(value) = self.notes {
            row.notes = value;
        }
        if let Some(value) = self.done {
            row.done = value;
        }
        if let Some(value) = self.priority {
            row.priority = value;
        }
        if let Some(value) = self.due {
            row.due = value;
        }
        (row, self.named)
    }
}
