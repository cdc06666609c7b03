// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of an organization. Every violation of a body is reported at once.

use super::Organization;
use secapi_runtime::prelude::*;

static NAME: Text = Text::string().min(1).max(120).trim();

/// The body of `POST /organizations`.
#[derive(Debug)]
pub struct OrganizationCreate {
    /// `name`, unique.
    pub name: String,
    named: Named,
}

impl OrganizationCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let name = input.required("name", &NAME);
        input.refused("owner", Refusal::ReadOnly);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self { name: name?, named })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_organization(self, id: Id, now: Timestamp) -> (Organization, Named) {
        let row = Organization {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            name: self.name,
            owner: Id::default(),
        };
        (row, self.named)
    }
}

/// The body of `PATCH /organizations/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct OrganizationUpdate {
    /// `name`, unique.
    pub name: Option<String>,
    named: Named,
}

impl OrganizationUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let name = input.changed("name", &NAME);
        input.refused("owner", Refusal::ReadOnly);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self { name: name?, named })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Organization) -> (Organization, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.name {
            row.name = value;
        }
        (row, self.named)
    }
}
