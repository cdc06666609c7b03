//! The compiler `secapi`: a resource spec and Cedar policies in, a secure REST service that people own out.
//!
//! # Bird's eye
//!
//! ```text
//! secapi.yaml --spec--> raw structs --model--> Service --plan--> table of files --render--> files in memory --write--> disk
//! policies/*.cedar --------------------------------^ checked against the schema that the model gives
//! ```
//!
//! Each stage takes data and gives data, and reports all that is wrong with its input at once.
//!
//! # Code map
//!
//! | module | keeps |
//! | --- | --- |
//! | [`spec`] | the file as it was written: YAML, its limits, the tables of the language, places. No meaning |
//! | [`model`] | the service that cannot be wrong: every name derived once, every value checked |
//! | [`openapi`] | the OpenAPI document, from the model |
//! | [`render`] | templates and their views: files in memory |
//! | [`manifest`] | which file is whose, and what it looked like when the tool wrote it |
//! | [`merge`] | edits by hand and the tool's next text, brought together |
//! | [`mod@write`] | all or nothing to the disk |
//! | [`project`] | what commands read: the spec and the policies of a project |
//! | [`revision`] | the same at a revision of git |
//! | [`audit`] | what of a project is not what it was, or should not be as it is |
//! | [`diagnostic`] | codes, places, and the three ways to print them |
//! | [`commands`] | one file for each command, and the argument parser |
//! | [`version`] | versions of the tool, in order |
//! | [`exit`] | exit codes, by whose fault it is |
//!
//! # Files on the user's disk
//!
//! `secapi.yaml` and `policies/*.cedar` are read, and are the user's. `src/generated/`, `openapi.json`,
//! `policies/schema.cedarschema` and `.secapi/` are the tool's. Everything else is written once. What only saves time lies
//! outside of the project, in `secapi/` of the folder that the system has for caches (`XDG_CACHE_HOME`, or `~/.cache`), and may
//! be deleted: what a run left that had nothing more to do, from which view each file was made, which policies were sound, and
//! which migrations run.
//!
//! # Architecture invariants
//!
//! - `spec` knows no meaning, and only `spec::yaml` knows the YAML library.
//! - A [`model::Service`] comes from [`model::compile`] alone. Later stages check nothing that it promises.
//! - Only `model` makes names. Templates and views use them as they are.
//! - The core stages read no clock, environment, network or random source: two runs give the same bytes.
//! - Only [`mod@write`] changes files; only [`project`], [`mod@write`] and, out of git's history, [`revision`]
//!   read them.
//! - The library prints only through [`commands::Session`]. Data goes to standard output, talk to standard
//!   error, and text of the input is made harmless before it reaches a terminal.
//! - What decides over the bytes of a generated Rust file is its template and its view, and over those of a resource's part of
//!   the document its writer. Neither looks at anything else.
//! - A diagnostic code cannot exist without its explanation.

pub mod audit;
pub mod commands;
pub mod diagnostic;
pub mod exit;
pub mod manifest;
pub mod merge;
pub mod migrations;
pub mod model;
pub mod openapi;
mod parallel;
pub mod plan;
pub mod policy_folder;
pub mod project;
pub mod render;
pub mod revision;
pub mod runtime_choice;
mod shell;
pub mod spec;
pub mod version;
pub mod write;
