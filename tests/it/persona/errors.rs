//! Each documented error of each operation, the wait that a 429 requests, and what is
//! sent once.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use httpmock::Method::{GET, POST};
use kyc_review::persona::Persona;
use kyc_review::{CallOptions, Error, ErrorKind, RetryPolicy};
use serde_json::{Value, json};

use super::{INQUIRY, SESSION, client};
use crate::support::{document, mock};

/// A call in flight.
type Calling = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

fn sent<T>(request: impl IntoFuture<Output = Result<T, Error>> + 'static) -> Option<Calling> {
    Some(Box::pin(async move { request.await.map(drop) }))
}

/// The call of an operation of the spec, if a handle has it. The walk covers all of them.
fn call(persona: &Persona, operation: &str) -> Option<Calling> {
    let (inquiries, sessions) = (persona.inquiries(), persona.inquiry_sessions());
    match operation {
        "retrieve_an_inquiry" => sent(inquiries.get(INQUIRY)),
        "approve_an_inquiry" => sent(inquiries.approve(INQUIRY).comment("Ada")),
        "decline_an_inquiry" => sent(inquiries.decline(INQUIRY)),
        "mark_an_inquiry_for_review" => sent(inquiries.mark_for_review(INQUIRY)),
        "list_all_inquiry_sessions" => sent(sessions.list()),
        "create_an_inquiry_session" => sent(sessions.create(INQUIRY)),
        "expire_inquiry_sessions" => sent(sessions.expire_all([INQUIRY])),
        "retrieve_an_inquiry_session" => sent(sessions.get(SESSION)),
        "expire_an_inquiry_session" => sent(sessions.expire(SESSION)),
        "generate_a_one_time_link_for_an_inquiry_session" => {
            sent(sessions.generate_one_time_link(SESSION))
        }
        _ => None,
    }
}

/// Every operation that a handle calls: its id, class and error statuses.
fn operations(persona: &Persona) -> Vec<(String, String, Vec<u16>)> {
    let document = document("persona");
    let paths = document["paths"].as_object().unwrap();
    let items = paths.values().flat_map(|item| item.as_object().unwrap().values());
    let operation = |operation: &Value| {
        let statuses = operation["responses"]
            .as_object()
            .unwrap()
            .keys()
            .map(|status| status.parse().unwrap());
        let text = |name: &str| operation[name].as_str().unwrap().to_owned();
        (
            text("operationId"),
            text("x-operation-class"),
            statuses.filter(|status| *status >= 400).collect(),
        )
    };
    let operations: Vec<_> =
        items.map(operation).filter(|(operation, ..)| call(persona, operation).is_some()).collect();
    assert_eq!(operations.len(), 10);
    operations
}

/// The vendor's envelope for a status, about an invented person.
fn envelope(status: u16) -> (Value, String) {
    let (title, details) = match status {
        400 => ("Bad Request", Some("Ada is malformed")),
        401 => ("Token is invalid", None),
        403 => ("Forbidden", Some("Ada may not")),
        404 => ("Record not found", Some("Ada is not here")),
        409 => ("Stale object error", Some("Attempted to update Ada")),
        422 => ("Record invalid", Some("Ada is invalid")),
        429 => ("Quota exceeded", Some("Ada exceeded a quota")),
        other => panic!("no envelope for {other}"),
    };
    let mut entry = json!({ "title": title, "a-new-member": null });
    if let Some(details) = details {
        entry["details"] = json!(details);
    }
    if status == 422 {
        entry["source"] = json!({ "pointer": "/data/attributes/inquiry-id" });
    }
    let message = details.map_or(title.to_owned(), |details| format!("{title}: {details}"));
    (json!({ "errors": [entry, { "title": "Another" }] }), message)
}

