//! The listener for operators: `/metrics`, and nothing else.

use std::time::Duration;

use salvo::Service;

use super::Metrics;
use super::text::Text;
use crate::http::{Cors, HttpsRule, Mount, Pipeline, TrustedProxies, assemble};

/// Where the metrics are.
pub(crate) const METRICS_PATH: &str = "/metrics";
/// A scrape has no body, and is written within moments.
const TIMEOUT: Duration = Duration::from_secs(10);

/// One route behind the same steps as every other: whatever else is asked for is a problem document. Scrapes are not
/// counted themselves.
pub(crate) fn service(metrics: &Metrics) -> Service {
    let pipeline = Pipeline {
        proxies: TrustedProxies::default(),
        https: HttpsRule::Optional,
        cors: Cors::new(Vec::new()),
        body_limit: 0,
        timeout: TIMEOUT,
        metrics: Metrics::off(),
    };
    assemble(
        pipeline,
        vec![Mount::get(METRICS_PATH, Text(metrics.clone()))],
    )
}
