// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `events`. What changes a row takes a permit, which only the runtime can make.

use super::Event;
use secapi_runtime::prelude::*;

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Event>,
) -> Result<Event, Error> {
    let event = permit.into_row();
    let sql = insertion(&event);
    scope.execute(sql).await?;
    Ok(event)
}

/// The statement that stores a new row.
pub(super) fn insertion(event: &Event) -> Sql {
    Sql::new(
        r#"INSERT INTO "events" ("id", "created_at", "updated_at", "version", "kind") VALUES (?1, ?2, ?3, ?4, ?5)"#,
    )
    .bind(&event.id)
    .bind(&event.created_at)
    .bind(&event.updated_at)
    .bind(&event.version)
    .bind(&event.kind)
}
