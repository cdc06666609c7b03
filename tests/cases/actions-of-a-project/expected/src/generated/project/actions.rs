// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What can be done with a project beyond the five operations: what each action takes and answers with.
//! What it does stands in `src/project.rs`.

use secapi_runtime::prelude::*;

/// `POST /projects/{id}/archive`: Cedar action `project:archive`. Takes it out of use.
#[derive(Debug)]
pub enum ProjectArchiveAction {}

impl Action for ProjectArchiveAction {
    const VERB: &'static str = "archive";
}

impl CustomAction for ProjectArchiveAction {}

/// The body of `POST /projects/{id}/archive`.
#[derive(Debug)]
pub struct ProjectArchiveInput {
    /// `reason`.
    pub reason: String,
}

impl ProjectArchiveInput {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        static REASON: Text = Text::string().max(500);
        let mut input = Input::new(body);
        let reason = input.required("reason", &REASON);
        input.finish()?;
        Ok(Self { reason: reason? })
    }
}

/// `GET /projects/{id}/progress`: Cedar action `project:progress`.
#[derive(Debug)]
pub enum ProjectProgressAction {}

impl Action for ProjectProgressAction {
    const VERB: &'static str = "progress";
    const BODY: bool = false;
    const SHOWS_ROW: bool = false;
}

impl CustomAction for ProjectProgressAction {}

/// What `GET /projects/{id}/progress` answers with.
#[derive(Debug)]
pub struct ProjectProgressOutput {
    /// `done`.
    pub done: Decimal,
    /// `until`, optional.
    pub until: Option<Date>,
}

impl ProjectProgressOutput {
    /// The JSON of the answer.
    ///
    /// # Errors
    /// 500 where a value breaks the rules that `secapi.yaml` has for it.
    pub(super) fn json(&self) -> Result<Object, Error> {
        static DONE: DecimalRule = DecimalRule::new(2).min("0.00").max("1.00");
        static UNTIL: DateRule = DateRule::new();
        let output = Output::new();
        let output = output.decimal("done", &DONE, self.done, 2)?;
        let output = output.field("until", &UNTIL, &self.until)?;
        Ok(output.finish())
    }
}

/// `POST /projects/close-all`: Cedar action `project:close_all`.
#[derive(Debug)]
pub enum ProjectCloseAllAction {}

impl Action for ProjectCloseAllAction {
    const VERB: &'static str = "close_all";
    const WHOLE: bool = true;
    const SHOWS_ROW: bool = false;
}

impl CustomAction for ProjectCloseAllAction {}

/// The values of `mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectCloseAllInputMode {
    /// `fast`.
    Fast,
    /// `careful`.
    Careful,
}

impl Choice for ProjectCloseAllInputMode {
    const ALL: &'static [Self] = &[Self::Fast, Self::Careful];

    fn as_str(&self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Careful => "careful",
        }
    }
}

/// The body of `POST /projects/close-all`.
#[derive(Debug)]
pub struct ProjectCloseAllInput {
    /// `before`.
    pub before: Date,
    /// `mode`.
    pub mode: ProjectCloseAllInputMode,
}

impl ProjectCloseAllInput {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        static BEFORE: DateRule = DateRule::new();
        static MODE: Choices<ProjectCloseAllInputMode> = Choices::new();
        let mut input = Input::new(body);
        let before = input.required("before", &BEFORE);
        let mode = input.defaulted("mode", &MODE, || ProjectCloseAllInputMode::Careful);
        input.finish()?;
        Ok(Self {
            before: before?,
            mode: mode?,
        })
    }
}

/// What `POST /projects/close-all` answers with.
#[derive(Debug)]
pub struct ProjectCloseAllOutput {
    /// `closed`.
    pub closed: i64,
}

impl ProjectCloseAllOutput {
    /// The JSON of the answer.
    ///
    /// # Errors
    /// 500 where a value breaks the rules that `secapi.yaml` has for it.
    pub(super) fn json(&self) -> Result<Object, Error> {
        static CLOSED: Whole = Whole::new().min(0);
        let output = Output::new();
        let output = output.field("closed", &CLOSED, &self.closed)?;
        Ok(output.finish())
    }
}
