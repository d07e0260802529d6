//! The transport under fault and attack: what is bounded, what is never sent twice, where
//! credentials never go.

use std::sync::Arc;
use std::time::Duration;

use kyc_review::beltic::Beltic;
use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::{CallOptions, ErrorKind, Method, OperationClass, RetryPolicy, Vendor};

use crate::support::wire::{Act, Wire, answer, with_headers};

const ID: &str = "sess_1";
const SESSION: &str =
    r#"{"data":{"id":"sess_1","type":"session","attributes":{"status":"declined"}}}"#;

fn client(wire: &Wire) -> (Beltic, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new());
    (
        Beltic::builder()
            .api_key("sk_canary")
            .base_url(wire.url())
            .clock(clock.clone())
            .build()
            .unwrap(),
        clock,
    )
}

#[tokio::test]
async fn no_redirect_is_followed_and_no_credential_leaves() {
    let second = Wire::start(|_| answer(200, SESSION)).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}/v1/identity/sessions/other\r\n", second.url());
        let first = Wire::start(move |_| with_headers(status, &location, "")).await;
        let (beltic, _) = client(&first);
        for error in [
            beltic.sessions().get(ID).await.unwrap_err(),
            beltic.sessions().decline(ID).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Redirect, "{status}");
        }
        assert_eq!(first.requests().len(), 2, "{status}");
    }
    assert_eq!(second.requests().len(), 0);
}

#[tokio::test]
async fn an_answer_that_is_not_what_the_document_says_is_a_typed_error() {
    let bom = "\u{feff}{}";
    let deep = "[".repeat(10_000);
    for (body, told) in [
        ("", "the body is empty"),
        ("<html>login</html>", "the body is not JSON (line 1, column 1)"),
        (r#"{"data":{"id":"sess_1","ty"#, "the body is truncated (line 1, column 26)"),
        (bom, "the body is not JSON (line 1, column 1)"),
        (deep.as_str(), "the body is nested too deeply (line 1, column 128)"),
        ("[]", "unexpected response body: not an object"),
        ("null", "unexpected response body: not an object"),
        (r#"{"data":{"id":1,"type":"session"}}"#, "unexpected response body: `id` is not a string"),
        (r#"{"data":{"type":"session"}}"#, "unexpected response body: `id` is missing"),
        (r#"{"data":{"id":"a","id":"b","type":"session"}}"#, "the body has a duplicate key"),
    ] {
        let text = body.to_owned();
        let wire = Wire::start(move |_| answer(200, &text)).await;
        let (beltic, _) = client(&wire);
        let error = beltic.sessions().get(ID).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status().unwrap().as_u16()),
            (ErrorKind::Decode, 200),
            "{body:.40}"
        );
        assert_eq!(error.raw_body().unwrap(), body.as_bytes());
        assert!(
            !error.to_string().contains("login") && error.to_string().contains(told),
            "{body:.60}: {error}"
        );
        // A gateway can respond with 200 for a vendor that was never reached.
        let error = beltic.sessions().decline(ID).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{body:.40}");
        assert_eq!(wire.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_content_type_does_not_matter_and_an_unknown_member_neither() {
    let wire = Wire::start(|_| with_headers(200, "content-type: text/plain\r\n", SESSION)).await;
    assert_eq!(*client(&wire).0.sessions().get(ID).await.unwrap().status(), "declined");
}

#[tokio::test]
async fn a_body_stops_at_the_cap() {
    let head = b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let chunk = [&b"1000\r\n"[..], &[b'x'; 4096], b"\r\n"].concat();
    let wire = Wire::start(move |request| match request.line.starts_with("GET") {
        true => Act::Endless(head.clone(), chunk.clone()),
        false => with_headers(200, "", &"x".repeat(70_000)),
    })
    .await;
    let beltic =
        Beltic::builder().api_key("k").base_url(wire.url()).max_body_bytes(65_536).build().unwrap();
    let error = beltic.sessions().get(ID).await.unwrap_err();
    assert_eq!((error.kind(), error.raw_body().unwrap().len()), (ErrorKind::TooLarge, 65_536));
    let error = beltic.sessions().decline(ID).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.raw_body().unwrap().len()),
        (ErrorKind::OutcomeUnknown, 65_536)
    );
}

#[tokio::test]
async fn an_error_body_over_the_cap_keeps_its_status() {
    let wire = Wire::start(|_| answer(409, &"x".repeat(5000))).await;
    let beltic =
        Beltic::builder().api_key("k").base_url(wire.url()).max_body_bytes(100).build().unwrap();
    let error = beltic.sessions().decline(ID).await.unwrap_err();
    assert_eq!((error.kind(), error.raw_body().unwrap().len()), (ErrorKind::Conflict, 100));
}

#[tokio::test]
async fn a_connection_that_cannot_be_made_has_carried_nothing() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let clock = Arc::new(ManualClock::new());
    let beltic = Beltic::builder().api_key("k").base_url(url).clock(clock).build().unwrap();
    let error = beltic.sessions().decline(ID).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), error.is_retryable()),
        (ErrorKind::Connection, 3, true)
    );
    let error = beltic.sessions().get(ID).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3));
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_a_decision_unknown_and_is_not_tried_again() {
    let partial = b"HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\n{\"data\"".to_vec();
    for act in [Act::Close, Act::SendAndClose(partial)] {
        let wire = Wire::start(move |_| act.clone()).await;
        let (beltic, _) = client(&wire);
        let error = beltic.sessions().decline(ID).await.unwrap_err();
        assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
        assert_eq!((error.subject(), error.attempts(), wire.requests().len()), (Some(ID), 1, 1));
        let error = beltic.sessions().get(ID).await.unwrap_err();
        assert_eq!((error.kind(), wire.requests().len()), (ErrorKind::Connection, 4));
    }
}

