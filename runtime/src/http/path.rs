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

/// No parameter of a route has characters that need an escape, so with one it is another spelling (RFC 3986, 6.2.2.2) or no
/// value at all.
fn is_plain(segment: &str) -> bool {
    !segment.contains('%')
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
        assert!(!is_spelled_as("/api/v1/users/%37", "api/v1/users/{id}"));
        assert!(!is_spelled_as("/users//", "users/{id}"));
        assert!(!is_spelled_as("/users/1/", "users/{id}"));
    }
}
