//! Every error in the spec, for every operation, with its bodies.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use kyc_review::sumsub::{RejectionReasons, Sumsub};
use kyc_review::{Error, ErrorKind, Method};
use serde_json::json;

use super::{APPLICANT, TOKEN, TXN, client};
use crate::support::{document, mock};

/// A call in flight.
type Calling = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

fn sent<T>(request: impl IntoFuture<Output = Result<T, Error>> + 'static) -> Option<Calling> {
    Some(Box::pin(async move { request.await.map(drop) }))
}

/// The call of an operation of the spec, if a handle has it. The walk covers all of them.
fn call(sumsub: &Sumsub, operation: &str) -> Option<Calling> {
    let (transactions, applicants) = (sumsub.transactions(), sumsub.applicants());
    let reasons = RejectionReasons::new().reason("fraud", "documentForgery");
    match operation {
        "review_transaction" => sent(transactions.reject(TXN)),
        "get_transaction" => sent(transactions.get(TXN)),
        "list_transaction_tags" => sent(transactions.list_tags(TXN)),
        "add_transaction_tags" => sent(transactions.add_tags(TXN, ["a"])),
        "remove_transaction_tags" => sent(transactions.remove_tags(TXN, ["a"])),
        "list_transaction_notes" => sent(transactions.list_notes(TXN)),
        "add_transaction_note" => sent(transactions.add_note(TXN).note("x")),
        "update_transaction_note" => sent(transactions.update_note(TXN).id("n").note("x")),
        "remove_transaction_note" => sent(transactions.remove_note(TXN).id("n")),
        "approve_applicant" => sent(applicants.approve(APPLICANT)),
        "reject_applicant" => sent(applicants.reject(APPLICANT, reasons)),
        "return_applicant_to_init" => sent(applicants.return_to_init(APPLICANT, reasons)),
        "reset_applicant" => sent(applicants.reset(APPLICANT)),
        "reset_applicant_step" => sent(applicants.reset_step(APPLICANT, "IDENTITY")),
        "get_applicant" => sent(applicants.get(APPLICANT)),
        "get_applicant_review_status" => sent(applicants.status(APPLICANT)),
        _ => None,
    }
}

/// The error of an operation that a handle calls.
async fn error_of(sumsub: &Sumsub, operation: &str) -> Error {
    call(sumsub, operation).unwrap().await.unwrap_err()
}

/// Operation id, class and error statuses of every operation that a handle calls.
fn operations(sumsub: &Sumsub) -> Vec<(String, bool, Vec<u16>)> {
    let document = document("sumsub");
    let items = document["paths"].as_object().unwrap().values();
    let operations = items
        .flat_map(|item| item.as_object().unwrap().values())
        .filter(|value| value["operationId"].as_str().is_some_and(|id| call(sumsub, id).is_some()));
    operations
        .map(|operation| {
            let statuses = operation["responses"]
                .as_object()
                .unwrap()
                .keys()
                .map(|status| status.parse().unwrap());
            (
                operation["operationId"].as_str().unwrap().to_owned(),
                matches!(operation["x-operation-class"].as_str().unwrap(), "read" | "idempotent"),
                statuses.filter(|status| *status >= 300).collect(),
            )
        })
        .collect()
}

fn kind(status: u16, may_repeat: bool) -> ErrorKind {
    match status {
        401 => ErrorKind::Authentication,
        403 => ErrorKind::Permission,
        404 => ErrorKind::NotFound,
        // The vendor returns 304 if the state forbids a change.
        304 | 409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        302 => ErrorKind::Redirect,
        // It is unknown whether a server error came before or after the decision.
        500.. if may_repeat => ErrorKind::Server,
        500.. => ErrorKind::OutcomeUnknown,
        _ => ErrorKind::InvalidRequest,
    }
}

