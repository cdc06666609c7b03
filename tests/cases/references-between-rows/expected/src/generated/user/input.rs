// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a user. Every violation of a body is reported at once.

use super::User;
use secapi_runtime::prelude::*;

static EMAIL: Text = Text::email().max(254);
static DESK: Uuid = Uuid;

/// The body of `POST /users`.
#[derive(Debug)]
pub struct UserCreate {
    /// `email`, unique.
    pub email: String,
    /// `desk`, unique, optional.
    pub desk: Option<Id>,
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
        let desk = input.optional("desk", &DESK);
        let password = input.password("password");
        let named = input.named(&[]);
        let references = input.present(&["desk"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            email: email?,
            desk: desk?,
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
            desk: self.desk,
        };
        (row, self.named, self.password)
    }
}

/// The body of `POST /auth/register`: what a stranger may say of itself.
#[derive(Debug)]
pub struct UserRegister {
    /// `email`, unique.
    pub email: String,
    /// `desk`, unique, optional.
    pub desk: Option<Id>,
    /// The password of the new account; only its hash is stored.
    pub password: Secret<String>,
}

impl UserRegister {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let email = input.required("email", &EMAIL);
        let desk = input.optional("desk", &DESK);
        let password = input.password("password");
        input.finish()?;
        Ok(Self {
            email: email?,
            desk: desk?,
            password: password?,
        })
    }

    /// The row as it would be stored, and the password.
    pub fn into_user(self, id: Id, now: Timestamp) -> (User, Secret<String>) {
        let row = User {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            email: self.email,
            desk: self.desk,
        };
        (row, self.password)
    }
}

/// The body of `PATCH /users/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct UserUpdate {
    /// `email`, unique.
    pub email: Option<String>,
    /// `desk`, unique, optional. `Some(None)` removes it.
    pub desk: Option<Option<Id>>,
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
        let desk = input.changed_optional("desk", &DESK);
        let named = input.named(&[]);
        let references = input.present(&["desk"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            email: email?,
            desk: desk?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &User) -> (User, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.email {
            row.email = value;
        }
        if let Some(value) = self.desk {
            row.desk = value;
        }
        (row, self.named)
    }
}
