//! The client against the sandbox.

use kyc_review::sandbox::{Fault, Sandbox};
use kyc_review::sumsub::types::{ReviewStatus, TypedTag};
use kyc_review::sumsub::{Outcome, RejectionReasons};
use kyc_review::{CallOptions, Error, ErrorKind, Method, RetryPolicy, Vendor};
use serde_json::{Value, json};

const UNKNOWN: &str = "000000000000000000000000";

fn fraud() -> RejectionReasons {
    RejectionReasons::new().reason("fraud", "documentForgery")
}

fn labels(tags: &[TypedTag]) -> Vec<&str> {
    tags.iter().map(|tag| tag.label.as_str()).collect()
}

#[tokio::test]
async fn a_transaction_is_decided_and_read_back() {
    let sandbox = Sandbox::start().await.unwrap();
    let transactions = sandbox.sumsub().transactions();
    let (good, bad) = (sandbox.seed().transaction(), sandbox.seed().transaction());
    let before = transactions.get(&good).await.unwrap();
    assert_eq!(
        (before.review_status(), before.outcome()),
        (&ReviewStatus::OnHold, Outcome::Pending)
    );
    assert!(before.created_at.as_ref().unwrap().instant().is_some());
    let method =
        before.data.as_ref().unwrap().applicant.as_ref().unwrap().payment_method.as_ref().unwrap();
    assert_eq!((method.x3ds_used, method.x2fa_used), (Some(true), Some(false)));

    assert!(transactions.approve(&good).await.unwrap().is_approved());
    let rejected = transactions
        .reject(&bad)
        .reject_labels(["SANCTIONS"])
        .client_comment("Known from elsewhere")
        .await
        .unwrap();
    assert!(rejected.is_rejected());
    let after = transactions.get(&bad).await.unwrap();
    assert_eq!(after.outcome(), Outcome::Rejected);
    let result = after.review.as_ref().unwrap().review_result.as_ref().unwrap();
    assert_eq!(result.reject_labels.as_ref().unwrap()[0], *"SANCTIONS");
    assert_eq!(result.client_comment.as_ref().unwrap().expose(), "Known from elsewhere");

    // A decision can be reversed.
    assert!(transactions.reject(&good).await.unwrap().is_rejected());
    let ledger = sandbox.ledger();
    let actions: Vec<&str> =
        ledger.decisions(&good).iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["approve", "reject"]);
    assert!(ledger.all().iter().all(|entry| entry.vendor == Vendor::Sumsub));
}

#[tokio::test]
async fn tags_are_a_set_of_known_names() {
    let sandbox = Sandbox::start().await.unwrap();
    let transactions = sandbox.sumsub().transactions();
    let id = sandbox.seed().transaction();
    assert!(transactions.list_tags(&id).await.unwrap().items.is_empty());
    let added = transactions.add_tags(&id, ["Structuring", "Reviewed"]).await.unwrap();
    assert_eq!(labels(&added), ["Structuring", "Reviewed"]);
    assert_eq!(
        labels(&transactions.add_tags(&id, ["Reviewed"]).await.unwrap()),
        ["Structuring", "Reviewed"]
    );
    let unknown = transactions.add_tags(&id, ["structuring"]).await.unwrap_err();
    assert_eq!(
        (unknown.kind(), unknown.status().unwrap().as_u16()),
        (ErrorKind::InvalidRequest, 400)
    );
    let left = transactions.remove_tags(&id, ["Structuring", "never there"]).await.unwrap();
    assert_eq!(labels(&left.items), ["Reviewed"]);
    let last = transactions.remove_tags(&id, ["Reviewed"]).await.unwrap();
    assert_eq!((last.status_code().as_u16(), last.items.len()), (204, 0));
    assert!(sandbox.ledger().all().is_empty());
}

#[tokio::test]
async fn notes_are_kept_changed_and_removed() {
    let sandbox = Sandbox::start().await.unwrap();
    let transactions = sandbox.sumsub().transactions();
    let id = sandbox.seed().transaction();
    let first =
        transactions.add_note(&id).note("Called the bank").tags(["Reviewed"]).await.unwrap();
    let second = transactions.add_note(&id).note("No answer").await.unwrap();
    assert_ne!(first.id, second.id);
    let updated =
        transactions.update_note(&id).id(&first.id).note("The bank called back").await.unwrap();
    assert_eq!(updated.note.as_ref().unwrap().expose(), "The bank called back");
    assert_eq!(updated.tags, first.tags);
    assert!(transactions.remove_note(&id).id(&second.id).await.unwrap().is_ok());
    let notes = transactions.list_notes(&id).await.unwrap();
    assert_eq!((notes.items.len(), notes.total), (1, Some(1)));
    assert_eq!(notes.items[0].note.as_ref().unwrap().expose(), "The bank called back");
    for error in [
        transactions.remove_note(&id).id(&second.id).await.unwrap_err(),
        transactions.update_note(&id).id("n").note("x").await.unwrap_err(),
        transactions.add_note(UNKNOWN).note("x").await.unwrap_err(),
        transactions.list_notes(UNKNOWN).await.unwrap_err(),
    ] {
        assert!(error.is_not_found(), "{error}");
    }
}

