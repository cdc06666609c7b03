//! The SQL of one page.

use super::filter::{Filter, Operator};
use super::sort::Key;
use super::{Column, ListQuery, ORDERED_CHARACTERS, Position};
use crate::Error;
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
}

/// The select becomes a subquery, which SQLite flattens, so that the fields of the order can follow its columns.
pub(super) fn statement(query: &ListQuery, after: Option<&Position>, rows: usize) -> Sql {
    let mut sql = SqlBuilder::new();
    sql.push("SELECT *");
    for key in &query.keys {
        push_key(sql.push(", "), key.column);
    }
    sql.push(" FROM (")
        .push(query.listing.select)
        .push(") AS \"listed\" WHERE TRUE");
    if let Some((others, row)) = &query.within {
        sql.push(" AND \"listed\".\"id\" IN (")
            .push(others)
            .push(" ");
        sql.bind(*row).push(")");
    }
    for filter in &query.filters {
        sql.push(" AND ");
        push_filter(&mut sql, filter);
    }
    if let Some(search) = &query.search {
        search.push(&mut sql);
    }
    if let Some(after) = after {
        push_after(&mut sql, &query.keys, after);
    }
    push_order(&mut sql, &query.keys);
    sql.push(" LIMIT ")
        .bind(i64::try_from(rows).unwrap_or(i64::MAX));
    sql.build()
}

/// With the table's name before it: SQLite takes a quoted name alone for text where there is no such column.
fn push_column<'a>(sql: &'a mut SqlBuilder, column: &Column) -> &'a mut SqlBuilder {
    sql.push("\"listed\".").push(column.sql)
}

/// What a list is ordered by: the column, or the beginning of one that is too long for a cursor.
fn push_key<'a>(sql: &'a mut SqlBuilder, column: &Column) -> &'a mut SqlBuilder {
    if !column.long {
        return push_column(sql, column);
    }
    push_column(sql.push("substr("), column)
        .push(", 1, ")
        .bind(i64::from(ORDERED_CHARACTERS))
        .push(")")
}

fn push_filter(sql: &mut SqlBuilder, filter: &Filter) {
    if filter.column.list {
        return push_element(sql, filter);
    }
    push_column(sql, filter.column).push(match filter.operator {
        Operator::Eq => " = ",
        // A row without a value has another one than the one that is asked for.
        Operator::Ne => " IS NOT ",
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
fn push_element(sql: &mut SqlBuilder, filter: &Filter) {
    for value in &filter.values {
        push_column(sql.push("EXISTS (SELECT 1 FROM json_each("), filter.column)
            .push(") AS \"element\" WHERE \"element\".\"value\" = ")
            .bind(value.clone())
            .push(")");
    }
}

fn push_order(sql: &mut SqlBuilder, keys: &[Key]) {
    for (place, key) in keys.iter().enumerate() {
        sql.push(if place == 0 { " ORDER BY " } else { ", " });
        push_key(sql, key.column);
        sql.push(if key.descending { " DESC" } else { " ASC" });
        if key.column.nullable {
            sql.push(" NULLS LAST");
        }
    }
}

/// Behind a place is what differs from it first in a field that comes later there:
/// `a > ?` or `a = ? and b > ?` or `a = ? and b = ? and c > ?`.
fn push_after(sql: &mut SqlBuilder, keys: &[Key], after: &Position) {
    push_bound(sql, keys, after);
    sql.push(" AND (FALSE");
    for (place, (key, value)) in keys.iter().zip(&after.0).enumerate() {
        sql.push(" OR (");
        for (earlier, same) in keys.iter().zip(&after.0).take(place) {
            push_key(sql, earlier.column)
                .push(" IS ")
                .bind(same.clone())
                .push(" AND ");
        }
        push_later(sql, *key, value);
        sql.push(")");
    }
    sql.push(")");
}

fn push_later(sql: &mut SqlBuilder, key: Key, value: &SqlValue) {
    if *value == SqlValue::Null {
        // Nothing comes behind the unset ones.
        sql.push("FALSE");
        return;
    }
    push_key(sql.push("("), key.column);
    sql.push(if key.descending { " < " } else { " > " })
        .bind(value.clone());
    if key.column.nullable {
        push_key(sql.push(" OR "), key.column).push(" IS NULL");
    }
    sql.push(")");
}

/// Follows from the condition behind it, and lets an index find where to begin.
fn push_bound(sql: &mut SqlBuilder, keys: &[Key], after: &Position) {
    let (Some(key), Some(value)) = (keys.first(), after.0.first()) else {
        return;
    };
    if key.column.nullable {
        return;
    }
    push_key(sql.push(" AND "), key.column);
    sql.push(if key.descending { " <= " } else { " >= " })
        .bind(value.clone());
}
