//! Columns that refer to rows, and what is included of these.

use super::*;

static OWNER: crate::related::Related = crate::related::Related {
    resource: "owner",
    kind: "Owner",
    guarded: &[],
    by_ids: "",
    read: |_| Err(Error::internal("nobody reads it here")),
    listing: &OWNED,
};
static FIELDS: [crate::related::RelatedField; 2] = [
    crate::related::RelatedField::new("owner", &OWNER),
    crate::related::RelatedField::new("lead", &OWNER),
];
static OWNED: Listing = Listing {
    select: r#"SELECT "id", "owner" FROM "things""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("owner", r#""owner""#, Kind::Reference),
    ],
    references: || &[],
};

fn codes<T>(outcome: Result<T, Error>) -> Vec<&'static str> {
    let violations = outcome.err().map(|error| error.violations().to_vec());
    let violations = violations.unwrap_or_default().into_iter();
    violations.map(|violation| violation.code).collect()
}

#[test]
fn references_have_identity_and_no_order() {
    let owned =
        |query: &str| ListQuery::parse(&OWNED, query, &|_| true, &key(), b"ann\n/things", now());
    let id = "018f4f3a-9c3b-7d2e-8a1b-0123456789ab";
    for legal in ["", "[eq]", "[ne]", "[in]"] {
        assert!(owned(&format!("owner{legal}={id}")).is_ok(), "{legal}");
    }
    for (query, code) in [
        (format!("owner[lt]={id}"), "operator"),
        (format!("owner[contains]={id}"), "operator"),
        ("owner=x".to_owned(), "uuid"),
        (format!("owner[in]={id},x"), "uuid"),
        ("sort=owner".to_owned(), "unknown_field"),
    ] {
        assert_eq!(codes(owned(&query)), [code], "{query}");
    }
}

#[test]
fn what_is_included_is_named_once_and_known() {
    let known: Vec<_> = FIELDS.iter().collect();
    let ask = |query: &str| Include::parse(query, &known);
    let names = |query: &str| -> Option<Vec<&str>> {
        let fields = ask(query).unwrap().fields?;
        Some(fields.iter().map(|field| field.name).collect())
    };
    assert_eq!(names(""), None);
    assert_eq!(names("include=lead,owner"), Some(vec!["lead", "owner"]));
    for (query, expected) in [
        ("include=", vec!["unknown_field"]),
        ("include=owner,", vec!["unknown_field"]),
        ("include=owner,owner", vec!["repeated"]),
        ("include=owner&include=lead", vec!["repeated"]),
        ("include=owner&limit=1", vec!["unknown"]),
        ("x&y", vec!["unknown", "unknown"]),
    ] {
        assert_eq!(codes(ask(query)), expected, "{query}");
    }
    // A flood of names is answered shortly.
    let flood = format!("include={}", "x,".repeat(2000));
    assert_eq!(codes(ask(&flood)).len(), 3);
}
