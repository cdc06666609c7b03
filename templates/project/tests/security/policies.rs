{# view: PoliciesView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Each caller gets what `policies/` say, whatever that is: lists and counts hold the rows that it may list and read, rows show
//! the guarded fields that it may read, and it changes and deletes what it may and nothing else. The policies are asked while the
//! test runs, so nothing here changes when they do.

{% if uses_bodies %}
use super::bodies;
{% endif %}
use secapi_runtime::testing::Scene;

const BINARY: &str = env!({{ binary }});
{% if people %}

/// An administrator and somebody of each role; everybody may do everything until the policies are asked.
fn scene() -> Scene {
    let mut scene = Scene::start(BINARY);
{% for statement in people %}
    {{ statement }}
{% endfor %}
    scene
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