#[tokio::test]
async fn every_documented_error_of_every_operation_has_its_kind() {
    let (server, clock) = mock().await;
    let persona = client(&server, clock);
    for (operation, class, statuses) in operations(&persona) {
        assert!(statuses.len() >= 4, "{operation}");
        for status in statuses {
            let (body, message) = envelope(status);
            let text = body.to_string();
            let mock = server
                .mock_async(|when, then| {
                    when.any_request();
                    let then =
                        then.status(status).header("content-type", "application/json").body(&text);
                    if status != 401 {
                        then.header("request-id", "req_1")
                            .header("ratelimit-remaining", "0")
                            .header("ratelimit-reset", "7");
                    }
                })
                .await;
            let error = call(&persona, &operation).unwrap().await.unwrap_err();
            let kind = match status {
                400 | 422 => ErrorKind::InvalidRequest,
                401 => ErrorKind::Authentication,
                403 => ErrorKind::Permission,
                404 => ErrorKind::NotFound,
                409 => ErrorKind::Conflict,
                _ => ErrorKind::RateLimited,
            };
            assert_eq!(
                (error.kind(), error.operation()),
                (kind, Some(operation.as_str())),
                "{status}"
            );
            // A 429 is sent before the vendor acts, and each POST has an idempotency key.
            let attempts = if status == 429 { 3 } else { 1 };
            assert_eq!(
                (mock.calls_async().await, error.attempts()),
                (attempts as usize, attempts),
                "{operation} {status}"
            );
            assert_eq!(
                (error.code(), error.request_id()),
                (None, (status != 401).then_some("req_1"))
            );
            assert_eq!(error.messages(), [message.as_str(), "Another"], "{operation} {status}");
            let fields: Vec<_> =
                error.field_errors().iter().map(|field| (field.field(), field.message())).collect();
            let expected = [("/data/attributes/inquiry-id", "Ada is invalid")];
            assert_eq!(fields, if status == 422 { &expected[..] } else { &[] });
            assert_eq!(error.idempotency_key().is_some(), class != "read");
            assert_eq!(error.raw_body(), Some(text.as_bytes()));
            let shown = format!("{error} {error:?} {error:#?}");
            assert!(!shown.contains("Ada") && !shown.contains("persona_sandbox"), "{shown}");
            mock.delete_async().await;
        }
    }
}

#[tokio::test]
async fn a_server_error_leaves_a_decision_unknown_and_sent_once() {
    let (server, clock) = mock().await;
    let persona = client(&server, clock);
    for (operation, class, _) in operations(&persona) {
        for status in [500, 502, 503, 504] {
            let mock = server
                .mock_async(|when, then| {
                    when.any_request();
                    then.status(status).body("<html>Ada</html>");
                })
                .await;
            let error = call(&persona, &operation).unwrap().await.unwrap_err();
            let (kind, calls) = if class == "read" {
                (ErrorKind::Server, 3)
            } else {
                (ErrorKind::OutcomeUnknown, 1)
            };
            assert_eq!(
                (error.kind(), mock.calls_async().await),
                (kind, calls),
                "{operation} {status}"
            );
            assert_eq!(
                (error.messages().len(), error.is_retryable()),
                (0, class == "read"),
                "{operation}"
            );
            mock.delete_async().await;
        }
    }
}

#[tokio::test]
async fn the_error_has_the_key_that_was_sent() {
    let (server, clock) = mock().await;
    let mock = server
        .mock_async(|when, then| {
            when.method(POST).header("idempotency-key", "review-17");
            then.status(503);
        })
        .await;
    let persona = client(&server, clock);
    let keyed = CallOptions::new().idempotency_key("review-17");
    let error = persona.inquiries().decline(INQUIRY).with(keyed).await.unwrap_err();
    mock.assert_async().await;
    assert!(error.is_outcome_unknown());
    assert_eq!((error.idempotency_key(), error.subject()), (Some("review-17"), Some(INQUIRY)));
}

#[tokio::test]
async fn any_body_is_read_and_none_is_needed() {
    let (server, clock) = mock().await;
    let persona = client(&server, clock);
    for (body, messages, fields) in [
        ("", 0, 0),
        ("null", 0, 0),
        ("[]", 0, 0),
        ("{\"errors\":null}", 0, 0),
        ("{\"errors\":{\"title\":\"x\"}}", 0, 0),
        ("{\"errors\":[]}", 0, 0),
        (
            "{\"errors\":[null,1,\"x\",{},{\"title\":null},{\"title\":\"\"},{\"title\":{\"a\":1}}]}",
            0,
            0,
        ),
        ("{\"errors\":[{\"details\":\"x\",\"source\":null}]}", 1, 0),
        ("{\"errors\":[{\"details\":\"x\",\"source\":{\"pointer\":7}}]}", 1, 0),
        (
            "{\"errors\":[{\"title\":\"x\",\"source\":{\"pointer\":\"/meta\"},\"meta\":\"odd\"}]}",
            1,
            1,
        ),
        ("{\"data\":{\"type\":\"inquiry\"}}", 0, 0),
        ("{\"errors\":[{\"title\":\"x\"", 0, 0),
        ("\u{feff}{}", 0, 0),
    ] {
        let mock = server
            .mock_async(|when, then| {
                when.any_request();
                then.status(409).body(body);
            })
            .await;
        let error = persona.inquiries().approve(INQUIRY).await.unwrap_err();
        assert_eq!(
            (error.messages().len(), error.field_errors().len()),
            (messages, fields),
            "{body}"
        );
        assert!(error.is_conflict() && error.raw_body() == Some(body.as_bytes()), "{body}");
        mock.delete_async().await;
    }
}

