//! Tags, and the conditions on them.

use super::*;
use proptest::prelude::*;

fn headers(name: &HeaderName, lines: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(name, line.parse().unwrap());
    }
    headers
}

fn if_match(line: &str) -> Option<Code> {
    precondition(&headers(&IF_MATCH, &[line]), "\"a\"", false)
        .err()
        .map(|error| error.code())
}

fn if_none_match(line: &str) -> Option<Code> {
    precondition(&headers(&IF_NONE_MATCH, &[line]), "\"a\"", false)
        .err()
        .map(|error| error.code())
}

#[test]
fn tags_follow_id_version_and_sight() {
    let key = EtagKey::new(&[1; 32]);
    let (one, other) = (Id::new(), Id::new());
    let tag = strong(&key, one, 1, &["role", "phone"]);
    assert_eq!(tag, strong(&key, one, 1, &["phone", "role"]));
    assert_eq!(tag.len(), 26);
    assert!(tag.starts_with('"') && tag.ends_with('"'));
    for different in [
        strong(&key, other, 1, &["role", "phone"]),
        strong(&key, one, 2, &["role", "phone"]),
        strong(&key, one, 1, &["role"]),
        strong(&key, one, 1, &[]),
        strong(&key, one, 1, &["rolephone"]),
        strong(&EtagKey::new(&[2; 32]), one, 1, &["role", "phone"]),
    ] {
        assert_ne!(tag, different);
    }
}

#[test]
fn a_change_may_rest_on_a_tag_with_what_was_included() {
    let key = EtagKey::new(&[1; 32]);
    let row = strong(&key, Id::new(), 1, &[]);
    let next = strong(&key, Id::new(), 2, &[]);
    let with = |row: &str, part: &str| including(&key, row, &[part.to_owned()]);
    let (one, other) = (with(&row, "owner=1"), with(&row, "owner=2"));
    assert_ne!(one, other);
    assert_ne!(one, including(&key, &row, &[]));
    let change = |tag: &str| precondition(&headers(&IF_MATCH, &[tag]), &row, true).is_ok();
    let read = |tag: &str| not_modified(&headers(&IF_NONE_MATCH, &[tag]), &row).unwrap();
    for current in [&row, &one, &other] {
        assert!(change(current), "{current}");
    }
    let longer = format!("{}x\"", one.trim_end_matches('"'));
    for stale in [&next, &with(&next, "owner=1"), &longer, &format!("W/{one}")] {
        assert!(!change(stale), "{stale}");
    }
    // A read without them gives another representation.
    assert!(read(&row) && !read(&one));
}

#[test]
fn if_match_is_compared_strongly() {
    for right in [
        "\"a\"",
        "*",
        " * ",
        "\"b\", \"a\"",
        "\"b\",\"a\",",
        ",, \"a\"",
        "W/\"x\", \"a\"",
        "\"x,y\" , \"a\"",
    ] {
        assert_eq!(if_match(right), None, "{right}");
    }
    for stale in [
        "\"b\"",
        "W/\"a\"",
        "\"A\"",
        "\"\"",
        "\"b\", W/\"a\"",
        "\"b,\", \"a,\"",
    ] {
        assert_eq!(if_match(stale), Some(Code::PreconditionFailed), "{stale}");
    }
    for wrong in [
        "a",
        "\"a",
        "a\"",
        "",
        ",",
        "\"a\" \"a\"",
        "w/\"a\"",
        "*, \"a\"",
        "\"a b\"",
        "'a'",
        "\"a\";x",
    ] {
        assert_eq!(if_match(wrong), Some(Code::MalformedRequest), "{wrong}");
    }
}

#[test]
fn if_none_match_is_compared_weakly() {
    for same in ["\"a\"", "W/\"a\"", "*", "\"b\", W/\"a\""] {
        assert_eq!(
            if_none_match(same),
            Some(Code::PreconditionFailed),
            "{same}"
        );
        assert!(known(&headers(&IF_NONE_MATCH, &[same])).unwrap(), "{same}");
    }
    assert_eq!(if_none_match("\"b\""), None);
    assert!(!known(&headers(&IF_NONE_MATCH, &["\"b\""])).unwrap());
    assert!(!known(&HeaderMap::new()).unwrap());
    for wrong in ["a", "\"a", ""] {
        let refused = known(&headers(&IF_NONE_MATCH, &[wrong])).unwrap_err();
        assert_eq!(refused.code(), Code::MalformedRequest, "{wrong}");
    }
}

fn known(headers: &HeaderMap) -> Result<bool, Error> {
    not_modified(headers, "\"a\"")
}

#[test]
fn if_match_comes_first() {
    let mut both = headers(&IF_NONE_MATCH, &["\"a\""]);
    both.append(IF_MATCH, "\"b\"".parse().unwrap());
    assert_eq!(known(&both).unwrap_err().code(), Code::PreconditionFailed);
    both.insert(IF_MATCH, "\"a\"".parse().unwrap());
    assert!(known(&both).unwrap());
    both.insert(IF_NONE_MATCH, "nonsense".parse().unwrap());
    both.insert(IF_MATCH, "\"b\"".parse().unwrap());
    assert_eq!(known(&both).unwrap_err().code(), Code::MalformedRequest);
}

#[test]
fn tags_beyond_ascii_are_legal_and_foreign() {
    let mut foreign = HeaderMap::new();
    let line = salvo::http::HeaderValue::from_bytes(b"\"\xe9\"").unwrap();
    foreign.append(IF_MATCH, line.clone());
    assert_eq!(
        known(&foreign).unwrap_err().code(),
        Code::PreconditionFailed
    );
    foreign.clear();
    foreign.append(IF_NONE_MATCH, line);
    assert!(!known(&foreign).unwrap());
}

#[test]
fn a_header_of_several_lines_is_one_list() {
    let two = headers(&IF_MATCH, &["\"b\"", "\"a\""]);
    assert!(precondition(&two, "\"a\"", true).is_ok());
    let mixed = headers(&IF_MATCH, &["*", "\"b\""]);
    assert_eq!(
        precondition(&mixed, "\"a\"", true).unwrap_err().code(),
        Code::MalformedRequest
    );
}

#[test]
fn a_missing_precondition_counts_only_where_it_is_required() {
    assert!(precondition(&HeaderMap::new(), "\"a\"", false).is_ok());
    let missing = precondition(&HeaderMap::new(), "\"a\"", true).unwrap_err();
    assert_eq!(missing.code(), Code::PreconditionRequired);
}

proptest! {
    #[test]
    fn no_header_makes_it_panic(text: String) {
        let _ = Condition::parse(&text);
    }

    #[test]
    fn only_the_very_tag_matches(text in "[W/\"a, *]{0,12}") {
        if let Some(condition) = Condition::parse(&text) {
            let named = text.trim() == "*" || text.contains("\"a\"");
            prop_assert!(named || !condition.matches_strongly("\"a\""));
        }
    }
}
