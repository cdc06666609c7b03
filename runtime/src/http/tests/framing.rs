//! What two servers could read differently is refused, each case with a control that passes.

use super::*;

async fn status(service: &Running, request: &str) -> u16 {
    service.raw(request.as_bytes()).await.status
}

#[tokio::test]
async fn exactly_one_valid_host() {
    let service = start(Given::default()).await;
    let with =
        |hosts: &str| format!("GET /api/things HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
    assert_eq!(
        status(&service, &with("Host: example.com:8080\r\n")).await,
        200
    );
    for hosts in [
        "",
        "Host: a\r\nHost: a\r\n",
        "Host:\r\n",
        "Host: a b\r\n",
        "Host: a@b\r\n",
        "Host: a/b\r\n",
        "Host: a, b\r\n",
        "Host: a:99999\r\n",
    ] {
        let answer = service.raw(with(hosts).as_bytes()).await;
        answer
            .expect_problem(400, "malformed_request")
            .expect_hardened();
    }
    assert_eq!(service.reached(), 1);
    assert_eq!(
        status(&service, "GET /health/live HTTP/1.0\r\nHost: a\r\n\r\n").await,
        200
    );
    assert_eq!(
        status(&service, "GET /health/live HTTP/1.0\r\n\r\n").await,
        400
    );
    assert_eq!(
        status(
            &service,
            "GET /health/live HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"
        )
        .await,
        400
    );
}

#[tokio::test]
async fn no_transfer_coding_but_chunked() {
    let service = start(Given::default()).await;
    let with = |lines: &str| {
        format!(
            "POST /api/things HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n{lines}\r\n2\r\n{{}}\r\n0\r\n\r\n"
        )
    };
    let control = service
        .raw(with("Transfer-Encoding: chunked\r\n").as_bytes())
        .await;
    assert_eq!(
        (control.status, control.body.ends_with('2')),
        (200, true),
        "{control:?}"
    );
    for lines in [
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: x\r\n",
    ] {
        assert_eq!(status(&service, &with(lines)).await, 400, "{lines}");
    }
    assert_eq!(service.reached(), 1);
}

#[tokio::test]
async fn the_target_is_short_and_plain() {
    let service = start(Given::default()).await;
    let long = |length: usize| format!("/api/things?{}", "x".repeat(length - "/api/things?".len()));
    assert_eq!(service.get(&long(8192)).await.status, 200);
    service
        .get(&long(8193))
        .await
        .expect_problem(414, "uri_too_long")
        .expect_hardened();
    service
        .get("/api/things?\u{fc}")
        .await
        .expect_problem(400, "malformed_request");
    for raw in [
        &b"GET /api/things?\x00 HTTP/1.1\r\nHost: a\r\n\r\n"[..],
        b"GET /api/things?\x7f HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ] {
        assert_eq!(service.raw(raw).await.status, 400);
    }
    assert_eq!(
        service
            .raw(b"GET /api/things HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n")
            .await
            .status,
        400
    );
    assert_eq!(service.reached(), 1);
}

#[tokio::test]
async fn the_header_section_is_small() {
    let service = start(Given::default()).await;
    let lines = |count: usize| (0..count).map(|n| format!("X-{n}: v")).collect::<Vec<_>>();
    // `Host` and `Connection` are the other two of the hundred.
    let control: Vec<String> = lines(98);
    let control: Vec<&str> = control.iter().map(String::as_str).collect();
    assert_eq!(
        service.send("GET /api/things", &control, "").await.status,
        200
    );
    let many: Vec<String> = lines(99);
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    service
        .send("GET /api/things", &many, "")
        .await
        .expect_problem(431, "headers_too_large")
        .expect_hardened();
    let large = format!("X-Large: {}", "x".repeat(16 * 1024));
    service
        .send("GET /api/things", &[&large], "")
        .await
        .expect_problem(431, "headers_too_large");
    assert_eq!(service.reached(), 1);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_however_it_is_framed() {
    let service = start(Given::default()).await;
    let json = "Content-Type: application/json";
    let most = service
        .send("POST /api/things", &[json], &"x".repeat(1000))
        .await;
    assert_eq!(most.status, 200);
    service
        .send("POST /api/things", &[json], &"x".repeat(1001))
        .await
        .expect_problem(413, "content_too_large");
    let head = format!(
        "POST /api/things HTTP/1.1\r\nHost: a\r\n{json}\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let chunks = format!("200\r\n{}\r\n", "x".repeat(512)).repeat(2);
    service
        .raw(format!("{head}{chunks}0\r\n\r\n").as_bytes())
        .await
        .expect_problem(413, "content_too_large");
    // Nothing of the body has come yet: the announced length alone is enough.
    let announced = format!(
        "POST /api/things HTTP/1.1\r\nHost: a\r\n{json}\r\nContent-Length: 9000000000\r\n\r\n"
    );
    service
        .raw(announced.as_bytes())
        .await
        .expect_problem(413, "content_too_large");
}

#[tokio::test]
async fn pipelined_requests_are_answered_one_by_one() {
    let service = start(Given::default()).await;
    let two = "GET /api/things HTTP/1.1\r\nHost: a\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = service.raw(two.as_bytes()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("HTTP/1.1 404"), "{answer:?}");
}

#[tokio::test]
async fn a_target_in_absolute_form_names_the_host_of_host() {
    let service = start(Given::default()).await;
    let with = |target: &str, host: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    };
    for target in ["http://a:81/api/things", "https://A:81/api/things"] {
        assert_eq!(
            status(&service, &with(target, "a:81")).await,
            200,
            "{target}"
        );
    }
    for target in [
        "http://b/api/things",
        "http://a:82/api/things",
        "http://u@a:81/api/things",
        "ftp://a:81/api/things",
        "gopher://a:81/api/things",
    ] {
        let answer = service.raw(with(target, "a:81").as_bytes()).await;
        answer
            .expect_problem(400, "malformed_request")
            .expect_hardened();
    }
    assert_eq!(service.reached(), 2);
    // The scheme of the target is the client's word: it makes nothing secure.
    let claimed = service
        .raw(with("https://a:81/api/things", "a:81").as_bytes())
        .await;
    assert_eq!(claimed.header("strict-transport-security"), None);
}

/// What hyper's parser refuses has no request yet, so the answer is a bare status or none.
#[tokio::test]
async fn what_is_no_request_is_never_one() {
    let service = start(Given::default()).await;
    let head = "GET /api/things HTTP/1.1\r\nHost: a\r\n";
    for request in [
        format!("{head}X: a\0b\r\n\r\n"),
        format!("{head}X: a\rb\r\n\r\n"),
        format!("{head} folded: a\r\n\r\n"),
        format!("{head}X: a\r\n\tfolded\r\n\r\n"),
        format!("{head}X : a\r\n\r\n"),
        format!("{head}X\r\n\r\n"),
        format!("{head}: a\r\n\r\n"),
        format!("{head}X: \u{7f}\r\n\r\n"),
        "GET /api/things\r\nHost: a\r\n\r\n".to_owned(),
        "GET  /api/things HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        "GET /api/things HTTP/2.0\r\nHost: a\r\n\r\n".to_owned(),
        "G\u{e4}T /api/things HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
        format!("{head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        format!("{head}Content-Length: 1, 1\r\n\r\na"),
        format!("{head}Content-Length: +1\r\n\r\na"),
        format!("{head}Content-Length: -1\r\n\r\na"),
        format!("{head}Content-Length: 1 1\r\n\r\na"),
        format!("{head}Content-Length: 99999999999999999999\r\n\r\na"),
    ] {
        let answer = service.raw(request.as_bytes()).await;
        assert!([0, 400].contains(&answer.status), "{request:?} {answer:?}");
    }
    assert_eq!(service.reached(), 0);
    assert_eq!(
        status(
            &service,
            &format!("{head}X: a\r\nConnection: close\r\n\r\n")
        )
        .await,
        200
    );
}

#[tokio::test]
async fn of_two_framings_the_connection_does_not_outlive_the_request() {
    let service = start(Given::default()).await;
    let post = "POST /api/things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    let hidden = "GET /api/things HTTP/1.1\r\nHost: a\r\n\r\n";
    for lines in [
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
    ] {
        let before = service.reached();
        let request = format!("{post}{lines}\r\n2\r\n{{}}\r\n0\r\n\r\n{hidden}");
        let answer = service.raw(request.as_bytes()).await;
        // Chunked counts (RFC 9112, 6.3), and what follows is not answered.
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(!answer.body.contains("HTTP/1.1"), "{answer:?}");
        assert_eq!(service.reached(), before + 1);
    }
    // The control: with one framing the connection goes on.
    let request = format!(
        "{post}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    );
    let answer = service.raw(request.as_bytes()).await;
    assert!(answer.body.contains("HTTP/1.1 404"), "{answer:?}");
}
