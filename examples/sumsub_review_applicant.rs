//! Approves, rejects and resets Sumsub applicants.
//!
//! `cargo run --example sumsub_review_applicant --features sumsub,sandbox` does all three
//! in the sandbox. If `SUMSUB_APP_TOKEN` and `SUMSUB_SECRET_KEY` are set in the
//! environment, it uses Sumsub, and takes the applicant's id and `approve`, `reject` or
//! `reset` as arguments.

#![allow(clippy::print_stdout)]

mod support;

use kyc_review::sandbox::Sandbox;
use kyc_review::sumsub::types::ReviewStatus;
use kyc_review::sumsub::{RejectionReasons, Sumsub};

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    if support::is_live("SUMSUB_APP_TOKEN") {
        let (sumsub, id) = (Sumsub::from_env()?, support::subject()?);
        return match std::env::args().nth(2).as_deref() {
            Some("approve") => approve(&sumsub, &id).await,
            Some("reject") => reject(&sumsub, &id).await,
            Some("reset") => reset(&sumsub, &id).await,
            _ => Err("invalid second argument: must be `approve`, `reject` or `reset`".into()),
        };
    }
    let sandbox = Sandbox::start().await?;
    let (sumsub, seed) = (sandbox.sumsub(), sandbox.seed());
    approve(&sumsub, seed.applicant(ReviewStatus::OnHold).as_str()).await?;
    reject(&sumsub, seed.applicant(ReviewStatus::OnHold).as_str()).await?;
    reset(&sumsub, seed.applicant(ReviewStatus::Completed).as_str()).await
}

async fn approve(sumsub: &Sumsub, id: &str) -> Result<(), Failure> {
    let applicant =
        sumsub.applicants().approve(id).note("Documents were seen in the branch").await?;
    println!("approve: {} ({:?})", applicant.review_status(), applicant.outcome());
    if applicant.is_approved() { Ok(()) } else { Err("the applicant is not approved".into()) }
}

async fn reject(sumsub: &Sumsub, id: &str) -> Result<(), Failure> {
    let reasons = RejectionReasons::new().reason("fraud", "documentForgery");
    let applicant = sumsub.applicants().reject(id, reasons).note("The photo was replaced").await?;
    println!("reject:  {} ({:?})", applicant.review_status(), applicant.outcome());
    if applicant.is_rejected() { Ok(()) } else { Err("the applicant is not rejected".into()) }
}

async fn reset(sumsub: &Sumsub, id: &str) -> Result<(), Failure> {
    sumsub.applicants().reset(id).await?;
    // The response says only that the reset was done, so read the review back.
    let review = sumsub.applicants().status(id).await?;
    println!("reset:   {} ({:?})", review.status(), review.outcome());
    if *review.status() == ReviewStatus::Init {
        Ok(())
    } else {
        Err("the applicant is not reset".into())
    }
}
