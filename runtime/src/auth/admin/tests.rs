use super::*;
use crate::auth::fixture::{ACCOUNTS, Fixture, NEXT, PASSWORD};

fn context(fixture: &Fixture) -> AdminContext<'_> {
    AdminContext {
        db: &fixture.db,
        hasher: &fixture.hasher,
        accounts: &ACCOUNTS,
        passwords: Profile::NIST,
        service: "test-service",
        now: fixture.now,
    }
}

fn request(email: &str, password: &str, set: &[(&str, &str)], existing: Existing) -> NewAdmin {
    NewAdmin {
        email: email.to_owned(),
        password: password.to_owned().into(),
        set: set
            .iter()
            .map(|(field, value)| ((*field).to_owned(), (*value).to_owned()))
            .collect(),
        existing,
    }
}

async fn is_administrator(fixture: &Fixture, id: Id) -> bool {
    let mut transaction = fixture.db.read().await.unwrap();
    let account = ACCOUNTS.find(&mut transaction, id).await.unwrap().unwrap();
    ACCOUNTS.is_administrator(&account.entity)
}

#[tokio::test]
async fn a_new_administrator_can_sign_in() {
    let fixture = Fixture::new().await;
    let request = request("Root@example.com", NEXT, &[("age", "42")], Existing::Refuse);
    let Outcome::Created(id) = create_admin(&context(&fixture), &request).await.unwrap() else {
        panic!("it was not created");
    };
    assert!(is_administrator(&fixture, id).await);
    let row = fixture.read(Sql::new("SELECT age, email FROM users")).await;
    assert_eq!(row[0].get::<i64>(0).unwrap(), 42);
    assert_eq!(row[0].get::<String>(1).unwrap(), "root@example.com");
    assert!(fixture.login("root@example.com", NEXT).await.is_ok());
}

#[tokio::test]
async fn refusals_are_sentences_and_store_nothing() {
    let fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    let cases = [
        (("ann@example.com", NEXT, [("age", "42")]), "give --promote"),
        (("not an address", NEXT, [("age", "42")]), "email "),
        (
            ("root@example.com", "short", [("age", "42")]),
            "password must have at least 15 characters",
        ),
        (
            ("root@example.com", "root is my password", [("age", "42")]),
            "password must not contain",
        ),
        (
            ("root@example.com", NEXT, [("age", "7")]),
            "age must be at least 13",
        ),
        (("root@example.com", NEXT, [("age", "old")]), "age must be"),
        (
            ("root@example.com", NEXT, [("colour", "red")]),
            "colour is not a field",
        ),
        (
            ("root@example.com", NEXT, [("password", "x")]),
            "password cannot be given with --set",
        ),
    ];
    for ((email, password, set), expected) in cases {
        let request = request(email, password, &set, Existing::Refuse);
        let error = create_admin(&context(&fixture), &request)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!error.to_string().contains(NEXT), "{error}");
    }
    assert_eq!(
        fixture.read(Sql::new("SELECT id FROM users")).await.len(),
        1
    );
    assert_eq!(
        fixture
            .read(Sql::new("SELECT account FROM secapi_credentials"))
            .await
            .len(),
        1
    );
}

#[tokio::test]
async fn an_existing_account_is_promoted_and_keeps_its_password() {
    let fixture = Fixture::new().await;
    let id = fixture.account("ann@example.com").await;
    let request = request("Ann@example.com", NEXT, &[], Existing::Promote);
    let promoted = create_admin(&context(&fixture), &request).await.unwrap();
    assert_eq!(promoted, Outcome::Promoted(id));
    assert!(is_administrator(&fixture, id).await);
    let again = create_admin(&context(&fixture), &request).await.unwrap();
    assert_eq!(again, Outcome::Unchanged(id));
    assert!(fixture.login("ann@example.com", PASSWORD).await.is_ok());
    assert!(fixture.login("ann@example.com", NEXT).await.is_err());
}

#[tokio::test]
async fn a_promotion_changes_no_other_field_and_says_so() {
    let fixture = Fixture::new().await;
    let id = fixture.account("ann@example.com").await;
    let asked = |email, set: &[_]| request(email, NEXT, set, Existing::Promote);
    for _ in 0..2 {
        let refused = asked("Ann@example.com", &[("age", "42")]);
        let error = create_admin(&context(&fixture), &refused)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("leave --set out"), "{error}");
        assert!(!error.to_string().contains(NEXT), "{error}");
    }
    assert!(!is_administrator(&fixture, id).await);
    // The same words make a new account, whose fields are nobody's yet.
    let new = asked("root@example.com", &[("age", "42")]);
    let made = create_admin(&context(&fixture), &new).await.unwrap();
    assert!(matches!(made, Outcome::Created(_)), "{made:?}");
    let sql = Sql::new("SELECT age FROM users WHERE email = 'root@example.com'");
    assert_eq!(fixture.read(sql).await[0].get::<i64>(0).unwrap(), 42);
    // And without --set the old one is promoted.
    let promoted = create_admin(&context(&fixture), &asked("ann@example.com", &[])).await;
    assert_eq!(promoted.unwrap(), Outcome::Promoted(id));
}

#[tokio::test]
async fn a_service_without_the_role_says_so() {
    static WITHOUT: Accounts = Accounts {
        admin_role: None,
        ..ACCOUNTS
    };
    let fixture = Fixture::new().await;
    let context = AdminContext {
        accounts: &WITHOUT,
        ..context(&fixture)
    };
    let request = request("root@example.com", NEXT, &[], Existing::Refuse);
    let error = create_admin(&context, &request).await.unwrap_err();
    assert!(error.to_string().contains("auth.admin_role"));
}
