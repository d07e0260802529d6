//! What a user writes: the calls of the documentation, as they stand there, against the
//! sandbox, and against a server for what the sandbox does not have.

use std::time::Duration;

use kyc_review::beltic::Beltic;
use kyc_review::beltic::types::SessionStatus;
use kyc_review::persona::types::{Account, InquiryInclude, InquiryStatus, Verification};
use kyc_review::persona::{Persona, PersonaVersion};
use kyc_review::rebilly::types::RejectionReason;
use kyc_review::rebilly::{Filter, Rebilly};
use kyc_review::sandbox::{Fault, Sandbox};
use kyc_review::sumsub::{RejectionReasons, Sumsub};
use kyc_review::{CallOptions, Error, Method, Reconcile, Reconciled};

use crate::support::wire::{Act, Request, Wire, answer};

/// Compiles what returns a client from the environment, without running it.
#[allow(dead_code)]
async fn from_the_environment() -> Result<(), Error> {
    let persona = Persona::from_env()?;
    let inquiries = persona.inquiries();
    let inquiry =
        inquiries.approve("inq_ABC123").comment("Documents match").reconcile(true).await?;
    println!(
        "{} (request {:?}, {} attempt(s))",
        inquiry.status(),
        inquiry.request_id(),
        inquiry.attempts()
    );
    Ok(())
}

#[tokio::test]
async fn one_decision_at_each_vendor() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (persona, rebilly) = (sandbox.persona(), sandbox.rebilly());
    let (sumsub, provide, beltic) = (sandbox.sumsub(), sandbox.provide(), sandbox.beltic());
    let seed = sandbox.seed();

    let id = seed.inquiry(InquiryStatus::NeedsReview);
    let inquiry =
        persona.inquiries().approve(&id).comment("Documents match").reconcile(true).await?;
    assert_eq!((inquiry.status(), inquiry.attempts()), (&InquiryStatus::Approved, 1));
    assert!(inquiry.request_id().is_some());

    let id = seed.kyc_document("pending");
    let reject = rebilly.kyc_documents().reject(id, RejectionReason::DocumentUnreadable);
    assert_eq!(*reject.message("The photo is blurred").await?.status(), "rejected");

    assert!(sumsub.transactions().approve(seed.transaction()).await?.is_approved());
    let reasons = RejectionReasons::new().reason("fraud", "FORGERY");
    let applicant = sumsub.applicants().reject(seed.applicant("onHold"), reasons);
    assert!(applicant.note("see ticket").await?.is_rejected());

    let id = seed.kyc_application("review");
    assert_eq!(*provide.kyc_applications().accept(id).await?.status(), "accepted");

    let session = beltic.sessions().decline(seed.beltic_session("completed")).await?;
    assert!(session.status() == &SessionStatus::Declined && *session.status() == "declined");
    Ok(())
}

