// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a record. Every violation of a body is reported at once.

use super::{RecordItem, RecordItemLevel};
use secapi_runtime::prelude::*;

static LEVEL: Choices<RecordItemLevel> = Choices::new();
static BORN: DateRule = DateRule::new();
static ALLERGIES: ListRule<Text> = ListRule::new(Text::string().max(20), 100);
static HISTORY: JsonRule = JsonRule::new(16_384);

/// The body of `POST /records`.
#[derive(Debug)]
pub struct RecordItemCreate {
    /// `level`, encrypted in the database.
    pub level: RecordItemLevel,
    /// `born`, set at creation only, encrypted in the database.
    pub born: Date,
    /// `allergies`, encrypted in the database.
    pub allergies: Vec<String>,
    /// `history`, optional, encrypted in the database.
    pub history: Option<Json>,
    named: Named,
}

impl RecordItemCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let level = input.defaulted("level", &LEVEL, || RecordItemLevel::Low);
        let born = input.required("born", &BORN);
        let allergies = input.defaulted("allergies", &ALLERGIES, || vec!["nuts".to_owned()]);
        let history = input.optional("history", &HISTORY);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            level: level?,
            born: born?,
            allergies: allergies?,
            history: history?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_record(self, id: Id, now: Timestamp) -> (RecordItem, Named) {
        let row = RecordItem {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            level: self.level,
            born: self.born,
            allergies: self.allergies,
            history: self.history,
        };
        (row, self.named)
    }
}
