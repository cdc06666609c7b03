// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `user`, each in the order in which it happens.

use super::rules::UserRules;
use super::{Rules, User, UserCreate, UserRegister, UserUpdate, store};
use secapi_runtime::prelude::*;

/// `POST /auth/register`: Cedar action `user:register`, on the row as it would be stored.
pub(super) async fn register(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut user, password) = UserRegister::parse(&body)?.into_user(call.new_id(), call.now());
    let password = call.hash_password(password, &user.email).await?;
    let mut scope = call.write().await?;
    UserRules::before_create(&mut scope, &mut user).await?;
    let permit = scope.permit_register(user).await?;
    let user = store::insert(&mut scope, permit).await?;
    scope.set_password(user.id, password).await?;
    UserRules::after_create(&mut scope, &user).await?;
    let reply = scope.registered(&user).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `GET /users/me`: Cedar action `user:read`, on the caller's own row.
pub(super) async fn me(call: Call) -> Result<Reply, Error> {
    let id = call.account_id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let user = scope.authorize::<Read, User>(stored).await?;
    scope.show(user).await
}

/// `GET /users`: Cedar actions `user:list` and `user:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<User>()?;
    let query = call.list_query::<User>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /users`: Cedar action `user:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut user, named, password) =
        UserCreate::parse(&body)?.into_user(call.new_id(), call.now());
    let password = call.hash_password(password, &user.email).await?;
    let mut scope = call.write().await?;
    UserRules::before_create(&mut scope, &mut user).await?;
    let permit = scope.permit_create(user, named).await?;
    let user = store::insert(&mut scope, permit).await?;
    scope.set_password(user.id, password).await?;
    UserRules::after_create(&mut scope, &user).await?;
    let reply = scope.created(&user).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /users` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /users/{id}`: Cedar action `user:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let user = scope.authorize::<Read, User>(stored).await?;
    scope.show(user).await
}

/// `PATCH /users/{id}`: Cedar action `user:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, User>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut user, named) = UserUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    UserRules::before_update(&mut scope, &stored, &mut user).await?;
    let permit = scope.permit_update(stored, user, named).await?;
    let user = store::update(&mut scope, permit).await?;
    UserRules::after_update(&mut scope, &user).await?;
    let reply = scope.changed(&user).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /users/{id}`: Cedar action `user:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, User>(stored).await?;
    scope.precondition(&stored).await?;
    UserRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let user = store::delete(&mut scope, permit).await?;
    UserRules::after_delete(&mut scope, &user).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST /users/{id}/disable`: Cedar action `user:disable`. It cannot sign in any more, and its sessions end.
pub(super) async fn disable(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Disable, User>(stored).await?;
    scope.disable(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST /users/{id}/enable`: Cedar action `user:enable`. Its old sessions stay ended.
pub(super) async fn enable(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Enable, User>(stored).await?;
    scope.enable(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `GET /users/{id}/sessions`: Cedar action `user:sessions:read`.
pub(super) async fn sessions(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<ReadSessions, User>(stored).await?;
    scope.sessions(stored).await
}

/// `DELETE /users/{id}/sessions`: Cedar action `user:sessions:revoke`.
pub(super) async fn revoke_sessions(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<RevokeSessions, User>(stored).await?;
    scope.revoke_sessions(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
