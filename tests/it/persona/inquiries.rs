//! The four operations on inquiries: exact requests, complete responses.

use std::sync::{Arc, Mutex};

use httpmock::Method::POST;
use kyc_review::persona::types::{InquiryInclude, InquiryStatus};
use kyc_review::{CallOptions, ErrorKind, Personal};
use serde_json::{Value, json};

use super::{INQUIRY, bare_get, bare_post, client, common, inquiry, keep_keys};
use crate::support::mock;

#[tokio::test]
async fn get_reads_the_whole_inquiry() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            bare_get(when, format!("/api/v1/inquiries/{INQUIRY}"));
            then.status(200).json_body(inquiry("a_status_from_the_future"));
        })
        .await;
    let reply = client(&server, clock).inquiries().get(INQUIRY).await.unwrap();
    call.assert_async().await;

    assert!(matches!(
        reply.status(),
        InquiryStatus::Unknown(value) if value.as_str() == "a_status_from_the_future"
    ));
    assert_eq!((reply.id(), reply.account_id()), (INQUIRY, Some("act_1")));
    assert_eq!(reply.decisioned_at().unwrap().as_str(), "2025-01-15T10:31:00.000+00:00");
    assert_eq!(reply.decisioned_at(), reply.data.attributes.as_ref().unwrap().updated_at.as_ref());
    assert_eq!(reply.reviewer_comment().map(Personal::expose).unwrap(), "Ada matches");
    assert_eq!(reply.reference_id().map(Personal::expose).unwrap(), "ref-Ada");
    assert!(reply.created_at() < reply.started_at() && reply.started_at() < reply.completed_at());
    assert!(reply.marked_for_review_at().is_some());
    assert_eq!(
        (reply.failed_at(), reply.expires_at(), reply.expired_at(), reply.redacted_at()),
        (None, None, None, None)
    );
    let attributes = reply.data.attributes.as_ref().unwrap();
    assert_eq!(attributes.tags.as_deref(), Some(&[Some("vip".to_owned()), None][..]));
    assert_eq!(attributes.next_step_name, None);
    let fields = attributes.fields.as_ref().unwrap();
    assert_eq!(fields.name_first.as_ref().unwrap().value.as_ref().unwrap().expose(), "Ada");
    assert_eq!(fields.identification_number, None);
    // Keys of the template keep their case.
    assert_eq!(fields.extra["Selected_Options"].expose()["value"][1], 1);
    let relationships = reply.data.relationships.as_ref().unwrap();
    let verification = &relationships.verifications.as_ref().unwrap().data.as_ref().unwrap()[0];
    assert_eq!(verification.type_, "verification/from-the-future");
    // The exact bytes keep what the types do not know; known personal fields are not
    // printed.
    assert_eq!(
        serde_json::from_slice::<Value>(reply.raw()).unwrap(),
        inquiry("a_status_from_the_future")
    );
    let shown = format!("{reply:?} {reply:#?}");
    assert!(
        !shown.contains("Ada") && !shown.contains("ada@") && !shown.contains("1990"),
        "{shown}"
    );
}

#[tokio::test]
async fn everything_but_type_and_id_may_be_absent() {
    let (server, clock) = mock().await;
    for body in [
        json!({ "data": { "type": "inquiry", "id": INQUIRY } }),
        json!({
            "data": { "id": INQUIRY, "type": "inquiry", "attributes": {}, "relationships": {} },
            "included": null
        }),
        json!({
            "data": {
                "type": "inquiry",
                "attributes": { "status": null, "fields": null, "tags": null },
                "relationships": { "account": {}, "sessions": { "data": null } }, "id": INQUIRY
            }
        }),
        json!({
            "data": { "type": "inquiry", "id": INQUIRY, "attributes": null, "relationships": null }
        }),
    ] {
        let call = server
            .mock_async(|when, then| {
                when.any_request();
                then.status(200).json_body(body.clone());
            })
            .await;
        let reply = client(&server, clock.clone()).inquiries().get(INQUIRY).await.unwrap();
        assert_eq!(
            (reply.status().as_str(), reply.id(), reply.account_id()),
            ("", INQUIRY, None),
            "{body}"
        );
        assert_eq!((reply.decisioned_at(), reply.included_raw()), (None, &[][..]), "{body}");
        call.delete_async().await;
    }
}

#[tokio::test]
async fn decisions_without_a_comment_send_no_body() {
    let (server, clock) = mock().await;
    let inquiries = client(&server, clock).inquiries();
    for (action, status) in
        [("approve", "approved"), ("decline", "declined"), ("mark-for-review", "needs_review")]
    {
        let keys = Arc::new(Mutex::new(Vec::new()));
        let call = server
            .mock_async(|when, then| {
                keep_keys(bare_post(when, format!("/api/v1/inquiries/{INQUIRY}/{action}")), &keys);
                then.status(200).json_body(inquiry(status));
            })
            .await;
        let reply = match action {
            "approve" => inquiries.approve(INQUIRY).send().await,
            "decline" => inquiries.decline(INQUIRY).send().await,
            _ => inquiries.mark_for_review(INQUIRY).send().await,
        }
        .unwrap();
        call.assert_async().await;
        assert_eq!((reply.status().as_str(), reply.attempts()), (status, 1));
        // The reply has the key that was sent.
        assert_eq!(keys.lock().unwrap().as_slice(), [reply.idempotency_key().unwrap()]);
    }
}

