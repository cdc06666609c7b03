{# view: ResourceView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of {{ article }} {{ words }}.

use super::{{ kind }};
use secapi_runtime::prelude::*;

/// The JSON of {{ article }} {{ words }}; a guarded field that the caller may not read is left out.
pub(super) fn view({{ row }}: &{{ kind }}, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &{{ row }}.id)
{% for field in fields if not field.write_only %}
        .{{ field.shown.method }}({{ field.name }}, {{ field.shown.borrow }}{{ row }}.{{ field.ident }}{{ field.shown.end }})
{% endfor %}
        .field("created_at", &{{ row }}.created_at)
        .field("updated_at", &{{ row }}.updated_at)
        .field("version", &{{ row }}.version)
        .finish()
}
