use super::*;
use crate::error::Code;
use crate::scratch::Folder;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

struct Fixture {
    folder: Folder,
    tokens: Tokens,
    account: Id,
    session: Id,
}

fn ring(folder: &Folder) -> Keyring {
    Keyring::load(folder.path()).unwrap()
}

fn fixture() -> Fixture {
    let folder = Folder::new();
    Keyring::create(folder.path(), at(1)).unwrap();
    let tokens = Tokens::new(
        ring(&folder),
        "https://api.example".to_owned(),
        "user-management".to_owned(),
        Duration::from_secs(900),
    );
    Fixture {
        folder,
        tokens,
        account: Id::new(),
        session: Id::new(),
    }
}

impl Fixture {
    fn token(&self) -> String {
        let issued = self.tokens.issue(self.account, self.session, at(NOW));
        issued.unwrap().token.expose().clone()
    }

    fn header(&self) -> Value {
        let kid = ring(&self.folder).signing().kid().to_owned();
        json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid})
    }

    fn claims(&self) -> Value {
        json!({
            "iss": "https://api.example", "aud": "user-management",
            "sub": self.account.to_string(), "sid": self.session.to_string(),
            "iat": NOW, "nbf": NOW, "exp": NOW + 900, "jti": "x",
        })
    }

    /// A token signed with our own key, whatever it says.
    fn signed(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", part(header), part(claims));
        let ring = ring(&self.folder);
        let key = &ring.signing().private;
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, Algorithm::EdDSA);
        format!("{message}.{}", signature.unwrap())
    }

    fn verify(&self, token: &str) -> Result<Claims, Refusal> {
        self.tokens.verify(token, at(NOW))
    }
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn with(mut value: Value, name: &str, member: Value) -> Value {
    value[name] = member;
    value
}

fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name);
    value
}

#[test]
fn a_token_that_was_checked_before_is_asked_for_its_time_and_its_key_again() {
    let fixture = fixture();
    let token = fixture.token();
    for _ in 0..2 {
        assert_eq!(fixture.verify(&token).unwrap().account, fixture.account);
    }
    let verify = |seconds| fixture.tokens.verify(&token, at(seconds));
    assert_eq!(verify(NOW + 900 + LEEWAY), Err(Refusal::Expired));
    assert_eq!(verify(NOW - LEEWAY - 1), Err(Refusal::Premature));
    // One signature in sixteen ends in zeros of its own.
    let end = if token.ends_with("AA") { "AQ" } else { "AA" };
    let forged = format!("{}{end}", &token[..token.len() - 2]);
    assert_eq!(fixture.verify(&forged), Err(Refusal::Signature));

    let other = Folder::new();
    Keyring::create(other.path(), at(2)).unwrap();
    fixture.tokens.replace_keys(ring(&other));
    assert_eq!(fixture.verify(&token), Err(Refusal::Key));
    fixture.tokens.replace_keys(ring(&fixture.folder));
    assert!(fixture.verify(&token).is_ok());
}

#[test]
fn a_token_verifies_and_says_what_it_was_made_for() {
    let fixture = fixture();
    let claims = fixture.verify(&fixture.token()).unwrap();
    assert_eq!(claims.account, fixture.account);
    assert_eq!(claims.session, fixture.session);
    assert_eq!(claims.expires_at, at(NOW + 900));
    // The control of every hand-made token below.
    let own = fixture.signed(&fixture.header(), &fixture.claims());
    assert_eq!(fixture.verify(&own).unwrap(), claims);
}

#[test]
fn times_are_held_with_little_leeway() {
    let fixture = fixture();
    let token = fixture.token();
    let verify = |seconds| fixture.tokens.verify(&token, at(seconds));
    assert!(verify(NOW + 899).is_ok());
    assert!(verify(NOW + 904).is_ok());
    assert_eq!(verify(NOW + 905), Err(Refusal::Expired));
    assert!(verify(NOW - 5).is_ok());
    assert_eq!(verify(NOW - 6), Err(Refusal::Premature));
    let late = with(fixture.claims(), "nbf", json!(NOW + 60));
    let late = fixture.signed(&fixture.header(), &late);
    assert_eq!(fixture.verify(&late), Err(Refusal::Premature));
}

#[test]
fn headers_that_are_not_ours_are_refused() {
    let fixture = fixture();
    let header = || fixture.header();
    let cases = [
        (with(header(), "typ", json!("JWT")), Refusal::Type),
        (with(header(), "typ", json!("AT+JWT")), Refusal::Type),
        (without(header(), "typ"), Refusal::Type),
        (with(header(), "kid", json!("another")), Refusal::Key),
        (with(header(), "kid", json!("../key")), Refusal::Key),
        (without(header(), "kid"), Refusal::Key),
        (with(header(), "alg", json!("none")), Refusal::Header),
        (with(header(), "alg", json!("None")), Refusal::Header),
        (with(header(), "alg", json!("HS256")), Refusal::Algorithm),
        (with(header(), "alg", json!("RS256")), Refusal::Algorithm),
        (without(header(), "alg"), Refusal::Header),
        (with(header(), "crit", json!(["exp"])), Refusal::Header),
        (
            with(header(), "jku", json!("https://evil.example")),
            Refusal::Header,
        ),
        (
            with(header(), "x5u", json!("https://evil.example")),
            Refusal::Header,
        ),
        (with(header(), "anything", json!(1)), Refusal::Header),
    ];
    for (header, refusal) in cases {
        let token = fixture.signed(&header, &fixture.claims());
        assert_eq!(fixture.verify(&token), Err(refusal), "{header}");
    }
}

