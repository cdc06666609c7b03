//! `vendor/secapi-runtime`: the runtime's source, embedded in this program.

use secapi_runtime::source;

use super::RenderError;
use super::project::Draft;
use crate::manifest::Owner;

/// Where it goes.
pub const FOLDER: &str = "vendor/secapi-runtime/";

/// Every file of the runtime.
///
/// # Errors
/// Where one is not UTF-8.
pub fn vendor() -> Result<Vec<Draft>, RenderError> {
    source::files().into_iter().map(draft).collect()
}

fn draft(file: source::SourceFile) -> Result<Draft, RenderError> {
    let text = String::from_utf8(file.contents).map_err(|error| RenderError {
        template: "secapi-runtime",
        reason: format!("{}: {error}", file.path),
    })?;
    Ok(Draft {
        path: format!("{FOLDER}{}", file.path),
        owner: Owner::Tool,
        template: "secapi-runtime",
        text,
    })
}
