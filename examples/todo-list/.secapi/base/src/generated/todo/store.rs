// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `todos`. What changes a row takes a permit, which only the runtime can make.

use super::Todo;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "owner", "title", "notes", "done", "priority", "due" FROM "todos""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("owner", r#""owner""#, Kind::Reference),
        Column::new("title", r#""title""#, Kind::Text),
        Column::new("notes", r#""notes""#, Kind::Text)
            .nullable()
            .long(),
        Column::new("done", r#""done""#, Kind::Boolean),
        Column::new("priority", r#""priority""#, Kind::Integer),
        Column::new("due", r#""due""#, Kind::Date).nullable(),
    ],
    references: Todo::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Todo, Error> {
    Ok(Todo {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        owner: row.get(4)?,
        title: row.get(5)?,
        notes: row.get(6)?,
        done: row.get(7)?,
        priority: row.get(8)?,
        due: row.get(9)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Todo>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "owner", "title", "notes", "done", "priority", "due" FROM "todos" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Todo>,
    query: ListQuery,
) -> Result<Page<Todo>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(scope: &mut Scope, permit: Permit<Create, Todo>) -> Result<Todo, Error> {
    let todo = permit.into_row();
    let sql = insertion(&todo);
    scope.insert(&todo, sql).await?;
    Ok(todo)
}

/// The statement that stores a new row.
pub(super) fn insertion(todo: &Todo) -> Sql {
    Sql::new(
        r#"INSERT INTO "todos" ("id", "created_at", "updated_at", "version", "owner", "title", "notes", "done", "priority", "due") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"#,
    )
    .bind(&todo.id)
    .bind(&todo.created_at)
    .bind(&todo.updated_at)
    .bind(&todo.version)
    .bind(&todo.owner)
    .bind(&todo.title)
    .bind(&todo.notes)
    .bind(&todo.done)
    .bind(&todo.priority)
    .bind(&todo.due)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(scope: &mut Scope, permit: Permit<Update, Todo>) -> Result<Todo, Error> {
    let (todo, version) = permit.into_change();
    scope.execute_one(replacement(&todo, version)).await?;
    Ok(todo)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(todo: &Todo, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "todos" SET "updated_at" = ?3, "version" = ?4, "owner" = ?5, "title" = ?6, "notes" = ?7, "done" = ?8, "priority" = ?9, "due" = ?10 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&todo.id)
    .bind(&version)
    .bind(&todo.updated_at)
    .bind(&todo.version)
    .bind(&todo.owner)
    .bind(&todo.title)
    .bind(&todo.notes)
    .bind(&todo.done)
    .bind(&todo.priority)
    .bind(&todo.due)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(scope: &mut Scope, permit: Permit<Delete, Todo>) -> Result<Todo, Error> {
    let (todo, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "todos" WHERE "id" = ?1 AND "version" = ?2"#);
    scope.execute_one(sql.bind(&todo.id).bind(&version)).await?;
    Ok(todo)
}
