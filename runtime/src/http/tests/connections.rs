//! Limits on connections and on clients that take their time, over real sockets, each with a control.

use std::net::IpAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::*;

const PROBE: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";
const THINGS: &[u8] = b"GET /api/things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/// A service with these limits, and its seats.
async fn limited(limits: ConnectionLimits, proxies: TrustedProxies) -> Running {
    let mut given = Given::default();
    given.pipeline.admission = Admission::new(limits, proxies);
    // Where the test is about another clock, this one must not be first.
    given.pipeline.timeout = Duration::from_secs(20);
    given.request = Duration::from_secs(600);
    start(given).await
}

fn seats(total: usize, per_network: usize) -> ConnectionLimits {
    ConnectionLimits {
        total,
        per_network,
        ..ConnectionLimits::default()
    }
}

/// A connection from this loopback address.
async fn from(address: [u8; 4], service: &Running) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((IpAddr::from(address), 0).into()).unwrap();
    socket.connect(service.address).await.unwrap()
}

/// Sends a request on a connection and reads what comes until it is closed.
async fn ask(stream: &mut TcpStream, request: &[u8]) -> String {
    let _ = stream.write_all(request).await;
    rest(stream).await
}

/// What comes until the service closes the connection, which it has to.
async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut received = Vec::new();
    let reading = stream.read_to_end(&mut received);
    let ended = tokio::time::timeout(Duration::from_secs(60), reading).await;
    assert!(ended.is_ok(), "the service does not end the connection");
    String::from_utf8_lossy(&received).into_owned()
}

/// A connection that holds a regular seat: it has been answered and stays open.
async fn seated(address: [u8; 4], service: &Running) -> TcpStream {
    let mut stream = from(address, service).await;
    stream.write_all(PROBE).await.unwrap();
    let mut received = Vec::new();
    while !received.ends_with(br#"{"status":"live"}"#) {
        assert_ne!(stream.read_buf(&mut received).await.unwrap(), 0);
    }
    let text = String::from_utf8_lossy(&received).into_owned();
    assert!(
        text.starts_with("HTTP/1.1 200") && !text.contains("connection: close"),
        "{text}"
    );
    stream
}

