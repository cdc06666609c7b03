//! Authentication: passwords, access tokens, sessions, and the fixed routes around them.
//!
//! | module | keeps |
//! | --- | --- |
//! | [`passwords`] | which passwords an account may have |
//! | [`hasher`] | argon2id on bounded threads |
//! | [`keys`], [`tokens`] | signing keys and access tokens |
//! | [`sessions`] | sessions and their families of refresh tokens |
//! | [`lockout`] | what failed logins lead to |
//! | [`authenticate`] | from an `Authorization` header to a caller |
//! | [`endpoints`] | login, refresh, logout, sessions, password change |
//! | `memberships` | what the caller is a member of |
//! | [`admin`] | the first administrator |
//! | `supervision` | what one account may do to another: disable it, enable it, end its sessions |
//!
//! Invariants: a hash is computed before a transaction is opened, never inside one; a password, token or key is in no log
//! and no error; every refusal of a login looks alike.

mod account;
pub mod admin;
pub mod authenticate;
mod credentials;
pub mod endpoints;
#[cfg(test)]
mod fixture;
pub mod hasher;
pub mod keys;
pub mod lockout;
mod memberships;
mod migrations;
pub mod passwords;
pub(crate) mod routes;
pub mod sessions;
pub(crate) mod supervision;
pub mod tokens;

use crate::events;
pub use account::{Account, Accounts, Caller, Provision, SignedIn};
pub use authenticate::{Authenticator, authorization};
pub use credentials::{disable_account, enable_account, remove_account, store_password};
pub use hasher::{Hasher, Parameters, PasswordHash, Verdict};
pub use keys::Keyring;
pub use lockout::{Delay, Lockout};
pub use memberships::{MOST_MEMBERSHIPS, Memberships};
pub use migrations::MIGRATIONS;
pub use passwords::{Password, Profile as PasswordProfile};
pub use tokens::Tokens;
