//! The client against the sandbox: what it refuses, what a decision changes, and the
//! effect of a fault.

use std::sync::Arc;
use std::time::Duration;

use kyc_review::rebilly::types::{
    KycAddressMatchesOverwrite, KycDocument, KycDocumentStatus, KycDocumentType,
    KycFundsMatchesOverwrite, RejectionReason,
};
use kyc_review::rebilly::{NewDocument, Rebilly, ReviewPhase};
use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::{
    CallOptions, Clock, ErrorKind, Method, OperationClass, Patch, RetryPolicy, Vendor,
};
use serde_json::{Value, json};

const TYPES: [KycDocumentType; 5] = [
    KycDocumentType::IdentityProof,
    KycDocumentType::AddressProof,
    KycDocumentType::FundsProof,
    KycDocumentType::PurchaseProof,
    KycDocumentType::CreditFileProof,
];

#[tokio::test]
async fn wrong_credentials_organizations_and_ids_are_refused_as_the_vendor_does() {
    let sandbox = Sandbox::start().await.unwrap();
    let id = sandbox.seed().kyc_document("pending");
    let stranger = sandbox.rebilly_builder().api_key("sk_sandbox_other").build().unwrap();
    let error = stranger.kyc_documents().accept(&id).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.messages()[1].as_str()),
        (ErrorKind::Authentication, "Unauthorized")
    );
    let elsewhere = sandbox.rebilly_builder().organization_id("org_other").build().unwrap();
    assert!(elsewhere.kyc_documents().accept(&id).await.unwrap_err().is_not_found());
    // The key is checked first, so that organizations are not revealed without one.
    let both = sandbox.rebilly_builder().organization_id("org_other").api_key("k").build().unwrap();
    assert!(both.kyc_documents().accept(&id).await.unwrap_err().is_authentication());
    let token = Rebilly::builder()
        .organization_id("o")
        .bearer("t")
        .base_url(sandbox.base_url(Vendor::Rebilly));
    assert!(token.build().unwrap().kyc_documents().list().await.unwrap_err().is_authentication());
    let documents = sandbox.rebilly().kyc_documents();
    assert!(
        documents.reject("kyc_doc_none", RejectionReason::Other).await.unwrap_err().is_not_found()
    );
    assert!(documents.get("kyc_doc_none").await.unwrap_err().is_not_found());
    let request = sandbox.rebilly().request(Method::DELETE, &format!("/kyc-documents/{id}"));
    assert_eq!(request.send().await.unwrap_err().status().unwrap().as_u16(), 405);
    assert!(sandbox.ledger().all().is_empty());
    assert_eq!(*documents.get(&id).await.unwrap().status(), "pending");
}

