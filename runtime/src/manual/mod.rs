//! The manual of a running service: what it does on the wire, which defaults it has, and which attacks it answers how.
//!
//! Written for those who operate a service, attack it or build clients for it. What the spec language can say is told by
//! `secapi schema`, what a diagnostic means by `secapi explain`.

#[doc = include_str!("wire.md")]
pub mod wire {}

#[doc = include_str!("status_codes.md")]
pub mod status_codes {}

#[doc = include_str!("defaults.md")]
pub mod defaults {}

#[doc = include_str!("threats.md")]
pub mod threats {}

#[doc = include_str!("events.md")]
pub mod events {}

#[doc = include_str!("decisions.md")]
pub mod decisions {}
