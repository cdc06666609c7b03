//! The SQL of one page.

use super::filter::{Filter, Operator};
use super::sort::Key;
use super::{Column, ListQuery, ORDERED_CHARACTERS, Position};
use crate::Error;
#[cfg(any(test, feature = "testing"))]
use crate::authz::condition::Dialect;
use crate::store::{Row, Sql, SqlBuilder, Transaction};
use crate::value::SqlValue;

impl Transaction {
    /// The next rows of a list behind a place, at most `rows` of them. Each row holds the columns of the listing's
    /// select; what follows them is for [`ListQuery::position`].
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn page(
        &mut self,
        query: &ListQuery,
        after: Option<&Position>,
        rows: usize,
    ) -> Result<Vec<Row>, Error> {
        self.fetch_all(statement(query, after, rows)).await
    }

    /// How the database goes about finding a page: its own words, for who measures.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    #[cfg(any(test, feature = "testing"))]
    pub async fn plan_of_page(
        &mut self,
        query: &ListQuery,
        after: Option<&Position>,
        rows: usize,
    ) -> Result<Vec<String>, Error> {
        self.plan(statement(query, after, rows)).await
    }

    #[cfg(any(test, feature = "testing"))]
    pub(super) async fn plan(&mut self, sql: Sql) -> Result<Vec<String>, Error> {
        let steps = self.fetch_all(sql.explained()).await?;
        steps.iter().map(|step| step.get(3)).collect()
    }

    /// How many rows a list has, and at most `most`: there may be more then.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub(crate) async fn count(&mut self, query: &ListQuery, most: usize) -> Result<usize, Error> {
        let row = self.fetch_optional(counted(query, most)).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.get(0))?;
        usize::try_from(count).map_err(Error::internal)
    }
}

#[cfg(any(test, feature = "testing"))]
impl ListQuery {
    /// The statement of a page in the words of PostgreSQL, and the values that are bound to it: for who measures there.
    /// `None` of a list that asks for a part of a text or for an element, which is said in SQLite's words alone so far.
    #[must_use]
    pub fn on_postgres(
        &self,
        after: Option<&Position>,
        rows: usize,
    ) -> Option<(String, Vec<SqlValue>)> {
        let only_of_sqlite =
            |it: &Filter| it.column.list || matches!(it.operator, Operator::Contains);
        if self.search.is_some() || self.filters.iter().any(only_of_sqlite) {
            return None;
        }
        let mut query = self.clone();
        query.visible = query.visible.said_to(Dialect::Postgres);
        let sql = page_into(SqlBuilder::numbered(), &query, after, rows);
        let (text, values) = sql.parts();
        Some((text.to_owned(), values))
    }
}

/// The select becomes a subquery, which SQLite flattens, so that the fields of the order can follow its columns.
pub(super) fn statement(query: &ListQuery, after: Option<&Position>, rows: usize) -> Sql {
    page_into(SqlBuilder::new(), query, after, rows)
}

fn page_into(mut sql: SqlBuilder, query: &ListQuery, after: Option<&Position>, rows: usize) -> Sql {
    sql.push("SELECT *");
    for key in &query.keys {
        push_key(sql.push(", "), query, key.column);
    }
    push_rows(&mut sql, query);
    if let Some(after) = after {
        push_after(&mut sql, query, after);
    }
    push_order(&mut sql, query);
    push_limit(&mut sql, rows);
    sql.build()
}

/// How many rows there are, up to a number.
pub(super) fn counted(query: &ListQuery, most: usize) -> Sql {
    let mut sql = SqlBuilder::new();
    sql.push("SELECT count(*) FROM (SELECT 1");
    push_rows(&mut sql, query);
    push_limit(&mut sql, most);
    sql.push(") AS \"counted\"");
    sql.build()
}

/// The number stands in the text: SQLite looks at a value that is bound to `LIMIT`, and plans the statement anew each time it is.
fn push_limit(sql: &mut SqlBuilder, rows: usize) {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    sql.push(" LIMIT ");
    for digit in rows.to_string().bytes() {
        let place = usize::from(digit.saturating_sub(b'0'));
        sql.push(DIGITS.get(place).copied().unwrap_or("0"));
    }
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// `FROM … WHERE …`: the rows that the caller sees, and that were asked for.
fn push_rows(sql: &mut SqlBuilder, query: &ListQuery) {
    sql.push(" FROM ");
    query.visible.push_table(sql, query.listing);
    sql.push(" WHERE TRUE");
    if let Some((others, row)) = &query.within {
        sql.push(" AND \"listed\".\"id\" IN (")
            .push(others)
            .push(" ");
        sql.bind(*row).push(")");
    }
    query.visible.push_rows(sql, query.listing);
    for filter in &query.filters {
        sql.push(" AND ");
        push_filter(sql, query, filter);
    }
    if let Some(search) = &query.search {
        search.push(sql, &query.visible);
    }
}

fn push_column<'a>(
    sql: &'a mut SqlBuilder,
    query: &ListQuery,
    column: &Column,
) -> &'a mut SqlBuilder {
    query.visible.push_column(sql, column)
}

