//! The promises of secapi, held against the real command and against services that it wrote.
//!
//! `cli` drives the command, `diagnostics`, `names` and `spec_properties` its reading of specs, `service` drives running
//! services over sockets, `golden` compares whole trees, `properties` looks for a spec that breaks the compiler, `fuzz` feeds every parser with what was never meant for it, `examples`
//! keeps `examples/` in step. `support` is what they share.

mod cli;
mod diagnostics;
mod examples;
mod fuzz;
mod golden;
mod names;
mod properties;
mod service;
mod spec_properties;
mod support;
