//! What deciding costs in one request, with and without policies that cannot apply.
//!
//! ```sh
//! cargo bench -p secapi-runtime --bench authorization
//! ```
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement prints, and fails loudly"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use secapi_runtime::authz::{Attribute, Context, Credential, Engine, Entity, PolicySource};

const SCHEMA: &str = include_str!("../src/authz/tests/expected.cedarschema");

const POLICIES: &str = r#"
@id("administrators") permit(principal in App::Role::"admin", action, resource);
@id("read-self") permit(principal is App::User, action == App::Action::"user:read", resource is App::User) when { principal == resource };
@id("own-notes") permit(principal is App::User, action in App::Action::"note", resource is App::Note) when { resource.owner == principal.id };
@id("public-notes") permit(principal, action in App::Action::"reads", resource is App::Note) when { resource.public };
@id("scope") forbid(principal, action, resource) unless { context.in_scope };
"#;

const ROUNDS: u32 = 20_000;

fn main() {
    for unrelated in [0, 100, 1_000] {
        println!("{unrelated} policies that cannot apply");
        requests(&engine(unrelated));
    }
}

fn requests(engine: &Engine) {
    let (alice, row) = (user("alice"), note("n", "alice"));
    let context = context();
    let subject = engine
        .subject(Some(&alice), &context)
        .expect("a caller of the schema");
    time("make the caller ready", || {
        drop(black_box(engine.subject(Some(&alice), &context)))
    });
    time("gate, decided by rows", || {
        _ = black_box(engine.gate(&subject, "note:update", "Note"))
    });
    time("condition of a list", || {
        for action in ["note:list", "note:read"] {
            drop(black_box(engine.condition(&subject, action, "Note")));
        }
    });
    time("decide on a row", || {
        drop(black_box(engine.decide(&subject, "note:update", &row)))
    });
    time("decide on the own row", || {
        drop(black_box(engine.decide(&subject, "user:read", &alice)))
    });
    time("decide, nothing applies", || {
        drop(black_box(engine.decide(&subject, "user:delete", &alice)))
    });
}

fn time(label: &str, mut work: impl FnMut()) {
    (0..ROUNDS / 10).for_each(|_| work());
    let start = Instant::now();
    (0..ROUNDS).for_each(|_| work());
    println!(
        "  {label:26} {:>8.2} us",
        start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
    );
}

fn engine(unrelated: u32) -> Engine {
    let mut text = String::from(POLICIES);
    for number in 0..unrelated {
        let _ = writeln!(
            text,
            "@id(\"x{number}\") permit(principal == App::User::\"u{number}\", action in App::Action::\"note\", resource is App::Note) when {{ resource.stars > {number} }};"
        );
    }
    let source = PolicySource {
        file: "bench.cedar".to_owned(),
        text,
    };
    Engine::load("App", SCHEMA, &[source]).expect("valid policies")
}

fn user(id: &str) -> Entity {
    Entity {
        kind: "User",
        id: id.to_owned(),
        attributes: vec![
            ("id", Attribute::String(id.to_owned())),
            ("email", Attribute::String(format!("{id}@example.com"))),
            ("role", Attribute::String("user".to_owned())),
            ("created_at", Attribute::Datetime(0)),
            ("updated_at", Attribute::Datetime(0)),
        ],
        parents: vec![("Role", "user".to_owned())],
    }
}

fn note(id: &str, owner: &str) -> Entity {
    Entity {
        kind: "Note",
        id: id.to_owned(),
        attributes: vec![
            ("id", Attribute::String(id.to_owned())),
            ("owner", Attribute::String(owner.to_owned())),
            ("public", Attribute::Bool(false)),
            ("stars", Attribute::Long(3)),
            ("created_at", Attribute::Datetime(0)),
            ("updated_at", Attribute::Datetime(0)),
        ],
        parents: Vec::new(),
    }
}

fn context() -> Context {
    Context {
        ip: std::net::Ipv4Addr::LOCALHOST.into(),
        now: 1_800_000_000_000,
        mfa: false,
        credential: Credential::Password,
        scopes: Vec::new(),
        in_scope: true,
        authenticated_at: Some(1_800_000_000_000),
    }
}
