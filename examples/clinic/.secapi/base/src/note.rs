//! The meaning of a note. This file is yours.
//!
//! Each rule of [`Rules`] has a default that accepts everything; write the ones you need. A rule
//! may refuse or fill in, and never permit: who may do what stands in `policies/`.

use super::Rules;

/// The rules of `note`.
#[derive(Debug)]
pub struct NoteRules;

impl Rules for NoteRules {
    // For example, with `use super::Note;` and `use secapi_runtime::prelude::*;` above:
    //
    // async fn before_create(_scope: &mut Scope, note: &mut Note) -> Result<(), Error> {
    //     if note.created_at.as_millis() < 0 {
    //         return Err(Error::invalid("created_at", "too_early", "must not be before 1970"));
    //     }
    //     Ok(())
    // }
}
