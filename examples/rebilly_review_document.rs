//! Claims a Rebilly KYC document and acknowledges it as reviewed, then claims another one
//! and releases it.
//!
//! `cargo run --example rebilly_review_document --features rebilly,sandbox` uses the
//! sandbox. If `REBILLY_API_KEY` and `REBILLY_ORGANIZATION_ID` are set in the
//! environment, it uses Rebilly, and takes the ids of the two documents as arguments.

mod support;

use kyc_review::rebilly::types::KycDocumentStatus;
use kyc_review::rebilly::{Rebilly, ReviewPhase};
use kyc_review::sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let (rebilly, reviewed, released) = if support::is_live("REBILLY_API_KEY") {
        let second = std::env::args()
            .nth(2)
            .ok_or("missing second argument: must be the id of the document to release")?;
        (Rebilly::from_env()?, support::subject()?, second)
    } else {
        let seed = sandbox.seed();
        let first = seed.kyc_document(KycDocumentStatus::Accepted).to_string();
        (sandbox.rebilly(), first, seed.kyc_document(KycDocumentStatus::Pending).to_string())
    };
    let documents = rebilly.kyc_documents();

    let claimed = documents.start_review(&reviewed).await?;
    println!("first:  {:?} since {:?}", claimed.review_phase(), claimed.review_start_time());
    let first = documents.review(&reviewed).await?;
    println!("first:  {:?}, still {}", first.review_phase(), first.status());

    let claimed = documents.start_review(&released).await?;
    println!("second: {:?}", claimed.review_phase());
    let second = documents.stop_review(&released).await?;
    println!("second: {:?}", second.review_phase());

    if first.review_phase() == ReviewPhase::Reviewed && second.review_start_time().is_none() {
        Ok(())
    } else {
        Err("the first document is not reviewed, or the second not released".into())
    }
}
