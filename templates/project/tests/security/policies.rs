{# view: PoliciesView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Each caller gets what `policies/` say, whatever that is: lists and counts hold the rows that it may list and read, rows show
//! the guarded fields that it may read, and it creates, changes, relates, deletes and restores what it may and nothing else. The
//! policies are asked while the test runs, and rows are made on both sides of what they ask for, so nothing here changes when they do.

{% if uses_bodies %}
use super::bodies;
{% endif %}
use secapi_runtime::testing::Scene;

const BINARY: &str = env!({{ binary }});

{% if has_accounts %}
/// An administrator and somebody of each role; everybody may do everything until the policies are asked.
{% else %}
/// Everybody may do everything until the policies are asked.
{% endif %}
fn scene() -> Scene {
    let mut scene = Scene::start(BINARY);
{% for statement in scene %}
    {{ statement }}
{% endfor %}
    scene
}
{% for test in tests %}

#[test]
fn {{ test.name }}() {
{% for statement in test.statements %}
    {{ statement }}
{% endfor %}
}
{% endfor %}
