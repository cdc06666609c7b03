{# view: BodiesView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A legal body for each resource; `n` makes unique values differ.

{% if makes %}
use secapi_runtime::testing::Client;
{% endif %}
use serde_json::{Value, json};
{% if unknown %}

/// A body that no route takes.
pub fn unknown() -> Value {
    json!({ "no_such_field": true })
}
{% endif %}
{% for body in bodies %}

/// A body of `{{ body.route }}`.{% if body.makes %} `creator` makes the rows that it refers to.{% endif +%}
pub fn {{ body.name }}({% if body.makes %}creator: &Client<'_>, {% endif %}{{ body.number }}) -> Value {
{% if body.fields %}
    json!({
{% for field in body.fields %}
        {{ field.name }}: {{ field.value }},
{% endfor %}
    })
{% else %}
    json!({})
{% endif %}
}
{% endfor %}
{% for change in changes %}

/// A body of `PATCH {{ change.path }}/{id}`.
pub fn {{ change.name }}() -> Value {
{% if change.field is none %}
    json!({})
{% else %}
    json!({ {{ change.field.name }}: {{ change.field.value }} })
{% endif %}
}
{% endfor %}
