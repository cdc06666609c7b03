// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `person`, each in the order in which it happens.

use super::rules::PersonRules;
use super::{Person, PersonCreate, PersonUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /people/me`: Cedar action `person:read`, on the caller's own row.
pub(super) async fn me(call: Call) -> Result<Reply, Error> {
    let id = call.account_id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let person = scope.authorize::<Read, Person>(stored).await?;
    scope.show(person).await
}

/// `GET /people`: Cedar actions `person:list` and `person:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Person>()?;
    let query = call.list_query::<Person>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /people`: Cedar action `person:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut person, named, password) =
        PersonCreate::parse(&body)?.into_person(call.new_id(), call.now());
    let password = call.hash_password(password, &person.email).await?;
    let mut scope = call.write().await?;
    PersonRules::before_create(&mut scope, &mut person).await?;
    let permit = scope.permit_create(person, named).await?;
    let person = store::insert(&mut scope, permit).await?;
    scope.set_password(person.id, password).await?;
    PersonRules::after_create(&mut scope, &person).await?;
    let reply = scope.created(&person).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /people` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /people/{id}`: Cedar action `person:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let person = scope.authorize::<Read, Person>(stored).await?;
    scope.show(person).await
}

/// `PATCH /people/{id}`: Cedar action `person:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Person>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut person, named) = PersonUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    PersonRules::before_update(&mut scope, &stored, &mut person).await?;
    let permit = scope.permit_update(stored, person, named).await?;
    let person = store::update(&mut scope, permit).await?;
    PersonRules::after_update(&mut scope, &person).await?;
    let reply = scope.changed(&person).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /people/{id}`: Cedar action `person:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Person>(stored).await?;
    scope.precondition(&stored).await?;
    PersonRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let person = store::delete(&mut scope, permit).await?;
    PersonRules::after_delete(&mut scope, &person).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST /people/{id}/disable`: Cedar action `person:disable`. It cannot sign in any more, and its sessions end.
pub(super) async fn disable(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Disable, Person>(stored).await?;
    scope.disable(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST /people/{id}/enable`: Cedar action `person:enable`. Its old sessions stay ended.
pub(super) async fn enable(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Enable, Person>(stored).await?;
    scope.enable(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `GET /people/{id}/sessions`: Cedar action `person:sessions:read`.
pub(super) async fn sessions(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<ReadSessions, Person>(stored).await?;
    scope.sessions(stored).await
}

/// `DELETE /people/{id}/sessions`: Cedar action `person:sessions:revoke`.
pub(super) async fn revoke_sessions(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<RevokeSessions, Person>(stored).await?;
    scope.revoke_sessions(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
