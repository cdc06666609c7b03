//! Other methods and other spellings of a path are never a way around authorization: each is refused by its own rule, and
//! nothing changes.

use super::registered;
use crate::support::users;
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};

/// Every route of user management with each method that it has.
const ROUTES: &[(&str, &[&str])] = &[
    ("/api/v1/auth/register", &["POST"]),
    ("/api/v1/auth/login", &["POST"]),
    ("/api/v1/auth/refresh", &["POST"]),
    ("/api/v1/auth/logout", &["POST"]),
    ("/api/v1/auth/sessions", &["GET"]),
    ("/api/v1/auth/sessions/{id}", &["DELETE"]),
    ("/api/v1/auth/password/change", &["POST"]),
    ("/api/v1/users", &["GET", "POST"]),
    ("/api/v1/users/me", &["GET"]),
    ("/api/v1/users/{id}", &["DELETE", "GET", "PATCH"]),
    ("/api/v1/users/{id}/disable", &["POST"]),
    ("/api/v1/users/{id}/enable", &["POST"]),
    ("/api/v1/users/{id}/sessions", &["DELETE", "GET"]),
    ("/health/live", &["GET"]),
    ("/health/ready", &["GET"]),
    ("/.well-known/jwks.json", &["GET"]),
    ("/openapi.json", &["GET"]),
    ("/docs", &["GET"]),
    ("/problems/internal", &["GET"]),
];

/// Headers and a parameter by which some frameworks let a client choose another method.
const OVERRIDES: &[&str] = &[
    "X-HTTP-Method-Override",
    "X-HTTP-Method",
    "X-Method-Override",
    "_method",
];

struct Stage<'a> {
    service: &'a TestService,
    caller: Client<'a>,
    victim: String,
}

impl<'a> Stage<'a> {
    fn set(service: &'a TestService) -> Self {
        let (_, path) = registered(service, "victim@example.com");
        let (caller, _) = registered(service, "caller@example.com");
        Self {
            service,
            caller,
            victim: path.rsplit('/').next().unwrap().to_owned(),
        }
    }

    fn callers(&self) -> [(&'static str, Client<'a>); 2] {
        let token = self.caller.token().expect("the caller is signed in");
        [
            ("anonymous", self.service.anonymous()),
            ("signed in", self.service.bearer(token)),
        ]
    }

    fn path(&self, template: &str) -> String {
        template.replace("{id}", &self.victim)
    }

    /// What no request of these tests may change.
    fn state(&self) -> String {
        let sql = "SELECT group_concat(id || version || email || role) FROM users;\
                   SELECT count(*), count(revoked_at) FROM secapi_sessions;\
                   SELECT group_concat(password_hash) FROM secapi_credentials;";
        super::sqlite(self.service.folder(), sql)
    }
}

/// An answer as it came, with the target exactly as it is written here.
fn raw(stage: &Stage<'_>, token: Option<&str>, method: &str, target: &str) -> Answer {
    let credential = token
        .map(|token| format!("Authorization: Bearer {token}\r\n"))
        .unwrap_or_default();
    let body = r#"{"age": 99}"#;
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{credential}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stage.service.raw(request.as_bytes())
}

fn allow(methods: &[&str]) -> String {
    let mut allowed = methods.to_vec();
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    allowed.push("OPTIONS");
    allowed.sort_unstable();
    allowed.join(", ")
}

#[test]
fn the_table_has_every_route() {
    let service = users().start();
    let document = service.anonymous().get("/openapi.json").json();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace("{code}", "internal");
        let known = ROUTES.iter().find(|(route, _)| *route == path);
        let (_, methods) = known.unwrap_or_else(|| panic!("{path} is not in the table"));
        let mut declared: Vec<String> = item
            .as_object()
            .unwrap()
            .keys()
            .map(|name| name.to_uppercase())
            .collect();
        declared.sort();
        assert_eq!(declared, *methods, "{path}");
    }
    assert_eq!(document["paths"].as_object().unwrap().len(), ROUTES.len());
}

