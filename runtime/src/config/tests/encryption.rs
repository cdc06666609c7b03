//! The keys of encrypted fields.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

#[test]
fn encrypted_fields_demand_a_key() {
    let mut project = Project::new();
    project.definition.encrypted = &[FIELDS];
    assert_eq!(project.refused_by(), ["encryption keys"]);
    project.set("SECAPI_ENCRYPTION_KEYS", ENCRYPTION_KEY);
    assert_eq!(project.config().encryption.unwrap().newest(), "k1");
    for (value, check) in [
        ("", "encryption keys"),
        (SECRET, "encryption keys"),
        ("k1:gIGCgw==", "encryption keys"),
        (
            "k1:dGVzdC1vbmx5LXNlY3JldC0wMTIzNDU2Nzg5LWFiY2RlZg==",
            "example secret",
        ),
        (&format!("k1:{SECRET}"), "shared secret"),
    ] {
        project.set("SECAPI_ENCRYPTION_KEYS", value);
        assert_eq!(project.refused_by(), [check], "{value}");
    }
    // Without such a field none is demanded, and what is given is held to the rules all the same.
    let mut project = Project::new();
    assert!(project.config().encryption.is_none());
    project.set("SECAPI_ENCRYPTION_KEYS", "k1:gIGCgw==");
    assert_eq!(project.refused_by(), ["encryption keys"]);
}

#[test]
fn an_encryption_key_that_signs_too_is_refused() {
    let mut project = Project::new();
    let key = fs::read_dir(project.path("keys")).unwrap().next();
    let pem = fs::read_to_string(key.unwrap().unwrap().path()).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let seed = STANDARD.decode(body).unwrap()[16..48].to_vec();
    let ring = format!("k1:{}", STANDARD.encode(seed));
    project.set("SECAPI_ENCRYPTION_KEYS", &ring);
    assert_eq!(project.refused_by(), ["shared secret"]);
    project.set("SECAPI_ENCRYPTION_KEYS", ENCRYPTION_KEY);
    assert_eq!(project.refused_by(), Vec::<&str>::new());
}

#[test]
fn development_makes_an_encryption_key_where_a_field_needs_it() {
    let mut project = Project::development();
    let path = project.path("data/encryption-keys");
    assert!(project.config().encryption.is_none() && !path.exists());
    project.definition.encrypted = &[FIELDS];
    assert!(project.config().encryption.is_some());
    assert_eq!(mode(&path), 0o600);
    let made = fs::read_to_string(&path).unwrap();
    assert!(project.config().encryption.is_some());
    assert_eq!(fs::read_to_string(&path).unwrap(), made);
    // A question what production would say makes nothing.
    fs::remove_file(&path).unwrap();
    let inspected = load(&project.sources, &project.definition, Purpose::Inspect);
    assert!(inspected.encryption.is_none() && !path.exists());
}

const ENCRYPTION_KEY: &str = "k1:T7wK6nL4eA1gMq8rBYh4Vb0mJ2yFqU1c0dQp3r9sX5w=";
const FIELDS: &[crate::encryption::EncryptedField] = &[crate::encryption::EncryptedField {
    resource: "user",
    table: "users",
    name: "phone",
}];
