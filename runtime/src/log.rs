//! Logs: one JSON object a line in production, readable lines in development.
//!
//! Whatever a client sends, a line stays a line: values are escaped by the JSON writer, and by the debug form in the
//! readable one. Query strings, tokens and passwords are never handed to the log in the first place.

mod json;

use std::io;
use std::io::IsTerminal as _;
use std::sync::OnceLock;

use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use json::JsonLines;

/// What is logged where `RUST_LOG` says nothing.
const DEFAULT_FILTER: &str = "info,salvo_core=warn,sqlx=warn";

/// The shape of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

static FORMAT: OnceLock<Format> = OnceLock::new();

/// Starts logging to standard error, and sends panics there too instead of as loose text.
///
/// Only the first call has an effect: a process has one log.
pub fn start(format: Format, filter: Option<&str>) {
    if FORMAT.set(format).is_err() {
        return;
    }
    // A filter that cannot be read must not silence the log.
    let filter = filter
        .and_then(|filter| EnvFilter::builder().parse(filter).ok())
        .unwrap_or_else(|| EnvFilter::new(DEFAULT_FILTER));
    let registry = tracing_subscriber::registry().with(filter);
    let started = match format {
        Format::Json => registry.with(JsonLines::to(io::stderr)).try_init(),
        Format::Pretty => registry.with(pretty()).try_init(),
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
}

/// What whoever wrote this filter should know of it: that it cannot be read, or that security events are not logged by it.
#[must_use]
pub fn oddity(filter: &str) -> Option<String> {
    let Ok(read) = EnvFilter::builder().parse(filter) else {
        return Some("RUST_LOG cannot be read, and counts as unset".to_owned());
    };
    let registry = tracing_subscriber::registry().with(read);
    let hears = tracing::subscriber::with_default(
        registry,
        || tracing::enabled!(target: "secapi::security", tracing::Level::INFO),
    );
    (!hears).then(|| "RUST_LOG leaves out security events; add `secapi::security=info`".to_owned())
}

/// The format of the log, once it runs.
#[must_use]
pub fn format() -> Option<Format> {
    FORMAT.get().copied()
}

fn pretty<S>() -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
}

/// Where a panic happened. Its message is logged by whoever catches it, under the request's id.
fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let message = panic.payload_as_str().unwrap_or("without a message");
    tracing::error!(place, message, "panic");
}
