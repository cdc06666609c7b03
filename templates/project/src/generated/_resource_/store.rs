{# view: ResourceView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `{{ table }}`. What changes a row takes a permit, which only the runtime can make.

use super::{{ kind }};
use secapi_runtime::prelude::*;
{% if has.list %}

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: {{ sql.select }},
    columns: &[
{% for column in columns %}
        {{ column.code }},
{% endfor %}
    ],
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
        {{ field.ident }}: row.get({{ field.position }})?,
{% endfor %}
    })
}
{% endif %}
{% if refers.here %}

/// How rows that refer to {{ article }} {{ words }} find it.
pub static RELATED: Related = Related::of::<{{ kind }}>({{ sql.several }}, related);

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
{% if has.list %}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(scope: &mut Scope, permit: ListPermit<{{ kind }}>, query: ListQuery) -> Result<Page<{{ kind }}>, Error> {
    scope.page(permit, query, from_row).await
}
{% endif %}
{% if has.make %}
{% if has.create or registers %}

/// Stores a new row.
pub(super) async fn insert(scope: &mut Scope, permit: Permit<Create, {{ kind }}>) -> Result<{{ kind }}, Error> {
    let {{ row }} = permit.into_row();
    let sql = insertion(&{{ row }});
    scope.execute(sql).await?;
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
        .bind(&{{ row }}.{{ field.ident }})
{% endfor %}
}
{% endif %}
{% if has.update %}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(scope: &mut Scope, permit: Permit<Update, {{ kind }}>) -> Result<{{ kind }}, Error> {
    let ({{ row }}, version) = permit.into_change();
    let sql = Sql::new({{ sql.update }})
        .bind(&{{ row }}.id)
        .bind(&version)
        .bind(&{{ row }}.updated_at)
        .bind(&{{ row }}.version){% for field in fields if not field.immutable %}.bind(&{{ row }}.{{ field.ident }}){% endfor %};
    scope.execute_one(sql).await?;
    Ok({{ row }})
}
{% endif %}
{% if has.delete %}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(scope: &mut Scope, permit: Permit<Delete, {{ kind }}>) -> Result<{{ kind }}, Error> {
    let ({{ row }}, version) = permit.into_change();
{% for statement in unlinks %}
    let unlink = Sql::new({{ statement }});
    scope.unlink(unlink, {{ row }}.id).await?;
{% endfor %}
    let sql = Sql::new({{ sql.delete }});
    scope.execute_one(sql.bind(&{{ row }}.id).bind(&version)).await?;
    Ok({{ row }})
}
{% endif %}
