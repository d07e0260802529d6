//! Applicants: get, status, approve, reject, return, reset.

use std::collections::BTreeMap;

use httpmock::Method::{GET, POST};
use kyc_review::ErrorKind;
use kyc_review::sumsub::types::{Applicant, Review, ReviewAnswer, ReviewStatus};
use kyc_review::sumsub::{Outcome, RejectionReasons};
use serde_json::{Value, json};

use super::{APPLICANT, TOKEN, applicant, client, is_exactly, review};
use crate::support::mock;

fn fraud() -> RejectionReasons {
    RejectionReasons::new().reason("fraud", "documentForgery")
}

#[tokio::test]
async fn get_reads_a_whole_applicant() {
    let (server, clock) = mock().await;
    let answer = applicant(review(
        "completed",
        json!({
            "reviewAnswer": "RED", "reviewRejectType": "RETRY",
            "rejectLabels": ["FORGERY", "A_NEW_LABEL"]
        }),
    ));
    let sent = answer.clone();
    let call = server
        .mock_async(|when, then| {
            when.method(GET)
                .header("x-app-token", TOKEN)
                .header("accept", "application/json")
                .header_missing("content-type")
                .header_missing("api-version")
                .is_true(|request| {
                    is_exactly(request, &format!("/resources/applicants/{APPLICANT}/one"), "")
                });
            then.status(200).json_body(sent);
        })
        .await;
    let reply = client(&server, clock).applicants().get(APPLICANT).await.unwrap();
    call.assert_async().await;

    // FORGERY usually comes with final rejections; the type makes this one not final.
    assert_eq!(
        (reply.outcome(), reply.is_rejected(), reply.is_approved()),
        (Outcome::Resubmission, false, false)
    );
    assert_eq!(*reply.applicant_platform.as_ref().unwrap(), "from_the_future");
    let document = &reply.info.as_ref().unwrap().id_docs.as_ref().unwrap()[0];
    assert_eq!(
        (document.id_doc_type.as_ref().unwrap().as_str(), &document.id_doc_sub_type),
        ("A_NEW_ONE", &None)
    );
    assert_eq!(reply.info.as_ref().unwrap().dob.as_ref().unwrap().expose().day(), None);
    let labels = reply
        .review
        .as_ref()
        .unwrap()
        .review_result
        .as_ref()
        .unwrap()
        .reject_labels
        .as_ref()
        .unwrap();
    assert_eq!(labels[1].as_str(), "A_NEW_LABEL");
    assert!(reply.tags.is_none() && reply.lang.is_none());
    assert_eq!(serde_json::from_slice::<Value>(reply.raw()).unwrap(), answer);
    // The date without a time zone is the same instant as one with, and keeps its form.
    let created = reply.created_at.as_ref().unwrap();
    assert_eq!(
        (created.as_str(), created.instant().unwrap().timestamp()),
        ("2024-07-09 05:11:41", 1_720_501_901)
    );
    assert_eq!(serde_json::to_value(&*reply).unwrap()["createdAt"], json!("2024-07-09 05:11:41"));
    let shown = format!("{reply:?} {reply:#?}");
    for canary in ["Ada", "ada@", "X0000000", "1990-00-00", "Example Ltd", "a note", "\"v\""] {
        assert!(!shown.contains(canary), "{canary} in {shown}");
    }
}

#[tokio::test]
async fn status_reads_the_review_alone() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(GET).header_missing("content-type").is_true(|request| {
                is_exactly(request, &format!("/resources/applicants/{APPLICANT}/status"), "")
            });
            then.status(200)
                .json_body(review("awaitingService", json!({ "reviewAnswer": "GREEN" })));
        })
        .await;
    let reply = client(&server, clock).applicants().status(APPLICANT).await.unwrap();
    call.assert_async().await;
    assert_eq!(reply.status(), &ReviewStatus::AwaitingService);
    // GREEN is not an approval while a service is awaited.
    assert_eq!((reply.answer(), reply.outcome()), (None, Outcome::Pending));
    let inside = reply.review_result.as_ref().unwrap().review_answer.as_ref();
    assert_eq!(inside, Some(&ReviewAnswer::Green));
}

