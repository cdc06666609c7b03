//! Which rows of a list a caller sees, and of which of them a guarded field: conditions of the policies in a statement.

use super::{Column, Listing};
use crate::authz::Condition;
use crate::authz::condition::{Dialect, Field, Output, Parameter};
use crate::store::SqlBuilder;

/// What the policies leave of a list for one caller. By default it is all of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Visible {
    rows: Option<Condition>,
    /// Guarded fields that the caller may read on some rows, and on which.
    fields: Vec<(&'static str, Condition)>,
    /// In whose words the conditions are said.
    dialect: Dialect,
}

impl Visible {
    pub(super) fn new(fields: Vec<(&'static str, Condition)>) -> Self {
        Self {
            fields,
            ..Self::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    pub(super) fn said_to(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Only the rows that fulfil this too. `None`, where both together are too much to be said.
    pub(super) fn rows(&mut self, condition: Condition) -> Option<()> {
        let both = match self.rows.take() {
            Some(before) => before.and(condition).ok()?,
            None => condition,
        };
        self.rows = Some(both);
        Some(())
    }

    /// Whether the column may be NULL on a row that is listed.
    pub(super) fn is_nullable(&self, column: &Column) -> bool {
        column.nullable || self.field(column).is_some()
    }

    fn field(&self, column: &Column) -> Option<&Condition> {
        let mut fields = self.fields.iter();
        let found = fields.find(|(name, _)| *name == column.name);
        found.map(|(_, condition)| condition)
    }

    /// `AND …`, where not all rows are seen.
    pub(super) fn push_rows(&self, sql: &mut SqlBuilder, listing: &Listing) {
        if let Some(condition) = self.rows.as_ref().filter(|it| !it.is_always()) {
            sql.push(" AND ");
            condition.write(self.dialect, &mut Statement { sql, listing });
        }
    }

    /// The rows of a list, as the table `listed`. Columns that the caller may read on some rows are there once more, under
    /// another name, as far as it may. What says so is as large as the policies and the caller's memberships make it: filters,
    /// orders and the place of a cursor ask for such a column many times, and a statement has an end. SQLite puts both selects
    /// into one.
    pub(super) fn push_table(&self, sql: &mut SqlBuilder, listing: &Listing) {
        if self.fields.is_empty() {
            sql.push("(").push(listing.select).push(") AS \"listed\"");
            return;
        }
        sql.push("(SELECT \"listed\".*");
        for (name, condition) in &self.fields {
            let Some(column) = listing.columns.iter().find(|column| column.name == *name) else {
                continue;
            };
            sql.push(", (CASE WHEN ");
            condition.write(self.dialect, &mut Statement { sql, listing });
            sql.push(" THEN \"listed\".").push(column.sql);
            sql.push(" END) AS \"readable ")
                .push(column.name)
                .push("\"");
        }
        sql.push(" FROM (").push(listing.select);
        sql.push(") AS \"listed\") AS \"listed\"");
    }

    /// The column as far as the caller may read it: what it may not read is unset there, for filters, orders and searches.
    /// With the table's name before it: SQLite takes a quoted name alone for text where there is no such column.
    pub(super) fn push_column<'a>(
        &self,
        sql: &'a mut SqlBuilder,
        column: &Column,
    ) -> &'a mut SqlBuilder {
        match self.field(column) {
            None => sql.push("\"listed\".").push(column.sql),
            Some(_) => sql
                .push("\"listed\".\"readable ")
                .push(column.name)
                .push("\""),
        }
    }
}

/// A condition on the rows of a list, written into its statement.
struct Statement<'a> {
    sql: &'a mut SqlBuilder,
    listing: &'a Listing,
}

impl Output for Statement<'_> {
    fn text(&mut self, piece: &'static str) {
        self.sql.push(piece);
    }

    fn parameter(&mut self, value: &Parameter) {
        match value {
            Parameter::Integer(value) => self.sql.bind(*value),
            Parameter::Text(text) => self.sql.bind(text.as_str()),
        };
    }

    fn column(&mut self, field: &Field) {
        match field {
            Field::Behind(reference, field) => self.column_behind(reference, field),
            own => match self.listing.field(own) {
                Some(column) => {
                    self.sql.push("\"listed\".").push(column);
                }
                None => {
                    self.sql.push("NULL");
                }
            },
        }
    }
}

impl Statement<'_> {
    /// What stands in the row that is referred to, as a list of such rows has it; NULL where it has none. Nothing in there
    /// names a row further out but the one that is listed, so all of them can have one name.
    fn column_behind(&mut self, reference: &Field, field: &Field) {
        let referred = self.listing.referred(reference);
        let Some((referred, column)) = referred.and_then(|it| Some((it, it.field(field)?))) else {
            self.sql.push("NULL");
            return;
        };
        self.sql.push("(SELECT \"behind\".").push(column);
        self.sql.push(" FROM (").push(referred.select);
        self.sql.push(") AS \"behind\" WHERE \"behind\".\"id\" = ");
        self.column(reference);
        self.sql.push(")");
    }
}

impl Listing {
    /// Whether a list has all that a condition looks at.
    pub(crate) fn can_say(&self, condition: &Condition) -> bool {
        let mut fields = condition.fields().into_iter();
        fields.all(|field| self.has(&field))
    }
}
