//! The words, each with its sentence.

/// Every event that the service tells of, in the order of the manual.
const VOCABULARY: &[(&str, &str)] = &[
    ("authn_login_success", "an account signed in"),
    (
        "authn_login_successafterfail",
        "an account signed in after failures from the same address",
    ),
    ("authn_login_fail", "a credential was not accepted"),
    (
        "authn_login_fail_max",
        "logins of an account are held up after too many failures from all addresses",
    ),
    (
        "authn_login_lock",
        "logins are held back after too many failures",
    ),
    ("authn_password_change", "an account changed its password"),
    (
        "authn_password_change_fail",
        "a password was not changed, because the current one was wrong",
    ),
    (
        "authn_token_reuse",
        "a refresh token was used a second time",
    ),
    (
        "authn_token_revoked",
        "a session was ended, and its tokens with it",
    ),
    ("session_created", "a session began"),
    ("session_renewed", "a session got new tokens"),
    ("session_expired", "sessions that had ended were forgotten"),
    (
        "session_use_after_expire",
        "an access token was used after its end",
    ),
    ("authz_fail", "a request was refused"),
    ("authz_change", "an account got another role or membership"),
    ("authz_admin", "an administrator changed something"),
    (
        "privilege_permissions_changed",
        "an account became an administrator",
    ),
    ("user_created", "an account was created"),
    ("user_updated", "an account was changed"),
    ("user_deleted", "an account was deleted"),
    (
        "input_validation_fail",
        "a request was not of the expected form",
    ),
    (
        "malicious_extraneous",
        "a request named members that no client may send",
    ),
    (
        "malicious_direct_reference",
        "a row was asked for by somebody who may not read it",
    ),
    (
        "malicious_excess_404",
        "a client asked for much that is not there",
    ),
    (
        "malicious_cors",
        "a browser asked from an origin that is not allowed",
    ),
    (
        "excess_rate_limit_exceeded",
        "more was asked for than is served",
    ),
    ("data_purged", "deleted rows were removed for good"),
    ("signing_keys_changed", "other signing keys are in force"),
    (
        "signing_keys_refused",
        "the folder of signing keys cannot be used; the keys in force stay",
    ),
    (
        "encrypted_value_refused",
        "an encrypted value was changed, moved, or is of a key that is not there",
    ),
    ("policies_changed", "other policies are in force"),
    (
        "policies_refused",
        "the folder of policies cannot be put in force; the policies in force stay",
    ),
    ("sys_startup", "the service listens"),
    ("sys_shutdown", "the service ended"),
    ("sys_crash", "a request ended in a panic"),
];

/// The sentence of an event; its own name where it has none.
pub(super) fn description(event: &'static str) -> &'static str {
    let found = VOCABULARY.iter().find(|(name, _)| *name == event);
    found.map_or(event, |(_, description)| description)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The events that the source names.
    fn named(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("tests") {
                named(&path, found);
            } else if path.extension().is_some_and(|it| it == "rs")
                && !path.ends_with("vocabulary.rs")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                for call in [
                    "Event::new(\"",
                    ".event(\"",
                    "tell_of_account::<R>(\"",
                    "told(\"",
                ] {
                    let names = text.split(call).skip(1);
                    found.extend(names.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
                }
            }
        }
    }

    #[test]
    fn every_event_has_a_sentence_and_a_line_in_the_manual() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = BTreeSet::new();
        named(&source, &mut found);
        assert!(found.len() > 20, "{found:?}");
        let manual = std::fs::read_to_string(source.join("manual/events.md")).unwrap();
        for name in &found {
            assert!(
                VOCABULARY.iter().any(|(known, _)| known == name),
                "{name} has no sentence"
            );
        }
        for (name, _) in VOCABULARY {
            assert!(
                manual.contains(&format!("| `{name}` |")),
                "{name} is not in the manual"
            );
        }
    }
}
