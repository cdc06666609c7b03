//! Lists hold what the policies say of every row: full pages, exact totals, fields that are hidden on some rows; and
//! policies that SQL cannot say.

use super::{PASSWORD, expect_violations, policies, production, walk};
use crate::support::{Folder, board, users, workshop};
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

/// A member of the workshop with 7 notes of its own among 63 that it does not see, and 2 that everybody does.
fn crowded(service: &TestService) -> Client<'_> {
    let chief = service.administrator();
    let mut ids = Vec::new();
    for (n, email) in ["ann@example.com", "bob@example.com"].iter().enumerate() {
        let body = json!({ "email": email, "badge": n + 1, "password": PASSWORD });
        let created = chief.post("/members", &body);
        created.expect(201);
        ids.push(created.json()["id"].clone());
    }
    for n in 0..70 {
        let owner = &ids[usize::from(n % 10 != 0)];
        let note = json!({ "owner": owner, "title": format!("note {n:02}"), "price": "1.00" });
        chief.post("/notes", &note).expect(201);
    }
    for (title, price) in [("public: cheap", "2.00"), ("public: dear", "900.00")] {
        let note = json!({ "owner": ids[1], "title": title, "price": price });
        chief.post("/notes", &note).expect(201);
    }
    service.login("ann@example.com", PASSWORD)
}

fn page(caller: &Client<'_>, query: &str) -> Value {
    let answer = caller.get(&format!("/notes?{query}"));
    answer.expect(200);
    answer.json()
}

fn titles(page: &Value) -> Vec<&str> {
    let rows = page["data"].as_array().unwrap().iter();
    rows.map(|row| row["title"].as_str().unwrap()).collect()
}

#[test]
fn pages_are_full_and_totals_exact_however_much_is_hidden() {
    let service = workshop().start();
    let ann = crowded(&service);
    let first = page(&ann, "limit=8&count=true&sort=title");
    assert_eq!(first["data"].as_array().unwrap().len(), 8, "{first}");
    assert_eq!(
        (&first["total"], &first["total_capped"]),
        (&json!(9), &json!(false))
    );
    assert!(first["next_cursor"].is_string());
    // The ninth and last: nothing is behind it, and the answer says so at once.
    let exact = page(&ann, "limit=9&count=true");
    assert_eq!(exact["next_cursor"], json!(null));
    for limit in [1, 4, 9, 100] {
        assert_eq!(walk(&ann, "/notes?sort=-title", limit).len(), 9);
    }
    let counted = |query: &str| page(&ann, &format!("{query}&count=true"))["total"].clone();
    assert_eq!(counted("title[contains]=NOTE"), json!(7));
    assert_eq!(counted("title=note+11"), json!(0));
    assert_eq!(counted("title=note+10"), json!(1));
    // The control: a chief sees them all.
    let chief = service.administrator();
    assert_eq!(page(&chief, "count=true")["total"], json!(72));
}

#[test]
fn a_field_that_is_hidden_on_some_rows_is_unset_there() {
    let service = workshop().start();
    let ann = crowded(&service);
    // What is not hers is found by no value of what she does not see of it.
    assert_eq!(titles(&page(&ann, "price=2.00")), [] as [&str; 0]);
    assert_eq!(titles(&page(&ann, "price[gte]=2")), [] as [&str; 0]);
    assert_eq!(page(&ann, "price=1.00&count=true")["total"], json!(7));
    // As if it were unset: it has another value than any, and comes last whichever way it is sorted.
    let others = ["public: cheap", "public: dear"];
    assert_eq!(titles(&page(&ann, "price[ne]=1.00&sort=title")), others);
    assert_eq!(
        titles(&page(&ann, "price[ne]=2.00&sort=-title"))[..2],
        ["public: dear", "public: cheap"]
    );
    for sort in ["price,title", "-price,title"] {
        let rows = walk(&ann, &format!("/notes?sort={sort}"), 2);
        let last: Vec<_> = rows[7..]
            .iter()
            .map(|row| row["title"].as_str().unwrap())
            .collect();
        assert_eq!(last, others, "{sort}");
    }
    // What she sees on no row is unknown.
    let answer = ann.get("/notes?review=good");
    expect_violations(
        &answer,
        400,
        "malformed_parameter",
        &[("review", "unknown_parameter")],
    );
    // The control: a chief finds and sorts by every price.
    let chief = service.administrator();
    assert_eq!(
        titles(&page(&chief, "price[gte]=2&sort=-price")),
        ["public: dear", "public: cheap"]
    );
}

/// Which names are listed depends on a set that is chosen by the row, for which SQL has no words.
const UNSAYABLE: &str = "(if resource.first_name == \"Ada\" then [\"Lovelace\"] else [\"Turing\"]).contains(resource.last_name)";

fn under(condition: &str) -> (production::Start, Folder) {
    let folder = policies(&format!(
        "@id(\"kin\")\npermit (principal, action in Users::Action::\"reads\", resource is Users::User)\nwhen {{ {condition} }};\n\
         @id(\"scope\") forbid (principal, action, resource) unless {{ context.in_scope }};"
    ));
    let path = folder.path().display().to_string();
    let start = production::start(users(), &[], &[("SECAPI_POLICY_DIR", &path)]);
    (start, folder)
}

#[test]
fn a_policy_that_sql_cannot_say_keeps_the_service_from_starting() {
    let (refused, _folder) = under(UNSAYABLE);
    assert!(!refused.listening, "{}", refused.said);
    for part in ["all.cedar:1:1", "`kin`", "`if` with a set in its branches"] {
        assert!(refused.said.contains(part), "{part}: {}", refused.said);
    }
    // The control says the same in words that SQL has.
    let (started, _folder) = under(
        "if resource.first_name == \"Ada\" then resource.last_name == \"Lovelace\" else resource.last_name == \"Turing\"",
    );
    assert!(started.listening, "{}", started.said);
}

#[test]
fn with_scan_what_sql_cannot_say_is_decided_row_by_row() {
    let folder = policies(
        "@id(\"all\") permit (principal, action == Board::Action::\"post:create\", resource is Board::Post);\n\
         @id(\"some\") permit (principal, action in [Board::Action::\"post:list\", Board::Action::\"post:read\"], resource is Board::Post) \
         when { (if resource.title like \"a*\" then [\"ab\", \"ac\"] else [\"zz\"]).contains(resource.title) };\n\
         @id(\"scope\") forbid (principal, action, resource) unless { context.in_scope };",
    );
    let service = board()
        .launch()
        .set("SECAPI_POLICY_DIR", folder.path().display().to_string())
        .start();
    let anonymous = service.anonymous();
    for title in ["aa", "ab", "ac", "ad", "zz", "zy"] {
        anonymous
            .post("/posts", &json!({ "title": title }))
            .expect(201);
    }
    let listed = anonymous.get("/posts?sort=title&count=true").json();
    assert_eq!(titles(&listed), ["ab", "ac", "zz"]);
    assert_eq!(listed["total"], json!(3));
    assert_eq!(walk(&anonymous, "/posts", 1).len(), 3);
}
