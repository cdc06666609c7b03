//! Models for tests, as odd as a spec can make them.

mod actions;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::model::*;

/// A small source of numbers: the same for the same seed.
#[derive(Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }

    fn name(&mut self, stem: &str, longest: u64) -> String {
        let length = 1 + self.roll(longest);
        let mut out = stem.to_owned();
        for at in 0..length {
            let under = at > 0 && at + 1 < length && !out.ends_with('_') && self.chance(15);
            let letter = char::from(b'a' + u8::try_from(self.roll(26)).unwrap());
            out.push(if under { '_' } else { letter });
        }
        out
    }
}

pub(crate) fn pascal(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| {
                first.to_ascii_uppercase().to_string() + letters.as_str()
            })
        })
        .collect()
}

/// A field with its derived names.
pub(crate) fn field(resource: &str, name: &str, kind: FieldKind, presence: Presence) -> Field {
    let keyword = matches!(name, "type" | "match" | "in" | "ref");
    let _ = resource;
    Field {
        name: name.into(),
        words: name.replace('_', " "),
        rust_ident: if keyword {
            format!("r#{name}")
        } else {
            name.into()
        },
        const_name: name.to_uppercase(),
        type_name: pascal(name),
        column: name.into(),
        sql_column: name.into(),
        kind,
        presence,
        unique: false,
        index: false,
        search: false,
        immutable: false,
        read_only: false,
        write_only: false,
        guarded: false,
        encrypted: false,
        sensitive: false,
        description: None,
        example: None,
        renamed_from: None,
        backfill: None,
    }
}

pub(crate) fn resource(name: &str, plural: &str, fields: Vec<Field>) -> Resource {
    Resource {
        name: name.into(),
        plural: plural.into(),
        words: name.replace('_', " "),
        plural_words: plural.replace('_', " "),
        plural_name: crate::model::name::pascal(plural),
        module: name.into(),
        struct_name: pascal(name),
        kind: pascal(name),
        table: plural.into(),
        sql_table: plural.into(),
        path: format!("/{}", plural.replace('_', "-")),
        description: None,
        fields,
        unique: Vec::new(),
        renamed_from: None,
        operations: Operation::ALL.into_iter().collect(),
        concurrency: Concurrency::Optional,
        actions: Vec::new(),
        soft_delete: None,
        rate_limits: BTreeMap::new(),
        is_identity: false,
        referrers: Vec::new(),
        relations: Vec::new(),
        related: InRelations::default(),
    }
}

pub(crate) fn service(resources: Vec<Resource>) -> Service {
    Service {
        name: "my-api".into(),
        crate_ident: "my_api".into(),
        namespace: "MyApi".into(),
        title: "User management API".into(),
        description: None,
        version: "0.1.0".into(),
        base_path: "/api/v1".into(),
        database: Database::Sqlite,
        auth: None,
        rate_limits: RateLimits::default(),
        http: Http {
            cors_origins: Vec::new(),
            body_limit: 102_400,
            timeout: Duration::from_secs(10),
            https: Https::Enforce,
            docs: Docs::Development,
        },
        lists: Lists::Strict,
        resources,
    }
}

pub(crate) fn text(shape: TextShape, min: u32, max: u32) -> TextRule {
    TextRule {
        shape,
        min,
        max,
        pattern: None,
        format: None,
        trim: false,
    }
}

pub(crate) fn choices(type_name: &str, values: &[&str]) -> FieldKind {
    let choices = values.iter().map(|value| Choice {
        value: (*value).into(),
        variant: pascal(value),
    });
    FieldKind::Enum(Enumeration {
        type_name: type_name.into(),
        choices: choices.collect(),
        renamed: Vec::new(),
    })
}

/// The service of `secapi new` without more.
pub(crate) fn user_management() -> Service {
    let person = || {
        FieldKind::Text(TextRule {
            trim: true,
            format: Some(Format::PersonName),
            ..text(TextShape::String, 1, 50)
        })
    };
    let role = choices("UserRole", &["user", "admin"]);
    let default = Presence::Default(Literal::Choice(Choice {
        value: "user".into(),
        variant: "User".into(),
    }));
    let age = FieldKind::Integer(Range {
        min: Some(13),
        max: Some(120),
    });
    let mut fields = vec![
        field(
            "user",
            "email",
            FieldKind::Text(text(TextShape::Email, 0, 254)),
            Presence::Required,
        ),
        field("user", "first_name", person(), Presence::Required),
        field("user", "last_name", person(), Presence::Required),
        field("user", "role", role, default),
        field("user", "age", age, Presence::Optional),
    ];
    fields[0].unique = true;
    fields[3].guarded = true;
    let mut user = resource("user", "users", fields);
    user.description = Some("A person who can sign in.".into());
    with_auth(user, Vec::new())
}

