//! The HTTP surface: limits, and which web pages may call.

use std::time::Duration;

use super::service::{bounded, duplicate, is};
use crate::diagnostic::{Diagnostics, brief, spec as code};
use crate::model::{Docs, Http, Https};
use crate::spec::{self, Text};

pub(super) fn http(raw: &spec::Http, diagnostics: &mut Diagnostics) -> Http {
    let (kibibyte, mebibyte) = (1 << 10, 1 << 20);
    let limits = (kibibyte, 64 * mebibyte);
    let body_limit = bounded(
        raw.body_limit,
        100 * kibibyte,
        limits,
        "`http.body_limit` is from 1KiB to 64MiB",
        diagnostics,
    );
    let limits = (Duration::from_secs(1), Duration::from_secs(600));
    let timeout = bounded(
        raw.timeout,
        Duration::from_secs(10),
        limits,
        "`http.timeout` is from 1s to 10m",
        diagnostics,
    );
    let docs = match () {
        () if is(raw.docs.as_ref(), "always") => Docs::Always,
        () if is(raw.docs.as_ref(), "never") => Docs::Never,
        () => Docs::Development,
    };
    Http {
        cors_origins: origins(&raw.origins, diagnostics),
        body_limit,
        timeout,
        https: Https::Enforce,
        docs,
    }
}

fn origins(written: &[Text], diagnostics: &mut Diagnostics) -> Vec<String> {
    let mut origins: Vec<String> = Vec::new();
    for origin in written {
        if let Err(help) = exact_origin(&origin.value) {
            let message = format!("`{}` is not an exact origin", brief(&origin.value));
            diagnostics.error(&code::ORIGIN, origin.span, message, help);
        } else if origins.contains(&origin.value) {
            duplicate(origin, diagnostics);
        }
        origins.push(origin.value.clone());
    }
    origins
}

fn exact_origin(origin: &str) -> Result<(), String> {
    if origin.contains('*') {
        return Err(
            "name each origin: a wildcard would let every web site call the service".to_owned(),
        );
    }
    let Some((scheme, rest)) = origin
        .split_once("://")
        .filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
    else {
        return Err("write scheme and host, such as `https://app.example.com`".to_owned());
    };
    let (host, port) = split_port(rest);
    let in_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._[]:".contains(c);
    if host.is_empty()
        || !host.chars().all(in_host)
        || (host.contains(':') && !host.starts_with('['))
    {
        return Err(
            "only scheme, host and port, in lower case and without a path or slash at the end"
                .to_owned(),
        );
    }
    let default = if scheme == "https" { "443" } else { "80" };
    match port {
        None => Ok(()),
        Some(port) if port == default => Err(format!(
            "leave out `:{port}`: browsers do not send the default port"
        )),
        Some(port)
            if port
                .parse::<u16>()
                .is_ok_and(|number| number > 0 && number.to_string() == port) =>
        {
            Ok(())
        }
        Some(_) => Err("the port is a number from 1 to 65535".to_owned()),
    }
}

fn split_port(rest: &str) -> (&str, Option<&str>) {
    match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (rest, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_exact() {
        for right in [
            "https://app.example.com",
            "http://localhost:3000",
            "https://[::1]:8443",
            "https://[::1]",
            "https://xn--bcher-kva.example",
        ] {
            assert_eq!(exact_origin(right), Ok(()), "{right}");
        }
        for wrong in [
            "*",
            "https://*.example.com",
            "null",
            "example.com",
            "https://example.com/",
            "https://Example.com",
            "https://example.com:443",
            "http://a:0",
            "http://a:099",
            "https://",
            "ftp://a",
            "https://a:b:1",
        ] {
            assert!(exact_origin(wrong).is_err(), "{wrong}");
        }
    }
}
