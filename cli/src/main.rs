//! The command `secapi`: hands the process to the library.

use std::io::{IsTerminal, stderr, stdout};
use std::process::ExitCode;

use secapi::commands::{Surroundings, run};

fn main() -> ExitCode {
    let terminal = stderr().is_terminal();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let surroundings = Surroundings {
        out: &mut stdout().lock(),
        err: &mut stderr().lock(),
        terminal,
        no_color,
        listen: std::env::var("SECAPI_LISTEN").ok(),
    };
    ExitCode::from(run(std::env::args_os(), surroundings).code())
}
