{# view: ResourceView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `{{ table }}`. What changes a row takes a permit, which only the runtime can make.

use super::{{ kind }};
use secapi_runtime::prelude::*;
{% if has.restore %}
use std::time::Duration;
{% endif %}
{% for field in encrypted %}

/// `{{ field.word }}`, as it stands in the database.
const ENCRYPTED_{{ field.constant }}: EncryptedField = EncryptedField {
    resource: {{ name }},
    table: {{ table_text }},
    name: {{ field.name }},
};
{% endfor %}
{% if encrypted %}

/// What only the keys of the service open.
pub const ENCRYPTED: &[EncryptedField] = &[{% for field in encrypted %}ENCRYPTED_{{ field.constant }}{% if not loop.last %}, {% endif %}{% endfor %}];
{% endif %}
{% if has.list or has.listed or refers.here %}

/// The columns that a list can filter and sort by.
{% if has.listed %}pub{% else %}pub(super){% endif %} static LISTING: Listing = Listing {
    select: {{ sql.select }},
    columns: &[
{% for column in columns %}
        {{ column.code }},
{% endfor %}
    ],
    references: {{ kind }}::references,
};
{% endif %}
{% if has.row %}

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<{{ kind }}, Error> {
    Ok({{ kind }} {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
{% for field in fields %}
        {{ field.ident }}: row.{% if field.encrypted %}open({{ field.position }}, &ENCRYPTED_{{ field.constant }}){% else %}get({{ field.position }}){% endif %}?,
{% endfor %}
{% if has.restore %}
        deleted_at: row.get({{ deleted_position }})?,
{% endif %}
{% for relation in relations if relation.is_set %}
        {{ relation.ident }}: row.get({{ relation.position }})?,
{% endfor %}
    })
}
{% endif %}
{% if refers.here %}

/// How rows that refer to {{ article }} {{ words }} find it.
pub static RELATED: Related = Related::of::<{{ kind }}>({{ sql.several }}, related, &LISTING);

fn related(row: &Row) -> Result<RelatedRow, Error> {
    from_row(row).map(RelatedRow::of)
}
{% endif %}
{% if has.find %}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<{{ kind }}>, Error> {
    let sql = Sql::new({{ sql.find }});
    scope.find(sql.bind(&id), from_row).await
}
{% endif %}
{% if has.list or has.listed %}

/// One page of the rows that the caller may list and read.
{% if has.listed %}pub{% else %}pub(super){% endif %} async fn page(scope: &mut Scope, permit: ListPermit<{{ kind }}>, query: ListQuery) -> Result<Page<{{ kind }}>, Error> {
    scope.page(permit, query, from_row).await
}
{% endif %}
{% if has.make %}
{% if has.create or registers %}

/// Stores a new row.
pub(super) async fn insert(scope: &mut Scope, permit: Permit<Create, {{ kind }}>) -> Result<{{ kind }}, Error> {
    let {{ row }} = permit.into_row();
    let sql = insertion(&{{ row }});
{% if refers.any %}
    scope.insert(&{{ row }}, sql).await?;
{% else %}
    scope.execute(sql).await?;
{% endif %}
    Ok({{ row }})
}
{% endif %}

/// The statement that stores a new row.
pub(super) fn insertion({{ row }}: &{{ kind }}) -> Sql {
    Sql::new({{ sql.insert }})
        .bind(&{{ row }}.id)
        .bind(&{{ row }}.created_at)
        .bind(&{{ row }}.updated_at)
        .bind(&{{ row }}.version)
{% for field in fields %}
        {% if field.encrypted %}.seal(&ENCRYPTED_{{ field.constant }}, {{ row }}.id, &{{ row }}.{{ field.ident }}){% else %}.bind(&{{ row }}.{{ field.ident }}){% endif +%}
{% endfor %}
{% if has.restore %}
        .bind(&{{ row }}.deleted_at)
{% endif %}
}
{% endif %}
{% if has.update %}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(scope: &mut Scope, permit: Permit<Update, {{ kind }}>) -> Result<{{ kind }}, Error> {
    let ({{ row }}, version) = permit.into_change();
    scope.execute_one(replacement(&{{ row }}, version)).await?;
    Ok({{ row }})
}
{% endif %}
{% if has.act %}

/// Stores what an action has made of a row, if it changed it and nobody else did since it was read.
pub(super) async fn act<A: CustomAction>(scope: &mut Scope, permit: Permit<A, {{ kind }}>) -> Result<{{ kind }}, Error> {
    let changes = permit.changes();
    let ({{ row }}, version) = permit.into_change();
    if changes {
        scope.execute_one(replacement(&{{ row }}, version)).await?;
    }
    Ok({{ row }})
}
{% endif %}
{% if has.update or has.act %}

/// The statement that puts a row in the place of this version of it.
fn replacement({{ row }}: &{{ kind }}, version: i64) -> Sql {
    Sql::new({{ sql.update }})
        .bind(&{{ row }}.id)
        .bind(&version)
        .bind(&{{ row }}.updated_at)
        .bind(&{{ row }}.version)
{% for field in fields if not field.immutable %}
        {% if field.encrypted %}.seal(&ENCRYPTED_{{ field.constant }}, {{ row }}.id, &{{ row }}.{{ field.ident }}){% else %}.bind(&{{ row }}.{{ field.ident }}){% endif +%}
{% endfor %}
}
{% endif %}
{% if has.delete %}

/// {% if has.restore %}Marks a row as deleted{% else %}Removes a row{% endif %}, if nobody changed it since it was read.
pub(super) async fn delete(scope: &mut Scope, permit: Permit<Delete, {{ kind }}>) -> Result<{{ kind }}, Error> {
    let ({{ row }}, version) = permit.into_change();
{% for statement in held %}
    let held = Sql::new({{ statement }});
    scope.unheld(held, {{ row }}.id).await?;
{% endfor %}
{% for statement in unlinks %}
    let unlink = Sql::new({{ statement }});
    scope.unlink(unlink, {{ row }}.id).await?;
{% endfor %}
{% for statement in marks %}
    let mark = Sql::new({{ statement }});
    scope.take_along(mark, {{ row }}.id).await?;
{% endfor %}
    let sql = Sql::new({{ sql.delete }});
{% if has.restore %}
    let sql = sql.bind(&{{ row }}.id).bind(&version).bind(scope.now());
    scope.execute_one(sql).await?;
{% else %}
    scope.execute_one(sql.bind(&{{ row }}.id).bind(&version)).await?;
{% endif %}
    Ok({{ row }})
}
{% endif %}
{% if has.restore %}

/// The row of an id, deleted or not, not yet authorized.
pub(super) async fn find_deleted(scope: &mut Scope, id: Id) -> Result<Unseen<{{ kind }}>, Error> {
    let sql = Sql::new({{ soft_delete.find_deleted }});
    scope.find(sql.bind(&id), from_row).await
}

/// Brings a deleted row back, if nobody did since it was read.
pub(super) async fn restore(scope: &mut Scope, permit: Permit<Restore, {{ kind }}>) -> Result<{{ kind }}, Error> {
    let (mut {{ row }}, version) = permit.into_change();
{% for statement in soft_delete.lost %}
    let lost = Sql::new({{ statement }});
    scope.nothing_lost(lost, {{ row }}.id, {{ row }}.deleted_at).await?;
{% endfor %}
{% for statement in soft_delete.others %}
    let others = Sql::new({{ statement }});
    scope.bring_along(others, {{ row }}.id, {{ row }}.deleted_at).await?;
{% endfor %}
    let sql = Sql::new({{ soft_delete.restore }})
        .bind(&{{ row }}.id)
        .bind(&version)
        .bind(&{{ row }}.updated_at)
        .bind(&{{ row }}.version);
    scope.execute_one(sql).await?;
    {{ row }}.deleted_at = None;
    Ok({{ row }})
}

/// How deleted rows go for good once their time is over.
pub const PURGE: Purge = Purge {
    resource: {{ name }},
    after: Duration::from_secs({{ soft_delete.after }}),
    due: {{ soft_delete.due }},
    held: &[{% for statement in soft_delete.held %}{{ statement }}{% if not loop.last %}, {% endif %}{% endfor %}],
    remove: {{ soft_delete.remove }},
};
{% endif %}
