// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The member as the account that signs in.

use super::{Member, MemberCreate, store};
use secapi_runtime::auth::Memberships;
use secapi_runtime::prelude::*;

/// What the runtime has to know of the identity.
pub static ACCOUNTS: Accounts = Accounts {
    resource: "member",
    table_by_id: r#"SELECT "id", "created_at", "updated_at", "version", "email", "rank" FROM "members" WHERE "id" = ?1"#,
    find_by_email: r#"SELECT "id", "created_at", "updated_at", "version", "email", "rank" FROM "members" WHERE "email" = ?1"#,
    account: read,
    memberships: Memberships::NONE,
    references: Member::references,
    role_field: Some("rank"),
    admin_role: Some("chief"),
    other_administrators: r#"SELECT count(*) FROM "members" WHERE "rank" = 'chief' AND "id" <> ?1 AND "id" IN (SELECT account FROM secapi_credentials WHERE disabled_at IS NULL)"#,
    promote: r#"UPDATE "members" SET "rank" = 'chief', "version" = "version" + 1, "updated_at" = ?2 WHERE "id" = ?1"#,
    filler: r"{}",
    provision,
};

fn read(row: &Row) -> Result<Account, Error> {
    Ok(account(&store::from_row(row)?))
}

fn account(row: &Member) -> Account {
    Account {
        id: row.id,
        email: row.email.clone(),
        role: Some(row.rank.as_str()),
        entity: row.entity(),
    }
}

/// A first row for `create-admin`, checked like the body of `POST /members`.
fn provision(body: &Object, id: Id, now: Timestamp) -> Result<Provision, Error> {
    let (row, _, password) = MemberCreate::parse(body)?.into_member(id, now);
    Ok(Provision {
        account: account(&row),
        insertion: store::insertion(&row),
        password,
    })
}