/// A service in which the first resource signs in.
pub(crate) fn with_auth(mut identity: Resource, others: Vec<Resource>) -> Service {
    identity.is_identity = true;
    let mut service = service(std::iter::once(identity).chain(others).collect());
    service.auth = Some(Auth {
        resource: 0,
        role_field: Some("role".into()),
        admin_role: Some("admin".into()),
        registration: Registration::Open,
        passwords: Passwords {
            profile: Profile::Nist,
            min_length: 15,
            max_length: 128,
        },
        access_ttl: Duration::from_secs(900),
        refresh_ttl: Duration::from_secs(43_200),
        refresh_absolute_ttl: Duration::from_secs(604_800),
        lockout: Lockout::DEFAULT,
    });
    service
}

/// Any service.
pub(crate) fn any(seed: u64, longest: u64) -> Service {
    let dice = &mut Dice(seed);
    let mut service = user_management();
    if dice.chance(30) {
        service.auth = None;
        service.resources.clear();
    }
    for index in 0..=dice.roll(3) {
        let mut made = any_resource(dice, index, longest);
        let targets = service.resources.iter();
        made.fields
            .extend(targets.filter_map(|target| any_reference(dice, target)));
        service.resources.push(made);
    }
    crate::model::link(&mut service.resources);
    service
}

/// A reference to this resource, or none.
fn any_reference(dice: &mut Dice, target: &Resource) -> Option<Field> {
    if dice.chance(50) {
        return None;
    }
    let on_delete = [OnDelete::Restrict, OnDelete::Cascade, OnDelete::SetNull];
    let on_delete = on_delete[usize::try_from(dice.roll(3)).unwrap()];
    let presence = match on_delete {
        OnDelete::SetNull => Presence::Optional,
        _ if dice.chance(30) => Presence::Optional,
        _ => Presence::Required,
    };
    let kind = FieldKind::Reference(Reference {
        to: target.name.clone(),
        kind: target.kind.clone(),
        module: target.module.clone(),
        table: target.table.clone(),
        words: target.words.clone(),
        on_delete,
    });
    let mut field = field("", &format!("to_{}", target.name), kind, presence);
    field.guarded = dice.chance(20);
    field.immutable = dice.chance(20);
    field.read_only = !field.immutable && dice.chance(20);
    field.write_only = !field.read_only && dice.chance(20);
    field.index = true;
    Some(field)
}

fn any_resource(dice: &mut Dice, index: u64, longest: u64) -> Resource {
    let name = dice.name(
        &format!(
            "{}r",
            ["a", "k", "zz", "type_"][usize::try_from(index % 4).unwrap()]
        ),
        longest,
    );
    let fields = (0..dice.roll(9))
        .map(|at| any_field(dice, &name, at, longest))
        .collect();
    let mut out = resource(&name, &format!("{name}s"), fields);
    out.operations = Operation::ALL
        .into_iter()
        .filter(|_| dice.chance(70))
        .collect::<BTreeSet<_>>();
    if out.operations.is_empty() {
        // The model refuses a resource without any.
        out.operations.insert(Operation::Read);
    }
    if dice.chance(30) {
        out.concurrency = Concurrency::Required;
    }
    for operation in &out.operations {
        if dice.chance(30) {
            let count = u32::try_from(dice.roll(1_000_001)).unwrap();
            let window = Duration::from_secs(1 + dice.roll(86_400));
            out.rate_limits.insert(*operation, Quota { count, window });
        }
    }
    actions::add(dice, &mut out, longest);
    out
}

