//! Access tokens that are not ours, or not valid: each is 401 with a challenge, and its valid twin is taken.

use super::{Pair, login, registered};
use crate::support::users;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secapi_runtime::testing::TestService;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A real token taken apart, with the service's own key to make others like it.
struct Forge {
    header: Value,
    claims: Value,
    key: EncodingKey,
}

impl Forge {
    fn of(service: &TestService, pair: &Pair) -> Self {
        let mut parts = pair
            .access
            .split('.')
            .map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
        let mut part = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
        let (header, claims) = (part(), part());
        let pem = std::fs::read(key_file(service)).unwrap();
        Self {
            header,
            claims,
            key: EncodingKey::from_ed_pem(&pem).unwrap(),
        }
    }

    /// Signs a token with the service's own key.
    fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", encoded(header), encoded(claims));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, Algorithm::EdDSA).unwrap();
        format!("{message}.{signature}")
    }

    fn with(&self, change: impl FnOnce(&mut Value, &mut Value)) -> String {
        let (mut header, mut claims) = (self.header.clone(), self.claims.clone());
        change(&mut header, &mut claims);
        self.sign(&header, &claims)
    }
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// The only signing key that a fresh service made for itself.
fn key_file(service: &TestService) -> PathBuf {
    let keys = std::fs::read_dir(service.folder().join("keys")).unwrap();
    let files = keys.map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|name| name == "pem"))
        .max()
        .unwrap()
}

fn setup() -> (TestService, Forge) {
    let service = users().start();
    registered(&service, "ada@example.com");
    let pair = login(&service, "ada@example.com");
    // Whoever installed it first, it is the same one.
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let forge = Forge::of(&service, &pair);
    (service, forge)
}

#[track_caller]
fn refused(service: &TestService, token: &str, code: &str) {
    let answer = service.bearer(token).get("/users/me");
    answer.expect_problem(401, code);
    assert!(
        answer
            .header("www-authenticate")
            .starts_with("Bearer error=\"invalid_token\""),
        "{token}"
    );
}

#[test]
fn a_token_says_who_for_whom_and_for_how_long() {
    let (service, forge) = setup();
    assert_eq!(forge.header["alg"], "EdDSA");
    assert_eq!(forge.header["typ"], "at+jwt");
    assert_eq!(
        forge.header["kid"].as_str(),
        key_file(&service).file_stem().unwrap().to_str()
    );
    let claims = &forge.claims;
    assert_eq!(claims["aud"], "users");
    for name in ["iss", "sub", "sid", "jti"] {
        assert!(claims[name].is_string(), "{name} in {claims}");
    }
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        900
    );
    assert!(claims["nbf"].as_i64().unwrap() <= claims["iat"].as_i64().unwrap());
    // Nothing in it decides about access, so nothing in it can be out of date.
    assert!(claims.get("role").is_none() && claims.get("email").is_none());
    // The control of every refusal below: what this test signs with the service's own key is taken.
    service
        .bearer(&forge.with(|_, _| {}))
        .get("/users/me")
        .expect(200);
}

#[test]
fn a_token_of_another_algorithm_is_refused() {
    let (service, forge) = setup();
    for algorithm in ["none", "None", "NONE", "HS256", "RS256", "ES256", "eddsa"] {
        refused(
            &service,
            &forge.with(|header, _| header["alg"] = json!(algorithm)),
            "token_invalid",
        );
    }
    let mut unsigned = forge.header.clone();
    unsigned["alg"] = json!("none");
    refused(
        &service,
        &format!("{}.{}.", encoded(&unsigned), encoded(&forge.claims)),
        "token_invalid",
    );
}

#[test]
fn a_token_signed_with_the_public_key_as_a_secret_is_refused() {
    let (service, forge) = setup();
    let jwks = service.anonymous().get("/.well-known/jwks.json").json();
    let x = jwks["keys"][0]["x"].as_str().unwrap();
    let mut header = Header::new(Algorithm::HS256);
    header.kid = forge.header["kid"].as_str().map(str::to_owned);
    header.typ = Some("at+jwt".to_owned());
    for secret in [x.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(x).unwrap()] {
        let key = EncodingKey::from_secret(&secret);
        refused(
            &service,
            &jsonwebtoken::encode(&header, &forge.claims, &key).unwrap(),
            "token_invalid",
        );
    }
}

