//! The service as a whole and its HTTP surface.

use super::{http, limits};
use crate::diagnostic::{Diagnostics, Span, brief, spec as code};
use crate::model::name::{self, LONGEST};
use crate::model::{Auth, Database, Lists, Resource, Service, reserved};
use crate::spec::{Spanned, Spec, Text};

pub(super) fn service(
    raw: &Spec,
    resources: Vec<Resource>,
    auth: Option<Auth>,
    diagnostics: &mut Diagnostics,
) -> Option<Service> {
    let http = http::http(&raw.http, diagnostics);
    let rate_limits = limits::rate_limits(&raw.rate_limits, diagnostics);
    let version = version(raw.service.version.as_ref(), diagnostics);
    let base_path = base_path(raw.service.base_path.as_ref(), diagnostics);
    if let Some(title) = raw
        .service
        .title
        .as_ref()
        .filter(|it| it.value.trim().is_empty())
    {
        let help = "write a title, or remove the key: the title is the name in plain words then";
        diagnostics.error(&code::SETTING, title.span, "`service.title` is empty", help);
    }
    let written = raw.service.name.as_ref();
    let named = written.map_or("service", |name| name.value.as_str());
    let namespace = namespace(raw.service.namespace.as_ref(), named, diagnostics);
    let name = written?;
    package(name, diagnostics);
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    Some(Service {
        crate_ident: name.value.replace('-', "_"),
        namespace,
        title: text(&raw.service.title).unwrap_or_else(|| name::title(&name.value)),
        description: text(&raw.service.description),
        name: name.value.clone(),
        version,
        base_path,
        database: Database::Sqlite,
        auth,
        rate_limits,
        http,
        lists: if is(raw.lists.as_ref(), "scan") {
            Lists::Scan
        } else {
            Lists::Strict
        },
        resources,
    })
}

/// Whether the key was given this word. The tables of the language allow no word that is not asked for here.
pub(super) fn is(written: Option<&Text>, word: &str) -> bool {
    written.is_some_and(|written| written.value == word)
}

/// Why this cannot be the name of a service, and what could be. `secapi new` asks the same question.
///
/// # Errors
/// The sentence and the way out.
pub fn package_name(name: &str) -> Result<(), (String, String)> {
    // What is suggested is not refused in its turn.
    let suggestion = || {
        let made = name::snake(name).map(|name| name.replace('_', "-"));
        let made = made.unwrap_or_else(|| "my-api".to_owned());
        match reserved::package(&made) {
            Some(_) => format!("{made}-api"),
            None => made,
        }
    };
    if !name::is_package(name) {
        let message = format!("`{}` cannot be the name of a package", brief(name));
        let rule = format!(
            "lower-case letters and digits in words joined by `-`, a letter first, at most {LONGEST} characters; such as `{}`",
            suggestion()
        );
        return Err((message, rule));
    }
    match reserved::package(name) {
        Some(reason) => Err((
            format!("`{name}` cannot be the name of a package: {reason}"),
            format!("choose another, such as `{name}-api`"),
        )),
        None => Ok(()),
    }
}

fn package(name: &Text, diagnostics: &mut Diagnostics) {
    if let Err((message, help)) = package_name(&name.value) {
        let code = if name::is_package(&name.value) {
            &code::RESERVED_NAME
        } else {
            &code::NAME
        };
        diagnostics.error(code, name.span, message, help);
    }
}

fn namespace(written: Option<&Text>, name: &str, diagnostics: &mut Diagnostics) -> String {
    let Some(written) = written else {
        return name::pascal(name);
    };
    let value = &written.value;
    let legal = value.starts_with(|c: char| c.is_ascii_uppercase())
        && value.len() <= 64
        && value.chars().all(|c| c.is_ascii_alphanumeric());
    if !legal {
        let message = format!("`{}` cannot be a namespace", brief(value));
        let help = format!(
            "letters and digits of ASCII, a capital first, at most 64 characters; such as `{}`",
            name::pascal(name)
        );
        diagnostics.error(&code::NAME, written.span, message, help);
    }
    value.clone()
}

fn version(written: Option<&Text>, diagnostics: &mut Diagnostics) -> String {
    let Some(written) = written else {
        return "0.1.0".to_owned();
    };
    let is_number = |part: &str| {
        let digits =
            !part.is_empty() && part.len() <= 9 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits && (part == "0" || !part.starts_with('0'))
    };
    let parts: Vec<&str> = written.value.split('.').collect();
    if parts.len() != 3 || !parts.iter().all(|part| is_number(part)) {
        let message = format!("`{}` is not a version", brief(&written.value));
        diagnostics.error(
            &code::SETTING,
            written.span,
            message,
            "write three numbers, such as `1.2.0`",
        );
    }
    written.value.clone()
}

/// The base path without a slash at its end; the empty text for the root.
fn base_path(written: Option<&Text>, diagnostics: &mut Diagnostics) -> String {
    let Some(Spanned { value, span }) = written else {
        return "/api/v1".to_owned();
    };
    if value == "/" {
        return String::new();
    }
    let in_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.~".contains(c);
    let is_part =
        |part: &str| !part.is_empty() && part != "." && part != ".." && part.chars().all(in_part);
    let parts = || value.strip_prefix('/').unwrap_or_default().split('/');
    if !value.starts_with('/') || value.len() > 200 || !parts().all(is_part) {
        let message = format!("`{}` cannot be the base path", brief(value));
        diagnostics.error(
            &code::BASE_PATH,
            *span,
            message,
            "write a path such as `/api/v1`: a slash first, none last, parts of `a-z 0-9 - _ . ~`",
        );
    } else if let Some(taken) = parts().next().filter(|first| is_own_route(first)) {
        let message = format!("the service itself serves `/{taken}`");
        diagnostics.error(
            &code::BASE_PATH,
            *span,
            message,
            format!("choose another beginning, such as `/api/{taken}`"),
        );
    }
    value.clone()
}

fn is_own_route(first: &str) -> bool {
    matches!(
        first,
        "health" | "docs" | "problems" | "metrics" | ".well-known" | "openapi.json"
    )
}

/// The written value if it is within its limits, else an error, and the default.
pub(super) fn bounded<T: PartialOrd + Copy>(
    written: Option<Spanned<T>>,
    default: T,
    limits: (T, T),
    rule: &str,
    diagnostics: &mut Diagnostics,
) -> T {
    let Some(Spanned { value, span }) = written else {
        return default;
    };
    if value < limits.0 || value > limits.1 {
        diagnostics.error(
            &code::SETTING,
            span,
            rule,
            "choose a value within this range, or remove the key for the default",
        );
    }
    value
}

pub(super) fn duplicate(text: &Text, diagnostics: &mut Diagnostics) {
    let message = format!(
        "the value `{}` stands twice in this list",
        brief(&text.value)
    );
    diagnostics.error(
        &code::DUPLICATE_VALUE,
        text.span,
        message,
        "remove one of the two",
    );
}

/// For messages about a range that was checked against a place of its own.
pub(super) fn setting(span: Span, message: &str, help: &str, diagnostics: &mut Diagnostics) {
    diagnostics.error(&code::SETTING, span, message, help);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_names() {
        assert_eq!(package_name("user-management"), Ok(()));
        for wrong in [
            "test",
            "",
            "My API",
            "../x",
            "fn",
            "-a",
            "a b",
            "con",
            "serde-json",
        ] {
            assert!(package_name(wrong).is_err(), "{wrong}");
        }
    }
}
