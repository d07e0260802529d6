//! Beltic: the request of each operation, its response, and each documented error.

use std::sync::Arc;

use httpmock::Method::{GET, POST};
use httpmock::MockServer;
use kyc_review::ErrorKind;
use kyc_review::beltic::Beltic;
use kyc_review::beltic::types::SessionStatus;
use kyc_review::sandbox::ManualClock;
use serde_json::{Value, json};

use crate::support::mock;

const ID: &str = "123e4567-e89b-12d3-a456-426614174000";

fn client(server: &MockServer, clock: Arc<ManualClock>) -> Beltic {
    Beltic::builder()
        .api_key("sk_staging_1")
        .base_url(server.base_url())
        .clock(clock)
        .build()
        .unwrap()
}

/// A complete response in the vendor's format, with fields and values unknown to this
/// version, nulls, and absent fields.
fn session(status: &str) -> Value {
    json!({
        "data": {
            "id": ID, "type": "session", "new_top_member": { "a": 1 },
            "attributes": {
                "status": status, "creator_type": "api_key_from_the_future",
                "entity_type": "business",
                "creator_id": "usr_1",
                "person": {
                    "name": { "first": "Ada", "middle": null }, "birth_date": "1990-05-15"
                },
                "business": {
                    "legal_name": "Example Ltd", "registration_date": "2001-02-03",
                    "shareholders": [{
                        "name": "Ada", "shareholder_type": "person", "number_of_share": "10",
                        "percentage_of_share": 33.3
                    }]
                },
                "identity_numbers": {
                    "number": "X0000000", "issuing_country_code": "CA", "class": "passport"
                },
                "contact": null,
                "behavior_analysis": {
                    "bot_score": 0, "completion_time_seconds": 12.5, "devtools_open": false,
                    "threat_level": "low"
                },
                "created_at": "2025-01-15T10:30:00Z", "decisioned_at": "2025-10-22T22:13:48.149Z",
                "redacted_at": null, "new_member": [1, "two", null]
            },
            "relationships": {
                "account": { "data": { "type": "account", "id": "acc_1" } },
                "business": { "data": null },
                "documents": { "data": [{ "type": "document/idv", "id": "doc_1" }] }
            }
        },
        "meta": {}, "links": {}
    })
}

#[tokio::test]
async fn decline_posts_no_body_and_reads_the_whole_session() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(POST)
                .path(format!("/v1/identity/sessions/{ID}/decline"))
                .header("x-api-key", "sk_staging_1")
                .header("accept", "application/json")
                .header("user-agent", concat!("kyc-review/", env!("CARGO_PKG_VERSION")))
                .header_missing("content-type")
                .header_missing("api-version")
                .header_missing("idempotency-key")
                .is_true(|request| request.body().is_empty() && request.uri().query().is_none());
            then.status(200).json_body(session("declined"));
        })
        .await;
    let reply = client(&server, clock).sessions().decline(ID).await.unwrap();
    call.assert_async().await;

    assert_eq!(*reply.status(), "declined");
    assert_eq!(reply.status(), &SessionStatus::Declined);
    assert_eq!((reply.attempts(), reply.status_code().as_u16()), (1, 200));
    let attributes = reply.attributes.as_ref().unwrap();
    assert_eq!(attributes.creator_type.as_ref().unwrap().as_str(), "api_key_from_the_future");
    assert_eq!(attributes.decisioned_at.as_ref().unwrap().as_str(), "2025-10-22T22:13:48.149Z");
    let numbers = attributes.identity_number_list();
    assert_eq!(numbers[0].number.as_ref().unwrap().expose(), "X0000000");
    // The exact bytes keep what the types do not know.
    assert_eq!(serde_json::from_slice::<Value>(reply.raw()).unwrap(), session("declined"));
}

