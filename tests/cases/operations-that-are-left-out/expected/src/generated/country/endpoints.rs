// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `country`, each in the order in which it happens.

use super::{Country, store};
use secapi_runtime::prelude::*;

/// `GET /countries`: Cedar actions `country:list` and `country:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Country>()?;
    let query = call.list_query::<Country>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `GET /countries/{id}`: Cedar action `country:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let country = scope.authorize::<Read, Country>(stored).await?;
    scope.show(country).await
}
