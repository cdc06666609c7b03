//! What conditions look like, for policies as people write them.

use super::world::{callers, context, engine};
use crate::authz::condition::lower::{Caller, Lowering};
use crate::authz::condition::truth::Truth;
use crate::authz::condition::{Condition, Dialect, Field, Output, Parameter, Unsayable};
use crate::authz::room::ROOM_TO_DECIDE;
use crate::authz::shape::conjuncts;

#[derive(Default)]
struct Text(String);

impl Output for Text {
    fn text(&mut self, piece: &'static str) {
        self.0.push_str(piece);
    }

    fn parameter(&mut self, value: &Parameter) {
        match value {
            Parameter::Integer(value) => self.0.push_str(&format!("<{value}>")),
            Parameter::Text(text) => self.0.push_str(&format!("<{text}>")),
        }
    }

    fn column(&mut self, field: &Field) {
        match field {
            Field::Attribute(name) => self.0.push_str(name),
            Field::Role => self.0.push_str("role"),
            Field::Behind(reference, field) => {
                self.column(reference);
                self.0.push('.');
                self.column(field);
            }
        }
    }
}

/// Counts the values that are bound.
#[derive(Default)]
struct Values(usize);

impl Output for Values {
    fn text(&mut self, _: &'static str) {}

    fn parameter(&mut self, _: &Parameter) {
        self.0 += 1;
    }

    fn column(&mut self, _: &Field) {}
}

/// How many values a statement has at most is told by how many nodes its conditions have: PostgreSQL takes 65,535 of them, and
/// SQLite half as many.
pub(super) fn assert_few_values(condition: &Condition, told: &str) {
    for (dialect, most) in [(Dialect::Sqlite, 1), (Dialect::Postgres, 2)] {
        let mut values = Values::default();
        condition.write(dialect, &mut values);
        let nodes = condition.size().nodes;
        assert!(
            values.0 <= most * nodes,
            "{} of {nodes}: {told}\n{condition:?}",
            values.0
        );
    }
}

fn written(condition: &Condition, dialect: Dialect) -> String {
    let mut text = Text::default();
    condition.write(dialect, &mut text);
    text.0
}

/// The condition of a list of things for the first caller, who is an ordinary user.
fn asked(policies: &str) -> Result<Condition, Unsayable> {
    let policies = policies.to_owned();
    let work = move || {
        let engine = engine(&policies);
        let subject = engine
            .subject(callers()[0].as_ref(), &context(true))
            .unwrap();
        engine.condition(&subject, "thing:list", "Thing")
    };
    // Without optimization Cedar needs more room for deep policies than a test has.
    let room = std::thread::Builder::new().stack_size(ROOM_TO_DECIDE);
    room.spawn(work).unwrap().join().unwrap()
}

fn sqlite(policies: &str) -> String {
    written(&asked(policies).unwrap(), Dialect::Sqlite)
}

/// A permit of everybody on things that fulfil this.
fn when(condition: &str) -> String {
    format!(
        "@id(\"p\") permit (principal is App::User, action, resource is App::Thing) when {{ {condition} }};"
    )
}

#[test]
fn default_policies_become_plain_conditions() {
    let scope = "@id(\"scope\") forbid (principal, action, resource) unless { context.in_scope };";
    let admins = "@id(\"admins\") permit (principal in App::Role::\"admin\", action, resource);";
    let owner = when("resource.owner == principal");
    assert_eq!(sqlite(&format!("{scope}{admins}{owner}")), "(owner = <u1>)");
    assert_eq!(sqlite(scope), "FALSE");
    let everyone = "@id(\"all\") permit (principal, action, resource);";
    assert!(asked(&format!("{scope}{everyone}")).unwrap().is_always());
    let closed = scope.replace("unless", "when");
    assert!(asked(&format!("{closed}{everyone}")).unwrap().is_never());
}

#[test]
fn a_condition_asks_what_cedar_asks() {
    for (condition, sql) in [
        ("resource.open", "(open = 1)"),
        ("!resource.open", "(open = 0)"),
        (
            "resource has note && resource.note like \"a*[\"",
            "(note IS NOT NULL) AND (note GLOB <a*[[]>)",
        ),
        (
            "resource.open || resource.owner == principal",
            "((open = 1) OR (owner = <u1>))",
        ),
        ("principal in resource.owner", "(owner = <u1>)"),
        (
            "resource.tags.contains(\"x\")",
            "EXISTS (SELECT 1 FROM json_each(tags) AS \"found\" WHERE \"found\".\"value\" = <x>)",
        ),
        (
            "[\"a\", \"b\"].contains(resource.title)",
            "(title IN (<a>, <b>))",
        ),
        (
            "resource.price.lessThan(decimal(\"1.5\"))",
            "(price < <15000>)",
        ),
        (
            "resource.created_at < datetime(\"1970-01-02\")",
            "(created_at < <86400000>)",
        ),
        ("resource has title && resource is App::Thing", "TRUE"),
    ] {
        assert_eq!(sqlite(&when(condition)), sql, "{condition}");
    }
}

/// `resource.size + 1 > 0`, as Cedar turns it round.
const COMPUTED: &str = "(NOT ((SELECT CASE typeof(\"exact\".\"value\") WHEN 'integer' THEN \"exact\".\"value\" END \
     FROM (SELECT (size) + (<1>) AS \"value\") AS \"exact\") <= <0>))";

#[test]
fn an_error_of_any_policy_hides_the_row() {
    let computed = when("resource.size + 1 > 0");
    let open = "@id(\"q\") permit (principal, action, resource is App::Thing);";
    let other = when("resource.open").replace("\"p\"", "\"r\"");
    let settled = format!("({COMPUTED} IS NOT NULL)");
    assert_eq!(sqlite(&computed), COMPUTED);
    assert_eq!(sqlite(&format!("{computed}{open}")), settled);
    assert_eq!(
        sqlite(&format!("{computed}{other}")),
        format!("((open = 1) OR {COMPUTED}) AND {settled}")
    );
    let forbids = computed.replace("@id(\"p\") permit", "@id(\"f\") forbid");
    let not_forbidden = COMPUTED
        .strip_prefix("(NOT ")
        .unwrap()
        .strip_suffix(')')
        .unwrap();
    assert_eq!(sqlite(&format!("{forbids}{open}")), not_forbidden);
}

#[test]
fn where_the_left_may_fail_there_is_no_plain_or() {
    let sql = sqlite(&when("resource.size + 1 > 0 || resource.open"));
    assert_eq!(
        sql,
        format!("(CASE {COMPUTED} WHEN TRUE THEN TRUE WHEN FALSE THEN (open = 1) END)")
    );
    let sql = sqlite(&when("resource.open || resource.size + 1 > 0"));
    assert_eq!(sql, format!("((open = 1) OR {COMPUTED})"));
}

#[test]
fn postgres_says_the_same_in_its_own_words() {
    let condition = asked(&when(
        "resource.tags.contains(\"x\") && resource.title like \"a%*\"",
    ))
    .unwrap();
    assert_eq!(
        written(&condition, Dialect::Postgres),
        "EXISTS (SELECT 1 FROM jsonb_array_elements(CAST(tags AS JSONB)) AS \"found\" (\"value\") WHERE \
         \"found\".\"value\" = to_jsonb(CAST(<x> AS TEXT))) AND (title COLLATE \"C\" LIKE CAST(<a\\%%> AS TEXT) ESCAPE '\\')"
    );
}

/// A caller may be in a thousand rows of a relation, and a statement has an end: its text is the same for four and for a thousand.
#[test]
fn more_than_three_values_are_bound_as_one() {
    let one_of = |values: &str| when(&format!("[{values}].contains(resource.title)"));
    let sqlite = |values: &str| sqlite(&one_of(values));
    let postgres = |text: &str| written(&asked(text).unwrap(), Dialect::Postgres);
    assert_eq!(sqlite(r#""a", "b", "c""#), "(title IN (<a>, <b>, <c>))");
    assert_eq!(
        sqlite(r#""a", "b", "c", "\"\\""#),
        r#"(title IN (SELECT "given"."value" FROM json_each(<["\"\\","a","b","c"]>) AS "given"))"#
    );
    // PostgreSQL is told of up to eight how many there are.
    let eight = r#""a", "b", "c", "d", "e", "f", "g", "h""#;
    let casts = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|it| format!("CAST(<{it}> AS TEXT)"));
    assert_eq!(
        postgres(&one_of(eight)),
        format!("(title IN ({}))", casts.join(", "))
    );
    // What stands between more of them is in none of them.
    assert_eq!(
        postgres(&one_of(&format!("{eight}, \"\""))),
        "(title = ANY (string_to_array(CAST(<,a,b,c,d,e,f,g,h> AS TEXT), CAST(<,> AS TEXT))))"
    );
    assert_eq!(
        postgres(&one_of(&format!("{eight}, \",\""))),
        "(title = ANY (string_to_array(CAST(<,\u{1}a\u{1}b\u{1}c\u{1}d\u{1}e\u{1}f\u{1}g\u{1}h> AS TEXT), CAST(<\u{1}> AS TEXT))))"
    );
    assert_eq!(
        postgres(&when(
            "[4, -1, 2, 3, 5, 6, 7, 8, 9].contains(resource.size)"
        )),
        "(size = ANY (CAST(string_to_array(CAST(<-1,2,3,4,5,6,7,8,9> AS TEXT), CAST(<,> AS TEXT)) AS BIGINT[])))"
    );
    let tags = when(r#"resource.tags.containsAny(["a", "b", "c", "d"])"#);
    assert_eq!(
        postgres(&tags).matches('<').count(),
        1,
        "{}",
        postgres(&tags)
    );
}

/// Each by itself, where nothing else makes room for its values.
#[test]
fn no_condition_has_more_values_than_its_size_tells() {
    let texts = |count: usize| {
        let all = (0..count).map(|number| format!("\"t{number}\""));
        all.collect::<Vec<_>>().join(", ")
    };
    let alone = [
        "resource.title like \"a*\"",
        "resource.size + 1 < 2",
        "resource.created_at.toTime() < duration(\"1h\")",
        "resource.span.toDays() == 3",
        "resource == App::Thing::\"t1\"",
        "resource.tags.contains(\"a\")",
    ];
    let many = (1..=20).flat_map(|count| {
        let texts = texts(count);
        [
            format!("[{texts}].contains(resource.title)"),
            format!("resource.tags.containsAny([{texts}])"),
            format!("resource.tags.containsAll([{texts}])"),
            format!("[{texts}].containsAll(resource.tags)"),
        ]
    });
    for said in alone.iter().map(|it| (*it).to_owned()).chain(many) {
        let condition = asked(&when(&said)).unwrap();
        assert!(!condition.fields().is_empty(), "{said}");
        assert_few_values(&condition, &said);
    }
}

#[test]
fn what_is_asked_twice_is_said_once() {
    let condition = asked(&when("resource.open")).unwrap();
    let both = condition.clone().and(condition.clone()).unwrap();
    assert_eq!(both, condition);
    assert_eq!(condition.fields(), [Field::Attribute("open".into())]);
}

#[test]
fn what_is_too_large_for_a_statement_is_not_said() {
    let sizes = |from: usize| {
        let all = (from..from + 40).map(|number| format!("resource.size == {number}"));
        all.collect::<Vec<_>>().join(" || ")
    };
    let policies = |count: usize| {
        let policy =
            |number: usize| when(&sizes(number * 40)).replace("\"p\"", &format!("\"p{number}\""));
        (0..count).map(policy).collect::<String>()
    };
    assert!(asked(&policies(4)).is_ok());
    assert_eq!(asked(&policies(20)).unwrap_err().policy, None);
}

#[test]
fn what_is_too_deep_is_not_followed() {
    let deep = (0..22).fold("resource.open".to_owned(), |inner, _| {
        format!("!!!({inner})")
    });
    let unsayable = asked(&when(&deep)).unwrap_err();
    assert_eq!(unsayable.policy, Some("p".to_owned()));
}

#[test]
fn what_is_in_nothing_may_still_not_be_there() {
    let engine = engine("");
    let callers = [];
    let lowering = Lowering::new(&engine.shapes, "App::Thing".into(), Caller::Known(&callers));
    let truth = |left: &str| {
        let policy = format!("permit (principal, action, resource) when {{ {left} in [] }};");
        let conditions = conjuncts(&policy.parse().unwrap()).unwrap();
        lowering.truth(&conditions[0]).unwrap()
    };
    assert_eq!(truth("resource"), Truth::Known(false));
    let behind = truth("resource.base.owner");
    assert!(!matches!(behind, Truth::Known(_)), "{behind:?}");
}