#[tokio::test]
async fn get_reads_one_session() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(GET)
                .path(format!("/v1/identity/sessions/{ID}"))
                .header("x-api-key", "sk_staging_1")
                .is_true(|request| request.body().is_empty() && request.uri().query().is_none());
            then.status(200).json_body(session("a_status_from_the_future"));
        })
        .await;
    let reply = client(&server, clock).sessions().get(ID).await.unwrap();
    call.assert_async().await;
    assert!(matches!(
        reply.status(),
        SessionStatus::Unknown(value) if value.as_str() == "a_status_from_the_future"
    ));
}

#[tokio::test]
async fn list_sends_every_parameter_and_walks_both_page_spellings() {
    let (server, clock) = mock().await;
    let page = |id: &str, page: Value, links: Value| {
        json!({
            "data": [{ "id": id, "type": "session" }], "meta": { "page": page }, "links": links
        })
    };
    let first = server
        .mock_async(|when, then| {
            when.method(GET)
                .path("/v1/identity/sessions")
                .query_param("page[size]", "2")
                .query_param("page[total]", "true")
                .query_param("page[before]", "z")
                .query_param("filter[account]", "acc 1+2")
                .query_param("filter[session_device]", "dev_1")
                .query_param_missing("page[after]")
                // A space becomes %20 and a plus %2B; the parameters are in the order of
                // their names.
                .is_true(|request| {
                    request.uri().query().unwrap().starts_with(
                        "filter%5Baccount%5D=acc%201%2B2&filter%5Bsession_device%5D=dev_1&page%5Bbefore%5D=z&",
                    )
                });
            then.status(200).json_body(page(
                "a",
                json!({
                    "cursors": { "start": "x", "end": "c+1/=" }, "hasNextPage": true, "total": 3
                }),
                json!({}),
            ));
        })
        .await;
    let second = server
        .mock_async(|when, then| {
            when.method(GET).path("/v1/identity/sessions").query_param("page[after]", "c+1/=");
            then.status(200).json_body(page(
                "b",
                json!({ "size": 2, "hasNext": true }),
                json!({ "next": "/v1/identity/sessions?page%5Bafter%5D=c3" }),
            ));
        })
        .await;
    let third = server
        .mock_async(|when, then| {
            when.method(GET).path("/v1/identity/sessions").query_param("page[after]", "c3");
            then.status(200).json_body(page(
                "c",
                json!({ "hasNext": false }),
                json!({ "next": "/v1/identity/sessions?page%5Bafter%5D=c4" }),
            ));
        })
        .await;
    let list = client(&server, clock).sessions().list();
    let mut items = list
        .page_size(2)
        .page_total(true)
        .page_before("z")
        .filter_account("acc 1+2")
        .filter_session_device("dev_1")
        .items();
    let mut ids = Vec::new();
    while let Some(session) = items.try_next().await.unwrap() {
        ids.push(session.id);
    }
    assert_eq!(
        (ids, items.total()),
        (vec!["a".to_owned(), "b".to_owned(), "c".to_owned()], Some(3))
    );
    first.assert_async().await;
    second.assert_async().await;
    third.assert_async().await;
}

#[tokio::test]
async fn identity_numbers_come_as_an_object_a_list_or_null() {
    let (server, clock) = mock().await;
    let beltic = client(&server, clock);
    for (numbers, count) in [
        (json!({ "number": "1" }), 1),
        (json!([{ "number": "1" }, { "number": "2", "class": null }]), 2),
        (json!(null), 0),
        (json!("odd"), 0),
        (json!([]), 0),
    ] {
        let mut body = session("completed");
        body["data"]["attributes"]["identity_numbers"] = numbers.clone();
        let call = server
            .mock_async(|when, then| {
                when.method(GET);
                then.status(200).json_body(body);
            })
            .await;
        let reply = beltic.sessions().get(ID).await.unwrap();
        assert_eq!(
            reply.attributes.as_ref().unwrap().identity_number_list().len(),
            count,
            "{numbers}"
        );
        call.delete_async().await;
    }
}

