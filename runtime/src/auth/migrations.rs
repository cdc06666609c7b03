//! The runtime's own tables: accounts, sessions, refresh tokens and failed logins, what keyed requests have
//! made, and which keys encrypted fields are sealed with.

use crate::store::Migration;

/// The runtime's own steps, in ascending order. Migrations of a project run after them and are counted apart.
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
    Migration {
        number: 3,
        name: "idempotency",
        sql: include_str!("migrations/0003_idempotency.sql"),
    },
    Migration {
        number: 4,
        name: "encryption keys",
        sql: include_str!("migrations/0004_encryption_keys.sql"),
    },
];
