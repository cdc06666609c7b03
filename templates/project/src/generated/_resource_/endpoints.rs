{# view: ResourceView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `{{ word }}`, each in the order in which it happens.

{% if has.rules %}
use super::rules::{{ kind }}Rules;
{% endif %}
use super::{{ imports.endpoints }};
use secapi_runtime::prelude::*;
{% if registers %}

/// `POST /auth/register`: Cedar action `{{ word }}:register`, on the row as it would be stored.
pub(super) async fn register(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut {{ row }}, password) = {{ kind }}Register::parse(&body)?.into_{{ word }}(call.new_id(), call.now());
    let password = call.hash_password(password, &{{ row }}.email).await?;
    let mut scope = call.write().await?;
{% if refers.register %}
    scope.check_references(&{{ row }}).await?;
{% endif %}
    {{ kind }}Rules::before_create(&mut scope, &mut {{ row }}).await?;
    let permit = scope.permit_register({{ row }}).await?;
    let {{ row }} = store::insert(&mut scope, permit).await?;
    scope.set_password({{ row }}.id, password).await?;
    {{ kind }}Rules::after_create(&mut scope, &{{ row }}).await?;
    let reply = scope.registered(&{{ row }}).await?;
    scope.commit().await?;
    Ok(reply)
}
{% endif %}
{% if is_identity %}

/// `GET {{ path }}/me`: Cedar action `{{ word }}:read`, on the caller's own row.
pub(super) async fn me(call: Call) -> Result<Reply, Error> {
    let id = call.account_id()?;
{% if refers.include %}
    let include = call.include::<{{ kind }}>()?;
{% endif %}
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let {{ row }} = scope.authorize::<Read, {{ kind }}>(stored).await?;
{% if refers.include %}
    scope.show_including({{ row }}, &include).await
{% else %}
    scope.show({{ row }}).await
{% endif %}
}
{% endif %}
{% if has.list %}

/// `GET {{ path }}`: Cedar actions `{{ word }}:list` and `{{ word }}:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<{{ kind }}>()?;
    let query = call.list_query::<{{ kind }}>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}
{% endif %}
{% if has.create %}

/// `POST {{ path }}`: Cedar action `{{ word }}:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
{% if is_identity %}
    let (mut {{ row }}, named, password) = {{ kind }}Create::parse(&body)?.into_{{ word }}(call.new_id(), call.now());
    let password = call.hash_password(password, &{{ row }}.email).await?;
{% else %}
    let (mut {{ row }}, named) = {{ kind }}Create::parse(&body)?.into_{{ word }}(call.new_id(), call.now());
{% endif %}
    let mut scope = call.write().await?;
{% if refers.create %}
    let named = scope.check_named_references(&{{ row }}, named).await?;
{% endif %}
    {{ kind }}Rules::before_create(&mut scope, &mut {{ row }}).await?;
    let permit = scope.permit_create({{ row }}, named).await?;
    let {{ row }} = store::insert(&mut scope, permit).await?;
{% if is_identity %}
    scope.set_password({{ row }}.id, password).await?;
{% endif %}
    {{ kind }}Rules::after_create(&mut scope, &{{ row }}).await?;
    let reply = scope.created(&{{ row }}).await?;
    scope.commit().await?;
    Ok(reply)
}
{% endif %}
{% if has.repeat %}

/// `POST {{ path }}` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}
{% endif %}
{% if has.read %}

/// `GET {{ path }}/{id}`: Cedar action `{{ word }}:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
{% if refers.include %}
    let include = call.include::<{{ kind }}>()?;
{% endif %}
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let {{ row }} = scope.authorize::<Read, {{ kind }}>(stored).await?;
{% if refers.include %}
    scope.show_including({{ row }}, &include).await
{% else %}
    scope.show({{ row }}).await
{% endif %}
}
{% endif %}
{% if has.update %}

/// `PATCH {{ path }}/{id}`: Cedar action `{{ word }}:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, {{ kind }}>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut {{ row }}, named) = {{ kind }}Update::parse(&{% if merged %}scope.merge_patch(&body, &stored).await?{% else %}body.merge_patch()?{% endif %})?.apply(&stored);
{% if refers.update %}
    let named = scope.check_changed_references(&stored, &{{ row }}, named).await?;
{% endif %}
    {{ kind }}Rules::before_update(&mut scope, &stored, &mut {{ row }}).await?;
    let permit = scope.permit_update(stored, {{ row }}, named).await?;
    let {{ row }} = store::update(&mut scope, permit).await?;
    {{ kind }}Rules::after_update(&mut scope, &{{ row }}).await?;
    let reply = scope.changed(&{{ row }}).await?;
    scope.commit().await?;
    Ok(reply)
}
{% endif %}
{% if has.delete %}

/// `DELETE {{ path }}/{id}`: Cedar action `{{ word }}:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, {{ kind }}>(stored).await?;
    scope.precondition(&stored).await?;
    {{ kind }}Rules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let {{ row }} = store::delete(&mut scope, permit).await?;
    {{ kind }}Rules::after_delete(&mut scope, &{{ row }}).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
{% endif %}
{% if has.restore %}

