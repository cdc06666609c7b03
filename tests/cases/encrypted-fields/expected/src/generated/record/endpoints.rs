// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `record`, each in the order in which it happens.

use super::rules::RecordItemRules;
use super::{RecordItem, RecordItemCreate, Rules, store};
use secapi_runtime::prelude::*;

/// `POST /records`: Cedar action `record:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut record, named) =
        RecordItemCreate::parse(&body)?.into_record(call.new_id(), call.now());
    let mut scope = call.write().await?;
    RecordItemRules::before_create(&mut scope, &mut record).await?;
    let permit = scope.permit_create(record, named).await?;
    let record = store::insert(&mut scope, permit).await?;
    RecordItemRules::after_create(&mut scope, &record).await?;
    let reply = scope.created(&record).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /records` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /records/{id}`: Cedar action `record:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let record = scope.authorize::<Read, RecordItem>(stored).await?;
    scope.show(record).await
}
