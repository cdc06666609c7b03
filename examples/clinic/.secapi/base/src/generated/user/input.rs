// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a user. Every violation of a body is reported at once.

use super::{User, UserRole};
use secapi_runtime::prelude::*;

static EMAIL: Text = Text::email().max(254);
static NAME: Text = Text::string().min(1).max(80).trim();
static ROLE: Choices<UserRole> = Choices::new();
static PHONE: Text = Text::phone().max(16);

/// The body of `POST /users`.
#[derive(Debug)]
pub struct UserCreate {
    /// `email`, unique.
    pub email: String,
    /// `name`.
    pub name: String,
    /// `role`, guarded.
    pub role: UserRole,
    /// `phone`, optional, guarded, encrypted in the database.
    pub phone: Option<String>,
    /// The password of the new account; only its hash is stored.
    pub password: Secret<String>,
    named: Named,
}

impl UserCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let email = input.required("email", &EMAIL);
        let name = input.required("name", &NAME);
        let role = input.defaulted("role", &ROLE, || UserRole::Visitor);
        let phone = input.optional("phone", &PHONE);
        let password = input.password("password");
        let named = input.named(&["role", "phone"]);
        input.finish()?;
        Ok(Self {
            email: email?,
            name: name?,
            role: role?,
            phone: phone?,
            password: password?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_user(self, id: Id, now: Timestamp) -> (User, Named, Secret<String>) {
        let row = User {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            email: self.email,
            name: self.name,
            role: self.role,
            phone: self.phone,
        };
        (row, self.named, self.password)
    }
}

/// The body of `PATCH /users/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct UserUpdate {
    /// `email`, unique.
    pub email: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `role`, guarded.
    pub role: Option<UserRole>,
    /// `phone`, optional, guarded, encrypted in the database. `Some(None)` removes it.
    pub phone: Option<Option<String>>,
    named: Named,
}

impl UserUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let email = input.changed("email", &EMAIL);
        let name = input.changed("name", &NAME);
        let role = input.changed("role", &ROLE);
        let phone = input.changed_optional("phone", &PHONE);
        let named = input.named(&["role", "phone"]);
        input.finish()?;
        Ok(Self {
            email: email?,
            name: name?,
            role: role?,
            phone: phone?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &User) -> (User, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.email {
            row.email = value;
        }
        if let Some(value) = self.name {
            row.name = value;
        }
        if let Some(value) = self.role {
            row.role = value;
        }
        if let Some(value) = self.phone {
            row.phone = value;
        }
        (row, self.named)
    }
}
