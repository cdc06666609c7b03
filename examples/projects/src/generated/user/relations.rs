// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a user is related to: the endpoints of each relation, in the order in which it happens. The
//! actions are decided on the user; the rows of the other side by their own policies.

use super::{User, store};
use secapi_runtime::prelude::*;
use secapi_runtime::relation;

/// `organizations`: organizations.
#[derive(Debug)]
pub(super) enum UserOrganizationsRelation {}

impl relation::Relation for UserOrganizationsRelation {
    type Row = User;
    type Other = super::super::organization::Organization;
    const READ: &'static str = "organizations:read";
    const OTHERS: &'static str = r#"SELECT "from_id" FROM "organization_members" WHERE "to_id" ="#;
}

/// `GET /users/{id}/organizations`: Cedar action `user:organizations:read`, and `organization:list` and `organization:read` on every
/// row of the answer.
async fn list_organizations(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let permit = call.list_permit()?;
    let query = call.list_query::<super::super::organization::Organization>(
        &super::super::organization::LISTING,
    )?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope
        .authorize::<relation::Reading<UserOrganizationsRelation>, _>(stored)
        .await?;
    let page =
        super::super::organization::page(&mut scope, permit, query.related_to(&stored)).await?;
    scope.listed(page)
}

/// The routes of all relations.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::related::<UserOrganizationsRelation, _>(
        "/users/{id}/organizations",
        list_organizations,
    )]
}