#[test]
fn claims_that_are_missing_or_wrong_are_refused() {
    let fixture = fixture();
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti"] {
        let token = fixture.signed(&fixture.header(), &without(fixture.claims(), name));
        assert_eq!(fixture.verify(&token), Err(Refusal::Claims), "{name}");
        let token = fixture.signed(
            &fixture.header(),
            &with(fixture.claims(), name, json!(null)),
        );
        assert_eq!(fixture.verify(&token), Err(Refusal::Claims), "{name}");
    }
    let cases = [
        ("iss", json!("https://evil.example"), Refusal::Issuer),
        ("iss", json!(["https://api.example"]), Refusal::Claims),
        ("aud", json!("another-service"), Refusal::Audience),
        (
            "aud",
            json!(["user-management", "another"]),
            Refusal::Claims,
        ),
        ("sub", json!("admin"), Refusal::Claims),
        ("sid", json!(""), Refusal::Claims),
        ("exp", json!(NOW - 5), Refusal::Expired),
        ("exp", json!("9999999999"), Refusal::Claims),
        ("exp", json!(1e300), Refusal::Claims),
        ("nbf", json!(i64::MAX), Refusal::Premature),
        ("exp", json!(i64::MIN), Refusal::Claims),
    ];
    for (name, value, refusal) in cases {
        let token = fixture.signed(
            &fixture.header(),
            &with(fixture.claims(), name, value.clone()),
        );
        assert_eq!(fixture.verify(&token), Err(refusal), "{name} {value}");
    }
}

#[test]
fn tampered_tokens_are_refused() {
    let fixture = fixture();
    let token = fixture.token();
    let parts: Vec<&str> = token.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let other = part(&with(fixture.claims(), "sub", json!(Id::new().to_string())));
    let flipped = format!("A{}", &signature[1..]);
    let flipped = if flipped == signature {
        format!("B{}", &signature[1..])
    } else {
        flipped
    };
    let none = part(&with(fixture.header(), "alg", json!("none")));
    let cases = [
        (format!("{head}.{other}.{signature}"), Refusal::Signature),
        (format!("{head}.{body}.{flipped}"), Refusal::Signature),
        (format!("{head}.{body}."), Refusal::Signature),
        (
            format!("{head}.{body}.{}", &signature[..20]),
            Refusal::Signature,
        ),
        (format!("{none}.{body}."), Refusal::Header),
        (format!("{head}.{body}"), Refusal::Malformed),
        (format!("{token}.{signature}"), Refusal::Malformed),
        (format!("{token}="), Refusal::Malformed),
        (format!(" {token}"), Refusal::Malformed),
        (String::new(), Refusal::Malformed),
        ("..".to_owned(), Refusal::Malformed),
        ("a".repeat(MAX_BYTES + 1), Refusal::Malformed),
    ];
    for (token, refusal) in cases {
        let found = fixture.verify(&token).unwrap_err();
        assert_eq!(found, refusal, "{token}");
        assert_eq!(Error::from(found).code(), Code::TokenInvalid);
    }
    assert_eq!(Error::from(Refusal::Expired).code(), Code::TokenExpired);
}

#[test]
fn every_single_changed_character_is_noticed() {
    let fixture = fixture();
    let token = fixture.token();
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(fixture.verify(&changed).is_err(), "{at}");
    }
}

#[test]
fn the_public_key_is_no_shared_secret() {
    let fixture = fixture();
    let jwks = serde_json::to_value(fixture.tokens.jwks()).unwrap();
    let x = jwks["keys"][0]["x"].as_str().unwrap();
    let point = URL_SAFE_NO_PAD.decode(x).unwrap();
    let header = with(fixture.header(), "alg", json!("HS256"));
    let message = format!("{}.{}", part(&header), part(&fixture.claims()));
    for secret in [point.as_slice(), x.as_bytes()] {
        let key = EncodingKey::from_secret(secret);
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256);
        let token = format!("{message}.{}", signature.unwrap());
        assert_eq!(fixture.verify(&token), Err(Refusal::Algorithm));
    }
}

#[test]
fn rotation_keeps_old_tokens_until_their_key_goes() {
    let fixture = fixture();
    let old_ring = ring(&fixture.folder);
    let old = fixture.token();
    Keyring::create(fixture.folder.path(), at(2)).unwrap();
    fixture.tokens.replace_keys(ring(&fixture.folder));
    let new = fixture.token();
    assert!(fixture.verify(&old).is_ok());
    assert!(fixture.verify(&new).is_ok());
    let file = format!("{}.pem", old_ring.signing().kid());
    std::fs::remove_file(fixture.folder.path().join(file)).unwrap();
    fixture.tokens.replace_keys(ring(&fixture.folder));
    assert_eq!(fixture.verify(&old), Err(Refusal::Key));
    assert!(fixture.verify(&new).is_ok());
}

#[test]
fn a_token_of_another_key_under_our_kid_is_refused() {
    let (ours, theirs) = (fixture(), fixture());
    // Both folders name their key alike; the keys differ.
    assert_eq!(ours.header(), theirs.header());
    assert_eq!(ours.verify(&theirs.token()), Err(Refusal::Signature));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text: String, parts in "[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}") {
        static FIXTURE: std::sync::LazyLock<Fixture> = std::sync::LazyLock::new(fixture);
        proptest::prop_assert!(FIXTURE.verify(&text).is_err());
        proptest::prop_assert!(FIXTURE.verify(&parts).is_err());
    }
}
