//! Acceptance, rejection, review, start-review, stop-review.

use httpmock::Method::POST;
use kyc_review::rebilly::ReviewPhase;
use kyc_review::rebilly::resources::KycDocuments;
use kyc_review::rebilly::types::{KycDocument, KycDocumentStatus, RejectionReason};
use kyc_review::{Error, ErrorKind, Reply};
use serde_json::{Value, json};

use super::{BASE, ID, document, documents};
use crate::support::mock;

/// The actions without a body.
const BARE: [&str; 4] = ["acceptance", "review", "start-review", "stop-review"];

async fn act(
    documents: &KycDocuments,
    action: &str,
    id: &str,
) -> Result<Reply<KycDocument>, Error> {
    match action {
        "acceptance" => documents.accept(id).await,
        "rejection" => documents.reject(id, RejectionReason::Other).await,
        "review" => documents.review(id).await,
        "start-review" => documents.start_review(id).await,
        _ => documents.stop_review(id).await,
    }
}

#[tokio::test]
async fn actions_without_a_body_send_none_and_read_the_document() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock);
    for action in BARE {
        let call = server
            .mock_async(|when, then| {
                when.method(POST)
                    .path(format!("{BASE}/{ID}/{action}"))
                    .header("reb-apikey", "sk_sandbox_1")
                    .header("accept", "application/json")
                    .header_missing("authorization")
                    .header_missing("content-type")
                    .header_missing("organization-id")
                    .header_missing("idempotency-key")
                    .is_true(|request| {
                        request.body().is_empty() && request.uri().query().is_none()
                    });
                then.status(201)
                    .header("location", "https://example.test/kyc-documents/1")
                    .header("x-ratelimit-limit", "3000")
                    .header("x-ratelimit-remaining", "2999")
                    .json_body(document("identity-proof"));
            })
            .await;
        let reply = act(&documents, action, ID).await.unwrap();
        call.assert_async().await;
        assert_eq!((reply.id(), reply.status_code().as_u16(), reply.attempts()), (ID, 201, 1));
        assert_eq!(reply.header("location"), Some("https://example.test/kyc-documents/1"));
        let limit = reply.rate_limit().unwrap();
        assert_eq!((limit.limit, limit.remaining, limit.reset), (Some(3000), Some(2999), None));
        assert_eq!(
            serde_json::from_slice::<Value>(reply.raw()).unwrap(),
            document("identity-proof")
        );
    }
}

#[tokio::test]
async fn a_rejection_sends_its_reason_and_the_message_if_there_is_one() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock);
    let longest = "é".repeat(255);
    for (reason, message, body) in [
        (RejectionReason::DocumentUnreadable, None, json!({ "type": "document-unreadable" })),
        (
            RejectionReason::DocumentExpired,
            Some("expired in March"),
            json!({ "type": "document-expired", "message": "expired in March" }),
        ),
        // 255 characters are 510 bytes here: the bound counts characters.
        (
            RejectionReason::Other,
            Some(longest.as_str()),
            json!({ "type": "other", "message": longest }),
        ),
        (
            RejectionReason::from("a-reason-of-the-future"),
            None,
            json!({ "type": "a-reason-of-the-future" }),
        ),
    ] {
        let call = server
            .mock_async(|when, then| {
                when.method(POST)
                    .path(format!("{BASE}/{ID}/rejection"))
                    .header("reb-apikey", "sk_sandbox_1")
                    .header("content-type", "application/json")
                    .header_missing("authorization")
                    .json_body(body)
                    .is_true(|request| request.uri().query().is_none());
                then.status(201).json_body(document("identity-proof"));
            })
            .await;
        let mut request = documents.reject(ID, reason);
        if let Some(message) = message {
            request = request.message(message);
        }
        let reply = request.await.unwrap();
        call.assert_async().await;
        assert_eq!(
            (reply.status(), reply.review_phase()),
            (&KycDocumentStatus::Rejected, ReviewPhase::Reviewed)
        );
        let rejection = reply.rejection().unwrap();
        assert_eq!(rejection.type_, Some(RejectionReason::DocumentExpired));
        assert_eq!(rejection.message.as_ref().unwrap().expose(), "expired in March");
        call.delete_async().await;
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_any_io() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|_, then| {
            then.status(201).json_body(document("identity-proof"));
        })
        .await;
    let documents = documents(&server, clock);
    let long =
        documents.reject(ID, RejectionReason::Other).message("x".repeat(256)).await.unwrap_err();
    assert_eq!(
        long.to_string(),
        "rebilly: post_kyc_document_rejection: invalid argument: \
         invalid `message`: must have at most 255 characters"
    );
    let empty = documents.reject(ID, "").await.unwrap_err();
    assert_eq!(
        empty.to_string(),
        "rebilly: post_kyc_document_rejection: invalid argument: invalid `type`: must not be empty"
    );
    for reason in [RejectionReason::from(""), RejectionReason::from(" ")] {
        let error = documents.reject(ID, reason).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "rebilly: post_kyc_document_rejection: invalid argument: \
             invalid `type`: must not be empty"
        );
    }
    for id in ["", "..", "a/b", "a?b", "%2e%2e", "a b"] {
        for action in ["acceptance", "rejection", "review", "start-review", "stop-review"] {
            let error = act(&documents, action, id).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.attempts()),
                (ErrorKind::InvalidArgument, 0),
                "{id} {action}"
            );
        }
    }
    assert_eq!(call.calls_async().await, 0);
}

