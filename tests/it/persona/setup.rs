//! Building a client: its version and its rate limit.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use httpmock::Method::GET;
use kyc_review::persona::{Persona, PersonaVersion};
use kyc_review::{CallOptions, ErrorKind, Limit};
use serde_json::json;

use super::{INQUIRY, KEY, client, inquiry};
use crate::support::mock;

#[test]
fn a_client_without_a_key_or_with_a_bad_one_is_refused() {
    assert_eq!(Persona::builder().build().unwrap_err().kind(), ErrorKind::Configuration);
    for key in ["", " \n", "persona_sandbox_canary\r\nx: y", "persona canary", "persona_canaryé"] {
        let error = Persona::builder().api_key(key).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{key:?}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
    let builder = Persona::builder().api_key("canary\n");
    assert!(!format!("{builder:?} {:?}", builder.clone().build().unwrap()).contains("canary"));
}

#[test]
fn a_version_that_no_header_holds_is_refused() {
    for version in ["", "2025 12 08", "2025-12-08\n", "2025-12-08\r\nx: y", "é"] {
        let error = Persona::builder().api_key(KEY).version(version).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{version:?}");
    }
    assert_eq!(PersonaVersion::default(), PersonaVersion::V2025_12_08);
    assert!(PersonaVersion::KNOWN.contains(&"2026-09-29") && PersonaVersion::KNOWN.len() == 9);
}

#[tokio::test]
async fn the_version_is_pinned_and_can_be_another() {
    let (server, clock) = mock().await;
    for version in [
        PersonaVersion::V2026_09_29,
        PersonaVersion::V2020_05_18,
        PersonaVersion::from("2027-01-01"),
    ] {
        let call = server
            .mock_async(|when, then| {
                when.method(GET)
                    .header("persona-version", version.as_str())
                    .header("key-inflection", "kebab");
                then.status(200).json_body(inquiry("approved"));
            })
            .await;
        let builder =
            Persona::builder().api_key(KEY).base_url(server.base_url()).clock(clock.clone());
        builder.version(version).build().unwrap().inquiries().get(INQUIRY).await.unwrap();
        call.assert_async().await;
        call.delete_async().await;
    }
}

#[tokio::test]
async fn a_clone_sends_another_version_and_shares_the_limits() {
    let (server, clock) = mock().await;
    let versions = Arc::new(Mutex::new(Vec::new()));
    let kept = versions.clone();
    let call = server
        .mock_async(|when, then| {
            when.is_true(move |request| {
                let headers = request.headers();
                let version = headers.get("persona-version").unwrap().to_str().unwrap().to_owned();
                kept.lock().unwrap().push(version);
                true
            });
            then.status(200).json_body(inquiry("approved"));
        })
        .await;
    let limit = Limit::all(3, Duration::from_secs(60));
    let builder = Persona::builder().api_key(KEY).base_url(server.base_url()).clock(clock);
    let persona = builder.limits([limit]).build().unwrap();
    let canary = persona.with_version(PersonaVersion::V2026_09_29);
    canary.inquiries().get(INQUIRY).await.unwrap();
    persona.inquiries().get(INQUIRY).await.unwrap();
    // Options that are set afterwards leave the version as it is; the last version wins.
    let patient = CallOptions::new().timeout(Duration::from_secs(5));
    canary.with(patient.clone()).with_version("2027-01-01").inquiries().get(INQUIRY).await.unwrap();
    let expected = ["2026-09-29", "2025-12-08", "2027-01-01"];
    assert_eq!(*versions.lock().unwrap(), expected);
    // The clones have used up the one limit together.
    let error = canary.with(patient).inquiries().get(INQUIRY).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 0), "{error}");

    for version in ["", "2025 12 08", "2025-12-08\r\nx: canary", "é"] {
        let error = persona.with_version(version).inquiries().get(INQUIRY).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{version:?}");
        let told = error.to_string();
        assert!(told.contains("invalid `persona-version`: must be non-empty visible ASCII"));
        assert!(!told.contains("canary"));
    }
    assert_eq!(call.calls_async().await, 3);
}

#[tokio::test]
async fn what_the_client_itself_sends_cannot_be_replaced() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.any_request();
            then.status(200).json_body(inquiry("approved"));
        })
        .await;
    for name in ["Authorization", "persona-version", "Key-Inflection", "Idempotency-Key"] {
        let persona =
            client(&server, clock.clone()).with(CallOptions::new().header(name, "canary"));
        let error = persona.inquiries().approve(INQUIRY).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
    assert_eq!(call.calls_async().await, 0);
}

#[tokio::test]
async fn the_base_url_may_have_a_path() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(GET).path(format!("/mirror/api/v1/inquiries/{INQUIRY}"));
            then.status(200).json_body(inquiry("approved"));
        })
        .await;
    let url = format!("{}/mirror/", server.base_url());
    let persona = Persona::builder().api_key(KEY).base_url(url).clock(clock).build().unwrap();
    persona.inquiries().get(INQUIRY).await.unwrap();
    call.assert_async().await;
}

#[tokio::test]
async fn the_reply_has_what_the_headers_tell() {
    let (server, clock) = mock().await;
    server
        .mock_async(|when, then| {
            when.method(GET);
            then.status(200)
                .header("Request-Id", "req_1")
                .header("RateLimit-Limit", "300")
                .header("RateLimit-Remaining", "299")
                .header("RateLimit-Reset", "42")
                .header("Quota-Limit", "150")
                .header("QuotaLimit-Remaining", "7")
                .header("Persona-Environment-Id", "env_1")
                .header("Persona-Organization-Id", "org_1")
                .json_body(inquiry("approved"));
        })
        .await;
    let reply = client(&server, clock).inquiries().get(INQUIRY).await.unwrap();
    assert_eq!(reply.request_id(), Some("req_1"));
    assert_eq!(
        (reply.persona_environment_id(), reply.persona_organization_id()),
        (Some("env_1"), Some("org_1"))
    );
    let limit = reply.rate_limit().unwrap();
    assert_eq!(
        (limit.limit, limit.remaining, limit.reset),
        (Some(300), Some(299), Some(Duration::from_secs(42)))
    );
    let quota = reply.persona_quota().unwrap();
    assert_eq!((quota.limit, quota.remaining, quota.reset), (Some(150), None, None));
    assert_eq!(reply.idempotency_key(), None);
}

#[tokio::test]
async fn the_quota_is_read_in_both_spellings_and_stands_in_for_the_rate_limit() {
    let (server, clock) = mock().await;
    for prefix in ["Quota", "QuotaLimit"] {
        let call = server
            .mock_async(|when, then| {
                when.method(GET);
                then.status(200)
                    .header(format!("{prefix}-Limit"), "150")
                    .header(format!("{prefix}-Remaining"), "0")
                    .header(format!("{prefix}-Reset"), "9")
                    .json_body(json!({ "data": { "type": "inquiry", "id": INQUIRY } }));
            })
            .await;
        let reply = client(&server, clock.clone()).inquiries().get(INQUIRY).await.unwrap();
        let quota = reply.persona_quota().unwrap();
        assert_eq!(
            (quota.limit, quota.remaining, quota.reset),
            (Some(150), Some(0), Some(Duration::from_secs(9)))
        );
        assert_eq!(reply.rate_limit(), Some(quota));
        assert_eq!((reply.persona_environment_id(), reply.request_id()), (None, None));
        call.delete_async().await;
    }
}
