// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `note`, each in the order in which it happens.

use super::rules::NoteRules;
use super::{Note, NoteCreate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /notes`: Cedar actions `note:list` and `note:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Note>()?;
    let query = call.list_query::<Note>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /notes`: Cedar action `note:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut note, named) = NoteCreate::parse(&body)?.into_note(call.new_id(), call.now());
    let mut scope = call.write().await?;
    let named = scope.check_named_references(&note, named).await?;
    NoteRules::before_create(&mut scope, &mut note).await?;
    let permit = scope.permit_create(note, named).await?;
    let note = store::insert(&mut scope, permit).await?;
    NoteRules::after_create(&mut scope, &note).await?;
    let reply = scope.created(&note).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /notes` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /notes/{id}`: Cedar action `note:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let include = call.include::<Note>()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let note = scope.authorize::<Read, Note>(stored).await?;
    scope.show_including(note, &include).await
}

/// `DELETE /notes/{id}`: Cedar action `note:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Note>(stored).await?;
    scope.precondition(&stored).await?;
    NoteRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let note = store::delete(&mut scope, permit).await?;
    NoteRules::after_delete(&mut scope, &note).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST /notes/{id}/restore`: Cedar action `note:restore`. A row that is not deleted stays as it is.
pub(super) async fn restore(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find_deleted(&mut scope, id).await?;
    let stored = scope.authorize::<Restore, Note>(stored).await?;
    scope.precondition(&stored).await?;
    if stored.deleted_at.is_none() {
        let reply = scope.acted(&*stored).await?;
        scope.commit().await?;
        return Ok(reply);
    }
    NoteRules::before_restore(&mut scope, &stored).await?;
    let permit = scope.permit_restore(stored);
    let note = store::restore(&mut scope, permit).await?;
    NoteRules::after_restore(&mut scope, &note).await?;
    let reply = scope.acted(&note).await?;
    scope.commit().await?;
    Ok(reply)
}

/// A keyed action that was carried out before: its row as it stands now, decided on and shown anew.
pub(super) async fn act_again<A: Action>(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.acted_before::<A, Note>(stored).await
}
