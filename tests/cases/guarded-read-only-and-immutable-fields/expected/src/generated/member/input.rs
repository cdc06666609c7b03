// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a member. Every violation of a body is reported at once.

use super::{Member, MemberRank};
use secapi_runtime::prelude::*;

static EMAIL: Text = Text::email().max(100);
static RANK: Choices<MemberRank> = Choices::new();

/// The body of `POST /members`.
#[derive(Debug)]
pub struct MemberCreate {
    /// `email`, unique.
    pub email: String,
    /// `rank`, guarded.
    pub rank: MemberRank,
    /// The password of the new account; only its hash is stored.
    pub password: Secret<String>,
    named: Named,
}

impl MemberCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let email = input.required("email", &EMAIL);
        let rank = input.defaulted("rank", &RANK, || MemberRank::Worker);
        let password = input.password("password");
        let named = input.named(&["rank"]);
        input.finish()?;
        Ok(Self {
            email: email?,
            rank: rank?,
            password: password?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_member(self, id: Id, now: Timestamp) -> (Member, Named, Secret<String>) {
        let row = Member {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            email: self.email,
            rank: self.rank,
        };
        (row, self.named, self.password)
    }
}

/// The body of `POST /auth/register`: what a stranger may say of itself.
#[derive(Debug)]
pub struct MemberRegister {
    /// `email`, unique.
    pub email: String,
    /// The password of the new account; only its hash is stored.
    pub password: Secret<String>,
}

impl MemberRegister {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let email = input.required("email", &EMAIL);
        let password = input.password("password");
        input.finish()?;
        Ok(Self {
            email: email?,
            password: password?,
        })
    }

    /// The row as it would be stored, and the password.
    pub fn into_member(self, id: Id, now: Timestamp) -> (Member, Secret<String>) {
        let row = Member {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            email: self.email,
            rank: MemberRank::Worker,
        };
        (row, self.password)
    }
}

/// The body of `PATCH /members/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct MemberUpdate {
    /// `email`, unique.
    pub email: Option<String>,
    /// `rank`, guarded.
    pub rank: Option<MemberRank>,
    named: Named,
}

impl MemberUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let email = input.changed("email", &EMAIL);
        let rank = input.changed("rank", &RANK);
        let named = input.named(&["rank"]);
        input.finish()?;
        Ok(Self {
            email: email?,
            rank: rank?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Member) -> (Member, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.email {
            row.email = value;
        }
        if let Some(value) = self.rank {
            row.rank = value;
        }
        (row, self.named)
    }
}
