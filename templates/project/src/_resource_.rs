{# view: ResourceView #}
//! The meaning of {{ article }} {{ words }}. This file is yours.
//!
{% if has.defaults %}
//! Each rule of [`Rules`] has a default that accepts everything; write the ones you need. A rule
//! may refuse or fill in, and never permit: who may do what stands in `policies/`.
{% else %}
//! Each action of [`Rules`] may refuse or change what it gets, and never permit: who may do what stands in
//! `policies/`.
{% endif %}

use super::{{ imports.yours }};
{% if actions or before_create %}
use secapi_runtime::prelude::*;
{% endif %}

/// The rules of `{{ word }}`.
#[derive(Debug)]
pub struct {{ kind }}Rules;

impl Rules for {{ kind }}Rules {
{% if before_create %}
{{ before_create }}{% endif %}
{% for action in actions %}
{% if before_create or not loop.first %}

{% endif %}
{{ action.skeleton }}{% endfor %}
{% if has.defaults and not before_create %}
{% if actions %}

{% endif %}
    // For example, with {% if actions %}`{{ kind }}` among the imports{% else %}`use super::{{ kind }};` and `use secapi_runtime::prelude::*;`{% endif %} above:
    //
{% if has.make %}
    // async fn before_create(_scope: &mut Scope, {{ row }}: &mut {{ kind }}) -> Result<(), Error> {
    //     if {{ row }}.created_at.as_millis() < 0 {
    //         return Err(Error::invalid("created_at", "too_early", "must not be before 1970"));
    //     }
    //     Ok(())
    // }
{% elif has.delete %}
    // async fn before_delete(_scope: &mut Scope, {{ row }}: &{{ kind }}) -> Result<(), Error> {
    //     if {{ row }}.version > 1 {
    //         return Err(Error::conflict("version", "only what was never changed can be deleted"));
    //     }
    //     Ok(())
    // }
{% else %}
    // async fn after_update(_scope: &mut Scope, {{ row }}: &{{ kind }}) -> Result<(), Error> {
    //     if {{ row }}.version > 1_000 {
    //         return Err(Error::conflict("version", "changed too often"));
    //     }
    //     Ok(())
    // }
{% endif %}
{% endif %}
}