#[tokio::test]
async fn status_and_review_phase_change_independently() {
    let clock = Arc::new(ManualClock::new());
    let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
    let documents = sandbox.rebilly().kyc_documents();
    let id = sandbox.seed().kyc_document(KycDocumentStatus::Accepted);
    let seen =
        |document: &KycDocument| (document.status().as_str().to_owned(), document.review_phase());
    let is = |status: &str, phase| (status.to_owned(), phase);
    let first = documents.get(&id).await.unwrap();
    assert_eq!(seen(&first), is("accepted", ReviewPhase::Unreviewed));
    assert_eq!((first.revision(), first.match_score().unwrap().percent()), (Some(1), 95.0));
    clock.advance(Duration::from_secs(60));

    let claimed = documents.start_review(&id).await.unwrap();
    assert_eq!(seen(&claimed), is("accepted", ReviewPhase::InReview));
    assert_eq!(claimed.review_start_time().unwrap().instant(), Some(clock.now()));
    assert_eq!(claimed.reviewer_name().unwrap().expose(), "Ada Reviewer");
    assert!(claimed.header("location").unwrap().ends_with(&format!("/kyc-documents/{id}")));
    assert_eq!(claimed.rate_limit().unwrap().remaining, Some(2999));
    let released = documents.stop_review(&id).await.unwrap();
    assert_eq!(seen(&released), is("accepted", ReviewPhase::Unreviewed));
    assert_eq!((released.reviewer_id(), released.review_start_time()), (None, None));
    let reviewed = documents.review(&id).await.unwrap();
    assert_eq!(seen(&reviewed), is("accepted", ReviewPhase::Reviewed));
    assert_eq!(reviewed.review_time().unwrap().instant(), Some(clock.now()));

    // A decision can be reversed, both ways.
    let rejected = documents
        .reject(&id, RejectionReason::TamperedDocument)
        .message("é".repeat(255))
        .await
        .unwrap();
    assert_eq!(seen(&rejected), is("rejected", ReviewPhase::Reviewed));
    let rejection = rejected.rejection().unwrap();
    assert_eq!(rejection.type_, Some(RejectionReason::TamperedDocument));
    assert_eq!(rejection.message.as_ref().unwrap().expose().chars().count(), 255);
    let accepted = documents.accept(&id).await.unwrap();
    assert_eq!(seen(&accepted), is("accepted", ReviewPhase::Reviewed));
    assert!(accepted.rejection().is_none());
    assert_eq!(accepted.revision(), Some(6));
    assert_eq!(seen(&documents.get(&id).await.unwrap()), is("accepted", ReviewPhase::Reviewed));
    let ledger = sandbox.ledger();
    let actions: Vec<&str> =
        ledger.decisions(&id).iter().map(|decision| decision.action.as_str()).collect();
    assert_eq!(actions, ["start-review", "stop-review", "review", "rejection", "acceptance"]);
}

#[tokio::test]
async fn an_archived_document_takes_no_action_and_an_acceptance_archives_its_siblings() {
    let sandbox = Sandbox::start().await.unwrap();
    let documents = sandbox.rebilly().kyc_documents();
    let new = || NewDocument::address_proof("cus_1", ["file_1"]);
    let chosen = documents.create(new()).await.unwrap();
    let sibling = documents.create(new()).await.unwrap();
    let claimed = documents.create(new()).await.unwrap();
    documents.start_review(claimed.id()).await.unwrap();
    let other_kind = documents.create(NewDocument::funds_proof("cus_1", ["file_1"])).await.unwrap();
    let other_customer =
        documents.create(NewDocument::address_proof("cus_2", ["file_1"])).await.unwrap();
    documents.accept(chosen.id()).await.unwrap();
    for (document, status) in [
        (&chosen, "accepted"),
        (&sibling, "archived"),
        (&claimed, "pending"),
        (&other_kind, "pending"),
        (&other_customer, "pending"),
    ] {
        assert_eq!(*documents.get(document.id()).await.unwrap().status(), status);
    }
    let before = sandbox.ledger().all().len();
    let id = sibling.id();
    for error in [
        documents.accept(id).await.unwrap_err(),
        documents.reject(id, RejectionReason::Other).await.unwrap_err(),
        documents.review(id).await.unwrap_err(),
        documents.start_review(id).await.unwrap_err(),
        documents.stop_review(id).await.unwrap_err(),
        documents
            .overwrite_matches(id, KycAddressMatchesOverwrite::default().city("x"))
            .await
            .unwrap_err(),
    ] {
        assert_eq!(
            (error.kind(), error.status().unwrap().as_u16()),
            (ErrorKind::InvalidRequest, 422)
        );
        assert_eq!(error.field_errors()[0].field(), "status");
    }
    assert_eq!(sandbox.ledger().all().len(), before);
}

