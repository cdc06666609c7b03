// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `event`, each in the order in which it happens.

use super::rules::EventRules;
use super::{EventCreate, Rules, store};
use secapi_runtime::prelude::*;

/// `POST /events`: Cedar action `event:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut event, named) = EventCreate::parse(&body)?.into_event(call.new_id(), call.now());
    let mut scope = call.write().await?;
    EventRules::before_create(&mut scope, &mut event).await?;
    let permit = scope.permit_create(event, named).await?;
    let event = store::insert(&mut scope, permit).await?;
    EventRules::after_create(&mut scope, &event).await?;
    let reply = scope.created(&event).await?;
    scope.commit().await?;
    Ok(reply)
}
