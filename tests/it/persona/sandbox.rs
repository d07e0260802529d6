//! The client against the sandbox: what it refuses, what it keeps, and which faults it
//! simulates.

use std::sync::Arc;
use std::time::Duration;

use kyc_review::persona::types::{
    Account, Device, Inquiry, InquiryInclude, InquirySession, InquirySessionInclude,
    InquirySessionStatus, InquiryStatus, Network,
};
use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::{CallOptions, ErrorKind, Method, RetryPolicy, Vendor};
use serde_json::json;

#[tokio::test]
async fn the_key_decides() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = sandbox.seed().inquiry("needs_review");
    let wrong = sandbox.persona_builder().api_key("persona_sandbox_wrong").build().unwrap();
    let error = wrong.inquiries().approve(&id).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.messages()),
        (ErrorKind::Authentication, &["Token is invalid".to_owned()][..])
    );
    // A 401 has none of the usual headers.
    assert_eq!((error.request_id(), error.headers().unwrap().get("ratelimit-limit")), (None, None));
    assert!(sandbox.ledger().all().is_empty());
}

#[tokio::test]
async fn an_unknown_version_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = sandbox.seed().inquiry("needs_review");
    let future = sandbox.persona_builder().version("2099-01-01").build().unwrap();
    assert_eq!(future.inquiries().approve(&id).await.unwrap_err().status().unwrap(), 400);
    let newest = sandbox.persona_builder().version("2026-09-29").build().unwrap();
    assert_eq!(*newest.inquiries().approve(&id).await.unwrap().status(), "approved");
}

#[tokio::test]
async fn a_decision_is_kept_and_read_back() {
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let persona = sandbox.persona();
    let id = sandbox.seed().inquiry(InquiryStatus::Completed);

    let marked = persona.inquiries().mark_for_review(&id).await.unwrap();
    assert_eq!(*marked.status(), "needs_review");
    assert!(marked.marked_for_review_at().is_some() && marked.decisioned_at().is_none());
    let approved = persona.inquiries().approve(&id).comment("Documents match").await.unwrap();
    assert_eq!(approved.decisioned_at().unwrap().as_str(), "2026-01-01T00:00:00.000Z");
    assert!(approved.request_id().unwrap().starts_with("req_"));
    assert_eq!(approved.persona_environment_id(), Some("env_SANDBOX"));
    assert_eq!(approved.persona_organization_id(), Some("org_SANDBOX"));
    let limit = approved.rate_limit().unwrap();
    assert_eq!(
        (limit.limit, limit.remaining, limit.reset),
        (Some(300), Some(298), Some(Duration::from_secs(60)))
    );

    let read = persona.inquiries().get(&id).await.unwrap();
    assert_eq!(read.data, approved.data);
    assert_eq!(read.reviewer_comment().unwrap(), "Documents match");
    let actions: Vec<_> =
        sandbox.ledger().decisions(&id).iter().map(|decision| decision.action.clone()).collect();
    assert_eq!(actions, ["mark-for-review", "approve"]);
}

#[tokio::test]
async fn a_decided_inquiry_is_decided() {
    let sandbox = Sandbox::start().await.unwrap();
    let persona = sandbox.persona();
    for status in [InquiryStatus::Approved, InquiryStatus::Declined] {
        let id = sandbox.seed().inquiry(status);
        let inquiries = persona.inquiries();
        for error in [
            inquiries.approve(&id).await.unwrap_err(),
            inquiries.decline(&id).await.unwrap_err(),
            inquiries.mark_for_review(&id).await.unwrap_err(),
        ] {
            assert!(error.is_conflict());
        }
    }
    for status in ["created", "pending", "completed", "expired", "failed", "needs_review"] {
        let id = sandbox.seed().inquiry(status);
        assert_eq!(
            *persona.inquiries().decline(&id).await.unwrap().status(),
            "declined",
            "{status}"
        );
    }
    assert_eq!(sandbox.ledger().all().len(), 6);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let sandbox = Sandbox::start().await.unwrap();
    let persona = sandbox.persona();
    let session = sandbox.seed().inquiry_session("active");
    // A session is not an inquiry.
    for error in [
        persona.inquiries().approve(session.as_str()).await.unwrap_err(),
        persona.inquiries().get("inq_none").await.unwrap_err(),
        persona.inquiry_sessions().get("iqse_none").await.unwrap_err(),
        persona.inquiry_sessions().expire("iqse_none").await.unwrap_err(),
        persona.inquiry_sessions().create("inq_none").await.unwrap_err(),
        persona.inquiry_sessions().generate_one_time_link("iqse_none").await.unwrap_err(),
        persona.request(Method::GET, "/api/v1/accounts").await.unwrap_err(),
        persona.request(Method::GET, "/").await.unwrap_err(),
    ] {
        assert!(
            error.is_not_found() && error.messages().len() == 1 && error.request_id().is_some()
        );
    }
    // Expiring in bulk documents no 404.
    let error = persona.inquiry_sessions().expire_all(["inq_none"]).await.unwrap_err();
    assert_eq!(
        (error.status().unwrap().as_u16(), error.field_errors()[0].field()),
        (422, "/meta/inquiry-ids")
    );
    assert!(sandbox.ledger().all().is_empty());
}