#[tokio::test]
async fn a_malformed_body_is_refused_field_by_field() {
    let sandbox = Sandbox::start().await.unwrap();
    let rebilly = sandbox.rebilly();
    let id = sandbox.seed().kyc_document("pending");
    let funds = sandbox.seed().kyc_document_of_type(KycDocumentType::FundsProof, "pending");
    let credit = sandbox.seed().kyc_document_of_type(KycDocumentType::CreditFileProof, "pending");
    let document = |changed: &str, value: Value| {
        let mut body =
            json!({ "customerId": "c", "documentType": "funds-proof", "fileIds": ["f"] });
        body[changed] = value;
        body
    };
    let rejection = format!("/kyc-documents/{id}/rejection");
    let matches = |id: &dyn std::fmt::Display| format!("/kyc-documents/{id}/matches");
    for (path, body, field) in [
        (rejection.clone(), json!({}), "type"),
        (rejection.clone(), json!([]), "type"),
        (rejection.clone(), json!({ "type": null }), "type"),
        (rejection.clone(), json!({ "type": "no-reason" }), "type"),
        (rejection.clone(), json!({ "type": "other", "message": "é".repeat(256) }), "message"),
        (rejection.clone(), json!({ "type": "other", "message": null }), "message"),
        (matches(&id), json!({ "firstName": "Ada" }), "type"),
        (matches(&id), json!({ "type": "funds-proof" }), "type"),
        (matches(&id), json!({ "type": "identity-proof", "isTampered": null }), "isTampered"),
        (matches(&id), json!({ "type": "identity-proof", "firstName": 1 }), "firstName"),
        (matches(&id), json!({ "type": "identity-proof", "dateOfBirth": "soon" }), "dateOfBirth"),
        (
            matches(&id),
            json!({ "type": "identity-proof", "documentSubtype": "x" }),
            "documentSubtype",
        ),
        (matches(&id), json!({ "type": "identity-proof", "matchingImages": [] }), "matchingImages"),
        (matches(&funds), json!({ "type": "funds-proof", "line1": "x" }), "line1"),
        (matches(&credit), json!({ "type": "credit-file-proof" }), "type"),
        ("/kyc-documents".to_owned(), document("customerId", json!("")), "customerId"),
        ("/kyc-documents".to_owned(), document("customerId", json!("x".repeat(51))), "customerId"),
        ("/kyc-documents".to_owned(), document("documentType", json!("x")), "documentType"),
        ("/kyc-documents".to_owned(), document("fileIds", json!("f")), "fileIds"),
        ("/kyc-documents".to_owned(), document("documentSubtype", json!("x")), "documentSubtype"),
        ("/kyc-documents".to_owned(), document("notes", json!(1)), "notes"),
        ("/kyc-documents".to_owned(), document("reason", json!([])), "reason"),
        ("/kyc-documents".to_owned(), document("matchLevel", json!(4)), "matchLevel"),
        ("/kyc-documents".to_owned(), document("settings", json!([])), "settings"),
    ] {
        let error = rebilly.request(Method::POST, &path).json_body(&body).send().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status().unwrap().as_u16()),
            (ErrorKind::InvalidRequest, 422),
            "{path} {body}"
        );
        let fields: Vec<&str> = error.field_errors().iter().map(|field| field.field()).collect();
        assert_eq!(fields, [field], "{path} {body}");
    }
    let no_json = rebilly
        .request(Method::POST, &rejection)
        .body("application/json", "{")
        .send()
        .await
        .unwrap_err();
    assert_eq!(no_json.status().unwrap().as_u16(), 400);
    let unknown = rebilly
        .request(Method::POST, &format!("/kyc-documents/{id}/approval"))
        .send()
        .await
        .unwrap_err();
    assert!(unknown.is_not_found());
    assert!(sandbox.ledger().all().is_empty());
}

