//! The tables of accounts, sessions, refresh tokens and failed logins.

use crate::store::Migration;

/// The runtime's own tables, in order. Migrations of a project run after them and are counted apart.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "accounts and sessions",
        sql: include_str!("migrations/0001_accounts_and_sessions.sql"),
    },
    Migration {
        number: 2,
        name: "lockouts",
        sql: include_str!("migrations/0002_lockouts.sql"),
    },
];
