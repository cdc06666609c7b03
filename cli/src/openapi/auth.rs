//! The fixed routes of authentication, and registration.

use serde_json::{Map, Value, json};

use super::answers::Answers;
use super::{parameters, put, schemas};
use crate::model::{Auth, Registration, Resource, Service, address};

/// The schemas of the bodies of `auth/…`.
pub(super) fn schemas(service: &Service, all: &mut Map<String, Value>) {
    let Some(auth) = &service.auth else { return };
    let secret =
        || json!({ "type": "string", "minLength": 1, "maxLength": 1024, "format": "password" });
    let token = || json!({ "type": "string", "minLength": 1, "maxLength": 512 });
    all.insert(
        "Login".into(),
        body(&[("email", email(service)), ("password", secret())]),
    );
    all.insert("Refresh".into(), body(&[("refresh_token", token())]));
    all.insert(
        "PasswordChange".into(),
        body(&[
            ("current_password", secret()),
            ("new_password", schemas::password(auth)),
        ]),
    );
    all.insert(
        "Tokens".into(),
        body(&[
            ("access_token", json!({ "type": "string", "description": "Sent as `Authorization: Bearer …`." })),
            ("token_type", json!({ "type": "string", "enum": ["Bearer"] })),
            ("expires_in", json!({ "type": "integer", "minimum": 1, "description": "Seconds until the access token expires." })),
            ("refresh_token", json!({ "type": "string", "description": "Good for one use; its second use ends the session." })),
        ]),
    );
    all.insert("SessionList".into(), session_list());
}

/// The address to sign in with. Where accounts cannot have every address it shows one that they can: it is also how the tests
/// of the project learn whom to make the first administrator.
fn email(service: &Service) -> Value {
    let mut schema = json!({ "type": "string", "format": "email", "maxLength": 254 });
    let own = service.identity().and_then(|it| it.field("email"));
    let example = own.and_then(address::of_tests);
    if let Some(example) = example.filter(|it| it != address::TESTED) {
        schema["examples"] = json!([example]);
    }
    schema
}

fn session_list() -> Value {
    let moment = || json!({ "type": "string", "format": "date-time" });
    let session = body(&[
        ("id", json!({ "type": "string", "format": "uuid" })),
        ("created_at", moment()),
        ("last_used_at", moment()),
        ("ip", json!({ "type": "string", "maxLength": 45 })),
        ("user_agent", json!({ "type": ["string", "null"] })),
        (
            "current",
            json!({ "type": "boolean", "description": "Whether this request belongs to it." }),
        ),
    ]);
    body(&[(
        "data",
        json!({ "type": "array", "maxItems": 64, "items": session }),
    )])
}

fn body(properties: &[(&str, Value)]) -> Value {
    let required = properties
        .iter()
        .map(|(name, _)| Value::from(*name))
        .collect();
    let properties = properties
        .iter()
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    schemas::object(properties, required, None)
}

/// Adds the paths of `auth/…`.
pub(super) fn add(
    service: &Service,
    auth: &Auth,
    identity: &Resource,
    paths: &mut Map<String, Value>,
) {
    let path = |end: &str| format!("{}/auth/{end}", service.base_path);
    if auth.registration == Registration::Open {
        put(paths, path("register"), "post", register(identity));
    }
    put(paths, path("login"), "post", login());
    put(paths, path("refresh"), "post", refresh());
    put(paths, path("logout"), "post", logout());
    put(paths, path("sessions"), "get", sessions());
    put(paths, path("sessions/{id}"), "delete", end_session());
    put(paths, path("password/change"), "post", change_password());
}

fn register(identity: &Resource) -> Value {
    let name = &identity.struct_name;
    let answers = Answers::new()
        .body(
            201,
            "The new account, as it sees itself.",
            name,
            &["Location", "ETag"],
        )
        .errors(&[401, 409, 413, 415, 422]);
    operation(
        "register",
        "Create an account for oneself",
        &format!(
            "Anyone may ask; the policies decide by the action `{}:register`.",
            identity.name
        ),
        Caller::Anyone,
        Some(&format!("{name}Register")),
        answers,
    )
}

fn login() -> Value {
    let answers = Answers::new()
        .body(200, "A session has begun.", "Tokens", &[])
        .errors(&[401, 413, 415, 422]);
    operation(
        "login",
        "Sign in with e-mail address and password",
        "The answer is the same, in time too, for an unknown address, a wrong password and a locked account.",
        Caller::Anyone,
        Some("Login"),
        answers,
    )
}

fn refresh() -> Value {
    let answers = Answers::new()
        .body(
            200,
            "A new pair; the old refresh token is used up.",
            "Tokens",
            &[],
        )
        .errors(&[401, 413, 415, 422]);
    operation(
        "refresh",
        "Exchange a refresh token for a new pair",
        "Each refresh token is good for one use. A second use ends the session: one of the two was stolen.",
        Caller::Anyone,
        Some("Refresh"),
        answers,
    )
}

fn logout() -> Value {
    let answers = Answers::new()
        .empty(
            204,
            "The session has ended; its tokens are good for nothing.",
            &["Clear-Site-Data"],
        )
        .errors(&[401]);
    operation(
        "logout",
        "End this session",
        "The session's access token and refresh token stop working at once.",
        Caller::SignedIn,
        None,
        answers,
    )
}

fn sessions() -> Value {
    let answers = Answers::new()
        .body(200, "The caller's live sessions.", "SessionList", &[])
        .errors(&[401]);
    operation(
        "ownSessions",
        "List one's own sessions",
        "One session is one sign-in on one device, until its logout or its end.",
        Caller::SignedIn,
        None,
        answers,
    )
}

fn end_session() -> Value {
    let answers = Answers::new()
        .empty(204, "The session has ended.", &[])
        .errors(&[401, 404]);
    let mut operation = operation(
        "endSession",
        "End one of one's own sessions",
        "Its access token and refresh token stop working at once.",
        Caller::SignedIn,
        None,
        answers,
    );
    if let Value::Object(operation) = &mut operation {
        operation.insert("parameters".into(), json!([parameters::id()]));
    }
    operation
}

fn change_password() -> Value {
    let answers = Answers::new()
        .empty(204, "Changed; all other sessions have ended.", &[])
        .errors(&[401, 413, 415, 422]);
    operation(
        "changePassword",
        "Change one's own password",
        "Asks for the current password, and ends every other session of the account.",
        Caller::SignedIn,
        Some("PasswordChange"),
        answers,
    )
}

/// Who may call a fixed route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    Anyone,
    SignedIn,
}

fn operation(
    id: &str,
    summary: &str,
    description: &str,
    caller: Caller,
    schema: Option<&str>,
    answers: Answers,
) -> Value {
    let security = match caller {
        Caller::Anyone => json!([]),
        Caller::SignedIn => json!([{ "bearer": [] }]),
    };
    let mut operation = Map::new();
    operation.insert("operationId".into(), id.into());
    operation.insert("summary".into(), summary.into());
    operation.insert("description".into(), description.into());
    operation.insert("tags".into(), json!(["auth"]));
    operation.insert("security".into(), security);
    if let Some(schema) = schema {
        let schema = json!({ "schema": { "$ref": format!("#/components/schemas/{schema}") } });
        operation.insert(
            "requestBody".into(),
            json!({ "required": true, "content": { "application/json": schema } }),
        );
    }
    operation.insert("responses".into(), answers.finish());
    Value::Object(operation)
}
