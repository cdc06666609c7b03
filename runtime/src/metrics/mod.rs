//! What a service counts of itself, for `/metrics` on the listener for operators.
//!
//! Nothing is counted where that listener is off. Labels have few values, whatever a client sends: the pattern of a route
//! and never a path, a method of HTTP or `other`, the class of a status.

mod ops;
mod process;
mod text;

pub(crate) use ops::{METRICS_PATH, TIMEOUT, service};
pub use text::{OPENMETRICS, PLAIN};

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use salvo::fuse::ConnObserver;

/// Upper bounds of the classes of latency, in seconds: from what a read takes to the longest that a request may.
const LATENCIES: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Counts, or does nothing at all; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Option<Arc<Meters>>);

#[derive(Debug)]
struct Meters {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    latencies: Family<RouteLabels, Histogram>,
    rate_limited: Family<RouteLabels, Counter>,
    allowed: Counter,
    denied: Counter,
    connections: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: &'static str,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DecisionLabels {
    decision: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BuildLabels {
    name: &'static str,
    version: &'static str,
}

/// A number that is read when somebody asks for it.
pub(crate) struct Reading {
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    pub(crate) read: Box<dyn Fn() -> i64 + Send + Sync>,
}

/// A word that is read when somebody asks for it. Of each there is one at a time.
pub(crate) struct Word {
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    pub(crate) label: &'static str,
    pub(crate) read: Box<dyn Fn() -> String + Send + Sync>,
}

impl Metrics {
    /// Counts nothing.
    #[must_use]
    pub fn off() -> Self {
        Self(None)
    }

    /// Counts for a service of this name and version, and asks for the readings when it is asked itself.
    pub(crate) fn on(
        name: &'static str,
        version: &'static str,
        readings: Vec<Reading>,
        words: Vec<Word>,
    ) -> Self {
        let mut registry = Registry::default();
        // Under the names that every process has for them.
        registry.register_collector(Box::new(process::Process::started()));
        let own = registry.sub_registry_with_prefix("secapi");
        let build = Info::new(BuildLabels { name, version });
        own.register("build", "The service and its version", build);
        own.register_collector(Box::new(Readings { readings, words }));
        let meters = Meters::registered(own);
        Self(Some(Arc::new(Meters { registry, ..meters })))
    }

    /// A request was answered. `route` is the pattern that matched.
    pub(crate) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let Some(meters) = &self.0 else { return };
        let method = known(method);
        let route = || RouteLabels {
            method,
            route: route.to_owned(),
        };
        let labels = RequestLabels {
            method,
            route: route().route,
            status: class(status),
        };
        meters.requests.get_or_create(&labels).inc();
        let latency = meters.latencies.get_or_create(&route());
        latency.observe(took.as_secs_f64());
        if status == 429 {
            meters.rate_limited.get_or_create(&route()).inc();
        }
    }

    /// The policies decided on a row, or that there is no row on which they would allow it.
    pub(crate) fn decided(&self, allowed: bool) {
        let Some(meters) = &self.0 else { return };
        match allowed {
            true => meters.allowed.inc(),
            false => meters.denied.inc(),
        };
    }

    /// A connection was accepted; it is open until the answer is dropped.
    pub(crate) fn connected(&self) -> Option<Connected> {
        let meters = self.0.as_ref()?;
        meters.connections.inc();
        Some(Connected(meters.connections.clone()))
    }

    /// Everything that was counted, in the text format that OpenMetrics and Prometheus share.
    ///
    /// # Errors
    /// Never, as far as is known: it is written to memory.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        if let Some(meters) = &self.0 {
            prometheus_client::encoding::text::encode(&mut text, &meters.registry)?;
        }
        Ok(text)
    }
}

impl Meters {
    fn registered(registry: &mut Registry) -> Self {
        let meters = Self {
            registry: Registry::default(),
            requests: Family::default(),
            latencies: Family::new_with_constructor(|| Histogram::new(LATENCIES)),
            rate_limited: Family::default(),
            allowed: Counter::default(),
            denied: Counter::default(),
            connections: Gauge::default(),
        };
        let (requests, latencies) = (meters.requests.clone(), meters.latencies.clone());
        registry.register("http_requests", "Requests that were answered", requests);
        registry.register_with_unit(
            "http_request_duration",
            "From the complete head of a request to its answer",
            Unit::Seconds,
            latencies,
        );
        let refused = meters.rate_limited.clone();
        registry.register("rate_limited", "Requests refused for their number", refused);
        let decisions = Family::<DecisionLabels, Counter>::default();
        registry.register("decisions", "Decisions of the policies", decisions.clone());
        let connections = meters.connections.clone();
        registry.register("open_connections", "Connections that are open", connections);
        let decided = |decision| decisions.get_or_create_owned(&DecisionLabels { decision });
        Self {
            allowed: decided("allow"),
            denied: decided("deny"),
            ..meters
        }
    }
}

