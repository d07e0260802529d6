//! Rejects a Rebilly KYC document with a reason and a message.
//!
//! `cargo run --example rebilly_reject_document --features rebilly,sandbox` uses the
//! sandbox. If `REBILLY_API_KEY` and `REBILLY_ORGANIZATION_ID` are set in the
//! environment, it uses Rebilly, and takes the document's id as argument.

mod support;

use kyc_review::rebilly::Rebilly;
use kyc_review::rebilly::types::{KycDocumentStatus, RejectionReason};
use kyc_review::sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let (rebilly, id) = if support::is_live("REBILLY_API_KEY") {
        (Rebilly::from_env()?, support::subject()?)
    } else {
        (sandbox.rebilly(), sandbox.seed().kyc_document(KycDocumentStatus::Pending).to_string())
    };
    let documents = rebilly.kyc_documents();

    let before = documents.get(&id).await?;
    println!("before: {} of type {}", before.status(), before.document_type());

    let document = documents
        .reject(&id, RejectionReason::DocumentUnreadable)
        .message("The photo is blurred")
        .await?;
    println!("after:  {} (attempts: {})", document.status(), document.attempts());

    let reason = document.rejection().and_then(|rejection| rejection.type_.as_ref());
    println!("reason: {}", reason.map_or("none", |reason| reason.as_str()));

    let is_rejected = document.status() == &KycDocumentStatus::Rejected;
    if is_rejected && reason == Some(&RejectionReason::DocumentUnreadable) {
        Ok(())
    } else {
        Err("the document is not rejected for this reason".into())
    }
}
