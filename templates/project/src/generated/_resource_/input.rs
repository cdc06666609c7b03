{# view: ResourceView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of {{ article }} {{ words }}. Every violation of a body is reported at once.

use super::{{ imports.for_input }};
use secapi_runtime::prelude::*;
{% for field in fields if field.checked %}
{% if loop.first %}

{% endif %}
static {{ field.constant }}: {{ field.rule_type }} = {{ field.rule }};
{% endfor %}
{% if has.make %}

/// The body of `POST {{ path }}`.
#[derive(Debug)]
pub struct {{ kind }}Create {
{% for field in fields if not field.read_only %}
    /// `{{ field.word }}`{{ field.note }}
    pub {{ field.ident }}: {{ field.row_type }},
{% endfor %}
{% if is_identity %}
    /// The password of the new account; only its hash is stored.
    pub {{ locals.password }}: Secret<String>,
{% endif %}
    {{ locals.named }}: Named,
}

impl {{ kind }}Create {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let {% if fields or is_identity %}mut {% endif %}{{ locals.input }} = Input::new(body);
{% for field in fields %}
{% if field.read_only %}
        {{ locals.input }}.refused({{ field.name }}, Refusal::ReadOnly);
{% else %}
        let {{ field.ident }} = {{ locals.input }}.{{ field.create }};
{% endif %}
{% endfor %}
{% if is_identity %}
        let {{ locals.password }} = {{ locals.input }}.password("password");
{% endif %}
        let {{ locals.named }} = {{ locals.input }}.named(&[{% for field in fields if field.guarded and not field.read_only %}{{ field.name }},{% endfor %}]);
{% if refers.create %}
        let {{ locals.references }} = {{ locals.input }}.present(&[{% for field in fields if field.target is not none and not field.read_only %}{{ field.name }},{% endfor %}]);
        let {{ locals.named }} = {{ locals.named }}.with_references({{ locals.references }});
{% endif %}
        {{ locals.input }}.finish()?;
        Ok(Self {
{% for field in fields if not field.read_only %}
            {{ field.ident }}: {{ field.ident }}?,
{% endfor %}
{% if is_identity %}
            {{ locals.password }}: {{ locals.password }}?,
{% endif %}
            {{ locals.named }},
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_{{ word }}(self, id: Id, now: Timestamp) -> ({{ kind }}, Named{% if is_identity %}, Secret<String>{% endif %}) {
        let row = {{ kind }} {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
{% for field in fields %}
            {{ field.ident }}: {% if field.read_only %}{{ field.initial }}{% else %}self.{{ field.ident }}{% endif %},
{% endfor %}
{% if has.restore %}
            deleted_at: None,
{% endif %}
{% for relation in relations if relation.is_set %}
            {{ relation.ident }}: Vec::new(),
{% endfor %}
        };
        (row, self.{{ locals.named }}{% if is_identity %}, self.{{ locals.password }}{% endif %})
    }
}
{% endif %}
{% if registers %}

/// The body of `POST /auth/register`: what a stranger may say of itself.
#[derive(Debug)]
pub struct {{ kind }}Register {
{% for field in fields if not field.read_only and not field.guarded %}
    /// `{{ field.word }}`{{ field.note }}
    pub {{ field.ident }}: {{ field.row_type }},
{% endfor %}
    /// The password of the new account; only its hash is stored.
    pub {{ locals.password }}: Secret<String>,
}

impl {{ kind }}Register {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut {{ locals.input }} = Input::new(body);
{% for field in fields if not field.guarded %}
{% if field.read_only %}
        {{ locals.input }}.refused({{ field.name }}, Refusal::ReadOnly);
{% else %}
        let {{ field.ident }} = {{ locals.input }}.{{ field.create }};
{% endif %}
{% endfor %}
        let {{ locals.password }} = {{ locals.input }}.password("password");
        {{ locals.input }}.finish()?;
        Ok(Self {
{% for field in fields if not field.read_only and not field.guarded %}
            {{ field.ident }}: {{ field.ident }}?,
{% endfor %}
            {{ locals.password }}: {{ locals.password }}?,
        })
    }

    /// The row as it would be stored, and the password.
    pub fn into_{{ word }}(self, id: Id, now: Timestamp) -> ({{ kind }}, Secret<String>) {
        let row = {{ kind }} {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
{% for field in fields %}
            {{ field.ident }}: {% if field.read_only or field.guarded %}{{ field.initial }}{% else %}self.{{ field.ident }}{% endif %},
{% endfor %}
{% if has.restore %}
            deleted_at: None,
{% endif %}
{% for relation in relations if relation.is_set %}
            {{ relation.ident }}: Vec::new(),
{% endfor %}
        };
        (row, self.{{ locals.password }})
    }
}
{% endif %}
{% if has.update %}

/// The body of `PATCH {{ path }}/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct {{ kind }}Update {
{% for field in fields if not field.read_only and not field.immutable %}
    /// `{{ field.word }}`{{ field.note }}{% if field.optional %} `Some(None)` removes it.{% endif +%}
    pub {{ field.ident }}: {{ field.change_type }},
{% endfor %}
    {{ locals.named }}: Named,
}

impl {{ kind }}Update {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let {% if fields %}mut {% endif %}{{ locals.input }} = Input::new(body);
{% for field in fields %}
{% if field.read_only %}
        {{ locals.input }}.refused({{ field.name }}, Refusal::ReadOnly);
{% elif field.immutable %}
        {{ locals.input }}.refused({{ field.name }}, Refusal::Immutable);
{% else %}
        let {{ field.ident }} = {{ locals.input }}.{{ field.change }};
{% endif %}
{% endfor %}
        let {{ locals.named }} = {{ locals.input }}.named(&[{% for field in fields if field.guarded and not field.read_only and not field.immutable %}{{ field.name }},{% endfor %}]);
{% if refers.update %}
        let {{ locals.references }} = {{ locals.input }}.present(&[{% for field in fields if field.target is not none and not field.read_only and not field.immutable %}{{ field.name }},{% endfor %}]);
        let {{ locals.named }} = {{ locals.named }}.with_references({{ locals.references }});
{% endif %}
        {{ locals.input }}.finish()?;
        Ok(Self {
{% for field in fields if not field.read_only and not field.immutable %}
            {{ field.ident }}: {{ field.ident }}?,
{% endfor %}
            {{ locals.named }},
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &{{ kind }}) -> ({{ kind }}, Named) {
        let {% if changes %}mut {% endif %}row = stored.clone();
{% for field in fields if not field.read_only and not field.immutable %}
        if let Some(value) = self.{{ field.ident }} {
            row.{{ field.ident }} = value;
        }
{% endfor %}
        (row, self.{{ locals.named }})
    }
}
{% endif %}
