//! The meaning of a note. This file is yours.

use super::{Note, Rules};
use secapi_runtime::prelude::*;

/// The rules of `note`.
#[derive(Debug)]
pub struct NoteRules;

impl Rules for NoteRules {
    /// A note is its writer's.
    async fn before_create(scope: &mut Scope, note: &mut Note) -> Result<(), Error> {
        note.author = scope.account_id()?;
        Ok(())
    }
}
