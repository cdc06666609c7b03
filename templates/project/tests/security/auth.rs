{# view: SecurityView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Accounts: registering and one's own row, and what administrators do to a `{{ word }}`.

{% if uses_bodies %}
use super::bodies;
{% endif %}
use secapi_runtime::testing::TestService;

const BINARY: &str = env!({{ binary }});
{% for test in tests %}

#[test]
fn {{ test.name }}() {
    let service = TestService::start(BINARY);
{% for statement in test.statements %}
    {{ statement }}
{% endfor %}
}
{% endfor %}
