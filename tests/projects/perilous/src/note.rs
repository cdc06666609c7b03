//! A rule with a bug.

use super::Rules;
use super::Note;
use secapi_runtime::prelude::*;

/// The rules of `note`.
#[derive(Debug)]
pub struct NoteRules;

impl Rules for NoteRules {
    async fn before_create(_scope: &mut Scope, note: &mut Note) -> Result<(), Error> {
        let after = note.title.strip_prefix("pay ").unwrap_or("0");
        let amount: u32 = after.parse().expect("the private sentence of a panic");
        note.title = format!("{amount}");
        Ok(())
    }
}
