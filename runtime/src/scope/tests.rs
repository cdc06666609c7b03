//! Pages over a table of which the caller sees little.

mod behind;

use std::net::{IpAddr, Ipv4Addr};
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
    let context = Context {
        ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        now: 0,
        mfa: false,
        credential: Credential::None,
        scopes: Vec::new(),
        in_scope: true,
        authenticated_at: None,
    };
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

#[tokio::test]
async fn a_page_finds_what_stands_behind_hidden_rows() {
    let folder = ScratchFolder::new();
    let mut scope = scope(&folder, 1_500).await;
    let (body, statements) = listed(&mut scope, "limit=1&count=true").await;
    assert_eq!(body["data"], json!([{ "label": "shown" }]));
    assert_eq!(
        (&body["total"], &body["total_capped"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(body["next_cursor"], json!(null));
    // A small page does not make many small steps: each of them may have to sort the table.
    assert!(statements < 25, "{statements}");
}

#[tokio::test]
async fn what_is_hidden_bounds_the_work_of_a_list() {
    let folder = ScratchFolder::new();
    let mut scope = scope(&folder, 12_000).await;
    let (body, statements) = listed(&mut scope, "limit=1&sort=label&count=true").await;
    assert_eq!(body["data"], json!([]));
    assert_eq!(
        (&body["total"], &body["total_capped"]),
        (&json!(0), &json!(true))
    );
    assert!(body["next_cursor"].is_string());
    assert!(statements < 70, "{statements}");
}

/// The second part of the condition is nothing that SQL can say.
const PARTLY: &str = r#"
@id("some") permit (principal, action, resource is App::Note)
    when { resource.label like "sho*" && (if resource.label == "a" then ["b"] else ["shown"]).contains(resource.label) };
@id("none") forbid (principal, action, resource is App::Note)
    when { (if resource.label == "a" then ["b"] else ["short"]).contains(resource.label) };
"#;

#[tokio::test]
async fn what_can_be_said_of_a_policy_bounds_the_work_of_a_scan() {
    let folder = ScratchFolder::new();
    let mut scope = scope(&folder, 12_500).await;
    let source = PolicySource {
        file: "all.cedar".to_owned(),
        text: PARTLY.to_owned(),
    };
    let engine = Arc::new(scope.engine.reload(&[source]).unwrap());
    let context = scope.head.context(&Caller::Anonymous, scope.now);
    scope.subject = engine.subject(None, &context).unwrap();
    let asked = engine.condition(&scope.subject, "note:list", "Note");
    assert_eq!(asked.unwrap_err().policy.as_deref(), Some("none"));
    let wider = engine.wider_condition(&scope.subject, "note:list", "Note");
    scope.engine = engine;
    let (body, statements) = listed_of(&mut scope, "limit=1&sort=label&count=true", wider).await;
    assert_eq!(body["data"], json!([{ "label": "shown" }]));
    assert_eq!(
        (&body["total"], &body["total_capped"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(body["next_cursor"], json!(null));
    assert!(statements < 5, "{statements}");
}

#[tokio::test]
async fn what_a_rule_hands_on_is_held_to_the_policies() {
    let folder = ScratchFolder::new();
    let mut scope = scope(&folder, 1_200).await;
    let all = || Sql::new("SELECT \"id\", \"label\" FROM \"notes\" ORDER BY \"id\"");
    assert_eq!(scope.query(all(), from_row).await.unwrap().len(), 1_201);
    let kept = scope.query_listable(all(), from_row).await.unwrap();
    let labels: Vec<&str> = kept.iter().map(|note| note.label.as_str()).collect();
    assert_eq!(labels, ["shown"]);
    let none = Sql::new("SELECT \"id\", \"label\" FROM \"notes\" WHERE \"label\" = 'hidden'");
    assert!(
        scope
            .query_listable(none, from_row)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_new_account_sees_itself_only_if_it_may_read_itself() {
    let folder = ScratchFolder::new();
    let mut scope = scope(&folder, 0).await;
    for (label, sees) in [("shown", true), ("hidden", false)] {
        let label = label.to_owned();
        let id = Id::new();
        let reply = scope.registered(&Note { id, label }).await.unwrap();
        assert_eq!((reply.status, reply.body.is_some()), (201, sees));
        let tag = reply.headers.iter().any(|(name, _)| *name == "etag");
        assert_eq!(tag, sees);
    }
}

#[tokio::test]
async fn lists_leave_readers_to_everybody_else() {
    let folder = ScratchFolder::new();
    let app = scope(&folder, 0).await.app;
    let mut running = Vec::new();
    while let Ok(turn) = tokio::time::timeout(Duration::ZERO, app.turn_of_a_list()).await {
        running.push((turn.unwrap(), app.db().read().await.unwrap()));
    }
    assert_eq!(running.len(), crate::store::reader_count() as usize / 2);
    // The next list waits, a single read does not.
    app.db().read().await.unwrap();
    running.pop();
    drop(app.turn_of_a_list().await.unwrap());
}

static NOTES: Related = Related::of::<Note>(
    r#"SELECT "id", "label" FROM "notes" WHERE "id" IN (SELECT "value" FROM json_each(?1))"#,
    |row| from_row(row).map(RelatedRow::of),
    &LISTING,
);

static LEFT: RelatedField = RelatedField::new("left", &NOTES);
static RIGHT: RelatedField = RelatedField::new("right", &NOTES);

/// A row that refers to two notes.
#[derive(Debug, Clone)]
struct Pair {
    id: Id,
    notes: [Id; 2],
}

impl Resource for Pair {
    const NAME: &'static str = "pair";
    const KIND: &'static str = "Pair";
    const PATH: &'static str = "/pairs";
    const GUARDED: &'static [&'static str] = &[];
    const REFERENCES: &'static [&'static RelatedField] = &[&LEFT, &RIGHT];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        1
    }

    fn reference(&self, field: &str) -> Option<Id> {
        let [left, right] = self.notes;
        Some(if field == "left" { left } else { right })
    }

    fn revise(&mut self, _: &Self, _: Timestamp) {}

    fn entity(&self) -> Entity {
        let [left, right] = self.notes;
        Facts::new(Self::KIND, self.id)
            .reference("left", Note::KIND, left)
            .reference("right", Note::KIND, right)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        View::new(visible).finish()
    }
}

fn note(number: i64) -> Id {
    Id::parse(&format!("01a201cc-d0c6-72be-8e23-{number:012x}")).unwrap()
}

#[tokio::test]
async fn what_many_rows_refer_to_takes_one_statement() {
    let folder = ScratchFolder::new();
    // Notes 0 to 49 are hidden, 50 is shown.
    let mut scope = scope(&folder, 50).await;
    let pair = |notes| Pair {
        id: Id::new(),
        notes,
    };
    let pairs: Vec<Pair> = (0..50).map(|n| pair([note(n), note(50)])).collect();
    let include = Include {
        fields: Some(Pair::REFERENCES.to_vec()),
    };
    let before = scope.transaction.statements();
    let sights = vec![Visible::default(); pairs.len()];
    let included = scope.included(&pairs, &sights, &include).await.unwrap();
    assert_eq!(scope.transaction.statements() - before, 1);
    assert_eq!(included.len(), 50);
    for (shown, _) in included {
        assert_eq!(
            Value::Object(shown),
            json!({ "right": { "label": "shown" } })
        );
    }
    let nothing = Include::default();
    let nothing = scope.included(&pairs, &sights, &nothing).await.unwrap();
    assert!(nothing.is_empty());
    assert_eq!(scope.transaction.statements() - before, 1);
}

#[tokio::test]
async fn a_permit_waits_for_the_references_to_be_looked_at() {
    let folder = ScratchFolder::new();
    let mut scope = scope(&folder, 1).await;
    let pair = |notes| Pair {
        id: Id::new(),
        notes,
    };
    let named = || Named::none().with_references(vec!["left", "right"]);
    let hidden = pair([note(0), note(1)]);
    let refused = scope.check_named_references(&hidden, named()).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), Code::ValidationFailed);
    assert_eq!(refused.violations().len(), 1);
    // Both are looked up by one statement, and the missing one is refused like the hidden one.
    let missing = pair([note(7), note(1)]);
    let missing = scope
        .check_named_references(&missing, named())
        .await
        .unwrap_err();
    assert_eq!(missing.violations(), refused.violations());
    let shown = pair([note(1), note(1)]);
    let forgotten = scope.permit_create(shown.clone(), named()).await;
    let forgotten = forgotten.unwrap_err();
    assert_eq!(forgotten.code(), Code::Internal);
    let checked = scope.check_named_references(&shown, named()).await.unwrap();
    // Nobody may create pairs here, and that is what is said now.
    let decided = scope.permit_create(shown, checked).await.unwrap_err();
    assert_ne!(decided.code(), Code::Internal);
}
