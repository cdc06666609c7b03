{# view: ResourceView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What can be done with {{ article }} {{ words }} beyond the five operations: what each action takes and answers with.
//! What it does stands in `src/{{ module }}.rs`.

use secapi_runtime::prelude::*;
{% for action in actions %}

/// `{{ action.method }} {{ action.path }}`: Cedar action `{{ action.cedar }}`.{{ action.note }}
#[derive(Debug)]
pub enum {{ action.type_name }} {}

impl Action for {{ action.type_name }} {
    const VERB: &'static str = {{ action.verb }};
{% if not action.is_on_item %}
    const WHOLE: bool = true;
{% endif %}
{% if not action.has_input %}
    const BODY: bool = false;
{% endif %}
{% if action.has_output or not action.is_on_item %}
    const SHOWS_ROW: bool = false;
{% endif %}
}

impl CustomAction for {{ action.type_name }} {}
{% for enum in action.enums %}

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
{% if action.has_input %}

/// The body of `{{ action.method }} {{ action.path }}`.
#[derive(Debug)]
pub struct {{ action.input_type }} {
{% for field in action.input %}
    /// `{{ field.word }}`{{ field.note }}
    pub {{ field.ident }}: {{ field.row_type }},
{% endfor %}
}

impl {{ action.input_type }} {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
{% for field in action.input %}
        static {{ field.constant }}: {{ field.rule_type }} = {{ field.rule }};
{% endfor %}
        let mut {{ action.reader }} = Input::new(body);
{% for field in action.input %}
        let {{ field.ident }} = {{ action.reader }}.{{ field.create }};
{% endfor %}
        {{ action.reader }}.finish()?;
        Ok(Self {
{% for field in action.input %}
            {{ field.ident }}: {{ field.ident }}?,
{% endfor %}
        })
    }
}
{% endif %}
{% if action.has_output %}

/// What `{{ action.method }} {{ action.path }}` answers with.
#[derive(Debug)]
pub struct {{ action.output_type }} {
{% for field in action.output %}
    /// `{{ field.word }}`{{ field.note }}
    pub {{ field.ident }}: {{ field.row_type }},
{% endfor %}
}

impl {{ action.output_type }} {
    /// The JSON of the answer.
    ///
    /// # Errors
    /// 500 where a value breaks the rules that `secapi.yaml` has for it.
    pub(super) fn json(&self) -> Result<Object, Error> {
{% for field in action.output %}
        static {{ field.constant }}: {{ field.rule_type }} = {{ field.rule }};
{% endfor %}
        let output = Output::new();
{% for field in action.output %}
        let output = output.{{ field.shown.method }}({{ field.name }}, &{{ field.constant }}, {{ field.shown.borrow }}self.{{ field.ident }}{{ field.shown.end }})?;
{% endfor %}
        Ok(output.finish())
    }
}
{% endif %}
{% endfor %}