#[tokio::test]
async fn an_applicant_is_decided_returned_and_reset() {
    let sandbox = Sandbox::start().await.unwrap();
    let applicants = sandbox.sumsub().applicants();
    let id = sandbox.seed().applicant(ReviewStatus::OnHold);
    let before = applicants.get(&id).await.unwrap();
    assert_eq!(
        (before.review_status(), before.outcome()),
        (&ReviewStatus::OnHold, Outcome::Pending)
    );
    assert!(!before.created_at.as_ref().unwrap().as_str().ends_with("+0000"));

    let approved = applicants.approve(&id).note("fine").tags(["vip"]).await.unwrap();
    assert!(approved.is_approved());
    assert_eq!(approved.tags.as_deref(), Some(&["vip".to_owned()][..]));
    assert_eq!(applicants.status(&id).await.unwrap().outcome(), Outcome::Approved);

    let rejected = applicants.reject(&id, fraud()).await.unwrap();
    assert_eq!(rejected.outcome(), Outcome::Rejected);
    let labels = rejected
        .review
        .as_ref()
        .unwrap()
        .review_result
        .as_ref()
        .unwrap()
        .reject_labels
        .as_ref()
        .unwrap();
    assert_eq!(labels[0], *"EXTERNAL_DECISION_REJECTION");

    assert!(applicants.reset(&id).await.unwrap().is_ok());
    let after = applicants.status(&id).await.unwrap();
    assert_eq!(
        (after.status(), after.outcome(), &after.review_result),
        (&ReviewStatus::Init, Outcome::Pending, &None)
    );

    let other = sandbox.seed().applicant("onHold");
    let more = || RejectionReasons::new().reason("manual", "additionalDocumentRequest");
    assert_eq!(*applicants.return_to_init(&other, more()).await.unwrap().review_status(), "init");
    assert!(applicants.approve(&other).await.unwrap().is_approved());
    // From a completed review it changes nothing.
    assert!(applicants.return_to_init(&other, more()).await.unwrap().is_approved());
    assert!(applicants.reset_step(&other, "IDENTITY").await.unwrap().expose()["ok"] == 1);
    assert_eq!(*applicants.status(&other).await.unwrap().status(), "init");

    let ledger = sandbox.ledger();
    let actions =
        |id| ledger.decisions(id).iter().map(|entry| entry.action.clone()).collect::<Vec<_>>();
    assert_eq!(actions(&id), ["approve", "reject", "reset"]);
    assert_eq!(actions(&other), ["init", "approve", "resetStep"]);
}

#[tokio::test]
async fn what_is_seeded_shows_what_the_vendor_shows() {
    let sandbox = Sandbox::start().await.unwrap();
    let applicants = sandbox.sumsub().applicants();
    for (status, outcome) in [
        ("init", Outcome::Pending),
        ("awaitingService", Outcome::Pending),
        ("completed", Outcome::Approved),
        ("a_status_from_the_future", Outcome::Pending),
    ] {
        let id = sandbox.seed().applicant(status);
        let review = applicants.status(&id).await.unwrap();
        assert_eq!((review.status().as_str(), review.outcome()), (status, outcome));
        let shows_green = review.review_result.is_some();
        assert_eq!(shows_green, matches!(status, "awaitingService" | "completed"));
    }
}