#[tokio::test]
async fn a_malformed_body_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let persona = sandbox.persona();
    let id = sandbox.seed().inquiry("needs_review");
    let approve = format!("/api/v1/inquiries/{id}/approve");
    let post = |path: &str| persona.request(Method::POST, path);
    for (request, status) in [
        (post(&approve).body("application/json", "{"), 400),
        (post(&approve).body("application/json", "[]"), 400),
        (post(&approve).body("text/plain", "{}"), 400),
        (post(&approve).json_body(&json!({ "meta": { "comment": 7 } })), 422),
        (post(&approve).query("include", "nonsense"), 400),
        (post("/api/v1/inquiry-sessions").json_body(&json!({ "data": {} })), 400),
        (post("/api/v1/inquiry-sessions"), 400),
        (
            post("/api/v1/inquiry-sessions/expire-all")
                .json_body(&json!({ "meta": { "inquiry-ids": [] } })),
            400,
        ),
        (persona.request(Method::GET, "/api/v1/inquiry-sessions").query("include", "inquiry"), 400),
        (persona.request(Method::GET, "/api/v1/inquiry-sessions").query("page[size]", "0"), 400),
        (
            persona
                .request(Method::GET, "/api/v1/inquiry-sessions")
                .query("page[after]", "iqse_none"),
            400,
        ),
    ] {
        let error = request.await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
    }
    assert!(sandbox.ledger().all().is_empty());
    assert_eq!(*persona.inquiries().get(&id).await.unwrap().status(), "needs_review");
}

#[tokio::test]
async fn sessions_are_opened_linked_listed_and_expired() {
    let sandbox = Sandbox::start().await.unwrap();
    let persona = sandbox.persona();
    let sessions = persona.inquiry_sessions();
    let inquiry = sandbox.seed().inquiry("pending");
    let other = sandbox.seed().inquiry_session("active");

    let created = sessions.create(&inquiry).await.unwrap();
    assert_eq!(
        (created.status(), created.inquiry_id()),
        (&InquirySessionStatus::New, Some(inquiry.as_str()))
    );
    let link = sessions.generate_one_time_link(created.id()).await.unwrap();
    assert_ne!(link.link().unwrap(), link.short_link().unwrap());

    let expired = sessions.expire(created.id()).await.unwrap();
    assert!(*expired.status() == "expired" && expired.expired_at().is_some());
    assert!(sessions.expire(created.id()).await.unwrap_err().is_conflict());
    assert!(sessions.generate_one_time_link(created.id()).await.unwrap_err().is_conflict());
    assert_eq!(sandbox.ledger().decisions(created.id()).len(), 1);

    for _ in 0..24 {
        sessions.create(&inquiry).await.unwrap();
    }
    // The 26th is one too many.
    assert_eq!(sessions.create(&inquiry).await.unwrap_err().status().unwrap(), 422);
    let mut ids = Vec::new();
    let mut items = sessions.list().filter_inquiry_id(&inquiry).items();
    while let Some(session) = items.try_next().await.unwrap() {
        ids.push(session.id);
    }
    // Newest first, three pages of ten, none of another inquiry.
    assert!(
        ids.len() == 25 && ids.is_sorted_by(|a, b| a > b) && ids.last().unwrap() == created.id()
    );

    let ended = sessions.expire_all([&inquiry, &inquiry]).await.unwrap();
    assert_eq!(ended.sessions().len(), 24);
    assert!(ended.sessions().iter().all(|session| *session.status() == "expired"));
    assert_eq!(sandbox.ledger().all().len(), 25);
    assert_eq!(*sessions.get(&other).await.unwrap().status(), "active");
    // No session is left to expire.
    assert!(sessions.expire_all([&inquiry]).await.unwrap().sessions().is_empty());
}