#[tokio::test]
async fn a_comment_is_the_body() {
    let (server, clock) = mock().await;
    let inquiries = client(&server, clock).inquiries();
    for action in ["approve", "decline"] {
        let call = server
            .mock_async(|when, then| {
                common(when)
                    .method(POST)
                    .path(format!("/api/v1/inquiries/{INQUIRY}/{action}"))
                    .header("content-type", "application/json")
                    .header_exists("idempotency-key")
                    .json_body(json!({ "meta": { "comment": "Ada \"matches\" ✓" } }))
                    .is_true(|request| {
                        request.uri().query()
                            == Some(
                                "fields%5Binquiry%5D=status%2Cfields.name-first\
                                 &include=account%2Csessions",
                            )
                    });
                then.status(200).json_body(inquiry("approved"));
            })
            .await;
        let include = [InquiryInclude::Account, InquiryInclude::Sessions];
        let (comment, fields) = ("Ada \"matches\" ✓", ["status", "fields.name-first"]);
        match action {
            "approve" => {
                let request = inquiries
                    .approve(INQUIRY)
                    .comment(comment)
                    .include(include)
                    .fields_inquiry(fields);
                // A request under construction shows no person either.
                let shown = format!("{request:?}");
                assert!(!shown.contains("Ada") && !shown.contains(INQUIRY), "{shown}");
                request.await.unwrap();
            }
            _ => {
                let request = inquiries.decline(INQUIRY).comment(comment.to_owned());
                request.include(include).fields_inquiry(fields).await.unwrap();
            }
        }
        call.assert_async().await;
    }
}

#[tokio::test]
async fn each_call_has_a_key_of_its_own_unless_one_is_given() {
    let (server, clock) = mock().await;
    let keys = Arc::new(Mutex::new(Vec::new()));
    server
        .mock_async(|when, then| {
            keep_keys(when.method(POST), &keys);
            then.status(200).json_body(inquiry("approved"));
        })
        .await;
    let persona = client(&server, clock);
    let first = persona.inquiries().approve(INQUIRY).await.unwrap();
    let second = persona.inquiries().approve(INQUIRY).await.unwrap();
    assert_ne!(first.idempotency_key().unwrap(), second.idempotency_key().unwrap());

    let named = CallOptions::new().idempotency_key("review-2026-11-20-17");
    let third = persona.inquiries().approve(INQUIRY).with(named).await.unwrap();
    assert_eq!(third.idempotency_key(), Some("review-2026-11-20-17"));
    let kept = keys.lock().unwrap().clone();
    assert_eq!(
        kept,
        [first, second, third].map(|reply| reply.idempotency_key().unwrap().to_owned())
    );
}

#[tokio::test]
async fn an_idempotency_key_goes_with_no_read() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.path(format!("/api/v1/inquiries/{INQUIRY}")).header_missing("idempotency-key");
            then.status(200).json_body(inquiry("approved"));
        })
        .await;
    let persona = client(&server, clock);
    assert_eq!(persona.inquiries().get(INQUIRY).await.unwrap().idempotency_key(), None);
    // An idempotency key names one request, so a client that has one refuses every call.
    let keyed = persona.with(CallOptions::new().idempotency_key("k"));
    let error = keyed.inquiries().get(INQUIRY).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    call.assert_async().await;
}

#[tokio::test]
async fn an_id_that_would_change_the_route_goes_nowhere() {
    let (server, clock) = mock().await;
    let call = server
        .mock_async(|when, then| {
            when.any_request();
            then.status(200).json_body(inquiry("approved"));
        })
        .await;
    let persona = client(&server, clock);
    // An id in a query or a body cannot change the route; a blank one names nothing.
    for error in [
        persona.inquiry_sessions().list().filter_inquiry_id("").await.unwrap_err(),
        persona.inquiry_sessions().create("").await.unwrap_err(),
        persona.inquiry_sessions().expire_all([INQUIRY, ""]).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    }
    for id in ["", "..", "a/b", "inq_1?x=1", "inq_1#f", "%2e%2e", "inq_1\r\n", "inq\\1"] {
        for error in [
            persona.inquiries().get(id).await.unwrap_err(),
            persona.inquiries().approve(id).await.unwrap_err(),
            persona.inquiries().decline(id).await.unwrap_err(),
            persona.inquiries().mark_for_review(id).await.unwrap_err(),
            persona.inquiry_sessions().get(id).await.unwrap_err(),
            persona.inquiry_sessions().expire(id).await.unwrap_err(),
            persona.inquiry_sessions().generate_one_time_link(id).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id:?}");
            assert!(error.operation().is_some(), "{error}");
        }
    }
    assert_eq!(call.calls_async().await, 0);
}
