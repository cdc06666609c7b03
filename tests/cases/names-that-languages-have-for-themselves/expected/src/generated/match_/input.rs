// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a match. Every violation of a body is reported at once.

use super::Match;
use secapi_runtime::prelude::*;

static GROUP: DateRule = DateRule::new();
static ASYNC: Flag = Flag;

/// The body of `POST /matches`.
#[derive(Debug)]
pub struct MatchCreate {
    /// `group`.
    pub group: Date,
    /// `async`.
    pub r#async: bool,
    named: Named,
}

impl MatchCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let group = input.required("group", &GROUP);
        let r#async = input.defaulted("async", &ASYNC, || false);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            group: group?,
            r#async: r#async?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_match(self, id: Id, now: Timestamp) -> (Match, Named) {
        let row = Match {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            group: self.group,
            r#async: self.r#async,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /matches/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct MatchUpdate {
    /// `group`.
    pub group: Option<Date>,
    /// `async`.
    pub r#async: Option<bool>,
    named: Named,
}

impl MatchUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let group = input.changed("group", &GROUP);
        let r#async = input.changed("async", &ASYNC);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            group: group?,
            r#async: r#async?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Match) -> (Match, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.group {
            row.group = value;
        }
        if let Some(value) = self.r#async {
            row.r#async = value;
        }
        (row, self.named)
    }
}
