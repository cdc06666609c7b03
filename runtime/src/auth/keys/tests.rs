use super::*;
use crate::scratch::Folder;
use crate::value::Timestamp;

fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millis(milliseconds)
}

/// A P-256 key, as `openssl genpkey` writes it.
fn elliptic() -> zeroize::Zeroizing<String> {
    let random = aws_lc_rs::rand::SystemRandom::new();
    let algorithm = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let pair = aws_lc_rs::signature::EcdsaKeyPair::generate_pkcs8(algorithm, &random);
    creation::pem(pair.unwrap().as_ref())
}

#[test]
fn the_last_by_name_signs_and_all_verify() {
    let folder = Folder::new();
    let first = Keyring::create(folder.path(), at(1_000)).unwrap();
    let second = Keyring::create(folder.path(), at(2_000)).unwrap();
    let ring = Keyring::load(folder.path()).unwrap();
    assert_eq!(ring.signing().kid(), "19700101T000002.000Z");
    assert!(second.ends_with("19700101T000002.000Z.pem"));
    assert!(ring.find("19700101T000001.000Z").is_some());
    assert!(ring.find("nothing").is_none());
    assert_eq!(ring.iter().count(), 2);
    assert!(!format!("{ring:?}").contains("BEGIN"));
    std::fs::remove_file(first).unwrap();
    assert_eq!(Keyring::load(folder.path()).unwrap().iter().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_new_key_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let path = Keyring::create(&folder.path().join("keys"), at(1_000)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let ring = Keyring::load(path.parent().unwrap()).unwrap();
    assert!(!ring.signing().exposed());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let ring = Keyring::load(path.parent().unwrap()).unwrap();
    assert!(ring.signing().exposed());
    // Nothing is left of the making, and a second key of the same moment does not replace the first.
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    let before = fs::read(&path).unwrap();
    Keyring::create(path.parent().unwrap(), at(1_000)).unwrap_err();
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn the_document_has_public_halves_only() {
    let folder = Folder::new();
    Keyring::create(folder.path(), at(1_000)).unwrap();
    let jwks = serde_json::to_value(Keyring::load(folder.path()).unwrap().jwks()).unwrap();
    let key = jwks["keys"][0].as_object().unwrap();
    let mut names: Vec<&str> = key.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"]);
    assert_eq!(key["x"].as_str().unwrap().len(), 43);
}

#[test]
fn unusable_files_are_all_named() {
    let folder = Folder::new();
    let key = Keyring::create(folder.path(), at(1_000)).unwrap();
    fs::copy(&key, folder.path().join("z-copy.pem")).unwrap();
    fs::write(folder.path().join("a b.pem"), "x").unwrap();
    fs::write(folder.path().join("b.pem"), "not a key").unwrap();
    fs::write(folder.path().join("c.pem"), elliptic().as_bytes()).unwrap();
    fs::write(folder.path().join("d.key"), "c2VjcmV0").unwrap();
    fs::write(folder.path().join("README"), "left alone").unwrap();
    fs::write(folder.path().join(".hidden.pem"), "left alone").unwrap();
    let errors = Keyring::load(folder.path()).unwrap_err();
    let problems: Vec<KeyProblem> = errors.iter().map(|error| error.problem).collect();
    assert_eq!(
        problems,
        [
            KeyProblem::Name,
            KeyProblem::NotAKey,
            KeyProblem::OtherAlgorithm,
            KeyProblem::OtherAlgorithm,
            KeyProblem::Repeated
        ],
        "{errors:?}"
    );
}

#[test]
fn an_empty_or_missing_folder_is_an_error() {
    let folder = Folder::new();
    let missing = Keyring::load(&folder.path().join("none")).unwrap_err();
    assert_eq!(missing[0].problem, KeyProblem::Unreadable);
    let empty = Keyring::load(folder.path()).unwrap_err();
    assert_eq!(empty[0].problem, KeyProblem::Missing);
}

#[test]
fn both_versions_of_pkcs8_are_read() {
    let folder = Folder::new();
    let random = aws_lc_rs::rand::SystemRandom::new();
    let second = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
    let first = Ed25519KeyPair::generate_pkcs8v1(&random).unwrap();
    fs::write(folder.path().join("v1.pem"), creation::pem(first.as_ref())).unwrap();
    fs::write(folder.path().join("v2.pem"), creation::pem(second.as_ref())).unwrap();
    assert_eq!(Keyring::load(folder.path()).unwrap().iter().count(), 2);
}