#[test]
fn a_method_that_a_route_has_not_is_405_for_everyone_and_does_nothing() {
    let service = users().start();
    let stage = Stage::set(&service);
    let before = stage.state();
    let all = [
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "TRACE",
        "CONNECT",
        "PROPFIND",
        "LOCK",
        "get",
        "Delete",
        "PATCHX",
        "FROBNICATE",
    ];
    for (template, methods) in ROUTES {
        let path = stage.path(template);
        for (who, caller) in stage.callers() {
            for method in all {
                let is_one =
                    methods.contains(&method) || (method == "HEAD" && methods.contains(&"GET"));
                // CONNECT has no path: the target is an authority, which a service that is no proxy refuses.
                if is_one || method == "CONNECT" {
                    continue;
                }
                let answer = raw(&stage, caller.token(), method, &path);
                let what = format!("{who}: {method} {path}");
                assert_eq!(answer.status(), 405, "{what}");
                assert_eq!(answer.header("allow"), allow(methods), "{what}");
                if method != "HEAD" {
                    answer.expect_problem(405, "method_not_allowed");
                }
            }
            let options = raw(&stage, caller.token(), "OPTIONS", &path);
            assert_eq!(
                (options.status(), options.body()),
                (204, &b""[..]),
                "{who}: {path}"
            );
            assert_eq!(options.header("allow"), allow(methods));
        }
    }
    let token = stage.caller.token();
    for target in [
        "localhost:80",
        "localhost",
        stage.path("/api/v1/users/{id}").as_str(),
    ] {
        let status = raw(&stage, token, "CONNECT", target).status();
        assert!((400..500).contains(&status), "CONNECT {target}: {status}");
    }
    assert_eq!(stage.state(), before);
    // The control: with the method that the route has, and the right to it, something does change.
    let admin = service.administrator();
    let path = stage.path("/api/v1/users/{id}");
    admin.patch(&path, &json!({ "age": 99 })).expect(200);
    admin.delete(&path).expect(204);
    assert_ne!(stage.state(), before);
}

#[test]
fn no_header_and_no_parameter_chooses_another_method() {
    let service = users().start();
    let stage = Stage::set(&service);
    let admin = service.administrator();
    let path = stage.path("/api/v1/users/{id}");
    let before = stage.state();
    for name in OVERRIDES {
        for method in ["DELETE", "PATCH", "PUT"] {
            // Whoever may do both gets what the request line says, and no more.
            let read = admin.send("GET", &path, &[(name, method)], None);
            assert_eq!(read.expect(200).json()["id"], stage.victim.as_str());
            let posted = admin.send("POST", &path, &[(name, method)], Some(&json!({})));
            posted.expect_problem(405, "method_not_allowed");
            let list = admin.send("GET", "/users", &[(name, "POST")], None);
            assert!(list.expect(200).json()["data"].is_array());
            let query = format!("{path}?{name}={method}");
            admin.get(&query).expect_problem(400, "malformed_parameter");
            let posted = admin.send("POST", &query, &[], Some(&json!({ "_method": method })));
            posted.expect_problem(405, "method_not_allowed");
        }
        // Nor does a reading method make a refused one of a writing one.
        let refused = stage.caller.send("DELETE", &path, &[(name, "GET")], None);
        refused.expect_problem(403, "forbidden");
        let hidden = stage.caller.send("GET", &path, &[(name, "OPTIONS")], None);
        hidden.expect_problem(404, "not_found");
    }
    assert_eq!(stage.state(), before);
    admin.delete(&path).expect(204);
}

#[test]
fn head_is_decided_as_get() {
    let service = users().start();
    let stage = Stage::set(&service);
    let admin = service.administrator();
    let before = stage.state();
    for (template, methods) in ROUTES
        .iter()
        .filter(|(_, methods)| methods.contains(&"GET"))
    {
        let path = stage.path(template);
        let mut callers = Vec::from(stage.callers());
        callers.push(("administrator", service.bearer(admin.token().unwrap())));
        for (who, caller) in callers {
            let (get, head) = (caller.get(&path), caller.send("HEAD", &path, &[], None));
            assert_eq!(head.status(), get.status(), "{who}: {path}");
            assert!(head.body().is_empty(), "{who}: {path}");
            for name in [
                "etag",
                "content-type",
                "content-length",
                "www-authenticate",
                "allow",
                "link",
            ] {
                if name == "content-length" && get.status() >= 400 {
                    continue;
                }
                assert_eq!(
                    head.header(name),
                    get.header(name),
                    "{who}: {path} {name} of {methods:?}"
                );
            }
        }
    }
    assert_eq!(stage.state(), before);
}