#[tokio::test]
async fn every_kind_is_created_replaced_and_corrected() {
    let sandbox = Sandbox::start().await.unwrap();
    let documents = sandbox.rebilly().kyc_documents();
    for document_type in TYPES {
        let seeded = sandbox.seed().kyc_document_of_type(document_type.clone(), "in-progress");
        let document = documents.get(&seeded).await.unwrap();
        assert_eq!((document.document_type(), document.match_score()), (&document_type, None));
        assert!(!matches!(*document, KycDocument::Unknown(_)));
        assert_eq!((document.file_ids().len(), document.links().len()), (1, 2));
    }
    let new = NewDocument::funds_proof("cus_1", ["file_1"]).notes("first").match_level(3);
    let created = documents.upsert("my~own.id", new).await.unwrap();
    assert_eq!(
        (created.status_code().as_u16(), created.revision(), created.match_level()),
        (201, Some(1), Some(3))
    );
    let replaced =
        documents.upsert("my~own.id", NewDocument::funds_proof("cus_1", ["file_2"])).await.unwrap();
    // Fields that a replacement leaves out are not kept.
    assert_eq!(
        (replaced.status_code().as_u16(), replaced.revision(), replaced.match_level()),
        (200, Some(2), Some(2))
    );
    assert_eq!((replaced.file_ids(), replaced.notes()), (&["file_2".to_owned()][..], None));
    assert_eq!(replaced.header("location"), None);
    let other = documents
        .upsert("my~own.id", NewDocument::address_proof("cus_1", ["f"]))
        .await
        .unwrap_err();
    assert_eq!(other.field_errors()[0].field(), "documentType");
    let long = documents
        .upsert("x".repeat(51), NewDocument::address_proof("cus_1", ["f"]))
        .await
        .unwrap_err();
    assert_eq!(long.field_errors()[0].field(), "id");

    let address = sandbox.seed().kyc_document_of_type(KycDocumentType::AddressProof, "pending");
    let reading =
        KycAddressMatchesOverwrite::default().line1("1 Example Road").postal_code(Patch::Null);
    let reply = documents.overwrite_matches(&address, reading).await.unwrap();
    assert_eq!(
        (reply.status_code().as_u16(), reply.rate_limit().unwrap().limit),
        (204, Some(3000))
    );
    let KycDocument::AddressProof(corrected) = documents.get(&address).await.unwrap().into_inner()
    else {
        panic!("of another kind");
    };
    let analysis = corrected.document_matches.unwrap();
    let data = analysis.data.unwrap();
    assert_eq!((data.line1.unwrap().expose().as_str(), data.postal_code), ("1 Example Road", None));
    assert_eq!(
        (data.last_name.unwrap().expose().as_str(), analysis.score),
        ("Example", Some(65.0))
    );
    let bare = sandbox.seed().kyc_document_of_type(KycDocumentType::FundsProof, "pending");
    documents
        .overwrite_matches(&bare, KycFundsMatchesOverwrite::default().first_name("Ada"))
        .await
        .unwrap();
    let KycDocument::FundsProof(corrected) = documents.get(&bare).await.unwrap().into_inner()
    else {
        panic!("of another kind");
    };
    assert_eq!(
        corrected.document_matches.unwrap().data.unwrap().first_name.unwrap().expose(),
        "Ada"
    );
    // None of these is a decision.
    assert!(sandbox.ledger().all().is_empty());
}

