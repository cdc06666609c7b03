{# view: ResourceView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored {{ words }}, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `{{ table }}`.
#[derive(Debug, Clone, PartialEq)]
pub struct {{ kind }} {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
{% for field in fields %}
    /// `{{ field.word }}`{{ field.note }}
    pub {{ field.ident }}: {{ field.row_type }},
{% endfor %}
{% if has.restore %}
    /// When the row was deleted; `None` while it lives.
    pub deleted_at: Option<Timestamp>,
{% endif %}
{% for relation in relations if relation.is_set %}
    /// The ids of its `{{ relation.word }}`, which only the routes of that relation change.
    pub {{ relation.ident }}: Vec<Id>,
{% endfor %}
}
{% for enum in enums %}

/// The values of `{{ enum.field }}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum {{ enum.type_name }} {
{% for choice in enum.choices %}
    /// `{{ choice.word }}`.
    {{ choice.variant }},
{% endfor %}
}

impl Choice for {{ enum.type_name }} {
    const ALL: &'static [Self] = &[{% for choice in enum.choices %}Self::{{ choice.variant }},{% endfor %}];

    fn as_str(&self) -> &'static str {
        match self {
{% for choice in enum.choices %}
            Self::{{ choice.variant }} => {{ choice.text }},
{% endfor %}
        }
    }
}
{% endfor %}
{% if refers.any %}

{% for field in fields if field.target is not none %}
static {{ field.constant }}: RelatedField = RelatedField::{{ field.target.sight }}({{ field.name }}, &{{ field.target.place }}::RELATED);
{% endfor %}
{% endif %}

impl Resource for {{ kind }} {
    const NAME: &'static str = {{ name }};
    const KIND: &'static str = {{ kind_text }};
    const PATH: &'static str = {{ path_text }};
    const GUARDED: &'static [&'static str] = &[{% for name in guarded %}{{ name }},{% endfor %}];
{% if merged %}
    const MERGED: &'static [&'static str] = &[{% for name in merged %}{{ name }},{% endfor %}];
{% endif %}
{% if refers.any %}
    const REFERENCES: &'static [&'static RelatedField] = &[{% for field in fields if field.target is not none %}&{{ field.constant }},{% endfor %}];
{% endif %}
{% if precondition_required %}
    const PRECONDITION_REQUIRED: bool = true;
{% endif %}

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

{% if refers.any %}
    fn reference(&self, field: &str) -> Option<Id> {
        match field {
{% for field in fields if field.target is not none %}
            {{ field.name }} => {{ field.target.id }},
{% endfor %}
            _ => None,
        }
    }

{% endif %}
{% if has.restore %}
    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

{% endif %}
    fn revise(&mut self, stored: &Self, now: Timestamp) {
        self.id = stored.id;
        self.created_at = stored.created_at;
        self.updated_at = now;
        self.version = stored.version + 1;
{% for field in fields if field.immutable %}
        self.{{ field.ident }}.clone_from(&stored.{{ field.ident }});
{% endfor %}
{% if has.restore %}
        self.deleted_at = stored.deleted_at;
{% endif %}
{% for relation in relations if relation.is_set %}
        self.{{ relation.ident }}.clone_from(&stored.{{ relation.ident }});
{% endfor %}
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
{% for field in fields if field.told %}
{% if field.target is none %}
            .attribute({{ field.name }}, &self.{{ field.ident }})
{% else %}
            .reference({{ field.name }}, {{ field.target.kind }}, self.{{ field.ident }})
{% endif %}
{% endfor %}
{% for relation in relations if relation.is_declared %}
{% if relation.is_set %}
            .references({{ relation.name }}, {{ relation.to_kind_text }}, &self.{{ relation.ident }})
{% else %}
            .members({{ relation.name }}, {{ relation.membership }})
{% endif %}
{% endfor %}
{% if role is not none %}
            .role(&self.{{ role }})
{% endif %}
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
