// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `member`, each in the order in which it happens.

use super::rules::MemberRules;
use super::{Member, MemberCreate, MemberRegister, MemberUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `POST /auth/register`: Cedar action `member:register`, on the row as it would be stored.
pub(super) async fn register(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut member, password) =
        MemberRegister::parse(&body)?.into_member(call.new_id(), call.now());
    let password = call.hash_password(password, &member.email).await?;
    let mut scope = call.write().await?;
    MemberRules::before_create(&mut scope, &mut member).await?;
    let permit = scope.permit_register(member).await?;
    let member = store::insert(&mut scope, permit).await?;
    scope.set_password(member.id, password).await?;
    MemberRules::after_create(&mut scope, &member).await?;
    let reply = scope.registered(&member).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `GET /members/me`: Cedar action `member:read`, on the caller's own row.
pub(super) async fn me(call: Call) -> Result<Reply, Error> {
    let id = call.account_id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let member = scope.authorize::<Read, Member>(stored).await?;
    scope.show(member).await
}

/// `GET /members`: Cedar actions `member:list` and `member:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Member>()?;
    let query = call.list_query::<Member>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /members`: Cedar action `member:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut member, named, password) =
        MemberCreate::parse(&body)?.into_member(call.new_id(), call.now());
    let password = call.hash_password(password, &member.email).await?;
    let mut scope = call.write().await?;
    MemberRules::before_create(&mut scope, &mut member).await?;
    let permit = scope.permit_create(member, named).await?;
    let member = store::insert(&mut scope, permit).await?;
    scope.set_password(member.id, password).await?;
    MemberRules::after_create(&mut scope, &member).await?;
    let reply = scope.created(&member).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /members` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /members/{id}`: Cedar action `member:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let member = scope.authorize::<Read, Member>(stored).await?;
    scope.show(member).await
}

/// `PATCH /members/{id}`: Cedar action `member:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Member>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut member, named) = MemberUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    MemberRules::before_update(&mut scope, &stored, &mut member).await?;
    let permit = scope.permit_update(stored, member, named).await?;
    let member = store::update(&mut scope, permit).await?;
    MemberRules::after_update(&mut scope, &member).await?;
    let reply = scope.changed(&member).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /members/{id}`: Cedar action `member:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Member>(stored).await?;
    scope.precondition(&stored).await?;
    MemberRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let member = store::delete(&mut scope, permit).await?;
    MemberRules::after_delete(&mut scope, &member).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST /members/{id}/disable`: Cedar action `member:disable`. It cannot sign in any more, and its sessions end.
pub(super) async fn disable(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Disable, Member>(stored).await?;
    scope.disable(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST /members/{id}/enable`: Cedar action `member:enable`. Its old sessions stay ended.
pub(super) async fn enable(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Enable, Member>(stored).await?;
    scope.enable(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `GET /members/{id}/sessions`: Cedar action `member:sessions:read`.
pub(super) async fn sessions(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<ReadSessions, Member>(stored).await?;
    scope.sessions(stored).await
}

/// `DELETE /members/{id}/sessions`: Cedar action `member:sessions:revoke`.
pub(super) async fn revoke_sessions(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<RevokeSessions, Member>(stored).await?;
    scope.revoke_sessions(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
