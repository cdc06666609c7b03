// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `patient`, each in the order in which it happens.

use super::rules::PatientRules;
use super::{Patient, PatientCreate, PatientUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /patients`: Cedar actions `patient:list` and `patient:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Patient>()?;
    let query = call.list_query::<Patient>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /patients`: Cedar action `patient:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut patient, named) = PatientCreate::parse(&body)?.into_patient(call.new_id(), call.now());
    let mut scope = call.write().await?;
    let named = scope.check_named_references(&patient, named).await?;
    PatientRules::before_create(&mut scope, &mut patient).await?;
    let permit = scope.permit_create(patient, named).await?;
    let patient = store::insert(&mut scope, permit).await?;
    PatientRules::after_create(&mut scope, &patient).await?;
    let reply = scope.created(&patient).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /patients` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /patients/{id}`: Cedar action `patient:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let include = call.include::<Patient>()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let patient = scope.authorize::<Read, Patient>(stored).await?;
    scope.show_including(patient, &include).await
}

/// `PATCH /patients/{id}`: Cedar action `patient:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Patient>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut patient, named) = PatientUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    let named = scope
        .check_changed_references(&stored, &patient, named)
        .await?;
    PatientRules::before_update(&mut scope, &stored, &mut patient).await?;
    let permit = scope.permit_update(stored, patient, named).await?;
    let patient = store::update(&mut scope, permit).await?;
    PatientRules::after_update(&mut scope, &patient).await?;
    let reply = scope.changed(&patient).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /patients/{id}`: Cedar action `patient:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Patient>(stored).await?;
    scope.precondition(&stored).await?;
    PatientRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let patient = store::delete(&mut scope, permit).await?;
    PatientRules::after_delete(&mut scope, &patient).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST /patients/{id}/restore`: Cedar action `patient:restore`. A row that is not deleted stays as it is.
pub(super) async fn restore(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find_deleted(&mut scope, id).await?;
    let stored = scope.authorize::<Restore, Patient>(stored).await?;
    scope.precondition(&stored).await?;
    if stored.deleted_at.is_none() {
        let reply = scope.acted(&*stored).await?;
        scope.commit().await?;
        return Ok(reply);
    }
    PatientRules::before_restore(&mut scope, &stored).await?;
    let permit = scope.permit_restore(stored);
    let patient = store::restore(&mut scope, permit).await?;
    PatientRules::after_restore(&mut scope, &patient).await?;
    let reply = scope.acted(&patient).await?;
    scope.commit().await?;
    Ok(reply)
}

/// A keyed action that was carried out before: its row as it stands now, decided on and shown anew.
pub(super) async fn act_again<A: Action>(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.acted_before::<A, Patient>(stored).await
}