#[tokio::test]
async fn every_error_of_every_operation_is_read() {
    let (server, clock) = mock().await;
    let operations = operations(&client(&server, clock));
    assert_eq!(operations.len(), 16);
    for (operation, may_repeat, documented) in operations {
        assert!(documented.len() >= 5, "{operation}");
        for status in documented.into_iter().chain([302, 304, 415, 422, 500, 502, 503]) {
            let (server, clock) = mock().await;
            let body = json!({
                "description": "Ada cannot", "code": status,
                "correlationId": "4f1d3c0000000000000000000000000a",
                "errorCode": 9999, "errorName": "some-new-name", "new_member": [null]
            });
            // As the vendor formats it: over several lines.
            let text = serde_json::to_string_pretty(&body).unwrap();
            let answer = text.clone();
            let mocked = server
                .mock_async(|_, then| {
                    let then = then.status(status).header("location", "https://example.com/");
                    if status != 304 {
                        then.body(answer)
                    } else {
                        then
                    };
                })
                .await;
            let error = error_of(&client(&server, clock), &operation).await;
            let shown = format!("{operation} {status}");
            assert_eq!(
                (error.kind(), error.operation()),
                (kind(status, may_repeat), Some(operation.as_str())),
                "{shown}"
            );
            // A decision is retried only after a 429, which means that the vendor did
            // nothing; a create is never retried.
            let is_create = operation == "add_transaction_note";
            let is_repeated = match status {
                429 => !is_create,
                500 | 502 | 503 => may_repeat,
                _ => false,
            };
            let attempts = if is_repeated { 3 } else { 1 };
            assert_eq!(
                (error.attempts(), mocked.calls_async().await),
                (attempts, attempts as usize),
                "{shown}"
            );
            assert_eq!(error.status().unwrap().as_u16(), status);
            if status != 304 {
                assert_eq!(
                    (error.code(), error.messages()),
                    (Some("some-new-name"), &["Ada cannot".to_owned()][..]),
                    "{shown}"
                );
                assert_eq!(error.request_id(), Some("4f1d3c0000000000000000000000000a"), "{shown}");
                assert_eq!(error.raw_body(), Some(text.as_bytes()));
            }
            let printed = format!("{error} {error:?} {error:#?}");
            assert!(
                !printed.contains("Ada") && !printed.contains(TXN) && !printed.contains(APPLICANT),
                "{printed}"
            );
        }
    }
}

#[tokio::test]
async fn the_subject_of_an_error_is_the_id_in_the_path() {
    let (server, clock) = mock().await;
    server
        .mock_async(|_, then| {
            then.status(404);
        })
        .await;
    let sumsub = client(&server, clock);
    for (operation, subject) in [
        ("review_transaction", Some(TXN)),
        ("approve_applicant", Some(APPLICANT)),
        // The operations on notes name their transaction in the body.
        ("add_transaction_note", None),
    ] {
        assert_eq!(error_of(&sumsub, operation).await.subject(), subject, "{operation}");
    }
}

#[tokio::test]
async fn every_form_of_error_body_is_read_and_none_is_needed() {
    let (server, clock) = mock().await;
    let sumsub = client(&server, clock);
    let expired = json!({
        "description": "Ada", "code": 401, "correlationId": "req-1", "errorCode": 4004,
        "errorName": "app-token-request-expired"
    });
    let mismatch =
        json!({ "code": 401, "errorCode": 4003, "errorName": "app-token-signature mismatch" });
    for (status, body, code, message, request_id) in [
        (401, String::new(), None, None, None),
        (403, String::new(), None, None, None),
        (401, expired.to_string(), Some("app-token-request-expired"), Some("Ada"), Some("req-1")),
        (401, mismatch.to_string(), Some("app-token-signature mismatch"), None, None),
        (401, json!({ "errorCode": 4000 }).to_string(), Some("4000"), None, None),
        (
            401,
            json!({ "errorCode": "4000", "errorName": "" }).to_string(),
            Some("4000"),
            None,
            None,
        ),
        (400, json!({ "errorCode": 0, "description": "" }).to_string(), None, None, None),
        (
            400,
            json!({ "errorCode": null, "errorName": null, "description": 7, "correlationId": [] })
                .to_string(),
            None,
            None,
            None,
        ),
        (
            409,
            json!({ "description": "Ada is locked", "code": 409, "correlationId": "r" })
                .to_string(),
            None,
            Some("Ada is locked"),
            Some("r"),
        ),
        (404, "[]".to_owned(), None, None, None),
        (404, "null".to_owned(), None, None, None),
        (400, "{".to_owned(), None, None, None),
        (502, "<html>Ada</html>".to_owned(), None, None, None),
        // A server that echoes our token, or writes prose in place of a code.
        (
            401,
            json!({ "errorName": TOKEN, "correlationId": format!("x {TOKEN}") }).to_string(),
            None,
            None,
            None,
        ),
        (400, json!({ "errorName": "Ada said \"no\"" }).to_string(), None, None, None),
    ] {
        let answer = body.clone();
        let mocked = server
            .mock_async(|_, then| {
                then.status(status).body(answer);
            })
            .await;
        let error = sumsub.transactions().approve(TXN).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (kind(status, false), code), "{body}");
        assert_eq!(
            (error.messages().first().map(String::as_str), error.request_id()),
            (message, request_id),
            "{body}"
        );
        assert!(error.field_errors().is_empty());
        let printed = format!("{error} {error:?}");
        assert!(!printed.contains("Ada") && !printed.contains(TOKEN), "{printed}");
        mocked.delete_async().await;
    }
}

