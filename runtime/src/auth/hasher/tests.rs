use super::*;
use std::time::Duration;

fn password(text: &str) -> Password {
    Password::new(&text.to_owned().into()).unwrap()
}

fn cheap() -> Hasher {
    Hasher::start_with(Parameters::for_tests(), 2, 64).unwrap()
}

/// Slow enough that jobs pile up behind it.
fn slow(workers: usize, waiting: usize) -> Hasher {
    Hasher::start_with(Parameters::MINIMUM, workers, waiting).unwrap()
}

#[tokio::test]
async fn a_hash_verifies_its_password_only() {
    let hasher = cheap();
    let hash = hasher.hash(password("eel bucket vowel")).await.unwrap();
    let right = hasher.verify(password("eel bucket vowel"), Some(hash.as_str()));
    assert_eq!(right.await.unwrap(), Verdict::Match { rehash: false });
    let wrong = hasher.verify(password("eel bucket vowels"), Some(hash.as_str()));
    assert_eq!(wrong.await.unwrap(), Verdict::Mismatch);
    let nobody = hasher.verify(password("eel bucket vowel"), None);
    assert_eq!(nobody.await.unwrap(), Verdict::Mismatch);
}

#[tokio::test]
async fn the_default_costs_what_is_promised() {
    let hasher = Hasher::start(Parameters::default()).unwrap();
    let hash = hasher.hash(password("eel bucket vowel")).await.unwrap();
    assert!(
        hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{}",
        hash.as_str()
    );
    assert_eq!(format!("{hash:?}"), "PasswordHash([redacted])");
    let another = hasher.hash(password("eel bucket vowel")).await.unwrap();
    assert_ne!(hash.as_str(), another.as_str());
}

#[tokio::test]
async fn hashes_of_other_implementations_verify() {
    // The reference implementation's own test vector for argon2id, version 19.
    let reference =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    let verdict = slow(1, 1)
        .verify(password("password"), Some(reference))
        .await;
    assert_eq!(verdict.unwrap(), Verdict::Match { rehash: true });
}

#[tokio::test]
async fn risen_parameters_ask_for_a_rehash() {
    let old = cheap().hash(password("eel bucket vowel")).await.unwrap();
    let stronger = slow(1, 4);
    let verdict = stronger
        .verify(password("eel bucket vowel"), Some(old.as_str()))
        .await
        .unwrap();
    assert_eq!(verdict, Verdict::Match { rehash: true });
    let new = stronger.hash(password("eel bucket vowel")).await.unwrap();
    let verdict = stronger
        .verify(password("eel bucket vowel"), Some(new.as_str()))
        .await
        .unwrap();
    assert_eq!(verdict, Verdict::Match { rehash: false });
    let lowered = cheap();
    let verdict = lowered.verify(password("eel bucket vowel"), Some(new.as_str()));
    assert_eq!(verdict.await.unwrap(), Verdict::Match { rehash: false });
}

#[tokio::test]
async fn stored_costs_are_bounded() {
    let salt_and_hash = "c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    for prefix in [
        "$argon2id$v=19$m=262145,t=2,p=1",
        "$argon2id$v=19$m=4294967295,t=2,p=1",
        "$argon2id$v=19$m=256,t=17,p=1",
        "$argon2id$v=19$m=256,t=2,p=5",
        "$argon2id$v=16$m=256,t=2,p=1",
        "$argon2id$m=256,t=2,p=1",
        "$argon2i$v=19$m=256,t=2,p=1",
        "$argon2d$v=19$m=256,t=2,p=1",
        "$scrypt$ln=16,r=8,p=1",
        "plain",
        "",
    ] {
        let stored = format!("{prefix}${salt_and_hash}");
        let verdict = cheap().verify(password("password"), Some(&stored)).await;
        assert_eq!(verdict.unwrap_err().code(), Code::Internal, "{prefix}");
    }
}

#[tokio::test]
async fn parameters_below_the_minimum_are_refused() {
    assert_eq!(Parameters::new(19_456, 2, 1), Ok(Parameters::MINIMUM));
    assert!(Parameters::new(65_536, 3, 2).is_ok());
    for (memory, passes, lanes) in [
        (19_455, 2, 1),
        (19_456, 1, 1),
        (19_456, 2, 0),
        (262_145, 2, 1),
    ] {
        let refusal = Parameters::new(memory, passes, lanes).unwrap_err();
        assert!(refusal.to_string().contains("19456"));
    }
}

#[tokio::test]
async fn a_full_queue_answers_at_once_and_recovers() {
    let hasher = slow(1, 2);
    let jobs: Vec<_> = (0..40)
        .map(|_| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.hash(password("eel bucket vowel")).await })
        })
        .collect();
    let mut refused = 0;
    for job in jobs {
        if let Err(error) = job.await.unwrap() {
            assert_eq!(error.code(), Code::Overloaded);
            assert_eq!(error.headers(), [("retry-after", "2".to_owned())]);
            refused += 1;
        }
    }
    assert!((30..40).contains(&refused), "{refused}");
    hasher.hash(password("eel bucket vowel")).await.unwrap();
}

#[tokio::test]
async fn nobody_waits_in_the_same_queue_for_the_same_work() {
    let hasher = slow(1, 1);
    // The same parameters, salt and hash lengths: the same work, whether there is an account or not.
    let hash = hasher.hash(password("eel bucket vowel")).await.unwrap();
    let somebody = Stored::parse(hash.as_str()).unwrap();
    assert_eq!(hasher.nobody.parameters, somebody.parameters);
    assert_eq!(hasher.nobody.salt.len(), somebody.salt.len());
    assert_eq!(hasher.nobody.length(), somebody.length());

    // And the queue counts it: with the worker busy and the one place taken, it is refused like any other.
    let busy: Vec<_> = (0..8)
        .map(|_| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.verify(password("wrong"), None).await })
        })
        .collect();
    let mut refused = 0;
    for job in busy {
        refused += usize::from(job.await.unwrap().is_err());
    }
    assert!(refused >= 5, "{refused}");
}

#[tokio::test]
async fn a_client_that_goes_disturbs_nobody() {
    let hasher = slow(1, 16);
    for _ in 0..8 {
        let gone = hasher.hash(password("eel bucket vowel"));
        // Polled once, which queues the work, then dropped.
        let _ = tokio::time::timeout(Duration::ZERO, gone).await;
    }
    let hash = hasher.hash(password("eel bucket vowel")).await.unwrap();
    let verdict = hasher.verify(password("eel bucket vowel"), Some(hash.as_str()));
    assert_eq!(verdict.await.unwrap(), Verdict::Match { rehash: false });
}

proptest::proptest! {
    #[test]
    fn no_stored_text_makes_it_panic(text: String, phc in "\\$argon2id\\$v=19\\$m=[0-9]{1,12},t=[0-9]{1,12},p=[0-9]{1,12}\\$[A-Za-z0-9+/]{0,70}\\$[A-Za-z0-9+/]{0,100}") {
        let _ = Stored::parse(&text);
        if let Ok(stored) = Stored::parse(&phc) {
            proptest::prop_assert!(Parameters::MAXIMUM.at_least(stored.parameters));
        }
    }
}
