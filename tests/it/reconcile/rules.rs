//! Rules common to all vendors, shown on one of them.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use kyc_review::beltic::Beltic;
use kyc_review::beltic::types::SessionId;
use kyc_review::sandbox::{Fault, ManualClock, Sandbox};
use kyc_review::{CallOptions, Error, ErrorKind, Method, OperationClass, Reconcile, RetryPolicy};

use super::{ATTEMPT, told, under_way};

async fn world() -> (Arc<ManualClock>, Sandbox, Beltic, SessionId) {
    let clock = Arc::new(ManualClock::new());
    let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
    let (beltic, id) = (sandbox.beltic(), sandbox.seed().beltic_session("completed"));
    (clock, sandbox, beltic, id)
}

/// A fault without effect, which passes one request before the next fault.
fn no_fault() -> Fault {
    Fault::slow(Duration::ZERO)
}

#[tokio::test]
async fn an_error_of_another_vendor_is_refused() {
    async fn refuses(client: &impl Reconcile, errors: &[Error], own: usize) {
        for (index, error) in errors.iter().enumerate() {
            let reconciled = client.reconcile(error).await;
            if index == own {
                assert!(reconciled.is_ok());
            } else {
                assert_eq!(reconciled.unwrap_err().kind(), ErrorKind::InvalidArgument);
            }
        }
    }
    let sandbox = Sandbox::start_with(Arc::new(ManualClock::new())).await.unwrap();
    let (seed, lose) = (sandbox.seed(), || sandbox.fault(Fault::drop_after_commit()));
    let once = CallOptions::new().retry(RetryPolicy::none());
    let (beltic, persona, provide) =
        (sandbox.beltic(), sandbox.persona().with(once), sandbox.provide());
    let (rebilly, sumsub) = (sandbox.rebilly(), sandbox.sumsub());
    let mut errors = Vec::new();
    lose();
    errors.push(beltic.sessions().decline(seed.beltic_session("completed")).await.unwrap_err());
    lose();
    errors.push(persona.inquiries().decline(seed.inquiry("completed")).await.unwrap_err());
    lose();
    errors
        .push(provide.kyc_applications().accept(seed.kyc_application("review")).await.unwrap_err());
    lose();
    errors.push(rebilly.kyc_documents().accept(seed.kyc_document("pending")).await.unwrap_err());
    lose();
    errors.push(sumsub.transactions().approve(seed.transaction()).await.unwrap_err());
    assert!(errors.iter().all(Error::is_outcome_unknown));
    let before = sandbox.requests();
    refuses(&beltic, &errors, 0).await;
    refuses(&persona, &errors, 1).await;
    refuses(&provide, &errors, 2).await;
    refuses(&rebilly, &errors, 3).await;
    refuses(&sumsub, &errors, 4).await;
    // Each refusal comes before anything is sent.
    assert_eq!(sandbox.requests(), before + 5);
}

#[tokio::test]
async fn only_a_decision_that_was_begun_can_be_reconciled() {
    let (_, sandbox, beltic, id) = world().await;
    let unknown = beltic.sessions().get("no-such-session").await.unwrap_err();
    let never_begun = beltic.sessions().decline("../x").await.unwrap_err();
    let unset = Beltic::builder().build().unwrap_err();
    let requests = sandbox.requests();
    for error in [unknown, never_begun, unset] {
        let refused = beltic.reconcile(&error).await.unwrap_err();
        assert_eq!(
            (refused.kind(), sandbox.requests()),
            (ErrorKind::InvalidArgument, requests),
            "{error}"
        );
    }
    // A raw decision was attempted, but its subject is unknown.
    sandbox.fault(Fault::drop_after_commit());
    let path = format!("/v1/identity/sessions/{id}/decline");
    let raw = beltic.request(Method::POST, &path).send().await.unwrap_err();
    assert_eq!((raw.class(), raw.subject()), (Some(OperationClass::Decision), None));
    assert_eq!(told(&beltic.reconcile(&raw).await.unwrap()).0, "inconclusive");
    // A refusal is a known outcome, and can be reconciled all the same.
    let refused = beltic.sessions().decline(&id).await.unwrap_err();
    assert!(refused.is_conflict());
    assert_eq!(told(&beltic.reconcile(&refused).await.unwrap()).0, "applied");
}