#[tokio::test]
async fn illegal_calls_are_refused_and_change_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let sumsub = sandbox.sumsub();
    let applicants = sumsub.applicants();
    for status in ["pending", "prechecked", "queued"] {
        let id = sandbox.seed().applicant(status);
        let (whole, step) =
            (applicants.reset(&id).await, applicants.reset_step(&id, "IDENTITY").await);
        for error in [whole.unwrap_err(), step.unwrap_err()] {
            assert!(error.is_conflict(), "{status}: {error}");
        }
        assert_eq!(*applicants.status(&id).await.unwrap().status(), status);
    }
    let id = sandbox.seed().applicant("onHold");
    let step = applicants.reset_step(&id, "SELFIE").await.unwrap_err();
    assert_eq!(step.status().unwrap().as_u16(), 400);
    let many: Vec<String> = (0..31).map(|number| format!("tag-{number}")).collect();
    assert_eq!(
        applicants.approve(&id).tags(many).await.unwrap_err().status().unwrap().as_u16(),
        400
    );

    let post = |path: &str, body: Option<Value>| {
        let request = sumsub.request(Method::POST, &format!("/resources/applicants/{id}/{path}"));
        if let Some(body) = body { request.json_body(&body) } else { request }
    };
    for (request, status) in [
        (post("-/approve", None), 400),
        (post("-/approve", Some(json!([]))), 400),
        (post("-/approve", Some(json!({ "note": 1 }))), 400),
        (post("-/approve", Some(json!({ "reasons": {} }))), 409),
        (post("-/reject", Some(json!({}))), 400),
        (post("-/reject", Some(json!({ "reasons": { "fraud": [] } }))), 400),
        (post("-/init", Some(json!({ "reasons": { "fraud": [1] } }))), 400),
        (post("-/unknown", Some(json!({}))), 404),
        (post("one", None), 405),
        (post("-/approve", None).body("text/plain", "{}"), 415),
    ] {
        let error = request.send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status, "{error}");
        // Each is in the vendor's format.
        let body: Value = serde_json::from_slice(error.raw_body().unwrap()).unwrap();
        assert_eq!((&body["code"], error.request_id().unwrap().len()), (&json!(status), 32));
    }
    let transaction = sandbox.seed().transaction();
    for (method, path, body) in [
        (Method::POST, "review/status/completed", json!({ "reviewAnswer": "YELLOW" })),
        (
            Method::POST,
            "review/status/completed",
            json!({ "reviewAnswer": "RED", "rejectLabels": "SANCTIONS" }),
        ),
        (Method::POST, "tags", json!("Structuring")),
        (Method::DELETE, "tags", json!([1])),
    ] {
        let path = format!("/resources/kyt/txns/{transaction}/{path}");
        let error = sumsub.request(method, &path).json_body(&body).send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 400, "{body}");
    }
    assert!(sandbox.ledger().all().is_empty());
}

#[tokio::test]
async fn an_unknown_id_is_not_found() {
    let sandbox = Sandbox::start().await.unwrap();
    let (transactions, applicants) =
        (sandbox.sumsub().transactions(), sandbox.sumsub().applicants());
    let errors: [Error; 11] = [
        transactions.get(UNKNOWN).await.unwrap_err(),
        transactions.approve(UNKNOWN).await.unwrap_err(),
        transactions.list_tags(UNKNOWN).await.unwrap_err(),
        transactions.add_tags(UNKNOWN, ["Reviewed"]).await.unwrap_err(),
        transactions.remove_tags(UNKNOWN, ["Reviewed"]).await.unwrap_err(),
        applicants.get(UNKNOWN).await.unwrap_err(),
        applicants.status(UNKNOWN).await.unwrap_err(),
        applicants.approve(UNKNOWN).await.unwrap_err(),
        applicants.return_to_init(UNKNOWN, fraud()).await.unwrap_err(),
        applicants.reset(UNKNOWN).await.unwrap_err(),
        applicants.reset_step(UNKNOWN, "IDENTITY").await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_not_found(), "{error}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_told_apart() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = sandbox.seed().transaction();
    let wrong_key = sandbox.sumsub_builder().secret_key("another").build().unwrap();
    let error = wrong_key.transactions().approve(&id).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Authentication, Some("app-token-signature mismatch"))
    );
    let wrong_token = sandbox.sumsub_builder().app_token("prd:another").build().unwrap();
    let error = wrong_token.applicants().get(UNKNOWN).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Authentication, Some("4000")));
    assert!(sandbox.ledger().all().is_empty());
}

#[tokio::test]
async fn a_lost_answer_leaves_one_decision_behind() {
    let sandbox = Sandbox::start().await.unwrap();
    let sumsub = sandbox.sumsub();
    let (transaction, applicant) =
        (sandbox.seed().transaction(), sandbox.seed().applicant("onHold"));

    sandbox.fault(Fault::drop_after_commit().at(Vendor::Sumsub));
    let error = sumsub.transactions().approve(&transaction).await.unwrap_err();
    assert!(error.is_outcome_unknown() && !error.is_retryable());
    assert_eq!((error.subject(), error.attempts()), (Some(transaction.as_str()), 1));
    assert_eq!(sandbox.ledger().decisions(&transaction).len(), 1);
    assert!(sumsub.transactions().get(&transaction).await.unwrap().is_approved());

    sandbox.fault(Fault::drop_before_commit());
    assert!(
        sumsub.applicants().reject(&applicant, fraud()).await.unwrap_err().is_outcome_unknown()
    );
    assert!(sandbox.ledger().decisions(&applicant).is_empty());
    assert_eq!(sumsub.applicants().status(&applicant).await.unwrap().outcome(), Outcome::Pending);
}

#[tokio::test]
async fn a_fault_answers_in_the_vendors_envelope() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = sandbox.seed().transaction();
    sandbox.fault(Fault::rate_limited(std::time::Duration::from_secs(5)));
    let once = sandbox.sumsub().with(CallOptions::new().retry(RetryPolicy::none()));
    let error = once.transactions().approve(&id).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(5)));
    let body: Value = serde_json::from_slice(error.raw_body().unwrap()).unwrap();
    assert_eq!(
        (&body["code"], &body["correlationId"]),
        (&json!(429), &json!(error.request_id().unwrap()))
    );
    assert_eq!(error.messages().len(), 1);
}