#[test]
fn the_outcome_is_read_from_answer_and_type_never_from_labels() {
    for (status, result, outcome) in [
        ("completed", json!({ "reviewAnswer": "GREEN" }), Outcome::Approved),
        (
            "completed",
            json!({
                "reviewAnswer": "RED", "reviewRejectType": "FINAL", "rejectLabels": ["LOW_QUALITY"]
            }),
            Outcome::Rejected,
        ),
        (
            "completed",
            json!({
                "reviewAnswer": "RED", "reviewRejectType": "RETRY", "rejectLabels": ["FORGERY"]
            }),
            Outcome::Resubmission,
        ),
        (
            "completed",
            json!({ "reviewAnswer": "RED", "rejectLabels": ["FORGERY"] }),
            Outcome::Undetermined,
        ),
        (
            "completed",
            json!({ "reviewAnswer": "RED", "reviewRejectType": "EXTERNAL" }),
            Outcome::Undetermined,
        ),
        ("completed", json!({ "reviewAnswer": "ERROR" }), Outcome::Undetermined),
        ("completed", json!(null), Outcome::Undetermined),
        ("init", json!(null), Outcome::Pending),
        (
            "prechecked",
            json!({ "reviewAnswer": "RED", "reviewRejectType": "FINAL" }),
            Outcome::Pending,
        ),
        ("awaitingService", json!({ "reviewAnswer": "GREEN" }), Outcome::Pending),
    ] {
        let shown = format!("{status} {result}");
        let review = review(status, result);
        let read: Applicant = serde_json::from_value(applicant(review.clone())).unwrap();
        assert_eq!((read.outcome(), read.review_status().as_str()), (outcome, status), "{shown}");
        assert_eq!(read.is_approved(), outcome == Outcome::Approved, "{shown}");
        assert_eq!(read.is_rejected(), outcome == Outcome::Rejected, "{shown}");
        let read: Review = serde_json::from_value(review).unwrap();
        assert_eq!(read.outcome(), outcome, "{shown}");
    }
}

#[tokio::test]
async fn approve_sends_an_empty_object_at_least() {
    let (server, clock) = mock().await;
    let applicants = client(&server, clock).applicants();
    for (request, body) in [
        (applicants.approve(APPLICANT), "{}"),
        (applicants.approve(APPLICANT).tags([""; 0]), r#"{"tags":[]}"#),
        (
            applicants.approve(APPLICANT).note("Ada is fine").tags(["a", "b"]),
            r#"{"note":"Ada is fine","tags":["a","b"]}"#,
        ),
    ] {
        let shown = format!("{request:?}");
        assert!(!shown.contains("Ada") && !shown.contains(APPLICANT), "{shown}");
        let call = server
            .mock_async(|when, then| {
                when.method(POST)
                    .header("content-type", "application/json")
                    .header("accept", "application/json")
                    .header_missing("api-version")
                    .is_true(move |request| {
                        is_exactly(
                            request,
                            &format!("/resources/applicants/{APPLICANT}/-/approve"),
                            body,
                        )
                    });
                then.status(200)
                    .json_body(applicant(review("completed", json!({ "reviewAnswer": "GREEN" }))));
            })
            .await;
        let reply = request.await.unwrap();
        call.assert_async().await;
        call.delete_async().await;
        assert!(reply.is_approved() && !reply.is_rejected());
        assert_eq!(reply.review_answer(), Some(&ReviewAnswer::Green));
    }
}

#[tokio::test]
async fn reject_sends_reasons_by_group() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(POST).header("content-type", "application/json").is_true(|request| {
                let body = r#"{"note":"Ada forged it","reasons":{"finance":["chargeback"],"fraud":["documentForgery","stolenIdentity"]},"tags":["a"]}"#;
                is_exactly(request, &format!("/resources/applicants/{APPLICANT}/-/reject"), body)
            });
            let result = json!({
                "reviewAnswer": "RED", "reviewRejectType": "FINAL",
                "rejectLabels": ["EXTERNAL_DECISION_REJECTION"]
            });
            then.status(200).json_body(applicant(review("completed", result)));
        })
        .await;
    let reasons = fraud().reason("finance", "chargeback").reason("fraud", "stolenIdentity");
    let request = client(&server, clock)
        .applicants()
        .reject(APPLICANT, reasons)
        .note("Ada forged it")
        .tags(["a"]);
    let shown = format!("{request:?}");
    assert!(!shown.contains("Ada") && !shown.contains("stolenIdentity"), "{shown}");
    let reply = request.await.unwrap();
    call.assert_async().await;
    assert!(reply.is_rejected());
}

#[tokio::test]
async fn return_to_init_sends_reasons_and_reads_what_came_of_it() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.method(POST).header("content-type", "application/json").is_true(|request| {
                let body = r#"{"reasons":{"manual":["additionalDocumentRequest"]}}"#;
                is_exactly(request, &format!("/resources/applicants/{APPLICANT}/-/init"), body)
            });
            then.status(200).json_body(applicant(review("init", json!(null))));
        })
        .await;
    let reasons = RejectionReasons::new().reason("manual", "additionalDocumentRequest");
    let reply =
        client(&server, clock).applicants().return_to_init(APPLICANT, reasons).await.unwrap();
    call.assert_async().await;
    assert_eq!((reply.review_status(), reply.outcome()), (&ReviewStatus::Init, Outcome::Pending));
}

