//! Pages over a table of which the caller sees little, and what a rule or a new account is shown.

use super::*;

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

/// Where a page ends at a row that is not shown, the cursor holds what the list is ordered by.
#[tokio::test]
async fn the_length_of_a_cursor_tells_nothing_of_a_hidden_row() {
    let mut lengths = Vec::new();
    for label in [String::new(), "hidden".to_owned(), "a".repeat(255)] {
        let folder = ScratchFolder::new();
        let mut scope = scope(&folder, 2_500).await;
        let mut write = scope.app.db().write().await.unwrap();
        let sql = Sql::new("UPDATE notes SET label = ?1 WHERE label = 'hidden'");
        write.execute(sql.bind(&label)).await.unwrap();
        write.commit().await.unwrap();
        scope.transaction = scope.app.db().read().await.unwrap();
        let (body, _) = listed(&mut scope, "limit=1&sort=label,id").await;
        assert_eq!(body["data"].as_array().unwrap().len(), 0, "{body}");
        let cursor = body["next_cursor"].as_str().unwrap().to_owned();
        lengths.push(cursor.len());
        // The control: it leads to what is behind that row.
        let next = format!("limit=1&sort=label,id&cursor={cursor}");
        let (body, _) = listed(&mut scope, &next).await;
        assert_eq!(body["data"], json!([{ "label": "shown" }]));
    }
    assert_eq!(lengths[0], lengths[1]);
    assert_eq!(lengths[1], lengths[2]);
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
