// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `organization`, each in the order in which it happens.

use super::rules::OrganizationRules;
use super::{Organization, OrganizationCreate, OrganizationUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /organizations`: Cedar actions `organization:list` and `organization:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Organization>()?;
    let query = call.list_query::<Organization>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /organizations`: Cedar action `organization:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut organization, named) =
        OrganizationCreate::parse(&body)?.into_organization(call.new_id(), call.now());
    let mut scope = call.write().await?;
    OrganizationRules::before_create(&mut scope, &mut organization).await?;
    let permit = scope.permit_create(organization, named).await?;
    let organization = store::insert(&mut scope, permit).await?;
    OrganizationRules::after_create(&mut scope, &organization).await?;
    let reply = scope.created(&organization).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /organizations` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /organizations/{id}`: Cedar action `organization:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let include = call.include::<Organization>()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let organization = scope.authorize::<Read, Organization>(stored).await?;
    scope.show_including(organization, &include).await
}

/// `PATCH /organizations/{id}`: Cedar action `organization:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Organization>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut organization, named) = OrganizationUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    OrganizationRules::before_update(&mut scope, &stored, &mut organization).await?;
    let permit = scope.permit_update(stored, organization, named).await?;
    let organization = store::update(&mut scope, permit).await?;
    OrganizationRules::after_update(&mut scope, &organization).await?;
    let reply = scope.changed(&organization).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /organizations/{id}`: Cedar action `organization:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Organization>(stored).await?;
    scope.precondition(&stored).await?;
    OrganizationRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let organization = store::delete(&mut scope, permit).await?;
    OrganizationRules::after_delete(&mut scope, &organization).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