#[tokio::test]
async fn lists_are_filtered_sorted_paged_and_embedded() {
    let clock = Arc::new(ManualClock::new());
    let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
    let documents = sandbox.rebilly().kyc_documents();
    let mut ids = Vec::new();
    for (document_type, status) in [
        (KycDocumentType::IdentityProof, "pending"),
        (KycDocumentType::AddressProof, "pending"),
        (KycDocumentType::FundsProof, "accepted"),
        (KycDocumentType::IdentityProof, "rejected"),
        (KycDocumentType::IdentityProof, "pending"),
    ] {
        ids.push(sandbox.seed().kyc_document_of_type(document_type, status).to_string());
        clock.advance(Duration::from_secs(60));
    }
    documents.start_review(&ids[4]).await.unwrap();
    for (filter, sort, found) in [
        ("status:pending", vec![], vec![0, 1, 4]),
        ("status:PENDING,rejected", vec![], vec![0, 1, 3, 4]),
        ("status:!pending,!rejected", vec![], vec![2]),
        ("status:pending;documentType:identity-proof", vec!["-createdTime"], vec![4, 0]),
        ("status:pending;reviewerId:!usr_01SANDBOX00000000000000000", vec![], vec![0, 1]),
        ("reviewerId:usr_01SANDBOX00000000000000000", vec![], vec![4]),
        ("createdTime:2026-01-01T00:01:00Z..2026-01-01T00:02:00+00:00", vec![], vec![1, 2]),
        ("createdTime:2026-01-01T00:03:00Z..", vec![], vec![3, 4]),
        ("createdTime:..2026-01-01T00:00:30Z", vec![], vec![0]),
        ("documentMatches.score:..50", vec![], vec![3]),
        ("revision:1..", vec!["status", "-createdTime"], vec![2, 4, 1, 0, 3]),
        ("noSuchField:1", vec![], vec![]),
    ] {
        let mut items = documents.list().filter(filter).sort(sort).limit(2).items();
        let mut seen = Vec::new();
        while let Some(document) = items.try_next().await.unwrap() {
            seen.push(ids.iter().position(|id| id == document.id()).unwrap());
        }
        assert_eq!((seen, items.total()), (found.clone(), Some(found.len() as u64)), "{filter}");
    }
    let page = documents.list().limit(1).offset(1).expand(["customer", "files"]).await.unwrap();
    assert_eq!(
        (page.items[0].id(), page.next.as_deref(), page.total),
        (ids[1].as_str(), Some("2"), Some(5))
    );
    let customer = page.items[0].embedded_customer().unwrap();
    assert_eq!(customer.expose()["id"].as_str(), page.items[0].customer_id());
    assert_eq!(
        page.items[0].embedded_files()[0].expose()["id"].as_str(),
        Some(page.items[0].file_ids()[0].as_str())
    );
    let count = documents.list().limit(0).await.unwrap();
    assert_eq!((count.items.len(), count.next.as_deref(), count.total), (0, None, Some(5)));
    for filter in ["status", "status:", ":pending", "status:pending;"] {
        let error = documents.list().filter(filter).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 400, "{filter}");
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_the_outcome_unknown_and_one_entry() {
    let sandbox = Sandbox::start().await.unwrap();
    let documents = sandbox.rebilly().kyc_documents();
    let id = sandbox.seed().kyc_document("pending");
    sandbox.fault(Fault::drop_after_commit().at(Vendor::Rebilly));
    let error = documents.reject(&id, RejectionReason::DobMismatch).await.unwrap_err();
    assert!(error.is_outcome_unknown() && !error.is_retryable());
    assert_eq!(
        (error.class(), error.subject(), error.attempts()),
        (Some(OperationClass::Decision), Some(id.as_str()), 1)
    );
    assert_eq!(sandbox.ledger().decisions(&id).len(), 1);
    // Reading the document back shows the outcome.
    let document = documents.get(&id).await.unwrap();
    assert_eq!(document.rejection().unwrap().type_, Some(RejectionReason::DobMismatch));

    let other = sandbox.seed().kyc_document("pending");
    sandbox.fault(Fault::drop_before_commit());
    assert!(documents.accept(&other).await.unwrap_err().is_outcome_unknown());
    assert!(sandbox.ledger().decisions(&other).is_empty());
}

#[tokio::test]
async fn a_rate_limit_names_the_moment_on_the_sandboxs_clock() {
    let clock = Arc::new(ManualClock::new());
    let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
    let documents = sandbox.rebilly().kyc_documents();
    let id = sandbox.seed().kyc_document("pending");
    sandbox.fault(Fault::rate_limited(Duration::from_secs(30)));
    let once = sandbox.rebilly().with(CallOptions::new().retry(RetryPolicy::none()));
    let error = once.kyc_documents().accept(&id).await.unwrap_err();
    assert!(error.is_rate_limited() && error.is_retryable());
    assert_eq!((error.retry_after(), error.attempts()), (Some(Duration::from_secs(30)), 1));
    let moment = error.headers().unwrap()["x-ratelimit-retry-after"].to_str().unwrap();
    assert_eq!(moment, (clock.now().timestamp() + 30).to_string());
    assert_eq!(error.messages()[1], "Rate Limit Exceeded");
    assert!(sandbox.ledger().all().is_empty());

    // The wait is rounded up to a full second, because the header holds seconds.
    sandbox.fault(Fault::rate_limited(Duration::from_millis(1500)));
    assert_eq!(documents.get(&id).await.unwrap().attempts(), 2);
    assert_eq!(clock.waits(), [Duration::from_secs(2)]);
    sandbox.fault(Fault::status(500));
    assert!(documents.accept(&id).await.unwrap_err().is_outcome_unknown());
}
