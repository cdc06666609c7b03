{# view: ResourceView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What {{ article }} {{ words }} is related to: the endpoints of each relation, in the order in which it happens. The
//! actions are decided on the {{ words }}; the rows of the other side by their own policies.

use super::{{ imports.relations }};
use secapi_runtime::prelude::*;
use secapi_runtime::relation;
{% for relation in relations %}

/// `{{ relation.word }}`: {{ relation.plural_words }}.{{ relation.note }}
#[derive(Debug)]
pub(super) enum {{ relation.type_name }} {}

impl relation::Relation for {{ relation.type_name }} {
    type Row = {{ kind }};
    type Other = {{ relation.place }}::{{ relation.to_kind }};
    const READ: &'static str = {{ relation.actions[0] }};
    const OTHERS: &'static str = {{ relation.others }};
}
{% if relation.is_declared %}

impl relation::Changeable for {{ relation.type_name }} {
    const ADD: &'static str = {{ relation.actions[1] }};
    const REMOVE: &'static str = {{ relation.actions[2] }};
    const OTHER: &'static Related = &{{ relation.place }}::RELATED;
    const INSERT: &'static str = {{ relation.insert }};
    const DELETE: &'static str = {{ relation.delete }};
    const KNOWN: relation::Known = {{ relation.known }};
}
{% endif %}

/// `GET {{ relation.path }}`: Cedar action `{{ relation.cedar[0] }}`, and `{{ relation.to_word }}:list` and `{{ relation.to_word }}:read` on every
/// row of the answer.
async fn list_{{ relation.stem }}(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let permit = call.list_permit()?;
    let query = call.list_query::<{{ relation.place }}::{{ relation.to_kind }}>(&{{ relation.place }}::LISTING)?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<relation::Reading<{{ relation.type_name }}>, _>(stored).await?;
    let page = {{ relation.place }}::page(&mut scope, permit, query.related_to(&stored)).await?;
    scope.listed(page)
}
{% if relation.is_declared %}

/// `PUT {{ relation.item_path }}`: Cedar action `{{ relation.cedar[1] }}`, and `{{ relation.to_word }}:read` on the {{ relation.to_words }}.
async fn add_{{ relation.stem }}(call: Call) -> Result<Reply, Error> {
    let (id, other) = (call.id()?, call.other_id()?);
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<relation::Adding<{{ relation.type_name }}>, _>(stored).await?;
    scope.relate(stored, other).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `DELETE {{ relation.item_path }}`: Cedar action `{{ relation.cedar[2] }}`, and `{{ relation.to_word }}:read` on the {{ relation.to_words }}.
async fn remove_{{ relation.stem }}(call: Call) -> Result<Reply, Error> {
    let (id, other) = (call.id()?, call.other_id()?);
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<relation::Removing<{{ relation.type_name }}>, _>(stored).await?;
    scope.unrelate(stored, other).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
{% endif %}
{% endfor %}

/// The routes of all relations.
pub(super) fn routes() -> Vec<Route> {
    vec![
{% for relation in relations %}
        Route::related::<{{ relation.type_name }}, _>("{{ relation.path }}", list_{{ relation.stem }}),
{% if relation.is_declared %}
        Route::put::<relation::Adding<{{ relation.type_name }}>, {{ kind }}, _>("{{ relation.item_path }}", add_{{ relation.stem }}),
        Route::delete::<relation::Removing<{{ relation.type_name }}>, {{ kind }}, _>("{{ relation.item_path }}", remove_{{ relation.stem }}),
{% endif %}
{% endfor %}
    ]
}
