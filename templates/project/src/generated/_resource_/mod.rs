{# view: ResourceView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! `{{ word }}`: {{ description }}
//!
{% if has.input %}
//! `endpoints` puts the steps in order, `input` reads what clients send, `store` speaks SQL,
//! `entity` tells Cedar, `view` answers.{% if has.rules %} What {{ article }} {{ words }} means stands in `src/{{ module }}.rs`.{% endif +%}
{% else %}
//! `endpoints` puts the steps in order, `store` speaks SQL, `entity` tells Cedar, `view` answers.
{% endif %}

{% if is_identity %}
mod account;
{% endif %}
{% if actions %}
mod actions;
{% endif %}
mod endpoints;
mod entity;
{% if has.input %}
mod input;
{% endif %}
{% if relations %}
mod relations;
{% endif %}
{% if has.rules %}
#[path = "../../{{ module }}.rs"]
mod rules;
{% endif %}
mod store;
mod view;

use secapi_runtime::prelude::*;

{% if is_identity %}
pub use account::ACCOUNTS;
{% endif %}
{% if actions %}
pub use actions::*;
{% endif %}
pub use entity::{{ imports.entities }};
{% if has.input %}
pub use input::{{ imports.inputs }};
{% endif %}
{% if encrypted %}
pub use store::ENCRYPTED;
{% endif %}
{% if has.restore %}
pub use store::PURGE;
{% endif %}
{% if refers.here %}
pub use store::RELATED;
{% endif %}
{% if has.listed %}
pub(super) use store::{LISTING, page};
{% endif %}

{% if has.rules %}
{% if has.defaults %}
/// What `src/{{ module }}.rs` may do around each operation. Every rule has a default that accepts.
{% if actions %}
///
/// What an action does has none: `src/{{ module }}.rs` says it. It may change the row that it gets, which is then decided
/// on once more and stored.
{% endif %}
{% else %}
/// What `src/{{ module }}.rs` does for each action. It may change the row that it gets, which is then decided on once more
/// and stored.
{% endif %}
///
/// # Errors
/// A rule refuses with [`Error::invalid`] (422) or [`Error::conflict`] (409); nothing is stored then.
{% if has.defaults %}
#[expect(unused_variables, reason = "the defaults look at nothing")]
{% endif %}
pub trait Rules {
{% if has.make %}
    /// Before a new {{ words }} is authorized and stored; may fill in.
    fn before_create(scope: &mut Scope, {{ row }}: &mut {{ kind }}) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a new {{ words }} is stored, in the same transaction.
    fn after_create(scope: &mut Scope, {{ row }}: &{{ kind }}) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
{% endif %}
{% if has.update %}
{% if has.make %}

{% endif %}
    /// Before a changed {{ words }} is authorized and stored; may fill in.
    fn before_update(scope: &mut Scope, stored: &{{ kind }}, resulting: &mut {{ kind }}) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a changed {{ words }} is stored, in the same transaction.
    fn after_update(scope: &mut Scope, {{ row }}: &{{ kind }}) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
{% endif %}
{% if has.delete %}
{% if has.make or has.update %}

{% endif %}
    /// Before {{ article }} {{ words }} is deleted.
    fn before_delete(scope: &mut Scope, {{ row }}: &{{ kind }}) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After {{ article }} {{ words }} is deleted, in the same transaction.
    fn after_delete(scope: &mut Scope, {{ row }}: &{{ kind }}) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
{% endif %}
{% if has.restore %}

    /// Before a deleted {{ words }} is brought back.
    fn before_restore(scope: &mut Scope, {{ row }}: &{{ kind }}) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }

    /// After a deleted {{ words }} is brought back, in the same transaction.
    fn after_restore(scope: &mut Scope, {{ row }}: &{{ kind }}) -> impl Future<Output = Result<(), Error>> + Send {
        async { Ok(()) }
    }
{% endif %}
{% for action in actions %}
{% if has.defaults or not loop.first %}

{% endif %}
    /// `{{ action.method }} {{ action.path }}`: Cedar action `{{ action.cedar }}`.{{ action.note }}
    fn {{ action.ident }}({{ action.parameters }}) -> impl Future<Output = Result<{{ action.answer }}, Error>> + Send;
{% endfor %}
}

{% endif %}
/// The routes of `{{ word }}`. Before an endpoint runs, its action is asked whether any policy could allow it at all.
pub fn routes() -> Vec<Route> {
    {%+ if relations %}let mut routes = {% endif %}vec![
{% if registers %}
        Route::post::<Register, {{ kind }}, _>("/auth/register", endpoints::register),
{% endif %}
{% if is_identity %}
        Route::{% if refers.include %}get_including{% else %}get{% endif %}::<Read, {{ kind }}, _>("{{ path }}/me", endpoints::me),
{% endif %}
{% if has.list %}
        Route::list::<{{ kind }}, _>("{{ path }}", endpoints::list){{ limits.list }},
{% endif %}
{% if has.repeat %}
        Route::create::<{{ kind }}, _, _>("{{ path }}", endpoints::create, endpoints::repeat){{ limits.create }},
{% elif has.create %}
        Route::post::<Create, {{ kind }}, _>("{{ path }}", endpoints::create){{ limits.create }},
{% endif %}
{% if has.read %}
        Route::{% if refers.include %}get_including{% else %}get{% endif %}::<Read, {{ kind }}, _>("{{ path }}/{id}", endpoints::read){{ limits.read }},
{% endif %}
{% if has.update %}
        Route::patch::<Update, {{ kind }}, _>("{{ path }}/{id}", endpoints::update){{ limits.update }},
{% endif %}
{% if has.delete %}
        Route::delete::<Delete, {{ kind }}, _>("{{ path }}/{id}", endpoints::delete){{ limits.delete }},
{% endif %}
{% if has.restore %}
        Route::post::<Restore, {{ kind }}, _>("{{ path }}/{id}/restore", endpoints::restore){% if has.act_again %}.repeated(endpoints::act_again::<Restore>){% endif %}{{ limits.restore }},
{% endif %}
{% for action in actions %}
        Route::{{ action.lower }}::<{{ action.type_name }}, {{ kind }}, _>("{{ action.path }}", endpoints::{{ action.endpoint }}){% if action.repeats %}.repeated(endpoints::{% if action.is_on_item %}act_again{% else %}done_again{% endif %}::<{{ action.type_name }}>){% endif %}{{ action.limit }},
{% endfor %}
{% if is_identity %}
        Route::post::<Disable, {{ kind }}, _>("{{ path }}/{id}/disable", endpoints::disable),
        Route::post::<Enable, {{ kind }}, _>("{{ path }}/{id}/enable", endpoints::enable),
        Route::get::<ReadSessions, {{ kind }}, _>("{{ path }}/{id}/sessions", endpoints::sessions),
        Route::delete::<RevokeSessions, {{ kind }}, _>("{{ path }}/{id}/sessions", endpoints::revoke_sessions),
{% endif %}
    ]{% if relations %};
    routes.extend(relations::routes());
    routes{% endif +%}
}
