//! Lists under policies that SQL cannot say, beside others that decide without them; and under policies about the callers of one
//! role.

use super::rotation::{events, wait_until};
use super::{PASSWORD, expect_violations, policies, walk};
use crate::support::{Folder, board, workshop};
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

/// Chiefs do everything, and members read articles. Of a remark they read what SQL has no words for; every moment has a time of
/// its day, so that fails on no row.
const REMARKS: &str = r#"
@id("chiefs") permit (principal in Workshop::Role::"chief", action, resource);
@id("articles") permit (principal is Workshop::Member, action in [Workshop::Action::"article:list", Workshop::Action::"article:read"], resource is Workshop::Article);
@id("odd") permit (principal is Workshop::Member, action == Workshop::Action::"article:read:remark", resource is Workshop::Article)
when { (if resource has draft then ["drafted"] else ["plain"]).contains(resource.title) && resource.created_at.toTime() < duration("24h") };
@id("scope") forbid (principal, action, resource) unless { context.in_scope };
"#;

/// Nor do chiefs read the remark on what is sealed, so it depends on the row for them too.
const SEALED: &str = r#"
@id("sealed") forbid (principal, action == Workshop::Action::"article:read:remark", resource is Workshop::Article)
when { resource.title like "sealed*" };
"#;

/// Titles and remarks.
const ARTICLES: [(&str, Option<&str>); 5] = [
    ("plain", Some("cherry")),
    ("one", Some("apple")),
    ("two", None),
    ("sealed", Some("banana")),
    ("three", Some("Apple pie")),
];

fn under(folder: &Folder) -> TestService {
    let path = folder.path().display().to_string();
    workshop().launch().set("SECAPI_POLICY_DIR", path).start()
}

/// The service's chief with these articles, and a worker.
fn library(service: &TestService) -> (Client<'_>, Client<'_>) {
    let chief = service.administrator();
    for (title, remark) in ARTICLES {
        let mut article = json!({ "title": title });
        if let Some(remark) = remark {
            article["remark"] = json!(remark);
        }
        chief.post("/articles", &article).expect(201);
    }
    (chief, worker(service, "ann@example.com", 1))
}

fn worker<'a>(service: &'a TestService, email: &str, badge: u32) -> Client<'a> {
    let body = json!({ "email": email, "badge": badge, "password": PASSWORD });
    service.administrator().post("/members", &body).expect(201);
    service.login(email, PASSWORD)
}

/// The titles of a list, read in pages of two; each row is what a single read shows.
#[track_caller]
fn titles(caller: &Client<'_>, query: &str) -> Vec<String> {
    let rows = walk(caller, &format!("/articles?{query}"), 2);
    let title = |row: &Value| {
        let id = row["id"].as_str().unwrap();
        assert_eq!(*row, caller.get(&format!("/articles/{id}")).json());
        row["title"].as_str().unwrap().to_owned()
    };
    rows.iter().map(title).collect()
}

/// Whoever may not know of a field on any row that the database could be asked for finds nothing out by it.
#[track_caller]
fn knows_nothing_of_remarks(worker: &Client<'_>) {
    for query in ["remark=apple", "remark[contains]=a"] {
        let answer = worker.get(&format!("/articles?{query}"));
        let name = query.split('=').next().unwrap();
        let expected = [(name, "unknown_parameter")];
        expect_violations(&answer, 400, "malformed_parameter", &expected);
    }
    for query in ["sort=remark", "sort=-remark", "sort=title,remark"] {
        let answer = worker.get(&format!("/articles?{query}"));
        answer.expect_problem(400, "malformed_parameter");
    }
    assert_eq!(titles(worker, "q=apple"), [] as [&str; 0]);
    // What it may read it is shown all the same, and what it may not is not there.
    let rows = walk(worker, "/articles?sort=title", 2);
    let shown = rows
        .iter()
        .filter_map(|row| Some((&row["title"], row.get("remark")?)));
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [(&json!("plain"), &json!("cherry"))]
    );
    assert_eq!(rows.len(), ARTICLES.len());
}

#[test]
fn a_field_that_is_read_on_every_row_is_asked_for_whatever_others_may_read() {
    let folder = policies(REMARKS);
    let service = under(&folder);
    let (chief, worker) = library(&service);
    let sorted = ["three", "one", "sealed", "plain", "two"];
    assert_eq!(titles(&chief, "sort=remark"), sorted);
    let backwards = ["plain", "sealed", "one", "three", "two"];
    assert_eq!(titles(&chief, "sort=-remark"), backwards);
    assert_eq!(titles(&chief, "remark=apple"), ["one"]);
    assert_eq!(
        titles(&chief, "remark[contains]=apple&sort=title"),
        ["one", "three"]
    );
    assert_eq!(titles(&chief, "q=banana"), ["sealed"]);
    let counted = chief.get("/articles?remark[gte]=b&count=true").json();
    assert_eq!(counted["total"], json!(2));
    knows_nothing_of_remarks(&worker);
}

