use std::sync::Arc;
use std::time::Duration;

use kyc_review::rebilly::NewDocument;
use kyc_review::rebilly::Rebilly;
use kyc_review::rebilly::types::RejectionReason;
use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::{Error, Reconcile};

use super::{Case, Sent, suite, told};

fn client(sandbox: &Sandbox) -> Rebilly {
    sandbox.rebilly_builder().build().unwrap()
}

fn accept(client: Rebilly, id: String) -> Sent {
    Box::pin(async move { Ok(client.kyc_documents().accept(id).await?.status().to_string()) })
}

fn reject_as_expired(client: Rebilly, id: String) -> Sent {
    Box::pin(async move {
        let request = client.kyc_documents().reject(id, RejectionReason::DocumentExpired);
        Ok(request.await?.status().to_string())
    })
}

fn claim(client: Rebilly, id: String) -> Sent {
    Box::pin(async move { Ok(client.kyc_documents().start_review(id).await?.status().to_string()) })
}

fn accept_reconciling(client: Rebilly, id: String, reconcile: bool) -> Sent {
    Box::pin(async move {
        let request = client.kyc_documents().accept(id).reconcile(reconcile);
        Ok(request.await?.status().to_string())
    })
}

fn cases() -> Vec<Case<Rebilly>> {
    vec![
        Case {
            name: "accept",
            seed: |sandbox| sandbox.seed().kyc_document("pending").to_string(),
            prepare: None,
            send: accept_reconciling,
            reply: "accepted",
            state: "accepted",
            is_dated: true,
            otherwise: Some((reject_as_expired, "superseded")),
        },
        Case {
            name: "accept what a person has rejected",
            seed: |sandbox| sandbox.seed().kyc_document("pending").to_string(),
            prepare: Some(reject_as_expired),
            send: accept_reconciling,
            reply: "accepted",
            state: "accepted",
            is_dated: true,
            otherwise: Some((reject_as_expired, "superseded")),
        },
        Case {
            name: "reject",
            seed: |sandbox| sandbox.seed().kyc_document("accepted").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request =
                        client.kyc_documents().reject(id, RejectionReason::DocumentUnreadable);
                    Ok(request
                        .message("The photo is blurred")
                        .reconcile(reconcile)
                        .await?
                        .status()
                        .to_string())
                })
            },
            reply: "rejected",
            state: "rejected document-unreadable",
            is_dated: true,
            otherwise: Some((accept, "superseded")),
        },
        Case {
            name: "reject for another reason",
            seed: |sandbox| sandbox.seed().kyc_document("pending").to_string(),
            prepare: Some(claim),
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request =
                        client.kyc_documents().reject(id, RejectionReason::DocumentUnreadable);
                    Ok(request.reconcile(reconcile).await?.status().to_string())
                })
            },
            reply: "rejected",
            state: "rejected document-unreadable",
            is_dated: true,
            otherwise: Some((reject_as_expired, "superseded")),
        },
        Case {
            name: "review",
            seed: |sandbox| sandbox.seed().kyc_document("accepted").to_string(),
            prepare: Some(claim),
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request = client.kyc_documents().review(id).reconcile(reconcile);
                    Ok(format!("{:?}", request.await?.review_phase()))
                })
            },
            reply: "Reviewed",
            state: "accepted",
            is_dated: true,
            // Any other action of a person is a review too.
            otherwise: None,
        },
        Case {
            name: "start review",
            seed: |sandbox| sandbox.seed().kyc_document("pending").to_string(),
            prepare: None,
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request = client.kyc_documents().start_review(id).reconcile(reconcile);
                    Ok(format!("{:?}", request.await?.review_phase()))
                })
            },
            reply: "InReview",
            state: "pending",
            is_dated: true,
            otherwise: Some((accept, "superseded")),
        },
        Case {
            name: "stop review",
            seed: |sandbox| sandbox.seed().kyc_document("pending").to_string(),
            prepare: Some(claim),
            send: |client, id, reconcile| {
                Box::pin(async move {
                    let request = client.kyc_documents().stop_review(id).reconcile(reconcile);
                    Ok(format!("{:?}", request.await?.review_phase()))
                })
            },
            reply: "Unreviewed",
            state: "pending",
            is_dated: false,
            otherwise: Some((claim, "superseded")),
        },
    ]
}

suite!(client, cases());

struct Desk {
    clock: Arc<ManualClock>,
    sandbox: Sandbox,
    rebilly: Rebilly,
}

impl Desk {
    async fn open() -> Self {
        let clock = Arc::new(ManualClock::new());
        let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
        let rebilly = sandbox.rebilly();
        Self { clock, sandbox, rebilly }
    }