#[tokio::test]
async fn a_decision_is_sent_once_whatever_comes_back() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock.clone());
    for action in BARE.into_iter().chain(["rejection"]) {
        for (status, kind) in [
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::OutcomeUnknown),
            (502, ErrorKind::OutcomeUnknown),
            (503, ErrorKind::OutcomeUnknown),
            (504, ErrorKind::OutcomeUnknown),
            (408, ErrorKind::OutcomeUnknown),
        ] {
            let call = server
                .mock_async(|when, then| {
                    when.method(POST).path(format!("{BASE}/{ID}/{action}"));
                    then.status(status).header("retry-after", "0");
                })
                .await;
            let error = act(&documents, action, ID).await.unwrap_err();
            // A 429 means that the vendor did nothing.
            let attempts = if status == 429 { 3 } else { 1 };
            assert_eq!((error.kind(), error.attempts()), (kind, attempts), "{action} {status}");
            assert_eq!(call.calls_async().await, attempts as usize, "{action} {status}");
            assert_eq!(error.subject(), Some(ID));
            call.delete_async().await;
        }
    }
    assert!(clock.waits().iter().all(|wait| wait.is_zero()));
}

#[tokio::test]
async fn a_success_that_cannot_be_read_leaves_the_outcome_unknown() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock);
    for body in
        ["", "<html>", "[]", "{}", r#"{"id":"1","documentType":"identity-proof","status":4}"#]
    {
        let call = server
            .mock_async(|when, then| {
                when.method(POST);
                then.status(201).body(body);
            })
            .await;
        let error = documents.accept(ID).await.unwrap_err();
        assert_eq!(
            (error.kind(), call.calls_async().await),
            (ErrorKind::OutcomeUnknown, 1),
            "{body}"
        );
        call.delete_async().await;
    }
}

#[tokio::test]
async fn a_field_of_another_type_that_judges_nothing_is_absent_and_listed() {
    let (server, clock) = mock().await;
    let documents = documents(&server, clock);
    let body = r#"{"id":"1","documentType":"identity-proof","status":"accepted","revision":"four",
        "parsedData":[],"documentMatches":[]}"#;
    server
        .mock_async(|when, then| {
            when.method(POST);
            then.status(201).body(body);
        })
        .await;
    let reply = documents.accept(ID).await.unwrap();
    assert_eq!(*reply.status(), KycDocumentStatus::Accepted);
    let told: Vec<_> =
        reply.misfits().iter().map(|misfit| (misfit.path(), misfit.expected())).collect();
    assert_eq!(told[0], ("revision".to_owned(), "a 64-bit integer"));
    assert_eq!(told[1].0, "parsedData");
    assert_eq!(told[2], ("documentMatches".to_owned(), "an object"));
}