/// `POST {{ path }}/{id}/restore`: Cedar action `{{ word }}:restore`. A row that is not deleted stays as it is.
pub(super) async fn restore(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find_deleted(&mut scope, id).await?;
    let stored = scope.authorize::<Restore, {{ kind }}>(stored).await?;
    scope.precondition(&stored).await?;
    if stored.deleted_at.is_none() {
        let reply = scope.acted(&*stored).await?;
        scope.commit().await?;
        return Ok(reply);
    }
    {{ kind }}Rules::before_restore(&mut scope, &stored).await?;
    let permit = scope.permit_restore(stored);
    let {{ row }} = store::restore(&mut scope, permit).await?;
    {{ kind }}Rules::after_restore(&mut scope, &{{ row }}).await?;
    let reply = scope.acted(&{{ row }}).await?;
    scope.commit().await?;
    Ok(reply)
}
{% endif %}
{% for action in actions %}

/// `{{ action.method }} {{ action.path }}`: Cedar action `{{ action.cedar }}`{% if not action.is_on_item %}, which only callers have whom the
/// policies allow it on every row.{% elif action.writes %}, on the stored and on the resulting row.{% else %}.{% endif +%}
{% if action.is_on_item %}
pub(super) async fn {{ action.endpoint }}({% if action.has_input %}mut {% endif %}call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
{% if action.has_input %}
    let body = call.input().await?;
{% endif %}
    let mut scope = call.{% if action.writes %}write{% else %}read{% endif %}().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<{{ action.type_name }}, _>(stored).await?;
{% if action.writes %}
    scope.precondition(&stored).await?;
{% if action.has_input %}
    let input = {{ action.input_type }}::parse(&body.object()?)?;
{% endif %}
    let mut {{ row }} = stored.clone();
    {%+ if action.has_output %}let output = {% endif %}{{ kind }}Rules::{{ action.ident }}({{ action.arguments }}).await?;
    let permit = scope.permit_action(stored, {{ row }}).await?;
    {%+ if not action.has_output %}let {{ row }} = {% endif %}store::act(&mut scope, permit).await?;
    let reply = {% if action.has_output %}scope.told(output.json()?)?{% else %}scope.acted(&{{ row }}).await?{% endif %};
    scope.commit().await?;
    Ok(reply)
{% else %}
    let output = {{ kind }}Rules::{{ action.ident }}({{ action.arguments }}).await?;
    scope.told(output.json()?)
{% endif %}
}
{% else %}
pub(super) async fn {{ action.endpoint }}({% if action.has_input %}mut {% endif %}call: Call) -> Result<Reply, Error> {
{% if action.has_input %}
    let input = {{ action.input_type }}::parse(&call.json().await?)?;
{% endif %}
    let mut scope = call.{% if action.writes %}write{% else %}read{% endif %}().await?;
    scope.authorize_whole::<{{ action.type_name }}, {{ kind }}>()?;
    {%+ if action.has_output %}let output = {% endif %}{{ kind }}Rules::{{ action.ident }}({{ action.arguments }}).await?;
{% if action.writes %}
    let reply = {% if action.has_output %}scope.told(output.json()?)?{% else %}scope.done(){% endif %};
    scope.commit().await?;
    Ok(reply)
{% else %}
    scope.told(output.json()?)
{% endif %}
}
{% endif %}
{% endfor %}
{% if has.act_again %}

/// A keyed action that was carried out before: its row as it stands now, decided on and shown anew.
pub(super) async fn act_again<A: Action>(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.acted_before::<A, {{ kind }}>(stored).await
}
{% endif %}
{% if has.done_again %}

/// A keyed action on all {{ plural_words }} that was carried out before, decided on anew.
pub(super) async fn done_again<A: Action>(call: Call, _earlier: Earlier) -> Result<Reply, Error> {
    let scope = call.read().await?;
    scope.done_before::<A, {{ kind }}>()
}
{% endif %}
{% if is_identity %}

/// `POST {{ path }}/{id}/disable`: Cedar action `{{ word }}:disable`. It cannot sign in any more, and its sessions end.
pub(super) async fn disable(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Disable, {{ kind }}>(stored).await?;
    scope.disable(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST {{ path }}/{id}/enable`: Cedar action `{{ word }}:enable`. Its old sessions stay ended.
pub(super) async fn enable(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Enable, {{ kind }}>(stored).await?;
    scope.enable(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `GET {{ path }}/{id}/sessions`: Cedar action `{{ word }}:sessions:read`.
pub(super) async fn sessions(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<ReadSessions, {{ kind }}>(stored).await?;
    scope.sessions(stored).await
}

/// `DELETE {{ path }}/{id}/sessions`: Cedar action `{{ word }}:sessions:revoke`.
pub(super) async fn revoke_sessions(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<RevokeSessions, {{ kind }}>(stored).await?;
    scope.revoke_sessions(stored).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
{% endif %}
