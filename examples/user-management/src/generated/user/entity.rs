// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored user, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `users`.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
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
}

/// The values of `role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserRole {
    /// `user`.
    User,
    /// `admin`.
    Admin,
}

impl Choice for UserRole {
    const ALL: &'static [Self] = &[Self::User, Self::Admin];

    fn as_str(&self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

impl Resource for User {
    const NAME: &'static str = "user";
    const KIND: &'static str = "User";
    const PATH: &'static str = "/users";
    const GUARDED: &'static [&'static str] = &["role", "phone"];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn revise(&mut self, stored: &Self, now: Timestamp) {
        self.id = stored.id;
        self.created_at = stored.created_at;
        self.updated_at = now;
        self.version = stored.version + 1;
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .attribute("email", &self.email)
            .attribute("first_name", &self.first_name)
            .attribute("last_name", &self.last_name)
            .attribute("role", &self.role)
            .attribute("age", &self.age)
            .role(&self.role)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
