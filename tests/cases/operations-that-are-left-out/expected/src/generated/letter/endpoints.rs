// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `letter`, each in the order in which it happens.

use super::rules::LetterRules;
use super::{Letter, LetterUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /letters/{id}`: Cedar action `letter:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let letter = scope.authorize::<Read, Letter>(stored).await?;
    scope.show(letter).await
}

/// `PATCH /letters/{id}`: Cedar action `letter:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Letter>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut letter, named) = LetterUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    LetterRules::before_update(&mut scope, &stored, &mut letter).await?;
    let permit = scope.permit_update(stored, letter, named).await?;
    let letter = store::update(&mut scope, permit).await?;
    LetterRules::after_update(&mut scope, &letter).await?;
    let reply = scope.changed(&letter).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /letters/{id}`: Cedar action `letter:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Letter>(stored).await?;
    scope.precondition(&stored).await?;
    LetterRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let letter = store::delete(&mut scope, permit).await?;
    LetterRules::after_delete(&mut scope, &letter).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
