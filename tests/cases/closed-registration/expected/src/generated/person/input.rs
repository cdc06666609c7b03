// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a person. Every violation of a body is reported at once.

use super::{Person, PersonRole};
use secapi_runtime::prelude::*;

static EMAIL: Text = Text::email().max(254);
static ROLE: Choices<PersonRole> = Choices::new();
static BADGE: Whole = Whole::new().min(1);

/// The body of `POST /people`.
#[derive(Debug)]
pub struct PersonCreate {
    /// `email`, unique.
    pub email: String,
    /// `role`, guarded.
    pub role: PersonRole,
    /// `badge`.
    pub badge: i64,
    /// The password of the new account; only its hash is stored.
    pub password: Secret<String>,
    named: Named,
}

impl PersonCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let email = input.required("email", &EMAIL);
        let role = input.defaulted("role", &ROLE, || PersonRole::User);
        let badge = input.required("badge", &BADGE);
        let password = input.password("password");
        let named = input.named(&["role"]);
        input.finish()?;
        Ok(Self {
            email: email?,
            role: role?,
            badge: badge?,
            password: password?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_person(self, id: Id, now: Timestamp) -> (Person, Named, Secret<String>) {
        let row = Person {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            email: self.email,
            role: self.role,
            badge: self.badge,
        };
        (row, self.named, self.password)
    }
}

/// The body of `PATCH /people/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct PersonUpdate {
    /// `email`, unique.
    pub email: Option<String>,
    /// `role`, guarded.
    pub role: Option<PersonRole>,
    /// `badge`.
    pub badge: Option<i64>,
    named: Named,
}

impl PersonUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let email = input.changed("email", &EMAIL);
        let role = input.changed("role", &ROLE);
        let badge = input.changed("badge", &BADGE);
        let named = input.named(&["role"]);
        input.finish()?;
        Ok(Self {
            email: email?,
            role: role?,
            badge: badge?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Person) -> (Person, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.email {
            row.email = value;
        }
        if let Some(value) = self.role {
            row.role = value;
        }
        if let Some(value) = self.badge {
            row.badge = value;
        }
        (row, self.named)
    }
}
