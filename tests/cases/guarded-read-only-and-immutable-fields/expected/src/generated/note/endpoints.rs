// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `note`, each in the order in which it happens.

use super::rules::NoteRules;
use super::{Note, NoteCreate, NoteUpdate, Rules, store};
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
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let note = scope.authorize::<Read, Note>(stored).await?;
    scope.show(note).await
}

/// `PATCH /notes/{id}`: Cedar action `note:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Note>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut note, named) = NoteUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    NoteRules::before_update(&mut scope, &stored, &mut note).await?;
    let permit = scope.permit_update(stored, note, named).await?;
    let note = store::update(&mut scope, permit).await?;
    NoteRules::after_update(&mut scope, &note).await?;
    let reply = scope.changed(&note).await?;
    scope.commit().await?;
    Ok(reply)
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
