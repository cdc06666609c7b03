// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What each route answers to the right caller, to nobody, to the wrong caller and to bad input.
//! The expectations are what `policies/` said when this was generated.

mod auth;
mod bodies;
mod policies;
mod product;
mod user;
