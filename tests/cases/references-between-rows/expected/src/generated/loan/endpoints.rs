// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `loan`, each in the order in which it happens.

use super::rules::LoanRules;
use super::{Loan, LoanCreate, LoanUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /loans`: Cedar actions `loan:list` and `loan:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Loan>()?;
    let query = call.list_query::<Loan>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /loans`: Cedar action `loan:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut loan, named) = LoanCreate::parse(&body)?.into_loan(call.new_id(), call.now());
    let mut scope = call.write().await?;
    let named = scope.check_named_references(&loan, named).await?;
    LoanRules::before_create(&mut scope, &mut loan).await?;
    let permit = scope.permit_create(loan, named).await?;
    let loan = store::insert(&mut scope, permit).await?;
    LoanRules::after_create(&mut scope, &loan).await?;
    let reply = scope.created(&loan).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /loans` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /loans/{id}`: Cedar action `loan:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let include = call.include::<Loan>()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let loan = scope.authorize::<Read, Loan>(stored).await?;
    scope.show_including(loan, &include).await
}

/// `PATCH /loans/{id}`: Cedar action `loan:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Loan>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut loan, named) = LoanUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    let named = scope
        .check_changed_references(&stored, &loan, named)
        .await?;
    LoanRules::before_update(&mut scope, &stored, &mut loan).await?;
    let permit = scope.permit_update(stored, loan, named).await?;
    let loan = store::update(&mut scope, permit).await?;
    LoanRules::after_update(&mut scope, &loan).await?;
    let reply = scope.changed(&loan).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /loans/{id}`: Cedar action `loan:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Loan>(stored).await?;
    scope.precondition(&stored).await?;
    LoanRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let loan = store::delete(&mut scope, permit).await?;
    LoanRules::after_delete(&mut scope, &loan).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
