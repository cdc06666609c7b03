//! A statement and the values bound to it.

use std::fmt::{self, Debug, Formatter};

use crate::Error;
use crate::encryption::{EncryptedField, EncryptionKeys};
use crate::value::{Id, Scalar, SqlValue};

/// A statement whose text is the program's own and whose values are bound, never written into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sql {
    pub(super) text: Text,
    pub(super) values: Vec<Bound>,
}

/// A value of a statement.
#[derive(Clone, PartialEq)]
pub(super) enum Bound {
    Plain(SqlValue),
    /// To be sealed by the transaction, which has the keys.
    Encrypted(EncryptedField, Id, SqlValue),
}

impl Bound {
    /// As it goes into the database.
    fn sealed(self, keys: Option<&EncryptionKeys>) -> Result<SqlValue, Error> {
        match self {
            Self::Plain(value) => Ok(value),
            Self::Encrypted(field, row, value) => field.seal(keys, row, &value),
        }
    }
}

/// What is to be encrypted stays out of logs.
impl Debug for Bound {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(value) => value.fmt(formatter),
            Self::Encrypted(field, row, _) => write!(formatter, "{}({row})", field.name),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Text {
    Whole(&'static str),
    /// INVARIANT: joined from `&'static str` by [`SqlBuilder`] and [`Sql::after`] alone.
    Joined(String),
}

impl Sql {
    /// A statement with the placeholders `?1`, `?2`, … for the values that [`Sql::bind`] adds in that order.
    #[must_use]
    pub fn new(text: &'static str) -> Self {
        Self {
            text: Text::Whole(text),
            values: Vec::new(),
        }
    }

    /// Binds the next value.
    #[must_use]
    pub fn bind<How>(mut self, value: impl Bind<How>) -> Self {
        self.values.push(Bound::Plain(value.into_bound()));
        self
    }

    /// Binds the next value, of an encrypted field of this row.
    #[must_use]
    pub fn seal(mut self, field: &EncryptedField, row: Id, value: &impl Scalar) -> Self {
        self.values
            .push(Bound::Encrypted(*field, row, value.to_sql()));
        self
    }

    /// The text and the values as they go into the database, those of encrypted fields sealed.
    pub(super) fn sealed(
        self,
        keys: Option<&EncryptionKeys>,
    ) -> Result<(Text, Vec<SqlValue>), Error> {
        let values = self.values.into_iter().map(|value| value.sealed(keys));
        Ok((self.text, values.collect::<Result<_, _>>()?))
    }

    pub(super) fn text(&self) -> &str {
        match &self.text {
            Text::Whole(text) => text,
            Text::Joined(text) => text,
        }
    }

    /// The same behind other text of the program's own, which has no placeholders.
    pub(super) fn after(self, first: &'static str) -> Self {
        Self {
            text: Text::Joined([first, self.text()].concat()),
            values: self.values,
        }
    }
}

/// What [`Sql::bind`] takes: a borrowed scalar, as in `.bind(&user.email)`, or a value that becomes one in the database.
/// `How` is found by the compiler. It keeps the two apart, so that generated code can borrow every field alike and
/// no lint asks it to copy some of them.
pub trait Bind<How> {
    /// The value to bind.
    fn into_bound(self) -> SqlValue;
}

/// How a scalar is bound that somebody else owns.
#[derive(Clone, Copy, Debug)]
pub enum Borrowed {}

/// How a value is bound that is given away.
#[derive(Clone, Copy, Debug)]
pub enum Given {}

impl<T: Scalar> Bind<Borrowed> for &T {
    fn into_bound(self) -> SqlValue {
        self.to_sql()
    }
}

impl<T: Into<SqlValue>> Bind<Given> for T {
    fn into_bound(self) -> SqlValue {
        self.into()
    }
}

#[cfg(any(test, feature = "testing"))]
impl Sql {
    /// The statement that explains this one.
    pub(crate) fn explained(self) -> Self {
        self.after("EXPLAIN QUERY PLAN ")
    }
}

/// Puts a statement together from pieces of the program's own text.
/// It takes no other text, so a value of a request can only be bound.
#[derive(Clone, Debug, Default)]
pub struct SqlBuilder {
    text: String,
    values: Vec<Bound>,
    /// As PostgreSQL wants its placeholders.
    #[cfg(any(test, feature = "testing"))]
    numbered: bool,
}

impl SqlBuilder {
    /// An empty statement.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a piece of text.
    pub fn push(&mut self, piece: &'static str) -> &mut Self {
        self.text.push_str(piece);
        self
    }

    /// Adds a placeholder and its value.
    pub fn bind(&mut self, value: impl Into<SqlValue>) -> &mut Self {
        self.text.push('?');
        self.values.push(Bound::Plain(value.into()));
        #[cfg(any(test, feature = "testing"))]
        self.number();
        self
    }

    /// The statement.
    #[must_use]
    pub fn build(self) -> Sql {
        Sql {
            text: Text::Joined(self.text),
            values: self.values,
        }
    }
}

/// For PostgreSQL, whose statements are measured and explained; nothing is stored there yet.
#[cfg(any(test, feature = "testing"))]
impl SqlBuilder {
    /// An empty statement with the placeholders `$1`, `$2`, …
    pub(crate) fn numbered() -> Self {
        Self {
            numbered: true,
            ..Self::default()
        }
    }

    fn number(&mut self) {
        if self.numbered {
            self.text.pop();
            self.text.push_str(&format!("${}", self.values.len()));
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl Sql {
    /// The text, and the values that are bound to it, of which none is encrypted.
    pub(crate) fn parts(&self) -> (&str, Vec<SqlValue>) {
        let plain = self.values.iter().filter_map(|value| match value {
            Bound::Plain(value) => Some(value.clone()),
            Bound::Encrypted(..) => None,
        });
        (self.text(), plain.collect())
    }
}
