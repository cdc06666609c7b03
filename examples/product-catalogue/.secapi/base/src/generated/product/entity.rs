// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored product, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `products`.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `sku`, unique, set at creation only.
    pub sku: String,
    /// `name`.
    pub name: String,
    /// `description`, optional.
    pub description: Option<String>,
    /// `price`.
    pub price: Decimal,
    /// `purchase_price`, optional, guarded.
    pub purchase_price: Option<Decimal>,
    /// `status`.
    pub status: ProductStatus,
    /// `homepage`, optional.
    pub homepage: Option<String>,
    /// `weight`, optional.
    pub weight: Option<f64>,
    /// `available_from`, optional.
    pub available_from: Option<Timestamp>,
}

/// The values of `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductStatus {
    /// `draft`.
    Draft,
    /// `published`.
    Published,
    /// `retired`.
    Retired,
}

impl Choice for ProductStatus {
    const ALL: &'static [Self] = &[Self::Draft, Self::Published, Self::Retired];

    fn as_str(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Retired => "retired",
        }
    }
}

impl Resource for Product {
    const NAME: &'static str = "product";
    const KIND: &'static str = "Product";
    const PATH: &'static str = "/products";
    const GUARDED: &'static [&'static str] = &["purchase_price"];

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
        self.sku.clone_from(&stored.sku);
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .attribute("sku", &self.sku)
            .attribute("name", &self.name)
            .attribute("description", &self.description)
            .attribute("price", &self.price)
            .attribute("purchase_price", &self.purchase_price)
            .attribute("status", &self.status)
            .attribute("homepage", &self.homepage)
            .attribute("available_from", &self.available_from)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
