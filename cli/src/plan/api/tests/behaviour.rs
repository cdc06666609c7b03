//! What the service does otherwise, while every request and every answer looks as before.

use super::*;
use crate::model::{LimitKey, Lists, Profile};

#[test]
fn pages_that_may_be_short() {
    let strict = item("");
    let mut scan = strict.clone();
    scan.lists = Lists::Scan;
    let place = "authorization.lists".to_owned();
    let short = ("pages_may_be_short", place.clone(), true);
    assert_eq!(told(&strict, &scan), [short]);
    assert_eq!(told(&scan, &strict), [("pages_always_full", place, false)]);
}

#[test]
fn what_a_deletion_does_to_those_who_name_the_row() {
    let owned = |what: &str| {
        item(&format!(
            "      by: {{type: ref, to: user, optional: true, on_delete: {what}}}\n"
        ))
    };
    let kinds = [
        ("restrict", "deletion_refused", true),
        ("cascade", "deletion_widened", true),
        ("set_null", "deletion_loosened", false),
    ];
    for (old, _, _) in kinds {
        for (new, kind, breaking) in kinds.iter().filter(|(new, ..)| *new != old) {
            let place = "/api/v1/items#by".to_owned();
            let changes = told(&owned(old), &owned(new));
            assert_eq!(changes, [(*kind, place, *breaking)], "{old} to {new}");
        }
    }
}

#[test]
fn an_access_token_says_itself_how_long_it_holds() {
    let old = item("");
    let mut new = old.clone();
    new.auth.as_mut().unwrap().access_ttl /= 3;
    let place = "auth.access_token.ttl".to_owned();
    assert_eq!(
        told(&old, &new),
        [("limit_tightened", place.clone(), false)]
    );
    assert_eq!(told(&new, &old), [("limit_loosened", place, false)]);
}

#[test]
fn passwords() {
    let old = item("");
    let mut longer = old.clone();
    longer.auth.as_mut().unwrap().passwords.min_length += 5;
    let tightened = told(&old, &longer);
    for place in [
        "/api/v1/users#password",
        "/api/v1/auth/register#password",
        "/api/v1/auth/password/change#new_password",
    ] {
        assert!(
            tightened.contains(&("limit_tightened", place.to_owned(), true)),
            "{tightened:?}"
        );
    }
    assert!(
        told(&longer, &old)
            .iter()
            .all(|(kind, _, breaks)| *kind == "limit_loosened" && !breaks)
    );
    let mut mixed = old.clone();
    mixed.auth.as_mut().unwrap().passwords.profile = Profile::Composition;
    let place = "auth.passwords".to_owned();
    assert_eq!(
        told(&old, &mixed),
        [("limit_tightened", place.clone(), true)]
    );
    assert_eq!(told(&mixed, &old), [("limit_loosened", place, false)]);
}

#[test]
fn what_is_counted_and_who_may_call() {
    let old = item("");
    let mut more = old.clone();
    more.rate_limits.write.keys.push(LimitKey::Ip);
    let place = "rate_limits.write.authenticated".to_owned();
    assert_eq!(
        told(&old, &more),
        [("limit_tightened", place.clone(), true)]
    );
    assert_eq!(told(&more, &old), [("limit_loosened", place, false)]);
    let mut open = old.clone();
    open.http.cors_origins.push("https://a.example".to_owned());
    let place = "http.cors_origins".to_owned();
    assert_eq!(told(&old, &open), [("origin_added", place, false)]);
}