/// Other spellings of a path, which a lenient router or a proxy in front would take for the same.
fn spellings(path: &str) -> Vec<String> {
    let (front, last) = path.rsplit_once('/').unwrap();
    let rest = path.strip_prefix('/').unwrap();
    let encoded = |text: &str| format!("%{:02X}{}", text.as_bytes()[0], &text[1..]);
    let mut all = vec![
        format!("{path}/"),
        format!("{path}//"),
        format!("//{rest}"),
        format!("/{path}"),
        format!("{front}//{last}"),
        format!("/.{path}"),
        format!("/x/..{path}"),
        format!("{front}/./{last}"),
        format!("{front}/x/../{last}"),
        format!("{path}/."),
        format!("{path}/x/.."),
        format!("/%2e{path}"),
        format!("/x/%2e%2e{path}"),
        format!("{front}%2f{last}"),
        format!("{front}%2F{last}"),
        format!("{front}%5c{last}"),
        format!("{front}\\{last}"),
        format!("{path};a=b"),
        format!("{path};"),
        format!("/;x{path}"),
        format!("{path}%00"),
        format!("{path}%20"),
        format!("{path}.json"),
        format!("{path}%3f"),
        format!("{path}%23"),
        format!("/{}", encoded(rest)),
        format!("http:/{path}"),
    ];
    // An id is the same in upper case, and any text is some id: those are parameters, not spellings.
    all.push(format!("/{}{}", rest[..1].to_uppercase(), &rest[1..]));
    all
}

#[test]
fn another_spelling_of_a_path_is_no_route() {
    let service = users().start();
    let stage = Stage::set(&service);
    let admin = service.administrator();
    let (admin, caller) = (admin.token(), stage.caller.token());
    let before = stage.state();
    for (template, methods) in ROUTES {
        let path = stage.path(template);
        for spelling in spellings(&path) {
            if spelling == path {
                continue;
            }
            for method in *methods {
                for token in [None, caller, admin] {
                    let answer = raw(&stage, token, method, &spelling);
                    let what = format!(
                        "{method} {spelling}: {}",
                        String::from_utf8_lossy(answer.body())
                    );
                    let refused = match answer.status() {
                        // What is no target at all has no body: the parser refuses it before there is a request.
                        400 => ["malformed_parameter", "malformed_request", ""]
                            .contains(&code(&answer).as_str()),
                        401 => token.is_none() && takes_anything(&spelling),
                        403 => token == caller && takes_anything(&spelling),
                        404 => code(&answer) == "not_found",
                        // A path of one segment more or less may be another route, without this method.
                        405 => code(&answer) == "method_not_allowed",
                        _ => false,
                    };
                    assert!(refused, "{} {what}", answer.status());
                }
            }
        }
    }
    assert_eq!(stage.state(), before);
    // The control: the very spelling is the route.
    let path = stage.path("/api/v1/users/{id}");
    assert_eq!(raw(&stage, admin, "GET", &path).status(), 200);
    assert_eq!(raw(&stage, admin, "PATCH", &path).status(), 200);
    assert_eq!(raw(&stage, admin, "DELETE", &path).status(), 204);
    assert_ne!(stage.state(), before);
}

/// Whether the path is that of a row by its form: its last segment is a parameter, and what stands there is no id. The
/// gate is asked before anybody looks at it.
fn takes_anything(path: &str) -> bool {
    ["/api/v1/users/", "/api/v1/auth/sessions/"]
        .iter()
        .any(|collection| path.starts_with(collection))
}

fn code(answer: &Answer) -> String {
    let body: Value = answer.json();
    body["code"].as_str().unwrap_or_default().to_owned()
}