#[tokio::test]
async fn pages_go_both_ways() {
    let sandbox = Sandbox::start().await.unwrap();
    let persona = sandbox.persona();
    let inquiry = sandbox.seed().inquiry("pending");
    for _ in 0..5 {
        let _ = sandbox.seed().inquiry_session_of(&inquiry, "new");
    }
    let list = || persona.request(Method::GET, "/api/v1/inquiry-sessions").query("page[size]", "2");
    let first = list().json().await.unwrap();
    assert_eq!(first["links"]["prev"], json!(null));
    let last = first["data"][1]["id"].as_str().unwrap();
    let second = list().query("page[after]", last).json().await.unwrap();
    let next = second["links"]["next"].as_str().unwrap();
    assert!(next.starts_with("/api/v1/inquiry-sessions?page%5Bafter%5D=iqse_"), "{next}");
    let back = list()
        .query("page[before]", second["data"][0]["id"].as_str().unwrap())
        .json()
        .await
        .unwrap();
    assert_eq!(back["data"], first["data"]);
    let both = list().query("page[before]", last).query("page[after]", last).await.unwrap_err();
    assert_eq!(both.status().unwrap(), 400);
}

#[tokio::test]
async fn an_inquiry_whose_part_is_over_takes_no_session() {
    let sandbox = Sandbox::start().await.unwrap();
    for status in ["completed", "needs_review", "approved", "expired"] {
        let id = sandbox.seed().inquiry(status);
        assert!(
            sandbox.persona().inquiry_sessions().create(&id).await.unwrap_err().is_conflict(),
            "{status}"
        );
    }
}

#[tokio::test]
async fn included_resources_come_when_asked_for() {
    let sandbox = Sandbox::start().await.unwrap();
    let persona = sandbox.persona();
    let id = sandbox.seed().inquiry("needs_review");
    let session = sandbox.seed().inquiry_session_of(&id, "active");
    let plain = persona.inquiries().get(&id).await.unwrap();
    assert!(plain.included_raw().is_empty());

    let include = [InquiryInclude::Account, InquiryInclude::Sessions, InquiryInclude::Reports];
    let inquiry = persona.inquiries().approve(&id).include(include).await.unwrap();
    let accounts = inquiry.included::<Account>().unwrap();
    assert_eq!((accounts.len(), Some(accounts[0].id.as_str())), (1, inquiry.account_id()));
    assert_eq!(inquiry.included::<InquirySession>().unwrap()[0].id, session.as_str());

    let include = [
        InquirySessionInclude::Inquiry,
        InquirySessionInclude::Device,
        InquirySessionInclude::Network,
    ];
    let session = persona.inquiry_sessions().get(&session).include(include).await.unwrap();
    assert_eq!(*session.included::<Inquiry>().unwrap()[0].status(), "approved");
    assert_eq!(
        (session.included::<Device>().unwrap().len(), session.included::<Network>().unwrap().len()),
        (1, 1)
    );
    assert_eq!(
        persona
            .inquiry_sessions()
            .get(session.id())
            .include(Vec::<InquirySessionInclude>::new())
            .await
            .unwrap()
            .included_raw(),
        []
    );
}

#[tokio::test]
async fn a_fieldset_cuts_the_answer_down() {
    let sandbox = Sandbox::start().await.unwrap();
    let persona = sandbox.persona();
    let id = sandbox.seed().inquiry("needs_review");
    let request = persona.inquiries().get(&id).include([InquiryInclude::Account]);
    let inquiry = request
        .fields_inquiry(["status", "decisionedAt", "fields.name-first"])
        .fields_account(["account_status"])
        .await
        .unwrap();
    let attributes = inquiry.data.attributes.as_ref().unwrap();
    assert_eq!((*inquiry.status()).as_str(), "needs_review");
    assert_eq!((attributes.created_at.as_ref(), inquiry.data.relationships.as_ref()), (None, None));
    let fields = attributes.fields.as_ref().unwrap();
    assert!(fields.name_first.is_some() && fields.birthdate.is_none());
    let account = &inquiry.included::<Account>().unwrap()[0];
    let attributes = account.attributes.as_ref().unwrap();
    assert!(attributes.account_status.is_some() && attributes.fields.is_none());

    let inquiry = persona.inquiries().get(&id).fields_inquiry(["account", "fields"]).await.unwrap();
    assert!(inquiry.account_id().is_some() && inquiry.status().as_str().is_empty());
    assert!(inquiry.data.attributes.as_ref().unwrap().fields.as_ref().unwrap().birthdate.is_some());
}

#[tokio::test]
async fn a_lost_answer_can_be_asked_again_with_the_same_key() {
    let sandbox = Sandbox::start().await.unwrap();
    let persona = sandbox.persona().with(CallOptions::new().retry(RetryPolicy::none()));
    let id = sandbox.seed().inquiry("needs_review");
    sandbox.fault(Fault::drop_after_commit().at(Vendor::Persona));
    let error = persona.inquiries().approve(&id).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!(sandbox.ledger().decisions(&id).len(), 1);

    let key = error.idempotency_key().unwrap();
    let again = CallOptions::new().idempotency_key(key);
    let reply = persona.inquiries().approve(&id).with(again).await.unwrap();
    assert_eq!(*reply.status(), "approved");
    assert_eq!((reply.idempotency_key(), sandbox.ledger().decisions(&id).len()), (Some(key), 1));
}

