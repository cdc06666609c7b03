//! The JSON form: time, level, target, message, the fields of the spans around the event, and its own.

use std::fmt::{Debug, Write as _};
use std::io::Write;

use serde_json::{Map, Value, json};
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

/// The fields of a span, kept until it closes.
#[derive(Default)]
struct Fields(Map<String, Value>);

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
        let around = context.event_scope(event).into_iter();
        for span in around.flat_map(|scope| scope.from_root()) {
            if let Some(known) = span.extensions().get::<Fields>() {
                fields.0.extend(known.0.clone());
            }
        }
        event.record(&mut fields);
        self.write(line(event, fields.0));
    }
}

/// The line's own members come first, and no field can take their place.
fn line(event: &Event<'_>, fields: Map<String, Value>) -> Value {
    let metadata = event.metadata();
    let mut line = Map::new();
    line.insert("time".into(), json!(now()));
    line.insert("level".into(), json!(metadata.level().as_str()));
    line.insert("target".into(), json!(metadata.target()));
    for (name, value) in fields {
        line.entry(name).or_insert(value);
    }
    Value::Object(line)
}

impl<W, O> JsonLines<W>
where
    W: Fn() -> O,
    O: Write,
{
    /// One write a line, so that lines of several threads do not mix. A log that cannot be written stops no request.
    fn write(&self, line: Value) {
        let mut text = line.to_string();
        text.push('\n');
        let _ = (self.writer)().write_all(text.as_bytes());
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
        self.insert(field, json!(text.0));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let mut text = Bounded(String::new());
        let _ = text.write_str(value);
        self.insert(field, json!(text.0));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, json!(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, json!(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field, json!(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, json!(value));
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
    fn insert(&mut self, field: &Field, value: Value) {
        self.0.insert(field.name().to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

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
}
