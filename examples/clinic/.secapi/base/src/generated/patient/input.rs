// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a patient. Every violation of a body is reported at once.

use super::Patient;
use secapi_runtime::prelude::*;

static NAME: Text = Text::string().min(1).max(120).trim();
static ACCOUNT: Uuid = Uuid;
static BORN: DateRule = DateRule::new().min("1900-01-01");
static PHONE: Text = Text::phone().max(16);
static INSURANCE_NUMBER: Text = Text::string().min(4).max(20);
static ALLERGIES: ListRule<Text> = ListRule::new(Text::string().min(1).max(60), 50);
static HISTORY: Text = Text::text().max(20_000);

/// The body of `POST /patients`.
#[derive(Debug)]
pub struct PatientCreate {
    /// `name`.
    pub name: String,
    /// `account`, optional. The account that may see this file.
    pub account: Option<Id>,
    /// `born`, encrypted in the database.
    pub born: Date,
    /// `phone`, optional, encrypted in the database.
    pub phone: Option<String>,
    /// `insurance_number`, optional, guarded, encrypted in the database.
    pub insurance_number: Option<String>,
    /// `allergies`, guarded, encrypted in the database.
    pub allergies: Vec<String>,
    /// `history`, optional, guarded, encrypted in the database.
    pub history: Option<String>,
    named: Named,
}

impl PatientCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let name = input.required("name", &NAME);
        let account = input.optional("account", &ACCOUNT);
        let born = input.required("born", &BORN);
        let phone = input.optional("phone", &PHONE);
        let insurance_number = input.optional("insurance_number", &INSURANCE_NUMBER);
        let allergies = input.defaulted("allergies", &ALLERGIES, Vec::new);
        let history = input.optional("history", &HISTORY);
        let named = input.named(&["insurance_number", "allergies", "history"]);
        let references = input.present(&["account"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            name: name?,
            account: account?,
            born: born?,
            phone: phone?,
            insurance_number: insurance_number?,
            allergies: allergies?,
            history: history?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_patient(self, id: Id, now: Timestamp) -> (Patient, Named) {
        let row = Patient {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            name: self.name,
            account: self.account,
            born: self.born,
            phone: self.phone,
            insurance_number: self.insurance_number,
            allergies: self.allergies,
            history: self.history,
            deleted_at: None,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /patients/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct PatientUpdate {
    /// `name`.
    pub name: Option<String>,
    /// `account`, optional. The account that may see this file. `Some(None)` removes it.
    pub account: Option<Option<Id>>,
    /// `born`, encrypted in the database.
    pub born: Option<Date>,
    /// `phone`, optional, encrypted in the database. `Some(None)` removes it.
    pub phone: Option<Option<String>>,
    /// `insurance_number`, optional, guarded, encrypted in the database. `Some(None)` removes it.
    pub insurance_number: Option<Option<String>>,
    /// `allergies`, guarded, encrypted in the database.
    pub allergies: Option<Vec<String>>,
    /// `history`, optional, guarded, encrypted in the database. `Some(None)` removes it.
    pub history: Option<Option<String>>,
    named: Named,
}

impl PatientUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let name = input.changed("name", &NAME);
        let account = input.changed_optional("account", &ACCOUNT);
        let born = input.changed("born", &BORN);
        let phone = input.changed_optional("phone", &PHONE);
        let insurance_number = input.changed_optional("insurance_number", &INSURANCE_NUMBER);
        let allergies = input.changed("allergies", &ALLERGIES);
        let history = input.changed_optional("history", &HISTORY);
        let named = input.named(&["insurance_number", "allergies", "history"]);
        let references = input.present(&["account"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            name: name?,
            account: account?,
            born: born?,
            phone: phone?,
            insurance_number: insurance_number?,
            allergies: allergies?,
            history: history?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Patient) -> (Patient, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.name {
            row.name = value;
        }
        if let Some(value) = self.account {
            row.account = value;
        }
        if let Some(value) = self.born {
            row.born = value;
        }
        if let Some(value) = self.phone {
            row.phone = value;
        }
        if let Some(value) = self.insurance_number {
            row.insurance_number = value;
        }
        if let Some(value) = self.allergies {
            row.allergies = value;
        }
        if let Some(value) = self.history {
            row.history = value;
        }
        (row, self.named)
    }
}
