// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of an order. Every violation of a body is reported at once.

use super::{Order, OrderType};
use secapi_runtime::prelude::*;

static TYPE: Choices<OrderType> = Choices::new();
static SELECT: Text = Text::string().max(40);
static SELF: Flag = Flag;
static IN: Text = Text::string().max(10);
static WHERE: Whole = Whole::new();

/// The body of `POST /orders`.
#[derive(Debug)]
pub struct OrderCreate {
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
    named: Named,
}

impl OrderCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let r#type = input.defaulted("type", &TYPE, || OrderType::Match);
        let select = input.required("select", &SELECT);
        let self_ = input.defaulted("self", &SELF, || true);
        let r#in = input.optional("in", &IN);
        let r#where = input.optional("where", &WHERE);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            r#type: r#type?,
            select: select?,
            self_: self_?,
            r#in: r#in?,
            r#where: r#where?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_order(self, id: Id, now: Timestamp) -> (Order, Named) {
        let row = Order {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            r#type: self.r#type,
            select: self.select,
            self_: self.self_,
            r#in: self.r#in,
            r#where: self.r#where,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /orders/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct OrderUpdate {
    /// `type`.
    pub r#type: Option<OrderType>,
    /// `select`.
    pub select: Option<String>,
    /// `self`.
    pub self_: Option<bool>,
    /// `in`, optional. `Some(None)` removes it.
    pub r#in: Option<Option<String>>,
    /// `where`, optional. `Some(None)` removes it.
    pub r#where: Option<Option<i64>>,
    named: Named,
}

impl OrderUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let r#type = input.changed("type", &TYPE);
        let select = input.changed("select", &SELECT);
        let self_ = input.changed("self", &SELF);
        let r#in = input.changed_optional("in", &IN);
        let r#where = input.changed_optional("where", &WHERE);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            r#type: r#type?,
            select: select?,
            self_: self_?,
            r#in: r#in?,
            r#where: r#where?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Order) -> (Order, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.r#type {
            row.r#type = value;
        }
        if let Some(value) = self.select {
            row.select = value;
        }
        if let Some(value) = self.self_ {
            row.self_ = value;
        }
        if let Some(value) = self.r#in {
            row.r#in = value;
        }
        if let Some(value) = self.r#where {
            row.r#where = value;
        }
        (row, self.named)
    }
}
