//! Accepts a Rebilly KYC document.
//!
//! `cargo run --example rebilly_accept_document --features rebilly,sandbox` uses the
//! sandbox, with a document that the machine has rejected. If `REBILLY_API_KEY` and
//! `REBILLY_ORGANIZATION_ID` are set in the environment, it uses Rebilly, and takes the
//! document's id as argument.

mod support;

use kyc_review::rebilly::Rebilly;
use kyc_review::rebilly::types::KycDocumentStatus;
use kyc_review::sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let (rebilly, id) = if support::is_live("REBILLY_API_KEY") {
        (Rebilly::from_env()?, support::subject()?)
    } else {
        (sandbox.rebilly(), sandbox.seed().kyc_document(KycDocumentStatus::Rejected).to_string())
    };
    let documents = rebilly.kyc_documents();

    let before = documents.get(&id).await?;
    let score = before.match_score().map_or("no score".to_owned(), |score| score.to_string());
    println!("before: {} ({score}), {:?}", before.status(), before.review_phase());

    let document = documents.accept(&id).await?;
    println!(
        "after:  {}, {:?} (attempts: {})",
        document.status(),
        document.review_phase(),
        document.attempts()
    );

    if document.status() == &KycDocumentStatus::Accepted {
        Ok(())
    } else {
        Err("the document is not accepted".into())
    }
}
