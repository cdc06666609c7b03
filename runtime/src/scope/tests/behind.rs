//! What is looked up behind rows: by how many statements, for whom, and until when.

use super::pairs::{Pair, note};
use super::scope;
use crate::authz::{Behind, Engine, Entity, PolicySource};
use crate::resource::Resource;
use crate::scope::Scope;
use crate::store::{ScratchFolder, Sql};
use crate::value::Id;
use std::sync::Arc;

const SCHEMA: &str = r#"namespace App {
    entity Anonymous enum ["anonymous"];
    entity Note = { id: String, label: String };
    entity Pair = { id: String, left: Note, right: Note };
    action "pair:read", "pair:list" appliesTo { principal: [Anonymous], resource: [Pair], context: {} };
}"#;

const POLICY: &str = r#"
@id("left") permit (principal, action == App::Action::"pair:read", resource is App::Pair) when { resource.left.label == "shown" };
@id("all") permit (principal, action == App::Action::"pair:list", resource is App::Pair);
"#;

/// A scope under the policies above; notes 0 to 49 are hidden, 50 is shown.
async fn under(folder: &ScratchFolder) -> Scope {
    let mut scope = scope(folder, 50).await;
    let source = PolicySource {
        file: "pairs.cedar".to_owned(),
        text: POLICY.to_owned(),
    };
    let engine = Engine::load("App", SCHEMA, &[source]).unwrap();
    let context = scope.head.context(&scope.caller, scope.now);
    scope.subject = engine.subject(None, &context).unwrap();
    scope.engine = Arc::new(engine);
    scope.behind = Behind::default();
    scope
}

#[tokio::test]
async fn all_rows_of_a_page_take_one_statement_and_only_where_a_policy_looks_behind_them() {
    let folder = ScratchFolder::new();
    let mut scope = under(&folder).await;
    let pairs = (0..50).map(|n| Pair {
        id: Id::new(),
        notes: [note(if n % 2 == 0 { 50 } else { n }), note(7)],
    });
    let pairs: Vec<Entity> = pairs.map(|pair| pair.entity()).collect();
    let rows: Vec<&Entity> = pairs.iter().collect();
    let actions = |verb: &str| [format!("pair:{verb}")];
    let before = scope.transaction.statements();
    let list = actions("list");
    let looked = scope.look_behind(Pair::references, &list, &rows).await;
    looked.unwrap();
    assert_eq!(scope.transaction.statements() - before, 0);
    assert!(rows.iter().all(|row| scope.judged(&list[0], row).allowed));
    // Nobody has looked yet.
    let read = actions("read");
    assert!(!scope.judged(&read[0], rows[0]).allowed);
    for _ in 0..2 {
        let looked = scope.look_behind(Pair::references, &read, &rows).await;
        looked.unwrap();
        assert_eq!(scope.transaction.statements() - before, 1);
    }
    for (n, row) in rows.iter().enumerate() {
        assert_eq!(scope.judged(&read[0], row).allowed, n % 2 == 0, "{n}");
    }
    // It may have changed with whatever is written, and is not counted on any more.
    scope.execute(Sql::new("SELECT 1")).await.unwrap();
    assert!(!scope.judged(&read[0], rows[0]).allowed);
}
