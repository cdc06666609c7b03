//! The listener for operators: `/metrics`, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use salvo::Service;

use super::Metrics;
use super::text::Text;
use crate::http::{Admission, Cors, HttpsRule, Mount, Pipeline, TrustedProxies, assemble};
use crate::limit::Limiter;

/// Where the metrics are.
pub(crate) const METRICS_PATH: &str = "/metrics";
/// A scrape has no body, and is written within moments.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

/// One route behind the same steps as every other: whatever else is asked for is a problem document. Scrapes are not
/// counted themselves.
pub(crate) fn service(metrics: &Metrics, admission: Arc<Admission>) -> Service {
    let pipeline = Pipeline {
        admission,
        proxies: TrustedProxies::default(),
        https: HttpsRule::Optional,
        cors: Cors::new(Vec::new()),
        body_limit: 0,
        timeout: TIMEOUT,
        // No route here is limited, so nothing is ever counted under this key.
        limiter: Limiter::new(&[0; 32]),
        metrics: Metrics::off(),
    };
    assemble(
        pipeline,
        vec![Mount::get(METRICS_PATH, Text(metrics.clone()))],
    )
}