#[tokio::test]
async fn every_error_body_is_read_and_none_is_needed() {
    let (server, clock) = mock().await;
    let beltic = client(&server, clock);
    let json_api = json!({
        "errors": [{
            "status": "409", "code": "invalid_state", "title": "No", "detail": "Ada cannot",
            "source": { "pointer": "/data/id" }
        }]
    });
    let credentials = json!({
        "error": { "code": "validation_failed", "message": "Ada", "request_id": "req-1" }
    });
    for (status, body, kind, code, message) in [
        (
            400,
            credentials.to_string(),
            ErrorKind::InvalidRequest,
            Some("validation_failed"),
            Some("Ada"),
        ),
        (
            401,
            json!({ "message": "Unauthorized" }).to_string(),
            ErrorKind::Authentication,
            None,
            Some("Unauthorized"),
        ),
        (403, json!({ "error": "text" }).to_string(), ErrorKind::Permission, None, Some("text")),
        (404, String::new(), ErrorKind::NotFound, None, None),
        (409, json_api.to_string(), ErrorKind::Conflict, Some("invalid_state"), Some("Ada cannot")),
        (422, "<html>Ada</html>".to_owned(), ErrorKind::InvalidRequest, None, None),
        (429, "{".to_owned(), ErrorKind::RateLimited, None, None),
        (302, String::new(), ErrorKind::Redirect, None, None),
        // It is unknown whether a server error came before or after the decision.
        (500, "null".to_owned(), ErrorKind::OutcomeUnknown, None, None),
        (503, "[]".to_owned(), ErrorKind::OutcomeUnknown, None, None),
    ] {
        let call = server
            .mock_async(|when, then| {
                when.method(POST);
                then.status(status).header("location", "https://example.com/").body(body.clone());
            })
            .await;
        let error = beltic.sessions().decline(ID).await.unwrap_err();
        // A decision is sent once, unless the vendor had too many requests to accept it.
        let attempts = if status == 429 { 3 } else { 1 };
        assert_eq!(call.calls_async().await, attempts as usize, "{status}");
        assert_eq!(
            (error.kind(), error.code(), error.attempts()),
            (kind, code, attempts),
            "{status}"
        );
        assert_eq!(error.messages().first().map(String::as_str), message, "{status}");
        assert_eq!((error.operation(), error.subject()), (Some("decline_session"), Some(ID)));
        assert_eq!(error.raw_body(), Some(body.as_bytes()));
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(!shown.contains("Ada") && !shown.contains(ID), "{shown}");
        call.delete_async().await;
    }
}

#[tokio::test]
async fn a_read_is_repeated_and_a_hint_is_followed() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(GET);
            then.status(503).header("retry-after", "7");
        })
        .await;
    let error = client(&server, clock.clone()).sessions().get(ID).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), call.calls_async().await),
        (ErrorKind::Server, 3, 3)
    );
    assert_eq!(clock.waits().iter().map(|wait| wait.as_secs()).collect::<Vec<_>>(), [7, 7]);
    assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(7));
}

#[cfg(feature = "unconfirmed")]
#[tokio::test]
async fn the_unconfirmed_actions_mirror_decline() {
    let (server, clock) = mock().await;
    let sessions = client(&server, clock).sessions();
    for action in ["approve", "mark-for-review", "expire"] {
        let call = server
            .mock_async(|when, then| {
                when.method(POST)
                    .path(format!("/v1/identity/sessions/{ID}/{action}"))
                    .header_missing("content-type")
                    .is_true(|request| request.body().is_empty());
                then.status(200).json_body(session("approved"));
            })
            .await;
        match action {
            "approve" => sessions.approve(ID).send().await,
            "expire" => sessions.expire(ID).send().await,
            _ => sessions.mark_for_review(ID).send().await,
        }
        .unwrap();
        call.assert_async().await;
    }
}
