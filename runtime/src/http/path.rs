//! One route has one spelling: `/users/`, `//users`, `/Users` and `/%75sers` are not `/users`.
//!
//! salvo's router forgives empty segments and decodes before it compares. What a proxy in front compares literally must
//! mean the same here, so a path that only matches after such repairs is no route.

use salvo::http::{Request, Response};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::problem;
use crate::error::Error;

/// Answers 404 where the path is not spelled as its route.
#[derive(Debug)]
pub(super) struct ExactPath;

#[async_trait]
impl Handler for ExactPath {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let matched = request.matched_path();
        if !matched.is_empty() && !is_spelled_as(request.uri().path(), matched) {
            problem::refuse(&Error::not_found(), depot, response, control);
        }
    }
}

/// True if every literal segment is there byte for byte and nothing else is.
fn is_spelled_as(path: &str, matched: &str) -> bool {
    let Some(path) = path.strip_prefix('/') else {
        return false;
    };
    let mut segments = path.split('/');
    let mut parts = matched.split('/');
    loop {
        match (segments.next(), parts.next()) {
            (None, None) => return true,
            (Some(segment), Some(part))
                if part.starts_with('{') && !segment.is_empty() && is_plain(segment) => {}
            (Some(segment), Some(part)) if segment == part => {}
            _ => return false,
        }
    }
}

/// An escape of a character that needs none is another spelling of it (RFC 3986, 6.2.2.2). Any other escape is what the value
/// of the parameter says, and its rule decides on it.
fn is_plain(segment: &str) -> bool {
    let escapes = segment.split('%').skip(1);
    escapes.filter_map(escaped).all(|byte| {
        let needs_none = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        !needs_none
    })
}

/// The byte that the first two digits behind a `%` stand for.
fn escaped(behind: &str) -> Option<u8> {
    u8::from_str_radix(behind.get(..2)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::is_spelled_as;

    #[test]
    fn spelling() {
        assert!(is_spelled_as("/api/v1/users", "api/v1/users"));
        assert!(is_spelled_as("/api/v1/users/7", "api/v1/users/{id}"));
        for path in [
            "/api/v1/users/",
            "//api/v1/users",
            "/api//v1/users",
            "/api/v1/Users",
            "/api/v1/%75sers",
            "/api/v1",
            "*",
            "",
        ] {
            assert!(!is_spelled_as(path, "api/v1/users"), "{path}");
        }
        for (id, is_other) in [
            ("%37", true),
            ("a%5fb", true),
            ("%7E", true),
            ("%00", false),
            ("%", false),
            ("%2", false),
            ("%C3%A4", false),
            ("{id}", false),
        ] {
            let path = format!("/api/v1/users/{id}");
            assert_eq!(is_spelled_as(&path, "api/v1/users/{id}"), !is_other, "{id}");
        }
        assert!(!is_spelled_as("/users//", "users/{id}"));
        assert!(!is_spelled_as("/users/1/", "users/{id}"));
    }
}
