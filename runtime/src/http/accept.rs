//! Content negotiation: the service speaks JSON, and says so to clients that exclude it.

use salvo::http::{HeaderMap, Request, Response, header};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::problem;
use crate::error::{Code, Error};
use crate::metrics::METRICS_PATH;

/// Answers 406 where `Accept` excludes JSON, except for the one page that is HTML and the metrics.
#[derive(Debug)]
pub(super) struct Accept;

#[async_trait]
impl Handler for Accept {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let path = request.uri().path();
        let is_other = [super::fixed::DOCS_PATH, METRICS_PATH].contains(&path);
        if !is_other && !allows_json(request.headers()) {
            problem::refuse(&Error::new(Code::NotAcceptable), depot, response, control);
        }
    }
}

/// RFC 9110 section 12.5.1: the most specific range that matches decides, and `q=0` excludes.
fn allows_json(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(header::ACCEPT).iter().peekable();
    if lines.peek().is_none() {
        return true;
    }
    let ranges: Vec<(&str, f32)> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter(|range| !range.trim().is_empty())
        .map(range)
        .collect();
    // A client that names problems alone gets what there is of those; one that says what it makes of JSON is taken at its word.
    let quality = |media_type| quality(&ranges, media_type);
    let said = quality("application/json").or_else(|| quality(super::problem::MEDIA_TYPE));
    ranges.is_empty() || said.is_some_and(|quality| quality > 0.0)
}

fn range(text: &str) -> (&str, f32) {
    let mut parts = text.split(';');
    let media_type = parts.next().unwrap_or_default().trim();
    let quality = parts
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .filter(|quality| (0.0..=1.0).contains(quality));
    (media_type, quality.unwrap_or(1.0))
}

/// `None` where no range matches.
fn quality(ranges: &[(&str, f32)], media_type: &str) -> Option<f32> {
    [media_type, "application/*", "*/*"]
        .iter()
        .find_map(|wanted| {
            let found = ranges
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, quality)| *quality)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(accept: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        allows_json(&headers)
    }

    #[test]
    fn ranges() {
        assert!(allows_json(&HeaderMap::new()));
        for accept in [
            "*/*",
            "application/json",
            "text/html, */*;q=0.1",
            "application/*",
            "",
            "Application/JSON; q=0.5",
            "application/problem+json",
            "application/json;q=nan",
            "application/*;q=0, application/json;q=0.1",
        ] {
            assert!(allows(accept), "{accept}");
        }
        for accept in [
            "text/html",
            "application/xml",
            "*/*;q=0",
            "text/*",
            "application/json;q=0, application/problem+json;q=0, */*",
            "application/json;q=0, */*",
            "*/*, application/json;q=0.000",
            "application/json;q=0, application/problem+json",
            "application/*;q=0, */*",
        ] {
            assert!(!allows(accept), "{accept}");
        }
    }
}
