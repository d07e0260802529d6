//! Each documented error status of each operation, with its bodies.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use chrono::DateTime;
use httpmock::Method::GET;
use kyc_review::rebilly::NewDocument;
use kyc_review::rebilly::resources::KycDocuments;
use kyc_review::rebilly::types::{KycFundsMatchesOverwrite, RejectionReason};
use kyc_review::{Clock, Error, ErrorKind};
use serde_json::{Value, json};

use super::{BASE, ID, documents};
use crate::support::{document as spec, mock};

/// A call in flight.
type Calling = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

fn sent<T>(request: impl IntoFuture<Output = Result<T, Error>> + 'static) -> Option<Calling> {
    Some(Box::pin(async move { request.await.map(drop) }))
}

/// The call of an operation of the spec, if a handle has it. The walk covers all of them.
fn call(documents: &KycDocuments, operation: &str) -> Option<Calling> {
    let new = || NewDocument::funds_proof("cus_1", ["file_1"]);
    match operation {
        "get_kyc_document_collection" => sent(documents.list()),
        "post_kyc_document" => sent(documents.create(new())),
        "get_kyc_document" => sent(documents.get(ID)),
        "put_kyc_document" => sent(documents.upsert(ID, new())),
        "post_kyc_document_acceptance" => sent(documents.accept(ID)),
        "post_kyc_document_matches" => {
            sent(documents.overwrite_matches(ID, KycFundsMatchesOverwrite::default()))
        }
        "post_kyc_document_rejection" => sent(documents.reject(ID, RejectionReason::Other)),
        "post_kyc_document_review" => sent(documents.review(ID)),
        "post_kyc_document_start_review" => sent(documents.start_review(ID)),
        "post_kyc_document_stop_review" => sent(documents.stop_review(ID)),
        _ => None,
    }
}

/// The error of an operation that a handle calls.
async fn error_of(documents: &KycDocuments, operation: &str) -> Error {
    call(documents, operation).unwrap().await.unwrap_err()
}

fn problem(status: u16) -> Value {
    let mut problem = json!({
        "type": "https://example.test/problems/one", "title": "Title", "status": status,
        "detail": "Ada did it",
        "instance": "/kyc-documents/canary", "memberOfTheFuture": [null]
    });
    if status == 422 {
        problem["invalidFields"] = json!([
            { "field": "documents.0.type", "message": "not canary" },
            { "field": "notes", "message": null }
        ]);
    }
    problem
}

#[tokio::test]
async fn every_documented_error_of_every_operation_is_typed() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock);
    let spec = spec("rebilly");
    let (mut called, mut seen) = (0, 0);
    for item in spec["paths"].as_object().unwrap().values() {
        for operation in ["get", "post", "put"].iter().filter_map(|method| item.get(method)) {
            let id = operation["operationId"].as_str().unwrap();
            if call(&documents, id).is_none() {
                continue;
            }
            called += 1;
            let statuses = operation["responses"]
                .as_object()
                .unwrap()
                .keys()
                .filter_map(|status| status.parse().ok());
            for status in statuses.filter(|status: &u16| *status >= 400) {
                let mock = server
                    .mock_async(|_, then| {
                        // A hint past the cap, so that no call is retried.
                        then.status(status)
                            .header("x-ratelimit-retry-after", "9999999999")
                            .json_body(problem(status));
                    })
                    .await;
                let error = error_of(&documents, id).await;
                let kind = match status {
                    401 => ErrorKind::Authentication,
                    403 => ErrorKind::Permission,
                    404 => ErrorKind::NotFound,
                    422 => ErrorKind::InvalidRequest,
                    429 => ErrorKind::RateLimited,
                    other => panic!("{id} documents {other}"),
                };
                assert_eq!(
                    (error.kind(), error.operation(), error.attempts()),
                    (kind, Some(id), 1),
                    "{status}"
                );
                assert_eq!(error.status().unwrap().as_u16(), status);
                assert_eq!(error.code(), Some("https://example.test/problems/one"));
                assert_eq!(error.messages(), ["Ada did it", "Title"]);
                let fields: Vec<_> = error
                    .field_errors()
                    .iter()
                    .map(|field| (field.field(), field.message()))
                    .collect();
                let wanted: &[_] = if status == 422 {
                    &[("documents.0.type", "not canary"), ("notes", "")]
                } else {
                    &[]
                };
                assert_eq!(fields, wanted, "{id} {status}");
                assert_eq!(
                    serde_json::from_slice::<Value>(error.raw_body().unwrap()).unwrap(),
                    problem(status)
                );
                let shown = format!("{error} {error:?} {error:#?}");
                assert!(
                    !shown.contains("Ada") && !shown.contains("canary") && !shown.contains(ID),
                    "{shown}"
                );
                mock.delete_async().await;
                seen += 1;
            }
        }
    }
    assert_eq!((called, seen), (10, 43));
}

