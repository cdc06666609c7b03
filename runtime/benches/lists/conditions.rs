//! What making the condition of a list costs.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use secapi_runtime::authz::{Attribute, Engine, Entity, PolicySource};

use super::measured::{ROUNDS, median, us};
use super::world::{condition, repository, user};

/// A policy sees the caller alone, so each new caller makes a condition anew; the same one asks again.
pub(crate) fn conditions() {
    println!("the conditions of one list, for `list` and `read`, p50");
    let (todo, account) = (("todo", "Todo"), ("user", "User"));
    for (label, engine, (name, kind)) in [
        ("todo-list: todos", example(), todo),
        ("todo-list: users", example(), account),
        ("1 permit", permits(1), todo),
        ("2 permits", permits(2), todo),
        ("5 permits", permits(5), todo),
    ] {
        let mut number = 0_u32;
        let made = p50(|| {
            number += 1;
            let caller = caller(&number.to_string());
            black_box(condition(&engine, name, kind, &caller));
        });
        let kept = p50(|| {
            black_box(condition(&engine, name, kind, &caller("o77")));
        });
        println!("  {label:18} built {made:>8.1} us, kept {kept:>6.1} us");
    }
}

/// Who signs in at the example has a name and an address as well.
fn caller(id: &str) -> Entity {
    let mut caller = user(id);
    let text = |name: &'static str, text: &str| (name, Attribute::String(text.to_owned()));
    caller
        .attributes
        .extend([text("email", "ann@example.com"), text("name", "Ann")]);
    caller
}

fn p50(mut work: impl FnMut()) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        work();
        us(start.elapsed())
    });
    median(times.collect())
}

/// Each has a condition of another form; the first is the owner's.
fn permits(count: usize) -> Engine {
    let forms = [
        "resource.owner == principal",
        "resource.done && resource.priority < 3",
        "resource has notes && resource.notes like \"public*\"",
        "principal.email == resource.title",
        "[\"a\", \"b\"].contains(resource.title)",
    ];
    let mut text = String::new();
    for (number, form) in forms.iter().take(count).enumerate() {
        let _ = writeln!(
            text,
            "@id(\"p{number}\") permit (principal is TodoList::User, action in TodoList::Action::\"reads\", resource is TodoList::Todo) when {{ {form} }};"
        );
    }
    let file = "all.cedar".to_owned();
    loaded(&[PolicySource { file, text }])
}

/// The policies of the example.
fn example() -> Engine {
    let files = ["administrators", "scope", "todo", "user"];
    let sources = files.map(|name| {
        let file = format!("{name}.cedar");
        let text = of_example(&file);
        PolicySource { file, text }
    });
    loaded(&sources)
}

fn loaded(sources: &[PolicySource]) -> Engine {
    let schema = of_example("schema.cedarschema");
    Engine::load("TodoList", &schema, sources).expect("valid policies")
}

fn of_example(file: &str) -> String {
    let folder = repository().join("examples/todo-list/policies");
    std::fs::read_to_string(folder.join(file)).expect("a file of the example")
}