    async fn told(&self, error: Result<impl Sized, Error>) -> &'static str {
        let Err(error) = error else { panic!("the answer was to be lost") };
        told(&self.rebilly.reconcile(&error).await.unwrap()).0
    }

    fn later(&self) {
        self.clock.advance(Duration::from_secs(120));
    }
}

#[tokio::test]
async fn what_the_machine_decided_is_no_persons_decision() {
    let desk = Desk::open().await;
    let documents = desk.rebilly.kyc_documents();
    for (status, word) in
        [("accepted", "not applied"), ("rejected", "not applied"), ("in-progress", "not applied")]
    {
        let id = desk.sandbox.seed().kyc_document(status);
        desk.sandbox.fault(Fault::drop_before_commit());
        assert_eq!(desk.told(documents.accept(&id).await).await, word, "{status}");
        desk.sandbox.fault(Fault::drop_before_commit());
        let reject = documents.reject(&id, RejectionReason::DocumentExpired);
        assert_eq!(desk.told(reject.await).await, word, "{status}");
        desk.sandbox.fault(Fault::drop_before_commit());
        assert_eq!(desk.told(documents.review(&id).await).await, word, "{status}");
    }
}

#[tokio::test]
async fn a_document_that_was_reviewed_long_ago_can_be_claimed_and_acknowledged_anew() {
    let desk = Desk::open().await;
    let documents = desk.rebilly.kyc_documents();
    let id = desk.sandbox.seed().kyc_document("pending");
    documents.accept(&id).await.unwrap();
    desk.later();
    desk.sandbox.fault(Fault::drop_before_commit());
    assert_eq!(desk.told(documents.start_review(&id).await).await, "not applied");
    desk.sandbox.fault(Fault::drop_after_commit());
    assert_eq!(desk.told(documents.start_review(&id).await).await, "applied");
    // The old review precedes the claim, so it is not the requested one.
    desk.later();
    desk.sandbox.fault(Fault::drop_before_commit());
    assert_eq!(desk.told(documents.review(&id).await).await, "inconclusive");
    desk.sandbox.fault(Fault::drop_after_commit());
    assert_eq!(desk.told(documents.review(&id).await).await, "applied");
    // Reviewed and still held: someone must release it.
    desk.later();
    desk.sandbox.fault(Fault::drop_before_commit());
    assert_eq!(desk.told(documents.stop_review(&id).await).await, "not applied");
}

#[tokio::test]
async fn a_document_that_made_room_for_another_was_decided_otherwise() {
    let desk = Desk::open().await;
    let documents = desk.rebilly.kyc_documents();
    let new = || documents.create(NewDocument::address_proof("cus_1", ["file_1"]));
    let (one, another) = (new().await.unwrap(), new().await.unwrap());
    for (operation, word) in [
        ("accept", "superseded"),
        ("review", "superseded"),
        ("start", "superseded"),
        ("stop", "applied"),
    ] {
        let id = new().await.unwrap().id().to_owned();
        desk.later();
        desk.sandbox.fault(Fault::drop_before_commit());
        let lost = match operation {
            "accept" => documents.accept(&id).await,
            "review" => documents.review(&id).await,
            "start" => documents.start_review(&id).await,
            _ => documents.stop_review(&id).await,
        };
        documents.accept(another.id()).await.unwrap();
        assert_eq!(*documents.get(&id).await.unwrap().status(), "archived");
        assert_eq!(desk.told(lost).await, word, "{operation}");
    }
    // It was archived long ago, so the vendor would just refuse the decision.
    desk.later();
    desk.sandbox.fault(Fault::drop_before_commit());
    assert_eq!(desk.told(documents.accept(one.id()).await).await, "not applied");
}

#[tokio::test]
async fn a_rejection_is_told_by_its_reason() {
    let desk = Desk::open().await;
    let id = desk.sandbox.seed().kyc_document("pending");
    for (fault, word) in
        [(Fault::drop_before_commit(), "not applied"), (Fault::drop_after_commit(), "applied")]
    {
        desk.sandbox.fault(fault);
        let lost = desk.rebilly.kyc_documents().reject(&id, RejectionReason::DocumentExpired).await;
        assert_eq!(desk.told(lost).await, word);
    }
    // Another reviewer's acceptance shows all the same.
    desk.later();
    desk.sandbox.fault(Fault::drop_before_commit());
    let lost = desk.rebilly.kyc_documents().reject(&id, RejectionReason::DocumentExpired).await;
    desk.rebilly.kyc_documents().accept(&id).await.unwrap();
    assert_eq!(desk.told(lost).await, "superseded");
}