#[tokio::test]
async fn every_form_of_error_body_is_read_and_none_is_needed() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock);
    let nested = json!({
        "invalidFields": [
            { "field": null, "message": "a" }, { "message": "b" }, 1, { "field": "f" }
        ],
        "status": "x"
    });
    for (body, code, messages, fields) in [
        (
            json!({ "type": "about:blank", "title": "Forbidden" }).to_string(),
            None,
            vec!["Forbidden"],
            0,
        ),
        (json!({ "type": "", "detail": "", "title": null }).to_string(), None, vec![], 0),
        (
            json!({ "type": "data-export-limit-exceeded", "maxRecords": 1 }).to_string(),
            Some("data-export-limit-exceeded"),
            vec![],
            0,
        ),
        // The form of older responses.
        (json!({ "error": "Invalid", "details": ["x"] }).to_string(), None, vec!["Invalid"], 0),
        (
            json!({ "error": "e", "title": "t", "detail": "d" }).to_string(),
            None,
            vec!["e", "d", "t"],
            0,
        ),
        (nested.to_string(), None, vec!["a", "b"], 1),
        (
            json!({ "invalidFields": { "field": "f" }, "error": {}, "type": 1 }).to_string(),
            None,
            vec![],
            0,
        ),
        // The API key, echoed as a code, is not taken for one.
        (json!({ "type": "sk_sandbox_1" }).to_string(), None, vec![], 0),
        (String::new(), None, vec![], 0),
        ("<html>".to_owned(), None, vec![], 0),
        ("[[".to_owned(), None, vec![], 0),
        ("null".to_owned(), None, vec![], 0),
    ] {
        let call = server
            .mock_async(|when, then| {
                when.method(GET);
                then.status(403)
                    .header("content-type", "application/problem+json")
                    .body(body.clone());
            })
            .await;
        let error = documents.get(ID).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.code(), error.request_id()),
            (ErrorKind::Permission, code, None),
            "{body}"
        );
        assert_eq!(error.messages(), messages, "{body}");
        assert_eq!(error.field_errors().len(), fields, "{body}");
        call.delete_async().await;
    }
}

#[tokio::test]
async fn a_read_waits_until_the_moment_that_the_vendor_names() {
    let (server, clock) = mock().await;
    clock.set(DateTime::from_timestamp(1_772_359_200, 0).unwrap());
    let call = server
        .mock_async(|when, then| {
            when.method(GET).path(format!("{BASE}/{ID}"));
            then.status(429)
                .header("x-ratelimit-retry-after", "1772359230")
                .json_body(json!({ "title": "Rate Limit Exceeded", "status": 429 }));
        })
        .await;
    let error = documents(&server, clock.clone()).get(ID).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), call.calls_async().await),
        (ErrorKind::RateLimited, 3, 3)
    );
    // The second time, the wait is over.
    assert_eq!(clock.waits(), [Duration::from_secs(30), Duration::ZERO]);
    assert_eq!(error.retry_after(), Some(Duration::ZERO));
    assert_eq!(clock.now().timestamp(), 1_772_359_230);
}

#[tokio::test]
async fn a_write_that_may_be_repeated_is_and_a_create_is_not() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock);
    for (operation, kind, attempts) in [
        ("put_kyc_document", ErrorKind::Server, 3),
        ("post_kyc_document_matches", ErrorKind::OutcomeUnknown, 1),
        ("get_kyc_document_collection", ErrorKind::Server, 3),
        ("post_kyc_document", ErrorKind::OutcomeUnknown, 1),
    ] {
        let mock = server
            .mock_async(|_, then| {
                then.status(503);
            })
            .await;
        let error = error_of(&documents, operation).await;
        assert_eq!((error.kind(), error.attempts()), (kind, attempts), "{operation}");
        assert_eq!(mock.calls_async().await, attempts as usize, "{operation}");
        mock.delete_async().await;
    }
}
