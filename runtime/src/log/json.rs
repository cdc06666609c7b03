//! The JSON form: time, level, target, message, the fields of the spans around the event, and its own.

use std::fmt::{Debug, Write as _};
use std::io::Write;

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// The most bytes that one field has in a line; what is longer is cut off with an ellipsis.
const LONGEST_FIELD: usize = 8 * 1024;

/// Writes each event as one line of JSON.
pub(super) struct JsonLines<W> {
    writer: W,
}

impl<W> JsonLines<W> {
    pub(super) fn to(writer: W) -> Self {
        Self { writer }
    }
}

/// The members that are every line's own; no field can take their place.
const OWN: [&str; 3] = ["time", "level", "target"];

/// Fields by their names, each value written as JSON already. Those of a span are kept until it closes.
#[derive(Default)]
struct Fields(Vec<(&'static str, String)>);

impl<S, W, O> Layer<S> for JsonLines<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn() -> O + Send + Sync + 'static,
    O: Write,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(known) = span.extensions().get::<Fields>() {
                fields.add_around(known);
            }
        }
        self.write(&line(event, &fields));
    }
}

/// The line's own members come first.
fn line(event: &Event<'_>, fields: &Fields) -> String {
    let metadata = event.metadata();
    let mut line = String::with_capacity(512);
    let own = [
        now(),
        metadata.level().to_string(),
        metadata.target().to_owned(),
    ];
    for (name, value) in OWN.into_iter().zip(own) {
        line.push(if line.is_empty() { '{' } else { ',' });
        let _ = write!(line, "{}:{}", json(name), json(value));
    }
    for (name, value) in &fields.0 {
        let _ = write!(line, ",{}:{value}", json(name));
    }
    line.push_str("}\n");
    line
}

/// A value as JSON; a number that is not finite has none and is `null`.
fn json(value: impl Serialize) -> String {
    serde_json::to_string(&value).unwrap_or_else(|_| "null".to_owned())
}

impl<W, O> JsonLines<W>
where
    W: Fn() -> O,
    O: Write,
{
    /// One write a line, so that lines of several threads do not mix. A log that cannot be written stops no request.
    fn write(&self, line: &str) {
        let _ = (self.writer)().write_all(line.as_bytes());
    }
}

fn now() -> String {
    OffsetDateTime::now_utc()
        .format(&Rfc3339)
        .unwrap_or_default()
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = Bounded(String::new());
        // Writing ends with an error where the text is full, which is as much as is wanted.
        let _ = write!(text, "{value:?}");
        self.insert(field, text.0);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let mut text = Bounded(String::new());
        let _ = text.write_str(value);
        self.insert(field, text.0);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, value);
    }
}

/// A text that takes no more than its share of a line, whatever is written into it.
struct Bounded(String);

impl std::fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let room = LONGEST_FIELD.saturating_sub(self.0.len());
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        let end = text.floor_char_boundary(room);
        self.0.push_str(text.get(..end).unwrap_or_default());
        self.0.push('…');
        Err(std::fmt::Error)
    }
}

impl Fields {
    fn insert(&mut self, field: &Field, value: impl Serialize) {
        let name = field.name();
        if OWN.contains(&name) {
            return;
        }
        let value = json(value);
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// Adds the fields of a span around these, which hide those of the same name.
    fn add_around(&mut self, outer: &Self) {
        for (name, value) in &outer.0 {
            if !self.0.iter().any(|(known, _)| known == name) {
                self.0.push((name, value.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(write: impl FnOnce()) -> String {
        let sink = Sink::default();
        let writer = sink.clone();
        let layer = JsonLines::to(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), write);
        String::from_utf8(sink.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_line_is_one_object_whatever_the_input() {
        let nasty = "a\nb\r\n\u{2028}\"}{\u{0}\u{1b}[31m";
        let text = logged(|| tracing::info!(cause = nasty, "line\nbreak {}", nasty));
        assert_eq!(text.lines().count(), 1);
        let line: Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!(line["cause"], nasty);
        assert_eq!(line["level"], "INFO");
        assert!(line["message"].as_str().unwrap().starts_with("line\nbreak"));
    }

    #[test]
    fn a_field_is_cut_off_between_characters() {
        let long = "ä".repeat(50_000);
        let text = logged(|| tracing::info!(long, shown = ?long, short = "ä", "{long}"));
        let line: Value = serde_json::from_str(text.trim_end()).unwrap();
        for field in ["long", "shown", "message"] {
            let value = line[field].as_str().unwrap();
            assert!(
                value.len() < LONGEST_FIELD + 8 && value.ends_with('…'),
                "{field}"
            );
        }
        assert_eq!(line["short"], "ä");
    }

    #[test]
    fn the_fields_of_the_spans_are_in_the_line() {
        let text = logged(|| {
            let span = tracing::info_span!("request", request_id = "r-1");
            let _entered = span.enter();
            tracing::warn!(
                status = 500_u64,
                ready = false,
                none = None::<&str>,
                "failed"
            );
        });
        let line: Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!(line["request_id"], "r-1");
        assert_eq!(line["status"], 500);
        assert_eq!(line["ready"], false);
        assert!(line.get("none").is_none());
    }

    #[test]
    fn a_field_stands_once_and_never_for_one_of_the_lines_own() {
        let text = logged(|| {
            let outer =
                tracing::info_span!("outer", request_id = "outer", level = "NONE").entered();
            let inner = tracing::info_span!("inner", request_id = "inner").entered();
            tracing::info!(time = "never", share = f64::NAN, "inner wins");
            drop(inner);
            tracing::info!(request_id = "own", "own wins");
            drop(outer);
        });
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines[0]["request_id"], "inner");
        assert_eq!(lines[0]["level"], "INFO");
        assert_ne!(lines[0]["time"], "never");
        assert_eq!(lines[0]["share"], Value::Null);
        assert_eq!(lines[1]["request_id"], "own");
        assert_eq!(text.matches("request_id").count(), 2);
    }
}
