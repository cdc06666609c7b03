// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored member, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `members`.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
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
    /// `rank`, guarded.
    pub rank: MemberRank,
}

/// The values of `rank`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberRank {
    /// `worker`.
    Worker,
    /// `chief`.
    Chief,
}

impl Choice for MemberRank {
    const ALL: &'static [Self] = &[Self::Worker, Self::Chief];

    fn as_str(&self) -> &'static str {
        match self {
            Self::Worker => "worker",
            Self::Chief => "chief",
        }
    }
}

impl Resource for Member {
    const NAME: &'static str = "member";
    const KIND: &'static str = "Member";
    const PATH: &'static str = "/members";
    const GUARDED: &'static [&'static str] = &["rank"];

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
            .attribute("rank", &self.rank)
            .role(&self.rank)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