#[tokio::test]
async fn a_reading_that_fails_is_told_as_it_failed() {
    let (_, sandbox, beltic, id) = world().await;
    sandbox.fault(Fault::drop_after_commit());
    let lost = beltic.sessions().decline(&id).await.unwrap_err();
    sandbox.fault(Fault::status(403));
    let error = beltic.reconcile(&lost).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Permission, Some("get_session")));
    assert_eq!(told(&beltic.reconcile(&lost).await.unwrap()).0, "applied");
}

#[tokio::test]
async fn a_decision_that_lands_between_the_two_readings_is_seen() {
    let (clock, sandbox, beltic, id) = world().await;
    sandbox.fault(Fault::drop_before_commit());
    let lost = beltic.sessions().decline(&id).await.unwrap_err();
    sandbox.fault(no_fault());
    sandbox.fault(Fault::hang());
    let client = beltic.clone();
    let mut reading = tokio::spawn(async move { client.reconcile(&lost).await });
    under_way(&sandbox, 3, &mut reading).await;
    // The request that the vendor was still processing takes effect now.
    beltic.sessions().decline(&id).await.unwrap();
    clock.advance(ATTEMPT);
    assert_eq!(told(&reading.await.unwrap().unwrap()).0, "applied");
}

#[tokio::test]
async fn a_decision_stays_unknown_where_reading_it_back_fails() {
    {
        let (_, sandbox, beltic, id) = world().await;
        sandbox.fault(Fault::drop_after_commit());
        (0..3).for_each(|_| sandbox.fault(Fault::status(503)));
        let error = beltic.sessions().decline(&id).reconcile(true).await.unwrap_err();
        // A read may be retried on a 503; the decision may not.
        assert!(error.is_outcome_unknown() && !error.is_retryable(), "{error}");
        assert_eq!(
            (error.operation(), error.subject()),
            (Some("decline_session"), Some(id.as_str()))
        );
        let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!((cause.kind(), cause.operation()), (ErrorKind::Server, Some("get_session")));
        assert_eq!(sandbox.ledger().all().len(), 1);
    }
}

#[tokio::test]
async fn a_decision_is_sent_again_once() {
    let (_, sandbox, beltic, id) = world().await;
    for fault in [Fault::drop_before_commit(), no_fault(), no_fault(), Fault::drop_before_commit()]
    {
        sandbox.fault(fault);
    }
    let error = beltic.sessions().decline(&id).reconcile(true).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    // Twice: one attempt and two reads.
    assert_eq!((sandbox.requests(), sandbox.ledger().all().len()), (6, 0));
}

#[tokio::test]
async fn what_the_vendor_refuses_is_not_asked_again() {
    let (_, sandbox, beltic, id) = world().await;
    sandbox.fault(Fault::status(409));
    assert!(beltic.sessions().decline(&id).reconcile(true).await.unwrap_err().is_conflict());
    assert_eq!(sandbox.requests(), 1);
    // The same for the second attempt.
    for fault in [Fault::drop_before_commit(), no_fault(), no_fault(), Fault::status(429)] {
        sandbox.fault(fault);
    }
    let once = beltic.with(CallOptions::new().retry(RetryPolicy::none()));
    let error = once.sessions().decline(&id).reconcile(true).await.unwrap_err();
    // A refusal of the second attempt proves nothing about the first.
    assert!(error.is_outcome_unknown() && error.status().is_some_and(|status| status == 429));
    assert_eq!((sandbox.requests(), sandbox.ledger().all().len()), (5, 0));
}

#[tokio::test]
async fn without_the_option_nothing_is_read() {
    let (_, sandbox, beltic, id) = world().await;
    sandbox.fault(Fault::drop_before_commit());
    assert!(
        beltic
            .sessions()
            .decline(&id)
            .reconcile(true)
            .reconcile(false)
            .await
            .unwrap_err()
            .is_outcome_unknown()
    );
    assert_eq!(sandbox.requests(), 1);
}