/// Asks from an address until the answer has this status: a seat is free a moment after its connection has ended.
async fn until(status: &str, address: [u8; 4], service: &Running) -> String {
    for _ in 0..500 {
        let answer = ask(&mut from(address, service).await, THINGS).await;
        if answer.starts_with(status) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never {status}");
}

#[tokio::test]
async fn beyond_the_limit_health_alone_is_answered() {
    let service = limited(seats(2, 2), TrustedProxies::default()).await;
    let first = seated([127, 0, 0, 1], &service).await;
    let _second = seated([127, 0, 0, 2], &service).await;
    let answer = service.raw(THINGS).await;
    answer.expect_problem(503, "overloaded").expect_hardened();
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(service.reached(), 0);
    // One request, although the client would go on.
    let health = ask(
        &mut from([127, 0, 0, 3], &service).await,
        &[PROBE, PROBE].concat(),
    )
    .await;
    assert_eq!(health.matches("HTTP/1.1 200").count(), 1, "{health}");
    assert!(health.contains("connection: close"), "{health}");
    drop(first);
    until("HTTP/1.1 200", [127, 0, 0, 1], &service).await;
    assert_eq!(service.reached(), 1);
}

#[tokio::test]
async fn one_address_takes_no_more_than_its_share() {
    let service = limited(seats(100, 2), TrustedProxies::default()).await;
    let _held = [
        seated([127, 0, 0, 1], &service).await,
        seated([127, 0, 0, 1], &service).await,
    ];
    service.raw(THINGS).await.expect_problem(503, "overloaded");
    let other = ask(&mut from([127, 0, 0, 2], &service).await, THINGS).await;
    assert!(other.starts_with("HTTP/1.1 200"), "{other}");
}

#[tokio::test]
async fn the_clients_behind_a_trusted_proxy_are_many() {
    let service = limited(seats(100, 1), behind_proxy()).await;
    let _held = [
        seated([127, 0, 0, 1], &service).await,
        seated([127, 0, 0, 1], &service).await,
    ];
    assert_eq!(service.raw(THINGS).await.status, 200);
}

#[tokio::test]
async fn a_probe_is_answered_beside_a_thousand_silent_connections() {
    let service = limited(seats(100, 50), TrustedProxies::default()).await;
    let mut silent = Vec::new();
    for number in 0..1000u16 {
        let address = [127, 0, 1, (number % 4) as u8 + 1];
        silent.push(from(address, &service).await);
        if number % 100 == 99 {
            let health = ask(&mut from([127, 0, 0, 9], &service).await, PROBE_AND_CLOSE).await;
            assert!(health.starts_with("HTTP/1.1 200"), "{number}: {health}");
        }
    }
    drop(silent);
    until("HTTP/1.1 200", [127, 0, 0, 9], &service).await;
}

const PROBE_AND_CLOSE: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn a_head_that_comes_in_drops_is_cut_off() {
    let limits = ConnectionLimits {
        head: Duration::from_secs(1),
        ..ConnectionLimits::default()
    };
    let service = limited(limits, TrustedProxies::default()).await;
    let stream = from([127, 0, 0, 1], &service).await;
    let (mut read, mut write) = stream.into_split();
    let dripping = tokio::spawn(async move {
        write
            .write_all(b"GET /api/things HTTP/1.1\r\nHost: a\r\n")
            .await
            .unwrap();
        // Each drop comes well within the time for the whole.
        while write.write_all(b"X: y\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert_eq!(rest(&mut read).await, "");
    dripping.await.unwrap();
    assert_eq!(service.reached(), 0);
    assert_eq!(service.raw(THINGS).await.status, 200);
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_its_last_answer() {
    let limits = ConnectionLimits {
        head: Duration::from_secs(1),
        ..ConnectionLimits::default()
    };
    let service = limited(limits, TrustedProxies::default()).await;
    let mut idle = seated([127, 0, 0, 1], &service).await;
    // A second request in time is answered; then silence.
    idle.write_all(PROBE).await.unwrap();
    let received = rest(&mut idle).await;
    assert_eq!(received.matches("HTTP/1.1 200").count(), 1);
    let mut silent = from([127, 0, 0, 1], &service).await;
    assert_eq!(ask(&mut silent, b"").await, "");
}

#[tokio::test]
async fn a_body_that_comes_in_drops_is_cut_off_and_told_so() {
    let mut given = Given::default();
    given.pipeline.timeout = Duration::from_secs(20);
    let service = start(given).await;
    for head in [
        "Content-Length: 900\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n",
    ] {
        let head = format!(
            "POST /api/things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{head}"
        );
        let drop: &[u8] = if head.contains("chunked") {
            b"1\r\nx\r\n"
        } else {
            b"x"
        };
        let (mut read, mut write) = from([127, 0, 0, 1], &service).await.into_split();
        let dripping = tokio::spawn(async move {
            write.write_all(head.as_bytes()).await.unwrap();
            while write.write_all(drop).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let answer = rest(&mut read).await;
        dripping.await.unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 400") && answer.contains("malformed_request"),
            "{answer}"
        );
        assert!(answer.contains("connection: close"), "{answer}");
    }
    let control = service
        .send(
            "POST /api/things",
            &["Content-Type: application/json"],
            "{}",
        )
        .await;
    assert_eq!(control.status, 200);
}

#[tokio::test]
async fn a_peer_that_does_not_read_or_reads_in_drops_is_cut_off() {
    let limits = ConnectionLimits {
        write: Duration::from_secs(4),
        total: 1,
        ..ConnectionLimits::default()
    };
    let service = limited(limits, TrustedProxies::default()).await;
    let pour = b"GET /api/pour HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let whole = ask(&mut from([127, 0, 0, 1], &service).await, pour).await;
    assert!(whole.len() > POUR, "{}", whole.len());
    // The seat is the only one: that somebody else gets it shows that the connection has ended.
    until("HTTP/1.1 200", [127, 0, 0, 2], &service).await;
    let mut unread = from([127, 0, 0, 1], &service).await;
    unread.write_all(pour).await.unwrap();
    until("HTTP/1.1 503", [127, 0, 0, 2], &service).await;
    until("HTTP/1.1 200", [127, 0, 0, 2], &service).await;
    drop(unread);
    // Never still for long, and too slow all the same.
    let mut dripping = from([127, 0, 0, 1], &service).await;
    dripping.write_all(pour).await.unwrap();
    let mut buffer = vec![0; 64 * 1024];
    let mut total = 0;
    while let Ok(read @ 1..) = dripping.read(&mut buffer).await {
        total += read;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(total < POUR, "all was taken");
}

#[tokio::test]
async fn http_2_without_tls_is_refused_and_the_service_goes_on() {
    let service = start(Given::default()).await;
    let settings = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    let answer = ask(&mut from([127, 0, 0, 1], &service).await, settings).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 400"),
        "{answer}"
    );
    // An upgrade is an offer that need not be taken (RFC 9110, 7.8).
    let upgrade = [
        "Connection: Upgrade, HTTP2-Settings",
        "Upgrade: h2c",
        "HTTP2-Settings: AAMAAABkAAQAAP__",
    ];
    let stayed = service.send("GET /api/things", &upgrade, "").await;
    assert_eq!(stayed.status, 200);
    assert_eq!(stayed.header("upgrade"), None);
    assert_eq!(service.reached(), 1);
}

#[tokio::test]
async fn told_twice_the_service_does_not_wait_for_requests() {
    let mut given = Given::default();
    given.pipeline.timeout = Duration::from_secs(600);
    given.request = Duration::from_secs(600);
    let service = start(given).await;
    let mut stream = from([127, 0, 0, 1], &service).await;
    stream
        .write_all(b"GET /api/slow HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    while service.reached() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    service.stop.send(()).await.unwrap();
    service.stop.send(()).await.unwrap();
    // The endpoint would sleep for a minute.
    assert_eq!(rest(&mut stream).await, "");
}
