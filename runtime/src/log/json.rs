//! The JSON form: time, level, target, message, the fields of the spans around the event, and its own.

use std::fmt::{self, Arguments, Debug, Display, Formatter, Write as _};
use std::io::Write;
use std::ops::Range;

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

/// Fields by their names. Those of a span are kept until it closes.
#[derive(Default)]
struct Fields {
    /// Name and place of each.
    found: Vec<(&'static str, Range<usize>)>,
    /// The values, one after another, written as JSON already.
    values: Vec<u8>,
}

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
fn line(event: &Event<'_>, fields: &Fields) -> Vec<u8> {
    let metadata = event.metadata();
    let mut line = Vec::with_capacity(768);
    let [time, level, target] = OWN;
    member(&mut line, time, |line| json(line, now()));
    member(&mut line, level, |line| {
        json(line, metadata.level().as_str())
    });
    member(&mut line, target, |line| json(line, metadata.target()));
    for (name, value) in fields.iter() {
        member(&mut line, name, |line| line.extend_from_slice(value));
    }
    line.extend_from_slice(b"}\n");
    line
}

fn member(line: &mut Vec<u8>, name: &str, write: impl FnOnce(&mut Vec<u8>)) {
    line.push(if line.is_empty() { b'{' } else { b',' });
    json(line, name);
    line.push(b':');
    write(line);
}

/// Appends a value as JSON; a number that is not finite has none and is `null`.
fn json(text: &mut Vec<u8>, value: impl Serialize) {
    let end = text.len();
    if serde_json::to_writer(&mut *text, &value).is_err() {
        text.truncate(end);
        text.extend_from_slice(b"null");
    }
}

impl<W, O> JsonLines<W>
where
    W: Fn() -> O,
    O: Write,
{
    /// One write a line, so that lines of several threads do not mix. A log that cannot be written stops no request.
    fn write(&self, line: &[u8]) {
        let _ = (self.writer)().write_all(line);
    }
}

fn now() -> String {
    OffsetDateTime::now_utc()
        .format(&Rfc3339)
        .unwrap_or_default()
}

/// Fields that hold lists of texts, such as ids of policies. What they look like to a programmer is JSON as it is, but for
/// characters that none of them should have; where one has, or where the list is cut off, it is a text like any other.
const LISTS: [&str; 3] = ["policies", "keys", "problems"];

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = Bounded(format_args!("{value:?}"));
        if LISTS.contains(&field.name())
            && let Ok(list) = serde_json::from_str::<Vec<String>>(&text.to_string())
        {
            return self.insert(field, list);
        }
        self.insert(field, format_args!("{text}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert(field, format_args!("{}", Bounded(format_args!("{value}"))));
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

/// A text of which no more than its share of a line is written.
struct Bounded<'a>(Arguments<'a>);

impl Display for Bounded<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut share = Share {
            of: formatter,
            room: LONGEST_FIELD,
            is_full: false,
        };
        match share.write_fmt(self.0) {
            // It ends where the text is full, which is as much as is wanted.
            Err(_) if share.is_full => Ok(()),
            outcome => outcome,
        }
    }
}

struct Share<'a, 'b> {
    of: &'a mut Formatter<'b>,
    room: usize,
    is_full: bool,
}

impl fmt::Write for Share<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if let Some(room) = self.room.checked_sub(text.len()) {
            self.room = room;
            return self.of.write_str(text);
        }
        let end = text.floor_char_boundary(self.room);
        self.of.write_str(text.get(..end).unwrap_or_default())?;
        self.of.write_char('…')?;
        self.is_full = true;
        Err(fmt::Error)
    }
}

impl Fields {
    fn iter(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        let found = self.found.iter();
        found.map(|(name, place)| (*name, self.values.get(place.clone()).unwrap_or_default()))
    }

    fn insert(&mut self, field: &Field, value: impl Serialize) {
        if !OWN.contains(&field.name()) {
            let start = self.values.len();
            json(&mut self.values, value);
            self.place(field.name(), start);
        }
    }

    /// What was appended last is the value of this name, in place of an earlier one.
    fn place(&mut self, name: &'static str, start: usize) {
        self.found.push((name, start..self.values.len()));
        let found = self.found.iter().position(|(known, _)| *known == name);
        if let Some(earlier) = found.filter(|index| index + 1 < self.found.len()) {
            self.forget(earlier);
        }
    }

    /// A span may record a field as often as it likes; only the last value is kept.
    fn forget(&mut self, index: usize) {
        let (_, gone) = self.found.remove(index);
        for (_, place) in self.found.iter_mut().skip(index) {
            *place = place.start - gone.len()..place.end - gone.len();
        }
        self.values.drain(gone);
    }

    /// Adds the fields of a span around these, which hide those of the same name.
    fn add_around(&mut self, outer: &Self) {
        for (name, value) in outer.iter() {
            if !self.found.iter().any(|(known, _)| *known == name) {
                let start = self.values.len();
                self.values.extend_from_slice(value);
                self.place(name, start);
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
    fn a_list_is_a_list() {
        let policies = ["own", "a\"b\\"];
        let many = vec!["policy"; 5000];
        let text = logged(|| {
            tracing::info!(?policies, cause = ?policies, keys = ?many, problems = ?["\u{7f}"], "decided");
        });
        let line: Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!(line["policies"], serde_json::json!(policies));
        assert_eq!(line["problems"], r#"["\u{7f}"]"#);
        // Others are what they were, whatever they look like.
        assert_eq!(line["cause"], format!("{policies:?}"));
        assert!(line["keys"].as_str().unwrap().ends_with('…'));
    }

    #[test]
    fn a_field_that_is_recorded_again_has_its_last_value() {
        let text = logged(|| {
            let span = tracing::info_span!("request", first = 1, again = "a", last = true);
            for number in 0..3 {
                span.record("again", format!("{number}\"").as_str());
            }
            let _entered = span.enter();
            tracing::info!("done");
        });
        let line: Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!(line["again"], "2\"");
        assert_eq!((&line["first"], &line["last"]), (&1.into(), &true.into()));
        assert_eq!(text.matches("again").count(), 1);
    }

    #[test]
    fn what_was_replaced_is_not_kept() {
        let mut fields = Fields::default();
        for number in 0..1000 {
            for name in ["a", "b", "c"] {
                let start = fields.values.len();
                json(&mut fields.values, number);
                fields.place(name, start);
            }
        }
        let found: Vec<_> = fields.iter().collect();
        assert_eq!(
            found,
            [("a", b"999".as_slice()), ("b", b"999"), ("c", b"999")]
        );
        assert_eq!(fields.values.len(), 9);
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
