// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a product. Every violation of a body is reported at once.

use super::{Product, ProductStatus};
use secapi_runtime::prelude::*;

static SKU: Text = Text::string().max(255).pattern("[A-Z]{3}-[0-9]{4}");
static NAME: Text = Text::string().min(1).max(120).trim();
static DESCRIPTION: Text = Text::text().max(4000);
static PRICE: DecimalRule = DecimalRule::new(2).min("0.00").max("99999.99");
static PURCHASE_PRICE: DecimalRule = DecimalRule::new(2).min("0.00");
static STATUS: Choices<ProductStatus> = Choices::new();
static HOMEPAGE: Text = Text::url().max(2048);
static WEIGHT: Number = Number::new().min(0.0);
static AVAILABLE_FROM: DatetimeRule = DatetimeRule::new();

/// The body of `POST /products`.
#[derive(Debug)]
pub struct ProductCreate {
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
    named: Named,
}

impl ProductCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let sku = input.required("sku", &SKU);
        let name = input.required("name", &NAME);
        let description = input.optional("description", &DESCRIPTION);
        let price = input.required("price", &PRICE);
        let purchase_price = input.optional("purchase_price", &PURCHASE_PRICE);
        let status = input.defaulted("status", &STATUS, || ProductStatus::Draft);
        let homepage = input.optional("homepage", &HOMEPAGE);
        let weight = input.optional("weight", &WEIGHT);
        let available_from = input.optional("available_from", &AVAILABLE_FROM);
        let named = input.named(&["purchase_price"]);
        input.finish()?;
        Ok(Self {
            sku: sku?,
            name: name?,
            description: description?,
            price: price?,
            purchase_price: purchase_price?,
            status: status?,
            homepage: homepage?,
            weight: weight?,
            available_from: available_from?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_product(self, id: Id, now: Timestamp) -> (Product, Named) {
        let row = Product {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            sku: self.sku,
            name: self.name,
            description: self.description,
            price: self.price,
            purchase_price: self.purchase_price,
            status: self.status,
            homepage: self.homepage,
            weight: self.weight,
            available_from: self.available_from,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /products/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct ProductUpdate {
    /// `name`.
    pub name: Option<String>,
    /// `description`, optional. `Some(None)` removes it.
    pub description: Option<Option<String>>,
    /// `price`.
    pub price: Option<Decimal>,
    /// `purchase_price`, optional, guarded. `Some(None)` removes it.
    pub purchase_price: Option<Option<Decimal>>,
    /// `status`.
    pub status: Option<ProductStatus>,
    /// `homepage`, optional. `Some(None)` removes it.
    pub homepage: Option<Option<String>>,
    /// `weight`, optional. `Some(None)` removes it.
    pub weight: Option<Option<f64>>,
    /// `available_from`, optional. `Some(None)` removes it.
    pub available_from: Option<Option<Timestamp>>,
    named: Named,
}

impl ProductUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        input.refused("sku", Refusal::Immutable);
        let name = input.changed("name", &NAME);
        let description = input.changed_optional("description", &DESCRIPTION);
        let price = input.changed("price", &PRICE);
        let purchase_price = input.changed_optional("purchase_price", &PURCHASE_PRICE);
        let status = input.changed("status", &STATUS);
        let homepage = input.changed_optional("homepage", &HOMEPAGE);
        let weight = input.changed_optional("weight", &WEIGHT);
        let available_from = input.changed_optional("available_from", &AVAILABLE_FROM);
        let named = input.named(&["purchase_price"]);
        input.finish()?;
        Ok(Self {
            name: name?,
            description: description?,
            price: price?,
            purchase_price: purchase_price?,
            status: status?,
            homepage: homepage?,
            weight: weight?,
            available_from: available_from?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Product) -> (Product, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.name {
            row.name = value;
        }
        if let Some(value) = self.description {
            row.description = value;
        }
        if let Some(value) = self.price {
            row.price = value;
        }
        if let Some(value) = self.purchase_price {
            row.purchase_price = value;
        }
        if let Some(value) = self.status {
            row.status = value;
        }
        if let Some(value) = self.homepage {
            row.homepage = value;
        }
        if let Some(value) = self.weight {
            row.weight = value;
        }
        if let Some(value) = self.available_from {
            row.available_from = value;
        }
        (row, self.named)
    }
}
