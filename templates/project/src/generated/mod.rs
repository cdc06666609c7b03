{# view: ServiceView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | rate limit | made in |
//! | --- | --- | --- | --- | --- |
{% for route in routes %}
//! | `{{ route.method }} {{ route.path }}` | {{ route.actions }} | {{ route.policies }} | {{ route.limits }} | [`{{ route.module }}`] |
{% endfor %}
//!
{% if identity is none %}
//! Fixed routes of the runtime, which no policy opens or closes: `GET /health/live`,
//! `GET /health/ready`, {% if documents %}`GET /openapi.json`, `GET /docs`, {% endif %}`GET /problems/{code}`.
{% else %}
//! Fixed routes of the runtime, which no policy opens or closes: `POST {{ base_path }}/auth/login`,
//! `…/refresh`, `…/logout`, `…/password/change`, `GET {{ base_path }}/auth/sessions`,
//! `DELETE {{ base_path }}/auth/sessions/{id}`, `GET /health/live`, `GET /health/ready`,
//! `GET /.well-known/jwks.json`, {% if documents %}`GET /openapi.json`, `GET /docs`, {% endif %}`GET /problems/{code}`.
{% endif %}
{% if guarded %}
//!
//! Guarded fields have actions of their own: {% for action in guarded %}`{{ action }}`{% if not loop.last %}, {% endif %}{% endfor %}.
{% endif %}
//!
//! | rate limit | requests in any window | counted by |
//! | --- | --- | --- |
{% for tier in tiers %}
//! | `{{ tier.name }}` | {{ tier.quota }} | {{ tier.keys }} |
{% endfor %}
//!
{% if identity is not none %}
//! `login` counts as `auth`, the other fixed routes of `auth/` as `write` and `read`.
//!
{% endif %}
//! Limits: a body has at most {{ body_limit }} bytes, a request takes at most {{ timeout }} ms.

{% for module in modules %}
pub mod {{ module }};
{% endfor %}

use secapi_runtime::prelude::*;

/// The service that `secapi.yaml` describes.
pub fn service() -> Service {
    Service::new(Definition {
        name: {{ name }},
        title: {{ title }},
        version: env!("CARGO_PKG_VERSION"),
        namespace: {{ namespace }},
        base_path: {{ base_path_text }},
        schema: include_str!("../../policies/schema.cedarschema"),
        openapi: include_str!("../../openapi.json"),
        migrations: &[
{% for migration in migrations %}
            Migration {
                number: {{ migration.number }},
                name: {{ migration.name }},
                sql: include_str!({{ migration.file }}),
            },
{% endfor %}
        ],
        encrypted: &[{% for module in encrypted %}{{ module }}::ENCRYPTED{% if not loop.last %}, {% endif %}{% endfor %}],
        settings: settings::SETTINGS,
    })
{% if identity is not none %}
    .identity(&{{ identity }}::ACCOUNTS)
{% endif %}
{% for module in resources %}
    .routes({{ module }}::routes())
{% endfor %}
{% for module in purged %}
    .purge({{ module }}::PURGE)
{% endfor %}
}
