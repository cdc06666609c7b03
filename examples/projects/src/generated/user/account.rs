// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The user as the account that signs in.

use super::{User, UserCreate, store};
use secapi_runtime::auth::Memberships;
use secapi_runtime::prelude::*;

/// What the runtime has to know of the identity.
pub static ACCOUNTS: Accounts = Accounts {
    resource: "user",
    table_by_id: r#"SELECT "id", "created_at", "updated_at", "version", "email", "name", "role", "phone" FROM "users" WHERE "id" = ?1"#,
    find_by_email: r#"SELECT "id", "created_at", "updated_at", "version", "email", "name", "role", "phone" FROM "users" WHERE "email" = ?1"#,
    account: read,
    memberships: MEMBERSHIPS,
    references: User::references,
    role_field: Some("role"),
    admin_role: Some("admin"),
    other_administrators: r#"SELECT count(*) FROM "users" WHERE "role" = 'admin' AND "id" <> ?1 AND "id" IN (SELECT account FROM secapi_credentials WHERE disabled_at IS NULL)"#,
    promote: r#"UPDATE "users" SET "role" = 'admin', "version" = "version" + 1, "updated_at" = ?2 WHERE "id" = ?1"#,
    filler: r#"{"name":"Admin"}"#,
    provision,
};

/// What accounts can be members of.
const MEMBERSHIPS: Memberships = Memberships {
    kinds: &["OrganizationMembers"],
    select: r#"SELECT 0, "from_id" FROM "organization_members" WHERE "to_id" = ?1 LIMIT ?2"#,
};

fn read(row: &Row) -> Result<Account, Error> {
    Ok(account(&store::from_row(row)?))
}

fn account(row: &User) -> Account {
    Account {
        id: row.id,
        email: row.email.clone(),
        role: Some(row.role.as_str()),
        entity: row.entity(),
    }
}

/// A first row for `create-admin`, checked like the body of `POST /users`.
fn provision(body: &Object, id: Id, now: Timestamp) -> Result<Provision, Error> {
    let (row, _, password) = UserCreate::parse(body)?.into_user(id, now);
    Ok(Provision {
        account: account(&row),
        insertion: store::insertion(&row),
        password,
    })
}
