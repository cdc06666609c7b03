// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored sample, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `samples`.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `line`. One line.
    pub line: String,
    /// `person`, optional.
    pub person: Option<String>,
    /// `code`, unique.
    pub code: String,
    /// `story`.
    pub story: String,
    /// `whole`.
    pub whole: i64,
    /// `whole_or_not`, optional.
    pub whole_or_not: Option<i64>,
    /// `whole_by_default`.
    pub whole_by_default: i64,
    /// `wide`.
    pub wide: WideInteger,
    /// `ratio`.
    pub ratio: f64,
    /// `price`.
    pub price: Decimal,
    /// `exact`, optional.
    pub exact: Option<Decimal>,
    /// `flag`.
    pub flag: bool,
    /// `key`.
    pub key: Id,
    /// `mail`, optional.
    pub mail: Option<String>,
    /// `link`, optional.
    pub link: Option<String>,
    /// `phone`, optional.
    pub phone: Option<String>,
    /// `day`.
    pub day: Date,
    /// `clock`.
    pub clock: TimeOfDay,
    /// `moment`, optional.
    pub moment: Option<Timestamp>,
    /// `span`.
    pub span: Span,
    /// `address`, optional.
    pub address: Option<IpAddr>,
    /// `size`.
    pub size: SampleSize,
    /// `blob`, optional.
    pub blob: Option<Bytes>,
}

/// The values of `size`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleSize {
    /// `small`.
    Small,
    /// `medium`.
    Medium,
    /// `extra-large`.
    ExtraLarge,
}

impl Choice for SampleSize {
    const ALL: &'static [Self] = &[Self::Small, Self::Medium, Self::ExtraLarge];

    fn as_str(&self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::ExtraLarge => "extra-large",
        }
    }
}

impl Resource for Sample {
    const NAME: &'static str = "sample";
    const KIND: &'static str = "Sample";
    const PATH: &'static str = "/samples";
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
            .attribute("line", &self.line)
            .attribute("person", &self.person)
            .attribute("code", &self.code)
            .attribute("story", &self.story)
            .attribute("whole", &self.whole)
            .attribute("whole_or_not", &self.whole_or_not)
            .attribute("whole_by_default", &self.whole_by_default)
            .attribute("wide", &self.wide)
            .attribute("price", &self.price)
            .attribute("exact", &self.exact)
            .attribute("flag", &self.flag)
            .attribute("key", &self.key)
            .attribute("mail", &self.mail)
            .attribute("link", &self.link)
            .attribute("phone", &self.phone)
            .attribute("day", &self.day)
            .attribute("moment", &self.moment)
            .attribute("span", &self.span)
            .attribute("address", &self.address)
            .attribute("size", &self.size)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