fn any_field(dice: &mut Dice, resource: &str, at: u64, longest: u64) -> Field {
    let name = dice.name(&format!("f{at}"), longest);
    let (kind, literal) = any_kind(dice, resource, &name, longest);
    let presence = match dice.roll(3) {
        0 => Presence::Required,
        1 => Presence::Optional,
        _ => Presence::Default(literal),
    };
    let mut field = field(resource, &name, kind, presence);
    field.guarded = dice.chance(20);
    let single = !matches!(field.kind, FieldKind::List(_) | FieldKind::Json { .. });
    field.unique = dice.chance(10) && !field.guarded && single;
    field.index = dice.chance(20) && single;
    field.search = matches!(field.kind, FieldKind::Text(_)) && dice.chance(20);
    field.immutable = dice.chance(15);
    field.read_only = dice.chance(10);
    field.write_only = dice.chance(10);
    field.sensitive = dice.chance(10);
    // No roll of its own: the services that older tests have met stay what they are.
    let single_reader = !field.unique && !field.index && !field.search;
    field.encrypted = single_reader && dice.0.is_multiple_of(8);
    if dice.chance(20) {
        field.description = Some("Says [what] it\n*/ is <b>for</b> \"people\".".into());
    }
    field
}

fn any_kind(dice: &mut Dice, resource: &str, name: &str, longest: u64) -> (FieldKind, Literal) {
    let moment = |wire: &str, ms| Moment {
        wire: wire.into(),
        ms,
    };
    let one = |moment: Moment| Range {
        min: Some(moment),
        max: None,
    };
    match dice.roll(16) {
        0 => {
            let mut rule = text(TextShape::String, u32::try_from(dice.roll(3)).unwrap(), 200);
            rule.trim = dice.chance(50);
            rule.pattern = dice.chance(30).then(|| "[A-Z]{2,5}-[0-9]+\"#".into());
            (FieldKind::Text(rule), Literal::Text("it's \"so\"\n".into()))
        }
        1 => (
            FieldKind::Text(text(TextShape::Text, 0, 10_000)),
            Literal::Text(String::new()),
        ),
        2 => (
            FieldKind::Integer(Range {
                min: Some(-5),
                max: dice.chance(50).then_some(1_000_000),
            }),
            Literal::Integer(-5),
        ),
        3 => (
            FieldKind::WideInteger(Range::default()),
            Literal::WideInteger(i64::MIN),
        ),
        4 => (
            FieldKind::Number(Range {
                min: Some(-0.5),
                max: None,
            }),
            Literal::Number(1e21),
        ),
        5 => {
            let value = DecimalValue {
                wire: "12.50".into(),
                units: 125_000,
            };
            (
                FieldKind::Decimal {
                    scale: 2,
                    range: Range {
                        min: Some(value.clone()),
                        max: None,
                    },
                },
                Literal::Decimal(value),
            )
        }
        6 => (FieldKind::Boolean, Literal::Boolean(true)),
        7 => (
            FieldKind::Uuid,
            Literal::Uuid("00000000-0000-7000-8000-000000000001".into()),
        ),
        8 => (
            FieldKind::Date(one(moment("2026-01-02", 1))),
            Literal::Date(moment("2026-01-02", 1)),
        ),
        9 => (
            FieldKind::Time(Range {
                min: None,
                max: None,
            }),
            Literal::Time(moment("08:30:00", 30_600_000)),
        ),
        10 => (
            FieldKind::Datetime(Range {
                min: None,
                max: None,
            }),
            Literal::Datetime(moment("2026-01-02T03:04:05.678Z", 1_767_323_045_678)),
        ),
        11 => (FieldKind::Ip, Literal::Ip("192.0.2.1".into())),
        12 => {
            let values: Vec<String> = (0..=dice.roll(8))
                .map(|at| dice.name(&format!("v{at}"), longest))
                .collect();
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let first = Choice {
                value: values[0].into(),
                variant: pascal(values[0]),
            };
            (
                choices(&format!("{}{}", pascal(resource), pascal(name)), &values),
                Literal::Choice(first),
            )
        }
        13 => {
            let of = FieldKind::Decimal {
                scale: 2,
                range: Range {
                    min: None,
                    max: None,
                },
            };
            let rule = ListRule {
                of: Box::new(of),
                max_items: 20,
            };
            let value = DecimalValue {
                wire: "12.50".into(),
                units: 125_000,
            };
            let items = vec![Literal::Decimal(value); usize::try_from(dice.roll(3)).unwrap()];
            (FieldKind::List(rule), Literal::List(items))
        }
        14 => (
            FieldKind::Json { max_bytes: 4_096 },
            Literal::Json(serde_json::json!({ "a \"b\"": [1, null, "\n"] })),
        ),
        _ => (
            FieldKind::Bytes { max: 1_000 },
            Literal::Bytes {
                base64: "YWJj".into(),
                bytes: vec![97, 98, 99],
            },
        ),
    }
}