#[tokio::test]
async fn an_attempt_and_a_call_end_in_time_on_the_clock() {
    let clock = Arc::new(ManualClock::new());
    let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
    let id = sandbox.seed().beltic_session("completed");
    let beltic = sandbox.beltic_builder().attempt_timeout(Duration::from_secs(5)).build().unwrap();

    // The decision is made, and the response does not arrive.
    sandbox.fault(Fault::hang());
    let sessions = beltic.sessions();
    let (error, ()) = tokio::join!(sessions.decline(&id).send(), async {
        sandbox.until_requests(1).await;
        clock.advance(Duration::from_secs(5));
    });
    let error = error.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!((error.elapsed().as_secs(), sandbox.ledger().decisions(&id).len()), (5, 1));

    // A read is retried after its first attempt timed out.
    sandbox.fault(Fault::hang());
    let (session, ()) = tokio::join!(sessions.get(&id).send(), async {
        sandbox.until_requests(2).await;
        clock.advance(Duration::from_secs(5));
    });
    let session = session.unwrap();
    assert_eq!((session.attempts(), session.status().as_str()), (2, "declined"));

    // The whole call has its own timeout, which no wait exceeds.
    sandbox.fault(Fault::rate_limited(Duration::from_secs(30)));
    let short = beltic.with(CallOptions::new().timeout(Duration::from_secs(20)));
    let error = short.sessions().get(&id).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
}

#[tokio::test]
async fn a_hint_is_read_in_each_form_and_bounded() {
    // ManualClock starts at Thu, 01 Jan 2026 00:00:00 GMT.
    for (hint, waited) in [
        ("retry-after: 0\r\n", Some(0)),
        ("retry-after: 5\r\n", Some(5)),
        ("retry-after: Thu, 01 Jan 2026 00:00:09 GMT\r\n", Some(9)),
        ("retry-after: Thu, 01 Jan 1970 00:00:00 GMT\r\n", Some(0)),
        ("retry-after: 1000000000\r\n", None),
        ("retry-after: 99999999999999999999999\r\n", Some(u64::MAX)),
        ("retry-after: -1\r\n", Some(u64::MAX)),
        ("retry-after: soon\r\n", Some(u64::MAX)),
        ("", Some(u64::MAX)),
    ] {
        let wire = Wire::start(move |_| with_headers(429, hint, "")).await;
        let (beltic, clock) = client(&wire);
        let error = beltic
            .with(CallOptions::new().retry(RetryPolicy::new().max_attempts(2)))
            .sessions()
            .get(ID)
            .await;
        let error = error.unwrap_err();
        assert!(error.is_rate_limited(), "{hint}");
        match waited {
            // Past the cap: gives up at once, with the hint in the error.
            None => assert_eq!(
                (clock.waits().len(), error.retry_after().unwrap().as_secs()),
                (0, 1_000_000_000)
            ),
            // No valid hint: a random wait, at most the base.
            Some(u64::MAX) => assert!(clock.waits()[0] <= Duration::from_millis(500), "{hint}"),
            Some(seconds) => assert_eq!(clock.waits(), [Duration::from_secs(seconds)], "{hint}"),
        }
    }
}

#[tokio::test]
async fn a_decision_is_sent_once_whatever_failure_comes_back() {
    for status in [408, 500, 502, 503, 504] {
        let wire = Wire::start(move |_| answer(status, "{}")).await;
        let (beltic, clock) = client(&wire);
        let eager = beltic.with(CallOptions::new().retry(RetryPolicy::new().max_attempts(9)));
        eager.sessions().decline(ID).await.unwrap_err();
        assert_eq!((wire.requests().len(), clock.waits().len()), (1, 0), "{status}");
    }
}

