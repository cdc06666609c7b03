//! The meaning of an organization. This file is yours.

use super::{Organization, Rules};
use secapi_runtime::prelude::*;

/// The rules of `organization`.
#[derive(Debug)]
pub struct OrganizationRules;

impl Rules for OrganizationRules {
    /// Whoever founds it owns it.
    async fn before_create(
        scope: &mut Scope,
        organization: &mut Organization,
    ) -> Result<(), Error> {
        organization.owner = scope.account_id()?;
        Ok(())
    }

    /// The owner is its first member.
    async fn after_create(scope: &mut Scope, organization: &Organization) -> Result<(), Error> {
        let sql =
            Sql::new(r#"INSERT INTO "organization_members" ("from_id", "to_id") VALUES (?1, ?2)"#);
        let sql = sql.bind(&organization.id).bind(&organization.owner);
        scope.execute(sql).await?;
        Ok(())
    }
}