#[test]
fn a_header_cannot_bring_a_key_along() {
    let (service, forge) = setup();
    let jwks = service.anonymous().get("/.well-known/jwks.json").json();
    let changes: [(&str, Value); 5] = [
        ("jwk", jwks["keys"][0].clone()),
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/cert.pem")),
        ("crit", json!(["b64"])),
        ("kid", json!("../../../../dev/null")),
    ];
    for (name, value) in changes {
        refused(
            &service,
            &forge.with(|header, _| header[name] = value),
            "token_invalid",
        );
    }
    let other_kid = forge.with(|header, _| header["kid"] = json!("another"));
    refused(&service, &other_kid, "token_invalid");
    let no_kid = forge.with(|header, _| {
        header.as_object_mut().unwrap().remove("kid");
    });
    refused(&service, &no_kid, "token_invalid");
}

#[test]
fn each_claim_is_demanded_and_compared() {
    let (service, forge) = setup();
    let nobody = json!("01890000-0000-7000-8000-000000000000");
    let changes = [
        ("aud", json!("other-service")),
        ("iss", json!("https://evil.example")),
        ("sub", nobody.clone()),
        ("sid", nobody),
        ("nbf", json!(4_000_000_000_i64)),
        ("exp", json!("never")),
        ("sub", json!(7)),
    ];
    for (name, value) in changes {
        refused(
            &service,
            &forge.with(|_, claims| claims[name] = value),
            "token_invalid",
        );
    }
    for name in ["iss", "aud", "sub", "sid", "exp", "nbf"] {
        let token = forge.with(|_, claims| {
            claims.as_object_mut().unwrap().remove(name);
        });
        refused(&service, &token, "token_invalid");
    }
}

#[test]
fn an_expired_token_says_so() {
    let (service, forge) = setup();
    let expired = forge.with(|_, claims| {
        let issued = claims["iat"].as_i64().unwrap() - 10_000;
        claims["iat"] = json!(issued);
        claims["nbf"] = json!(issued);
        claims["exp"] = json!(issued + 900);
    });
    refused(&service, &expired, "token_expired");
}

#[test]
fn another_type_of_token_is_refused() {
    let (service, forge) = setup();
    for kind in ["JWT", "refresh", "id+jwt", ""] {
        refused(
            &service,
            &forge.with(|header, _| header["typ"] = json!(kind)),
            "token_invalid",
        );
    }
}

#[test]
fn a_changed_token_is_refused() {
    let (service, forge) = setup();
    let good = forge.with(|_, _| {});
    let parts: Vec<&str> = good.split('.').collect();
    let (_, other_path) = registered(&service, "bea@example.com");
    let mut claims = forge.claims.clone();
    claims["sub"] = json!(other_path.rsplit('/').next().unwrap());
    let altered = format!("{}.{}.{}", parts[0], encoded(&claims), parts[2]);
    let cut = &good[..good.len() - 2];
    let padded = format!("{good}==");
    for token in [
        altered.as_str(),
        cut,
        padded.as_str(),
        parts[0],
        "..",
        "a.b.c",
        &"a".repeat(6000),
    ] {
        refused(&service, token, "token_invalid");
    }
}

#[test]
fn a_token_of_another_service_is_refused() {
    let (service, _) = setup();
    let (_, foreign) = setup();
    // Same program, same account name, another key.
    refused(&service, &foreign.with(|_, _| {}), "token_invalid");
}

#[test]
fn only_one_bearer_credential_is_taken() {
    let (service, forge) = setup();
    let good = forge.with(|_, _| {});
    let anonymous = service.anonymous();
    let send = |headers: &[(&str, &str)]| anonymous.send("GET", "/users/me", headers, None);
    let bearer = format!("Bearer {good}");
    send(&[("Authorization", &bearer)]).expect(200);
    send(&[("authorization", &format!("bearer {good}"))]).expect(200);
    for value in [
        format!("Basic {good}"),
        good.clone(),
        "Bearer".to_owned(),
        format!("Bearer {good} {good}"),
    ] {
        send(&[("Authorization", &value)]).expect(401);
    }
    send(&[("Authorization", &bearer), ("Authorization", &bearer)]).expect(401);
    // A token in the address would be in every log on the way.
    anonymous
        .get(&format!("/users/me?access_token={good}"))
        .expect(401);
}

#[test]
fn the_key_set_is_public_and_holds_public_keys_only() {
    let (service, forge) = setup();
    let answer = service.anonymous().get("/.well-known/jwks.json");
    answer.expect(200);
    let keys = answer.json()["keys"].as_array().unwrap().clone();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0]["kty"], "OKP");
    assert_eq!(keys[0]["crv"], "Ed25519");
    assert_eq!(keys[0]["kid"], forge.header["kid"]);
    assert!(keys[0].get("d").is_none());
    // It is the key that signs.
    let public =
        jsonwebtoken::DecodingKey::from_ed_components(keys[0]["x"].as_str().unwrap()).unwrap();
    let mut validation = jsonwebtoken::Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["users"]);
    let token = forge.with(|_, _| {});
    jsonwebtoken::decode::<Value>(&token, &public, &validation).unwrap();
}