/// A server for what the sandbox does not have.
fn respond(request: &Request) -> Act {
    let (method, path) = request.line.split_once(' ').unwrap();
    let inquiry = |status: &str| {
        format!(r#"{{"type":"inquiry","id":"inq_1","attributes":{{"status":"{status}"}}}}"#)
    };
    let body = match (method, path.split(['?', ' ']).next().unwrap()) {
        ("GET", "/api/v1/inquiries") => format!(r#"{{"data":[{}]}}"#, inquiry("needs_review")),
        ("GET", "/api/v1/cases") => r#"{"data":[{"type":"case","id":"case_1"}]}"#.to_owned(),
        ("GET", path) if path.starts_with("/organizations/") => "[]".to_owned(),
        ("GET", _) => r#"{"items":[],"totalItems":0}"#.to_owned(),
        (_, path) if path.starts_with("/api/v1/inquiries") => {
            format!(r#"{{"data":{}}}"#, inquiry("approved"))
        }
        (_, path) if path.starts_with("/api/v1/cases") => {
            r#"{"data":{"type":"case","id":"case_1"}}"#.to_owned()
        }
        _ => r#"{"id":"a","ok":1}"#.to_owned(),
    };
    answer(200, &body)
}

struct World {
    wire: Wire,
    persona: Persona,
    rebilly: Rebilly,
    sumsub: Sumsub,
}

impl World {
    async fn start() -> Result<Self, Error> {
        let wire = Wire::start(respond).await;
        let rebilly = Rebilly::builder().organization_id("org").api_key("k").base_url(wire.url());
        let sumsub = Sumsub::builder().app_token("t").secret_key("s").base_url(wire.url());
        Ok(Self {
            persona: Persona::builder().api_key("k").base_url(wire.url()).build()?,
            rebilly: rebilly.build()?,
            sumsub: sumsub.build()?,
            wire,
        })
    }

    fn lines(&self) -> Vec<String> {
        let lines = self.wire.requests().into_iter().map(|request| request.line);
        lines.map(|line| line.trim_end_matches(" HTTP/1.1").to_owned()).collect()
    }
}

#[tokio::test]
async fn every_other_operation_is_called_in_the_same_way() -> Result<(), Error> {
    let world = World::start().await?;
    let World { persona, rebilly, sumsub, .. } = &world;
    let id = "a";
    let _ = rebilly.aml_checks().review(id).false_positive().await;
    let _ = sumsub.actions().approve(id).await;
    persona.cases().assign(id, "ada@example.com").await?;
    persona.inquiries().add_tag(id, "escalated").await?;
    let expected = [
        "POST /organizations/org/aml-checks/a/review",
        "POST /resources/api/applicantActions/a/-/approve",
        "POST /api/v1/cases/a/assign",
        "POST /api/v1/inquiries/a/add-tag",
    ];
    assert_eq!(world.lines(), expected);
    Ok(())
}

#[tokio::test]
async fn a_request_is_owned() -> Result<(), Error> {
    let world = World::start().await?;
    let request = world.persona.inquiries().approve("inq_1").comment("Documents match");
    let stored = [request.clone(), request];
    for request in stored {
        let inquiry = tokio::spawn(request.send()).await.unwrap()?;
        assert_eq!(*inquiry.status(), "approved");
    }
    assert_eq!(world.lines(), ["POST /api/v1/inquiries/inq_1/approve"; 2]);
    Ok(())
}

#[tokio::test]
async fn lists_are_streams_and_pages() -> Result<(), Error> {
    let world = World::start().await?;
    let World { persona, rebilly, sumsub, .. } = &world;
    let list = persona.inquiries().list().filter_status(InquiryStatus::NeedsReview);
    let mut waiting = list.page_size(100).items();
    let mut count = 0;
    while let Some(inquiry) = waiting.try_next().await? {
        persona.inquiries().approve(inquiry.id()).await?;
        count += 1;
    }
    assert_eq!(count, 1);
    let first_page = persona.cases().list().filter_status("Open").await?;
    assert_eq!((first_page.items.len(), first_page.next.as_deref()), (1, None));
    let mut pages = sumsub.actions().list("applicant").pages();
    assert_eq!(pages.try_next().await?.unwrap().items.len(), 0);
    let filter = Filter::status(["pending", "in-progress"]);
    let mut pending = rebilly.kyc_documents().list().filter(filter).items();
    assert!(pending.try_next().await?.is_none());
    Ok(())
}

#[tokio::test]
async fn options_belong_to_a_call_or_to_a_clone() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let (persona, id) = (sandbox.persona(), sandbox.seed().inquiry("needs_review"));
    let own = CallOptions::new().timeout(Duration::from_secs(5));
    let inquiry = persona
        .inquiries()
        .approve(&id)
        .include([InquiryInclude::Account, InquiryInclude::Sessions])
        .with(own.idempotency_key("review-2026-11-20-17"))
        .await?;
    assert_eq!(inquiry.idempotency_key(), Some("review-2026-11-20-17"));
    for account in inquiry.included::<Account>()? {
        assert!(!account.id.is_empty());
    }
    for verification in inquiry.included::<Verification>()? {
        println!("{} {} {:?}", verification.id(), verification.kind(), verification.status());
    }
    let patient = persona.with(CallOptions::new().timeout(Duration::from_secs(90)));
    let canary = patient.with_version(PersonaVersion::V2026_09_29);
    assert_eq!(canary.inquiries().get(&id).await?.id(), id.as_str());
    Ok(())
}

#[tokio::test]
async fn a_lost_response_is_read_back() -> Result<(), Error> {
    let sandbox = Sandbox::start().await?;
    let persona = sandbox.persona().with(CallOptions::new().retry(kyc_review::RetryPolicy::none()));
    let id = sandbox.seed().inquiry(InquiryStatus::NeedsReview);
    sandbox.fault(Fault::drop_after_commit());
    let told = match persona.inquiries().approve(&id).await {
        Ok(inquiry) => inquiry.status().to_string(),
        Err(e) if e.is_outcome_unknown() => match persona.reconcile(&e).await? {
            Reconciled::Applied(state) => state.status,
            Reconciled::AlreadyApplied(_) => "before".to_owned(),
            Reconciled::NotApplied(_) => "safe to send again".to_owned(),
            Reconciled::Superseded(_) => "otherwise".to_owned(),
            _ => "look for yourself".to_owned(),
        },
        Err(e) if e.is_rate_limited() => format!("{:?}", e.retry_after()),
        Err(e) => return Err(e),
    };
    assert_eq!((told.as_str(), sandbox.ledger().decisions(&id).len()), ("approved", 1));
    Ok(())
}

#[tokio::test]
async fn the_exact_bytes_and_what_no_spec_has() -> Result<(), Error> {
    let world = World::start().await?;
    let inquiry = world.persona.inquiries().approve("inq_1").await?;
    let exact: &[u8] = inquiry.raw();
    assert!(exact.starts_with(br#"{"data":{"type":"inquiry""#));
    let raw = world.persona.request(Method::GET, "/api/v1/brand-new-thing?a=b").send().await?;
    assert!(raw.starts_with(b"{"));
    assert_eq!(world.lines().pop().unwrap(), "GET /api/v1/brand-new-thing?a=b");
    Ok(())
}

/// The client of a vendor whose ids are UUIDs takes them as they are.
#[tokio::test]
async fn an_id_is_given_as_text_or_typed() -> Result<(), Error> {
    let wire = Wire::start(|_| Act::Close).await;
    let beltic = Beltic::builder().api_key("k").base_url(wire.url()).build()?;
    let text = "123e4567-e89b-12d3-a456-426614174000";
    let id: kyc_review::beltic::types::SessionId = text.parse().unwrap();
    let uuid = uuid::Uuid::parse_str(text).unwrap();
    let sessions = beltic.sessions();
    for request in [sessions.decline(text), sessions.decline(&id), sessions.decline(uuid)] {
        assert_eq!(request.await.unwrap_err().subject(), Some(text));
    }
    Ok(())
}