#[tokio::test]
async fn the_escape_hatch_sends_what_it_is_told_and_classes_by_method() {
    let wire = Wire::start(|request| match request.line.contains("brand-new") {
        true => answer(200, r#"{"a":[1]}"#),
        false => answer(503, ""),
    })
    .await;
    let (beltic, _) = client(&wire);
    let reply =
        beltic.request(Method::GET, "/v1/brand-new").query("q", "a b&c").json().await.unwrap();
    assert_eq!(reply["a"][0], 1);
    let request = wire.requests().pop().unwrap();
    assert_eq!(
        (request.line.as_str(), request.header("x-api-key")),
        ("GET /v1/brand-new?q=a%20b%26c HTTP/1.1", Some("sk_canary"))
    );
    let reply = beltic
        .request(Method::POST, "/v1/brand-new")
        .json_body(&serde_json::json!({ "x": 1 }))
        .await
        .unwrap();
    assert_eq!(reply.as_ref(), br#"{"a":[1]}"#);
    assert_eq!(wire.requests().pop().unwrap().body, br#"{"x":1}"#);

    let origin = wire.url();
    for (path, line) in [
        ("/v1/brand-new?a=b%20c&page[after]=d".to_owned(), "/v1/brand-new?a=b%20c&page[after]=d"),
        ("/v1/brand-new?".to_owned(), "/v1/brand-new"),
        (format!("{origin}/v1/brand-new?cursor=a%2Bb"), "/v1/brand-new?cursor=a%2Bb"),
    ] {
        beltic.request(Method::GET, &path).await.unwrap();
        assert_eq!(wire.requests().pop().unwrap().line, format!("GET {line} HTTP/1.1"));
    }

    let before = wire.requests().len();
    beltic.request(Method::POST, "/v1/down").await.unwrap_err();
    assert_eq!(wire.requests().len() - before, 1);
    beltic.request(Method::PUT, "/v1/down").class(OperationClass::Idempotent).await.unwrap_err();
    assert_eq!(wire.requests().len() - before, 4);

    let user = origin.replace("://", "://user@");
    for path in [
        "",
        "v1",
        "https://evil.example/v1/brand-new",
        "blob:https://evil.example/v1",
        &format!("{user}/v1/brand-new"),
        &format!("{origin}/v1/a%2Fb"),
        &format!("{origin}/v1/brand-new#b"),
        "/../x",
        "/a/./b",
        "/a/%2e%2e/b",
        "/a?b=c#d",
        "/a#b",
        "/a\\b",
        "/a b",
        "//evil.example/x/..",
        "/a\r\nb",
    ] {
        let error = beltic.request(Method::GET, path).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.vendor()),
            (ErrorKind::InvalidArgument, Some(Vendor::Beltic)),
            "{path:?}"
        );
    }
}

#[tokio::test]
async fn call_options_add_headers_and_parameters_but_replace_nothing_of_ours() {
    let wire = Wire::start(|_| answer(200, SESSION)).await;
    let (beltic, _) = client(&wire);
    let options = CallOptions::new().header("X-Environment", "staging").query("page[x]", "1 2");
    beltic
        .with(options)
        .with(CallOptions::new().header("x-two", "2"))
        .sessions()
        .get(ID)
        .await
        .unwrap();
    let request = wire.requests().pop().unwrap();
    assert_eq!(request.line, "GET /v1/identity/sessions/sess_1?page%5Bx%5D=1%202 HTTP/1.1");
    assert_eq!(
        (request.header("x-environment"), request.header("x-two")),
        (Some("staging"), Some("2"))
    );

    for (name, value) in [
        ("x-api-key", "other"),
        ("X-API-KEY", "o"),
        ("host", "evil.example"),
        ("content-length", "0"),
        ("x\r\n", "1"),
        ("x", "1\r\ny: 2"),
    ] {
        let error = beltic
            .with(CallOptions::new().header(name, value))
            .sessions()
            .get(ID)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name:?}");
        assert!(!format!("{error} {error:?}").contains("evil"), "{error}");
    }
    for options in [CallOptions::new().idempotency_key("k"), CallOptions::new().query("", "1")] {
        let error = beltic.sessions().decline(ID).with(options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
    assert_eq!(wire.requests().len(), 1);
    let odd = CallOptions::new().query("a=b&c", "1#2\r\n");
    beltic.sessions().get(ID).with(odd).await.unwrap();
    let request = wire.requests().pop().unwrap();
    assert_eq!(request.line, "GET /v1/identity/sessions/sess_1?a%3Db%26c=1%232%0D%0A HTTP/1.1");
}
