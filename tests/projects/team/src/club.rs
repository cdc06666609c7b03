//! The meaning of a club. This file is yours.

use super::{Club, Rules};
use secapi_runtime::prelude::*;

/// The rules of `club`.
#[derive(Debug)]
pub struct ClubRules;

impl Rules for ClubRules {
    /// `POST /clubs/{id}/leave`. Nothing changes about the club itself.
    async fn leave(scope: &mut Scope, club: &mut Club) -> Result<(), Error> {
        let end = r#"DELETE FROM "club_members" WHERE "from_id" = ?1 AND "to_id" = ?2"#;
        let member = scope.account_id()?;
        scope.execute(Sql::new(end).bind(&club.id).bind(member)).await?;
        Ok(())
    }
}
