//! Rows that refer to others: what is included of these, and who may refer to them.

use super::*;

static NOTES: Related = Related::of::<Note>(
    r#"SELECT "id", "label" FROM "notes" WHERE "id" IN (SELECT "value" FROM json_each(?1))"#,
    |row| from_row(row).map(RelatedRow::of),
    &LISTING,
);

static LEFT: RelatedField = RelatedField::new("left", &NOTES);
static RIGHT: RelatedField = RelatedField::new("right", &NOTES);

/// A row that refers to two notes.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) id: Id,
    pub(super) notes: [Id; 2],
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

pub(super) fn note(number: i64) -> Id {
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
