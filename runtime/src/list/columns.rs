//! What generated code says of a resource's columns.

use crate::authz::condition::Field;
use crate::related::References;

/// The columns that a list can filter and sort by, and those that policies look at.
#[derive(Clone, Copy, Debug)]
pub struct Listing {
    /// `SELECT … FROM …` without conditions; it names every column below.
    pub select: &'static str,
    /// The columns. One of them is `id`.
    pub columns: &'static [Column],
    /// The fields that refer to rows, which policies look behind.
    pub references: References,
}

impl Listing {
    /// The column of a name, if the caller may know of it.
    pub(super) fn column(
        &self,
        name: &str,
        readable_guarded: &dyn Fn(&str) -> bool,
    ) -> Option<&'static Column> {
        let column = self.columns.iter().find(|column| column.name == name)?;
        let known = !column.hidden && (!column.guarded || readable_guarded(name));
        known.then_some(column)
    }

    /// The column of what a condition looks at of the row itself, in SQL.
    pub(super) fn field(&self, field: &Field) -> Option<&'static str> {
        let mut columns = self.columns.iter();
        let found = match field {
            Field::Attribute(name) => columns.find(|column| *column.name == **name),
            Field::Role => columns.find(|column| column.role),
            Field::Behind(..) => None,
        };
        found.map(|column| column.sql)
    }

    /// The rows that a field refers to.
    pub(super) fn referred(&self, field: &Field) -> Option<&'static Self> {
        match field {
            Field::Attribute(name) => {
                let mut references = (self.references)().iter();
                let found = references.find(|reference| *reference.name == **name);
                found.map(|reference| reference.related.listing)
            }
            Field::Role => None,
            Field::Behind(reference, field) => self.referred(reference)?.referred(field),
        }
    }

    /// Whether it has what a condition looks at, however far behind references.
    pub(super) fn has(&self, field: &Field) -> bool {
        match field {
            Field::Behind(reference, field) => {
                let referred = self.referred(reference);
                self.has(reference) && referred.is_some_and(|it| it.has(field))
            }
            own => self.field(own).is_some(),
        }
    }
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The name in queries.
    pub name: &'static str,
    /// The name in SQL, quoted.
    pub sql: &'static str,
    /// The type.
    pub kind: Kind,
    /// Whether it counts as unknown to callers that may not read it.
    pub guarded: bool,
    /// Whether it may be unset.
    pub nullable: bool,
    /// Whether it holds text that may be longer than what a list is ordered by.
    pub long: bool,
    /// Whether `q` looks into it.
    pub searched: bool,
    /// Whether it holds a list of such values: rows are found by one of its elements, and not ordered by it.
    pub list: bool,
    /// Whether it counts as unknown to every caller: only policies look at it.
    pub hidden: bool,
    /// Whether it holds the role of the identity.
    pub role: bool,
}

/// How many characters of a text a list is ordered by. A cursor holds them, four times at most, and has to fit into a
/// request line; rows that differ only behind them stand in the order of what follows in `sort`, and of their ids.
pub const ORDERED_CHARACTERS: u32 = 256;

impl Column {
    /// A column that always has a value and is not guarded.
    #[must_use]
    pub const fn new(name: &'static str, sql: &'static str, kind: Kind) -> Self {
        Self {
            name,
            sql,
            kind,
            guarded: false,
            nullable: false,
            long: false,
            searched: false,
            list: false,
            hidden: false,
            role: false,
        }
    }

    /// A column that only policies look at.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// The column of the identity's role.
    #[must_use]
    pub const fn role(mut self) -> Self {
        self.role = true;
        self
    }

    /// The column of a guarded field.
    #[must_use]
    pub const fn guarded(mut self) -> Self {
        self.guarded = true;
        self
    }

    /// The column of a text field that takes more than [`ORDERED_CHARACTERS`].
    #[must_use]
    pub const fn long(mut self) -> Self {
        self.long = true;
        self
    }

    /// The column of a text field that the parameter `q` looks into.
    #[must_use]
    pub const fn searched(mut self) -> Self {
        self.searched = true;
        self
    }

    /// The column of a list of such values.
    #[must_use]
    pub const fn list(mut self) -> Self {
        self.list = true;
        self
    }

    /// The column of an optional field.
    #[must_use]
    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }
}

/// The type of a column: how a filter's value is read and which operators make sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text of any kind.
    Text,
    /// An e-mail address, which is stored in lower case (ASCII).
    Email,
    /// An integer within ±2^53.
    Integer,
    /// An integer of 64 bits.
    WideInteger,
    /// A double.
    Number,
    /// An exact decimal.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// A UUID.
    Uuid,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A moment.
    Datetime,
    /// A length of time.
    Duration,
    /// An IP address.
    Ip,
    /// The id of a row of some resource. Its order says nothing, so a list has no order by it.
    Reference,
    /// An enum with these words.
    Choice(&'static [&'static str]),
}
