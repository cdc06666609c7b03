//! Starts the service. This file is yours.

mod generated;

use std::process::ExitCode;

/// What the service is stands in `generated::service()`; how a service runs is the runtime's.
fn main() -> ExitCode {
    secapi_runtime::command::run(generated::service())
}
