//! Changes of the status.

use httpmock::Method::PUT;
use kyc_review::provide::requests::UpdateKycApplication;
use kyc_review::provide::resources::KycApplications;
use kyc_review::provide::types::KycApplicationStatus;
use kyc_review::{ErrorKind, OperationClass, RetryPolicy};
use serde_json::{Value, json};

use super::{ID, TOKEN, application, client};
use crate::support::mock;

type Decide = fn(&KycApplications) -> UpdateKycApplication;

const DECISIONS: [(&str, Decide); 6] = [
    ("accepted", |applications| applications.accept(ID)),
    ("rejected", |applications| applications.reject(ID)),
    ("review", |applications| applications.mark_for_review(ID)),
    ("remediate", |applications| applications.remediate(ID)),
    ("submitted", |applications| applications.set_status(ID, KycApplicationStatus::Submitted)),
    ("a status of tomorrow", |applications| applications.set_status(ID, "a status of tomorrow")),
];

#[tokio::test]
async fn each_decision_puts_its_status_and_reads_the_application() {
    let (server, clock) = mock().await;
    let provide = client(&server, clock);
    for (status, decide) in DECISIONS {
        let call = server
            .mock_async(|when, then| {
                when.method(PUT)
                    .path(format!("/api/v1/kyc_applications/{ID}"))
                    .header("authorization", format!("bearer {TOKEN}"))
                    .header("content-type", "application/json")
                    .header("accept", "application/json")
                    .header("user-agent", concat!("kyc-review/", env!("CARGO_PKG_VERSION")))
                    .header_missing("api-version")
                    .header_missing("idempotency-key")
                    .json_body(json!({ "status": status }))
                    .is_true(|request| request.uri().query().is_none());
                then.status(202)
                    .header("content-type", "application/json; charset=UTF-8")
                    .body(serde_json::to_string_pretty(&application(status)).unwrap());
            })
            .await;
        let reply = decide(&provide.kyc_applications()).await.unwrap();
        call.assert_async().await;
        assert_eq!(*reply.status(), status);
        assert_eq!((reply.status_code().as_u16(), reply.attempts()), (202, 1));
        assert_eq!((reply.id.as_str(), reply.params.is_none()), (ID, true));
        // The exact bytes keep what the types do not know.
        assert_eq!(serde_json::from_slice::<Value>(reply.raw()).unwrap(), application(status));
        call.delete_async().await;
    }
}

#[tokio::test]
async fn any_success_status_will_do() {
    let (server, clock) = mock().await;
    let provide = client(&server, clock);
    for status in [200, 201, 202] {
        let call = server
            .mock_async(|when, then| {
                when.method(PUT);
                then.status(status).json_body(application("accepted"));
            })
            .await;
        assert_eq!(
            *provide.kyc_applications().accept(ID).await.unwrap().status(),
            KycApplicationStatus::Accepted
        );
        call.delete_async().await;
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_leaves_the_outcome_open() {
    let (server, clock) = mock().await;
    let provide = client(&server, clock);
    for (status, body) in [
        (204, ""),
        (202, ""),
        (202, "<html>Ada</html>"),
        (202, "null"),
        (202, "{\"id\": 1}"),
        (202, "{"),
    ] {
        let call = server
            .mock_async(|when, then| {
                when.method(PUT);
                then.status(status).body(body);
            })
            .await;
        let error = provide.kyc_applications().accept(ID).await.unwrap_err();
        assert_eq!(
            (error.kind(), call.calls_async().await),
            (ErrorKind::OutcomeUnknown, 1),
            "{status} {body}"
        );
        assert!(!format!("{error} {error:?}").contains("Ada"));
        call.delete_async().await;
    }
}

#[tokio::test]
async fn a_decision_is_sent_once_whatever_comes_back() {
    let (server, clock) = mock().await;
    let options = kyc_review::CallOptions::new().retry(RetryPolicy::new().max_attempts(5));
    let provide = client(&server, clock.clone()).with(options);
    for (status, kind) in [
        (408, ErrorKind::OutcomeUnknown),
        (429, ErrorKind::Permission),
        (500, ErrorKind::OutcomeUnknown),
        (502, ErrorKind::OutcomeUnknown),
        (503, ErrorKind::OutcomeUnknown),
        (504, ErrorKind::OutcomeUnknown),
    ] {
        let call = server
            .mock_async(|when, then| {
                when.method(PUT);
                then.status(status).header("retry-after", "1");
            })
            .await;
        let error = provide.kyc_applications().reject(ID).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts(), call.calls_async().await),
            (kind, 1, 1),
            "{status}"
        );
        assert_eq!((error.class(), error.subject()), (Some(OperationClass::Decision), Some(ID)));
        assert!(!error.is_retryable(), "{status}");
        call.delete_async().await;
    }
    assert!(clock.waits().is_empty());
}

#[tokio::test]
async fn a_bad_id_or_an_empty_status_is_refused_before_anything_is_sent() {
    let (server, clock) = mock().await;
    let call = server.mock_async(|when, _| drop(when.path_includes("/"))).await;
    let applications = client(&server, clock).kyc_applications();
    for id in
        ["", " ", "..", "a/b", "a\\b", "%2e%2e", "a?x=1", "a#f", "a\r\nb", &"x".repeat(10_000)]
    {
        for error in
            [applications.accept(id).await.unwrap_err(), applications.get(id).await.unwrap_err()]
        {
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id}");
            assert!(id.trim().len() < 4 || !error.to_string().contains(id), "{error}");
        }
    }
    for status in ["", "  "] {
        let typed = KycApplicationStatus::from(status);
        for call in [
            applications.set_status(ID, status),
            applications.set_status(ID, &typed),
            applications.set_status(ID, typed),
        ] {
            assert_eq!(
                call.await.unwrap_err().to_string(),
                "provide: update_kyc_application: invalid argument: \
                 invalid `status`: must not be empty"
            );
        }
    }
    assert_eq!(call.calls_async().await, 0);
}
