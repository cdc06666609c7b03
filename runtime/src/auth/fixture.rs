//! A service for tests: a database in a folder of its own, an identity, cheap hashes and a clock that is moved by hand.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use salvo::http::HeaderValue;
use serde_json::{Value, json};

use super::endpoints::{AuthContext, AuthSettings, TokenPair, login};
use super::lockout::Lockouts;
use super::sessions::Lifetimes;
use super::*;
use crate::authz::{Attribute, Entity};
use crate::error::Error;
use crate::json::Object;
use crate::rule::{Input, Text, Whole};
use crate::scratch::Folder;
use crate::store::{Db, Migration, Owner, Row, Sql, Transaction};
use crate::value::{Id, Timestamp};

pub(super) const PASSWORD: &str = "eel bucket vowel tin";
pub(super) const NEXT: &str = "another eel in a bucket";

const TABLE: Migration = Migration {
    number: 1,
    name: "users",
    sql: "CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, role TEXT NOT NULL, age INTEGER NOT NULL, updated_at INTEGER) STRICT;",
};

pub(super) static ACCOUNTS: Accounts = Accounts {
    resource: "user",
    table_by_id: "SELECT id, email, role FROM users WHERE id = ?1",
    find_by_email: "SELECT id, email, role FROM users WHERE email = ?1",
    account,
    memberships: Memberships::NONE,
    references: || &[],
    role_field: Some("role"),
    admin_role: Some("admin"),
    other_administrators: "SELECT count(*) FROM users WHERE role = 'admin' AND id <> ?1 AND EXISTS \
        (SELECT 1 FROM secapi_credentials WHERE account = users.id AND disabled_at IS NULL)",
    promote: "UPDATE users SET role = 'admin', updated_at = ?2 WHERE id = ?1",
    filler: r#"{"age":30}"#,
    provision,
};

fn account(row: &Row) -> Result<Account, Error> {
    let role: String = row.get(2)?;
    Ok(made(
        row.get(0)?,
        row.get(1)?,
        if role == "admin" { "admin" } else { "user" },
    ))
}

fn made(id: Id, email: String, role: &'static str) -> Account {
    let entity = Entity {
        kind: "User",
        id: id.to_string(),
        attributes: vec![("email", Attribute::String(email.clone()))],
        parents: vec![("Role", role.to_owned())],
    };
    Account {
        id,
        email,
        role: Some(role),
        entity,
    }
}

static EMAIL: Text = Text::email();
static AGE: Whole = Whole::new().min(13).max(120);

fn provision(body: &Object, id: Id, _now: Timestamp) -> Result<Provision, Error> {
    let mut input = Input::new(body);
    let email = input.required("email", &EMAIL);
    let age = input.required("age", &AGE);
    let password = input.password("password");
    input.finish()?;
    let email = email?;
    let insertion =
        Sql::new("INSERT INTO users (id, email, role, age) VALUES (?1, ?2, 'user', ?3)")
            .bind(id)
            .bind(email.as_str())
            .bind(age?);
    Ok(Provision {
        account: made(id, email, "user"),
        insertion,
        password: password?,
    })
}

pub(super) struct Fixture {
    _folder: Folder,
    pub(super) db: Db,
    pub(super) hasher: Hasher,
    pub(super) tokens: Arc<Tokens>,
    pub(super) lockouts: Lockouts,
    pub(super) now: Timestamp,
    /// Where logins come from.
    pub(super) ip: IpAddr,
}

impl Fixture {
    pub(super) async fn new() -> Self {
        let folder = Folder::new();
        let now = Timestamp::from_millis(1_800_000_000_000);
        let url = format!("sqlite://{}/test.db", folder.path().display());
        let db = Db::open(&url).await.unwrap();
        db.migrate(Owner::Runtime, MIGRATIONS).await.unwrap();
        db.migrate(Owner::Project, &[TABLE]).await.unwrap();
        let keys = folder.path().join("keys");
        Keyring::create(&keys, now).unwrap();
        let tokens = Tokens::new(
            Keyring::load(&keys).unwrap(),
            "https://api.example".to_owned(),
            "test".to_owned(),
            Duration::from_secs(900),
        );
        Self {
            _folder: folder,
            db,
            hasher: Hasher::start_with(Parameters::for_tests(), 1, 64).unwrap(),
            tokens: Arc::new(tokens),
            lockouts: Lockouts::new(Lockout::DEFAULT, &[3; 32], Duration::from_millis(2)),
            now,
            ip: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)),
        }
    }

    pub(super) fn context(&self) -> AuthContext<'_> {
        AuthContext {
            db: &self.db,
            hasher: &self.hasher,
            tokens: &self.tokens,
            accounts: &ACCOUNTS,
            settings: AuthSettings {
                passwords: PasswordProfile::NIST,
                lifetimes: Lifetimes {
                    refresh: Duration::from_secs(12 * 3600),
                    absolute: Duration::from_secs(7 * 24 * 3600),
                },
                service: "test-service",
            },
            now: self.now,
            ip: self.ip,
            lockouts: &self.lockouts,
            meter: None,
            user_agent: Some(b"curl/8"),
        }
    }

    pub(super) fn authenticator(&self) -> Authenticator {
        Authenticator::new(Arc::clone(&self.tokens), &ACCOUNTS)
    }

    pub(super) fn pass(&mut self, seconds: i64) {
        self.now = self.now.plus_millis(seconds * 1000);
    }

    pub(super) async fn account(&self, email: &str) -> Id {
        let id = Id::new();
        let password = Password::new(&PASSWORD.to_owned().into()).unwrap();
        let hash = self.hasher.hash(password).await.unwrap();
        let mut transaction = self.db.write().await.unwrap();
        let row = Sql::new("INSERT INTO users (id, email, role, age) VALUES (?1, ?2, 'user', 40)");
        transaction.execute(row.bind(id).bind(email)).await.unwrap();
        store_password(&mut transaction, id, hash, self.now)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        id
    }

    pub(super) async fn login(&self, email: &str, password: &str) -> Result<TokenPair, Error> {
        let body = object(json!({"email": email, "password": password}));
        login(&self.context(), &body).await
    }

    /// What the authenticator makes of an access token.
    pub(super) async fn caller(&self, access: &str) -> Result<Caller, Error> {
        let header = HeaderValue::from_str(&format!("Bearer {access}")).unwrap();
        let mut transaction = self.db.read().await.unwrap();
        self.authenticator()
            .authenticate(&mut transaction, Some(&header), self.now)
            .await
    }

    pub(super) async fn signed_in(&self, pair: &TokenPair) -> SignedIn {
        let caller = self.caller(pair.access_token().expose()).await.unwrap();
        caller.signed_in().unwrap().clone()
    }

    pub(super) async fn run(&self, sql: Sql) -> u64 {
        let mut transaction = self.db.write().await.unwrap();
        let affected = transaction.execute(sql).await.unwrap();
        transaction.commit().await.unwrap();
        affected
    }

    pub(super) async fn read(&self, sql: Sql) -> Vec<Row> {
        let mut transaction: Transaction = self.db.read().await.unwrap();
        transaction.fetch_all(sql).await.unwrap()
    }
}

pub(super) fn object(value: Value) -> Object {
    value.as_object().unwrap().clone()
}
