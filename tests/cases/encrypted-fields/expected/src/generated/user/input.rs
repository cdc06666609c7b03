// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a user. Every violation of a body is reported at once.

use super::{User, UserRole};
use secapi_runtime::prelude::*;

static EMAIL: Text = Text::email().max(254);
static ROLE: Choices<UserRole> = Choices::new();
static PHONE: Text = Text::phone().max(16);
static LISTING: Text = Text::string().max(20);

/// The body of `POST /users`.
#[derive(Debug)]
pub struct UserCreate {
    /// `email`, unique.
    pub email: String,
    /// `role`, guarded.
    pub role: UserRole,
    /// `phone`, optional, guarded, encrypted in the database.
    pub phone: Option<String>,
    /// `listing`, encrypted in the database.
    pub listing: String,
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
        let role = input.defaulted("role", &ROLE, || UserRole::User);
        let phone = input.optional("phone", &PHONE);
        let listing = input.required("listing", &LISTING);
        let password = input.password("password");
        let named = input.named(&["role", "phone"]);
        input.finish()?;
        Ok(Self {
            email: email?,
            role: role?,
            phone: phone?,
            listing: listing?,
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
            role: self.role,
            phone: self.phone,
            listing: self.listing,
        };
        (row, self.named, self.password)
    }
}

/// The body of `POST /auth/register`: what a stranger may say of itself.
#[derive(Debug)]
pub struct UserRegister {
    /// `email`, unique.
    pub email: String,
    /// `listing`, encrypted in the database.
    pub listing: String,
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
        let listing = input.required("listing", &LISTING);
        let password = input.password("password");
        input.finish()?;
        Ok(Self {
            email: email?,
            listing: listing?,
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
            role: UserRole::User,
            phone: None,
            listing: self.listing,
        };
        (row, self.password)
    }
}

/// The body of `PATCH /users/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct UserUpdate {
    /// `email`, unique.
    pub email: Option<String>,
    /// `role`, guarded.
    pub role: Option<UserRole>,
    /// `phone`, optional, guarded, encrypted in the database. `Some(None)` removes it.
    pub phone: Option<Option<String>>,
    /// `listing`, encrypted in the database.
    pub listing: Option<String>,
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
        let role = input.changed("role", &ROLE);
        let phone = input.changed_optional("phone", &PHONE);
        let listing = input.changed("listing", &LISTING);
        let named = input.named(&["role", "phone"]);
        input.finish()?;
        Ok(Self {
            email: email?,
            role: role?,
            phone: phone?,
            listing: listing?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &User) -> (User, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.email {
            row.email = value;
        }
        if let Some(value) = self.role {
            row.role = value;
        }
        if let Some(value) = self.phone {
            row.phone = value;
        }
        if let Some(value) = self.listing {
            row.listing = value;
        }
        (row, self.named)
    }
}
