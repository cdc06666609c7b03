{# view: ListedView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Each list holds exactly the rows that its caller may list and read, over all its pages, and counts them.
//! Nothing else is expected: this holds whatever `policies/` say, and needs no change when they do.

{% if uses_bodies %}
use super::bodies;
{% endif %}
use secapi_runtime::testing::Lists;

const BINARY: &str = env!({{ binary }});
{% if people %}

/// An administrator and somebody of each role; until lists are asked for, everybody may do everything.
fn lists() -> Lists {
    let mut lists = Lists::start(BINARY);
{% for statement in people %}
    {{ statement }}
{% endfor %}
    lists
}
{% endif %}
{% for test in tests %}

#[test]
fn {{ test.name }}() {
{% for statement in test.statements %}
    {{ statement }}
{% endfor %}
}
{% endfor %}
