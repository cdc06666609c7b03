//! A service with notes of which one is shown, and an anonymous caller in the middle of a request.

mod behind;
mod pages;
mod pairs;

use std::time::Duration;

use serde_json::{Value, json};

use std::marker::PhantomData;

use super::*;
use crate::auth::{Keyring, MIGRATIONS, PasswordProfile};
use crate::authz::{Behind, Condition, Entity};
use crate::authz::{Context, Credential, Lists, PolicySource};
use crate::config::{Config, Environment, KeyFolder, PolicyFolder};
use crate::http::TrustedProxies;
use crate::json::Object;
use crate::list::{Column, Kind, Listing};
use crate::list::{Include, ListQuery};
use crate::permit::{ListPermit, Rows};
use crate::related::{Related, RelatedField, RelatedRow};
use crate::resource::Visible;
use crate::resource::{Facts, View};
use crate::rule::Named;
use crate::secret::{Secret, Secrets};
use crate::service::{Definition, Docs, Https, Settings};
use crate::store::{Db, Migration, Owner, ScratchFolder};
use salvo::http::{HeaderMap, Method};

const SCHEMA: &str = r#"namespace App {
    type RequestContext = {
      ip: ipaddr, now: datetime, mfa: Bool, credential: String, scopes: Set<String>, in_scope: Bool, authenticated_at?: datetime,
    };
    entity Anonymous enum ["anonymous"];
    entity Note = { id: String, label: String };
    action "note:list", "note:read" appliesTo { principal: [Anonymous, Note], resource: [Note], context: RequestContext };
}"#;

const POLICY: &str = r#"@id("shown") permit (principal, action, resource is App::Note) when { resource.label == "shown" };"#;

static LISTING: Listing = Listing {
    select: r#"SELECT "id", "label" FROM "notes""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("label", r#""label""#, Kind::Text),
    ],
    references: || &[],
};

#[derive(Debug, Clone)]
struct Note {
    id: Id,
    label: String,
}

impl Resource for Note {
    const NAME: &'static str = "note";
    const KIND: &'static str = "Note";
    const PATH: &'static str = "/notes";
    const GUARDED: &'static [&'static str] = &[];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        1
    }

    fn revise(&mut self, _: &Self, _: Timestamp) {}

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("label", &self.label)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        View::new(visible).field("label", &self.label).finish()
    }
}

fn from_row(row: &Row) -> Result<Note, Error> {
    Ok(Note {
        id: row.get(0)?,
        label: row.get(1)?,
    })
}

fn definition() -> Definition {
    Definition {
        name: "app",
        title: "App",
        version: "1",
        namespace: "App",
        base_path: "",
        schema: SCHEMA,
        openapi: "{}",
        migrations: &[],
        encrypted: &[],
        settings: Settings {
            passwords: PasswordProfile::NIST,
            access_ttl: Duration::from_secs(900),
            refresh_ttl: Duration::from_secs(900),
            refresh_absolute_ttl: Duration::from_secs(900),
            lockout: crate::auth::Lockout::DEFAULT,
            rate_limits: crate::limit::RateLimits::DEFAULT,
            body_limit: 1000,
            timeout: Duration::from_secs(10),
            cors_origins: &[],
            https: Https::Enforce,
            docs: Docs::Never,
            lists: Lists::Strict,
        },
    }
}

fn config(folder: &ScratchFolder) -> Config {
    let keys = folder.join("keys");
    Keyring::create(&keys, Timestamp::now()).unwrap();
    let source = PolicySource {
        file: "app.cedar".to_owned(),
        text: POLICY.to_owned(),
    };
    Config {
        environment: Environment::Development,
        listen: "127.0.0.1:0".parse().unwrap(),
        ops_listen: None,
        database_url: Secret::new(folder.url()),
        secrets: Secrets::generate().unwrap().0,
        encryption: None,
        keys: Keyring::load(&keys).unwrap(),
        key_folder: KeyFolder::new(keys, Environment::Development),
        public_url: "http://127.0.0.1".to_owned(),
        cors_origins: Vec::new(),
        trusted_proxies: TrustedProxies::default(),
        connections: crate::http::ConnectionLimits::default(),
        rate_limits: Default::default(),
        engine: Engine::load("App", SCHEMA, &[source]).unwrap(),
        policy_folder: PolicyFolder::new(folder.join("policies"), Environment::Development),
    }
}

/// A table of so many hidden notes with one shown behind them all, and an anonymous caller's view of it.
async fn scope(folder: &ScratchFolder, hidden: i64) -> Scope {
    let db = Db::open(&folder.url()).await.unwrap();
    db.migrate(Owner::Runtime, MIGRATIONS).await.unwrap();
    let table = Migration {
        number: 1,
        name: "notes",
        sql: "CREATE TABLE notes (id TEXT PRIMARY KEY, label TEXT NOT NULL) STRICT;",
    };
    db.migrate(Owner::Project, &[table]).await.unwrap();
    let mut fill = db.write().await.unwrap();
    let rows = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) INSERT INTO notes \
         SELECT format('01a201cc-d0c6-72be-8e23-%012x', i), iif(i < ?1, 'hidden', 'shown') FROM n";
    fill.execute(Sql::new(rows).bind(hidden)).await.unwrap();
    fill.commit().await.unwrap();
    let app = App::start(definition(), None, config(folder), db.clone()).unwrap();
    let context = Context::of_tests(Credential::None);
    let engine = app.engine();
    Scope {
        subject: engine.subject(None, &context).unwrap(),
        engine,
        transaction: db.read().await.unwrap(),
        behind: Behind::default(),
        caller: Caller::Anonymous,
        head: Arc::new(Head {
            other: None,
            method: Method::GET,
            path: "/notes".to_owned(),
            query: String::new(),
            route: "/notes",
            headers: HeaderMap::new(),
            id: None,
            ip: context.ip,
            decided: None,
            meter: None,
        }),
        now: Timestamp::now(),
        lost_administrator: None,
        removed_account: None,
        supervised: None,
        attempt: None,
        answered: None,
        changes: Changes::default(),
        events: Vec::new(),
        app,
    }
}

/// What `GET /notes?query` answers, and how many statements it took.
async fn listed(scope: &mut Scope, query: &str) -> (serde_json::Value, usize) {
    listed_of(scope, query, Condition::always()).await
}

/// The same of those rows that fulfil this.
async fn listed_of(scope: &mut Scope, query: &str, rows: Condition) -> (serde_json::Value, usize) {
    let key = scope.app.cursor_key();
    let query = ListQuery::parse(&LISTING, query, &|_| false, key, b"", scope.now).unwrap();
    let permit = ListPermit::<Note> {
        rows: Rows::Each(rows),
        resource: PhantomData,
    };
    let before = scope.transaction.statements();
    let page = scope.page(permit, query, from_row).await.unwrap();
    let reply = scope.listed(page).unwrap();
    let body = serde_json::from_slice(&reply.body.unwrap()).unwrap();
    (body, scope.transaction.statements() - before)
}
