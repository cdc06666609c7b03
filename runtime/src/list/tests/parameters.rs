//! What the parameters of a list may be, and whom its cursor belongs to.

use super::*;

#[test]
fn every_problem_is_named_at_once() {
    let query = "limit=0&limit=5&sort=nope,-name,name&age[gte]=x&foo=1&age[like]=1&count=yes&a=%zz&cursor=forged";
    assert_eq!(
        wrong(query),
        [
            "encoding",
            "type",
            "repeated",
            "type",
            "unknown_parameter",
            "operator",
            "type",
            "unknown_field",
            "repeated"
        ]
    );
}

#[test]
fn parameters_have_their_types() {
    for right in [
        "",
        "limit=1",
        "limit=100",
        "count=true",
        "count=false",
        "sort=-age,name",
        "sort=id",
        "age=1",
        "age[in]=1,2,3",
        "name[contains]=%25_",
        "score[lt]=1e3",
        "name=",
        "name[ne]=a%2Cb",
        "id[gt]=018f4f3a-9c3b-7d2e-8a1b-0123456789ab",
        "age[gte]=1&age[lt]=9",
    ] {
        assert!(ask(right).is_ok(), "{right}");
    }
    for (query, code) in [
        ("limit=101", "type"),
        ("limit=", "type"),
        ("limit=%2B5", "type"),
        ("limit=5.0", "type"),
        ("count=", "type"),
        ("sort=", "unknown_field"),
        ("sort=age,", "unknown_field"),
        ("sort=--age", "unknown_field"),
        ("age=", "type"),
        ("age=1.5", "type"),
        ("age=9007199254740993", "type"),
        ("age[in]=1,,2", "type"),
        ("age[contains]=1", "operator"),
        ("role=user", "unknown_parameter"),
        ("sort=role", "unknown_field"),
        ("score=NaN", "type"),
        ("score=inf", "type"),
        ("score=1e999", "type"),
        ("id=1", "uuid"),
        ("name[]=a", "operator"),
        ("name[eq=a", "unknown_parameter"),
        ("name[eq]]=a", "operator"),
        ("name=a&name[eq]=b", "repeated"),
        ("cursor=x", "cursor"),
        ("cursor=", "cursor"),
        ("Name=a", "unknown_parameter"),
        ("=", "unknown_parameter"),
    ] {
        assert_eq!(wrong(query), [code], "{query}");
    }
    assert_eq!(wrong("sort=name,age,score,id,role"), ["max_items"]);
    assert_eq!(
        wrong(&format!("age[in]={}", ["1"; 101].join(","))),
        ["max_items"]
    );
    assert_eq!(
        wrong(&format!("name[contains]={}", "a".repeat(201))),
        ["max_length"]
    );
}

#[test]
fn a_guarded_field_is_like_an_unknown_one_to_those_who_may_not_read_it() {
    let details = |query: &str| {
        let error = ask(query).unwrap_err();
        let detail = |violation: &crate::Violation| {
            (violation.code, violation.detail.replace("nope", "role"))
        };
        error.violations().iter().map(detail).collect::<Vec<_>>()
    };
    for (guarded, unknown) in [
        ("role=user", "nope=user"),
        ("role[x]=1", "nope[x]=1"),
        ("role[lt]=?", "nope[lt]=?"),
        ("sort=-role", "sort=-nope"),
    ] {
        assert_eq!(details(guarded), details(unknown));
    }
    assert!(ask_as("role=user&sort=role", true, b"").is_ok());
    let error = ask_as("role=root", true, b"").unwrap_err();
    assert_eq!(error.violations()[0].code, "choice");
}

#[test]
fn a_cursor_continues_its_own_list_only() {
    let home = b"ann\n/people";
    let query = ask("sort=-age&age[gte]=1&name=a").unwrap();
    let position = Position(vec![SqlValue::from(5), SqlValue::from(Id::new())]);
    let cursor = query.seal(&position, &key(), now()).unwrap();
    let accepts = |query: String, binding: &[u8]| ask_as(&query, true, binding).is_ok();
    assert!(accepts(
        format!("cursor={cursor}&sort=-age&age[gte]=1&name=a"),
        home
    ));
    assert!(accepts(
        format!("name=a&age[gte]=1&cursor={cursor}&sort=-age&limit=3&count=true"),
        home
    ));
    for other in [
        "sort=age&age[gte]=1&name=a",
        "sort=-age&age[gte]=2&name=a",
        "sort=-age&age[gt]=1&name=a",
        "sort=-age&age[gte]=1",
        "",
        "sort=-age,id&role=user",
    ] {
        assert!(
            !accepts(format!("{other}&cursor={cursor}"), home),
            "{other}"
        );
    }
    assert!(!accepts(
        format!("cursor={cursor}&sort=-age&age[gte]=1&name=a"),
        b"bob\n/people"
    ));
    let late = now().plus_millis(24 * 60 * 60 * 1000 + 1);
    let again = format!("cursor={cursor}&sort=-age&age[gte]=1&name=a");
    assert!(ListQuery::parse(&LISTING, &again, &|_| true, &key(), home, late).is_err());
}