/// The credentials here hold no digit, because a code that is part of a credential is
/// never shown.
#[tokio::test]
async fn zero_is_no_error_number() {
    let (server, clock) = mock().await;
    let builder =
        Sumsub::builder().app_token("sbx:token").secret_key("key").base_url(server.base_url());
    let sumsub = builder.clock(clock).build().unwrap();
    for (number, code) in [(json!(0), None), (json!("0"), None), (json!(7), Some("7"))] {
        let mocked = server
            .mock_async(|_, then| {
                then.status(400).json_body(json!({ "errorCode": number }));
            })
            .await;
        assert_eq!(sumsub.transactions().approve(TXN).await.unwrap_err().code(), code);
        mocked.delete_async().await;
    }
}

#[tokio::test]
async fn a_conflict_is_repeated_only_where_it_says_how_long_to_wait() {
    let (server, clock) = mock().await;
    let applicants = client(&server, clock.clone()).applicants();
    for (hint, wait) in [(Some("10"), Some(10)), (None, None), (Some("soon"), None)] {
        let mocked = server
            .mock_async(|_, then| {
                let then = then.status(409).json_body(json!({ "code": 409 }));
                if let Some(hint) = hint {
                    then.header("Retry-After", hint);
                }
            })
            .await;
        let error = applicants.approve(APPLICANT).await.unwrap_err();
        assert!(error.is_conflict() && !error.is_retryable());
        assert_eq!(error.retry_after(), wait.map(Duration::from_secs));
        let attempts = if wait.is_some() { 3 } else { 1 };
        assert_eq!((error.attempts(), mocked.calls_async().await), (attempts, attempts as usize));
        mocked.delete_async().await;
    }
    assert_eq!(clock.waits(), [Duration::from_secs(10); 2]);
}

/// The operation known to return 304, which no handle covers.
#[tokio::test]
async fn not_modified_is_a_failure() {
    let (server, clock) = mock().await;
    server
        .mock_async(|_, then| {
            then.status(304);
        })
        .await;
    let path = format!("/resources/applicants/{APPLICANT}/resources/1045510331");
    let error = client(&server, clock).request(Method::DELETE, &path).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Conflict, 304));
}

/// The same for other resources, and with the number that alone names the error.
#[tokio::test]
async fn every_resource_reads_errors() {
    let (server, clock) = mock().await;
    server
        .mock_async(|_, then| {
            then.status(404).json_body(json!({ "errorCode": 5000, "correlationId": "r1" }));
        })
        .await;
    let sumsub = client(&server, clock);
    for error in [
        sumsub.applicants().get(APPLICANT).await.unwrap_err(),
        sumsub.actions().get("a1").await.unwrap_err(),
        sumsub.actions().list(APPLICANT).await.unwrap_err(),
        sumsub.aml_cases().get(APPLICANT).await.unwrap_err(),
        sumsub.levels().list().await.unwrap_err(),
    ] {
        assert_eq!(
            (error.code(), error.request_id(), error.is_not_found()),
            (Some("5000"), Some("r1"), true)
        );
    }
}
