//! Approves and rejects Sumsub transactions.
//!
//! `cargo run --example sumsub_review_transaction --features sumsub,sandbox` approves one
//! and rejects another in the sandbox. If `SUMSUB_APP_TOKEN` and `SUMSUB_SECRET_KEY` are
//! set in the environment, it uses Sumsub, and takes the transaction's id and `approve`
//! or `reject` as arguments.

#![allow(clippy::print_stdout)]

mod support;

use kyc_review::sandbox::Sandbox;
use kyc_review::sumsub::Sumsub;
use kyc_review::sumsub::types::RejectLabel;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    if support::is_live("SUMSUB_APP_TOKEN") {
        let (sumsub, id) = (Sumsub::from_env()?, support::subject()?);
        return match std::env::args().nth(2).as_deref() {
            Some("approve") => approve(&sumsub, &id).await,
            Some("reject") => reject(&sumsub, &id).await,
            _ => Err("invalid second argument: must be `approve` or `reject`".into()),
        };
    }
    let sandbox = Sandbox::start().await?;
    let sumsub = sandbox.sumsub();
    approve(&sumsub, sandbox.seed().transaction().as_str()).await?;
    reject(&sumsub, sandbox.seed().transaction().as_str()).await
}

async fn approve(sumsub: &Sumsub, id: &str) -> Result<(), Failure> {
    let before = sumsub.transactions().get(id).await?;
    let after = sumsub.transactions().approve(id).await?;
    println!(
        "approve: {} -> {} ({:?})",
        before.review_status(),
        after.review_status(),
        after.outcome()
    );
    if after.is_approved() { Ok(()) } else { Err("the transaction is not approved".into()) }
}

async fn reject(sumsub: &Sumsub, id: &str) -> Result<(), Failure> {
    let before = sumsub.transactions().get(id).await?;
    let request = sumsub.transactions().reject(id).reject_labels([RejectLabel::FraudulentPatterns]);
    let after = request.client_comment("Amounts just below the limit, five times in a row").await?;
    println!(
        "reject:  {} -> {} ({:?})",
        before.review_status(),
        after.review_status(),
        after.outcome()
    );
    if after.is_rejected() { Ok(()) } else { Err("the transaction is not rejected".into()) }
}
