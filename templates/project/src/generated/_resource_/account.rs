{# view: AccountView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The {{ words }} as the account that signs in.

use super::{{ imports }};
use secapi_runtime::auth::Memberships;
use secapi_runtime::prelude::*;

/// What the runtime has to know of the identity.
pub static ACCOUNTS: Accounts = Accounts {
    resource: {{ name }},
    table_by_id: {{ by_id }},
    find_by_email: {{ by_email }},
    account: read,
    memberships: {% if memberships is none %}Memberships::NONE{% else %}MEMBERSHIPS{% endif %},
    references: {{ kind }}::references,
    role_field: {{ role_field }},
    admin_role: {{ admin_role }},
    other_administrators: {{ other_administrators }},
    promote: {{ promote }},
    filler: {{ filler }},
    provision,
};

{% if memberships is not none %}
/// What accounts can be members of.
const MEMBERSHIPS: Memberships = Memberships {
    kinds: &[{% for kind in memberships.kinds %}{{ kind }},{% endfor %}],
    select: {{ memberships.select }},
};

{% endif %}
fn read(row: &Row) -> Result<Account, Error> {
    Ok(account(&store::from_row(row)?))
}

fn account(row: &{{ kind }}) -> Account {
    Account {
        id: row.id,
        email: row.email.clone(),
        role: {{ role }},
        entity: row.entity(),
    }
}

/// A first row for `create-admin`, checked like the body of `POST {{ path }}`.
fn provision(body: &Object, id: Id, now: Timestamp) -> Result<Provision, Error> {
    let (row, _, password) = {{ kind }}Create::parse(body)?.into_{{ word }}(id, now);
    Ok(Provision {
        account: account(&row),
        insertion: store::insertion(&row),
        password,
    })
}
