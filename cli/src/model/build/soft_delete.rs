//! Deletion that can be undone.

use std::collections::BTreeSet;
use std::time::Duration;

use super::service::bounded;
use crate::diagnostic::{Diagnostics, brief, spec as code};
use crate::model::{Operation, SoftDelete};
use crate::spec;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// What a row has that nobody says more of.
const PURGE_AFTER: Duration = DAY.saturating_mul(90);
const LONGEST: Duration = DAY.saturating_mul(3_650);

pub(super) fn soft_delete(
    raw: &spec::Resource,
    is_identity: bool,
    diagnostics: &mut Diagnostics,
) -> Option<SoftDelete> {
    let written = raw.soft_delete.as_ref()?;
    let purge_after = bounded(
        written.purge_after,
        PURGE_AFTER,
        (HOUR, LONGEST),
        "`soft_delete.purge_after` is from 1h to 3650d",
        diagnostics,
    );
    if is_identity {
        let message = format!(
            "`{}` signs in, and an account that is deleted is erased: a person who asks for that gets it",
            brief(&raw.name.value)
        );
        let help = "remove the key; `POST …/{id}/disable` keeps an account from signing in and can be undone";
        diagnostics.error(&code::CONFLICTING_KEYS, written.span, message, help);
    }
    Some(SoftDelete {
        purge_after,
        limit: None,
    })
}

/// Reports what cannot stand beside it.
pub(super) fn check(
    raw: &spec::Resource,
    operations: &BTreeSet<Operation>,
    diagnostics: &mut Diagnostics,
) {
    let Some(written) = &raw.soft_delete else {
        return;
    };
    if !operations.contains(&Operation::Delete) && raw.unread.leaves(&["operations"]) {
        let message = format!("nothing deletes a row of `{}`", brief(&raw.name.value));
        let help = "add `delete` to its `operations`, or remove `soft_delete`";
        diagnostics.error(&code::CONFLICTING_KEYS, written.span, message, help);
    }
    let column = |field: &&spec::Field| field.name.value == SoftDelete::COLUMN;
    if let Some(field) = raw.fields.iter().find(column) {
        let reason = "rows that can be restored have this column by themselves";
        let message = format!("the name `{}` is taken: {reason}", SoftDelete::COLUMN);
        let help = "remove the field, or call it otherwise";
        diagnostics.error(&code::RESERVED_NAME, field.name.span, message, help);
    }
}