#[tokio::test]
async fn resets_send_no_body_and_still_say_json() {
    let (server, clock) = mock().await;
    let applicants = client(&server, clock).applicants();
    for (path, answer, is_ok) in [
        ("reset", "{\n  \"ok\" : 1\n}", true),
        ("reset", "{}", false),
        ("resetStep/IDENTITY", "{\"ok\":1}", true),
        ("resetStep/IDENTITY", "{\"anything\":\"else\"}", false),
        ("resetStep/IDENTITY", "[]", false),
    ] {
        let call = server
            .mock_async(|when, then| {
                when.method(POST).header("content-type", "application/json").is_true(
                    move |request| {
                        is_exactly(
                            request,
                            &format!("/resources/applicants/{APPLICANT}/{path}"),
                            "",
                        )
                    },
                );
                then.status(200).body(answer);
            })
            .await;
        let (is_said, raw) = match path {
            "reset" => {
                let reply = applicants.reset(APPLICANT).await.unwrap();
                (reply.is_ok(), reply.raw().to_vec())
            }
            // No page shows the response, so a success may have any shape.
            _ => {
                let reply = applicants.reset_step(APPLICANT, "IDENTITY").await.unwrap();
                (reply.expose().get("ok") == Some(&json!(1)), reply.raw().to_vec())
            }
        };
        call.assert_async().await;
        call.delete_async().await;
        assert_eq!((is_said, raw.as_slice()), (is_ok, answer.as_bytes()), "{path} {answer}");
    }
}

#[tokio::test]
async fn a_success_that_is_no_answer_leaves_the_outcome_unknown() {
    let (server, clock) = mock().await;
    let applicants = client(&server, clock).applicants();
    for body in ["", "<html>Ada</html>", "{\"id\":", "[]"] {
        let call = server
            .mock_async(|when, then| {
                when.method(POST);
                then.status(200).body(body);
            })
            .await;
        let error = applicants.approve(APPLICANT).await.unwrap_err();
        assert_eq!(
            (error.kind(), call.calls_async().await),
            (ErrorKind::OutcomeUnknown, 1),
            "{body}"
        );
        assert!(!format!("{error} {error:?}").contains("Ada"));
        call.delete_async().await;
    }
}

#[tokio::test]
async fn bad_arguments_are_refused_before_anything_is_sent() {
    let (server, clock) = mock().await;
    let applicants = client(&server, clock).applicants();
    let none = RejectionReasons::new;
    let map = |group: &str, reasons: Vec<String>| BTreeMap::from([(group.to_owned(), reasons)]);
    for (error, note) in [
        (
            applicants.get("").await.unwrap_err(),
            "invalid `applicantId`: ApplicantId must not be empty",
        ),
        (
            applicants.status("..").await.unwrap_err(),
            "invalid `applicantId`: ApplicantId must not be a dot segment",
        ),
        (
            applicants.approve("a b").await.unwrap_err(),
            "invalid `applicantId`: ApplicantId must not contain control characters or white space",
        ),
        (
            applicants.approve(APPLICANT).tags(["a", ""]).await.unwrap_err(),
            "invalid `tags.*`: must not be empty",
        ),
        (
            applicants.approve(APPLICANT).note("x").tags(["a", " "]).await.unwrap_err(),
            "invalid `tags.*`: must not be empty",
        ),
        (
            applicants.reject(APPLICANT, none()).await.unwrap_err(),
            "invalid `reasons`: must have at least one entry",
        ),
        (
            applicants.reject(APPLICANT, none().reason(" ", "x")).await.unwrap_err(),
            "invalid `reasons.*`: names must not be empty",
        ),
        // A map is held to the same.
        (
            applicants.reject(APPLICANT, BTreeMap::new()).await.unwrap_err(),
            "invalid `reasons`: must have at least one entry",
        ),
        (
            applicants.reject(APPLICANT, map("fraud", vec![])).await.unwrap_err(),
            "invalid `reasons.*`: must have at least one item",
        ),
        (
            applicants.reject(APPLICANT, none().reason("fraud", "")).await.unwrap_err(),
            "invalid `reasons.*.*`: must not be empty",
        ),
        (
            applicants.reject("#", fraud()).await.unwrap_err(),
            "invalid `applicantId`: ApplicantId must not contain `/`, `\\`, `?` or `#`",
        ),
        (
            applicants.return_to_init(APPLICANT, none()).await.unwrap_err(),
            "invalid `reasons`: must have at least one entry",
        ),
        (
            applicants.return_to_init(APPLICANT, fraud()).tags([" "]).await.unwrap_err(),
            "invalid `tags.*`: must not be empty",
        ),
        (
            applicants.reset("%2e%2e").await.unwrap_err(),
            "invalid `applicantId`: ApplicantId must not contain a percent-encoded \
             `.`, `/`, `\\`, `%` or NUL",
        ),
        (
            applicants.reset_step(APPLICANT, "../approve").await.unwrap_err(),
            "invalid `idDocSetType`: VerificationStepId must not contain `/`, `\\`, `?` or `#`",
        ),
        (
            applicants.reset_step("", "IDENTITY").await.unwrap_err(),
            "invalid `applicantId`: ApplicantId must not be empty",
        ),
    ] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidArgument, 0), "{note}");
        assert!(error.to_string().ends_with(&format!("invalid argument: {note}")), "{error}");
    }
}
