// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored order, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `orders`.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `type`.
    pub r#type: OrderType,
    /// `select`.
    pub select: String,
    /// `self`.
    pub self_: bool,
    /// `in`, optional.
    pub r#in: Option<String>,
    /// `where`, optional.
    pub r#where: Option<i64>,
}

/// The values of `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderType {
    /// `match`.
    Match,
    /// `fn`.
    Fn,
    /// `self`.
    SelfValue,
    /// `extra-large`.
    ExtraLarge,
    /// `3d`.
    V3d,
}

impl Choice for OrderType {
    const ALL: &'static [Self] = &[
        Self::Match,
        Self::Fn,
        Self::SelfValue,
        Self::ExtraLarge,
        Self::V3d,
    ];

    fn as_str(&self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Fn => "fn",
            Self::SelfValue => "self",
            Self::ExtraLarge => "extra-large",
            Self::V3d => "3d",
        }
    }
}

impl Resource for Order {
    const NAME: &'static str = "order";
    const KIND: &'static str = "Order";
    const PATH: &'static str = "/orders";
    const GUARDED: &'static [&'static str] = &[];

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
            .attribute("type", &self.r#type)
            .attribute("select", &self.select)
            .attribute("self", &self.self_)
            .attribute("in", &self.r#in)
            .attribute("where", &self.r#where)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