#[tokio::test]
async fn a_key_stands_for_one_request_for_a_day() {
    let clock = Arc::new(ManualClock::new());
    let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
    let persona = sandbox.persona();
    let id = sandbox.seed().inquiry("needs_review");
    let key = || CallOptions::new().idempotency_key("review-17");

    let first = persona.inquiries().approve(&id).comment("Fine").with(key()).await.unwrap();
    let again = persona.inquiries().approve(&id).comment("Fine").with(key()).await.unwrap();
    assert_eq!((first.raw(), first.request_id()), (again.raw(), again.request_id()));
    // Another body, action or inquiry makes it a different request.
    let other = sandbox.seed().inquiry("needs_review");
    for error in [
        persona.inquiries().approve(&id).comment("Other").with(key()).await.unwrap_err(),
        persona.inquiries().decline(&id).comment("Fine").with(key()).await.unwrap_err(),
        persona.inquiries().approve(&other).comment("Fine").with(key()).await.unwrap_err(),
    ] {
        assert!(error.is_conflict() && error.messages()[0].contains("idempotency key"));
    }
    // A refusal is kept too; a 401 is not.
    let refused = CallOptions::new().idempotency_key("refused");
    let missing = persona.inquiries().approve("inq_none").with(refused.clone()).await.unwrap_err();
    let replayed = persona.inquiries().approve("inq_none").with(refused).await.unwrap_err();
    assert_eq!(
        (missing.request_id(), missing.raw_body()),
        (replayed.request_id(), replayed.raw_body())
    );
    let wrong = sandbox.persona_builder().api_key("wrong").build().unwrap();
    let after = CallOptions::new().idempotency_key("after-401");
    assert!(
        wrong
            .inquiries()
            .approve(&other)
            .with(after.clone())
            .await
            .unwrap_err()
            .is_authentication()
    );
    assert!(persona.inquiries().approve(&other).with(after).await.is_ok());

    clock.advance(Duration::from_secs(24 * 60 * 60));
    // The key has expired, so this is a new request, and the inquiry is already decided.
    let late = persona.inquiries().approve(&id).comment("Fine").with(key()).await.unwrap_err();
    assert!(late.is_conflict() && late.messages()[0].contains("decided"));
    assert_eq!(sandbox.ledger().all().len(), 2);
}

#[tokio::test]
async fn time_ends_an_inquiry_and_its_sessions() {
    let clock = Arc::new(ManualClock::new());
    let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
    let persona = sandbox.persona();
    let inquiry = sandbox.seed().inquiry("pending");
    let session = sandbox.seed().inquiry_session_of(&inquiry, "active");
    clock.advance(Duration::from_secs(24 * 60 * 60 - 1));
    assert_eq!(*persona.inquiries().get(&inquiry).await.unwrap().status(), "pending");
    clock.advance(Duration::from_secs(1));
    let ended = persona.inquiries().get(&inquiry).await.unwrap();
    assert!(*ended.status() == "expired" && ended.expired_at().is_some());
    assert_eq!(*persona.inquiry_sessions().get(&session).await.unwrap().status(), "expired");
    assert!(sandbox.ledger().all().is_empty());
}

#[tokio::test]
async fn faults_come_in_the_vendors_envelope() {
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let persona = sandbox.persona().with(CallOptions::new().retry(RetryPolicy::none()));
    let id = sandbox.seed().inquiry("needs_review");
    sandbox.fault(Fault::rate_limited(Duration::from_millis(6_500)).at(Vendor::Persona));
    let error = persona.inquiries().approve(&id).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry_after()),
        (ErrorKind::RateLimited, Some(Duration::from_secs(7)))
    );
    assert_eq!(error.messages(), ["Rate limit exceeded: A fault of the sandbox"]);
    for (status, kind, has_id) in [
        (429, ErrorKind::RateLimited, true),
        (401, ErrorKind::Authentication, false),
        (503, ErrorKind::OutcomeUnknown, true),
    ] {
        sandbox.fault(Fault::status(status).at(Vendor::Persona));
        let error = persona.inquiries().approve(&id).await.unwrap_err();
        assert_eq!((error.kind(), error.retry_after()), (kind, None), "{status}");
        assert_eq!(error.request_id().is_some(), has_id, "{status}");
    }
    sandbox.fault(Fault::drop_before_commit().at(Vendor::Persona));
    assert!(persona.inquiries().approve(&id).await.unwrap_err().is_outcome_unknown());
    assert!(sandbox.ledger().all().is_empty());
    assert_eq!(*persona.inquiries().get(&id).await.unwrap().status(), "needs_review");
}
