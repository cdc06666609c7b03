// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `book`, each in the order in which it happens.

use super::rules::BookRules;
use super::{Book, BookCreate, BookUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /books`: Cedar actions `book:list` and `book:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Book>()?;
    let query = call.list_query::<Book>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /books`: Cedar action `book:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut book, named) = BookCreate::parse(&body)?.into_book(call.new_id(), call.now());
    let mut scope = call.write().await?;
    let named = scope.check_named_references(&book, named).await?;
    BookRules::before_create(&mut scope, &mut book).await?;
    let permit = scope.permit_create(book, named).await?;
    let book = store::insert(&mut scope, permit).await?;
    BookRules::after_create(&mut scope, &book).await?;
    let reply = scope.created(&book).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /books` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /books/{id}`: Cedar action `book:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let include = call.include::<Book>()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let book = scope.authorize::<Read, Book>(stored).await?;
    scope.show_including(book, &include).await
}

/// `PATCH /books/{id}`: Cedar action `book:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Book>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut book, named) = BookUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    let named = scope
        .check_changed_references(&stored, &book, named)
        .await?;
    BookRules::before_update(&mut scope, &stored, &mut book).await?;
    let permit = scope.permit_update(stored, book, named).await?;
    let book = store::update(&mut scope, permit).await?;
    BookRules::after_update(&mut scope, &book).await?;
    let reply = scope.changed(&book).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /books/{id}`: Cedar action `book:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Book>(stored).await?;
    scope.precondition(&stored).await?;
    BookRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let book = store::delete(&mut scope, permit).await?;
    BookRules::after_delete(&mut scope, &book).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
