// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What an organization is related to: the endpoints of each relation, in the order in which it happens. The
//! actions are decided on the organization; the rows of the other side by their own policies.

use super::{Organization, store};
use secapi_runtime::prelude::*;
use secapi_runtime::relation;

/// `members`: users. Who works here.
#[derive(Debug)]
pub(super) enum OrganizationMembersRelation {}

impl relation::Relation for OrganizationMembersRelation {
    type Row = Organization;
    type Other = super::super::user::User;
    const READ: &'static str = "members:read";
    const OTHERS: &'static str = r#"SELECT "to_id" FROM "organization_members" WHERE "from_id" ="#;
}

impl relation::Changeable for OrganizationMembersRelation {
    const ADD: &'static str = "members:add";
    const REMOVE: &'static str = "members:remove";
    const OTHER: &'static Related = &super::super::user::RELATED;
    const INSERT: &'static str = r#"INSERT INTO "organization_members" ("from_id", "to_id") VALUES (?1, ?2) ON CONFLICT DO NOTHING"#;
    const DELETE: &'static str =
        r#"DELETE FROM "organization_members" WHERE "from_id" = ?1 AND "to_id" = ?2"#;
    const KNOWN: relation::Known = relation::Known::AsMembership(
        r#"SELECT count(*) FROM "organization_members" WHERE "to_id" = ?1"#,
    );
}

/// `GET /organizations/{id}/members`: Cedar action `organization:members:read`, and `user:list` and `user:read` on every
/// row of the answer.
async fn list_members(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let permit = call.list_permit()?;
    let query = call.list_query::<super::super::user::User>(&super::super::user::LISTING)?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope
        .authorize::<relation::Reading<OrganizationMembersRelation>, _>(stored)
        .await?;
    let page = super::super::user::page(&mut scope, permit, query.related_to(&stored)).await?;
    scope.listed(page)
}

/// `PUT /organizations/{id}/members/{user_id}`: Cedar action `organization:members:add`, and `user:read` on the user.
async fn add_members(call: Call) -> Result<Reply, Error> {
    let (id, other) = (call.id()?, call.other_id()?);
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope
        .authorize::<relation::Adding<OrganizationMembersRelation>, _>(stored)
        .await?;
    scope.relate(stored, other).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `DELETE /organizations/{id}/members/{user_id}`: Cedar action `organization:members:remove`, and `user:read` on the user.
async fn remove_members(call: Call) -> Result<Reply, Error> {
    let (id, other) = (call.id()?, call.other_id()?);
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope
        .authorize::<relation::Removing<OrganizationMembersRelation>, _>(stored)
        .await?;
    scope.unrelate(stored, other).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// The routes of all relations.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::related::<OrganizationMembersRelation, _>(
            "/organizations/{id}/members",
            list_members,
        ),
        Route::put::<relation::Adding<OrganizationMembersRelation>, Organization, _>(
            "/organizations/{id}/members/{user_id}",
            add_members,
        ),
        Route::delete::<relation::Removing<OrganizationMembersRelation>, Organization, _>(
            "/organizations/{id}/members/{user_id}",
            remove_members,
        ),
    ]
}