/// One open connection. It watches nothing: that it is there is what counts.
#[derive(Debug)]
pub(crate) struct Connected(Gauge);

impl ConnObserver for Connected {}

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.dec();
    }
}

struct Readings {
    readings: Vec<Reading>,
    words: Vec<Word>,
}

impl Debug for Readings {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let numbers = self.readings.iter().map(|reading| reading.name);
        let words = self.words.iter().map(|word| word.name);
        formatter
            .debug_list()
            .entries(numbers.chain(words))
            .finish()
    }
}

impl Collector for Readings {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        for Reading { name, help, read } in &self.readings {
            gauge(&mut encoder, name, help, read())?;
        }
        for word in &self.words {
            let info = Info::new([(word.label, (word.read)())]);
            let metric =
                encoder.encode_descriptor(word.name, word.help, None, info.metric_type())?;
            info.encode(metric)?;
        }
        Ok(())
    }
}

fn gauge(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    value: i64,
) -> Result<(), fmt::Error> {
    let gauge = ConstGauge::new(value);
    let metric = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
    gauge.encode(metric)
}

/// A method that the service knows; anything else is a word that a client made up.
fn known(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let found = KNOWN.into_iter().find(|known| *known == method);
    found.unwrap_or("other")
}

fn class(status: u16) -> &'static str {
    match status {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics() -> Metrics {
        let reading = Reading {
            name: "password_hashes_waiting",
            help: "Waiting",
            read: Box::new(|| 3),
        };
        let word = Word {
            name: "policies",
            help: "In force",
            label: "hash",
            read: Box::new(|| "ab12".to_owned()),
        };
        Metrics::on("app", "1.2.3", vec![reading], vec![word])
    }

    #[test]
    fn everything_is_there_with_few_labels() {
        let metrics = metrics();
        let took = Duration::from_millis(7);
        metrics.answered("GET", "/api/users/{id}", 200, took);
        metrics.answered("GET", "/api/users/{id}", 204, took);
        metrics.answered("BREW", "unmatched", 404, took);
        metrics.answered("POST", "/api/auth/login", 429, took);
        metrics.decided(true);
        metrics.decided(false);
        metrics.decided(false);
        let text = metrics.text().unwrap();
        for line in [
            r#"secapi_build_info{name="app",version="1.2.3"} 1"#,
            r#"secapi_http_requests_total{method="GET",route="/api/users/{id}",status="2xx"} 2"#,
            r#"secapi_http_requests_total{method="other",route="unmatched",status="4xx"} 1"#,
            r#"secapi_http_request_duration_seconds_count{method="GET",route="/api/users/{id}"} 2"#,
            r#"secapi_http_request_duration_seconds_bucket{le="0.005",method="GET",route="/api/users/{id}"} 0"#,
            r#"secapi_http_request_duration_seconds_bucket{le="0.01",method="GET",route="/api/users/{id}"} 2"#,
            r#"secapi_rate_limited_total{method="POST",route="/api/auth/login"} 1"#,
            r#"secapi_decisions_total{decision="allow"} 1"#,
            r#"secapi_decisions_total{decision="deny"} 2"#,
            "secapi_open_connections 0",
            "secapi_password_hashes_waiting 3",
            r#"secapi_policies_info{hash="ab12"} 1"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn what_clients_make_up_adds_no_series() {
        let metrics = metrics();
        for number in 0..500 {
            let method = format!("M{number}");
            metrics.answered(&method, "unmatched", 400 + number % 100, Duration::ZERO);
        }
        let text = metrics.text().unwrap();
        let series = text
            .lines()
            .filter(|line| line.starts_with("secapi_http_requests_total"));
        assert_eq!(series.count(), 1);
    }

    #[test]
    fn a_connection_is_counted_while_it_is_open() {
        let metrics = metrics();
        let open = |metrics: &Metrics, count: &str| {
            let line = format!("secapi_open_connections {count}");
            metrics.text().unwrap().lines().any(|found| found == line)
        };
        let (one, two) = (metrics.connected(), metrics.connected());
        assert!(open(&metrics, "2"));
        drop(one);
        assert!(open(&metrics, "1"));
        drop(two);
        assert!(open(&metrics, "0"));
    }

    #[test]
    fn off_is_off() {
        let metrics = Metrics::off();
        metrics.answered("GET", "/", 200, Duration::ZERO);
        metrics.decided(true);
        assert!(metrics.connected().is_none());
        assert_eq!(metrics.text().unwrap(), "");
    }
}
