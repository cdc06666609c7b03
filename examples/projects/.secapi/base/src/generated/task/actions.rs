// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What can be done with a task beyond the five operations: what each action takes and answers with.
//! What it does stands in `src/task.rs`.

use secapi_runtime::prelude::*;

/// `POST /tasks/{id}/finish`: Cedar action `task:finish`. Marks it as done.
#[derive(Debug)]
pub enum TaskFinishAction {}

impl Action for TaskFinishAction {
    const VERB: &'static str = "finish";
    const BODY: bool = false;
}

impl CustomAction for TaskFinishAction {}