#[tokio::test]
async fn the_wait_is_the_reset_of_the_window_that_is_used_up() {
    let (server, clock) = mock().await;
    let persona = client(&server, clock);
    for (headers, wait) in [
        (&[("ratelimit-remaining", "0"), ("ratelimit-reset", "7")][..], Some(7)),
        (&[("ratelimit-reset", "7")], Some(7)),
        (&[("quota-remaining", "0"), ("quota-reset", "9")], Some(9)),
        (&[("quotalimit-remaining", "0"), ("quotalimit-reset", "8")], Some(8)),
        // The rate limit has requests left, the quota has none.
        (
            &[
                ("ratelimit-remaining", "250"),
                ("ratelimit-reset", "50"),
                ("quota-remaining", "0"),
                ("quota-reset", "9"),
                ("retry-after", "1"),
            ],
            Some(9),
        ),
        // Both are used up: the later end counts.
        (
            &[
                ("ratelimit-remaining", "0"),
                ("ratelimit-reset", "50"),
                ("quota-remaining", "0"),
                ("quota-reset", "9"),
            ],
            Some(50),
        ),
        // A window with requests left needs no wait.
        (&[("ratelimit-remaining", "250"), ("ratelimit-reset", "50")], None),
        (&[("retry-after", "3")], Some(3)),
        (
            &[("ratelimit-remaining", "0"), ("ratelimit-reset", "soon"), ("retry-after", "3")],
            Some(3),
        ),
        (&[("ratelimit-remaining", "0"), ("ratelimit-reset", "-1")], None),
        (&[("ratelimit-reset", "0")], Some(0)),
        (&[], None),
    ] {
        let mock = server
            .mock_async(|when, then| {
                when.any_request();
                headers
                    .iter()
                    .fold(then.status(429), |then, (name, value)| then.header(*name, *value));
            })
            .await;
        let once = persona.with(CallOptions::new().retry(RetryPolicy::none()));
        let error = once.inquiries().approve(INQUIRY).await.unwrap_err();
        assert_eq!(error.retry_after(), wait.map(Duration::from_secs), "{headers:?}");
        assert!(error.is_rate_limited() && error.is_retryable() && error.attempts() == 1);
        mock.delete_async().await;
    }
}

#[tokio::test]
async fn a_read_waits_as_long_as_it_is_told_and_no_longer_than_it_will() {
    let (server, clock) = mock().await;
    let waits = |seconds: &'static str| {
        server.mock_async(move |when, then| {
            when.method(GET);
            then.status(429).header("ratelimit-remaining", "0").header("ratelimit-reset", seconds);
        })
    };
    let short = waits("7").await;
    let persona = client(&server, clock.clone());
    let error = persona.inquiries().get(INQUIRY).await.unwrap_err();
    assert_eq!((error.attempts(), short.calls_async().await), (3, 3));
    assert_eq!(clock.waits(), [Duration::from_secs(7); 2]);
    short.delete_async().await;

    let long = waits("1000000000").await;
    let error = persona.inquiries().get(INQUIRY).await.unwrap_err();
    assert_eq!(
        (error.retry_after(), long.calls_async().await),
        (Some(Duration::from_secs(1_000_000_000)), 1)
    );
}

#[tokio::test]
async fn an_answer_that_does_not_decode_leaves_a_decision_unknown() {
    let (server, clock) = mock().await;
    let persona = client(&server, clock);
    for body in
        ["", "<html>Ada</html>", "{\"data\":{\"type\":\"inquiry\",\"id\":", "{\"data\":[]}", "{}"]
    {
        let mock = server
            .mock_async(|when, then| {
                when.any_request();
                then.status(200).header("request-id", "req_1").body(body);
            })
            .await;
        let read = persona.inquiries().get(INQUIRY).await.unwrap_err();
        assert_eq!((read.kind(), read.request_id()), (ErrorKind::Decode, Some("req_1")), "{body}");
        let decision = persona.inquiries().approve(INQUIRY).await.unwrap_err();
        assert!(decision.is_outcome_unknown() && decision.idempotency_key().is_some(), "{body}");
        assert!(!format!("{decision} {decision:?}").contains("Ada"));
        mock.delete_async().await;
    }
}
