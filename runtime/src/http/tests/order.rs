//! The order of the steps, held by a test, and what follows from it.

use super::*;
use crate::http::pipeline::steps;
use crate::http::rates::Table;

#[test]
fn the_order_is_this() {
    let names: Vec<_> = steps(Given::default().pipeline, Table::default())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let expected = [
        "request id, client address and access log",
        "headers",
        "CORS",
        "rate limit fields",
        "count of 404",
        "problem documents",
        "panic catcher",
        "framing and Host",
        "reserve of connections",
        "HTTPS rule",
        "CORS preflights",
        "body and time limits",
        "one spelling per path",
        "content negotiation",
        "rate limit by address",
    ];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_denial_never_reaches_the_endpoint() {
    let mut given = Given::default();
    given.pipeline.https = HttpsRule::Enforced {
        public_url: "https://api.example".into(),
    };
    given.pipeline.proxies = behind_proxy();
    let service = start(given).await;
    let tls = "X-Forwarded-Proto: https";
    let json = "Content-Type: application/json";
    let large = "x".repeat(1001);
    for (line, headers, body, status) in [
        ("GET /api/things", vec![tls, "Host: twice"], "", 400),
        ("GET /api/things", vec![], "", 308),
        (
            "GET /api/things",
            vec!["Authorization: Bearer good"],
            "",
            403,
        ),
        ("POST /api/things", vec![tls, json], large.as_str(), 413),
        ("GET /api/things/", vec![tls], "", 404),
        ("GET /api/things", vec![tls, "Accept: text/html"], "", 406),
        (
            "GET /api/things",
            vec![tls, "Authorization: Bearer bad"],
            "",
            401,
        ),
        ("PUT /api/things", vec![tls], "", 405),
    ] {
        let answer = service.send(line, &headers, body).await;
        assert_eq!(answer.status, status, "{line} {headers:?} {answer:?}");
        assert_eq!(service.reached(), 0, "{line} {headers:?}");
    }
    assert_eq!(
        service
            .send("GET /api/things", &[tls, "Authorization: Bearer good"], "")
            .await
            .status,
        200
    );
    assert_eq!(service.reached(), 1);
}

#[tokio::test]
async fn the_first_of_several_faults_is_the_one_that_is_told() {
    let mut given = Given::default();
    given.pipeline.https = HttpsRule::Enforced {
        public_url: "https://api.example".into(),
    };
    given.pipeline.proxies = behind_proxy();
    let service = start(given).await;
    let bad = "Authorization: Bearer bad";
    // Bad framing, plain HTTP, a bad token and an excluded media type, one fault less each time.
    let html = "Accept: text/html";
    let tls = "X-Forwarded-Proto: https";
    assert_eq!(
        service
            .send("GET /api/things", &["Host: twice", bad, html], "")
            .await
            .status,
        400
    );
    assert_eq!(
        service
            .send("GET /api/things", &[bad, html], "")
            .await
            .status,
        403
    );
    assert_eq!(
        service
            .send("GET /api/things", &[tls, bad, html], "")
            .await
            .status,
        406
    );
    assert_eq!(
        service
            .send("GET /api/things", &[tls, bad], "")
            .await
            .status,
        401
    );
}

/// A service that is told to stop while a request runs, which sleeps until this time limit.
async fn stopped(limit: Duration) -> (std::net::SocketAddr, tokio::task::JoinHandle<Answer>) {
    let mut given = Given::default();
    given.pipeline.timeout = limit;
    let service = start(given).await;
    let address = service.address;
    let request = b"GET /api/slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let running = tokio::spawn(exchange(address, request));
    while service.reached() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(service);
    (address, running)
}

#[tokio::test]
async fn a_stop_lets_the_running_request_finish() {
    let (address, running) = stopped(Duration::from_millis(700)).await;
    assert_eq!(running.await.unwrap().status, 503);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn the_port_is_closed_while_the_last_request_runs() {
    let (address, running) = stopped(Duration::from_secs(600)).await;
    let closed = async {
        while tokio::net::TcpStream::connect(address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let closed = tokio::time::timeout(Duration::from_secs(30), closed).await;
    assert!(closed.is_ok(), "the port stays open");
    assert!(!running.is_finished());
    running.abort();
}
