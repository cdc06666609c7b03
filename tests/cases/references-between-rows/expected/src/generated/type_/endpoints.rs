// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `type`, each in the order in which it happens.

use super::rules::TypeRules;
use super::{Rules, TypeCreate, store};
use secapi_runtime::prelude::*;

/// `POST /kinds`: Cedar action `type:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut type_, named) = TypeCreate::parse(&body)?.into_type(call.new_id(), call.now());
    let mut scope = call.write().await?;
    TypeRules::before_create(&mut scope, &mut type_).await?;
    let permit = scope.permit_create(type_, named).await?;
    let type_ = store::insert(&mut scope, permit).await?;
    TypeRules::after_create(&mut scope, &type_).await?;
    let reply = scope.created(&type_).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /kinds` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}