/// What a list is ordered by: the column, or the beginning of one that is too long for a cursor.
fn push_key<'a>(sql: &'a mut SqlBuilder, query: &ListQuery, column: &Column) -> &'a mut SqlBuilder {
    if !column.long {
        return push_column(sql, query, column);
    }
    push_column(sql.push("substr("), query, column)
        .push(", 1, ")
        .bind(i64::from(ORDERED_CHARACTERS))
        .push(")")
}

fn push_filter(sql: &mut SqlBuilder, query: &ListQuery, filter: &Filter) {
    if filter.column.list {
        return push_element(sql, query, filter);
    }
    push_column(sql, query, filter.column).push(match filter.operator {
        Operator::Eq => " = ",
        // A row without a value has another one than the one that is asked for.
        Operator::Ne => " IS DISTINCT FROM ",
        Operator::Lt => " < ",
        Operator::Lte => " <= ",
        Operator::Gt => " > ",
        Operator::Gte => " >= ",
        Operator::In => " IN (",
        Operator::Contains => " REGEXP ",
    });
    for (place, value) in filter.values.iter().enumerate() {
        if place > 0 {
            sql.push(", ");
        }
        sql.bind(value.clone());
    }
    if filter.operator == Operator::In {
        sql.push(")");
    }
}

/// A row whose list has this element.
fn push_element(sql: &mut SqlBuilder, query: &ListQuery, filter: &Filter) {
    for value in &filter.values {
        sql.push("EXISTS (SELECT 1 FROM json_each(");
        push_column(sql, query, filter.column)
            .push(") AS \"element\" WHERE \"element\".\"value\" = ")
            .bind(value.clone())
            .push(")");
    }
}

fn push_order(sql: &mut SqlBuilder, query: &ListQuery) {
    for (place, key) in query.keys.iter().enumerate() {
        sql.push(if place == 0 { " ORDER BY " } else { ", " });
        push_key(sql, query, key.column);
        sql.push(if key.descending { " DESC" } else { " ASC" });
        if query.visible.is_nullable(key.column) {
            sql.push(" NULLS LAST");
        }
    }
}

/// Behind a place is what differs from it first in a field that comes later there:
/// `a > ?` or `a = ? and b > ?` or `a = ? and b = ? and c > ?`.
fn push_after(sql: &mut SqlBuilder, query: &ListQuery, after: &Position) {
    push_bound(sql, query, after);
    sql.push(" AND (FALSE");
    for (place, (key, value)) in query.keys.iter().zip(&after.0).enumerate() {
        sql.push(" OR (");
        for (earlier, same) in query.keys.iter().zip(&after.0).take(place) {
            push_key(sql, query, earlier.column)
                .push(" IS NOT DISTINCT FROM ")
                .bind(same.clone())
                .push(" AND ");
        }
        push_later(sql, query, *key, value);
        sql.push(")");
    }
    sql.push(")");
}

fn push_later(sql: &mut SqlBuilder, query: &ListQuery, key: Key, value: &SqlValue) {
    if *value == SqlValue::Null {
        // Nothing comes behind the unset ones.
        sql.push("FALSE");
        return;
    }
    push_key(sql.push("("), query, key.column);
    sql.push(if key.descending { " < " } else { " > " })
        .bind(value.clone());
    if query.visible.is_nullable(key.column) {
        push_key(sql.push(" OR "), query, key.column).push(" IS NULL");
    }
    sql.push(")");
}

/// Follows from the condition behind it, and lets an index find where to begin.
fn push_bound(sql: &mut SqlBuilder, query: &ListQuery, after: &Position) {
    let (Some(key), Some(value)) = (query.keys.first(), after.0.first()) else {
        return;
    };
    if query.visible.is_nullable(key.column) {
        return;
    }
    push_key(sql.push(" AND "), query, key.column);
    sql.push(if key.descending { " <= " } else { " >= " })
        .bind(value.clone());
}