#[test]
fn a_forbid_that_can_be_said_still_hides_the_field() {
    let folder = policies(&format!("{REMARKS}{SEALED}"));
    let service = under(&folder);
    let (chief, worker) = library(&service);
    // Unset where it may not be read, and last, in both directions.
    assert_eq!(
        titles(&chief, "sort=remark")[..3],
        ["three", "one", "plain"]
    );
    assert_eq!(
        titles(&chief, "sort=-remark")[..3],
        ["plain", "one", "three"]
    );
    assert_eq!(titles(&chief, "remark=banana"), [] as [&str; 0]);
    assert_eq!(titles(&chief, "remark=apple"), ["one"]);
    assert_eq!(titles(&chief, "q=banana"), [] as [&str; 0]);
    assert_eq!(titles(&chief, "q=cherry"), ["plain"]);
    knows_nothing_of_remarks(&worker);
}

#[test]
fn a_list_is_decided_row_by_row_only_where_what_cannot_be_said_decides() {
    const ODD: &str = "@id(\"odd\") permit (principal, action in [Board::Action::\"post:list\", Board::Action::\"post:read\"], resource is Board::Post) \
         when { (if resource.title like \"a*\" then [\"ab\"] else [\"zz\"]).contains(resource.title) };\n\
         @id(\"hidden\") forbid (principal, action == Board::Action::\"post:read\", resource is Board::Post) when { resource.title like \"hidden*\" };\n\
         @id(\"scope\") forbid (principal, action, resource) unless { context.in_scope };\n";
    let create = "@id(\"create\") permit (principal, action == Board::Action::\"post:create\", resource is Board::Post);\n";
    let open = "@id(\"open\") permit (principal, action in [Board::Action::\"post:list\", Board::Action::\"post:read\"], resource is Board::Post);\n";
    let cases = [
        (open, "\"filter\":\"sql\"", vec!["aa", "ab", "zz"]),
        ("", "\"filter\":\"scan\"", vec!["ab", "zz"]),
    ];
    for (more, how, expected) in cases {
        let folder = policies(&format!("{ODD}{create}{more}"));
        let path = folder.path().display().to_string();
        let service = board().launch().set("SECAPI_POLICY_DIR", path).start();
        let caller = service.anonymous();
        for title in ["aa", "ab", "hidden", "zz"] {
            caller
                .post("/posts", &json!({ "title": title }))
                .expect(201);
        }
        let rows = walk(&caller, "/posts?sort=title", 2);
        let titles: Vec<_> = rows
            .iter()
            .map(|row| row["title"].as_str().unwrap())
            .collect();
        assert_eq!(titles, expected, "{more}");
        let told = events(&service, "\"filter\"");
        assert!(!told.is_empty());
        assert!(told.iter().all(|line| line.contains(how)), "{told:?}");
    }
}

/// Articles for the workers of whom this holds.
fn for_workers(effect: &str, condition: &str) -> String {
    format!(
        "@id(\"chiefs\") permit (principal in Workshop::Role::\"chief\", action, resource);\n\
         @id(\"some\") {effect} (principal in Workshop::Role::\"worker\", action in [Workshop::Action::\"article:list\", Workshop::Action::\"article:read\"], resource is Workshop::Article) {condition};\n\
         @id(\"scope\") forbid (principal, action, resource) unless {{ context.in_scope }};"
    )
}

#[test]
fn a_role_as_scope_and_what_its_callers_have_decide_over_lists_at_the_start_and_after_a_reload() {
    let folder = policies(&for_workers("permit", "when { principal.badge == 1 }"));
    let service = under(&folder);
    let (chief, ann) = library(&service);
    let bob = worker(&service, "bob@example.com", 2);
    let own = json!({ "title": "bob@example.com" });
    chief.post("/articles", &own).expect(201);
    assert_eq!(titles(&ann, "").len(), 6);
    bob.get("/articles").expect_problem(403, "forbidden");
    let reload = |text: &str, number: usize| {
        folder.write("all.cedar", text);
        wait_until("the new set is in force", || {
            events(&service, "policies_changed").len() == number
        });
    };
    reload(
        &for_workers("permit", "when { principal.email == resource.title }"),
        1,
    );
    assert_eq!(titles(&bob, ""), ["bob@example.com"]);
    assert_eq!(titles(&ann, ""), [] as [&str; 0]);
    let everybody = "@id(\"all\") permit (principal is Workshop::Member, action in [Workshop::Action::\"article:list\", Workshop::Action::\"article:read\"], resource is Workshop::Article);\n";
    let forbid = for_workers(
        "forbid",
        "unless { principal.badge == 1 || resource.title == \"one\" }",
    );
    reload(&format!("{everybody}{forbid}"), 2);
    assert_eq!(titles(&bob, ""), ["one"]);
    assert_eq!(titles(&ann, "").len(), 6);
    assert!(events(&service, "policies_refused").is_empty());
    service.anonymous().get("/articles").expect(401);
}
