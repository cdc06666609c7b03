use super::*;

fn codes(profile: Profile, password: &str) -> Vec<&'static str> {
    let context = ["carla.diaz@example.com", "user-management"];
    match profile.check("password", &password.to_owned().into(), &context) {
        Ok(_) => Vec::new(),
        Err(violations) => violations.iter().map(|violation| violation.code).collect(),
    }
}

#[test]
fn nist_asks_for_length_and_rarity_only() {
    let long = "é".repeat(512);
    let longer = "é".repeat(513);
    let cases: &[(&str, &[&str])] = &[
        ("plainlowercasewords", &[]),
        ("eel bucket vowel tin", &[]),
        ("fourteen chars", &["too_short"]),
        ("exactly15 chars", &[]),
        ("пароль из слов!", &[]),
        ("", &["too_short"]),
        ("password", &["too_short", "too_common"]),
        ("PassWord1234567!", &["too_common"]),
        ("passwordpassword", &["too_common"]),
        ("aaaaaaaaaaaaaaaaaaaa", &["too_common"]),
        ("123456789012345678", &["too_common"]),
        ("my Carla.Diaz secret 7", &["contains_context"]),
        ("UserManagement is mine", &["contains_context"]),
        (&long, &["too_common"]),
        (&longer, &["too_long"]),
    ];
    for (password, expected) in cases {
        assert_eq!(&codes(Profile::NIST, password), expected, "{password}");
    }
}

#[test]
fn composition_asks_for_every_class() {
    let cases: &[(&str, &[&str])] = &[
        ("Tr1cky-enough", &[]),
        ("Tr1cky-enoug", &[]),
        ("Tr1cky-enou", &["too_short"]),
        ("TR1CKY-ENOUGH", &["missing_lowercase"]),
        ("tr1cky-enough", &["missing_uppercase"]),
        ("Tricky-enough", &["missing_digit"]),
        ("Tr1ckyenoughs", &["missing_symbol"]),
        ("Password1234!", &["too_common"]),
        (
            "",
            &[
                "too_short",
                "missing_lowercase",
                "missing_uppercase",
                "missing_digit",
                "missing_symbol",
            ],
        ),
    ];
    for (password, expected) in cases {
        assert_eq!(
            &codes(Profile::COMPOSITION, password),
            expected,
            "{password}"
        );
    }
    let at_most = format!("Tr1cky-{}", "xy z".repeat(30)) + "q";
    assert_eq!(at_most.chars().count(), 128);
    assert!(codes(Profile::COMPOSITION, &at_most).is_empty());
    assert_eq!(
        codes(Profile::COMPOSITION, &format!("{at_most}r")),
        ["too_long"]
    );
}

#[test]
fn the_same_password_typed_decomposed_is_the_same() {
    let composed = Password::new(&"caf\u{e9} on the corner".to_owned().into()).unwrap();
    let decomposed = Password::new(&"cafe\u{301} on the corner".to_owned().into()).unwrap();
    assert_eq!(composed.expose(), decomposed.expose());
    // Length counts composed characters, so accents do not make a password longer.
    assert_eq!(codes(Profile::NIST, "e\u{301}fourteen chrs"), ["too_short"]);
}

#[test]
fn no_text_that_grows_by_composition_passes_the_bound() {
    // U+FB2C decomposes into three characters and is excluded from composition.
    let grows = "\u{fb2c}".repeat(MAX_BYTES / 3);
    assert!(Password::new(&grows.into()).is_none());
}

#[test]
fn violations_hold_no_value() {
    let typed: Secret<String> = "Password1234!zebra".to_owned().into();
    let error = Profile::NIST
        .accept(
            "new_password",
            &"Password1234567!".to_owned().into(),
            &["zebra@x.y"],
        )
        .unwrap_err();
    assert_eq!(
        error.violations()[0].place,
        crate::error::Place::Pointer("/new_password".to_owned())
    );
    assert!(!format!("{error:?} {typed:?}").contains("1234"));
}
