//! Actions beyond the five operations, and deletion that can be undone.

use std::time::Duration;

use serde::Serialize;

use super::{Field, Quota};

/// An action of a resource: a route, a Cedar action, and a method of the project's own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Action {
    /// The name in the spec, and behind the colon of the Cedar action: `archive`.
    pub name: String,
    /// The name in plain words: `close all`.
    pub words: String,
    /// The method of the trait `Rules`: `archive`, `r#move`.
    pub rust_ident: String,
    /// The endpoint's function; another one where the resource has a function of this name already.
    pub endpoint: String,
    /// The Rust type that stands for the action: `ProjectArchiveAction`.
    pub type_name: String,
    /// The Rust type of the body, and its schema in the API's document: `ProjectArchiveInput`.
    pub input_type: String,
    /// The Rust type of the answer, and its schema: `ProjectArchiveOutput`.
    pub output_type: String,
    /// The beginning of the operation's id in the API's document: `closeAll`.
    pub operation: String,
    /// What the route ends in: `close-all`.
    pub end: String,
    /// The HTTP method.
    pub method: Method,
    /// What it is about.
    pub on: Target,
    /// The fields of the body; without any, no body is read.
    pub input: Vec<Field>,
    /// The fields of the answer; `None` where the answer is the row.
    pub output: Option<Vec<Field>>,
    /// A sentence for the documentation.
    pub description: Option<String>,
    /// The name that it had before.
    pub renamed_from: Option<String>,
    /// The quota that it has beside that of its tier.
    pub limit: Option<Quota>,
}

impl Action {
    /// The route under a resource's own path: `/projects/{id}/archive`.
    #[must_use]
    pub fn path(&self, resource: &str) -> String {
        match self.on {
            Target::Item => format!("{resource}/{{id}}/{}", self.end),
            Target::Collection => format!("{resource}/{}", self.end),
        }
    }

    /// Whether it may change something.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.method != Method::Get
    }

    /// Whether it is about one row.
    #[must_use]
    pub fn is_on_item(&self) -> bool {
        self.on == Target::Item
    }
}

/// The HTTP method of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Changes nothing.
    Get,
    /// Changes something.
    Post,
    /// Changes something, and may be repeated.
    Put,
    /// Removes something.
    Delete,
}

impl Method {
    /// As a request line has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// As a function or a key has it.
    #[must_use]
    pub fn lower(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Put => "put",
            Self::Delete => "delete",
        }
    }

    /// Whether a request of it has a body that means something (RFC 9110, 9.3).
    #[must_use]
    pub fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put)
    }
}

/// What an action is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// One row.
    Item,
    /// The resource as a whole.
    Collection,
}

/// Deletion that can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SoftDelete {
    /// How long after its deletion a row is removed for good.
    pub purge_after: Duration,
    /// The quota of `restore` beside that of its tier.
    pub limit: Option<Quota>,
}

impl SoftDelete {
    /// The column that says when a row was deleted; empty in the rows that are live.
    pub const COLUMN: &'static str = "deleted_at";
    /// The action that brings a row back, and what its route ends in.
    pub const RESTORE: &'static str = "restore";
}
