// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `appointment`, each in the order in which it happens.

use super::rules::AppointmentRules;
use super::{Appointment, AppointmentCreate, AppointmentUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /appointments`: Cedar actions `appointment:list` and `appointment:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Appointment>()?;
    let query = call.list_query::<Appointment>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /appointments`: Cedar action `appointment:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut appointment, named) =
        AppointmentCreate::parse(&body)?.into_appointment(call.new_id(), call.now());
    let mut scope = call.write().await?;
    let named = scope.check_named_references(&appointment, named).await?;
    AppointmentRules::before_create(&mut scope, &mut appointment).await?;
    let permit = scope.permit_create(appointment, named).await?;
    let appointment = store::insert(&mut scope, permit).await?;
    AppointmentRules::after_create(&mut scope, &appointment).await?;
    let reply = scope.created(&appointment).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /appointments` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /appointments/{id}`: Cedar action `appointment:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let include = call.include::<Appointment>()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let appointment = scope.authorize::<Read, Appointment>(stored).await?;
    scope.show_including(appointment, &include).await
}

/// `PATCH /appointments/{id}`: Cedar action `appointment:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Appointment>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut appointment, named) = AppointmentUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    let named = scope
        .check_changed_references(&stored, &appointment, named)
        .await?;
    AppointmentRules::before_update(&mut scope, &stored, &mut appointment).await?;
    let permit = scope.permit_update(stored, appointment, named).await?;
    let appointment = store::update(&mut scope, permit).await?;
    AppointmentRules::after_update(&mut scope, &appointment).await?;
    let reply = scope.changed(&appointment).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /appointments/{id}`: Cedar action `appointment:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Appointment>(stored).await?;
    scope.precondition(&stored).await?;
    AppointmentRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let appointment = store::delete(&mut scope, permit).await?;
    AppointmentRules::after_delete(&mut scope, &appointment).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST /appointments/{id}/restore`: Cedar action `appointment:restore`. A row that is not deleted stays as it is.
pub(super) async fn restore(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find_deleted(&mut scope, id).await?;
    let stored = scope.authorize::<Restore, Appointment>(stored).await?;
    scope.precondition(&stored).await?;
    if stored.deleted_at.is_none() {
        let reply = scope.acted(&*stored).await?;
        scope.commit().await?;
        return Ok(reply);
    }
    AppointmentRules::before_restore(&mut scope, &stored).await?;
    let permit = scope.permit_restore(stored);
    let appointment = store::restore(&mut scope, permit).await?;
    AppointmentRules::after_restore(&mut scope, &appointment).await?;
    let reply = scope.acted(&appointment).await?;
    scope.commit().await?;
    Ok(reply)
}

/// A keyed action that was carried out before: its row as it stands now, decided on and shown anew.
pub(super) async fn act_again<A: Action>(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.acted_before::<A, Appointment>(stored).await
}
