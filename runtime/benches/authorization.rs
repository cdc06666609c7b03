//! What deciding costs in one request, by the number of policies: 10, 100, 1,000 and 10,000, of which five can apply.
//!
//! ```sh
//! cargo bench -p secapi-runtime --bench authorization
//! ```
#![expect(clippy::expect_used, reason = "a measurement fails loudly")]

use std::fmt::Write as _;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use secapi_runtime::authz::{
    Attribute, Context, Credential, Engine, Entity, Gate, PolicySource, Subject,
};

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = authorization
}
criterion_main!(benches);

const SCHEMA: &str = include_str!("../src/authz/tests/expected.cedarschema");

const POLICIES: &str = r#"
@id("administrators") permit(principal in App::Role::"admin", action, resource);
@id("read-self") permit(principal is App::User, action == App::Action::"user:read", resource is App::User) when { principal == resource };
@id("own-notes") permit(principal is App::User, action in App::Action::"note", resource is App::Note) when { resource.owner == principal.id };
@id("public-notes") permit(principal, action in App::Action::"reads", resource is App::Note) when { resource.public };
@id("scope") forbid(principal, action, resource) unless { context.in_scope };
"#;

/// How many of them can apply to somebody.
const OWN: u32 = 5;

fn authorization(criterion: &mut Criterion) {
    for policies in [10, 100, 1_000, 10_000] {
        requests(criterion, policies, &engine(policies - OWN));
    }
}

fn requests(criterion: &mut Criterion, policies: u32, engine: &Engine) {
    let (alice, row) = (user("alice"), note("n", "alice"));
    let context = context();
    let subject = engine
        .subject(Some(&alice), &context)
        .expect("a caller of the schema");
    let mut group = criterion.benchmark_group(format!("{policies} policies"));
    let mut bench = |step: &str, work: &dyn Fn()| {
        group.bench_function(step, |bencher| bencher.iter(work));
    };
    bench("make the caller ready", &|| {
        _ = std::hint::black_box(engine.subject(Some(&alice), &context));
    });
    bench("gate, decided by rows", &|| {
        _ = std::hint::black_box(engine.gate(&subject, "note:update", "Note"));
    });
    bench("decide on a row", &|| {
        _ = std::hint::black_box(engine.decide(&subject, "note:update", &row));
    });
    bench("decide on the own row", &|| {
        _ = std::hint::black_box(engine.decide(&subject, "user:read", &alice));
    });
    bench("decide, nothing applies", &|| {
        _ = std::hint::black_box(engine.decide(&subject, "user:delete", &alice));
    });
    bench("condition of a list, kept", &|| list(engine, &subject));
    bench("authorize a read, whole", &|| {
        let subject = engine.subject(Some(&alice), &context).expect("a caller");
        if engine.gate(&subject, "user:read", "User") != Gate::Never {
            _ = std::hint::black_box(engine.decide(&subject, "user:read", &alice));
        }
    });
    bench("authorize an update, whole", &|| {
        let subject = engine.subject(Some(&alice), &context).expect("a caller");
        if engine.gate(&subject, "note:update", "Note") != Gate::Never {
            for action in ["note:read", "note:update", "note:update"] {
                _ = std::hint::black_box(engine.decide(&subject, action, &row));
            }
        }
    });
}

fn list(engine: &Engine, subject: &Subject) {
    for action in ["note:list", "note:read"] {
        _ = std::hint::black_box(engine.condition(subject, action, "Note"));
    }
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
