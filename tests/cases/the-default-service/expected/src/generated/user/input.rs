// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a user. Every violation of a body is reported at once.

use super::{User, UserRole};
use secapi_runtime::prelude::*;

static EMAIL: Text = Text::email().max(254);
static FIRST_NAME: Text = Text::string()
    .min(1)
    .max(50)
    .trim()
    .format(Format::PersonName);
static LAST_NAME: Text = Text::string()
    .min(1)
    .max(50)
    .trim()
    .format(Format::PersonName);
static ROLE: Choices<UserRole> = Choices::new();
static PHONE: Text = Text::phone().max(16);
static AGE: Whole = Whole::new().min(13).max(120);

/// The body of `POST /users`.
#[derive(Debug)]
pub struct UserCreate {
    /// `email`, unique.
    pub email: String,
    /// `first_name`.
    pub first_name: String,
    /// `last_name`.
    pub last_name: String,
    /// `role`, guarded.
    pub role: UserRole,
    /// `phone`, optional, guarded, encrypted in the database.
    pub phone: Option<String>,
    /// `age`, optional.
    pub age: Option<i64>,
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
        let first_name = input.required("first_name", &FIRST_NAME);
        let last_name = input.required("last_name", &LAST_NAME);
        let role = input.defaulted("role", &ROLE, || UserRole::User);
        let phone = input.optional("phone", &PHONE);
        let age = input.optional("age", &AGE);
        let password = input.password("password");
        let named = input.named(&["role", "phone"]);
        input.finish()?;
        Ok(Self {
            email: email?,
            first_name: first_name?,
            last_name: last_name?,
            role: role?,
            phone: phone?,
            age: age?,
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
            first_name: self.first_name,
            last_name: self.last_name,
            role: self.role,
            phone: self.phone,
            age: self.age,
        };
        (row, self.named, self.password)
    }
}

/// The body of `POST /auth/register`: what a stranger may say of itself.
#[derive(Debug)]
pub struct UserRegister {
    /// `email`, unique.
    pub email: String,
    /// `first_name`.
    pub first_name: String,
    /// `last_name`.
    pub last_name: String,
    /// `age`, optional.
    pub age: Option<i64>,
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
        let first_name = input.required("first_name", &FIRST_NAME);
        let last_name = input.required("last_name", &LAST_NAME);
        let age = input.optional("age", &AGE);
        let password = input.password("password");
        input.finish()?;
        Ok(Self {
            email: email?,
            first_name: first_name?,
            last_name: last_name?,
            age: age?,
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
            first_name: self.first_name,
            last_name: self.last_name,
            role: UserRole::User,
            phone: None,
            age: self.age,
        };
        (row, self.password)
    }
}

/// The body of `PATCH /users/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct UserUpdate {
    /// `email`, unique.
    pub email: Option<String>,
    /// `first_name`.
    pub first_name: Option<String>,
    /// `last_name`.
    pub last_name: Option<String>,
    /// `role`, guarded.
    pub role: Option<UserRole>,
    /// `phone`, optional, guarded, encrypted in the database. `Some(None)` removes it.
    pub phone: Option<Option<String>>,
    /// `age`, optional. `Some(None)` removes it.
    pub age: Option<Option<i64>>,
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
        let first_name = input.changed("first_name", &FIRST_NAME);
        let last_name = input.changed("last_name", &LAST_NAME);
        let role = input.changed("role", &ROLE);
        let phone = input.changed_optional("phone", &PHONE);
        let age = input.changed_optional("age", &AGE);
        let named = input.named(&["role", "phone"]);
        input.finish()?;
        Ok(Self {
            email: email?,
            first_name: first_name?,
            last_name: last_name?,
            role: role?,
            phone: phone?,
            age: age?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &User) -> (User, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.email {
            row.email = value;
        }
        if let Some(value) = self.first_name {
            row.first_name = value;
        }
        if let Some(value) = self.last_name {
            row.last_name = value;
        }
        if let Some(value) = self.role {
            row.role = value;
        }
        if let Some(value) = self.phone {
            row.phone = value;
        }
        if let Some(value) = self.age {
            row.age = value;
        }
        (row, self.named)
    }
}
